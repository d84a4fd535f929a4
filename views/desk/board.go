package desk

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"pishkhan/internal/board"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/orders"
	"pishkhan/views/parts"
)

// BoardPath is the address of the supervisors' board.
const BoardPath = "/desk/board"

// BoardPage is the supervisors' board: the desk now, and what became of the
// orders of some days.
type BoardPage struct {
	Chrome   parts.Chrome
	Overview board.Overview
	Doomed   []BoardRow // the first orders that will be late
	Report   BoardReport

	MaySet bool // the target
	Wants  bool // the summary by e-mail
	Lang   i18n.Lang
	Typed  map[string]string // a form that was refused
	Wrong  []fault.Field
}

// BoardReport is what became of the orders of a range.
type BoardReport struct {
	board.Report
	Chosen   string           // "1", "7", "30", "90" days until today; "" for a range of its own
	Services map[int64]string // names, by service
	Typed    map[string]string
	Wrong    []fault.Field
}

// BoardRow is an order in one of the board's lists.
type BoardRow struct {
	Row
	Finish time.Time // at today's pace; zero: nothing is foreseen
}

// Ranges are the stretches of days that the report offers, until today.
var Ranges = []string{"1", "7", "30", "90"}

// words of the reader's language for a number that may be higher.
func (p BoardPage) least(ctx context.Context, n int) string {
	if p.Overview.Least {
		return i18n.T(ctx, "board.at_least", "n", n)
	}
	return number(ctx, n)
}

func number(ctx context.Context, n int) string { return i18n.LangOf(ctx).Number(int64(n)) }

// share shows how many in a hundred: of nothing there is none.
func share(ctx context.Context, t board.Tally) string {
	if t.Done == 0 {
		return "—"
	}
	return i18n.T(ctx, "board.percent", "n", t.InTime*100/t.Done)
}

func (p Person) tally() board.Tally { return board.Tally{Done: p.Done, InTime: p.InTime} }

// Person is a line of who works on what.
type Person struct{ board.Person }

func (p BoardPage) done() board.Tally {
	return board.Tally{Done: p.Overview.Done, InTime: p.Overview.InTime}
}

// doneValue is the tile's figure: «۱۲ از ۴۰».
func (p BoardPage) doneValue(ctx context.Context) string {
	if p.Overview.Target == 0 {
		return number(ctx, p.Overview.Done)
	}
	return i18n.T(ctx, "board.of_target", "n", p.Overview.Done, "target", p.Overview.Target)
}

func (p BoardPage) freeNote(ctx context.Context) string {
	if p.Overview.Oldest.ID == 0 {
		return i18n.T(ctx, "board.tile.free_none")
	}
	return i18n.T(ctx, "board.tile.oldest", "since", until(ctx, p.Overview.Oldest.Since, p.Overview.At))
}

func (p BoardPage) clearValue(ctx context.Context) string {
	o := p.Overview
	switch {
	case o.Forecast.Staff == 0 || o.Forecast.Clear.IsZero():
		return "—"
	case o.Forecast.Work == 0:
		return i18n.T(ctx, "board.tile.clear_now")
	}
	return until(ctx, o.Forecast.Clear, o.At)
}

// clearNote sets the end of the work against the closing.
func (p BoardPage) clearNote(ctx context.Context) string {
	o := p.Overview
	switch f := o.Forecast; {
	case f.Staff == 0:
		return i18n.T(ctx, "board.tile.nobody")
	case f.Clear.IsZero() || o.Closing.IsZero():
		return i18n.T(ctx, "board.tile.no_hours")
	case o.Least:
		return i18n.T(ctx, "board.tile.clear_least")
	case f.Clear.After(o.Closing):
		return i18n.T(ctx, "board.tile.after_closing", "closing", until(ctx, o.Closing, o.At))
	}
	return i18n.T(ctx, "board.tile.before_closing", "closing", until(ctx, o.Closing, o.At))
}

func (p BoardPage) soonNote(ctx context.Context) string {
	return i18n.T(ctx, "board.tile.soon_note", "within", board.SoonWithin)
}

// doneProgress is how far the target is reached, in percent.
func (p BoardPage) doneProgress() string {
	return strconv.Itoa(min(100, p.Overview.Done*100/max(1, p.Overview.Target)))
}

func (p BoardPage) field(ctx context.Context, name string) parts.Field {
	f := parts.Field{
		Name: name, Label: i18n.T(ctx, "board.target.label"), Error: parts.ErrorFor(ctx, p.Wrong, name), Autocomplete: "off", Value: p.Typed[name],
	}
	if p.Typed == nil && p.Overview.Target > 0 {
		f.Value = number(ctx, p.Overview.Target)
	}
	return f
}

// states are those whose orders are still to be done, and what of them came to nothing today.
func (p BoardPage) states() []orders.State {
	return []orders.State{
		orders.AwaitingPayment, orders.AwaitingKYC, orders.Paid, orders.InProgress, orders.WaitingCustomer, orders.Cancelled, orders.Expired,
	}
}

func (p BoardPage) stateCount(ctx context.Context, s orders.State) string {
	if n := p.Overview.States[s]; n >= board.RunningCap {
		return i18n.T(ctx, "board.at_least", "n", n)
	} else {
		return number(ctx, n)
	}
}

// behind is the address of the orders behind a figure: pairs of names and values.
func behind(of board.Of, pairs ...string) string {
	query := url.Values{"of": {string(of)}}
	for i := 0; i+1 < len(pairs); i += 2 {
		query.Set(pairs[i], pairs[i+1])
	}
	return BoardPath + "/orders?" + query.Encode()
}

func behindState(s orders.State) string { return behind(board.OfState, "state", string(s)) }

func behindHeld(member int64) string {
	return behind(board.OfHeld, "member", strconv.FormatInt(member, 10))
}

func behindBar(b board.Bar) string {
	return behind(board.OfDue, "after", strconv.FormatInt(b.From.Unix(), 10), "until", strconv.FormatInt(b.To.Unix(), 10))
}

// today is the address of what was completed today.
func (p BoardPage) today(pairs ...string) string {
	return behindDone(board.Range{From: day(p.Overview.At), To: day(p.Overview.At)}, pairs...)
}

func behindDone(r board.Range, pairs ...string) string {
	return behind(board.OfDone, append([]string{"from", r.From.String(), "to", r.To.String()}, pairs...)...)
}
