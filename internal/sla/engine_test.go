package sla

import (
	"testing"
	"time"
)

// office is the grid of the worked examples: Sat–Wed 09:00–17:00, Thu
// 09:00–13:00. 2026-11-18 is a Wednesday.
func office(rules ...DateRule) Calendar {
	c := Calendar{TimeZone: "Asia/Tehran", Dates: rules}
	for _, d := range []time.Weekday{time.Saturday, time.Sunday, time.Monday, time.Tuesday, time.Wednesday} {
		c.Week[d] = []Window{{9 * 3600, 17 * 3600}}
	}
	c.Week[time.Thursday] = []Window{{9 * 3600, 13 * 3600}}
	return c
}

func roundTheClock(zone string) Calendar {
	c := Calendar{TimeZone: zone}
	for i := range c.Week {
		c.Week[i] = []Window{{0, EndOfDay}}
	}
	return c
}

// at reads "2026-11-18 16:00:30" on the wall in Tehran, outside DST doubts.
func at(s string) time.Time {
	return must(time.ParseInLocation("2006-01-02 15:04:05", s, must(time.LoadLocation("Asia/Tehran"))))
}

func TestWorkedExamples(t *testing.T) {
	nowruz := office()
	for day := 0; day < 26; day++ {
		nowruz.Dates = append(nowruz.Dates, DateRule{Date: dateOfDay(Date{Year: 2026, Month: 11, Day: 19}.dayNumber() + int64(day))})
	}
	for _, x := range []struct {
		name     string
		calendar Calendar
		start    string
		budget   time.Duration
		due      string
	}{
		{"over a night", office(), "2026-11-18 16:00:30", 2 * time.Hour, "2026-11-19 10:00:30"},
		{"from the closing instant", office(), "2026-11-18 17:00:00", 2 * time.Hour, "2026-11-19 11:00:00"},
		{"over the weekend", office(), "2026-11-18 18:00:00", 6 * time.Hour, "2026-11-21 11:00:00"},
		{"round the clock", roundTheClock("Asia/Tehran"), "2026-11-18 23:00:00", 2 * time.Hour, "2026-11-19 01:00:00"},
		{"26 closed days ahead", nowruz, "2026-11-18 17:00:00", 30 * time.Minute, "2026-12-15 09:30:00"},
		{"explained", office(), "2026-11-18 16:00:00", 2 * time.Hour, "2026-11-19 10:00:00"},
		{"ends at closing", office(), "2026-11-18 15:00:00", 2 * time.Hour, "2026-11-18 17:00:00"},
		{"the last second", office(), "2026-11-18 16:59:59", time.Second, "2026-11-18 17:00:00"},
		{"a second more", office(), "2026-11-18 16:59:59", 2 * time.Second, "2026-11-19 09:00:01"},
		{"before opening", office(), "2026-11-18 03:00:00", time.Minute, "2026-11-18 09:01:00"},
		{"no budget, open", office(), "2026-11-18 12:34:56", 0, "2026-11-18 12:34:56"},
		{"no budget, closed", office(), "2026-11-19 13:00:00", 0, "2026-11-21 09:00:00"},
		{"less than no budget", office(), "2026-11-19 13:00:00", -time.Hour, "2026-11-21 09:00:00"},
		{"the default calendar over Fatemiyeh", Default(), "2026-11-12 12:00:00", 2 * time.Hour, "2026-11-14 09:30:00"},
	} {
		t.Run(x.name, func(t *testing.T) {
			due, ok := must(Prepare(x.calendar)).Due(at(x.start), x.budget)
			if !ok || !due.Equal(at(x.due)) {
				t.Errorf("due %v, want %v", due, x.due)
			}
		})
	}
}

func TestSubSecondStartIsKept(t *testing.T) {
	e := must(Prepare(office()))
	start := at("2026-11-18 16:59:59").Add(700 * time.Millisecond)
	if due, _ := e.Due(start, time.Second); !due.Equal(at("2026-11-19 09:00:00").Add(700 * time.Millisecond)) {
		t.Errorf("due %v", due)
	}
	if due, _ := e.Due(start, 300*time.Millisecond); !due.Equal(at("2026-11-18 17:00:00")) {
		t.Errorf("due %v", due)
	}
}

func TestOpenAtTheEdgesOfAWindow(t *testing.T) {
	e := must(Prepare(office()))
	opening, closing := at("2026-11-18 09:00:00"), at("2026-11-18 17:00:00")
	for _, x := range []struct {
		at   time.Time
		open bool
	}{
		{opening.Add(-1), false}, {opening, true}, {closing.Add(-1), true}, {closing, false}, {closing.Add(time.Second / 2), false},
	} {
		if got := e.OpenAt(x.at); got != x.open {
			t.Errorf("open at %v: %v", x.at, got)
		}
	}
	if got := e.Elapsed(closing, closing.Add(time.Second/2)); got != 0 {
		t.Errorf("%v of working time after closing", got)
	}
	if next, ok := e.NextOpening(closing); !ok || !next.Equal(at("2026-11-19 09:00:00")) {
		t.Errorf("next opening %v", next)
	}
}

func TestTehranChangesItsOffset(t *testing.T) {
	e := must(Prepare(roundTheClock("Asia/Tehran")))
	e2 := must(Prepare(Calendar{TimeZone: "Asia/Tehran", Week: func() (w Week) {
		for i := range w {
			w[i] = []Window{{0, 3600}, {23*3600 + 1800, EndOfDay}}
		}
		return
	}()}))
	utc := func(s string) time.Time { return must(time.Parse(time.RFC3339, s)) }

	// 2022-03-22 00:00–01:00 was skipped: the window 00:00–01:00 never opened that day.
	from, to := utc("2022-03-21T12:00:00+03:30"), utc("2022-03-22T12:00:00+04:30")
	if got := e.Elapsed(from, to); got != 23*time.Hour {
		t.Errorf("the short day lasted %v", got)
	}
	if got := e2.Elapsed(from, to); got != 30*time.Minute {
		t.Errorf("open on the short night: %v", got)
	}
	// 2022-09-21 23:00–24:00 came twice, and so did 23:30–24:00 in it.
	from, to = utc("2022-09-21T12:00:00+04:30"), utc("2022-09-22T12:00:00+03:30")
	if got := e.Elapsed(from, to); got != 25*time.Hour {
		t.Errorf("the long day lasted %v", got)
	}
	if got := e2.Elapsed(from, to); got != 2*time.Hour {
		t.Errorf("open on the long night: %v", got)
	}
	segments := e2.Explain(from, 2*time.Hour)
	want := []struct{ start, from, to string }{
		{"2022-09-21T23:30:00+04:30", "23:30", "24:00"},
		{"2022-09-21T23:30:00+03:30", "23:30", "24:00"},
		{"2022-09-22T00:00:00+03:30", "00:00", "01:00"},
	}
	if len(segments) != len(want) {
		t.Fatalf("segments %+v", segments)
	}
	for i, w := range want {
		s := segments[i]
		if !s.Start.Equal(utc(w.start)) || s.From.String() != w.from || s.To.String() != w.to {
			t.Errorf("segment %d is %+v, want %v", i, s, w)
		}
	}
}

func TestOffsetsOfEveryZone(t *testing.T) {
	for _, zone := range zones {
		e := must(Prepare(roundTheClock(zone)))
		for unix := int64(-4e9); unix < 40e9; unix += 11*3600 + 1 {
			got, until := e.offsetAt(unix)
			if _, want := time.Unix(unix, 0).In(e.loc).Zone(); got != int64(want) || until <= unix {
				t.Fatalf("%s at %v: offset %d until %d, want %d", zone, time.Unix(unix, 0).UTC(), got, until, want)
			}
		}
	}
}

func TestExplain(t *testing.T) {
	segments := must(Prepare(office())).Explain(at("2026-11-18 16:00:00"), 2*time.Hour)
	if len(segments) != 2 {
		t.Fatalf("segments %+v", segments)
	}
	for i, want := range []Segment{
		{at("2026-11-18 16:00:00"), at("2026-11-18 17:00:00"), Date{Year: 2026, Month: 11, Day: 18}, 16 * 3600, 17 * 3600, time.Hour},
		{at("2026-11-19 09:00:00"), at("2026-11-19 10:00:00"), Date{Year: 2026, Month: 11, Day: 19}, 9 * 3600, 10 * 3600, time.Hour},
	} {
		if s := segments[i]; !s.Start.Equal(want.Start) || !s.End.Equal(want.End) || s.Date != want.Date || s.From != want.From || s.To != want.To || s.Open != want.Open {
			t.Errorf("segment %d is %+v, want %+v", i, s, want)
		}
	}
}

func TestOpenTimeInDateRulesAlone(t *testing.T) {
	c := Calendar{TimeZone: "Europe/Berlin", Dates: []DateRule{
		{Date: Date{Year: 2026, Month: 11, Day: 18}, Windows: []Window{{9 * 3600, 10 * 3600}}},
		{Date: Date{Year: 9000, Month: 1, Day: 1}, Windows: []Window{{9 * 3600, 10 * 3600}}},
	}}
	e := must(Prepare(c))
	start := at("2026-01-01 00:00:00")
	if due, ok := e.Due(start, 2*time.Hour); !ok || due.Format(time.RFC3339) != "9000-01-01T10:00:00+01:00" {
		t.Errorf("due %v %v", due, ok)
	}
	if due, ok := e.Due(start, 2*time.Hour+1); ok {
		t.Errorf("due %v after the last open date", due)
	}
	if _, ok := e.NextOpening(must(time.Parse(time.RFC3339, "9000-01-01T10:00:00+01:00"))); ok {
		t.Error("an opening after the last open date")
	}
	if e.Explain(start, 3*time.Hour) != nil {
		t.Error("a deadline that is none explains itself")
	}
}

func TestOpenOnlyOnADayThatNeverWas(t *testing.T) {
	_, err := Prepare(Calendar{TimeZone: "Pacific/Apia", Dates: []DateRule{
		{Date: Date{Year: 2011, Month: 12, Day: 30}, Windows: []Window{{0, EndOfDay}}},
	}})
	wantFlaw(t, err, "week", "sla.error.never_open")
}

func TestElapsedEndsAtTheLongestDuration(t *testing.T) {
	e := must(Prepare(roundTheClock("UTC")))
	a, b := time.Unix(-1e11, 0), time.Unix(1e11, 0)
	if e.Elapsed(a, b) != 1<<63-1 || e.Elapsed(b, a) != -1<<63 {
		t.Error(e.Elapsed(a, b), e.Elapsed(b, a))
	}
}

func TestServersZonePlaysNoPart(t *testing.T) {
	local := time.Local
	defer func() { time.Local = local }()
	for _, zone := range []string{"UTC", "America/St_Johns", "Pacific/Kiritimati", "Asia/Tehran"} {
		time.Local = must(time.LoadLocation(zone))
		e := must(Prepare(must(Parse([]byte(documented)))))
		due, _ := e.Due(time.Unix(1792310400, 0), 20*time.Hour)
		if got := due.Format(time.RFC3339); got != "2026-10-31T12:00:00+03:30" {
			t.Errorf("in %s: due %v", zone, got)
		}
		if got := Default().Dates[25].Date.Gregorian(); got != (Date{Year: 2027, Month: 3, Day: 20}) {
			t.Errorf("in %s: 1405-12-29 is %v", zone, got)
		}
	}
}
