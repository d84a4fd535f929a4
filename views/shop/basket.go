package shop

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"pishkhan/internal/carts"
	"pishkhan/internal/catalog"
	"pishkhan/internal/i18n"
	"pishkhan/internal/money"
	"pishkhan/internal/pricing"
)

const (
	cardsUpTo   = 20 // a longer basket is a table
	linesAPage  = 50
	tellingMost = 3
)

// BasketPage is what a visitor gathered, and the prices that were renewed
// just now.
type BasketPage struct {
	Lines    []carts.Line // all of them
	Page     int          // of a long basket, counted from 1
	Repriced []carts.Repriced
	Code     carts.Code
	CodeForm Form   // a code that was refused
	Refusal  string // why the prices were not renewed, in words
	Step     BulkHint
	Uploads  []BasketUpload
	Now      time.Time
}

// BulkHint says how many orders more lower each fee by how much; More is 0
// when there is nothing to say.
type BulkHint struct {
	More    int
	Percent decimal.Decimal
}

// BasketUpload is a file whose orders are in the basket.
type BasketUpload struct {
	ID    int64
	Name  string
	Lines int
}

// Total is the sum of all lines.
func (p BasketPage) Total() (total money.Rials) {
	for _, line := range p.Lines {
		total += line.Quote.TotalRials // each is far below the range, and a basket holds a thousand
	}
	return total
}

// Expired reports whether a line's price no longer holds.
func (p BasketPage) Expired() bool { return !p.Now.Before(p.holdsUntil()) }

// holdsUntil is when the first of the prices runs out.
func (p BasketPage) holdsUntil() time.Time {
	first := p.Lines[0].Quote.ExpiresAt
	for _, line := range p.Lines {
		if line.Quote.ExpiresAt.Before(first) {
			first = line.Quote.ExpiresAt
		}
	}
	return first
}

// long reports whether the lines are too many for cards.
func (p BasketPage) long() bool { return len(p.Lines) > cardsUpTo }

// shown are the lines of this page.
func (p BasketPage) shown() []carts.Line {
	if !p.long() {
		return p.Lines
	}
	from := min((p.Page-1)*linesAPage, len(p.Lines))
	return p.Lines[from:min(from+linesAPage, len(p.Lines))]
}

// number is a line's place in the basket, counted from 1.
func (p BasketPage) number(i int) int { return (p.Page-1)*linesAPage + i + 1 }

// LastPage is the number of the last page of a long basket.
func (p BasketPage) LastPage() int {
	if !p.long() {
		return 1
	}
	return (len(p.Lines) + linesAPage - 1) / linesAPage
}

// pageLink is the address of a page; empty when there is none.
func (p BasketPage) pageLink(page int) string {
	if page < 1 || page > p.LastPage() || page == p.Page {
		return ""
	}
	return "/basket?page=" + strconv.Itoa(page)
}

// before returns the price that a renewed line had; ok is false for others.
func (p BasketPage) before(lineID int64) (quote pricing.Quote, ok bool) {
	for _, r := range p.Repriced {
		if r.ID == lineID {
			return r.Before, true
		}
	}
	return pricing.Quote{}, false
}

// totalBefore is what the whole basket cost before prices were renewed.
func (p BasketPage) totalBefore() money.Rials {
	total := p.Total()
	for _, r := range p.Repriced {
		total += r.Before.TotalRials - r.Quote.TotalRials
	}
	return total
}

// savings are the discounts of all lines, one sum for each kind.
func (p BasketPage) savings() []pricing.Line {
	var sums []pricing.Line
	for _, kind := range []pricing.Kind{pricing.DiscountBulk, pricing.DiscountClub, pricing.DiscountCode} {
		sum := pricing.Line{Kind: kind}
		for _, line := range p.Lines {
			for _, part := range line.Quote.Lines {
				if part.Kind == kind {
					sum.Rials += part.Rials
					sum.Name = part.Name
				}
			}
		}
		if sum.Rials != 0 {
			sums = append(sums, sum)
		}
	}
	return sums
}

// byService counts the lines of each service, for a summary.
func (p BasketPage) byService() []serviceSum {
	var sums []serviceSum
	at := map[string]int{}
	for _, line := range p.Lines {
		slug := line.Service.Definition.Slug
		i, known := at[slug]
		if !known {
			i = len(sums)
			at[slug] = i
			sums = append(sums, serviceSum{title: line.Service.Definition.Title})
		}
		sums[i].lines++
		sums[i].rials += line.Quote.TotalRials
	}
	return sums
}

type serviceSum struct {
	title i18n.Text
	lines int
	rials money.Rials
}

// discounts are the parts of a price that make it lower.
func discounts(q pricing.Quote) []pricing.Line {
	var lines []pricing.Line
	for _, line := range q.Lines {
		if line.Rials < 0 {
			lines = append(lines, line)
		}
	}
	return lines
}

// telling are the few answers by which people know one order from another.
// The amount stands apart; addresses and contacts say little.
func telling(ctx context.Context, line carts.Line) []catalog.Row {
	var rows []catalog.Row
	for _, row := range line.Service.Definition.Present(line.Answers, i18n.LangOf(ctx)) {
		if !row.Field.Required {
			continue
		}
		switch row.Field.Type {
		case catalog.Amount, catalog.Price, catalog.File, catalog.LongText, catalog.URL, catalog.Email, catalog.Phone:
			continue
		case catalog.Rows:
			row.Value = i18n.T(ctx, "parts.number", "n", len(row.Items))
			if name := firstName(row); name != "" && len(row.Items) == 1 {
				row.Value = name
			} else if name != "" {
				row.Value = i18n.T(ctx, "shop.basket.rows", "first", name, "n", len(row.Items)-1)
			}
		}
		if rows = append(rows, row); len(rows) == tellingMost {
			break
		}
	}
	return rows
}

// shortAnswers are the same on one line.
func shortAnswers(ctx context.Context, line carts.Line) string {
	var values []string
	for _, row := range telling(ctx, line) {
		values = append(values, "\u2068"+row.Value+"\u2069") // each in its own direction
	}
	return strings.Join(values, " · ")
}

// labelBefore is a label as it stands before its answer: a question mark
// takes no colon.
func labelBefore(label string) string {
	if strings.HasSuffix(label, "؟") || strings.HasSuffix(label, "?") {
		return label
	}
	return label + ":"
}

// firstName is the first text of the first row: a traveller's name, say.
func firstName(row catalog.Row) string {
	for _, answer := range row.Items[0] {
		if answer.Field.Type == catalog.Text {
			return answer.Value
		}
	}
	return ""
}

// change is a part of a price that is not what it was.
type change struct {
	label         string
	before, after money.Rials
}

// changes lists what differs between two prices of one order, part by part.
func changes(ctx context.Context, before, after pricing.Quote) []change {
	lang := i18n.LangOf(ctx)
	var list []change
	at := map[string]int{}
	note := func(quote pricing.Quote, set func(*change, money.Rials)) {
		for _, line := range quote.Lines {
			key := string(line.Kind) + "\x00" + line.Name.FA
			i, known := at[key]
			if !known {
				i = len(list)
				at[key] = i
				list = append(list, change{label: line.Label(lang)})
			}
			set(&list[i], line.Rials)
		}
	}
	note(before, func(c *change, r money.Rials) { c.before += r })
	note(after, func(c *change, r money.Rials) { c.after += r })
	var differ []change
	for _, c := range list {
		if c.before != c.after {
			differ = append(differ, c)
		}
	}
	return differ
}

func lineTitle(line carts.Line) string { return "line-" + lineID(line) }

func lineID(line carts.Line) string { return strconv.FormatInt(line.ID, 10) }

func linePath(line carts.Line) string { return "/basket/lines/" + lineID(line) }

// saving is the colour of amounts that lower the price.
func saving(r money.Rials) string {
	if r < 0 {
		return "text-success-fg"
	}
	return ""
}

func secondsLeft(until, now time.Time) string {
	return strconv.Itoa(max(int(until.Sub(now)/time.Second), 0))
}

// sameAsBefore reports whether prices were renewed and none of them changed.
func (p BasketPage) sameAsBefore() bool {
	for _, r := range p.Repriced {
		if r.Before.TotalRials != r.Quote.TotalRials {
			return false
		}
	}
	return len(p.Repriced) > 0
}
