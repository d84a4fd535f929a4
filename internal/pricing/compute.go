package pricing

import (
	"pishkhan/internal/catalog"
	"pishkhan/internal/i18n"
	"pishkhan/internal/money"
)

// Kind says what a line of a quote is for.
type Kind string

// The kinds of lines, in the order in which a quote shows them. Between
// costs and rounding is the place of discounts.
const (
	Currency Kind = "currency" // the foreign amount at the sell rate
	Fee      Kind = "fee"      // the company's own charge
	Cost     Kind = "cost"     // what the destination takes on top; it has a name
	Rounding Kind = "rounding" // up to the next 1,000 toman
)

// Line is one part of a price, in rials; the parts add up to the total.
type Line struct {
	Kind  Kind        `json:"kind"`
	Name  i18n.Text   `json:"name,omitzero"` // of a cost
	Rials money.Rials `json:"rials"`
}

// Label names the line for somebody who reads lang.
func (l Line) Label(lang i18n.Lang) string {
	switch l.Kind {
	case Currency:
		return lang.T("pricing.line.currency")
	case Fee:
		return lang.T("pricing.line.fee")
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

// Compute works out the price of a foreign amount at a rate of so many rials
// for one unit: the currency, the fee (fixed and per cent of the currency,
// never less than its minimum), the destination's costs, and the rounding.
// Fault: Invalid (money.error.too_large).
func Compute(fee catalog.Fee, costs []catalog.Cost, amount money.Foreign, rate money.Rials) (Lines, error) {
	currency, err := amount.InRials(rate)
	if err != nil {
		return nil, err
	}
	charge, err := feeFor(fee, currency)
	if err != nil {
		return nil, err
	}
	lines := Lines{{Kind: Currency, Rials: currency}}
	lines = lines.with(Line{Kind: Fee, Rials: charge})
	for _, cost := range costs {
		lines = lines.with(Line{Kind: Cost, Name: cost.Name, Rials: cost.Rials})
	}
	return lines.rounded()
}

func feeFor(fee catalog.Fee, currency money.Rials) (money.Rials, error) {
	share, err := currency.PercentUp(fee.Percent)
	if err != nil {
		return 0, err
	}
	charge, err := share.Add(fee.FixedRials)
	if err != nil {
		return 0, err
	}
	return max(charge, fee.MinRials), nil
}

func (ls Lines) with(line Line) Lines {
	if line.Rials == 0 {
		return ls
	}
	return append(ls, line)
}

func (ls Lines) rounded() (Lines, error) {
	var sum money.Rials
	for _, line := range ls {
		var err error
		if sum, err = sum.Add(line.Rials); err != nil {
			return nil, err
		}
	}
	return ls.with(Line{Kind: Rounding, Rials: money.RoundUpToThousandToman(sum) - sum}), nil
}
