package desk

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/shopspring/decimal"

	"pishkhan/internal/catalog"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/iran"
	"pishkhan/internal/money"
	"pishkhan/internal/pricing"
	"pishkhan/internal/web"
	view "pishkhan/views/desk"
)

// newRule is the empty form of another rule.
func (d *desk) newRule(v visit) error {
	return d.showRule(v, fiber.StatusOK, view.RuleForm{Values: map[string]string{"steps.1.from": "0"}})
}

// editRule is the form of a rule of the draft.
func (d *desk) editRule(v visit) error {
	draft, err := d.house.Pricing.TariffDraft(v.ctx())
	if err != nil {
		return err
	}
	n, err := v.rule(draft.Tariff)
	if err != nil {
		return err
	}
	return d.showRule(v, fiber.StatusOK, view.RuleForm{Editing: true, Place: n, Values: ruleValues(v.lang(), draft.Tariff.Fees[n])})
}

func (d *desk) showRule(v visit, status int, form view.RuleForm) error {
	draft, err := d.house.Pricing.TariffDraft(v.ctx())
	if err != nil {
		return err
	}
	page, err := d.tariffPage(v, v.words("prices.rule"), draft.Tariff)
	if err != nil {
		return err
	}
	if page.Revision = draft.Revision; form.Revision != 0 {
		page.Revision = form.Revision // what the form was read with
	}
	page.Rule, page.Chrome.Failed = form, len(form.Wrong) > 0
	page.Chrome.Path = draftPath
	return web.Render(v.Ctx, status, view.PriceRule(page))
}

// addRule puts a new rule before all others: the first that fits counts.
func (d *desk) addRule(v visit) error {
	return d.keepRule(v, view.RuleForm{}, func(t *pricing.Tariff, rule pricing.FeeRule) (int, error) {
		t.Fees = slices.Insert(t.Fees, 0, rule)
		return 0, nil
	})
}

// saveRule changes a rule.
func (d *desk) saveRule(v visit) error {
	place, err := v.id("n")
	if err != nil {
		return err
	}
	return d.keepRule(v, view.RuleForm{Editing: true, Place: int(place)}, func(t *pricing.Tariff, rule pricing.FeeRule) (int, error) {
		n, err := v.rule(*t)
		if err == nil {
			t.Fees[n] = rule
		}
		return n, err
	})
}

func (d *desk) keepRule(v visit, form view.RuleForm, put func(*pricing.Tariff, pricing.FeeRule) (int, error)) error {
	form.Values, form.Revision = web.Typed(v.Ctx), v.revision()
	place := 0
	return d.changeDraft(v, func(t *pricing.Tariff) error {
		rule, wrong := readRule(form.Values)
		if err := wrong.Err(); err != nil {
			return err
		}
		var err error
		place, err = put(t, rule)
		return err
	}, func(f *fault.Fault) error {
		form.Wrong = ruleFaults(f.Fields, place, form.Values)
		return d.showRule(v, f.Kind.Status(), form)
	})
}

// editDiscounts is the form of what is taken off the fees.
func (d *desk) editDiscounts(v visit) error {
	draft, err := d.house.Pricing.TariffDraft(v.ctx())
	if err != nil {
		return err
	}
	return d.showDiscounts(v, fiber.StatusOK, view.RuleForm{Values: discountValues(v.lang(), draft.Tariff)})
}

func (d *desk) showDiscounts(v visit, status int, form view.RuleForm) error {
	draft, err := d.house.Pricing.TariffDraft(v.ctx())
	if err != nil {
		return err
	}
	page, err := d.tariffPage(v, v.words("prices.discounts"), draft.Tariff)
	if err != nil {
		return err
	}
	if page.Revision = draft.Revision; form.Revision != 0 {
		page.Revision = form.Revision
	}
	page.Rule, page.Chrome.Failed = form, len(form.Wrong) > 0
	page.Chrome.Path = draftPath
	return web.Render(v.Ctx, status, view.PriceDiscounts(page))
}

// saveDiscounts changes what is taken off the fees.
func (d *desk) saveDiscounts(v visit) error {
	form := view.RuleForm{Values: web.Typed(v.Ctx), Revision: v.revision()}
	return d.changeDraft(v, func(t *pricing.Tariff) error {
		bulk, club, wrong := readDiscounts(form.Values)
		t.Bulk, t.Club = bulk, club
		return wrong.Err()
	}, func(f *fault.Fault) error {
		form.Wrong = discountFaults(f.Fields, form.Values)
		return d.showDiscounts(v, f.Kind.Status(), form)
	})
}

func readRule(values map[string]string) (pricing.FeeRule, fault.Fields) {
	var wrong fault.Fields
	rule := pricing.FeeRule{Services: split(values["services"]), MinRials: readToman(values, "min", &wrong)}
	for _, family := range split(values["families"]) {
		rule.Families = append(rule.Families, catalog.Family(family))
	}
	for _, currency := range split(values["currencies"]) {
		rule.Currencies = append(rule.Currencies, money.Currency(currency))
	}
	for _, n := range filled(values, "steps", "from", "fixed", "percent") {
		rule.Steps = append(rule.Steps, pricing.FeeStep{
			FromRials: readToman(values, at("steps", n, "from"), &wrong), FixedRials: readToman(values, at("steps", n, "fixed"), &wrong),
			Percent: readPercent(values, at("steps", n, "percent"), &wrong),
		})
	}
	for _, n := range filled(values, "costs", "fa", "en", "amount", "percent") {
		rule.Costs = append(rule.Costs, pricing.CostRule{
			Name:  i18n.Text{FA: strings.TrimSpace(values[at("costs", n, "fa")]), EN: strings.TrimSpace(values[at("costs", n, "en")])},
			Rials: readToman(values, at("costs", n, "amount"), &wrong), Percent: readPercent(values, at("costs", n, "percent"), &wrong),
		})
	}
	return rule, wrong
}

func readDiscounts(values map[string]string) (bulk []pricing.BulkStep, club pricing.Club, wrong fault.Fields) {
	for _, n := range filled(values, "bulk", "from", "percent") {
		bulk = append(bulk, pricing.BulkStep{
			From: readWhole(values, at("bulk", n, "from"), &wrong), Percent: readPercent(values, at("bulk", n, "percent"), &wrong),
		})
	}
	club.PeriodDays = readWhole(values, "period", &wrong)
	for _, n := range filled(values, "tiers", "key", "fa", "en", "orders", "fees", "percent") {
		club.Tiers = append(club.Tiers, pricing.Tier{
			Key:    strings.TrimSpace(values[at("tiers", n, "key")]),
			Name:   i18n.Text{FA: strings.TrimSpace(values[at("tiers", n, "fa")]), EN: strings.TrimSpace(values[at("tiers", n, "en")])},
			Orders: readWhole(values, at("tiers", n, "orders"), &wrong), FeesRials: readToman(values, at("tiers", n, "fees"), &wrong),
			Percent: readPercent(values, at("tiers", n, "percent"), &wrong),
		})
	}
	return bulk, club, wrong
}

// maxRows bounds the rows of a list in these forms.
const maxRows = view.MostRows

// filled are the numbers of the rows in which anything is typed.
func filled(values map[string]string, list string, names ...string) []int {
	var rows []int
	for n := 1; n <= maxRows; n++ {
		if slices.ContainsFunc(names, func(name string) bool { return strings.TrimSpace(values[at(list, n, name)]) != "" }) {
			rows = append(rows, n)
		}
	}
	return rows
}

func at(list string, n int, name string) string { return fmt.Sprintf("%s.%d.%s", list, n, name) }

func split(values string) []string {
	if values == "" {
		return nil
	}
	return strings.Split(values, ",")
}

// What is left empty is nothing.

func readToman(values map[string]string, name string, wrong *fault.Fields) money.Rials {
	if strings.TrimSpace(values[name]) == "" {
		return 0
	}
	rials, err := money.ParseToman(values[name])
	if err != nil {
		wrong.AddErr(name, err)
	}
	return rials
}

var percentage = regexp.MustCompile(`^\d{1,3}([.٫]\d{1,4})?$`)

func readPercent(values map[string]string, name string, wrong *fault.Fields) decimal.Decimal {
	text := strings.TrimRight(iran.ASCIIDigits(strings.TrimSpace(values[name])), "%٪ ")
	if text == "" {
		return decimal.Zero
	}
	if !percentage.MatchString(text) {
		wrong.Add(name, "pricing.tariff.percent")
		return decimal.Zero
	}
	return decimal.RequireFromString(strings.Replace(text, "٫", ".", 1))
}

func readWhole(values map[string]string, name string, wrong *fault.Fields) int {
	text := iran.ASCIIDigits(strings.TrimSpace(values[name]))
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > 1_000_000 {
		wrong.Add(name, "pricing.tariff.range")
	}
	return n
}
