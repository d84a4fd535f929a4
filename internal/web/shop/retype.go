package shop

import (
	"strings"
	"time"

	"pishkhan/internal/catalog"
	"pishkhan/internal/i18n"
	"pishkhan/internal/jalali"
)

// retyped turns the answers of a form back into what somebody who reads lang
// would type.
func retyped(d catalog.Definition, open map[string]string, lang i18n.Lang) map[string]string {
	values := map[string]string{}
	set := func(name string, f catalog.Field) {
		if kept, ok := open[name]; ok {
			values[name] = retype(f, kept, lang)
		}
	}
	for field := range d.Fields() {
		set(field.Name, field)
		switch field.Type {
		case catalog.Amount:
			set(field.CurrencyInput(), catalog.Field{Type: catalog.Choice})
		case catalog.Rows:
			for _, number := range field.RowNumbers(open) {
				for _, asked := range field.Fields {
					set(field.RowInput(number, asked.Name), asked)
				}
			}
		}
	}
	return values
}

func retype(f catalog.Field, kept string, lang i18n.Lang) string {
	switch f.Type {
	case catalog.Date:
		day, err := time.Parse(time.DateOnly, kept)
		if err != nil {
			return kept
		}
		if f.Calendar == catalog.Jalali {
			return lang.Digits(jalali.FromTime(noon(day)).String())
		}
		return lang.Digits(day.Format("2006/01/02"))
	case catalog.Amount, catalog.Price:
		if lang == i18n.FA {
			kept = strings.ReplaceAll(kept, ".", "٫")
		}
		return lang.Digits(kept)
	case catalog.Number, catalog.Phone:
		return lang.Digits(kept)
	}
	return kept
}
