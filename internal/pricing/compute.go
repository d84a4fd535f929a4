package pricing

import (
	"pishkhan/internal/i18n"
	"pishkhan/internal/money"
)

// Compute works out the price of a foreign amount at a rate of so many rials
// for one unit: the currency, the fee (never less than its minimum), the
// destination's costs, what is taken off the fee (never so much that less
// than its minimum is left), and the rounding.
// Fault: Invalid (money.error.too_large).
func Compute(in Inputs, amount money.Foreign, rate money.Rials) (Lines, error) {
	currency, err := amount.InRials(rate)
	if err != nil {
		return nil, err
	}
	fee, err := in.fee(currency)
	if err != nil {
		return nil, err
	}
	lines := Lines{{Kind: Currency, Rials: currency}}.with(Line{Kind: Fee, Rials: fee})
	for _, cost := range in.Costs {
		share, err := currency.PercentUp(cost.Percent)
		if err != nil {
			return nil, err
		}
		lines = lines.with(Line{Kind: Cost, Name: cost.Name, Rials: cost.Rials + share})
	}
	off, err := in.discounts(fee)
	if err != nil {
		return nil, err
	}
	for _, line := range off {
		lines = lines.with(line)
	}
	return lines.rounded()
}

func (in Inputs) fee(currency money.Rials) (money.Rials, error) {
	share, err := currency.PercentUp(in.Step.Percent)
	if err != nil {
		return 0, err
	}
	fee, err := share.Add(in.Step.FixedRials)
	if err != nil {
		return 0, err
	}
	return max(fee, in.MinRials), nil
}

// discounts are worked out on the whole fee, each of them; a later one gives
// way where all would leave less than the minimum.
func (in Inputs) discounts(fee money.Rials) (Lines, error) {
	bulk, err := fee.PercentDown(in.BulkPercent)
	if err != nil {
		return nil, err
	}
	lines := Lines{{Kind: DiscountBulk, Rials: bulk}}
	if in.Tier != nil {
		off, err := fee.PercentDown(in.Tier.Percent)
		if err != nil {
			return nil, err
		}
		lines = append(lines, Line{Kind: DiscountClub, Name: in.Tier.Name, Rials: off})
	}
	if in.Code != nil {
		off, err := in.Code.off(fee)
		if err != nil {
			return nil, err
		}
		lines = append(lines, Line{Kind: DiscountCode, Name: i18n.Text{FA: in.Code.Code, EN: in.Code.Code}, Rials: off})
	}
	left := fee - in.MinRials
	for i, line := range lines {
		off := min(line.Rials, left)
		left -= off
		lines[i].Rials = -off
	}
	return lines, nil
}

// off is what the code takes off a fee; it adds nothing, whatever its terms.
func (c CodeTerms) off(fee money.Rials) (money.Rials, error) {
	share, err := fee.PercentDown(c.Percent)
	if err != nil {
		return 0, err
	}
	amount := min(c.OffRials, fee)
	return max(0, share) + max(0, amount-amount%10), nil
}

// rounded has a last line that brings the sum up to the next 1,000 toman.
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
