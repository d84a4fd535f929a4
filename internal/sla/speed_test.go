package sla

import (
	"testing"
	"time"
)

// busy is two years in which a third of the days has its own hours, with 60
// closed days in a row from 2026-11-19 on.
func busy() Calendar {
	c := office()
	first := Date{Year: 2026, Month: 1, Day: 1}.dayNumber()
	closed := Date{Year: 2026, Month: 11, Day: 19}.dayNumber()
	for n := first; n < first+730; n++ {
		switch {
		case n >= closed && n < closed+60:
			c.Dates = append(c.Dates, DateRule{Date: dateOfDay(n)})
		case n%3 == 0:
			c.Dates = append(c.Dates, DateRule{Date: dateOfDay(n), Windows: []Window{{10 * 3600, 12 * 3600}, {13 * 3600, 15 * 3600}}})
		}
	}
	return c
}

func speedCases() map[string]func() (*Engine, time.Time) {
	return map[string]func() (*Engine, time.Time){
		"default":   func() (*Engine, time.Time) { return must(Prepare(Default())), at("2026-11-18 16:00:30") },
		"60 closed": func() (*Engine, time.Time) { return must(Prepare(busy())), at("2026-11-18 16:00:30") },
		"dst": func() (*Engine, time.Time) {
			c := busy()
			c.TimeZone = "Europe/Berlin"
			return must(Prepare(c)), at("2026-11-18 16:00:30")
		},
		"year 3000": func() (*Engine, time.Time) {
			c := busy()
			c.TimeZone = "Europe/Berlin"
			return must(Prepare(c)), at("3000-11-18 16:00:30")
		},
	}
}

func TestDueAllocatesNothing(t *testing.T) {
	for name, prepare := range speedCases() {
		e, start := prepare()
		if n := testing.AllocsPerRun(100, func() { e.Due(start, 2*time.Hour) }); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

func BenchmarkDue(b *testing.B) {
	for name, prepare := range speedCases() {
		b.Run(name, func(b *testing.B) {
			e, start := prepare()
			b.ReportAllocs()
			for b.Loop() {
				e.Due(start, 2*time.Hour)
			}
		})
	}
}

func BenchmarkPrepare(b *testing.B) {
	c := busy()
	for b.Loop() {
		must(Prepare(c))
	}
}
