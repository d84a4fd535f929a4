package pricing

import (
	"pishkhan/internal/i18n"
	"pishkhan/internal/money"
)

// Kind says what a line of a quote is for.
type Kind string

// The kinds of lines, in the order in which a quote shows them. Discounts are
// negative, and off the fee alone.
const (
	Currency     Kind = "currency"      // the foreign amount at the sell rate
	Fee          Kind = "fee"           // the company's own charge
	Cost         Kind = "cost"          // what the destination takes on top; it has a name
	DiscountBulk Kind = "discount_bulk" // because several orders are placed together
	DiscountClub Kind = "discount_club" // the customer's tier, which is its name
	DiscountCode Kind = "discount_code" // a campaign's code, which is its name
	Rounding     Kind = "rounding"      // up to the next 1,000 toman
)

// Line is one part of a price, in rials; the parts add up to the total.
type Line struct {
	Kind  Kind        `json:"kind"`
	Name  i18n.Text   `json:"name,omitzero"` // of a cost, a tier, a code
	Rials money.Rials `json:"rials"`
}

// Label names the line for somebody who reads lang.
func (l Line) Label(lang i18n.Lang) string {
	switch l.Kind {
	case Currency:
		return lang.T("pricing.line.currency")
	case Fee:
		return lang.T("pricing.line.fee")
	case DiscountBulk:
		return lang.T("pricing.line.discount_bulk")
	case DiscountClub:
		return lang.T("pricing.line.discount_club", "tier", l.Name)
	case DiscountCode:
		return lang.T("pricing.line.discount_code", "code", l.Name)
	case Rounding:
		return lang.T("pricing.line.rounding")
	}
	return l.Name.In(lang)
}

// Lines are a price in its parts. A part that is nothing has no line, except
// for the currency.
type Lines []Line

// Total is the sum of the lines, a multiple of 1,000 toman.
func (ls Lines) Total() money.Rials {
	var total money.Rials
	for _, line := range ls {
		total += line.Rials // Compute has found the sum to be in range
	}
	return total
}

// Fees is the fee less what was taken off it.
func (ls Lines) Fees() money.Rials {
	var fees money.Rials
	for _, line := range ls {
		switch line.Kind {
		case Fee, DiscountBulk, DiscountClub, DiscountCode:
			fees += line.Rials
		}
	}
	return fees
}

func (ls Lines) with(line Line) Lines {
	if line.Rials == 0 {
		return ls
	}
	return append(ls, line)
}
