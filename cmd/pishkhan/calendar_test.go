package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pishkhan/internal/db/dbtest"
	"pishkhan/internal/sla"
)

const office = `{"week": {"saturday": ["09:00-17:00"], "sunday": ["09:00-17:00"], "monday": ["09:00-17:00"], "tuesday": ["09:00-17:00"],
 "wednesday": ["09:00-17:00"], "thursday": ["09:00-13:00"]}, "dates": [{"date": "2026-11-22", "closed": true}]}`

// A deadline is told with what it is made of; a file with something wrong in
// it names the place.
func TestSlaDue(t *testing.T) {
	file := filepath.Join(t.TempDir(), "calendar.json")
	write := func(content string) {
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(office)
	due := func(start string, budget time.Duration) (string, error) {
		at, err := time.Parse(time.RFC3339, start)
		if err != nil {
			t.Fatal(err)
		}
		return printed(t, func() error {
			return (&slaDue{Start: at, Budget: budget, Explain: true, Calendar: file}).Run(t.Context())
		})
	}
	for _, x := range []struct {
		start  string
		budget time.Duration
		want   string
	}{
		{"2026-11-18T16:00:00+03:30", 2 * time.Hour, "2026-11-19T10:00:00+03:30\nWed 16:00–17:00 = 60 min; Thu 09:00–10:00 = 60 min; due Thu 10:00\n"},
		{"2026-11-18T12:30:30Z", 2 * time.Hour, "2026-11-19T10:00:30+03:30\nWed 16:00:30–17:00 = 59 min 30 s; Thu 09:00–10:00:30 = 60 min 30 s; due Thu 10:00:30\n"},
		{"2026-11-19T13:00:00+03:30", 9 * time.Hour, "2026-11-23T10:00:00+03:30\nSat 09:00–17:00 = 480 min; Mon 09:00–10:00 = 60 min; due Mon 10:00\n"},
		{"2026-11-18T16:00:00+03:30", 0, "2026-11-18T16:00:00+03:30\ndue Wed 16:00\n"},
	} {
		if got, err := due(x.start, x.budget); err != nil || got != x.want {
			t.Errorf("%s: %q %v, want %q", x.start, got, err, x.want)
		}
	}
	if got, err := due("2026-11-18T16:00:00+03:30", 50*time.Hour); err != nil || !strings.HasSuffix(got, "Sun 2026-11-29 09:00–10:00 = 60 min; due Sun 2026-11-29 10:00\n") {
		t.Errorf("a week away: %q %v", got, err)
	}
	write(`{"week": {"saturday": ["22:00-02:00"]}}`)
	if _, err := due("2026-11-18T16:00:00+03:30", time.Hour); err == nil || !strings.Contains(explain(err), "week.saturday[0]: The window 22:00-02:00 goes past midnight") {
		t.Errorf("told %v", err)
	}
	for _, wrong := range []slaDue{{}, {Start: time.Now(), Budget: -1}} {
		if _, ok := wrong.Run(t.Context()).(usageError); !ok {
			t.Errorf("%+v is used well", wrong)
		}
	}
}

// Both forms of the calendar go out and come in again.
func TestCalendarFiles(t *testing.T) {
	t.Setenv("DATABASE_URL", dbtest.NewURL(t))
	input(t, office)
	if _, err := printed(t, func() error { return (&calendarImport{Format: "json"}).Run(t.Context()) }); err != nil {
		t.Fatal(err)
	}
	input(t, "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261201\nSUMMARY:x\nSTATUS:TENTATIVE\nEND:VEVENT\nBEGIN:VEVENT\nDTSTART:20261202T000000Z\nEND:VEVENT\nEND:VCALENDAR\n")
	if _, err := printed(t, func() error { return (&calendarImport{Format: "ics"}).Run(t.Context()) }); err != nil {
		t.Fatal(err)
	}
	whole, err := printed(t, func() error { return (&calendarExport{Format: "json"}).Run(t.Context()) })
	if err != nil {
		t.Fatal(err)
	}
	c, err := sla.Parse([]byte(whole))
	if rule, ok := c.Rule(sla.Date{Year: 2026, Month: 12, Day: 1}); err != nil || !ok || !rule.Provisional || len(c.Dates) != 2 || len(c.Week[time.Thursday]) != 1 {
		t.Errorf("%s %v", whole, err)
	}
	holidays, err := printed(t, func() error { return (&calendarExport{Format: "ics"}).Run(t.Context()) })
	if err != nil || strings.Count(holidays, "BEGIN:VEVENT") != 2 || !strings.Contains(holidays, "STATUS:TENTATIVE") {
		t.Errorf("%s %v", holidays, err)
	}
	for format, wrong := range map[string]struct{ file, says string }{
		"json": {`{"dates": [{"date": "1404-12-30", "calendar": "jalali", "closed": true}]}`, "dates[0].date: There is no such day as 1404-12-30."},
		"ics":  {"BEGIN:VCALENDAR\n", "file: This file is not a sound iCalendar"},
	} {
		input(t, wrong.file)
		if err := (&calendarImport{Format: format}).Run(t.Context()); err == nil || !strings.Contains(explain(err), wrong.says) {
			t.Errorf("%s: told %v", format, err)
		}
	}
}

// input makes content the standard input.
func input(t *testing.T, content string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "input")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	before := os.Stdin
	os.Stdin = file
	t.Cleanup(func() {
		os.Stdin = before
		file.Close()
	})
}
