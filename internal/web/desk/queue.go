package desk

import (
	"context"
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/access"
	"pishkhan/internal/board"
	"pishkhan/internal/catalog"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/money"
	"pishkhan/internal/orders"
	"pishkhan/internal/web"
	view "pishkhan/views/desk"
)

func (d *desk) queue(v visit) error { return d.showQueue(v, fiber.StatusOK, "") }

// next claims the order that is due first and opens it.
func (d *desk) next(v visit) error {
	o, err := d.house.Queue.Next(v.ctx(), v.actor)
	if f := fault.Of(err); f != nil && f.Kind == fault.NotFound {
		return d.showQueue(v, fiber.StatusNotFound, v.said(f))
	}
	if err != nil {
		return err
	}
	return web.Redirect(v.Ctx, orderPath(o.Code))
}

func (d *desk) showQueue(v visit, status int, notice string) error {
	query := readQuery(v)
	line := d.lineTo(v, "list=1&"+query.Encode()) // before the rows are read
	filter, err := d.filter(v, query)
	if err != nil {
		return err
	}
	after := parseAfter(filter, v.Query("after"))
	list, err := d.house.Board.Queue(v.ctx(), filter, after)
	if err != nil {
		return err
	}
	page := view.QueuePage{
		Chrome: d.chrome(v, v.words("desk.queue.title")), Query: query, Me: v.actor.ID,
		MayTake: d.house.Policy.Allows(v.actor, access.ClaimOrder), Notice: notice, Read: d.house.Clock.Now(),
	}
	page.Chrome.Live = line
	if page.Rows, err = d.rows(v, list.Rows); err != nil {
		return err
	}
	if after.ID != 0 {
		page.First = query.Path()
	}
	if list.Next != nil {
		page.Next = query.Path() + "&after=" + afterCursor(filter, *list.Next)
	}
	if err := d.around(v, &page); err != nil {
		return err
	}
	return web.Render(v.Ctx, status, view.Queue(page))
}

// around reads what stands around the rows of the queue.
func (d *desk) around(v visit, page *view.QueuePage) (err error) {
	if page.Warnings, err = d.warnings(v); err != nil {
		return err
	}
	if page.Counts, err = d.house.Board.Counts(v.ctx(), v.actor.ID); err != nil {
		return err
	}
	reader, err := d.reader(v)
	if err != nil {
		return err
	}
	page.Look = reader.Look
	if reader.HasViews {
		if page.Saved, err = d.house.Staff.QueueViews(v.ctx(), v.actor.ID); err != nil {
			return err
		}
	}
	if page.Query.Narrow() || v.Query("filters") != "" {
		if page.Filters, err = d.choices(v); err != nil {
			return err
		}
	}
	if len(page.Rows) == 0 {
		page.Opens, page.IsOpen, _, err = d.house.Board.Opening(v.ctx())
	}
	return err
}

// rows adds to the board's rows what the reader sees of them.
func (d *desk) rows(v visit, list []board.Row) ([]view.Row, error) {
	mayTake := d.house.Policy.Allows(v.actor, access.ClaimOrder)
	rows := make([]view.Row, len(list))
	for i, row := range list {
		var err error
		if rows[i], err = d.shown(v.ctx(), row, v.actor.ID, mayTake); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

func (d *desk) shown(ctx context.Context, row board.Row, me int64, mayTake bool) (view.Row, error) {
	service, err := d.house.Catalog.Version(ctx, d.house.Pool, catalog.VersionID(row.ServiceVersionID))
	if err != nil {
		return view.Row{}, err
	}
	shown := view.Row{Row: row, Service: service.Definition.Title.In(i18n.LangOf(ctx)), Me: me, MayTake: mayTake}
	if row.Tier != "" {
		shown.TierName, err = d.tierName(ctx, row.Tier)
	}
	return shown, err
}

// background is the context of work that many readers share.
func background() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), 10*time.Second)
}

// afterCursor names the last row of a page by what its list is sorted by.
func afterCursor(f board.Filter, a board.After) string {
	if f.Sort == board.ByAmount {
		return cursor(time.UnixMicro(int64(a.Amount)), int64(a.ID))
	}
	return cursor(a.At, int64(a.ID))
}

func parseAfter(f board.Filter, text string) board.After {
	at, id := parseCursor(text)
	after := board.After{At: at, ID: orders.ID(id)}
	if f.Sort == board.ByAmount {
		after.Amount = money.Rials(at.UnixMicro())
	}
	return after
}

func orderPath(code string) string { return "/desk/orders/" + url.PathEscape(code) }
