package desk

import (
	"context"
	"fmt"
	"strings"
	"time"

	"pishkhan/internal/i18n"
	"pishkhan/internal/jalali"
	"pishkhan/internal/money"
	"pishkhan/internal/pricing"
)

// The picture's own measures; the page scales it.
const (
	chartWidth, chartHeight = 760, 260
	chartStart, chartEnd    = 28, 672 // the rates stand behind it, where the newest is
	chartTop, chartBottom   = 16, 220 // above the days
	chartLines              = 4       // about so many rates beside it
	chartSpan               = 50      // a move of less than one in so many is no mountain
	chartDays               = 6       // so many days below it
)

// chart is the course of a rate as a picture: a line in steps, as a rate holds
// until the next one, and how far it went within each step.
type chart struct {
	Line   string // the path of the line
	Ranges string // the path from the lowest to the highest of each step
	Rates  []mark // along the side
	Days   []mark // along the bottom
	Low    money.Rials
	High   money.Rials
}

// mark is a word beside the picture.
type mark struct {
	At   string
	Text string
}

// newChart draws at least one point.
func newChart(ctx context.Context, points []pricing.RatePoint, since, now time.Time) chart {
	c := chart{Low: points[0].Low, High: points[0].High}
	for _, p := range points {
		c.Low, c.High = min(c.Low, p.Low), max(c.High, p.High)
	}
	step := rateStep(max(c.High-c.Low, c.High/chartSpan))
	bottom, top := c.Low/step*step, (c.High+step-1)/step*step
	if bottom == top {
		bottom, top = bottom-step, top+step
	}
	x := func(t time.Time) float64 {
		return chartStart + (chartEnd-chartStart)*float64(t.Sub(since))/float64(now.Sub(since))
	}
	y := func(r money.Rials) float64 {
		return chartBottom - (chartBottom-chartTop)*float64(r-bottom)/float64(top-bottom)
	}
	c.draw(points, x, y, now)
	for r := bottom; r <= top; r += step {
		c.Rates = append(c.Rates, mark{At: place(y(r)), Text: i18n.LangOf(ctx).Number(r.Toman())})
	}
	for i := range chartDays {
		day := since.AddDate(0, 0, i*int(now.Sub(since)/(24*time.Hour)+1)/chartDays)
		c.Days = append(c.Days, mark{At: place(x(day)), Text: dayShort(ctx, day)})
	}
	return c
}

func (c *chart) draw(points []pricing.RatePoint, x func(time.Time) float64, y func(money.Rials) float64, now time.Time) {
	var line, ranges strings.Builder
	for i, p := range points {
		if i == 0 {
			fmt.Fprintf(&line, "M%s %s", place(x(p.At)), place(y(p.SellRials)))
		} else {
			fmt.Fprintf(&line, "H%sV%s", place(x(p.At)), place(y(p.SellRials)))
		}
		if p.Low < p.High {
			fmt.Fprintf(&ranges, "M%s %sV%s", place(x(p.At)), place(y(p.Low)), place(y(p.High)))
		}
	}
	line.WriteString("H" + place(x(now)))
	c.Line, c.Ranges = line.String(), ranges.String()
}

// rateStep is the distance between the rates beside a picture: 1, 2 or 5 and
// zeros, so that about chartLines cover the span.
func rateStep(span money.Rials) money.Rials {
	step := money.Rials(10)
	for i := 0; step*chartLines < span; i++ {
		if i%3 == 1 {
			step = step / 2 * 5
		} else {
			step *= 2
		}
	}
	return step
}

func place(at float64) string { return fmt.Sprintf("%.1f", at) }

// dayShort shows a day below a picture: «۱۳ مهر» / "5 Oct".
func dayShort(ctx context.Context, t time.Time) string {
	if i18n.LangOf(ctx) == i18n.EN {
		return t.In(jalali.Tehran).Format("2 Jan")
	}
	d := jalali.FromTime(t)
	return "\u2067" + i18n.FA.Digits(fmt.Sprint(d.Day)) + " " + jalali.MonthFA(d.Month) + "\u2069"
}
