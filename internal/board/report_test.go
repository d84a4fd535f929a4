package board_test

import (
	"testing"
	"time"

	"pishkhan/internal/board"
	"pishkhan/internal/fulfil"
	"pishkhan/internal/jalali"
	"pishkhan/internal/orders"
	"pishkhan/internal/testworld"
)

// TestTheReport is worked by hand: three orders in time on Monday and one late
// by its first promise, though that was extended; one in time on Tuesday.
func TestTheReport(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	at := clockOf(w)
	at(9, 0)
	extended := w.Claimed(t) // due 11:00
	var inTime []orders.Order
	for range 2 {
		inTime = append(inTime, w.Done(t)) // at 09:04 and 09:08
	}
	other := w.Paid(t, "ielts-registration")
	claim(t, w, w.Operator2, other)
	w.FinishBy(t, w.Operator2, other) // at 09:12
	testworld.Must(t, w.House.Fulfil.Extend(t.Context(), w.Operator, extended.Code, fulfil.Extension{Until: tehran(12, 0, 0), Agreed: fulfil.ByPhone, Note: "The site is down"}))
	at(11, 30)
	w.FinishBy(t, w.Operator, extended) // at 11:34: promised for 11:00, extended to 12:00
	w.Clock.Set(tehran(10, 0, 0).AddDate(0, 0, 1))
	next := w.Done(t)

	monday, tuesday := jalali.FromTime(tehran(12, 0, 0)), jalali.FromTime(w.Clock.Now())
	r, err := w.House.Board.Report(t.Context(), board.Range{From: monday, To: tuesday})
	testworld.Must(t, err)
	if r.Total.Done != 5 || r.Total.InTime != 4 || r.Total.Late() != 1 {
		t.Errorf("total %+v", r.Total)
	}
	if len(r.Days) != 2 || r.Days[0].Day != monday || r.Days[0].Done != 4 || r.Days[0].InTime != 3 || r.Days[1].Done != 1 || r.Days[1].InTime != 1 {
		t.Errorf("days %+v", r.Days)
	}
	if len(r.Services) != 2 || r.Services[0].Done != 4 || r.Services[0].InTime != 3 || r.Services[1].Done != 1 {
		t.Errorf("services %+v", r.Services)
	}
	if len(r.People) != 2 || r.People[0].MemberID != w.Operator.ID || r.People[0].Done != 4 || r.People[0].InTime != 3 || r.People[1].Done != 1 {
		t.Errorf("people %+v", r.People)
	}
	if h := r.People[0].Hours; h[9] != 2 || h[10] != 1 || h[11] != 1 || len(h) != 3 {
		t.Errorf("hours %v", h)
	}
	if average := r.People[1].Average(); average != 4*time.Minute {
		t.Errorf("the second operator takes %s", average)
	}
	days := board.Range{From: monday, To: monday}
	late, hour := false, 9
	behind(t, w, board.Figure{Of: board.OfDone, Range: days}, inTime[0], inTime[1], other, extended)
	behind(t, w, board.Figure{Of: board.OfDone, Range: days, InTime: &late}, extended)
	behind(t, w, board.Figure{Of: board.OfDone, Range: days, ServiceID: r.Services[1].ServiceID}, other)
	behind(t, w, board.Figure{Of: board.OfDone, Range: days, MemberID: w.Operator.ID, Hour: &hour}, inTime[0], inTime[1])
	behind(t, w, board.Figure{Of: board.OfDone, Range: board.Range{From: tuesday, To: tuesday}}, next)
	if r, err := w.House.Board.Report(t.Context(), board.Range{From: tuesday, To: tuesday}); err != nil || r.Total.Done != 1 {
		t.Errorf("Tuesday alone: %+v, %v", r.Total, err)
	}
}

// An order that came to nothing counts today, and not tomorrow.
func TestWhatCameToNothing(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	gone := w.Placed(t).Orders[0]
	w.Clock.Advance(2 * time.Hour)
	testworld.Must(t, w.House.Checkout.Expire(t.Context()))
	o, err := w.House.Board.Overview(t.Context())
	testworld.Must(t, err)
	if o.States[orders.Expired] != 1 {
		t.Errorf("%v", o.States)
	}
	behind(t, w, board.Figure{Of: board.OfState, State: orders.Expired}, gone)
	w.Clock.Advance(24 * time.Hour)
	behind(t, w, board.Figure{Of: board.OfState, State: orders.Expired})
}

// The e-mail tells the figures of the page.
func TestTheSummaryTellsTheSame(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	w.Done(t)
	w.Paid(t)
	w.Claimed(t)
	o, err := w.House.Board.Overview(t.Context())
	testworld.Must(t, err)
	s, err := w.House.Board.Summary(t.Context())
	testworld.Must(t, err)
	if s.Done != o.Done || s.InTime != o.InTime || s.Late != o.Late || s.Soon != o.Soon || s.Free != o.Free || s.Staff != o.Staff() ||
		!s.Clear.Equal(o.Forecast.Clear) || !s.Oldest.Equal(o.Oldest.Since) || len(s.ByPerson) != 1 || len(s.ByService) != 1 || s.Done != 1 || s.Free != 1 {
		t.Errorf("%+v beside %+v", s, o)
	}
}
