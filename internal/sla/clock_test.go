package sla

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"pishkhan/internal/fault"
)

func TestHoldKeepsTheUnusedBudget(t *testing.T) {
	e := must(Prepare(office()))
	c := must(Start(e, at("2026-11-18 16:00:00"), 2*time.Hour))
	c = must(c.Hold(e, at("2026-11-18 16:30:00")))
	if c.Running() || !c.OnHold() || c.Used != 30*time.Minute || c.Breached(at("2027-01-01 00:00:00")) {
		t.Errorf("on hold: %+v", c)
	}
	if _, ok := c.WarnAt(e, 50); ok {
		t.Error("a warning during a hold")
	}
	c = must(c.Resume(e, at("2026-11-21 09:30:00")))
	if !c.DueAt.Equal(at("2026-11-21 11:00:00")) || c.Remaining(e, at("2026-11-21 10:00:00")) != time.Hour {
		t.Errorf("resumed: %+v", c)
	}
	if warn, _ := c.WarnAt(e, 50); !warn.Equal(at("2026-11-21 10:00:00")) {
		t.Errorf("half used at %v", warn)
	}
}

func TestWarningsCountWorkingTime(t *testing.T) {
	e := must(Prepare(office()))
	c := must(Start(e, at("2026-11-18 15:20:00"), 2*time.Hour))
	if !c.DueAt.Equal(at("2026-11-19 09:20:00")) {
		t.Fatalf("due %v", c.DueAt)
	}
	if warn, ok := c.ReachAt(e, c.Budget-30*time.Minute); !ok || !warn.Equal(at("2026-11-18 16:50:00")) {
		t.Errorf("30 working minutes left at %v", warn)
	}
	if warn, ok := c.WarnAt(e, 75); !ok || !warn.Equal(at("2026-11-18 16:50:00")) {
		t.Errorf("three quarters used at %v", warn)
	}
}

func TestFinishedAtTheDueInstantIsMet(t *testing.T) {
	e := must(Prepare(office()))
	c := must(Start(e, at("2026-11-18 15:00:00"), 2*time.Hour))
	due := at("2026-11-18 17:00:00")
	if c.Breached(due) || !c.Breached(due.Add(1)) {
		t.Error("the breach is not the first instant after the due one")
	}
	if met := must(c.Stop(e, due)); !met.Met() || met.Used != 2*time.Hour {
		t.Errorf("%+v", met)
	}
	late := must(c.Stop(e, due.Add(time.Second)))
	if late.Met() || !late.Breached(due) {
		t.Errorf("%+v", late)
	}
	again := must(late.Reopen(e, at("2026-11-21 09:00:00")))
	if !again.DueAt.Equal(at("2026-11-21 11:00:00")) || again.Used != 0 || late.Met() {
		t.Errorf("reopened %+v", again)
	}
}

func TestHoldDoesNotUndoABreach(t *testing.T) {
	e := must(Prepare(office()))
	c := must(Start(e, at("2026-11-18 15:00:00"), 2*time.Hour))
	held := must(c.Hold(e, at("2026-11-18 18:00:00"))) // no working time after the due instant, and late all the same
	resumed := must(held.Resume(e, at("2026-11-21 09:00:00")))
	if !held.Breached(at("2026-11-18 18:00:00")) || !resumed.Breached(at("2026-11-21 09:00:00")) || !resumed.DueAt.Equal(c.DueAt) {
		t.Errorf("held %+v, resumed %+v", held, resumed)
	}
	if left := resumed.Remaining(e, at("2026-11-21 10:00:00")); left != -time.Hour {
		t.Errorf("late by %v", -left)
	}
	if stopped := must(held.Stop(e, at("2026-11-21 09:00:00"))); stopped.Met() {
		t.Errorf("stopped %+v", stopped)
	}
}

func TestStopOnHoldIsJudgedByTheHold(t *testing.T) {
	e := must(Prepare(office()))
	c := must(Start(e, at("2026-11-18 16:00:00"), 2*time.Hour))
	c = must(c.Hold(e, at("2026-11-18 16:30:00")))
	c = must(c.Stop(e, at("2026-12-01 10:00:00")))
	if !c.Met() || c.Used != 30*time.Minute || c.OnHold() {
		t.Errorf("%+v", c)
	}
}

func TestClockRefuses(t *testing.T) {
	e := must(Prepare(office()))
	now := at("2026-11-18 16:00:00")
	c := must(Start(e, now, time.Hour))
	held := must(c.Hold(e, now))
	stopped := must(c.Stop(e, now))
	past := must(Prepare(Calendar{TimeZone: "UTC", Dates: []DateRule{{Date: Date{Year: 2020, Month: 1, Day: 1}, Windows: []Window{{0, EndOfDay}}}}}))
	for _, x := range []struct {
		verb string
		do   func() (Clock, error)
		kind fault.Kind
		key  string
	}{
		{"start", func() (Clock, error) { return Start(e, now, 0) }, fault.Invalid, "sla.error.budget"},
		{"start", func() (Clock, error) { return Start(past, now, 1) }, fault.Invalid, "sla.error.no_opening"},
		{"hold", func() (Clock, error) { return held.Hold(e, now) }, fault.Conflict, "sla.error.not_running"},
		{"hold", func() (Clock, error) { return stopped.Hold(e, now) }, fault.Conflict, "sla.error.not_running"},
		{"resume", func() (Clock, error) { return c.Resume(e, now) }, fault.Conflict, "sla.error.not_held"},
		{"resume", func() (Clock, error) { return stopped.Resume(e, now) }, fault.Conflict, "sla.error.not_held"},
		{"resume", func() (Clock, error) { return held.Resume(past, now) }, fault.Invalid, "sla.error.no_opening"},
		{"stop", func() (Clock, error) { return stopped.Stop(e, now) }, fault.Conflict, "sla.error.stopped"},
		{"reopen", func() (Clock, error) { return c.Reopen(e, now) }, fault.Conflict, "sla.error.not_stopped"},
	} {
		if _, err := x.do(); fault.Of(err) == nil || fault.Of(err).Kind != x.kind || fault.Of(err).Key != x.key {
			t.Errorf("%s: %v, want %s", x.verb, err, x.key)
		}
	}
}

// Holds that lie in closed time, or that cover working time, leave the clock
// with exactly the budget between them, and a replay agrees with what happened.
func TestHoldsTakeNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e, _, near := prepared(t)
		now := time.Unix(near, 0)
		start := now
		budget := time.Duration(rapid.Int64Range(1, 40*3600).Draw(t, "budget")) * time.Second
		c, err := Start(e, now, budget)
		if err != nil {
			return
		}
		var holds []Hold
		for n := rapid.IntRange(0, 4).Draw(t, "holds"); n > 0; n-- {
			now = now.Add(time.Duration(rapid.Int64Range(0, 20*3600).Draw(t, "run")) * time.Second)
			if now.After(c.DueAt) {
				now = c.DueAt
			}
			h := Hold{From: now}
			c = must(c.Hold(e, now))
			now = now.Add(time.Duration(rapid.Int64Range(0, 90*3600).Draw(t, "hold")) * time.Second)
			h.To = now
			if c, err = c.Resume(e, now); err != nil {
				return // no open time left
			}
			holds = append(holds, h)
			if until, ok := e.Due(c.DueAt, time.Duration(rapid.Int64Range(0, 8*3600).Draw(t, "agreed"))*time.Second); ok {
				if extended, err := c.Extend(e, now, until); err == nil {
					c = extended
				}
			}
		}
		if left := c.Remaining(e, c.DueAt); left != 0 {
			t.Fatalf("%v left when due", left)
		}
		var total time.Duration
		for _, s := range c.Segments(e, holds) {
			total += s.Open
		}
		if total != c.Whole() {
			t.Fatalf("segments of %v for a promise of %v", total, c.Whole())
		}
		if again := must(Replay(e, start, budget, c.Extra, holds)); again != c {
			t.Fatalf("replayed as %+v, was %+v", again, c)
		}
		if first := must(Replay(e, start, budget, 0, holds)); first.DueAt != c.FirstDueAt {
			t.Fatalf("without the extensions due %v, kept %v", first.DueAt, c.FirstDueAt)
		}
		half, _ := c.WarnAt(e, 50)
		full, _ := c.WarnAt(e, 100)
		if full.Before(half) || !full.Equal(c.DueAt) {
			t.Fatalf("warnings at %v and %v, due %v", half, full, c.DueAt)
		}
	})
}

func TestHoldInClosedTimeGivesAndTakesNothing(t *testing.T) {
	e := must(Prepare(office()))
	c := must(Start(e, at("2026-11-18 16:00:00"), 2*time.Hour))
	held := must(c.Hold(e, at("2026-11-18 18:00:00")))
	if resumed := must(held.Resume(e, at("2026-11-19 08:00:00"))); !resumed.DueAt.Equal(c.DueAt) {
		t.Errorf("due %v, was %v", resumed.DueAt, c.DueAt)
	}
}

func TestReplayUnderAnotherCalendar(t *testing.T) {
	closed := office(DateRule{Date: Date{Year: 2026, Month: 11, Day: 19}})
	holds := []Hold{{From: at("2026-11-18 16:30:00"), To: at("2026-11-19 09:30:00")}}
	c := must(Replay(must(Prepare(closed)), at("2026-11-18 16:00:00"), 2*time.Hour, 0, holds))
	if !c.DueAt.Equal(at("2026-11-21 10:30:00")) {
		t.Errorf("due %v", c.DueAt)
	}
	open := must(Replay(must(Prepare(closed)), at("2026-11-18 16:00:00"), 2*time.Hour, 0, []Hold{{From: at("2026-11-18 16:30:00")}}))
	if !open.OnHold() {
		t.Errorf("%+v", open)
	}
}

// Holds that cannot have happened one after the other are no clock's life.
func TestReplayRefusesHoldsThatContradict(t *testing.T) {
	e, start := must(Prepare(office())), at("2026-11-18 10:00:00")
	hold := func(from, to string) Hold {
		h := Hold{From: at("2026-11-18 " + from)}
		if to != "" {
			h.To = at("2026-11-18 " + to)
		}
		return h
	}
	for name, c := range map[string]struct {
		holds []Hold
		key   string
	}{
		"overlapping":            {[]Hold{hold("11:00:00", "12:00:00"), hold("11:30:00", "12:30:00")}, "sla.error.not_running"},
		"one inside another":     {[]Hold{hold("11:00:00", "12:00:00"), hold("11:15:00", "11:30:00")}, "sla.error.not_running"},
		"the later one first":    {[]Hold{hold("12:00:00", "12:30:00"), hold("11:00:00", "11:30:00")}, "sla.error.not_running"},
		"after one that is open": {[]Hold{hold("11:00:00", ""), hold("12:00:00", "12:30:00")}, "sla.error.not_running"},
		"before the start":       {[]Hold{hold("09:30:00", "11:00:00")}, "sla.error.not_running"},
		"ending before it began": {[]Hold{hold("11:00:00", "10:30:00")}, "sla.error.not_held"},
	} {
		_, err := Replay(e, start, 2*time.Hour, 0, c.holds)
		if f := fault.Of(err); f == nil || f.Kind != fault.Conflict || f.Key != c.key {
			t.Errorf("%s: %v", name, err)
		}
	}
	touching := must(Replay(e, start, 2*time.Hour, 0, []Hold{hold("10:00:00", "11:00:00"), hold("11:00:00", "11:00:00"), hold("11:00:00", "12:00:00")}))
	if !touching.DueAt.Equal(at("2026-11-18 14:00:00")) {
		t.Errorf("holds that touch: due %v", touching.DueAt)
	}
}

// An extension moves the deadline to the agreed instant; the first promise is
// judged beside it, and goes through later holds as it would have without.
func TestExtensionKeepsTheFirstPromise(t *testing.T) {
	e := must(Prepare(office()))
	c := must(Start(e, at("2026-11-18 15:00:00"), 2*time.Hour))
	x := must(c.Extend(e, at("2026-11-18 16:00:00"), at("2026-11-19 11:00:00")))
	if !x.DueAt.Equal(at("2026-11-19 11:00:00")) || !x.FirstDueAt.Equal(c.DueAt) || x.Extra != 2*time.Hour {
		t.Fatalf("%+v", x)
	}
	if now := at("2026-11-18 17:00:01"); x.Breached(now) || !x.FirstBreached(now) {
		t.Error("the first promise is broken, the agreed one is not")
	}
	if warn, _ := x.WarnAt(e, 75); !warn.Equal(at("2026-11-19 10:00:00")) {
		t.Errorf("three quarters of it used at %v", warn)
	}
	held := must(x.Hold(e, at("2026-11-18 16:30:00")))
	resumed := must(held.Resume(e, at("2026-11-21 09:30:00")))
	if !resumed.DueAt.Equal(at("2026-11-21 12:00:00")) || !resumed.FirstDueAt.Equal(at("2026-11-21 10:00:00")) {
		t.Errorf("resumed %+v", resumed)
	}
	if met := must(resumed.Stop(e, at("2026-11-21 11:00:00"))); !met.Met() || !met.FirstBreached(met.StoppedAt) {
		t.Errorf("%+v", met)
	}
	late := must(c.Extend(e, at("2026-11-19 09:30:00"), at("2026-11-19 10:00:00"))) // agreed after it was late
	if !late.FirstBreached(at("2026-11-19 09:30:00")) || late.Breached(at("2026-11-19 10:00:00")) {
		t.Errorf("%+v", late)
	}
	if closing, err := c.Extend(e, at("2026-11-18 16:00:00"), at("2026-11-19 13:00:00")); err != nil || !closing.DueAt.Equal(at("2026-11-19 13:00:00")) {
		t.Errorf("until closing: %v %+v", err, closing)
	}
	for _, wrong := range []struct {
		clock      Clock
		now, until string
		key        string
	}{
		{c, "2026-11-18 16:00:00", "2026-11-18 17:00:00", "sla.error.extension_earlier"},
		{c, "2026-11-19 09:30:00", "2026-11-19 09:30:00", "sla.error.extension_earlier"},
		{c, "2026-11-18 16:00:00", "2026-11-20 10:00:00", "sla.error.extension_closed"},
		{c, "2026-11-18 16:00:00", "2026-11-19 13:00:01", "sla.error.extension_closed"},
		{must(c.Hold(e, at("2026-11-18 16:00:00"))), "2026-11-18 16:00:00", "2026-11-19 10:00:00", "sla.error.not_running"},
	} {
		if _, err := wrong.clock.Extend(e, at(wrong.now), at(wrong.until)); fault.Of(err) == nil || fault.Of(err).Key != wrong.key {
			t.Errorf("until %s: %v, want %s", wrong.until, err, wrong.key)
		}
	}
}
