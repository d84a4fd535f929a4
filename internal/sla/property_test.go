package sla

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"pishkhan/internal/fault"
)

const day24 = 24 * time.Hour

func TestAgreesWithEverySecond(t *testing.T) { rapid.Check(t, agreesWithEverySecond) }

func FuzzAgreesWithEverySecond(f *testing.F) { f.Fuzz(rapid.MakeFuzz(agreesWithEverySecond)) }

func agreesWithEverySecond(t *rapid.T) {
	e, ref, near := prepared(t)
	start := near + rapid.Int64Range(-40*3600, 20*3600).Draw(t, "start")
	budget := rapid.OneOf(rapid.Int64Range(0, 3), rapid.Int64Range(0, 4*3600), rapid.Int64Range(0, 40*3600)).Draw(t, "budget")
	const limit = 4 * 86400
	want, found := ref.due(start, budget, limit)
	got, ok := e.Due(time.Unix(start, 0), time.Duration(budget)*time.Second)
	if found && (!ok || got.Unix() != want || got.Nanosecond() != 0) {
		t.Fatalf("due = %v %v, every second says %v", got, ok, time.Unix(want, 0).In(ref.loc))
	}
	if !found && ok && got.Unix() <= start+limit-1 {
		t.Fatalf("due = %v, every second says later than %v", got, time.Unix(start+limit, 0).In(ref.loc))
	}
	end := start + rapid.Int64Range(0, 2*86400).Draw(t, "length")
	if got, want := e.Elapsed(time.Unix(start, 0), time.Unix(end, 0)), ref.elapsed(start, end); got != time.Duration(want)*time.Second {
		t.Fatalf("elapsed = %v, every second says %d s", got, want)
	}
	if got, want := e.OpenAt(time.Unix(start, 5)), ref.open(start); got != want {
		t.Fatalf("open = %v, the wall says %v", got, want)
	}
}

func TestProperties(t *testing.T) { rapid.Check(t, properties) }

func FuzzProperties(f *testing.F) { f.Fuzz(rapid.MakeFuzz(properties)) }

func properties(t *rapid.T) {
	e, _, near := prepared(t)
	instant := func(name string) time.Time {
		return time.Unix(near+rapid.OneOf(rapid.Int64Range(-86400, 86400), rapid.Int64Range(-1e9, 1e9), rapid.Int64Range(-4e9, 5e9)).Draw(t, name),
			rapid.OneOf(rapid.Just(int64(0)), rapid.Int64Range(0, 999_999_999)).Draw(t, name+" ns"))
	}
	length := rapid.OneOf(rapid.Just(time.Duration(0)), rapid.Map(rapid.Int64Range(0, 1e6), func(s int64) time.Duration { return time.Duration(s) * time.Second }),
		rapid.Map(rapid.Int64Range(0, 100*365*int64(day24)), func(n int64) time.Duration { return time.Duration(n) }))

	a, b, c := instant("a"), instant("b"), instant("c")
	if whole, parts := e.Elapsed(a, c), e.Elapsed(a, b)+e.Elapsed(b, c); whole != parts {
		t.Fatalf("elapsed a-c is %v, by way of b %v", whole, parts)
	}
	budget := length.Draw(t, "budget")
	due, ok := e.Due(a, budget)
	if !ok {
		if e.wall.weekBefore[7] != 0 {
			t.Fatalf("no due with a week that has hours")
		}
		return
	}
	if got := e.Elapsed(a, due); got != budget {
		t.Fatalf("elapsed until due is %v, budget %v", got, budget)
	}
	if got := e.Remaining(a, due); got != budget {
		t.Fatalf("remaining %v of %v", got, budget)
	}
	if !e.OpenAt(due) && (budget == 0 || !e.OpenAt(due.Add(-1))) {
		t.Fatalf("due %v is outside the hours", due)
	}
	if budget > 0 && e.Elapsed(a, due.Add(-1)) != budget-1 {
		t.Fatalf("due %v is not the earliest", due)
	}
	later := a.Add(length.Draw(t, "later"))
	if d, ok := e.Due(later, budget); ok && d.Before(due) {
		t.Fatalf("a later start is due earlier: %v, %v", d, due)
	}
	if d, ok := e.Due(a, budget+length.Draw(t, "more")); ok && d.Before(due) {
		t.Fatalf("a larger budget is due earlier: %v, %v", d, due)
	}
	if first, ok := e.NextOpening(a); !ok || first.Before(a) || !e.OpenAt(first) || e.Elapsed(a, first) != 0 {
		t.Fatalf("next opening from %v is %v", a, first)
	}
	if budget > 30*day24 {
		return // too many segments to look at
	}
	checkSegments(t, e, a, budget, due)
}

func checkSegments(t *rapid.T, e *Engine, start time.Time, budget time.Duration, due time.Time) {
	var total time.Duration
	at := start
	for _, s := range e.Explain(start, budget) {
		if s.Start.Before(at) || s.Open <= 0 || s.End.Sub(s.Start) != s.Open || e.Elapsed(s.Start, s.End) != s.Open {
			t.Fatalf("segment %+v after %v", s, at)
		}
		if whole := s.End.Truncate(time.Second).Sub(s.Start.Truncate(time.Second)); time.Duration(s.To-s.From)*time.Second != whole {
			t.Fatalf("segment %+v: the wall clock shows another length", s)
		}
		if wall := s.Start.In(e.loc); int(s.From) != wall.Hour()*3600+wall.Minute()*60+wall.Second() || s.Date.Day != wall.Day() {
			t.Fatalf("segment %+v starts at another reading", s)
		}
		total += s.Open
		at = s.End
	}
	if total != budget || budget > 0 && !at.Equal(due) {
		t.Fatalf("segments: %v of %v, until %v, due %v", total, budget, at, due)
	}
}

func TestRoundTheClock(t *testing.T) {
	c := Calendar{TimeZone: "Europe/Berlin"}
	for i := range c.Week {
		c.Week[i] = []Window{{0, EndOfDay}}
	}
	e := must(Prepare(c))
	rapid.Check(t, func(t *rapid.T) {
		a := time.Unix(rapid.Int64Range(-1e9, 1e11).Draw(t, "a"), rapid.Int64Range(0, 999_999_999).Draw(t, "ns"))
		budget := time.Duration(rapid.Int64Range(0, 1e17).Draw(t, "budget"))
		if due, ok := e.Due(a, budget); !ok || !due.Equal(a.Add(budget)) {
			t.Fatalf("due %v, want %v", due, a.Add(budget))
		}
	})
}

func TestFileRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, _ := aCalendar(t)
		if c.Check() != nil {
			t.Skip("not a sound calendar")
		}
		file := must(Marshal(c))
		again := must(Parse(file))
		if got := must(Marshal(again)); string(got) != string(file) {
			t.Fatalf("%s\nbecame\n%s", file, got)
		}
		for i, rule := range c.Dates {
			if again.Dates[i].Date != rule.Date {
				t.Fatalf("date %v became %v", rule.Date, again.Dates[i].Date)
			}
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add(defaultFile)
	f.Add([]byte(documented))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := Parse(data)
		if err != nil {
			if flaw := fault.Of(err); flaw == nil || flaw.Kind != fault.Invalid || len(flaw.Fields) == 0 {
				t.Fatalf("error without a place: %v", err)
			}
			return
		}
		file, err := Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		again := must(Parse(file))
		if got := must(Marshal(again)); string(got) != string(file) {
			t.Fatalf("%s\nbecame\n%s", file, got)
		}
	})
}

// prepared draws a calendar with open time, its engine and its reference.
func prepared(t *rapid.T) (*Engine, *reference, int64) {
	c, near := aCalendar(t)
	e, err := Prepare(c)
	if err != nil {
		t.Skip("never open")
	}
	return e, newReference(c), near
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
