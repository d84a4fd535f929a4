package pricing

import (
	"github.com/shopspring/decimal"

	"pishkhan/internal/money"
)

// Circumstances are what makes the same order cheaper for one customer than
// for another: never the currency, only the fee.
type Circumstances struct {
	Orders int        // how many orders are placed together, this one included
	Tier   string     // the key of the customer's club tier; empty: none
	Code   *CodeTerms // the campaign code that they brought
}

// CodeTerms are what a campaign code takes off the fee: a share or an amount.
type CodeTerms struct {
	CampaignID int64           `json:"campaign_id"`
	Code       string          `json:"code"`
	Percent    decimal.Decimal `json:"percent"`
	OffRials   money.Rials     `json:"off_rials"`
}

// Alone are the circumstances of one order by somebody whom nobody knows.
var Alone = Circumstances{Orders: 1}
