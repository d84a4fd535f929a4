package refunds_test

import (
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pishkhan/internal/audit"
	"pishkhan/internal/db/dbtest"
	"pishkhan/internal/fault"
	"pishkhan/internal/money"
	"pishkhan/internal/notify"
	"pishkhan/internal/orders"
	"pishkhan/internal/refunds"
	"pishkhan/internal/testworld"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

const (
	sheba = "IR062960000000100324200001"
	toman = 10 // rials
)

func asked(t *testing.T, w *testworld.World, by audit.Actor, o orders.Order, amount string) refunds.Refund {
	t.Helper()
	r, err := w.House.Refunds.Ask(t.Context(), by, o.Code, refunds.Draft{Amount: amount, Reason: "too much was paid", Destination: sheba})
	testworld.Must(t, err)
	return r
}

func left(t *testing.T, w *testworld.World, o orders.Order) money.Rials {
	t.Helper()
	rials, err := w.House.Refunds.Left(t.Context(), w.House.Pool, o)
	testworld.Must(t, err)
	return rials
}

func conflict(t *testing.T, what string, err error, key string) {
	t.Helper()
	if !fault.Is(err, fault.Conflict) || fault.Of(err).Key != key {
		t.Errorf("%s: %v, want %s", what, err, key)
	}
}

// A refund is asked for, approved and sent; its account is sealed until it is
// sent, and the customer is told once.
func TestLife(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	r, ctx := w.House.Refunds, t.Context()
	o := w.Done(t)
	refund, err := r.Ask(ctx, w.Operator, o.Code, refunds.Draft{Amount: "۱۲٬۰۰۰", Reason: "  the site charged less ", Destination: strings.ToLower(sheba)})
	testworld.Must(t, err)
	if refund.State != refunds.Asked || refund.Amount != 12_000*toman || refund.Reason != "the site charged less" || refund.Masked == "" || strings.Contains(refund.Masked, sheba[6:20]) {
		t.Errorf("asked %+v", refund)
	}
	if got := left(t, w, o); got != o.Total-12_000*toman {
		t.Errorf("%d left", got)
	}
	if n := w.Count(t, "SELECT count(*) FROM refunds WHERE encode(destination, 'escape') LIKE '%' || $1 || '%'", sheba[4:]); n != 0 {
		t.Error("the account is stored in the open")
	}
	_, err = r.Destination(ctx, w.Finance, refund.ID)
	conflict(t, "revealed before it is approved", err, "refunds.error.moved_on")
	conflict(t, "sent before it is approved", r.Sent(ctx, w.Finance, refund.ID, "X1"), "refunds.error.moved_on")

	w.Clock.Advance(time.Minute)
	testworld.Must(t, r.Approve(ctx, w.Finance, refund.ID))
	number, err := r.Destination(ctx, w.Finance, refund.ID)
	testworld.Must(t, err)
	if number.Reveal() != sheba {
		t.Errorf("it goes to %q", number.Reveal())
	}
	if n := w.Count(t, "SELECT count(*) FROM audit_entries WHERE verb = 'refund.reveal' AND actor_id = $1", w.Finance.ID); n != 1 {
		t.Errorf("%d reveals on record", n)
	}
	testworld.Must(t, r.Sent(ctx, w.Finance, refund.ID, " 140507-331 "))
	conflict(t, "sent twice", r.Sent(ctx, w.Finance, refund.ID, "140507-332"), "refunds.error.moved_on")
	conflict(t, "failed after it was sent", r.Fail(ctx, w.Finance, refund.ID, "why"), "refunds.error.moved_on")

	sent, err := r.Refund(ctx, refund.ID)
	testworld.Must(t, err)
	if sent.State != refunds.Sent || sent.Reference != "140507-331" || sent.EndedBy != w.Finance.ID || sent.Way != refunds.Transfer {
		t.Errorf("sent %+v", sent)
	}
	if n := w.Count(t, "SELECT count(*) FROM messages WHERE kind = $1 AND order_id = $2", string(notify.RefundSent), int64(o.ID)); n != 2 {
		t.Errorf("told by %d messages", n)
	}
	if n := w.Count(t, "SELECT count(*) FROM order_events WHERE order_id = $1 AND verb LIKE 'refund_%'", int64(o.ID)); n != 3 {
		t.Errorf("%d lines in the history", n)
	}
}

// Above the limit nobody approves what they asked for, and the database would
// not have it either; up to it finance may.
func TestTwoPeople(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	r, ctx := w.House.Refunds, t.Context()
	o := w.Done(t)
	testworld.Must(t, r.SetLimit(ctx, w.Admin, "20000"))
	small, large := asked(t, w, w.Finance, o, "20000"), asked(t, w, w.Finance, w.Done(t), "20001")
	testworld.Must(t, r.Approve(ctx, w.Finance, small.ID))
	conflict(t, "one person", r.Approve(ctx, w.Finance, large.ID), "refunds.error.same_person")
	_, err := w.House.Pool.Exec(ctx, `UPDATE refunds SET state = 'approved', approved_by = asked_by, approved_at = now(), limit_rials = 200000, order_rials = amount_rials WHERE id = $1`, large.ID)
	if err == nil || !strings.Contains(err.Error(), "refunds_two_people") {
		t.Errorf("the database let one person do it: %v", err)
	}
	testworld.Must(t, r.Approve(ctx, w.Supervisor, large.ID))
	if n := w.Count(t, "SELECT count(*) FROM audit_entries WHERE verb = 'refund_limit.set' AND actor_id = $1", w.Admin.ID); n != 1 {
		t.Error("the limit changed off the record")
	}
	if err := r.SetLimit(ctx, w.Admin, "much"); !fault.Is(err, fault.Invalid) {
		t.Errorf("a limit of %v", err)
	}
}

// Twenty ask at once for a third of what was paid: three get it. What fails
// can be asked for again.
func TestNeverMoreThanWasPaid(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	r, ctx := w.House.Refunds, t.Context()
	o := w.Paid(t)
	third := o.Total.Toman() / 3
	var got atomic.Int64
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			_, err := r.Ask(ctx, w.Operator, o.Code, refunds.Draft{Amount: strconv.FormatInt(third, 10), Reason: "race"})
			switch {
			case err == nil:
				got.Add(1)
			case !fault.Is(err, fault.Conflict) || fault.Of(err).Key != "refunds.error.more_than_left":
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got.Load() != 3 {
		t.Fatalf("%d thirds", got.Load())
	}
	sum := w.Count(t, "SELECT sum(amount_rials) FROM refunds WHERE order_id = $1 AND state <> 'failed'", int64(o.ID))
	if money.Rials(sum) > o.Total || money.Rials(sum) != o.Total-left(t, w, o) {
		t.Errorf("%d of %d, %d left", sum, o.Total, left(t, w, o))
	}
	if _, err := w.House.Pool.Exec(ctx, "UPDATE refund_ledgers SET refunded_rials = paid_rials + 10"); err == nil {
		t.Error("the database lets more go back than was paid")
	}
	list, err := r.Of(ctx, w.House.Pool, o.ID)
	testworld.Must(t, err)
	before := left(t, w, o)
	testworld.Must(t, r.Fail(ctx, w.Finance, list[0].ID, "not so"))
	if after := left(t, w, o); after != before+list[0].Amount {
		t.Errorf("%d left after one failed, %d before", after, before)
	}
}

// Twenty approve at once, and twenty send: one of each does.
func TestOneDecides(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	r, ctx := w.House.Refunds, t.Context()
	refund := asked(t, w, w.Operator, w.Done(t), "10000")
	race := func(do func(who audit.Actor) error) (won int64) {
		var n atomic.Int64
		var wg sync.WaitGroup
		for i := range 20 {
			who := []audit.Actor{w.Finance, w.Supervisor}[i%2]
			wg.Go(func() {
				err := do(who)
				if err == nil {
					n.Add(1)
				} else if !fault.Is(err, fault.Conflict) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		return n.Load()
	}
	if n := race(func(who audit.Actor) error { return r.Approve(ctx, who, refund.ID) }); n != 1 {
		t.Errorf("%d approved", n)
	}
	if n := race(func(who audit.Actor) error { return r.Sent(ctx, who, refund.ID, "REF "+who.Name) }); n != 1 {
		t.Errorf("%d sent", n)
	}
	if n := w.Count(t, "SELECT count(*) FROM messages WHERE kind = 'refund_sent'"); n != 2 {
		t.Errorf("%d messages", n)
	}
}

func TestAskRefusals(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	r, ctx := w.House.Refunds, t.Context()
	o := w.Paid(t)
	for _, tt := range []struct {
		name   string
		code   string
		d      refunds.Draft
		kind   fault.Kind
		fields string
	}{
		{"nothing", o.Code, refunds.Draft{}, fault.Invalid, "amount reason"},
		{"zero", o.Code, refunds.Draft{Amount: "0", Reason: "x"}, fault.Invalid, "amount"},
		{"negative", o.Code, refunds.Draft{Amount: "-5", Reason: "x"}, fault.Invalid, "amount"},
		{"words", o.Code, refunds.Draft{Amount: "all", Reason: "x"}, fault.Invalid, "amount"},
		{"a novel", o.Code, refunds.Draft{Amount: "5", Reason: strings.Repeat("آ", 1001)}, fault.Invalid, "reason"},
		{"no account", o.Code, refunds.Draft{Amount: "5", Reason: "x", Destination: "IR12"}, fault.Invalid, "destination"},
		{"a wrong card", o.Code, refunds.Draft{Amount: "5", Reason: "x", Destination: "6037701234567890"}, fault.Invalid, "destination"},
		{"more than was paid", o.Code, refunds.Draft{Amount: "99999999999", Reason: "x"}, fault.Conflict, ""},
		{"unpaid", w.Placed(t).Orders[0].Code, refunds.Draft{Amount: "5", Reason: "x"}, fault.Conflict, ""},
		{"no order", "AAAAAAA", refunds.Draft{Amount: "5", Reason: "x"}, fault.NotFound, ""},
	} {
		_, err := r.Ask(ctx, w.Operator, tt.code, tt.d)
		if got := fault.Of(err); got == nil || got.Kind != tt.kind || fieldsOf(got) != tt.fields {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	if n := w.Count(t, "SELECT count(*) FROM refunds"); n != 0 {
		t.Errorf("%d refunds of nothing", n)
	}
	if _, err := r.Refund(ctx, 99); !fault.Is(err, fault.NotFound) {
		t.Errorf("no such refund: %v", err)
	}
}

func typed(r money.Rials) string { return strconv.FormatInt(r.Toman(), 10) }

func fieldsOf(f *fault.Fault) string {
	var names []string
	for _, field := range f.Fields {
		names = append(names, field.Name)
	}
	return strings.Join(names, " ")
}
