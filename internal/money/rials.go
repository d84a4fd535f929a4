// Package money holds the two kinds of money of the business: rials, in
// which prices are kept and gateways are paid, and foreign amounts, which
// the destination sites charge. There are no floats in it.
package money

import (
	"fmt"

	"github.com/shopspring/decimal"

	"pishkhan/internal/fault"
)

// Rials is an amount in rials. Prices are whole tomans: multiples of 10.
// People see tomans; gateways and the database take rials.
type Rials int64

// Max is the largest amount in rials that the product handles: 900 thousand
// billion tomans. It is below 2^53, so that it survives JSON in a browser.
const Max Rials = 9_000_000_000_000_000

const (
	perToman         = 10
	perThousandToman = 1000 * perToman
)

// FromToman returns the amount of so many tomans. It is for figures known
// to be in range (a parsed or configured one); it panics beyond Max.
func FromToman(toman int64) Rials {
	if toman > int64(Max/perToman) || toman < -int64(Max/perToman) {
		panic(fmt.Sprintf("money: %d tomans are beyond the range", toman))
	}
	return Rials(toman * perToman)
}

// Toman returns the amount in tomans (10 rials each), without the rials
// left over when the amount is not a whole toman.
func (r Rials) Toman() int64 { return int64(r / perToman) }

// IsWholeToman reports whether the amount is a multiple of 10 rials, as
// every price is.
func (r Rials) IsWholeToman() bool { return r%perToman == 0 }

// Check returns an error unless the amount is a whole toman within range.
// That a price is not is a defect, not a person's mistake: it is no fault.
func (r Rials) Check() error {
	if !r.IsWholeToman() {
		return fmt.Errorf("money: %d rials are not a whole toman", int64(r))
	}
	if r > Max || r < -Max {
		return fmt.Errorf("money: %d rials are beyond the range", int64(r))
	}
	return nil
}

// Add returns r + s. Fault: Invalid (money.error.too_large) beyond Max.
func (r Rials) Add(s Rials) (Rials, error) {
	return inRange(decimal.NewFromInt(int64(r)).Add(decimal.NewFromInt(int64(s))))
}

// Sub returns r − s. Fault: Invalid (money.error.too_large) beyond Max.
func (r Rials) Sub(s Rials) (Rials, error) {
	return inRange(decimal.NewFromInt(int64(r)).Sub(decimal.NewFromInt(int64(s))))
}

// Times returns r × n. Fault: Invalid (money.error.too_large) beyond Max.
func (r Rials) Times(n int64) (Rials, error) {
	return inRange(decimal.NewFromInt(int64(r)).Mul(decimal.NewFromInt(n)))
}

// Sum adds amounts up. Fault: Invalid (money.error.too_large) beyond Max.
func Sum(amounts ...Rials) (Rials, error) {
	var total Rials
	for _, a := range amounts {
		var err error
		if total, err = total.Add(a); err != nil {
			return 0, err
		}
	}
	return total, nil
}

// PercentUp returns percent per cent of r (2.5 means 2.5 %), rounded up to
// the next whole toman: for fees. Fault: Invalid (money.error.too_large).
func (r Rials) PercentUp(percent decimal.Decimal) (Rials, error) {
	return inRange(wholeTomans(r.percent(percent), decimal.Decimal.Ceil))
}

// PercentDown returns percent per cent of r, rounded down to a whole toman:
// for discounts. Fault: Invalid (money.error.too_large).
func (r Rials) PercentDown(percent decimal.Decimal) (Rials, error) {
	return inRange(wholeTomans(r.percent(percent), decimal.Decimal.Floor))
}

func (r Rials) percent(percent decimal.Decimal) decimal.Decimal {
	return decimal.NewFromInt(int64(r)).Mul(percent).Shift(-2)
}

// RoundUpToThousandToman returns the next multiple of 1,000 tomans (10,000
// rials) that is not less than r: how the total of a quote is rounded. r is
// at most Max.
func RoundUpToThousandToman(r Rials) Rials {
	rest := r % perThousandToman
	if rest > 0 {
		r += perThousandToman
	}
	return r - rest
}

// wholeTomans rounds an exact amount in rials to whole tomans.
func wholeTomans(rials decimal.Decimal, round func(decimal.Decimal) decimal.Decimal) decimal.Decimal {
	return round(rials.Shift(-1)).Shift(1)
}

func inRange(rials decimal.Decimal) (Rials, error) {
	if rials.Abs().GreaterThan(decimal.NewFromInt(int64(Max))) {
		return 0, fault.New(fault.Invalid, "money.error.too_large")
	}
	return Rials(rials.IntPart()), nil
}
