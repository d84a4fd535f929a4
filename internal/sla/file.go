package sla

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"

	"pishkhan/internal/fault"
)

// Parse reads a calendar file (see the package comment). It returns an
// Invalid fault with a field for each flaw, named by its path in the file:
// those of Check, and sla.error.json, type, field_unknown, field_twice,
// required, calendar, date_*, window_format, closed_with_windows and
// rule_empty. Dates keep the calendar that they were entered in.
func Parse(data []byte) (Calendar, error) {
	root, err := parseJSON(data)
	if err != nil {
		return Calendar{}, err
	}
	r := reader{}
	c := r.calendar(root)
	if err := r.flaws.Err(); err != nil {
		return Calendar{}, err
	}
	if err := c.Check(); err != nil {
		return Calendar{}, err
	}
	return c, nil
}

// UnmarshalJSON is Parse, for a calendar inside other JSON.
func (c *Calendar) UnmarshalJSON(data []byte) (err error) {
	*c, err = Parse(data)
	return err
}

// reader turns JSON into a calendar, noting what is wrong on the way.
type reader struct {
	flaws fault.Fields
}

func (r *reader) calendar(n node) Calendar {
	c := Calendar{TimeZone: DefaultZone}
	fields := r.object(n, "time_zone", "week", "dates")
	if zone, given := fields["time_zone"]; given {
		c.TimeZone = r.text(zone)
	}
	if week, given := fields["week"]; given {
		c.Week = r.week(week)
	}
	if dates, given := fields["dates"]; given {
		for _, item := range r.list(dates) {
			c.Dates = append(c.Dates, r.rule(item))
		}
	}
	return c
}

func (r *reader) week(n node) (week Week) {
	var names []string
	for _, wd := range weekdays {
		names = append(names, wd.name)
	}
	fields := r.object(n, names...)
	for _, wd := range weekdays {
		if windows, given := fields[wd.name]; given {
			week[wd.day] = r.windows(windows)
		}
	}
	return week
}

func (r *reader) rule(n node) (rule DateRule) {
	before := len(r.flaws)
	fields := r.object(n, "date", "calendar", "name", "closed", "windows", "provisional")
	jalali := false
	if calendar, given := fields["calendar"]; given {
		switch name := r.text(calendar); name {
		case "jalali":
			jalali = true
		case "gregorian":
		default:
			r.flaws.Add(calendar.path, "sla.error.calendar", "calendar", name)
		}
	}
	if date, given := fields["date"]; given {
		var err error
		rule.Date, err = ParseDate(r.text(date), jalali)
		r.note(date, err)
	} else if n.kind == "object" {
		r.flaws.Add(n.path+".date", "sla.error.required")
	}
	if name, given := fields["name"]; given {
		rule.Name = r.text(name)
	}
	if provisional, given := fields["provisional"]; given {
		rule.Provisional = r.boolean(provisional)
	}
	closed := false
	if field, given := fields["closed"]; given {
		closed = r.boolean(field)
	}
	if windows, given := fields["windows"]; given {
		rule.Windows = r.windows(windows)
	}
	if len(r.flaws) > before {
		return rule
	}
	if closed && len(rule.Windows) > 0 {
		r.flaws.Add(n.path+".closed", "sla.error.closed_with_windows")
	}
	if !closed && len(rule.Windows) == 0 { // a slip of the pen must not close a day
		r.flaws.Add(n.path, "sla.error.rule_empty")
	}
	return rule
}

func (r *reader) windows(n node) (windows []Window) {
	for _, item := range r.list(n) {
		text := r.text(item)
		if item.kind != "text" {
			continue
		}
		w, err := ParseWindow(text)
		r.note(item, err)
		windows = append(windows, w)
	}
	return windows
}

// object returns the fields of an object by name.
func (r *reader) object(n node, known ...string) map[string]node {
	r.is(n, "object")
	fields := map[string]node{}
	for _, m := range n.members {
		_, twice := fields[m.name]
		switch {
		case !slices.Contains(known, m.name):
			r.flaws.Add(m.value.path, "sla.error.field_unknown", "field", m.name)
		case twice:
			r.flaws.Add(m.value.path, "sla.error.field_twice", "field", m.name)
		default:
			fields[m.name] = m.value
		}
	}
	return fields
}

func (r *reader) list(n node) []node { r.is(n, "list"); return n.items }

func (r *reader) text(n node) string { r.is(n, "text"); return n.text }

func (r *reader) boolean(n node) bool { r.is(n, "boolean"); return n.boolean }

func (r *reader) is(n node, kind string) {
	if n.kind != kind {
		path := n.path
		if path == "" {
			path = "$"
		}
		r.flaws.Add(path, "sla.error.type", "want", kind, "got", n.kind)
	}
}

// note records the fault of one value, unless its type was wrong already.
func (r *reader) note(n node, err error) {
	if f := fault.Of(err); f != nil && n.kind == "text" {
		r.flaws.Add(n.path, f.Key, f.Args...)
	}
}

// Marshal writes the calendar as a file that Parse reads: a line a weekday,
// and a line a date. It returns the faults of Check.
func Marshal(c Calendar) ([]byte, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	zone := c.TimeZone
	if zone == "" {
		zone = DefaultZone
	}
	var b bytes.Buffer
	b.WriteString("{\n \"time_zone\": " + line(zone) + ",\n \"week\": {")
	for i, wd := range weekdays {
		if i > 0 {
			b.WriteString(",")
		}
		b.WriteString("\n  " + line(wd.name) + ": " + line(texts(c.Week[wd.day])))
	}
	b.WriteString("\n },\n \"dates\": [")
	for i, rule := range c.Dates {
		if i > 0 {
			b.WriteString(",")
		}
		entry := dateEntry{Date: rule.Date.String(), Name: rule.Name, Closed: rule.Closed(), Provisional: rule.Provisional}
		if rule.Date.Jalali {
			entry.Calendar = "jalali"
		}
		if !rule.Closed() {
			entry.Windows = texts(rule.Windows)
		}
		b.WriteString("\n  " + line(entry))
	}
	b.WriteString("\n ]\n}\n")
	return b.Bytes(), nil
}

// MarshalJSON is Marshal, for a calendar inside other JSON.
func (c Calendar) MarshalJSON() ([]byte, error) { return Marshal(c) }

// dateEntry is an entry of "dates" as it is written.
type dateEntry struct {
	Date        string   `json:"date"`
	Calendar    string   `json:"calendar,omitempty"`
	Name        string   `json:"name,omitempty"`
	Closed      bool     `json:"closed,omitempty"`
	Windows     []string `json:"windows,omitempty"`
	Provisional bool     `json:"provisional,omitempty"`
}

func texts(windows []Window) []string {
	all := make([]string, len(windows))
	for i, w := range windows {
		all[i] = w.String()
	}
	return all
}

// line writes a value on one line, with its letters as they are.
func line(v any) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(errors.Join(errors.New("sla: a plain value does not marshal"), err))
	}
	return string(bytes.TrimSpace(b.Bytes()))
}
