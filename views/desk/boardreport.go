package desk

import (
	"context"
	"strconv"
	"time"

	"pishkhan/internal/board"
	"pishkhan/internal/i18n"
	"pishkhan/internal/jalali"
	"pishkhan/views/parts"
)

// query is the range as an address says it.
func (r BoardReport) query() string {
	if r.Chosen != "" {
		return "range=" + r.Chosen
	}
	return "from=" + r.From.String() + "&to=" + r.To.String()
}

// export is the address of a table as a file.
func (r BoardReport) export(table, format string) string {
	return BoardPath + "/export/" + table + "." + format + "?" + r.query()
}

func (r BoardReport) tabs(ctx context.Context) []parts.NavItem {
	items := make([]parts.NavItem, len(Ranges))
	for i, days := range Ranges {
		n, _ := strconv.Atoi(days)
		items[i] = parts.NavItem{Label: i18n.T(ctx, "board.last_days", "n", n), Href: BoardPath + "?range=" + days + "#report", Current: days == r.Chosen}
	}
	items[0].Label = i18n.T(ctx, "board.today")
	return items
}

// title names the range: «۱۴۰۵/۰۷/۰۷ تا ۱۴۰۵/۰۷/۱۳».
func (r BoardReport) title(ctx context.Context) string {
	if r.From == r.To {
		return i18n.LangOf(ctx).DayLong(r.From.ToTime().Add(12 * time.Hour))
	}
	return i18n.T(ctx, "board.from_to", "from", shownDay(ctx, r.From), "to", shownDay(ctx, r.To))
}

// shownDay shows a day as the language writes it.
func shownDay(ctx context.Context, d jalali.Date) string {
	return i18n.LangOf(ctx).Date(d.ToTime().Add(12 * time.Hour))
}

func (r BoardReport) field(ctx context.Context, name string, kept jalali.Date) parts.Field {
	f := parts.Field{
		Name: name, Label: i18n.T(ctx, "board."+name), Error: parts.ErrorFor(ctx, r.Wrong, name), Autocomplete: "off", Value: shownDay(ctx, kept),
	}
	if r.Typed != nil {
		f.Value = r.Typed[name]
	}
	return f
}

// done is the address of the orders behind a tally of the range.
func (r BoardReport) done(pairs ...string) string { return behindDone(r.Range, pairs...) }

func (r BoardReport) ofService(id int64, pairs ...string) string {
	return r.done(append([]string{"service", strconv.FormatInt(id, 10)}, pairs...)...)
}

func (r BoardReport) ofMember(id int64, pairs ...string) string {
	return r.done(append([]string{"member", strconv.FormatInt(id, 10)}, pairs...)...)
}

func ofDay(d jalali.Date, pairs ...string) string {
	return behindDone(board.Range{From: d, To: d}, pairs...)
}

// hours are the columns of the load: from the first to the last hour in which
// anything was completed, and the usual ones.
func (r BoardReport) hours() []int {
	first, last := 9, 16
	for _, p := range r.People {
		for h := range p.Hours {
			first, last = min(first, h), max(last, h)
		}
	}
	list := make([]int, 0, last-first+1)
	for h := first; h <= last; h++ {
		list = append(list, h)
	}
	return list
}

// heat is how dark a cell of the load is, from 0 to 5, beside the fullest.
func (r BoardReport) heat(n int) string {
	most := 1
	for _, p := range r.People {
		for _, other := range p.Hours {
			most = max(most, other)
		}
	}
	return "heat-" + strconv.Itoa((n*5+most-1)/most)
}

func hourLabel(ctx context.Context, h int) string {
	return i18n.LangOf(ctx).Digits(strconv.Itoa(h))
}

// average shows the handling time of one order.
func average(ctx context.Context, t board.Tally) string {
	if t.Measured == 0 {
		return "—"
	}
	return i18n.LangOf(ctx).Duration(t.Average())
}

// The measures of the picture of days.
const (
	daysWidth, daysHeight = 760, 150
	daysTop, daysBottom   = 10, 120
	daysSide              = 44
)

// dayPoint is a day in the picture of what was in time.
type dayPoint struct {
	board.DayDone
	X, Y, Width float64
	Height      float64
	Label       string
}

// dayPoints puts each day of the range at its place, a bar as high as its
// share in time. Days on which nothing was completed stay empty.
func (r BoardReport) dayPoints(ctx context.Context) []dayPoint {
	first, last := r.From.ToTime().Add(12*time.Hour), r.To.ToTime().Add(12*time.Hour)
	count := int(last.Sub(first).Hours()/24+0.5) + 1
	step := float64(daysWidth-daysSide) / float64(count)
	list := make([]dayPoint, len(r.Days))
	for i, d := range r.Days {
		n := int(d.Day.ToTime().Add(12*time.Hour).Sub(first).Hours()/24 + 0.5)
		height := float64(daysBottom-daysTop) * float64(d.InTime) / float64(max(1, d.Done))
		list[i] = dayPoint{DayDone: d, X: float64(n)*step + step*0.1, Width: min(step*0.8, 48), Height: height, Y: daysBottom - height}
		if count <= 10 || i%((len(r.Days)+7)/8) == 0 {
			list[i].Label = dayShort(ctx, d.Day.ToTime().Add(12*time.Hour))
		}
	}
	return list
}

func (r BoardReport) dayTitle(ctx context.Context, d board.DayDone) string {
	return i18n.T(ctx, "board.day_bar", "day", shownDay(ctx, d.Day), "percent", share(ctx, d.Tally), "n", d.Done)
}
