package desk

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"pishkhan/internal/catalog"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/iran"
	"pishkhan/internal/money"
)

// The forms of the editor, and back. A form's values are texts by input name,
// as a browser sends them; several answers to one question have commas between.

// fieldValues is a question as its form shows it.
func fieldValues(f catalog.Field) map[string]string {
	values := map[string]string{
		"name": f.Name, "type": string(f.Type), "placeholder": f.Placeholder, "required": ticked(f.Required), "required_with": f.With,
		"sealed": ticked(f.Sealed), "ltr": ticked(f.LTR), "format": string(f.Format),
		"min_length": count(f.MinLength), "max_length": count(f.MaxLength), "hosts": strings.Join(f.Hosts, "\n"),
		"calendar": string(f.Calendar), "from": string(f.From), "until": string(f.Until), "after": f.After, "deadline": ticked(f.Deadline),
		"min_rows": count(f.MinRows), "max_rows": count(f.MaxRows),
	}
	spread(values, "label", f.Label)
	spread(values, "help", f.Help)
	spread(values, "row_title", f.RowTitle)
	if f.Min != nil {
		values["min"] = strconv.FormatInt(*f.Min, 10)
	}
	if f.Max != nil {
		values["max"] = strconv.FormatInt(*f.Max, 10)
	}
	for i, option := range f.Choices {
		row := "choices." + strconv.Itoa(i+1) + "."
		values[row+"value"] = option.Value
		spread(values, row+"label", option.Label)
	}
	if f.ShownIf != nil {
		values["shown_if"] = f.ShownIf.Field
		values["shown_in."+f.ShownIf.Field] = strings.Join(f.ShownIf.In, ",")
	}
	if f.Sum != nil {
		values["sum_rows"], values["sum_price"], values["sum_quantity"] = f.Sum.Rows, f.Sum.Price, f.Sum.Quantity
		values["sum_plus"] = strings.Join(f.Sum.Plus, ",")
	}
	return values
}

// readField is what the form makes of the question that was there before: its
// members are those of its type, and no others. wrong is what cannot be read;
// whether the rest makes sense is said by the definition's own faults.
func readField(before catalog.Field, values map[string]string) (f catalog.Field, wrong fault.Fields) {
	f = catalog.Field{
		Name: strings.TrimSpace(values["name"]), Type: catalog.Type(values["type"]), Label: bilingual(values, "label"), Help: bilingual(values, "help"),
		Placeholder: line(values["placeholder"]), Required: values["required"] != "",
	}
	whole := func(name string) int { return readCount(values, name, &wrong) }
	if f.Type != catalog.Amount && f.Type != catalog.Rows {
		f.With = values["required_with"]
	}
	if shown := values["shown_if"]; shown != "" && f.Type != catalog.Amount {
		f.ShownIf = &catalog.Rule{Field: shown, In: listed(values["shown_in."+shown])}
	}
	switch f.Type {
	case catalog.Text, catalog.LongText:
		f.Format, f.LTR = catalog.Format(values["format"]), values["ltr"] != ""
		f.Sealed = f.Type == catalog.Text && values["sealed"] != ""
		f.MinLength, f.MaxLength = whole("min_length"), whole("max_length")
	case catalog.Login, catalog.Secret:
		f.Sealed, f.MaxLength = true, whole("max_length")
	case catalog.Email:
		f.MaxLength = whole("max_length")
	case catalog.URL:
		f.MaxLength, f.Hosts = whole("max_length"), strings.Fields(strings.ReplaceAll(values["hosts"], ",", " "))
		if len(f.Hosts) == 0 {
			f.Hosts = nil
		}
	case catalog.Number:
		f.Min, f.Max = readBound(values, "min", &wrong), readBound(values, "max", &wrong)
	case catalog.Date:
		f.Calendar, f.After = catalog.Calendar(values["calendar"]), values["after"]
		f.From, f.Until = readWhen(values["from"]), readWhen(values["until"])
		f.Deadline = values["deadline"] != ""
	case catalog.Choice, catalog.Choices:
		f.Choices = readOptions(values)
	case catalog.Amount:
		f.Required, f.Sum = true, readSum(values)
	case catalog.Rows:
		f.RowTitle, f.MinRows, f.MaxRows = bilingual(values, "row_title"), whole("min_rows"), whole("max_rows")
		if before.Type == catalog.Rows {
			f.Fields = before.Fields
		}
	}
	return f, wrong
}

func readOptions(values map[string]string) []catalog.Option {
	var options []catalog.Option
	for _, row := range rowsOf(values, "choices") {
		option := catalog.Option{Value: strings.TrimSpace(values[row+"value"]), Label: bilingual(values, row+"label")}
		if option != (catalog.Option{}) {
			options = append(options, option)
		}
	}
	return options
}

func readSum(values map[string]string) *catalog.Sum {
	sum := catalog.Sum{
		Rows: values["sum_rows"], Price: values["sum_price"], Quantity: values["sum_quantity"], Plus: listed(values["sum_plus"]),
	}
	if sum.Rows == "" {
		sum.Price, sum.Quantity = "", ""
		if len(sum.Plus) == 0 {
			return nil
		}
	}
	return &sum
}

// aboutValues is what a service says of itself, as its form shows it.
func aboutValues(d catalog.Definition) map[string]string {
	values := map[string]string{
		"family": string(d.Family), "rank": count(d.Rank), "expected_minutes": count(d.ExpectedMinutes), "budget_minutes": count(d.BudgetMinutes),
		"identity": string(d.Identity), "site_host": d.Site.Host, "site_field": d.Site.Field,
	}
	if d.Identity == "" {
		values["identity"] = string(catalog.Basic)
	}
	spread(values, "title", d.Title)
	spread(values, "summary", d.Summary)
	spread(values, "keywords", d.Keywords)
	spread(values, "guide", d.Guide)
	for i, limit := range d.Limits {
		row := "limits." + strconv.Itoa(i+1) + "."
		values[row+"currency"] = string(limit.Currency)
		values[row+"min"], values[row+"max"] = limit.Min.String(), limit.Max.String()
	}
	return values
}

// readAbout is the definition with what the form says of the service.
func readAbout(d catalog.Definition, values map[string]string) (_ catalog.Definition, wrong fault.Fields) {
	d.Family, d.Identity = catalog.Family(values["family"]), catalog.Identity(values["identity"])
	if d.Identity == catalog.Basic {
		d.Identity = ""
	}
	d.Title, d.Summary, d.Keywords, d.Guide = bilingual(values, "title"), bilingual(values, "summary"), bilingual(values, "keywords"), bilingual(values, "guide")
	d.Rank, d.ExpectedMinutes = readCount(values, "rank", &wrong), readCount(values, "expected_minutes", &wrong)
	d.BudgetMinutes = readCount(values, "budget_minutes", &wrong)
	d.Site = catalog.Site{Host: strings.ToLower(line(values["site_host"])), Field: values["site_field"]}
	d.Limits = []catalog.Limit{}
	for _, row := range rowsOf(values, "limits") {
		currency, least, most := values[row+"currency"], values[row+"min"], values[row+"max"]
		if line(currency+least+most) == "" {
			continue
		}
		d.Limits = append(d.Limits, catalog.Limit{
			Currency: money.Currency(currency), Min: readAmount(least, row+"min", &wrong), Max: readAmount(most, row+"max", &wrong),
		})
	}
	return d, wrong
}

// Only plain amounts are read: 1e999999999 would be written with all its zeros.
var plainAmount = regexp.MustCompile(`^\d{1,12}(\.\d{1,4})?$`)

func readAmount(text, name string, wrong *fault.Fields) decimal.Decimal {
	text = strings.NewReplacer(",", "", "٬", "", "٫", ".").Replace(iran.ASCIIDigits(line(text)))
	if !plainAmount.MatchString(text) {
		wrong.Add(name, "catalogue.error.amount")
		return decimal.Decimal{}
	}
	return decimal.RequireFromString(text)
}

var plainCount = regexp.MustCompile(`^\d{1,9}$`)

func readCount(values map[string]string, name string, wrong *fault.Fields) int {
	if n := readBound(values, name, wrong); n != nil {
		return int(*n)
	}
	return 0
}

// readBound reads a whole number; nil where nothing was typed.
func readBound(values map[string]string, name string, wrong *fault.Fields) *int64 {
	text := iran.ASCIIDigits(line(values[name]))
	if text == "" {
		return nil
	}
	if !plainCount.MatchString(text) {
		wrong.Add(name, "catalogue.error.number")
		return nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		panic(err) // nine digits
	}
	return &n
}

func readWhen(text string) catalog.When {
	return catalog.When(strings.ToLower(strings.ReplaceAll(iran.ASCIIDigits(line(text)), " ", "")))
}

// mostListed bounds the rows that a form is read to have.
const mostListed = 200

// rowsOf are the beginnings of the names of a list's inputs, row by row.
func rowsOf(values map[string]string, list string) []string {
	numbers := map[int]bool{}
	for name := range values {
		if rest, ok := strings.CutPrefix(name, list+"."); ok {
			number, _, _ := strings.Cut(rest, ".")
			if n, err := strconv.Atoi(number); err == nil && n > 0 && n <= mostListed {
				numbers[n] = true
			}
		}
	}
	var rows []string
	for n := 1; n <= mostListed; n++ {
		if numbers[n] {
			rows = append(rows, list+"."+strconv.Itoa(n)+".")
		}
	}
	return rows
}

// swapRows has two rows of a list change places, as "choices.3.up" says.
func swapRows(values map[string]string, what string) bool {
	parts := strings.Split(what, ".")
	if len(parts) != 3 || parts[2] != "up" && parts[2] != "down" {
		return false
	}
	rows := rowsOf(values, parts[0])
	from := slices.Index(rows, parts[0]+"."+parts[1]+".")
	to := from + 1
	if parts[2] == "up" {
		to = from - 1
	}
	if from < 0 || to < 0 || to >= len(rows) {
		return false
	}
	for name, value := range values {
		if member, ok := strings.CutPrefix(name, rows[from]); ok {
			values[name], values[rows[to]+member] = values[rows[to]+member], value
		}
	}
	return true
}

func spread(values map[string]string, name string, text i18n.Text) {
	values[name+"_fa"], values[name+"_en"] = text.FA, text.EN
}

func bilingual(values map[string]string, name string) i18n.Text {
	return i18n.Text{FA: paragraph(values[name+"_fa"]), EN: paragraph(values[name+"_en"])}
}

func paragraph(text string) string { return strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n")) }
func line(text string) string      { return strings.Join(strings.Fields(text), " ") }

func listed(text string) []string {
	return slices.DeleteFunc(strings.Split(text, ","), func(item string) bool { return item == "" })
}

func ticked(on bool) string {
	if on {
		return "1"
	}
	return ""
}

func count(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
