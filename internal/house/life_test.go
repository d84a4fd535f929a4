package house_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"
	"testing"
	"time"

	"pishkhan/internal/audit"
	"pishkhan/internal/checkout"
	"pishkhan/internal/customers"
	"pishkhan/internal/fault"
	"pishkhan/internal/fulfil"
	"pishkhan/internal/orders"
	"pishkhan/internal/payments"
	"pishkhan/internal/refunds"
	"pishkhan/internal/sample"
	"pishkhan/internal/testworld"
)

// What must hold at every moment, whoever does what in whatever order. Each
// query returns what breaks it.
var invariants = map[string]string{
	"one live claim exactly while somebody works": `
		SELECT o.id FROM orders o LEFT JOIN claims c ON c.order_id = o.id AND c.ended_at IS NULL
		GROUP BY o.id, o.state HAVING count(c.id) <> CASE WHEN o.state IN ('in_progress', 'waiting_customer') THEN 1 ELSE 0 END`,
	"the guard is up exactly while a purchase is under way or unknown": `
		SELECT c.order_id FROM claims c WHERE c.ended_at IS NULL AND (c.purchase_since IS NOT NULL) <>
		EXISTS (SELECT FROM purchases p WHERE p.order_id = c.order_id AND (p.outcome IS NULL OR p.outcome = 'unknown'))`,
	"an open purchase is with whoever holds its order, or guards it while it is free, or its order was cancelled over it": `
		SELECT p.order_id FROM purchases p JOIN orders o ON o.id = p.order_id WHERE (p.outcome IS NULL OR p.outcome = 'unknown') AND CASE o.state
			WHEN 'in_progress' THEN NOT EXISTS (SELECT FROM claims c WHERE c.order_id = o.id AND c.ended_at IS NULL AND c.purchase_since IS NOT NULL)
			WHEN 'waiting_customer' THEN NOT EXISTS (SELECT FROM claims c WHERE c.order_id = o.id AND c.ended_at IS NULL AND c.purchase_since IS NOT NULL)
			WHEN 'paid' THEN NOT EXISTS (SELECT FROM queue_guards g WHERE g.order_id = o.id AND g.taken_at IS NULL)
			ELSE o.state <> 'cancelled' END`,
	"a guard is left exactly on a free order whose purchase is open": `
		SELECT g.order_id FROM queue_guards g JOIN orders o ON o.id = g.order_id WHERE g.taken_at IS NULL AND NOT (o.state = 'paid' AND
		EXISTS (SELECT FROM purchases p WHERE p.order_id = o.id AND (p.outcome IS NULL OR p.outcome = 'unknown')))`,
	"a purchase leaves its claim by a supervisor's word alone": `
		SELECT p.order_id FROM purchases p JOIN claims c ON c.id = p.claim_id WHERE (p.outcome IS NULL OR p.outcome = 'unknown')
		AND c.ended_how IS NOT NULL AND c.ended_how NOT IN ('stolen', 'returned', 'cancelled')`,
	"what is approved has an account, and above the limit two people": `
		SELECT r.order_id FROM refunds r WHERE r.state IN ('approved', 'sent') AND (r.destination_no = 0 OR r.order_rials > r.limit_rials AND r.approved_by = r.asked_by)`,
	"the history is a chain that ends in the state": `
		SELECT o.id FROM orders o WHERE o.state <> coalesce((SELECT e.to_state FROM order_events e
			WHERE e.order_id = o.id AND e.to_state IS NOT NULL ORDER BY e.id DESC LIMIT 1), 'awaiting_payment')
		UNION SELECT order_id FROM (SELECT order_id, from_state,
			lag(to_state, 1, 'awaiting_payment') OVER (PARTITION BY order_id ORDER BY id) AS before
			FROM order_events WHERE to_state IS NOT NULL) chain WHERE from_state <> before`,
	"a clock runs, rests or is over as the state says": `
		SELECT o.id FROM orders o LEFT JOIN order_clocks c ON c.order_id = o.id
		WHERE o.state <> 'cancelled' AND ((o.state IN ('paid', 'in_progress')) <> (c.running_since IS NOT NULL)
		   OR (o.state = 'waiting_customer') <> (c.paused_at IS NOT NULL AND c.stopped_at IS NULL)
		   OR (o.state = 'done') <> (c.stopped_at IS NOT NULL))
		   OR o.state = 'cancelled' AND c.id IS NOT NULL AND c.stopped_at IS NULL
		   OR c.due_at <> o.due_at`,
	"paid orders have one payment that is ours, and no other has": `
		SELECT o.id FROM orders o WHERE (o.settled_at IS NOT NULL) <> EXISTS (SELECT FROM payment_attempts a
			WHERE a.checkout_id = o.checkout_id AND a.extra_id IS NULL AND a.state IN ('verified', 'settled') AND a.amount_rials = (SELECT total_rials FROM checkouts k WHERE k.id = o.checkout_id))`,
	"who is verified has an approved case": `
		SELECT o.id FROM orders o JOIN identity_cases i ON i.id = o.identity_case_id WHERE o.verified_at IS NOT NULL AND i.verdict IS DISTINCT FROM 'approved'
		UNION SELECT o.id FROM orders o JOIN identity_cases i ON i.id = o.identity_case_id WHERE o.state = 'awaiting_kyc' AND i.verdict = 'approved'`,
	"somebody is to call exactly while the identity is missing": `
		SELECT o.id FROM orders o WHERE (o.state = 'awaiting_kyc') <>
		EXISTS (SELECT FROM contact_tasks t WHERE t.order_id = o.id AND t.closed_at IS NULL AND t.why LIKE 'identity_%')`,
	"a completed order is told of twice, any other never": `
		SELECT o.id FROM orders o LEFT JOIN messages m ON m.order_id = o.id AND m.kind = 'order_done'
		GROUP BY o.id, o.state HAVING count(m.id) <> CASE WHEN o.state = 'done' THEN 2 ELSE 0 END`,
	"each completion is proven": `
		SELECT o.id FROM orders o WHERE o.state = 'done' AND NOT (EXISTS (SELECT FROM purchases p WHERE p.order_id = o.id AND p.outcome = 'paid')
		AND EXISTS (SELECT FROM receipts r WHERE r.order_id = o.id AND r.removed_at IS NULL))`,
	"no more goes back than was paid": `
		SELECT o.id FROM orders o JOIN refunds r ON r.order_id = o.id AND r.state <> 'failed' GROUP BY o.id
		HAVING sum(r.amount_rials) > CASE WHEN o.settled_at IS NULL THEN 0 ELSE o.total_rials END
			+ coalesce((SELECT sum(a.amount_rials) FROM payment_attempts a JOIN extra_payments x ON x.id = a.extra_id
				WHERE x.order_id = o.id AND a.state IN ('verified', 'settled')), 0)`,
	"the ledger of refunds is their sum": `
		SELECT l.order_id FROM refund_ledgers l WHERE l.refunded_rials <>
		coalesce((SELECT sum(r.amount_rials) FROM refunds r WHERE r.order_id = l.order_id AND r.state <> 'failed'), 0)`,
	"more is asked only while the order waits for it, and what is paid has one payment": `
		SELECT x.order_id FROM extra_payments x JOIN orders o ON o.id = x.order_id WHERE x.state = 'asked' AND o.state <> 'waiting_customer'
		UNION SELECT x.order_id FROM extra_payments x WHERE (x.state = 'paid') <>
			EXISTS (SELECT FROM payment_attempts a WHERE a.extra_id = x.id AND a.state IN ('verified', 'settled') AND a.amount_rials = x.amount_rials)`,
	"a cancelled order that was paid is told of twice": `
		SELECT o.id FROM orders o LEFT JOIN messages m ON m.order_id = o.id AND m.kind = 'order_cancelled'
		GROUP BY o.id, o.state HAVING count(m.id) <> CASE WHEN o.state = 'cancelled' AND o.settled_at IS NOT NULL THEN 2 ELSE 0 END`,
	"each reveal has an audit row": `
		SELECT credential_id FROM credential_reveals GROUP BY credential_id HAVING count(*) <>
		(SELECT count(*) FROM audit_entries WHERE verb = 'credential.reveal' AND (detail->>'credential')::bigint = credential_id)`,
}

// Several people do at once what comes to their minds. Whatever they try is
// done or refused with a fault, and the house stays in order.
func TestRandomLife(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	var placed []checkout.Placed
	var visitors []customers.Visitor
	for range 8 {
		visitor := w.Visitor(t)
		visitors = append(visitors, visitor)
		placed = append(placed, w.PlacedBy(t, visitor, w.Someone(), "steam-wallet", "hotel-booking"))
	}
	for _, p := range placed[:5] { // so that the walk does not stay at the beginning
		w.Pay(t, p)
		w.Approve(t, p.Orders[0])
	}
	done := map[string]int{}
	var mu sync.Mutex
	for range 10 {
		var wg sync.WaitGroup
		for worker := range 4 {
			random := rand.New(rand.NewPCG(seed, rand.Uint64()))
			wg.Go(func() {
				for range 40 {
					at := random.IntN(len(placed))
					verb, err := step(t, w, random, worker, placed[at], visitors[at])
					if err != nil && fault.Of(err) == nil {
						t.Errorf("%s: %v", verb, err)
					}
					if err == nil {
						mu.Lock()
						done[verb]++
						mu.Unlock()
					}
				}
			})
		}
		wg.Wait()
		w.Clock.Advance(time.Minute)
		check(t, w)
		if t.Failed() {
			return
		}
	}
	t.Logf("done: %v", done)
	if n := w.Count(t, "SELECT count(*) FROM orders WHERE state = 'done'"); n == 0 {
		t.Error("nobody got anything done: this walk proves little")
	}
}

// step does one thing at random, and returns its name.
func step(t *testing.T, w *testworld.World, random *rand.Rand, worker int, p checkout.Placed, visitor customers.Visitor) (string, error) {
	h, ctx := w.House, t.Context()
	member := []audit.Actor{w.Operator, w.Operator2}[worker%2]
	to := []audit.Actor{w.Operator, w.Operator2, w.Supervisor, w.Finance}[random.IntN(4)].ID
	o := p.Orders[random.IntN(len(p.Orders))]
	if held, err := h.Queue.Holder(ctx, h.Pool, o.ID); err == nil && random.IntN(4) > 0 { // as a rule, people do what they may
		member = audit.Actor{Kind: audit.Staff, ID: held.MemberID, Name: held.MemberName}
	}
	now, err := h.Orders.ByID(ctx, h.Pool, o.ID)
	if err != nil {
		return "read", err
	}
	report := fulfil.Report{Outcome: []fulfil.Outcome{fulfil.Paid, fulfil.Paid, fulfil.NotPaid, fulfil.Unknown}[random.IntN(4)], Amount: "50", Currency: "USD", Note: "so it is"}
	amount := strconv.FormatInt(now.Total.Toman()/int64(1+random.IntN(4)), 10)
	verbs := []struct {
		name string
		do   func() error
	}{
		{"claim", func() error { _, err := h.Queue.Claim(ctx, member, o.Code); return err }},
		{"next", func() error { _, err := h.Queue.Next(ctx, member); return err }},
		{"release", func() error { return h.Queue.Release(ctx, member, o.Code, "enough") }},
		{"hand over", func() error { return h.Queue.HandOver(ctx, member, o.Code, to, "lunch") }},
		{"steal", func() error { return h.Queue.Steal(ctx, w.Supervisor, o.Code, "why", random.IntN(2) == 0) }},
		{"release for", func() error { return h.Queue.ReleaseFor(ctx, w.Supervisor, o.Code, "why", random.IntN(2) == 0) }},
		{"skip", func() error { return h.Queue.Skip(ctx, member, o.Code, "why") }},
		{"hold", func() error { return h.Queue.Hold(ctx, member, o.Code, "?") }},
		{"answer", func() error { return h.Queue.Answer(ctx, sample.Browser(visitor), o.ID, "!") }},
		{"start purchase", func() error { return h.Fulfil.StartPurchase(ctx, member, o.Code) }},
		{"end purchase", func() error { return h.Fulfil.EndPurchase(ctx, member, o.Code, report) }},
		{"receipt", func() error { return h.Fulfil.AddReceipt(ctx, member, o.Code, "r.pdf", sample.PDF(o.Code)) }},
		{"complete", func() error { return h.Fulfil.Complete(ctx, member, o.Code, nil) }},
		{"complete with report", func() error { return h.Fulfil.Complete(ctx, member, o.Code, &report) }},
		{"reveal", func() error { _, err := h.Fulfil.Reveal(ctx, member, o.Code, "to sign in"); return err }},
		{"approve", func() error {
			return h.Checkout.DecideIdentity(ctx, w.Reviewer, now.IdentityCaseID, customers.Approved, "")
		}},
		{"reject", func() error {
			return h.Checkout.DecideIdentity(ctx, w.Reviewer, now.IdentityCaseID, customers.Rejected, "not legible")
		}},
		{"refile", func() error {
			return h.Checkout.RefileIdentity(ctx, sample.Browser(visitor), now, w.Someone().Identity)
		}},
		{"pay", func() error { return pay(t, w, o) }},
		{"cancel", func() error { return h.Checkout.Cancel(ctx, sample.Browser(visitor), o, "") }},
		{"cancel paid", func() error {
			c := refunds.Cancellation{Why: refunds.Impossible, Note: "so it is", Any: random.IntN(2) == 0, Overrule: []refunds.Warning{"", refunds.OpenPurchase, refunds.Bought}[random.IntN(3)]}
			if random.IntN(2) == 0 {
				c.Refund = &refunds.Draft{Amount: amount}
			}
			return h.Refunds.Cancel(ctx, member, o.Code, c)
		}},
		{"ask refund", func() error {
			draft := refunds.Draft{Amount: amount, Reason: "so it is", Destination: []string{"", account}[random.IntN(2)], Overrule: random.IntN(3) == 0}
			_, err := h.Refunds.Ask(ctx, member, o.Code, draft)
			return err
		}},
		{"decide refund", func() error { return decideRefund(t, w, random, o) }},
		{"ask extra", func() error {
			_, err := h.Checkout.AskExtra(ctx, member, o.Code, checkout.ExtraDraft{Amount: "25000", Reason: "it costs more"})
			return err
		}},
		{"withdraw extra", func() error { return h.Checkout.WithdrawExtra(ctx, member, o.Code) }},
		{"pay extra", func() error { return payExtra(t, w, now) }},
	}
	if random.IntN(10) == 0 { // else hardly an order would come to its end
		return "work through", workThrough(t, w, member, o)
	}
	verb := verbs[random.IntN(len(verbs))]
	if verb.name == "cancel paid" && random.IntN(4) > 0 {
		verb = verbs[len(verbs)-1]
	}
	if verb.name == "cancel" && random.IntN(5) > 0 { // else nothing unpaid would be left
		verb = verbs[0]
	}
	return verb.name, verb.do()
}

// workThrough does what is left to do for an order, one thing after the other.
func workThrough(t *testing.T, w *testworld.World, member audit.Actor, o orders.Order) error {
	h, ctx := w.House, t.Context()
	paid := fulfil.Report{Outcome: fulfil.Paid, Amount: "50", Currency: "USD"}
	for _, do := range []func() error{
		func() error { _, err := h.Queue.Claim(ctx, member, o.Code); return err },
		func() error { return h.Fulfil.StartPurchase(ctx, member, o.Code) },
		func() error { return h.Fulfil.EndPurchase(ctx, member, o.Code, paid) },
		func() error { return h.Fulfil.AddReceipt(ctx, member, o.Code, "r.pdf", sample.PDF(o.Code)) },
	} {
		if err := do(); err != nil && fault.Of(err) == nil {
			return err
		}
	}
	return h.Fulfil.Complete(ctx, member, o.Code, nil)
}

func pay(t *testing.T, w *testworld.World, o orders.Order) error {
	h, ctx := w.House, t.Context()
	attempt, err := h.Checkout.PayAgain(ctx, o)
	if err != nil {
		return err
	}
	redirect, err := h.Checkout.Pay(ctx, attempt)
	if err != nil {
		return err
	}
	if err := sample.Press(ctx, redirect, "pay"); err != nil {
		return err
	}
	attempt, err = h.Checkout.Resolve(ctx, attempt.ID)
	if err == nil && !attempt.Paid() && attempt.State != payments.Reversed {
		return fmt.Errorf("paid, and %s", attempt.State)
	}
	return err
}

const account = "IR062960000000100324200001"

// decideRefund does something about a refund of the order.
func decideRefund(t *testing.T, w *testworld.World, random *rand.Rand, o orders.Order) error {
	r, ctx := w.House.Refunds, t.Context()
	list, err := r.Of(ctx, w.House.Pool, o.ID)
	if err != nil || len(list) == 0 {
		return err
	}
	id := list[random.IntN(len(list))].ID
	switch random.IntN(6) {
	case 4:
		return r.SetDestination(ctx, w.Finance, id, account)
	case 5:
		_, err := r.Destination(ctx, w.Finance, id)
		return err
	case 0:
		return r.Fail(ctx, w.Finance, id, "not so")
	case 1:
		return r.Sent(ctx, w.Finance, id, "REF-1")
	}
	return r.Approve(ctx, w.Finance, id)
}

// payExtra pays what is asked for besides the price.
func payExtra(t *testing.T, w *testworld.World, o orders.Order) error {
	h, ctx := w.House, t.Context()
	attempt, err := h.Checkout.PayExtra(ctx, o)
	if err != nil {
		return err
	}
	redirect, err := h.Checkout.Pay(ctx, attempt)
	if err != nil {
		return err
	}
	if err := sample.Press(ctx, redirect, "pay"); err != nil {
		return err
	}
	attempt, err = h.Checkout.Resolve(ctx, attempt.ID)
	if err == nil && !attempt.Paid() && attempt.State != payments.Reversed {
		return fmt.Errorf("paid, and %s", attempt.State)
	}
	return err
}

func check(t *testing.T, w *testworld.World) {
	t.Helper()
	for rule, sql := range invariants {
		rows, err := w.House.Pool.Query(t.Context(), sql)
		testworld.Must(t, err)
		for rows.Next() {
			broken, err := rows.Values()
			testworld.Must(t, err)
			t.Errorf("not true of order %v: %s", broken, rule)
		}
		testworld.Must(t, rows.Err())
	}
}
