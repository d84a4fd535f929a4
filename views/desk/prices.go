package desk

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"pishkhan/internal/catalog"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/money"
	"pishkhan/internal/pricing"
	"pishkhan/views/parts"
)

// TariffPage is the tariff as it holds, or as it is drafted.
type TariffPage struct {
	Chrome   parts.Chrome
	Tariff   pricing.Tariff
	Services []catalog.Service // those on offer, for their titles
	People   map[int64]string  // names of the staff
	Now      time.Time
	MayEdit  bool
	Refusal  string // why something was not done, in words

	// of the tariff that holds
	Version  int
	Versions []pricing.TariffVersion

	// of the draft
	Begun    bool
	Revision int64
	SavedAt  time.Time
	SavedBy  int64
	Try      Try
	Rule     RuleForm
	Wrong    []fault.Field
}

// Try is an order to price under the tariff that holds and under the draft.
type Try struct {
	Service, Amount, Currency, Orders, Tier string
	Quotes                                  []pricing.Quote // under either; none before an amount is given
	Hint                                    string          // what is wrong, in words
}

// RuleForm is a form of the draft as it was typed.
type RuleForm struct {
	Editing  bool // of a rule: it is there already, at Place
	Place    int
	Revision int64 // of the draft that the form was read with; 0: the present one
	Values   map[string]string
	Wrong    []fault.Field
}

// MostRows is how many rows a list of these forms takes.
const MostRows = 20

// field is a question of the form; its label is that of the input's last part.
func (f RuleForm) field(ctx context.Context, name string, optional bool) parts.Field {
	label := name
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		list, _, _ := strings.Cut(name, ".")
		label = list + "." + name[i+1:]
	}
	field := parts.Field{
		Name: name, Label: i18n.T(ctx, "prices.form."+label), Value: f.Values[name], Optional: optional,
		Autocomplete: "off", Error: parts.ErrorFor(ctx, f.Wrong, name),
	}
	if help := "prices.form." + label + "_help"; i18n.LangOf(ctx).Has(help) {
		field.Help = i18n.T(ctx, help)
	}
	return field
}

// rows describes a list of the form.
func (f RuleForm) rows(ctx context.Context, list string, least int, optional bool) parts.RowList {
	count := max(least, 1)
	for name, value := range f.Values {
		rest, ok := strings.CutPrefix(name, list+".")
		if !ok || value == "" {
			continue
		}
		number, _, _ := strings.Cut(rest, ".")
		if n, err := strconv.Atoi(number); err == nil && n <= MostRows {
			count = max(count, n)
		}
	}
	if f.Values["_more"] == list {
		count++
	}
	return parts.RowList{
		Field: f.field(ctx, list, optional), Title: i18n.T(ctx, "prices.form."+list+".row"), Count: min(count, MostRows), Least: least, Most: MostRows,
	}
}

func (f RuleForm) chosen(name string) []string {
	if f.Values[name] == "" {
		return nil
	}
	return strings.Split(f.Values[name], ",")
}

func (f RuleForm) wrong(name string) bool {
	return slices.ContainsFunc(f.Wrong, func(field fault.Field) bool { return field.Name == name })
}

func (f RuleForm) action() string {
	if f.Editing {
		return "/desk/prices/draft/rules/" + strconv.Itoa(f.Place)
	}
	return "/desk/prices/draft/rules"
}

// covers names what a rule is for.
func (p TariffPage) covers(ctx context.Context, rule pricing.FeeRule) string {
	var names []string
	for _, family := range rule.Families {
		names = append(names, i18n.T(ctx, "family."+string(family)))
	}
	for _, slug := range rule.Services {
		names = append(names, p.title(ctx, slug))
	}
	if len(names) == 0 {
		return i18n.T(ctx, "prices.all_services")
	}
	return list(ctx, names)
}

func (p TariffPage) title(ctx context.Context, slug string) string {
	i := slices.IndexFunc(p.Services, func(s catalog.Service) bool { return s.Definition.Slug == slug })
	if i < 0 {
		return slug
	}
	return p.Services[i].Definition.Title.In(i18n.LangOf(ctx))
}

func ruleCurrencies(ctx context.Context, rule pricing.FeeRule) string {
	if len(rule.Currencies) == 0 {
		return i18n.T(ctx, "prices.all_currencies")
	}
	codes := make([]string, len(rule.Currencies))
	for i, c := range rule.Currencies {
		codes[i] = string(c)
	}
	return strings.Join(codes, " ")
}

// stepWords says what the fee is from an amount on.
func stepWords(ctx context.Context, step pricing.FeeStep) string {
	key := "prices.step"
	switch {
	case step.FixedRials == 0:
		key = "prices.step_percent"
	case step.Percent.IsZero():
		key = "prices.step_fixed"
	}
	words := i18n.T(ctx, key, "fixed", step.FixedRials, "percent", step.Percent)
	if step.FromRials == 0 {
		return words
	}
	return i18n.T(ctx, "prices.step_from", "from", step.FromRials, "fee", words)
}

func costWords(ctx context.Context, cost pricing.CostRule) string {
	if cost.Rials > 0 {
		return i18n.T(ctx, "prices.cost", "name", cost.Name.In(i18n.LangOf(ctx)), "rials", cost.Rials)
	}
	return i18n.T(ctx, "prices.cost_percent", "name", cost.Name.In(i18n.LangOf(ctx)), "percent", cost.Percent)
}

// tierWords says how a tier is reached.
func tierWords(ctx context.Context, tier pricing.Tier) string {
	switch {
	case tier.Orders == 0:
		return i18n.T(ctx, "prices.tier_fees", "fees", tier.FeesRials)
	case tier.FeesRials == 0:
		return i18n.T(ctx, "prices.tier_orders", "orders", tier.Orders)
	}
	return i18n.T(ctx, "prices.tier_either", "orders", tier.Orders, "fees", tier.FeesRials)
}

func (p TariffPage) serviceOptions(ctx context.Context) []parts.Option {
	options := make([]parts.Option, len(p.Services))
	for i, s := range p.Services {
		options[i] = parts.Option{Value: s.Definition.Slug, Label: s.Definition.Title.In(i18n.LangOf(ctx))}
	}
	return options
}

func currencyCodes() []parts.Option {
	var options []parts.Option
	for _, c := range money.Currencies() {
		options = append(options, parts.Option{Value: string(c), Label: string(c)})
	}
	return options
}

func (p TariffPage) tierOptions(ctx context.Context) []parts.Option {
	options := []parts.Option{{Value: "", Label: i18n.T(ctx, "prices.no_tier")}}
	for _, tier := range p.Tariff.Club.Tiers {
		options = append(options, parts.Option{Value: tier.Key, Label: tier.Name.In(i18n.LangOf(ctx))})
	}
	return options
}

// wrongWords says what is wrong with the draft, and where.
func (p TariffPage) wrongWords(ctx context.Context, field fault.Field) string {
	return field.Name + ": " + i18n.T(ctx, field.Key, field.Args...)
}

// unit stands beside an amount that has no choice of currencies.
func unit(ctx context.Context, key string) []parts.Option {
	return []parts.Option{{Label: i18n.T(ctx, key)}}
}
