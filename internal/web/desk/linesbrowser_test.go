package desk_test

import (
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"pishkhan/internal/testworld"
	"pishkhan/internal/web"
	"pishkhan/internal/web/desk"
)

// another opens a further tab in the browser of d, in the same window and for
// the same member, behind which d is out of sight.
func (d *tab) another(path string) *tab {
	d.t.Helper()
	ctx, closeTab := chromedp.NewContext(d.ctx, chromedp.WithNewWindow(false))
	other := &tab{t: d.t, ctx: ctx, base: d.base}
	other.watch(closeTab)
	other.run(chromedp.Navigate(d.base + path))
	other.until(hasLine)
	return other
}

// front brings a tab into sight.
func (d *tab) front() {
	d.t.Helper()
	_, err := chromedp.Call(d.ctx, page.BringToFront, cdp.Empty{})
	testworld.Must(d.t, err)
	d.until(`!document.hidden`)
}

// hasLine is whether the page holds its line to the server.
const hasLine = `Boolean(document.querySelector("[data-live]")?._htmx?.sse)`

// Over HTTP/1.1 a browser opens six connections to a host: with eight tabs each
// of them works still, since two at most hold a line, and whichever comes into
// sight shows what was done meanwhile.
func TestEightTabsOfOneBrowser(t *testing.T) {
	w := testworld.New(t)
	o, free := w.Claimed(t), w.Paid(t)
	colleague := testworld.Reopen(t, w.DatabaseURL(), w.Dir, w.Clock.Now())
	first := open(t, w)
	tabs := []*tab{first}
	for i := range 7 {
		path := "/desk?view=open"
		if i%2 == 0 {
			path = "/desk/orders/" + o.Code
		}
		tabs = append(tabs, tabs[i].another(path))
	}
	for _, d := range tabs[:6] {
		d.until(`document.hidden && !(` + hasLine + `)`)
	}
	_, err := colleague.House.Queue.Claim(t.Context(), w.Operator2, free.Code)
	testworld.Must(t, err)
	testworld.Must(t, colleague.House.Notes.Add(t.Context(), w.Operator2, o.Code, "done meanwhile"))
	current := map[bool]string{
		true:  `document.getElementById("note-list").textContent.includes("done meanwhile")`,
		false: `document.querySelector("#row-` + free.Code + ` .col-owner")?.textContent.includes("` + w.Operator2.Name + `")`,
	}
	shows := func(d *tab) string {
		return current[d.ask(`String(Boolean(document.getElementById("note-list")))`) == "true"]
	}
	tabs[7].until(shows(tabs[7])) // in sight all the time
	for i, d := range tabs[1:] {  // the first one's list is of free orders
		d.front()
		d.until(shows(d) + ` && ` + hasLine)
		if i%3 == 0 {
			d.run(chromedp.Reload())
			d.until(`document.readyState === "complete" && ` + hasLine)
		}
	}
	lines := 0
	for _, d := range tabs {
		if d.ask(`String(`+hasLine+`)`) == "true" {
			lines++
		}
	}
	if lines > 2 {
		t.Errorf("%d of eight tabs hold a line", lines)
	}
}

// Who looks at an order is seen there while they are at the destination's page
// beside it, but not when they have been away for long.
func TestWhoIsAwayForLongIsNotSeen(t *testing.T) {
	w := testworld.New(t)
	o := w.Claimed(t)
	d := open(t, w)
	d.visit("/desk/orders/" + o.Code)
	d.until(hasLine)
	d.ask(`window.stays = "yes"`)
	colleague := d.beside(t, w, w.Supervisor)
	colleague.visit("/desk/orders/" + o.Code)
	seen := `document.querySelector("[data-lookers]").textContent.includes("` + w.Operator.Name + `")`
	colleague.until(seen)

	destination, closeTab := chromedp.NewContext(d.ctx, chromedp.WithNewWindow(false))
	defer closeTab()
	testworld.Must(t, chromedp.Do(destination, chromedp.Navigate("about:blank")))
	d.until(`document.hidden`)
	d.holds("the line behind another page", hasLine)
	colleague.holds("seen", seen)
	d.ask(`window.realNow = Date.now; Date.now = () => window.realNow() + 301e3; ""`)
	d.until(`!(` + hasLine + `)`)
	colleague.until(`document.querySelector("[data-lookers]").hidden`)

	testworld.Must(t, w.House.Notes.Add(t.Context(), w.Supervisor, o.Code, "while they were away"))
	d.front()
	d.until(`document.getElementById("note-list").textContent.includes("while they were away")`)
	colleague.until(seen)
	d.holds("the page", `window.stays === "yes"`)
}

// The page of a session that has opened too many lines since says that it no
// longer updates itself, and does so again when it is asked to, keeping what
// was typed.
func TestADisplacedPage(t *testing.T) {
	w := testworld.New(t)
	o := w.Claimed(t)
	d := open(t, w)
	d.visit("/desk/orders/" + o.Code)
	d.until(hasLine)
	d.holds("the words", `document.querySelector("[data-displaced]").hidden`)
	d.run(chromedp.SendKeys("#f-order_note", "half a note"))
	cookies, err := chromedp.Call(d.ctx, network.GetCookies, network.GetCookiesParams{})
	testworld.Must(t, err)
	session := ""
	for _, c := range cookies.Cookies {
		if c.Name == web.DeskCookie {
			session = c.Value
		}
	}
	for range desk.LinesMost {
		listen(t, w, d.base, "list=1", session, "").hears("beat")
	}
	d.until(`document.querySelector("[data-displaced]").getClientRects().length && !(` + hasLine + `)`)
	testworld.Must(t, w.House.Notes.Add(t.Context(), w.Supervisor, o.Code, "not told of"))
	d.run(chromedp.Click("[data-take-up]"))
	d.until(hasLine + ` && document.querySelector("[data-displaced]").hidden && document.getElementById("note-list").textContent.includes("not told of")`)
	d.holds("what was typed", `document.getElementById("f-order_note").value === "half a note"`)
	d.holds("the focus", `document.activeElement !== document.body`)
}
