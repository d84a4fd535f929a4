package pricing

import (
	"time"

	"github.com/shopspring/decimal"

	"pishkhan/internal/catalog"
	"pishkhan/internal/i18n"
	"pishkhan/internal/money"
)

// Tariff is what the company charges for its work and what it takes off
// again, as finance wrote it. One that DecodeTariff has read is whole.
type Tariff struct {
	Fees []FeeRule  `json:"fees"` // the first that fits an order counts; the last fits every order
	Bulk []BulkStep `json:"bulk,omitempty"`
	Club Club       `json:"club,omitzero"`

	rules rules // of Fees, when it was decoded
}

// FeeRule is the fee of some orders, and what their destinations take on
// top. It names services or families, or neither; no currencies are all.
type FeeRule struct {
	Services   []string         `json:"services,omitempty"` // by slug
	Families   []catalog.Family `json:"families,omitempty"`
	Currencies []money.Currency `json:"currencies,omitempty"`
	Steps      []FeeStep        `json:"steps"`
	MinRials   money.Rials      `json:"min_rials"` // the fee is never less, whatever is taken off
	Costs      []CostRule       `json:"costs,omitempty"`
}

// FeeStep is the fee once the currency's price has reached FromRials: a fixed
// part, and a percentage of all of the currency's price.
type FeeStep struct {
	FromRials  money.Rials     `json:"from_rials"`
	FixedRials money.Rials     `json:"fixed_rials"`
	Percent    decimal.Decimal `json:"percent"`
}

// CostRule is something that the destination takes on top, passed on as it
// is: so many rials, or a percentage of the currency's price.
type CostRule struct {
	Name    i18n.Text       `json:"name"`
	Rials   money.Rials     `json:"rials,omitempty"`
	Percent decimal.Decimal `json:"percent,omitzero"`
}

// BulkStep is the percentage off the fee of each order once so many are
// placed together.
type BulkStep struct {
	From    int             `json:"from"`
	Percent decimal.Decimal `json:"percent"`
}

// Club is the club of regular customers: what counts is what they did within
// the last PeriodDays.
type Club struct {
	PeriodDays int    `json:"period_days"`
	Tiers      []Tier `json:"tiers"` // the lowest first
}

// Tier is one step of the club. It is reached by so many completed orders, or
// by so much paid in fees; 0 means: not that way.
type Tier struct {
	Key       string          `json:"key"`
	Name      i18n.Text       `json:"name"`
	Orders    int             `json:"orders,omitempty"`
	FeesRials money.Rials     `json:"fees_rials,omitempty"`
	Percent   decimal.Decimal `json:"percent"` // off the fee
}

// TariffID identifies one published version of the tariff.
type TariffID int64

// Origin says where a version of the tariff came from.
type Origin string

// The origins.
const (
	FromProgram  Origin = "program" // it came with the program
	FromDesk     Origin = "desk"    // somebody published the draft
	FromRollback Origin = "rollback"
)

// TariffVersion is the tariff as it was published once. It never changes.
type TariffVersion struct {
	ID          TariffID
	Version     int // counted from 1
	Tariff      Tariff
	Note        string // why, in the words of who published it
	Origin      Origin
	PublishedAt time.Time
	PublishedBy int64 // the staff member; 0: the program
}

// Reached returns the highest tier that so many completed orders, or so much
// paid in fees, reach; ok is false when they reach none.
func (c Club) Reached(orders int, fees money.Rials) (tier Tier, ok bool) {
	for _, t := range c.Tiers {
		if t.Orders > 0 && orders >= t.Orders || t.FeesRials > 0 && fees >= t.FeesRials {
			tier, ok = t, true
		}
	}
	return tier, ok
}

// Tier returns the tier of that key; ok is false when there is none now.
func (c Club) Tier(key string) (tier Tier, ok bool) {
	for _, t := range c.Tiers {
		if t.Key == key {
			return t, true
		}
	}
	return Tier{}, false
}
