package money

import "github.com/shopspring/decimal"

// Foreign is an amount in a foreign currency: what a destination site asks
// for, or charged.
type Foreign struct {
	Amount   decimal.Decimal `json:"amount"` // a JSON string, so that no reader makes a float of it
	Currency Currency        `json:"currency"`
}

// InRials returns the amount at a rate of so many rials for one unit of the
// currency, rounded up to the next whole toman (10 rials): the company
// never sells below its rate. Fault: Invalid (money.error.too_large).
func (f Foreign) InRials(ratePerUnit Rials) (Rials, error) {
	exact := f.Amount.Mul(decimal.NewFromInt(int64(ratePerUnit)))
	return inRange(wholeTomans(exact, decimal.Decimal.Ceil))
}

// Equal reports whether both are the same amount of the same currency,
// however many zeros the amounts end in.
func (f Foreign) Equal(g Foreign) bool {
	return f.Currency == g.Currency && f.Amount.Equal(g.Amount)
}

// String is for logs and interfaces: "120.50 USD". Pages use i18n.
func (f Foreign) String() string {
	return f.Amount.StringFixed(f.Currency.MinorDigits()) + " " + string(f.Currency)
}
