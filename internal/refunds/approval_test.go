package refunds_test

import (
	"sync"
	"sync/atomic"
	"testing"

	"pishkhan/internal/fault"
	"pishkhan/internal/fulfil"
	"pishkhan/internal/refunds"
	"pishkhan/internal/testworld"
)

const card = "6037997551234561"

// An approval is of an account too: without one nothing is approved, and
// another one takes the approval back.
func TestApprovalIsOfTheAccount(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	r, ctx := w.House.Refunds, t.Context()
	refund, err := r.Ask(ctx, w.Operator, w.Done(t).Code, refunds.Draft{Amount: "12000", Reason: "x"})
	testworld.Must(t, err)
	conflict(t, "approved to nowhere", r.Approve(ctx, w.Finance, refund.ID), "refunds.error.no_destination")
	testworld.Must(t, r.SetDestination(ctx, w.Finance, refund.ID, sheba))
	testworld.Must(t, r.Approve(ctx, w.Finance, refund.ID))
	testworld.Must(t, r.SetDestination(ctx, w.Finance, refund.ID, card))
	now, err := r.Refund(ctx, refund.ID)
	testworld.Must(t, err)
	if now.State != refunds.Asked || now.ApprovedBy != 0 || !now.ApprovedAt.IsZero() || now.Approver != "" {
		t.Errorf("after another account it is %+v", now)
	}
	conflict(t, "sent to it", r.Sent(ctx, w.Finance, refund.ID, "X1"), "refunds.error.moved_on")
	_, err = r.Destination(ctx, w.Finance, refund.ID)
	conflict(t, "revealed", err, "refunds.error.moved_on")
	if n := w.Count(t, "SELECT count(*) FROM order_events WHERE verb = 'refund_unapproved'"); n != 1 {
		t.Errorf("%d lines in the history", n)
	}
	testworld.Must(t, r.Approve(ctx, w.Finance, refund.ID))
	number, err := r.Destination(ctx, w.Finance, refund.ID)
	testworld.Must(t, err)
	if number.Reveal() != card {
		t.Errorf("it goes to %q", number.Reveal())
	}
	testworld.Must(t, r.Sent(ctx, w.Finance, refund.ID, "X1"))
	conflict(t, "after it was sent", r.SetDestination(ctx, w.Finance, refund.ID, sheba), "refunds.error.moved_on")
}

// An approval, another account and the transfer at once: what is sent was
// approved with the account that it has.
func TestAccountAgainstApproval(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	r, ctx := w.House.Refunds, t.Context()
	refund := asked(t, w, w.Operator, w.Done(t), "10000")
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() { tally(t, new(atomic.Int64), r.Approve(ctx, w.Finance, refund.ID)) })
		wg.Go(func() { tally(t, new(atomic.Int64), r.SetDestination(ctx, w.Finance, refund.ID, card)) })
		wg.Go(func() { tally(t, new(atomic.Int64), r.Sent(ctx, w.Finance, refund.ID, "X1")) })
	}
	wg.Wait()
	now, err := r.Refund(ctx, refund.ID)
	testworld.Must(t, err)
	order := "SELECT coalesce(max(id), 0) FROM audit_entries WHERE verb = $1"
	approved, changed := w.Count(t, order, "order.refund_approved"), w.Count(t, order, "refund.destination")
	if now.State != refunds.Asked && approved == 0 || now.State == refunds.Asked && now.ApprovedBy != 0 {
		t.Errorf("it is %+v", now)
	}
	if now.State == refunds.Approved && approved < changed {
		t.Error("the last account was not approved")
	}
	if sent := w.Count(t, order, "order.refund_sent"); now.State == refunds.Sent && (changed > sent || changed > approved) {
		t.Error("it was sent to what nobody approved")
	}
}

// The limit is for all that goes back of an order: in parts it is no less.
func TestPartsAreOneAmount(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	r, ctx := w.House.Refunds, t.Context()
	testworld.Must(t, r.SetLimit(ctx, w.Admin, "20000"))
	o, other := w.Done(t), w.Done(t)
	first := asked(t, w, w.Finance, o, "20000")
	testworld.Must(t, r.Approve(ctx, w.Finance, first.ID))
	testworld.Must(t, r.Sent(ctx, w.Finance, first.ID, "X1"))
	second := asked(t, w, w.Finance, o, "1")
	conflict(t, "one person, in two parts", r.Approve(ctx, w.Finance, second.ID), "refunds.error.same_person")
	testworld.Must(t, r.Approve(ctx, w.Finance, asked(t, w, w.Finance, other, "20000").ID))
	_, err := w.House.Pool.Exec(ctx, `UPDATE refunds SET state = 'approved', approved_by = asked_by, approved_at = now(), limit_rials = 200000, order_rials = 200010 WHERE id = $1`, second.ID)
	if err == nil {
		t.Error("the database let one person do it")
	}
	testworld.Must(t, r.Fail(ctx, w.Supervisor, second.ID, "not so"))
	third := asked(t, w, w.Operator, o, "15000")
	testworld.Must(t, r.Approve(ctx, w.Finance, third.ID)) // two people

	// What failed counts no more.
	again := w.Done(t)
	testworld.Must(t, r.Fail(ctx, w.Finance, asked(t, w, w.Finance, again, "20000").ID, "not so"))
	testworld.Must(t, r.Approve(ctx, w.Finance, asked(t, w, w.Finance, again, "20000").ID))
}

// One person asks for many small parts and approves them all at once: no more
// than the limit gets through.
func TestPartsInARace(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	r, ctx := w.House.Refunds, t.Context()
	testworld.Must(t, r.SetLimit(ctx, w.Admin, "20000"))
	o := w.Done(t)
	var wg sync.WaitGroup
	for range 12 {
		wg.Go(func() {
			part, err := r.Ask(ctx, w.Finance, o.Code, refunds.Draft{Amount: "5000", Reason: "x", Destination: sheba})
			if err == nil {
				err = r.Approve(ctx, w.Finance, part.ID)
			}
			if err != nil && !fault.Is(err, fault.Conflict) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	sum := w.Count(t, "SELECT coalesce(sum(amount_rials), 0) FROM refunds WHERE state = 'approved'")
	if sum > 20000*toman {
		t.Errorf("one person approved %d rials", sum)
	}
}

// While something is being bought no money leaves, not even what was approved
// before, unless a supervisor asked over it; what has left is written down.
func TestGuard(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	r, f, ctx := w.House.Refunds, w.House.Fulfil, t.Context()
	o := w.Claimed(t)
	before, approved := asked(t, w, w.Operator, o, "1000"), asked(t, w, w.Operator, o, "2000")
	testworld.Must(t, r.Approve(ctx, w.Finance, approved.ID))
	testworld.Must(t, f.StartPurchase(ctx, w.Operator, o.Code))
	reveal := func(id int64) error { _, err := r.Destination(ctx, w.Finance, id); return err }
	_, err := r.Ask(ctx, w.Operator, o.Code, refunds.Draft{Amount: "1000", Reason: "x"})
	conflict(t, "asked", err, "refunds.error.purchase_open")
	conflict(t, "approved", r.Approve(ctx, w.Finance, before.ID), "refunds.error.purchase_open")
	conflict(t, "revealed", reveal(approved.ID), "refunds.error.purchase_open")
	testworld.Must(t, f.EndPurchase(ctx, w.Operator, o.Code, *unknown))
	conflict(t, "approved while unknown", r.Approve(ctx, w.Finance, before.ID), "refunds.error.purchase_open")
	conflict(t, "revealed while unknown", reveal(approved.ID), "refunds.error.purchase_open")
	over, err := r.Ask(ctx, w.Supervisor, o.Code, refunds.Draft{Amount: "1000", Reason: "goodwill", Destination: sheba, Overrule: true})
	testworld.Must(t, err)
	testworld.Must(t, r.Approve(ctx, w.Finance, over.ID))
	testworld.Must(t, reveal(over.ID))
	testworld.Must(t, r.Sent(ctx, w.Finance, approved.ID, "it left this morning"))
	testworld.Must(t, f.EndPurchase(ctx, w.Operator, o.Code, fulfil.Report{Outcome: fulfil.NotPaid}))
	testworld.Must(t, r.Approve(ctx, w.Finance, before.ID))
	testworld.Must(t, reveal(before.ID))
}

// Above the limit, whoever said last where the money goes does not approve it,
// though somebody else asked; below it, and once a colleague has confirmed the
// account by setting it, the approval goes through.
func TestWhoSetsTheAccountDoesNotApprove(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	r, ctx := w.House.Refunds, t.Context()
	testworld.Must(t, r.SetLimit(ctx, w.Admin, "20000"))
	ask := func(amount string) refunds.Refund {
		refund, err := r.Ask(ctx, w.Operator, w.Done(t).Code, refunds.Draft{Amount: amount, Reason: "x"})
		testworld.Must(t, err)
		return refund
	}
	large, small := ask("20001"), ask("20000")
	for _, refund := range []refunds.Refund{large, small} {
		testworld.Must(t, r.SetDestination(ctx, w.Finance, refund.ID, card))
	}
	testworld.Must(t, r.Approve(ctx, w.Finance, small.ID))
	conflict(t, "one person, the account and the approval", r.Approve(ctx, w.Finance, large.ID), "refunds.error.same_account")
	if now, err := r.Refund(ctx, large.ID); err != nil || now.AccountBy != w.Finance.ID || now.State != refunds.Asked {
		t.Errorf("it is %+v, %v", now, err)
	}
	_, err := w.House.Pool.Exec(ctx, `UPDATE refunds SET state = 'approved', approved_by = destination_by, approved_at = now(),
		limit_rials = 200000, order_rials = 200010 WHERE id = $1`, large.ID)
	if err == nil {
		t.Error("the database let one person do it")
	}
	testworld.Must(t, r.SetDestination(ctx, w.Supervisor, large.ID, sheba))
	conflict(t, "the last one who set it", r.Approve(ctx, w.Supervisor, large.ID), "refunds.error.same_account")
	testworld.Must(t, r.Approve(ctx, w.Finance, large.ID))
	testworld.Must(t, r.Sent(ctx, w.Finance, large.ID, "X1"))
}
