package desk

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/money"
	"pishkhan/internal/pricing"
)

// ruleValues is a rule as somebody would type it into its form.
func ruleValues(lang i18n.Lang, rule pricing.FeeRule) map[string]string {
	values := map[string]string{"services": strings.Join(rule.Services, ","), "min": tomanTyped(lang, rule.MinRials)}
	for _, family := range rule.Families {
		values["families"] = joined(values["families"], string(family))
	}
	for _, currency := range rule.Currencies {
		values["currencies"] = joined(values["currencies"], string(currency))
	}
	for i, step := range rule.Steps {
		values[at("steps", i+1, "from")] = tomanTyped(lang, step.FromRials)
		values[at("steps", i+1, "fixed")] = tomanTyped(lang, step.FixedRials)
		values[at("steps", i+1, "percent")] = percentTyped(lang, step.Percent)
	}
	for i, cost := range rule.Costs {
		values[at("costs", i+1, "fa")], values[at("costs", i+1, "en")] = cost.Name.FA, cost.Name.EN
		if cost.Rials > 0 {
			values[at("costs", i+1, "amount")] = tomanTyped(lang, cost.Rials)
		} else {
			values[at("costs", i+1, "percent")] = percentTyped(lang, cost.Percent)
		}
	}
	return values
}

// discountValues is what is taken off the fees, as somebody would type it.
func discountValues(lang i18n.Lang, t pricing.Tariff) map[string]string {
	values := map[string]string{"period": countTyped(lang, t.Club.PeriodDays)}
	for i, step := range t.Bulk {
		values[at("bulk", i+1, "from")] = countTyped(lang, step.From)
		values[at("bulk", i+1, "percent")] = percentTyped(lang, step.Percent)
	}
	for i, tier := range t.Club.Tiers {
		values[at("tiers", i+1, "key")] = tier.Key
		values[at("tiers", i+1, "fa")], values[at("tiers", i+1, "en")] = tier.Name.FA, tier.Name.EN
		if tier.Orders > 0 {
			values[at("tiers", i+1, "orders")] = countTyped(lang, tier.Orders)
		}
		if tier.FeesRials > 0 {
			values[at("tiers", i+1, "fees")] = tomanTyped(lang, tier.FeesRials)
		}
		values[at("tiers", i+1, "percent")] = percentTyped(lang, tier.Percent)
	}
	return values
}

func joined(before, next string) string {
	if before == "" {
		return next
	}
	return before + "," + next
}

func tomanTyped(lang i18n.Lang, r money.Rials) string { return lang.Number(r.Toman()) }

func percentTyped(lang i18n.Lang, d decimal.Decimal) string { return lang.Decimal(d) }

func countTyped(lang i18n.Lang, n int) string { return lang.Digits(strconv.Itoa(n)) }

var inRule = regexp.MustCompile(`^/fees/(\d+)(?:/(\w+)(?:/(\d+)(?:/([\w/]+))?)?)?$`)

// ruleInputs are the inputs of a rule's parts, by their JSON names.
var ruleInputs = map[string]string{
	"from_rials": "from", "fixed_rials": "fixed", "percent": "percent", "rials": "amount", "name/fa": "fa", "name/en": "en",
	"key": "key", "orders": "orders", "fees_rials": "fees", "from": "from",
}

// ruleFaults turns what is wrong with the tariff into what is wrong with the
// form of the rule at that place; what it says of other rules names the form
// as a whole. What the form itself found wrong stays.
func ruleFaults(fields []fault.Field, place int, values map[string]string) []fault.Field {
	var wrong []fault.Field
	for _, field := range fields {
		m := inRule.FindStringSubmatch(field.Name)
		switch {
		case m == nil && !strings.HasPrefix(field.Name, "/"):
		case m == nil || m[1] != strconv.Itoa(place):
			field.Name = "rule"
		case m[2] == "min_rials":
			field.Name = "min"
		case m[2] == "steps" || m[2] == "costs":
			field.Name = rowInput(m[2], m[3], m[4], values)
		case m[2] != "":
			field.Name = m[2]
		default:
			field.Name = "rule"
		}
		wrong = append(wrong, field)
	}
	return wrong
}

var inDiscounts = regexp.MustCompile(`^/(bulk|club)(?:/(period_days|tiers|\d+))?(?:/([\w]+))?(?:/([\w/]+))?$`)

// discountFaults does the same for the form of the discounts.
func discountFaults(fields []fault.Field, values map[string]string) []fault.Field {
	var wrong []fault.Field
	for _, field := range fields {
		m := inDiscounts.FindStringSubmatch(field.Name)
		switch {
		case m == nil:
		case m[1] == "bulk":
			field.Name = rowInput("bulk", m[2], m[3], values)
		case m[2] == "tiers":
			field.Name = rowInput("tiers", m[3], m[4], values)
		default:
			field.Name = "period"
		}
		wrong = append(wrong, field)
	}
	return wrong
}

// rowInput is the input of one part of the i-th row that was filled in, or
// the list as a whole.
func rowInput(list, i, part string, values map[string]string) string {
	index, err := strconv.Atoi(i)
	if err != nil {
		return list
	}
	rows := filled(values, list, "from", "fixed", "percent", "fa", "en", "amount", "key", "orders", "fees")
	input, ok := ruleInputs[part]
	if !ok {
		input = map[string]string{"steps": "from", "costs": "amount", "bulk": "from", "tiers": "orders"}[list]
	}
	if index >= len(rows) {
		return list
	}
	return at(list, rows[index], input)
}
