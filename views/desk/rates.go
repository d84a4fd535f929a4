package desk

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/money"
	"pishkhan/internal/pricing"
	"pishkhan/views/parts"
)

// RatesPage is the newest rate of each currency, and what waits to be done
// about them.
type RatesPage struct {
	Chrome    parts.Chrome
	Rates     map[money.Currency]pricing.Rate
	InUse     []money.Currency // that services on offer take
	Feeds     map[money.Currency]pricing.Feed
	Proposals []pricing.Proposal
	Terms     pricing.RateTerms
	People    map[int64]string // names of the staff
	Now       time.Time
	Me        int64
	MaySet    bool

	Set, Waits []money.Currency  // what came of the form before
	Typed      map[string]string // rates as typed
	TermsTyped map[string]string
	Wrong      []fault.Field
	Refusal    string // why something was not done, in words
}

// RatePage is one currency.
type RatePage struct {
	Chrome   parts.Chrome
	Currency money.Currency
	Rate     pricing.Rate // the newest; none without an ID
	Now      time.Time
	People   map[int64]string
	MaySet   bool

	Days   int // that the picture shows
	Since  time.Time
	Course []pricing.RatePoint

	History     []pricing.Rate
	First, Next string

	Feed  pricing.Feed      // none without an address
	Typed map[string]string // of the feed's form; nil: as it is kept
	Wrong []fault.Field
}

// RatePath is the address of a currency's page.
func RatePath(c money.Currency) string { return "/desk/rates/" + string(c) }

// SellField and BuyField are the inputs of a currency's rates.
func SellField(c money.Currency) string { return "sell_" + string(c) }

// BuyField is the input of what a currency is bought for.
func BuyField(c money.Currency) string { return "buy_" + string(c) }

// currencies are those to show: in use, or with a rate.
func (p RatesPage) currencies() []money.Currency {
	return slices.DeleteFunc(money.Currencies(), func(c money.Currency) bool {
		_, has := p.Rates[c]
		return !has && !slices.Contains(p.InUse, c)
	})
}

// stale are the currencies in use that make no quotes: their rate is too old,
// or there is none.
func (p RatesPage) stale() []money.Currency {
	return slices.DeleteFunc(slices.Clone(p.InUse), func(c money.Currency) bool {
		rate, has := p.Rates[c]
		return has && !rate.Stale(p.Now)
	})
}

// failing are the currencies whose feed gave no rate the last time.
func (p RatesPage) failing() []money.Currency {
	return slices.DeleteFunc(p.currencies(), func(c money.Currency) bool { return p.Feeds[c].LastError == "" })
}

// input names a rate's input by its currency, for a summary of errors.
func (p RatesPage) input(ctx context.Context) func(string) string {
	return func(name string) string {
		side, code, ok := strings.Cut(name, "_")
		currency := money.Currency(code)
		if !ok || !currency.Known() {
			return ""
		}
		return i18n.T(ctx, "rates."+side+"_of", "name", i18n.T(ctx, currency.NameKey()))
	}
}

func (p RatesPage) term(ctx context.Context, name string, held decimal.Decimal) parts.Field {
	f := parts.Field{
		Name: name, Label: i18n.T(ctx, "rates.terms."+name), Help: i18n.T(ctx, "rates.terms."+name+"_help"),
		Value: i18n.LangOf(ctx).Decimal(held), Error: parts.ErrorFor(ctx, p.Wrong, name), Autocomplete: "off",
	}
	if p.TermsTyped != nil {
		f.Value = p.TermsTyped[name]
	}
	return f
}

func hours(d time.Duration) decimal.Decimal {
	return decimal.New(int64(d/time.Minute), 0).Div(decimal.New(60, 0)).Round(2)
}

// codes lists currencies by their codes.
func codes(ctx context.Context, list []money.Currency) string {
	words := make([]string, len(list))
	for i, c := range list {
		words[i] = string(c)
	}
	return "\u2068" + strings.Join(words, i18n.T(ctx, "desk.list_comma")+" ") + "\u2069"
}

// age says how long ago something was.
func age(ctx context.Context, d time.Duration) string {
	if days := int(d / (24 * time.Hour)); days >= 2 {
		return i18n.T(ctx, "rates.days_ago", "n", days)
	}
	return i18n.T(ctx, "rates.ago", "age", d)
}

// rateFrom says where a rate came from, and who agreed to it.
func rateFrom(ctx context.Context, r pricing.Rate, people map[int64]string) string {
	from := i18n.T(ctx, "rates.source."+string(r.Source))
	if name := people[r.SetBy]; name != "" && r.Source != pricing.FeedRate {
		from = "\u2068" + name + "\u2069"
	}
	if name := people[r.ApprovedBy]; name != "" {
		from = i18n.T(ctx, "rates.approved_by", "from", from, "name", "\u2068"+name+"\u2069")
	}
	return from
}

// plainToman shows a rate without its unit, which stands in the heading.
func plainToman(ctx context.Context, r money.Rials) string {
	if r == 0 {
		return "—"
	}
	return i18n.LangOf(ctx).Number(r.Toman())
}

// moved says how far one rate is from another: «۸٫۵ درصد بالاتر».
func moved(ctx context.Context, from, to money.Rials) string {
	if from == 0 || to == 0 {
		return ""
	}
	percent, key := pricing.Move(from, to).Round(1), "rates.up"
	if percent.IsNegative() {
		key = "rates.down"
	}
	return i18n.T(ctx, key, "percent", percent.Abs())
}

// feedField is a question of the feed's form, with help where there is some.
func (p RatePage) feedField(ctx context.Context, name, kept, help string) parts.Field {
	f := parts.Field{
		Name: name, Label: i18n.T(ctx, "rates.feed."+name), Value: kept, Help: help,
		Error: parts.ErrorFor(ctx, p.Wrong, name), Autocomplete: "off",
	}
	if p.Typed != nil {
		f.Value = p.Typed[name]
	}
	return f
}

func optional(f parts.Field) parts.Field {
	f.Optional = true
	return f
}

func (p RatePage) unit() string {
	if p.Feed.Unit == "" {
		return string(pricing.InToman)
	}
	return string(p.Feed.Unit)
}

func (p RatePage) every(ctx context.Context) string {
	if p.Feed.EveryMinutes == 0 {
		return i18n.LangOf(ctx).Number(defaultEvery)
	}
	return i18n.LangOf(ctx).Digits(strconv.Itoa(p.Feed.EveryMinutes))
}

// defaultEvery is how many minutes apart a new feed is read.
const defaultEvery = 15

func (p RatePage) on() bool {
	if p.Typed != nil {
		return p.Typed["on"] != ""
	}
	return p.Feed.EnabledAt != nil
}

// tab leads to the picture of so many days.
func (p RatePage) tab(ctx context.Context, days int) parts.NavItem {
	return parts.NavItem{
		Label: i18n.T(ctx, "rates.last_days", "n", days), Current: days == p.Days, Href: RatePath(p.Currency) + "?days=" + strconv.Itoa(days),
	}
}
