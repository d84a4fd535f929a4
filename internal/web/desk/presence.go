package desk

import (
	"strconv"

	"pishkhan/internal/access"
	"pishkhan/internal/board"
	"pishkhan/internal/catalog"
	"pishkhan/internal/fault"
	"pishkhan/internal/queue"
	"pishkhan/internal/web"
	view "pishkhan/views/desk"
	"pishkhan/views/parts"
)

// addPresence adds whether the reader takes orders, and what happened to
// theirs.
func (d *desk) addPresence(v visit, reader board.Reader, c *parts.Chrome) (err error) {
	if !d.house.Policy.Allows(v.actor, access.SetPresence) {
		return nil
	}
	c.Presence = string(reader.Presence)
	if reader.HasNews {
		c.News, err = d.news(v)
	}
	return err
}

func (d *desk) news(v visit) ([]parts.News, error) {
	notices, warnings, err := d.house.Queue.News(v.ctx(), v.actor)
	if err != nil {
		return nil, err
	}
	var news []parts.News
	for _, w := range warnings {
		news = append(news, parts.News{Text: v.words("presence.news.warning", "code", w.Code, "at", w.ReturnsAt), Href: orderPath(w.Code)})
	}
	for _, n := range notices {
		words := v.words("presence.news."+string(n.Kind), "code", n.Code, "by", n.By, "at", n.At)
		if n.Reason != "" {
			words += " " + v.words("presence.news.reason", "reason", n.Reason)
		}
		news = append(news, parts.News{ID: n.ID, Text: words, Href: orderPath(n.Code)})
	}
	return news, nil
}

// setPresence says whether the reader takes orders. Who goes away with orders
// in hand is asked about them.
func (d *desk) setPresence(v visit) error {
	to, _ := strconv.ParseInt(v.FormValue("to"), 10, 64) // what is no number is nobody
	err := d.house.Queue.SetPresence(v.ctx(), v.actor, queue.Presence(v.FormValue("presence")), queue.ClaimsGo{
		Do: queue.ClaimsDo(v.FormValue("claims")), To: to, Reason: v.FormValue("reason"),
	})
	if f := fault.Of(err); f != nil && (f.Kind == fault.Conflict || f.Kind == fault.Invalid) {
		return d.askAway(v, f)
	}
	if err != nil {
		return err
	}
	return web.Redirect(v.Ctx, web.Back(v.FormValue("back"), parts.DeskHome))
}

// askAway asks what becomes of the orders of a reader who goes away.
func (d *desk) askAway(v visit, f *fault.Fault) error {
	page := view.AwayPage{
		Chrome: d.chrome(v, v.words("presence.away_title")), Back: web.Back(v.FormValue("back"), parts.DeskHome),
		Names: map[string]string{}, Do: v.FormValue("claims"), To: v.FormValue("to"), Reason: v.FormValue("reason"), Wrong: f.Fields,
	}
	if len(f.Fields) == 0 && f.Key != "queue.error.claims_open" {
		page.Refusal = v.said(f)
	}
	page.Chrome.Failed = page.Refusal != "" || len(page.Wrong) > 0
	var err error
	if page.Claims, err = d.house.Queue.OpenClaims(v.ctx(), v.actor.ID); err != nil {
		return err
	}
	for _, c := range page.Claims {
		service, err := d.house.Catalog.Version(v.ctx(), d.house.Pool, catalog.VersionID(c.ServiceVersionID))
		if err != nil {
			return err
		}
		page.Names[c.Code] = service.Definition.Title.In(v.lang())
	}
	people, err := d.house.Queue.People(v.ctx())
	if err != nil {
		return err
	}
	for _, p := range people {
		if p.Works && p.Presence == queue.Here && p.ID != v.actor.ID && p.Open+len(page.Claims) <= p.Cap {
			page.Able = append(page.Able, p)
		}
	}
	return web.Render(v.Ctx, f.Kind.Status(), view.Away(page))
}

// readNotice notes that the reader knows.
func (d *desk) readNotice(v visit) error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	if err := d.house.Queue.Acknowledge(v.ctx(), v.actor, id); err != nil {
		return err
	}
	return web.Redirect(v.Ctx, web.Back(v.FormValue("back"), parts.DeskHome))
}
