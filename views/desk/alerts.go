package desk

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"pishkhan/internal/catalog"
	"pishkhan/internal/deadlines"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/orders"
	"pishkhan/views/parts"
)

// AlertsPage says when warnings come and who is told, and what the reader
// wants to be told.
type AlertsPage struct {
	Chrome   parts.Chrome
	Rules    deadlines.RulesVersion
	History  []deadlines.RulesVersion // the newest first
	Choices  deadlines.Choices
	Mobile   string
	Services []catalog.Listing
	People   map[int64]string // supervisors and admins, who may be told
	Names    map[int64]string // everybody

	Saved   string // the form that was saved
	Failed  string // the form that was refused
	Typed   map[string]string
	Ticked  []string  // choices as ticked
	Steps   []StepRow // as typed
	Wrong   []fault.Field
	Refusal string
}

// StepRow is one step of the escalation as it is typed.
type StepRow struct{ After, To string }

// SharesField is the input of a service's own shares.
func SharesField(slug string) string { return "shares_" + slug }

// SharesText writes shares as people type them: «۵۰، ۸۰».
func SharesText(lang i18n.Lang, shares []int) string {
	words := make([]string, len(shares))
	for i, share := range shares {
		words[i] = lang.Number(int64(share))
	}
	return strings.Join(words, lang.T("desk.list_comma")+" ")
}

// field is an input of one of the forms, as typed or as kept.
func (p AlertsPage) field(ctx context.Context, form, name, label, kept string) parts.Field {
	f := parts.Field{Name: name, Label: label, Value: kept, Error: parts.ErrorFor(ctx, p.Wrong, name), Autocomplete: "off"}
	if p.Failed == form {
		f.Value = p.Typed[name]
	}
	return f
}

func helped(f parts.Field, help string) parts.Field {
	f.Help = help
	return f
}

// languageOptions are the languages that members are written to in.
func languageOptions(ctx context.Context) []parts.Option {
	var options []parts.Option
	for _, lang := range i18n.Langs() {
		options = append(options, parts.Option{Value: string(lang), Label: i18n.T(ctx, "alerts.lang."+string(lang))})
	}
	return options
}

func (p AlertsPage) ticked(c deadlines.Choice) bool {
	if p.Failed == "mine" {
		return slices.Contains(p.Ticked, c.Name())
	}
	return slices.Contains(p.Choices.Wanted, c)
}

// own are the services with shares of their own, and others those without.
func (p AlertsPage) own() (own, others []catalog.Listing) {
	for _, s := range p.Services {
		if _, has := p.Rules.Services[s.Slug]; has {
			own = append(own, s)
		} else if s.Service.Version > 0 {
			others = append(others, s)
		}
	}
	return own, others
}

func (p AlertsPage) otherServices(ctx context.Context) []parts.Option {
	var options []parts.Option
	_, others := p.own()
	for _, s := range others {
		options = append(options, parts.Option{Value: s.Slug, Label: s.Service.Definition.Title.In(i18n.LangOf(ctx))})
	}
	return options
}

func (p AlertsPage) serviceName(ctx context.Context, slug string) string {
	for _, s := range p.Services {
		if s.Slug == slug {
			return s.Service.Definition.Title.In(i18n.LangOf(ctx))
		}
	}
	return slug
}

// moreSteps is how many empty rows a form offers.
const moreSteps = 2

// stepRows are the steps to edit, with room for more.
func (p AlertsPage) stepRows(ctx context.Context) []StepRow {
	rows := p.Steps
	if p.Failed != "steps" {
		rows = nil
		for _, s := range p.Rules.Steps {
			rows = append(rows, StepRow{After: i18n.LangOf(ctx).Digits(strconv.Itoa(s.AfterMinutes)), To: targetValue(s)})
		}
	}
	for range min(moreSteps, max(deadlines.MostSteps-len(rows), 0)) {
		rows = append(rows, StepRow{})
	}
	return rows
}

func targetValue(s deadlines.Step) string {
	if s.To == deadlines.OneMember {
		return strconv.FormatInt(s.MemberID, 10)
	}
	return string(s.To)
}

// targets are whom a step can tell. A member who has left is named while a
// step is theirs still.
func (p AlertsPage) targets(ctx context.Context, chosen string) []parts.Option {
	var options []parts.Option
	for _, to := range deadlines.Targets {
		options = append(options, parts.Option{Value: string(to), Label: i18n.T(ctx, "alerts.to."+string(to))})
	}
	var people []parts.Option
	for id, name := range p.People {
		people = append(people, parts.Option{Value: strconv.FormatInt(id, 10), Label: name})
	}
	slices.SortFunc(people, func(a, b parts.Option) int { return strings.Compare(a.Label, b.Label) })
	options = append(options, people...)
	if chosen != "" && !slices.ContainsFunc(options, func(o parts.Option) bool { return o.Value == chosen }) {
		options = append(options, parts.Option{Value: chosen, Label: i18n.T(ctx, "alerts.to.gone")})
	}
	return options
}

// changes says what a version of the rules changed, against the one before.
func (p AlertsPage) changes(ctx context.Context, now, before deadlines.Rules) []string {
	lang := i18n.LangOf(ctx)
	var lines []string
	if was, is := p.sharesWords(ctx, before), p.sharesWords(ctx, now); was != is {
		lines = append(lines, i18n.T(ctx, "alerts.history.warnings", "what", is))
	}
	if !slices.Equal(now.Steps, before.Steps) {
		var steps []string
		for _, s := range now.Steps {
			steps = append(steps, i18n.T(ctx, "alerts.history.step", "n", s.AfterMinutes, "to", p.targetWords(ctx, s)))
		}
		if len(steps) == 0 {
			steps = []string{i18n.T(ctx, "alerts.history.no_steps")}
		}
		lines = append(lines, i18n.T(ctx, "alerts.history.steps", "what", strings.Join(steps, lang.T("desk.list_comma")+" ")))
	}
	if now.HolidayDays != before.HolidayDays {
		lines = append(lines, i18n.T(ctx, "alerts.history.days", "n", now.HolidayDays))
	}
	return lines
}

func (p AlertsPage) sharesWords(ctx context.Context, r deadlines.Rules) string {
	lang := i18n.LangOf(ctx)
	words := []string{SharesText(lang, r.Shares)}
	for _, s := range p.Services {
		if own, has := r.Services[s.Slug]; has {
			words = append(words, i18n.T(ctx, "alerts.history.service", "name", p.serviceName(ctx, s.Slug), "shares", SharesText(lang, own)))
		}
	}
	return strings.Join(words, " · ")
}

func (p AlertsPage) targetWords(ctx context.Context, s deadlines.Step) string {
	if s.To != deadlines.OneMember {
		return i18n.T(ctx, "alerts.to."+string(s.To))
	}
	return "\u2068" + p.Names[s.MemberID] + "\u2069"
}

func (p AlertsPage) madeBy(ctx context.Context, v deadlines.RulesVersion) string {
	if v.MadeBy == 0 {
		return i18n.T(ctx, "alerts.history.first")
	}
	return i18n.T(ctx, "alerts.history.by", "name", "\u2068"+p.Names[v.MadeBy]+"\u2069", "at", at(ctx, v.MadeAt))
}

// label names an input for a summary of errors: those of lists have no label
// of their own there.
func (p AlertsPage) label(ctx context.Context) func(string) string {
	return func(name string) string {
		if slug, ok := strings.CutPrefix(name, "shares_"); ok {
			return i18n.T(ctx, "alerts.warnings.of", "name", p.serviceName(ctx, slug))
		}
		if strings.HasSuffix(name, ".after") {
			return i18n.T(ctx, "alerts.steps.after")
		}
		if strings.HasSuffix(name, ".to") {
			return i18n.T(ctx, "alerts.steps.to")
		}
		return ""
	}
}

func version(v deadlines.RulesVersion) string { return strconv.FormatInt(v.ID, 10) }

// stepField is an input of the step in row i, counted from 0.
func (p AlertsPage) stepField(ctx context.Context, i int, part, label, value string) parts.Field {
	name := "steps." + strconv.Itoa(i+1) + part
	return parts.Field{
		Name: name, Label: label, Value: value, Error: parts.ErrorFor(ctx, p.Wrong, name), Autocomplete: "off",
		Optional: value == "" && part == ".after" && i >= len(p.Rules.Steps),
	}
}

// alertDetail says what came true of a promise, as the history keeps it.
func alertDetail(ctx context.Context, e orders.Event) string {
	number := func(name string) int { n, _ := e.Detail[name].(float64); return int(n) }
	text, _ := e.Detail["due"].(string)
	due, _ := time.Parse(time.RFC3339Nano, text)
	key, n := "alerts.event."+string(e.Verb), number("late_minutes")
	if e.Verb == orders.Escalated && n == 0 {
		key += "_now"
	}
	return i18n.T(ctx, key, "percent", number("percent"), "n", n, "due", until(ctx, due, e.At))
}
