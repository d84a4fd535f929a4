package shop

import (
	"slices"
	"strings"

	"pishkhan/internal/catalog"
	"pishkhan/views/parts"
)

// priceInputs selects the inputs that the price depends on: no others are
// sent to ask for it.
func priceInputs(d catalog.Definition) string {
	amount := d.AmountField()
	selectors := []string{named(amount.CurrencyInput())}
	if amount.Sum == nil {
		selectors = append(selectors, named(amount.Name))
	}
	for _, name := range summed(d) {
		selectors = append(selectors, named(name), `[name^="`+name+`."]`)
	}
	return strings.Join(selectors, ", ")
}

func named(name string) string { return `[name="` + name + `"]` }

// priceTrigger says what makes the price be asked for anew.
func priceTrigger(d catalog.Definition) string {
	amount := d.AmountField()
	var triggers []string
	if amount.Sum == nil {
		triggers = append(triggers, "input delay:300ms from:#"+parts.FieldID(amount.Name))
	} else {
		// Rows come and go: what happens in them is heard at the form.
		triggers = append(triggers, "input delay:300ms from:#"+formID, "change delay:300ms from:#"+formID)
	}
	if amount.Sum == nil && len(d.Limits) > 1 {
		triggers = append(triggers, "change from:#"+parts.FieldID(amount.CurrencyInput()))
	}
	return strings.Join(triggers, ", ")
}

// priceFor are the ids of the inputs that the price is for.
func priceFor(d catalog.Definition) string {
	amount := d.AmountField()
	return parts.FieldID(amount.Name) + " " + parts.FieldID(amount.CurrencyInput())
}

// summed are the fields that make up the amount, and those that decide
// whether these are asked at all.
func summed(d catalog.Definition) []string {
	sum := d.AmountField().Sum
	if sum == nil {
		return nil
	}
	names := slices.Clone(sum.Plus)
	if sum.Rows != "" {
		names = append(names, sum.Rows)
	}
	for i := 0; i < len(names); i++ { // names grow meanwhile
		for field := range d.Fields() {
			if field.Name == names[i] && field.ShownIf != nil && !slices.Contains(names, field.ShownIf.Field) {
				names = append(names, field.ShownIf.Field)
			}
		}
	}
	return names
}
