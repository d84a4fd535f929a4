package desk

import (
	"context"
	"strconv"
	"time"

	"pishkhan/internal/board"
	"pishkhan/internal/i18n"
	"pishkhan/internal/jalali"
)

// The measures of the picture of due times; the page scales it.
const (
	barsWidth, barsHeight  = 760, 190
	barsTop, barsBottom    = 22, 150
	barsSide               = 8
	barsGap, barsMostWidth = 6, 56
)

// column is one half hour of the picture.
type column struct {
	board.Bar
	X, Width    float64
	Late        part
	WillBe      part
	OnTime      part
	Label       string // below: the clock, at full hours
	Top, Middle float64
}

// part is a stretch of a column.
type part struct{ Y, Height float64 }

// columns draws the bars of a day, the tallest as high as the picture.
func columns(ctx context.Context, bars []board.Bar) []column {
	most := 1
	for _, b := range bars {
		most = max(most, b.Total())
	}
	step := float64(barsWidth-2*barsSide) / float64(max(1, len(bars)))
	list := make([]column, len(bars))
	for i, b := range bars {
		c := column{Bar: b, Width: min(step-barsGap, barsMostWidth)}
		c.X = barsSide + float64(i)*step + (step-c.Width)/2
		c.Middle = c.X + c.Width/2
		c.Top = barsBottom
		stack := func(n int) part {
			height := float64(barsBottom-barsTop) * float64(n) / float64(most)
			c.Top -= height
			return part{Y: c.Top, Height: height}
		}
		c.Late, c.WillBe, c.OnTime = stack(b.Late), stack(b.WillBe), stack(b.OnTime)
		if b.From.In(jalali.Tehran).Minute() == 0 {
			c.Label = i18n.LangOf(ctx).Clock(b.From)
		}
		list[i] = c
	}
	return list
}

// between names a half hour: «۱۰:۳۰ تا ۱۱:۰۰».
func between(ctx context.Context, b board.Bar) string {
	lang := i18n.LangOf(ctx)
	return i18n.T(ctx, "board.between", "from", lang.Clock(b.From), "to", lang.Clock(b.To))
}

func barTitle(ctx context.Context, b board.Bar) string {
	return i18n.T(ctx, "board.bar", "between", between(ctx, b), "n", b.Total(), "late", b.Late, "will", b.WillBe)
}

func dayTitle(ctx context.Context, day time.Time, p BoardPage) string {
	if midday := day.Add(12 * time.Hour); jalali.FromTime(midday) == jalali.FromTime(p.Overview.At) {
		return i18n.T(ctx, "board.due_today", "day", i18n.LangOf(ctx).DayLong(midday))
	} else {
		return i18n.T(ctx, "board.due_next", "day", i18n.LangOf(ctx).DayLong(midday))
	}
}

func dueTotal(d board.DayBars) int {
	n := 0
	for _, b := range d.Bars {
		n += b.Total()
	}
	return n
}

func chartID(d board.DayBars) string { return "due-" + strconv.FormatInt(d.Day.Unix(), 10) }

func day(t time.Time) jalali.Date { return jalali.FromTime(t) }

// boardTrigger says when the board reads itself anew: when something changed,
// and now and then, since time alone makes orders late.
const boardTrigger = "every 5s, board-changed from:body throttle:500ms, refetch from:body, reconnected from:body"

func noneDoomed(p BoardPage) string {
	if p.Overview.Forecast.Staff == 0 {
		return "board.forecast_nobody"
	}
	return "board.forecast_none"
}

// wish says which words the summary's form needs.
func wish(p BoardPage) string {
	switch {
	case !p.Wants:
		return "off"
	case p.Lang == i18n.EN:
		return "on_en"
	}
	return "on_fa"
}
