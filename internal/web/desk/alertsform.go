package desk

import (
	"strconv"
	"strings"
	"unicode"

	"pishkhan/internal/deadlines"
	"pishkhan/internal/fault"
	"pishkhan/internal/iran"
	"pishkhan/internal/web"
	view "pishkhan/views/desk"
)

func typedAlerts(v visit) map[string]string { return web.Typed(v.Ctx) }

// values are all that a form says under one name.
func values(v visit, name string) []string {
	var list []string
	for _, value := range v.Request().PostArgs().PeekMulti(name) {
		list = append(list, string(value))
	}
	return list
}

// seenVersion is the version of the rules that the editor saw.
func seenVersion(typed map[string]string) int64 {
	id, _ := strconv.ParseInt(typed["from"], 10, 64) // of what is no number no version is made
	return id
}

// whole reads a whole number in any digits.
func whole(wrong *fault.Fields, name, text string) int {
	n, err := strconv.Atoi(iran.Digits(text))
	if err != nil {
		wrong.Add(name, "alerts.error.number")
	}
	return n
}

// shares reads «۵۰، ۸۰».
func shares(wrong *fault.Fields, name, text string) []int {
	var list []int
	for _, word := range strings.FieldsFunc(iran.ASCIIDigits(text), func(r rune) bool { return r == ',' || r == '،' || r == '%' || r == '٪' || unicode.IsSpace(r) }) {
		n, err := strconv.Atoi(word)
		if err != nil {
			wrong.Add(name, "alerts.error.shares_number")
			return nil
		}
		list = append(list, n)
	}
	if len(list) == 0 {
		wrong.Add(name, "alerts.error.shares", "most", deadlines.MostShares)
	}
	return list
}

// readWarnings reads the shares. A service whose own are emptied follows the
// others again.
func readWarnings(typed map[string]string, rules deadlines.Rules) (from int64, house []int, services map[string][]int, err error) {
	var wrong fault.Fields
	house = shares(&wrong, "shares", typed["shares"])
	services = map[string][]int{}
	for slug := range rules.Services {
		if text := typed[view.SharesField(slug)]; strings.TrimSpace(text) != "" {
			services[slug] = shares(&wrong, view.SharesField(slug), text)
		}
	}
	slug, text := typed["new_service"], strings.TrimSpace(typed["new_shares"])
	switch _, twice := rules.Services[slug]; {
	case slug == "" && text != "":
		wrong.Add("new_service", "alerts.error.new_service")
	case twice:
		wrong.Add("new_service", "alerts.error.new_twice")
	case slug != "":
		services[slug] = shares(&wrong, "new_shares", text)
	}
	return seenVersion(typed), house, services, wrong.Err()
}

// readSteps reads the rows of the escalation; one without minutes is no step.
func readSteps(typed map[string]string) (from int64, rows []view.StepRow, steps []deadlines.Step, err error) {
	var wrong fault.Fields
	for i := 1; i <= deadlines.MostSteps+1; i++ {
		prefix := "steps." + strconv.Itoa(i)
		row := view.StepRow{After: strings.TrimSpace(typed[prefix+".after"]), To: typed[prefix+".to"]}
		if row.After == "" {
			continue
		}
		rows = append(rows, row)
		name := "steps." + strconv.Itoa(len(rows)) // as the page shows it again
		step := deadlines.Step{AfterMinutes: whole(&wrong, name+".after", row.After), To: deadlines.Target(row.To)}
		if id, err := strconv.ParseInt(row.To, 10, 64); err == nil {
			step.To, step.MemberID = deadlines.OneMember, id
		}
		steps = append(steps, step)
	}
	return seenVersion(typed), rows, steps, wrong.Err()
}
