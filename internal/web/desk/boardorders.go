package desk

import (
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/board"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
	"pishkhan/internal/web"
	view "pishkhan/views/desk"
)

// boardOrders lists the orders behind a figure of the board.
func (d *desk) boardOrders(v visit) error {
	figure, err := d.figure(v)
	if err != nil {
		return err
	}
	after, id := parseCursor(v.Query("page"))
	list, err := d.house.Board.Behind(v.ctx(), figure, board.Mark{At: after, ID: id}, board.PageSize)
	if err != nil {
		return err
	}
	page := view.BoardOrdersPage{Figure: figure, CSV: exportList(v, "csv"), XLSX: exportList(v, "xlsx")}
	if page.What, err = d.figureWords(v, figure); err != nil {
		return err
	}
	page.Chrome = d.chrome(v, page.What)
	if id != 0 {
		page.First = listPath(v, nil)
	}
	if list.Next != nil {
		page.Next = listPath(v, list.Next)
	}
	if page.Rows, err = d.boardRows(v, list); err != nil {
		return err
	}
	if page.Outcomes, err = d.boardOutcomes(v, list.Outcomes); err != nil {
		return err
	}
	return web.Render(v.Ctx, fiber.StatusOK, view.BoardOrders(page))
}

func (d *desk) boardOutcomes(v visit, list []board.Outcome) ([]view.BoardOutcome, error) {
	outcomes := make([]view.BoardOutcome, len(list))
	for i, o := range list {
		name, err := d.serviceName(v, o.ServiceVersionID)
		if err != nil {
			return nil, err
		}
		outcomes[i] = view.BoardOutcome{Outcome: o, Service: name}
	}
	return outcomes, nil
}

// figure reads which figure the address names; what names none is NotFound.
func (d *desk) figure(v visit) (board.Figure, error) {
	none := fault.New(fault.NotFound, "fault.not_found")
	f := board.Figure{Of: board.Of(v.Query("of")), State: orders.State(v.Query("state"))}
	number := func(name string) (n int64) {
		if text := v.Query(name); text != "" {
			var err error
			if n, err = strconv.ParseInt(text, 10, 64); err != nil || n < 0 {
				f.Of = ""
			}
		}
		return n
	}
	f.MemberID, f.ServiceID = number("member"), number("service")
	f.From, f.To = time.Unix(number("after"), 0), time.Unix(number("until"), 0)
	if hour := int(number("hour")); v.Query("hour") != "" {
		f.Hour = &hour
	}
	switch v.Query("in_time") {
	case "yes", "no":
		kept := v.Query("in_time") == "yes"
		f.InTime = &kept
	}
	var wrong []fault.Field
	f.Range, _, _, wrong = chosenRange(v, d.house.Clock.Now())
	if !slices.Contains(board.Ofs, f.Of) || len(wrong) > 0 || f.Of == board.OfState && !slices.Contains(orders.States, f.State) ||
		f.Of == board.OfHeld && f.MemberID == 0 {
		return f, none
	}
	return f, nil
}

// figureWords says what the list holds.
func (d *desk) figureWords(v visit, f board.Figure) (string, error) {
	lang := v.lang()
	switch f.Of {
	case board.OfState:
		return v.words("board.list.state", "state", v.words("state."+string(f.State))), nil
	case board.OfDue:
		return v.words("board.list.due", "from", lang.Clock(f.From), "to", lang.Clock(f.To), "day", lang.DayLong(f.From)), nil
	case board.OfHeld:
		people, err := d.people(v)
		return v.words("board.list.held", "name", people[f.MemberID]), err
	case board.OfDone:
		return d.doneWords(v, f)
	}
	return v.words("board.list." + string(f.Of)), nil
}

func (d *desk) doneWords(v visit, f board.Figure) (string, error) {
	key := "board.list.done"
	if f.InTime != nil && *f.InTime {
		key = "board.list.done_in_time"
	} else if f.InTime != nil {
		key = "board.list.done_late"
	}
	words := v.words(key, "from", shownDate(v, f.Range.Since()), "to", shownDate(v, f.Range.To.ToTime()))
	if f.MemberID != 0 {
		people, err := d.people(v)
		if err != nil {
			return "", err
		}
		words += " · " + people[f.MemberID]
	} else if f.ServiceID != 0 {
		version, err := d.house.Board.NewestVersion(v.ctx(), f.ServiceID)
		if err != nil {
			return "", err
		}
		name, err := d.serviceName(v, version)
		if err != nil {
			return "", err
		}
		words += " · " + name
	}
	if f.Hour != nil {
		words += " · " + v.words("board.list.hour", "hour", v.lang().Digits(strconv.Itoa(*f.Hour)))
	}
	return words, nil
}

func shownDate(v visit, t time.Time) string { return v.lang().Date(t.Add(12 * time.Hour)) }

// listPath is the address of this list's beginning, or of what follows a row.
func listPath(v visit, after *board.Mark) string {
	query := listQuery(v)
	if after != nil {
		query.Set("page", cursor(after.At, after.ID))
	}
	return view.BoardPath + "/orders?" + query.Encode()
}

func exportList(v visit, format string) string {
	return view.BoardPath + "/export/list." + format + "?" + listQuery(v).Encode()
}

// listQuery is what the address asks for, without the page.
func listQuery(v visit) url.Values {
	query := url.Values{}
	for _, name := range []string{"of", "state", "member", "service", "after", "until", "hour", "in_time", "from", "to", "range"} {
		if text := v.Query(name); text != "" {
			query.Set(name, text)
		}
	}
	return query
}
