package board_test

import (
	"testing"
	"time"

	"pishkhan/internal/audit"
	"pishkhan/internal/board"
	"pishkhan/internal/db/dbtest"
	"pishkhan/internal/jalali"
	"pishkhan/internal/orders"
	"pishkhan/internal/testworld"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// TestTheSixFigures is worked by hand. A service promises two working hours;
// the day is Monday 5 October, 08:30 to 17:00.
//
//	09:00  A and B enter the queue: due 11:00. A is done at 11:04: late. B is claimed by the second operator at 10:50.
//	10:40  C, due 12:40, done at 11:44 and so in time
//	10:55  D, due 12:55; the operator claims it at 12:29
//	11:30  E, due 13:30
//	12:30  F, due 14:30; now it is 12:30
//
// So B is late, D is due within half an hour, E and F are free and the oldest
// waits since 11:30. Two are done, one of them in time. Two people hold orders.
// Nothing but two orders was measured: each is expected to take 15 minutes. B has
// been held for over that, and counts a minute; D for one, and counts 14; E and F
// 15 each: 45 minutes, by two people 22:30, so all is done at 12:52:30.
func TestTheSixFigures(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	at := clockOf(w)
	at(9, 0)
	a, b := w.Paid(t), w.Paid(t)
	at(10, 40)
	c := w.Paid(t)
	at(10, 50)
	claim(t, w, w.Operator2, b)
	at(10, 55)
	d := w.Paid(t)
	at(11, 0)
	claim(t, w, w.Operator, a)
	w.FinishBy(t, w.Operator, a)
	at(11, 30)
	e := w.Paid(t)
	at(11, 40)
	claim(t, w, w.Operator, c)
	w.FinishBy(t, w.Operator, c)
	at(12, 29)
	claim(t, w, w.Operator, d)
	at(12, 30)
	f := w.Paid(t)
	testworld.Must(t, w.House.Reports.SetTarget(t.Context(), w.Supervisor, 8))

	o, err := w.House.Board.Overview(t.Context())
	testworld.Must(t, err)
	if o.Late != 1 || o.Soon != 1 || o.Free != 2 || o.Done != 2 || o.InTime != 1 || o.Target != 8 || o.Staff() != 2 || o.Least {
		t.Errorf("late %d, soon %d, free %d, done %d, in time %d, target %d, staff %d", o.Late, o.Soon, o.Free, o.Done, o.InTime, o.Target, o.Staff())
	}
	if o.Oldest.ID != e.ID || !o.Oldest.Since.Equal(tehran(11, 30, 0)) {
		t.Errorf("the oldest: %+v", o.Oldest)
	}
	if o.Forecast.Work != 45*time.Minute || !o.Forecast.Clear.Equal(tehran(12, 52, 30)) || len(o.Forecast.Late) != 0 {
		t.Errorf("forecast: %+v", o.Forecast)
	}
	if !o.Closing.Equal(tehran(17, 0, 0)) || !o.Today {
		t.Errorf("closing %s, today %v", o.Closing, o.Today)
	}
	for state, n := range map[orders.State]int{orders.Paid: 2, orders.InProgress: 2, orders.WaitingCustomer: 0, orders.AwaitingKYC: 0} {
		if o.States[state] != n {
			t.Errorf("%s: %d, want %d", state, o.States[state], n)
		}
	}
	wantPeople(t, o, board.Person{ID: w.Operator.ID, Name: w.Operator.Name, On: true, Held: 1, Oldest: tehran(12, 29, 0), Done: 2, InTime: 1},
		board.Person{ID: w.Operator2.ID, Name: w.Operator2.Name, On: true, Held: 1, Oldest: tehran(10, 50, 0)})
	wantBars(t, o, map[string][3]int{"10:30": {0, 0, 1}, "12:30": {1, 0, 0}, "13:00": {1, 0, 0}, "14:00": {1, 0, 0}})
	today := board.Range{From: jalali.FromTime(o.At), To: jalali.FromTime(o.At)}
	behind(t, w, board.Figure{Of: board.OfLate}, b)
	behind(t, w, board.Figure{Of: board.OfSoon}, d)
	behind(t, w, board.Figure{Of: board.OfFree}, e, f)
	behind(t, w, board.Figure{Of: board.OfDone, Range: today}, a, c)
	behind(t, w, board.Figure{Of: board.OfHeld, MemberID: w.Operator.ID}, d)
	behind(t, w, board.Figure{Of: board.OfForecast})
	behind(t, w, board.Figure{Of: board.OfDue, From: tehran(12, 30, 0), To: tehran(13, 0, 0)}, d)
	behind(t, w, board.Figure{Of: board.OfState, State: orders.InProgress}, b, d)
}

// At the pace of one person, who needs 15 minutes an order, the fourth of five
// orders that are due within an hour is done exactly in time, and the fifth is late.
func TestTheForecastNamesWhatWillBeLate(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	at := clockOf(w)
	at(9, 0)
	var list []orders.Order
	for range 5 {
		list = append(list, w.Paid(t))
	}
	at(10, 0) // all are due at 11:00
	if o, err := w.House.Board.Overview(t.Context()); err != nil || o.Staff() != 0 || !o.Forecast.Clear.IsZero() || len(o.Forecast.Late) != 0 || o.Forecast.Work != 75*time.Minute {
		t.Errorf("with nobody there: %+v, %v", o.Forecast, err)
	}
	signIn(t, w)
	o, err := w.House.Board.Overview(t.Context())
	testworld.Must(t, err)
	if o.Staff() != 1 || len(o.Forecast.Late) != 1 {
		t.Fatalf("%d there: %+v", o.Staff(), o.Forecast)
	}
	if late := o.Forecast.Late[0]; late.ID != list[4].ID || !late.Finish.Equal(tehran(11, 15, 0)) || !late.Due.Equal(tehran(11, 0, 0)) {
		t.Errorf("%+v", late)
	}
	wantBars(t, o, map[string][3]int{"10:30": {4, 1, 0}}) // due at the end of the half hour
	behind(t, w, board.Figure{Of: board.OfForecast}, list[4])
	w.Clock.Advance(11 * time.Minute)
	if o, err := w.House.Board.Overview(t.Context()); err != nil || o.Staff() != 0 {
		t.Errorf("who was not seen for eleven minutes is there: %d, %v", o.Staff(), err)
	}
}

// What a service takes is the median of its newest; five are the least.
func TestEffortIsLearnt(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	clockOf(w)(8, 30)
	for i, extra := range []time.Duration{2, 0, 16, 4, 56} { // with the four minutes of finishing: 6, 4, 20, 8, 60
		o := w.Claimed(t)
		w.Clock.Advance(extra * time.Minute)
		w.FinishBy(t, w.Operator, o)
		if i == 3 {
			w.Paid(t)
			if o, err := w.House.Board.Overview(t.Context()); err != nil || o.Forecast.Work != board.UsualEffort {
				t.Errorf("four teach: %s, %v", o.Forecast.Work, err)
			}
		}
	}
	if o, err := w.House.Board.Overview(t.Context()); err != nil || o.Forecast.Work != 8*time.Minute {
		t.Errorf("the median of five: %s, %v", o.Forecast.Work, err)
	}
}

// After closing, what is due soon is due within the first half hour of the
// next working day, and the forecast goes on there.
func TestTheNightIsNoWorkingTime(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	at := clockOf(w)
	at(15, 20)
	soon := w.Paid(t) // due tomorrow 08:50
	at(15, 50)
	w.Paid(t) // due tomorrow 09:20
	at(17, 30)
	signIn(t, w)
	o, err := w.House.Board.Overview(t.Context())
	testworld.Must(t, err)
	tomorrow := tehran(8, 30, 0).AddDate(0, 0, 1)
	if o.Late != 0 || o.Soon != 1 || !o.Forecast.Clear.Equal(tomorrow.Add(30*time.Minute)) || o.Today || !o.Closing.Equal(tehran(17, 0, 0).AddDate(0, 0, 1)) {
		t.Errorf("late %d, soon %d, clear %s, closing %s", o.Late, o.Soon, o.Forecast.Clear, o.Closing)
	}
	behind(t, w, board.Figure{Of: board.OfSoon}, soon)
	if len(o.Days) != 2 || !o.Days[1].Day.Equal(tehran(0, 0, 0).AddDate(0, 0, 1)) || o.Days[1].Bars[0].OnTime != 1 || o.Days[1].Bars[1].OnTime != 1 || o.Days[1].Bars[2].Total() != 0 {
		t.Errorf("%+v", o.Days[1].Bars[:3])
	}
}

// An empty desk has figures too.
func TestAnEmptyDesk(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o, err := w.House.Board.Overview(t.Context())
	testworld.Must(t, err)
	if o.Late+o.Soon+o.Free+o.Done+len(o.People) != 0 || o.Oldest.ID != 0 || o.Forecast.Work != 0 {
		t.Errorf("%+v", o)
	}
	for _, of := range board.Ofs {
		page, err := w.House.Board.Behind(t.Context(), board.Figure{Of: of, State: orders.Paid, MemberID: 1, Range: board.Range{From: jalali.FromTime(o.At), To: jalali.FromTime(o.At)}}, board.Mark{}, 10)
		if err != nil || len(page.Rows)+len(page.Outcomes) != 0 || page.Next != nil {
			t.Errorf("%s: %+v, %v", of, page, err)
		}
	}
}

// clockOf sets a world's clock to a time of its Monday in Tehran.
func clockOf(w *testworld.World) func(hour, minute int) {
	return func(hour, minute int) { w.Clock.Set(tehran(hour, minute, 0)) }
}

func tehran(hour, minute, second int) time.Time {
	return time.Date(2026, 10, 5, hour, minute, second, 0, jalali.Tehran)
}

func claim(t *testing.T, w *testworld.World, who audit.Actor, o orders.Order) {
	t.Helper()
	_, err := w.House.Queue.Claim(t.Context(), who, o.Code)
	testworld.Must(t, err)
}

func signIn(t *testing.T, w *testworld.World) {
	t.Helper()
	_, err := w.House.Staff.SignIn(t.Context(), w.People[0].Email, w.People[0].Password, "192.0.2.9", "test")
	testworld.Must(t, err)
}

func wantPeople(t *testing.T, o board.Overview, want ...board.Person) {
	t.Helper()
	if len(o.People) != len(want) {
		t.Fatalf("people: %+v", o.People)
	}
	for i, p := range o.People {
		if !p.Oldest.Equal(want[i].Oldest) {
			t.Errorf("%s holds since %s", p.Name, p.Oldest)
		}
		p.Oldest = want[i].Oldest
		if p != want[i] {
			t.Errorf("%+v, want %+v", p, want[i])
		}
	}
}

// wantBars compares today's bars that hold anything: in time, will be late, late.
func wantBars(t *testing.T, o board.Overview, want map[string][3]int) {
	t.Helper()
	got := map[string][3]int{}
	for _, b := range o.Days[0].Bars {
		if b.Total() > 0 {
			got[b.From.In(jalali.Tehran).Format("15:04")] = [3]int{b.OnTime, b.WillBe, b.Late}
		}
	}
	if len(got) != len(want) {
		t.Errorf("bars %v, want %v", got, want)
	}
	for from, counts := range want {
		if got[from] != counts {
			t.Errorf("%s: %v, want %v", from, got[from], counts)
		}
	}
}

// behind wants just these orders behind a figure, read one at a time.
func behind(t *testing.T, w *testworld.World, f board.Figure, want ...orders.Order) {
	t.Helper()
	var got []orders.ID
	var after board.Mark
	for {
		page, err := w.House.Board.Behind(t.Context(), f, after, 1)
		testworld.Must(t, err)
		for _, row := range page.Rows {
			got = append(got, row.ID)
		}
		for _, o := range page.Outcomes {
			got = append(got, o.OrderID)
		}
		if page.Next == nil || len(got) > 20 {
			break
		}
		after = *page.Next
	}
	if len(got) != len(want) {
		t.Fatalf("%s: %v, want %d", f.Of, got, len(want))
	}
	for i, o := range want {
		if got[i] != o.ID {
			t.Errorf("%s: %v", f.Of, got)
		}
	}
}
