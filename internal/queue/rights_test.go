package queue_test

import (
	"sync"
	"testing"
	"time"

	"pishkhan/internal/catalog"
	"pishkhan/internal/fault"
	"pishkhan/internal/fulfil"
	"pishkhan/internal/orders"
	"pishkhan/internal/queue"
	"pishkhan/internal/testworld"
)

// refused fails unless err is the fault of that key.
func refused(t *testing.T, what string, err error, kind fault.Kind, key string) {
	t.Helper()
	f := fault.Of(err)
	if f == nil || f.Kind != kind {
		t.Errorf("%s: %v", what, err)
		return
	}
	got := f.Key
	if len(f.Fields) > 0 {
		got = f.Fields[0].Key
	}
	if got != key {
		t.Errorf("%s: %s, want %s", what, got, key)
	}
}

func holder(t *testing.T, w *testworld.World, o orders.Order) int64 {
	t.Helper()
	held, err := w.House.Queue.Holder(t.Context(), w.House.Pool, o.ID)
	testworld.Must(t, err)
	return held.MemberID
}

// An order changes hands with its claim, in progress and on hold alike; the
// new holder is told, and a reason is on record.
func TestHandOver(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	q, ctx := w.House.Queue, t.Context()
	o, waits := w.Claimed(t), w.Claimed(t)
	testworld.Must(t, q.Hold(ctx, w.Operator, waits.Code, "which code?"))
	for _, o := range []orders.Order{o, waits} {
		before := w.Order(t, o).State
		testworld.Must(t, q.HandOver(ctx, w.Operator, o.Code, w.Operator2.ID, " lunch "))
		if holder(t, w, o) != w.Operator2.ID || w.Order(t, o).State != before {
			t.Errorf("%s: held by %d, %s", before, holder(t, w, o), w.Order(t, o).State)
		}
		if n := w.Count(t, "SELECT count(*) FROM order_events WHERE order_id = $1 AND verb = 'hand_over' AND reason = 'lunch'", o.ID); n != 1 {
			t.Errorf("%d events", n)
		}
	}
	notices, _, err := q.News(ctx, w.Operator2)
	if err != nil || len(notices) != 2 || notices[1].Kind != queue.HandedOver || notices[1].Code != o.Code || notices[1].By != w.Operator.Name {
		t.Errorf("told %+v, %v", notices, err)
	}
	testworld.Must(t, q.Acknowledge(ctx, w.Operator2, notices[0].ID))
	refused(t, "another's notice", q.Acknowledge(ctx, w.Operator, notices[1].ID), fault.NotFound, "fault.not_found")
	if notices, _, _ = q.News(ctx, w.Operator2); len(notices) != 1 {
		t.Errorf("%d notices are left", len(notices))
	}
	refused(t, "no longer theirs", q.HandOver(ctx, w.Operator, o.Code, w.Supervisor.ID, "x"), fault.Conflict, "queue.error.taken")
	refused(t, "to the holder", q.HandOver(ctx, w.Operator2, o.Code, w.Operator2.ID, "x"), fault.Invalid, "queue.error.to_same")
	refused(t, "to nobody", q.HandOver(ctx, w.Operator2, o.Code, 0, "x"), fault.Invalid, "queue.error.to_empty")
	refused(t, "to a stranger", q.HandOver(ctx, w.Operator2, o.Code, 9999, "x"), fault.Invalid, "queue.error.to_unknown")
	refused(t, "to finance", q.HandOver(ctx, w.Operator2, o.Code, w.Finance.ID, "x"), fault.Conflict, "queue.error.to.role")
	refused(t, "no reason", q.HandOver(ctx, w.Operator2, o.Code, w.Operator.ID, " "), fault.Invalid, "queue.error.reason_empty")
	testworld.Must(t, q.HandOver(ctx, w.Supervisor, o.Code, w.Operator.ID, "by the supervisor"))
	if notices, _, _ = q.News(ctx, w.Operator2); len(notices) != 2 || notices[0].Kind != queue.HandedAway {
		t.Errorf("who lost it is told %+v", notices)
	}
	testworld.Must(t, w.House.Fulfil.StartPurchase(ctx, w.Operator, o.Code))
	refused(t, "purchase open", q.HandOver(ctx, w.Operator, o.Code, w.Operator2.ID, "x"), fault.Conflict, "queue.error.purchase_open")
}

// A supervisor takes an order with a reason, and the claimant is told; an open
// purchase needs the word, and stays open with its guard.
func TestSteal(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	q, f, ctx := w.House.Queue, w.House.Fulfil, t.Context()
	o := w.Claimed(t)
	refused(t, "no reason", q.Steal(ctx, w.Supervisor, o.Code, "", false), fault.Invalid, "queue.error.reason_empty")
	refused(t, "free", q.Steal(ctx, w.Supervisor, w.Paid(t).Code, "why", false), fault.Conflict, "queue.error.not_held")
	testworld.Must(t, f.StartPurchase(ctx, w.Operator, o.Code))
	refused(t, "purchase open", q.Steal(ctx, w.Supervisor, o.Code, "why", false), fault.Conflict, "queue.error.guarded")
	testworld.Must(t, q.Steal(ctx, w.Supervisor, o.Code, "he is ill", true))
	refused(t, "their own", q.Steal(ctx, w.Supervisor, o.Code, "why", false), fault.Conflict, "queue.error.own")
	held, err := q.Holder(ctx, w.House.Pool, o.ID)
	if err != nil || held.MemberID != w.Supervisor.ID || held.PurchaseSince == nil {
		t.Fatalf("%+v, %v", held, err)
	}
	if notices, _, _ := q.News(ctx, w.Operator); len(notices) != 1 || notices[0].Kind != queue.Stolen || notices[0].Reason != "he is ill" {
		t.Errorf("told %+v", notices)
	}
	refused(t, "guarded still", q.Release(ctx, w.Supervisor, o.Code, "x"), fault.Conflict, "queue.error.purchase_open")
	refused(t, "a second purchase", f.StartPurchase(ctx, w.Supervisor, o.Code), fault.Conflict, "fulfil.error.purchase_exists")
	testworld.Must(t, f.EndPurchase(ctx, w.Supervisor, o.Code, fulfil.Report{Outcome: fulfil.NotPaid}))
	testworld.Must(t, q.Release(ctx, w.Supervisor, o.Code, "it was not paid"))
}

// What is put back with a purchase open guards whoever takes it next.
func TestReleaseFor(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	q, f, ctx := w.House.Queue, w.House.Fulfil, t.Context()
	o := w.Claimed(t)
	testworld.Must(t, f.StartPurchase(ctx, w.Operator, o.Code))
	refused(t, "purchase open", q.ReleaseFor(ctx, w.Supervisor, o.Code, "why", false), fault.Conflict, "queue.error.guarded")
	testworld.Must(t, q.ReleaseFor(ctx, w.Supervisor, o.Code, "he is ill", true))
	if since, err := q.Guarded(ctx, w.House.Pool, o.ID); err != nil || since == nil || w.Order(t, o).State != orders.Paid {
		t.Fatalf("%v, %v, %s", since, err, w.Order(t, o).State)
	}
	_, err := q.Claim(ctx, w.Operator2, o.Code)
	testworld.Must(t, err)
	refused(t, "guarded", q.Release(ctx, w.Operator2, o.Code, "x"), fault.Conflict, "queue.error.purchase_open")
	refused(t, "paid twice", f.StartPurchase(ctx, w.Operator2, o.Code), fault.Conflict, "fulfil.error.purchase_exists")
	testworld.Must(t, f.EndPurchase(ctx, w.Operator2, o.Code, fulfil.Report{Outcome: fulfil.NotPaid}))
	testworld.Must(t, q.ReleaseFor(ctx, w.Supervisor, o.Code, "again", false))
	if since, err := q.Guarded(ctx, w.House.Pool, o.ID); err != nil || since != nil {
		t.Errorf("%v, %v", since, err)
	}
}

// Next passes over what was skipped, for this person and for a while.
func TestSkip(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	q, ctx := w.House.Queue, t.Context()
	first, second := w.Paid(t), w.Paid(t)
	o, err := q.Next(ctx, w.Operator)
	testworld.Must(t, err)
	testworld.Must(t, q.Skip(ctx, w.Operator, o.Code, "not my language"))
	if o, err = q.Next(ctx, w.Operator); err != nil || o.ID != second.ID {
		t.Errorf("next is %s, %v", o.Code, err)
	}
	if o, err = q.Next(ctx, w.Operator2); err != nil || o.ID != first.ID {
		t.Errorf("the colleague's next is %s, %v", o.Code, err)
	}
	refused(t, "a colleague's", q.Skip(ctx, w.Operator, first.Code, "x"), fault.Conflict, "queue.error.taken")
	third := w.Paid(t)
	testworld.Must(t, q.Skip(ctx, w.Operator, third.Code, "free, and not for me"))
	_, err = q.Next(ctx, w.Operator)
	refused(t, "all skipped", err, fault.NotFound, "queue.error.empty")
	w.Clock.Advance(61 * time.Minute)
	if o, err = q.Next(ctx, w.Operator); err != nil || o.ID != third.ID {
		t.Errorf("an hour later: %s, %v", o.Code, err)
	}
}

// Who is on a break or away is given nothing; going away asks about claims.
func TestPresence(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	q, ctx := w.House.Queue, t.Context()
	o, waits, spare := w.Claimed(t), w.Claimed(t), w.Paid(t)
	testworld.Must(t, q.Hold(ctx, w.Operator, waits.Code, "?"))
	testworld.Must(t, q.SetPresence(ctx, w.Operator2, queue.Break, queue.ClaimsGo{}))
	_, err := q.Next(ctx, w.Operator2)
	refused(t, "next on a break", err, fault.Conflict, "queue.error.not_here.break")
	_, err = q.Claim(ctx, w.Operator2, spare.Code)
	refused(t, "claim on a break", err, fault.Conflict, "queue.error.not_here.break")
	refused(t, "hand over to a break", q.HandOver(ctx, w.Operator, o.Code, w.Operator2.ID, "x"), fault.Conflict, "queue.error.to.not_here")
	refused(t, "nowhere", q.SetPresence(ctx, w.Operator, "lunch", queue.ClaimsGo{}), fault.Invalid, "queue.error.presence")
	err = q.SetPresence(ctx, w.Operator, queue.Away, queue.ClaimsGo{})
	refused(t, "no answer", err, fault.Conflict, "queue.error.claims_open")
	if codes := arguments(fault.Of(err))["codes"]; codes != o.Code+" "+waits.Code {
		t.Errorf("lists %v", codes)
	}
	if p, _ := q.Person(ctx, w.Operator.ID); p.Presence != queue.Here {
		t.Errorf("%s without an answer", p.Presence)
	}
	testworld.Must(t, q.SetPresence(ctx, w.Operator, queue.Away, queue.ClaimsGo{Do: queue.ReleaseAll, Reason: "home"}))
	if w.Order(t, o).State != orders.Paid || holder(t, w, waits) != w.Operator.ID {
		t.Error("what is in progress goes back, what waits for its customer stays")
	}
	testworld.Must(t, q.SetPresence(ctx, w.Operator2, queue.Here, queue.ClaimsGo{}))
	testworld.Must(t, q.SetPresence(ctx, w.Operator, queue.Away, queue.ClaimsGo{Do: queue.HandAll, To: w.Operator2.ID, Reason: "home"}))
	if holder(t, w, waits) != w.Operator2.ID {
		t.Error("not handed over")
	}
}

// Caps and skills are kept by Claim, Next, hand-over and stealing.
func TestCapAndSkills(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	q, ctx := w.House.Queue, t.Context()
	steam, hotel := w.Paid(t, "steam-wallet"), w.Paid(t, "hotel-booking")
	testworld.Must(t, q.SetSkills(ctx, w.Supervisor, w.Operator.ID, queue.Skills{Cap: 1, Families: []catalog.Family{catalog.Travel}}))
	testworld.Must(t, q.SetSkills(ctx, w.Supervisor, w.Operator2.ID, queue.Skills{Services: []string{"steam-wallet"}}))
	_, err := q.Claim(ctx, w.Operator, steam.Code)
	refused(t, "not their work", err, fault.Conflict, "queue.error.skill")
	o, err := q.Next(ctx, w.Operator)
	if err != nil || o.ID != hotel.ID {
		t.Errorf("next is %s, %v", o.Code, err)
	}
	_, err = q.Next(ctx, w.Operator)
	refused(t, "over the cap", err, fault.Conflict, "queue.error.cap")
	refused(t, "hand over past skills", q.HandOver(ctx, w.Operator, hotel.Code, w.Operator2.ID, "x"), fault.Conflict, "queue.error.to.skill")
	if o, err = q.Next(ctx, w.Operator2); err != nil || o.ID != steam.ID {
		t.Errorf("next is %s, %v", o.Code, err)
	}
	able, err := q.Colleagues(ctx, hotel.Code)
	if err != nil || len(able) == 0 {
		t.Fatalf("%v, %v", able, err)
	}
	for _, p := range able {
		if p.ID == w.Operator.ID || p.ID == w.Operator2.ID || p.ID == w.Finance.ID {
			t.Errorf("%s may take the order over", p.Name)
		}
	}
	third := w.Paid(t, "hotel-booking")
	_, err = q.Claim(ctx, w.Supervisor, third.Code)
	testworld.Must(t, err)
	refused(t, "hand over past the cap", q.HandOver(ctx, w.Supervisor, third.Code, w.Operator.ID, "x"), fault.Conflict, "queue.error.to.cap")
	refused(t, "no such service", q.SetSkills(ctx, w.Supervisor, w.Operator.ID, queue.Skills{Services: []string{"moon"}}), fault.Invalid, "queue.error.service")
}

// One person presses Next in many windows at once: the cap holds.
func TestCapRace(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	for range 6 {
		w.Paid(t)
	}
	testworld.Must(t, w.House.Queue.SetSkills(t.Context(), w.Supervisor, w.Operator.ID, queue.Skills{Cap: 3}))
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if _, err := w.House.Queue.Next(t.Context(), w.Operator); err != nil && !fault.Is(err, fault.Conflict) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := w.Count(t, "SELECT count(*) FROM claims WHERE ended_at IS NULL"); n != 3 {
		t.Errorf("%d claims", n)
	}
}

// A claim that nobody works on is warned of, and then goes back; working time
// alone counts, and neither a hold nor a purchase loses an order.
func TestLease(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	q, ctx := w.House.Queue, t.Context()
	idle, busy, waits, buys := w.Claimed(t), w.Claimed(t), w.Claimed(t), w.Claimed(t)
	testworld.Must(t, q.Hold(ctx, w.Operator, waits.Code, "?"))
	testworld.Must(t, w.House.Fulfil.StartPurchase(ctx, w.Operator, buys.Code))
	sweep := func(wantWarned, wantReturned int) {
		t.Helper()
		warned, returned, err := q.Sweep(ctx)
		if err != nil || warned != wantWarned || returned != wantReturned {
			t.Errorf("warned of %d, returned %d, %v", warned, returned, err)
		}
	}
	w.Clock.Advance(29 * time.Minute)
	sweep(0, 0)
	testworld.Must(t, q.Touch(ctx, w.Operator, busy.Code))
	testworld.Must(t, q.Touch(ctx, w.Operator2, idle.Code)) // not theirs
	w.Clock.Advance(time.Minute)
	sweep(1, 0)
	sweep(0, 0)
	if _, warnings, err := q.News(ctx, w.Operator); err != nil || len(warnings) != 1 || warnings[0].Code != idle.Code || !warnings[0].ReturnsAt.Equal(w.Clock.Now().Add(5*time.Minute)) {
		t.Errorf("warned of %+v, %v", warnings, err)
	}
	w.Clock.Advance(5 * time.Minute)
	sweep(0, 1)
	if w.Order(t, idle).State != orders.Paid || w.Order(t, busy).State != orders.InProgress {
		t.Errorf("%s, %s", w.Order(t, idle).State, w.Order(t, busy).State)
	}
	if notices, _, _ := q.News(ctx, w.Operator); len(notices) != 1 || notices[0].Kind != queue.Lapsed {
		t.Errorf("told %+v", notices)
	}
	w.Clock.Advance(24 * time.Minute) // 59 minutes in all: busy is warned of, and goes on
	sweep(1, 0)
	testworld.Must(t, q.Touch(ctx, w.Operator, busy.Code))
	w.Clock.Advance(10 * time.Minute)
	sweep(0, 0)
	w.Clock.Advance(12 * time.Hour) // the night: 17:00 has passed, and the lease stands still
	sweep(1, 0)
	if w.Order(t, waits).State != orders.WaitingCustomer || w.Order(t, buys).State != orders.InProgress {
		t.Errorf("%s, %s", w.Order(t, waits).State, w.Order(t, buys).State)
	}
}

// Bulk does what may be done, and says why not for the rest.
func TestBulk(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	q, ctx := w.House.Queue, t.Context()
	mine, bought, free := w.Claimed(t), w.Claimed(t), w.Paid(t)
	testworld.Must(t, w.House.Fulfil.StartPurchase(ctx, w.Operator, bought.Code))
	results, err := q.Bulk(ctx, w.Operator, []string{mine.Code, " " + mine.Code, bought.Code, free.Code, "AAAAAAA"}, queue.BulkHandOver,
		queue.BulkArgs{To: w.Operator2.ID, Reason: "the shift ends"})
	testworld.Must(t, err)
	if len(results) != 4 || results[0].Err != nil || holder(t, w, mine) != w.Operator2.ID {
		t.Fatalf("%+v", results)
	}
	refused(t, "purchase", results[1].Err, fault.Conflict, "queue.error.purchase_open")
	refused(t, "free", results[2].Err, fault.Conflict, "queue.error.not_held")
	refused(t, "unknown", results[3].Err, fault.NotFound, "orders.error.not_found")
	results, err = q.Bulk(ctx, w.Operator, []string{mine.Code}, queue.BulkRelease, queue.BulkArgs{Reason: "x"})
	testworld.Must(t, err)
	refused(t, "a colleague's", results[0].Err, fault.Conflict, "queue.error.taken")
	_, err = q.Bulk(ctx, w.Finance, []string{mine.Code}, queue.BulkRelease, queue.BulkArgs{Reason: "x"})
	refused(t, "finance", err, fault.Forbidden, "access.error.forbidden")
	_, err = q.Bulk(ctx, w.Operator, []string{mine.Code}, "fly", queue.BulkArgs{Reason: "x"})
	refused(t, "no verb", err, fault.Invalid, "queue.error.verb")
	_, err = q.Bulk(ctx, w.Operator, nil, queue.BulkNote, queue.BulkArgs{Reason: "x"})
	refused(t, "nothing", err, fault.Invalid, "queue.error.codes_empty")
	if results, err = q.Bulk(ctx, w.Supervisor, []string{mine.Code}, queue.BulkRelease, queue.BulkArgs{Reason: "x"}); err != nil || results[0].Err != nil || w.Order(t, mine).State != orders.Paid {
		t.Errorf("%+v, %v", results, err)
	}
	if results, err = q.Bulk(ctx, w.Operator, []string{mine.Code}, queue.BulkNote, queue.BulkArgs{Reason: "seen"}); err != nil || results[0].Err != nil {
		t.Errorf("%+v, %v", results, err)
	}
}
