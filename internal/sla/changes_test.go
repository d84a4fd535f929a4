package sla

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestChanges(t *testing.T) {
	rule := DateRule{Date: Date{Year: 1405, Month: 9, Day: 3, Jalali: true}, Name: "mourning", Provisional: true}
	before := office(rule, DateRule{Date: Date{Year: 2026, Month: 11, Day: 28}})
	after := before.Without(Date{Year: 2026, Month: 11, Day: 28})
	after.TimeZone = "Asia/Kabul"
	after.Week[time.Thursday] = []Window{{12 * 3600, 13 * 3600}, {9 * 3600, 11 * 3600}}
	confirmed := DateRule{Date: Date{Year: 2026, Month: 11, Day: 24}, Name: "mourning"} // the same day as 1405-09-03
	after = after.With(confirmed)
	nine, five := TimeOfDay(9*3600), TimeOfDay(17*3600)
	want := []Change{
		{Kind: ZoneChange, Zone: [2]string{"Asia/Tehran", "Asia/Kabul"}},
		{Kind: WeekdayChange, Weekday: time.Thursday, Before: []Window{{nine, 13 * 3600}}, After: []Window{{nine, 11 * 3600}, {12 * 3600, 13 * 3600}}},
		{Kind: DateChange, Date: confirmed.Date, Old: &rule, New: &confirmed},
		{Kind: DateChange, Date: Date{Year: 2026, Month: 11, Day: 28}, Old: &DateRule{Date: Date{Year: 2026, Month: 11, Day: 28}}, After: []Window{{nine, five}}},
	}
	if diff := cmp.Diff(want, Changes(before, after)); diff != "" {
		t.Error(diff)
	}
	if on := after.On(rule.Date); on != nil {
		t.Errorf("open on a holiday: %v", on)
	}
	if found, ok := after.Rule(rule.Date); !ok || found.Provisional {
		t.Errorf("the rule of the day is %+v %v", found, ok)
	}
	if ahead := before.ProvisionalFrom(Date{Year: 2026, Month: 11, Day: 24}); len(ahead) != 1 || ahead[0].Name != "mourning" {
		t.Errorf("provisional: %v", ahead)
	}
	if ahead := before.ProvisionalFrom(Date{Year: 2026, Month: 11, Day: 25}); ahead != nil {
		t.Errorf("provisional after it: %v", ahead)
	}
}

// What changed is exactly what makes the one calendar of the other, and the
// spelling of a date is no change.
func TestChangesSayAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, _ := aCalendar(t)
		b, _ := aCalendar(t)
		if a.Check() != nil || b.Check() != nil {
			t.Skip("not sound calendars")
		}
		patched := a
		for _, c := range Changes(a, b) {
			switch {
			case c.Kind == ZoneChange:
				patched.TimeZone = c.Zone[1]
			case c.Kind == WeekdayChange:
				patched.Week[c.Weekday] = c.After
			case c.New != nil:
				patched = patched.With(*c.New)
			default:
				patched = patched.Without(c.Date)
			}
		}
		if left := Changes(patched, b); len(left) != 0 {
			t.Fatalf("still different: %+v", left)
		}
		respelt := b
		respelt.Dates = slices.Clone(b.Dates)
		for i := range respelt.Dates {
			if d := respelt.Dates[i].Date; d.Gregorian().Year > 1926 && d.Gregorian().Year < 2118 {
				respelt.Dates[i].Date = d.InJalali()
			}
		}
		if left := Changes(b, respelt); len(left) != 0 {
			t.Fatalf("another spelling is a change: %+v", left)
		}
	})
}

func TestDays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := dateOfDay(rapid.Int64Range(-10000, 50000).Draw(t, "day"))
		n := rapid.IntRange(-4000, 4000).Draw(t, "days")
		if d.AddDays(n).AddDays(-n) != d || d.InJalali().AddDays(n).Compare(d.AddDays(n)) != 0 || d.InJalali().Gregorian() != d {
			t.Fatalf("%v and %d days", d, n)
		}
		if got := d.AddDays(n).Compare(d); got != 0 && got > 0 != (n > 0) || got == 0 != (n == 0) {
			t.Fatalf("%v %d days later compares %d", d, n, got)
		}
	})
}
