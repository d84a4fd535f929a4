package desk

import (
	"context"
	"strconv"

	"github.com/a-h/templ"

	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/sla"
	"pishkhan/views/parts"
)

// CalendarHistoryPage lists versions.
type CalendarHistoryPage struct {
	CalendarPage
	Versions    []CalendarVersion
	First, Next string // addresses; "" for none
}

// CalendarVersion is a version with what it changed.
type CalendarVersion struct {
	Info    sla.VersionInfo
	Changes []sla.Change
}

func (v CalendarVersion) export(format string) string {
	return "/desk/calendar/export?format=" + format + "&version=" + strconv.FormatInt(v.Info.ID, 10)
}

func windowsField(ctx context.Context, f parts.Field) parts.Field {
	f.Help = i18n.T(ctx, "calendar.windows_help")
	return f
}

// optionalQuietly is an input that may stay empty and says so elsewhere.
func optionalQuietly(f parts.Field) parts.Field {
	f.Attrs = templ.Attributes{"aria-required": "false"}
	return f
}

func withList(f parts.Field) parts.Field {
	f.Attrs = templ.Attributes{"list": "zones"}
	return f
}

// weekLabel names the inputs of the week in a summary of errors.
func weekLabel(ctx context.Context) func(string) string {
	return func(name string) string {
		for _, day := range WeekInputs() {
			if day.Name == name {
				return weekdayName(ctx, day.Weekday)
			}
		}
		return i18n.T(ctx, "calendar.zone")
	}
}

func nameOrDate(ctx context.Context, rule sla.DateRule) string {
	if rule.Name != "" {
		return rule.Name
	}
	return dateWords(ctx, rule.Date)
}

// CalendarImportPage takes a file, and shows what it would change.
type CalendarImportPage struct {
	CalendarPage
	Wrong       []fault.Field
	Read        bool
	File        string
	Found       *sla.Holidays // of an iCalendar file; nil: a whole calendar
	FileChanges []sla.Change  // from the draft to the file
}

// wrongFile says what is wrong with the file, and where in it.
func wrongFile(ctx context.Context, f fault.Field) string {
	words := i18n.T(ctx, f.Key, f.Args...)
	if f.Name == "file" || f.Name == "take" {
		return words
	}
	return "\u2066" + f.Name + "\u2069: " + words
}

// changeOf is what the file changes on a date; nil is nothing.
func (p CalendarImportPage) changeOf(rule sla.DateRule) *sla.Change {
	for i, c := range p.FileChanges {
		if c.Kind == sla.DateChange && c.Date.Compare(rule.Date) == 0 {
			return &p.FileChanges[i]
		}
	}
	return nil
}
