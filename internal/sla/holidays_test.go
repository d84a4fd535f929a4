package sla

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"pishkhan/internal/fault"
)

func events(lines ...string) []byte {
	return []byte("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:test\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VCALENDAR\r\n")
}

func event(lines ...string) string {
	return "BEGIN:VEVENT\r\nUID:x\r\nDTSTAMP:20260101T000000Z\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VEVENT"
}

var until = Date{Year: 2028, Month: 12, Day: 31}

func TestParseHolidays(t *testing.T) {
	found := must(ParseHolidays(events(
		event("DTSTART;VALUE=DATE:20261122", "DTEND;VALUE=DATE:20261123", "SUMMARY:Mourning\\, all day"),
		event("dtstart;value=date:20270320", "DTEND;VALUE=DATE:20270323", "SUMMARY:عید", "  نوروز", "STATUS:TENTATIVE", "TRANSP:TRANSPARENT"),
		event("DTSTART;VALUE=DATE:20261201", "SUMMARY;LANGUAGE=\"fa;:\":No end", "X-ALT-DESC;FMTTYPE=text/html:<p>;:"+strings.Repeat("x", 9000)),
		event("DTSTART;VALUE=DATE:20261202", "DTEND;VALUE=DATE:20261202", "SUMMARY:Ends on its own day"),
		event("DTSTART;VALUE=DATE:20261210", "DURATION:P2D", "SUMMARY:Two days"),
		event("DTSTART;VALUE=DATE:20261210", "SUMMARY:The same day", "STATUS:TENTATIVE"),
		event("DTSTART;VALUE=DATE:20260211", "RRULE:FREQ=YEARLY;UNTIL=20280101T000000Z;BYMONTH=2;BYMONTHDAY=11", "SUMMARY:Every year"),
		event("DTSTART;VALUE=DATE:20240229", "RRULE:FREQ=YEARLY", "SUMMARY:Leap day"),
		event("DTSTART;TZID=Asia/Tehran:20261122T090000", "DTEND;TZID=Asia/Tehran:20261122T100000", "SUMMARY:A meeting"),
		event("DTSTART:20261122T000000Z", "SUMMARY:Timed"),
		event("DTSTART;VALUE=DATE:20261122", "RRULE:FREQ=WEEKLY", "SUMMARY:Weekly"),
		event("DTSTART;VALUE=DATE:20261122", "RRULE:FREQ=YEARLY;BYDAY=4TH", "SUMMARY:Thanksgiving"),
		event("DTSTART;VALUE=DATE:20261122", "RRULE:FREQ=YEARLY", "EXDATE;VALUE=DATE:20271122", "SUMMARY:With exceptions"),
		event("DTSTART;VALUE=DATE:20261122", "STATUS:CANCELLED", "SUMMARY:Called off"),
		event("DTSTART;VALUE=DATE:20260231", "SUMMARY:No such day"),
		event("DTSTART;VALUE=DATE:20261122", "DTEND;VALUE=DATE:20261121", "SUMMARY:Backwards"),
		event("DTSTART;VALUE=DATE:20260101", "DTEND;VALUE=DATE:20270101", "SUMMARY:A year"),
		event("DTSTART;VALUE=DATE:19000101", "SUMMARY:Long ago"),
		event("SUMMARY:Never"),
		"BEGIN:VTODO\r\nSUMMARY:Not an event\r\nEND:VTODO",
	), until))
	var got []string
	for _, r := range found.Rules {
		if !r.Closed() || !r.Date.Jalali {
			t.Errorf("%+v", r)
		}
		words := r.Date.Gregorian().String() + " " + r.Name
		if r.Provisional {
			words += " (provisional)"
		}
		got = append(got, words)
	}
	if diff := cmp.Diff([]string{
		"2024-02-29 Leap day", "2026-02-11 Every year", "2026-11-22 Mourning, all day", "2026-12-01 No end", "2026-12-02 Ends on its own day",
		"2026-12-10 Two days / The same day", "2026-12-11 Two days", "2027-02-11 Every year",
		"2027-03-20 عید نوروز (provisional)", "2027-03-21 عید نوروز (provisional)", "2027-03-22 عید نوروز (provisional)", "2028-02-29 Leap day",
	}, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Skipped{
		{"A meeting", "20261122T090000", TimedEvent}, {"Timed", "20261122T000000Z", TimedEvent},
		{"Weekly", "20261122", RepeatingEvent}, {"Thanksgiving", "20261122", RepeatingEvent}, {"With exceptions", "20261122", RepeatingEvent},
		{"Called off", "20261122", CancelledEvent}, {"No such day", "20260231", UnclearEvent}, {"Backwards", "20261122", UnclearEvent},
		{"A year", "20260101", LongEvent}, {"Long ago", "19000101", FarEvent}, {"Never", "", UnclearEvent},
	}, found.Skipped); diff != "" {
		t.Error(diff)
	}
}

func TestParseHolidaysRefuses(t *testing.T) {
	_, err := ParseHolidays(make([]byte, MaxHolidayFile+1), until)
	if f := fault.Of(err); f == nil || f.Kind != fault.TooLarge {
		t.Errorf("too large: %v", err)
	}
	for name, file := range map[string][]byte{
		"nothing":        {},
		"JSON":           defaultFile,
		"an open event":  []byte("BEGIN:VCALENDAR\nBEGIN:VEVENT\n"),
		"not UTF-8":      events(event("SUMMARY:\xff")),
		"NUL":            events(event("SUMMARY:\x00")),
		"a deep nest":    events(strings.Repeat("BEGIN:VALARM\n", 50)),
		"deeper":         events(strings.Repeat("BEGIN:X\n", 100_000)),
		"a long line":    events(event("SUMMARY:" + strings.Repeat("x", 5000))),
		"two calendars":  append(events(), events()...),
		"no value":       events(event("SUMMARY;X=1")),
		"an end too few": []byte("BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n"),
	} {
		_, err := ParseHolidays(file, until)
		if !wantFlaw(t, err, "file", "sla.error.ics") {
			t.Log(name)
		}
	}
	var many []string
	for year := range 70 {
		many = append(many, event(fmt.Sprintf("DTSTART;VALUE=DATE:%d0101", 2000+year), "DURATION:P31D"))
	}
	_, err = ParseHolidays(events(many...), until)
	wantFlaw(t, err, "file", "sla.error.ics_many")
}

// What is exported comes back as it was.
func TestHolidaysRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, _ := aCalendar(t)
		if c.Check() != nil {
			t.Skip("not a sound calendar")
		}
		var want []DateRule
		for i, rule := range c.Dates {
			c.Dates[i].Name = cleanName(rapid.StringMatching(`[a-z ,;:"\\آ-ی]{0,60}`).Draw(t, "name"))
			if rule.Closed() && inJalaliYears(rule.Date.dayNumber()) {
				rule := c.Dates[i]
				rule.Date = rule.Date.InJalali()
				want = append(want, rule)
			}
		}
		slices.SortFunc(want, func(a, b DateRule) int { return a.Date.Compare(b.Date) })
		file := MarshalHolidays(c, time.Unix(1792310400, 0), "")
		found, err := ParseHolidays(file, until)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, found.Rules); diff != "" {
			t.Fatalf("%s\n%s", diff, file)
		}
		for _, line := range strings.Split(string(file), "\r\n") {
			if len(line) > 75 {
				t.Fatalf("a line of %d bytes: %q", len(line), line)
			}
		}
	})
}

func TestMarshalHolidays(t *testing.T) {
	c := Default()
	first, again := MarshalHolidays(c, time.Unix(1792310400, 0), "تعطیل"), MarshalHolidays(c, time.Unix(1892310400, 0), "تعطیل")
	for _, want := range []string{
		"UID:holiday-20260321@pishkhan\r\n", "DTSTART;VALUE=DATE:20260321\r\n", "DTEND;VALUE=DATE:20260322\r\n", "SUMMARY:عید نوروز\r\n",
		"STATUS:TENTATIVE\r\n", "STATUS:CONFIRMED\r\n", "DTSTAMP:20261018T",
	} {
		if !bytes.Contains(first, []byte(want)) {
			t.Errorf("%q is not in the file", want)
		}
	}
	ids := func(file []byte) (all []string) {
		for _, line := range strings.Split(string(file), "\r\n") {
			if strings.HasPrefix(line, "UID:") {
				all = append(all, line)
			}
		}
		return all
	}
	if got := ids(first); len(got) != 26 || len(slices.Compact(slices.Clone(got))) != 26 || !slices.Equal(got, ids(again)) {
		t.Errorf("identities %v, later %v", got, ids(again))
	}
}

func FuzzParseHolidays(f *testing.F) {
	f.Add(MarshalHolidays(Default(), time.Unix(0, 0), "x"))
	f.Add(events(event("DTSTART;VALUE=DATE:20260211", "RRULE:FREQ=YEARLY;INTERVAL=2;COUNT=9", "SUMMARY:a\\nb")))
	f.Add(events(event("DTSTART:20260211T000000Z", "DURATION:P2W", "SUMMARY;ALTREP=\"a:b\":a", " b")))
	f.Fuzz(func(t *testing.T, data []byte) {
		found, err := ParseHolidays(data, until)
		if err != nil {
			if f := fault.Of(err); f == nil || f.Kind != fault.Invalid || len(f.Fields) == 0 {
				t.Fatalf("error without a place: %v", err)
			}
			return
		}
		c := office(found.Rules...)
		if err := c.Check(); err != nil {
			t.Fatalf("a file makes an unsound calendar: %v", err)
		}
		again := must(ParseHolidays(MarshalHolidays(c, time.Unix(0, 0), ""), until))
		if diff := cmp.Diff(found.Rules, again.Rules); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestParseWindows(t *testing.T) {
	for typed, want := range map[string]string{
		"":                         "[]",
		" , ":                      "[]",
		"08:30-12:00, 12:30-17:00": "[08:30-12:00 12:30-17:00]",
		"۸:۳۰–۱۲، ۱۲:۳۰ تا ۱۷:۰۰":     "[08:30-12:00 12:30-17:00]",
		"\u200f٠٨:٣٠ - ٢٤:٠٠\u200c":   "[08:30-24:00]",
		"9 to 17\n18-19":              "[09:00-17:00 18:00-19:00]",
		"22:00-02:00":                 "[22:00-02:00]", // Check refuses it
		"9":                           "refused",
		"09:00-17:00-18:00":           "refused",
		"noon":                        "refused",
		"09:00-25:00":                 "refused",
		"09:00-12:00 13:00-17:00":     "refused",
		"009:00-12:00":                "refused",
		strings.Repeat("9-10,", 1000): "1000",
	} {
		windows, err := ParseWindows(typed)
		got := fmt.Sprint(windows)
		if len(windows) > 9 {
			got = fmt.Sprint(len(windows))
		}
		if err != nil {
			got = "refused"
		}
		if got != want {
			t.Errorf("%q: %s, %v, want %s", typed, got, err, want)
		}
	}
}
