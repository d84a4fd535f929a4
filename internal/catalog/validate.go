package catalog

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/inet"
	"pishkhan/internal/money"
)

// wrongs gathers what is wrong with a definition, by path.
type wrongs struct{ fault.Fields }

func (w *wrongs) add(path, key string) {
	w.Add(path, key)
}

// bilingual demands a text in both languages.
func (w *wrongs) bilingual(path string, text i18n.Text) {
	if strings.TrimSpace(text.FA) == "" {
		w.add(path+"/fa", "catalog.definition.missing")
	}
	if strings.TrimSpace(text.EN) == "" {
		w.add(path+"/en", "catalog.definition.missing")
	}
}

var (
	slug   = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	mostOf = decimal.New(1, 9) // money.ParseAmount reads nothing larger
)

const (
	maxRank          = 9999
	maxSlug          = 60
	maxBudgetMinutes = 60 * 100
)

// validate returns an Invalid fault that lists everything wrong with d.
func (d Definition) validate() error {
	w := new(wrongs)
	if !isSlug(d.Slug) {
		w.add("/slug", "catalog.definition.slug")
	}
	if !slices.Contains(Families, d.Family) {
		w.add("/family", "catalog.definition.unknown_value")
	}
	if d.Rank < 0 || d.Rank > maxRank {
		w.add("/rank", "catalog.definition.range")
	}
	w.bilingual("/title", d.Title)
	w.bilingual("/summary", d.Summary)
	w.bilingual("/guide", d.Guide)
	if d.BudgetMinutes < 1 || d.BudgetMinutes > maxBudgetMinutes {
		w.add("/budget_minutes", "catalog.definition.range")
	}
	if d.ExpectedMinutes < 0 || d.ExpectedMinutes > d.BudgetMinutes {
		w.add("/expected_minutes", "catalog.definition.range")
	}
	if d.Identity != "" && d.Identity != Basic && d.Identity != Document {
		w.add("/identity", "catalog.definition.unknown_value")
	}
	if d.Keywords != (i18n.Text{}) {
		w.bilingual("/keywords", d.Keywords)
	}
	d.validateLimits(w)
	d.validateGroups(w)
	d.validateSite(w)
	return w.Err()
}

func isSlug(text string) bool { return len(text) <= maxSlug && slug.MatchString(text) }

func (d Definition) validateLimits(w *wrongs) {
	if len(d.Limits) == 0 {
		w.add("/limits", "catalog.definition.missing")
	}
	seen := map[money.Currency]bool{}
	for i, limit := range d.Limits {
		path := fmt.Sprintf("/limits/%d", i)
		if !limit.Currency.Known() {
			w.add(path+"/currency", "catalog.definition.unknown_value")
		}
		if seen[limit.Currency] {
			w.add(path+"/currency", "catalog.definition.duplicate")
		}
		seen[limit.Currency] = true
		switch {
		case !inRange(limit.Min, mostOf), limit.Min.IsZero():
			w.add(path+"/min", "catalog.definition.range")
		case !inRange(limit.Max, mostOf), limit.Max.LessThan(limit.Min), limit.Max.Equal(mostOf):
			w.add(path+"/max", "catalog.definition.range")
		}
	}
}

// inRange reports 0 ≤ n ≤ most. The exponent is looked at first: comparing
// with 1e999999999 would write all its zeros.
func inRange(n, most decimal.Decimal) bool {
	return n.Exponent() >= -4 && n.Exponent() <= 9 && n.NumDigits() <= 20 &&
		!n.IsNegative() && n.LessThanOrEqual(most)
}

func (d Definition) validateSite(w *wrongs) {
	if (d.Site.Host == "") == (d.Site.Field == "") {
		w.add("/site", "catalog.definition.site")
		return
	}
	if d.Site.Host != "" {
		if !inet.IsHostName(d.Site.Host) {
			w.add("/site/host", "catalog.definition.host")
		}
		return
	}
	for field := range d.Fields() {
		if field.Name == d.Site.Field && field.Type == URL && field.Required && field.ShownIf == nil {
			return
		}
	}
	w.add("/site/field", "catalog.definition.reference")
}
