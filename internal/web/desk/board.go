package desk

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/access"
	"pishkhan/internal/board"
	"pishkhan/internal/catalog"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/iran"
	"pishkhan/internal/web"
	view "pishkhan/views/desk"
)

// doomedShown is how many orders of the forecast the board itself lists.
const doomedShown = 10

// board is the supervisors' page. A fragment is the part that tells of now.
func (d *desk) board(v visit) error {
	page, err := d.boardNow(v)
	if err != nil {
		return err
	}
	if web.IsFragment(v.Ctx) {
		return web.Render(v.Ctx, fiber.StatusOK, view.BoardNow(page))
	}
	return d.showBoard(v, fiber.StatusOK, page)
}

func (d *desk) boardNow(v visit) (page view.BoardPage, err error) {
	if page.Overview, err = d.house.Board.Overview(v.ctx()); err != nil {
		return page, err
	}
	if len(page.Overview.Forecast.Late) > 0 {
		first, err := d.house.Board.Foreseen(v.ctx(), page.Overview, doomedShown)
		if err != nil {
			return page, err
		}
		page.Doomed, err = d.boardRows(v, first)
		if err != nil {
			return page, err
		}
	}
	return page, nil
}

// showBoard adds the rest of the page.
func (d *desk) showBoard(v visit, status int, page view.BoardPage) error {
	var err error
	page.Chrome = d.chrome(v, v.words("board.title"))
	page.Chrome.Live = d.lineTo(v, "board=1")
	page.Chrome.Failed = len(page.Wrong) > 0
	if v.Method() != fiber.MethodGet {
		page.Chrome.Path = view.BoardPath
	}
	page.MaySet = d.house.Policy.Allows(v.actor, access.SetTarget)
	if page.Lang, page.Wants, err = d.house.Reports.Wanted(v.ctx(), v.actor.ID); err != nil {
		return err
	}
	if page.Report, err = d.boardReport(v); err != nil {
		return err
	}
	if len(page.Report.Wrong) > 0 {
		status, page.Chrome.Failed = fiber.StatusUnprocessableEntity, true
	}
	return web.Render(v.Ctx, status, view.Board(page))
}

func (d *desk) boardReport(v visit) (r view.BoardReport, err error) {
	days, chosen, typed, wrong := chosenRange(v, d.house.Clock.Now())
	r = view.BoardReport{Chosen: chosen, Typed: typed, Wrong: wrong, Services: map[int64]string{}}
	if r.Report, err = d.house.Board.Report(v.ctx(), days); err != nil {
		return r, err
	}
	for _, s := range r.Report.Services {
		if r.Services[s.ServiceID], err = d.serviceName(v, s.VersionID); err != nil {
			return r, err
		}
	}
	return r, nil
}

func (d *desk) serviceName(v visit, version int64) (string, error) {
	service, err := d.house.Catalog.Version(v.ctx(), d.house.Pool, catalog.VersionID(version))
	return service.Definition.Title.In(v.lang()), err
}

// boardRows are rows of one of the board's lists; nobody claims from there.
func (d *desk) boardRows(v visit, list board.Behind) ([]view.BoardRow, error) {
	rows := make([]view.BoardRow, len(list.Rows))
	for i, row := range list.Rows {
		name, err := d.serviceName(v, row.ServiceVersionID)
		if err != nil {
			return nil, err
		}
		rows[i] = view.BoardRow{Row: view.Row{Row: row, Service: name, Me: v.actor.ID}, Finish: list.Finish[row.ID]}
	}
	return rows, nil
}

// setTarget sets how many orders a day should be completed.
func (d *desk) setTarget(v visit) error {
	typed := v.FormValue("target")
	n, err := strconv.Atoi(iran.Digits(typed))
	if err != nil {
		n = 0 // SetTarget says what a target is
	}
	err = d.house.Reports.SetTarget(v.ctx(), v.actor, n)
	if f := fault.Of(err); f != nil && f.Kind == fault.Invalid {
		page, err := d.boardNow(v)
		if err != nil {
			return err
		}
		page.Typed, page.Wrong = map[string]string{"target": typed}, f.Fields
		return d.showBoard(v, fiber.StatusUnprocessableEntity, page)
	}
	if err != nil {
		return err
	}
	return web.Redirect(v.Ctx, view.BoardPath)
}

// wantSummary begins or ends the daily summary for who asks.
func (d *desk) wantSummary(v visit) error {
	var err error
	if lang := v.FormValue("lang"); lang == "" {
		err = d.house.Reports.Unwant(v.ctx(), v.actor)
	} else {
		err = d.house.Reports.Want(v.ctx(), v.actor, i18n.Lang(lang))
	}
	if err != nil {
		return err
	}
	return web.Redirect(v.Ctx, view.BoardPath)
}
