package queue_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"pishkhan/internal/audit"
	"pishkhan/internal/catalog"
	"pishkhan/internal/fault"
	"pishkhan/internal/fulfil"
	"pishkhan/internal/orders"
	"pishkhan/internal/queue"
	"pishkhan/internal/sample"
	"pishkhan/internal/testworld"
)

// twoHouses is one database with two processes' houses over it.
func twoHouses(t *testing.T) (*testworld.World, []*testworld.World) {
	t.Helper()
	w := testworld.New(t)
	return w, []*testworld.World{w, testworld.Reopen(t, w.DatabaseURL(), w.Dir, w.Clock.Now())}
}

// A thousand claim one order through two instances: one has it, and all others
// are told who.
func TestClaimRaceOfInstances(t *testing.T) {
	t.Parallel()
	w, houses := twoHouses(t)
	o := w.Paid(t)
	members := []audit.Actor{w.Operator, w.Operator2, w.Supervisor}
	errs := make([]error, 1000)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() { _, errs[i] = houses[i%2].House.Queue.Claim(t.Context(), members[i%3], o.Code) })
	}
	wg.Wait()
	held, err := w.House.Queue.Holder(t.Context(), w.House.Pool, o.ID)
	testworld.Must(t, err)
	won := 0
	for i, err := range errs {
		f := fault.Of(err)
		switch {
		case err == nil && members[i%3].ID == held.MemberID:
			won++
		case f == nil || f.Key != "queue.error.taken" || arguments(f)["name"] != held.MemberName:
			t.Fatalf("%v", err)
		}
	}
	if n := w.Count(t, "SELECT count(*) FROM claims"); won != 1 || n != 1 {
		t.Errorf("%d won, %d claims", won, n)
	}
}

// Fifty people take next from 500 orders through two instances until nobody
// may take any more: each order goes once, none is left that somebody may
// take, and caps and skills are kept.
func TestNextOfFifty(t *testing.T) {
	t.Parallel()
	w, houses := twoHouses(t)
	ctx := t.Context()
	testworld.Must(t, w.House.Queue.SetTerms(ctx, w.Supervisor, queue.Terms{Cap: 12, Lease: time.Hour, Grace: time.Hour, Skip: time.Hour}))
	slugs := []string{"steam-wallet", "hotel-booking"}
	many := make([]string, 0, 500)
	for range 250 {
		many = append(many, slugs...)
	}
	for at := 0; at < len(many); at += 10 {
		placed := w.Placed(t, many[at:at+10]...)
		w.Pay(t, placed)
		w.Approve(t, placed.Orders[0])
	}
	var people []audit.Actor
	for i := range 50 {
		var id int64
		testworld.Must(t, w.House.Pool.QueryRow(ctx, `INSERT INTO staff_members (email, name, password_hash, created_at)
			VALUES ($1, $2, 'none', $3) RETURNING id`, fmt.Sprintf("p%d@demo.test", i), fmt.Sprintf("Person %d", i), w.Clock.Now()).Scan(&id))
		people = append(people, audit.Actor{Kind: audit.Staff, ID: id, Name: fmt.Sprintf("Person %d", i), Roles: []audit.Role{audit.Operator}})
		if i%5 == 0 { // ten of them on games alone
			testworld.Must(t, w.House.Queue.SetSkills(ctx, w.Supervisor, id, queue.Skills{Families: []catalog.Family{catalog.Games}}))
		}
	}
	if n := w.Count(t, "SELECT count(*) FROM orders WHERE state = 'paid'"); n != 500 {
		t.Fatalf("%d orders wait", n)
	}
	var wg sync.WaitGroup
	for i, p := range people {
		wg.Go(func() {
			for empty := 0; empty < 5; {
				_, err := houses[i%2].House.Queue.Next(ctx, p)
				switch {
				case fault.Is(err, fault.NotFound): // what is left is in somebody's hands at this moment, perhaps
					empty++
				case fault.Is(err, fault.Conflict):
					return // at the cap
				case err != nil:
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	for what, sql := range map[string]string{
		"more than one claim": "SELECT count(*) FROM (SELECT FROM claims GROUP BY order_id HAVING count(*) > 1) x",
		"left in the queue":   "SELECT count(*) FROM orders WHERE state = 'paid'",
		"over their cap":      "SELECT count(*) FROM (SELECT FROM claims WHERE ended_at IS NULL GROUP BY member_id HAVING count(*) > 12) x",
		"not their work": `SELECT count(*) FROM claims c JOIN orders o ON o.id = c.order_id JOIN service_versions v ON v.id = o.service_version_id
			JOIN queue_members m ON m.member_id = c.member_id WHERE m.families <> '{}' AND NOT v.definition->>'family' = ANY(m.families)`,
	} {
		if n := w.Count(t, sql); n != 0 {
			t.Errorf("%d %s", n, what)
		}
	}
}

// What must hold of claims at every moment; each query returns what breaks it.
var claimRules = map[string]string{
	"one live claim exactly while somebody works": `
		SELECT o.id FROM orders o LEFT JOIN claims c ON c.order_id = o.id AND c.ended_at IS NULL
		GROUP BY o.id, o.state HAVING count(c.id) <> CASE WHEN o.state IN ('in_progress', 'waiting_customer') THEN 1 ELSE 0 END`,
	"an open purchase guards the order, and nothing else does": `
		SELECT o.id FROM orders o WHERE EXISTS (SELECT FROM purchases p WHERE p.order_id = o.id AND (p.outcome IS NULL OR p.outcome = 'unknown'))
		<> (EXISTS (SELECT FROM claims c WHERE c.order_id = o.id AND c.ended_at IS NULL AND c.purchase_since IS NOT NULL)
		OR EXISTS (SELECT FROM queue_guards g WHERE g.order_id = o.id AND g.taken_at IS NULL))`,
	"no order is paid for twice": `
		SELECT order_id FROM purchases WHERE outcome IS DISTINCT FROM 'not_paid' GROUP BY order_id HAVING count(*) > 1`,
	"the history is a chain that ends in the state": `
		SELECT o.id FROM orders o WHERE o.state <> coalesce((SELECT e.to_state FROM order_events e
			WHERE e.order_id = o.id AND e.to_state IS NOT NULL ORDER BY e.id DESC LIMIT 1), 'awaiting_payment')
		UNION SELECT order_id FROM (SELECT order_id, from_state,
			lag(to_state, 1, 'awaiting_payment') OVER (PARTITION BY order_id ORDER BY id) AS before
			FROM order_events WHERE to_state IS NOT NULL) chain WHERE from_state <> before`,
	"each change of hands has its event and its audit row": `
		SELECT o.id FROM orders o WHERE (SELECT count(*) FROM claims c WHERE c.order_id = o.id)
			<> (SELECT count(*) FROM order_events e WHERE e.order_id = o.id AND e.verb IN ('claim', 'hand_over', 'steal'))
		OR (SELECT count(*) FROM claims c WHERE c.order_id = o.id)
			<> (SELECT count(*) FROM audit_entries a WHERE a.subject = 'order:' || o.id AND a.verb IN ('order.claim', 'order.hand_over', 'order.steal'))`,
	"caps are kept": `
		SELECT c.member_id FROM claims c JOIN queue_members m ON m.member_id = c.member_id
		WHERE c.ended_at IS NULL GROUP BY c.member_id, m.cap HAVING count(*) > m.cap`,
	"skills are kept": `
		SELECT c.id FROM claims c JOIN orders o ON o.id = c.order_id JOIN service_versions v ON v.id = o.service_version_id
		JOIN queue_members m ON m.member_id = c.member_id WHERE m.families <> '{}' AND NOT v.definition->>'family' = ANY(m.families)`,
	"a lease runs in progress alone, and never past a purchase": `
		SELECT c.id FROM claims c JOIN orders o ON o.id = c.order_id WHERE c.ended_at IS NULL
		AND (c.lease_due IS NOT NULL) <> (o.state = 'in_progress' AND c.purchase_since IS NULL)`,
}

// Claim, lease, steal, hand-over, bulk, release and completion at random,
// through two instances: the rules hold after each round.
func TestRandomHands(t *testing.T) {
	t.Parallel()
	w, houses := twoHouses(t)
	ctx := t.Context()
	for member, skills := range map[int64]queue.Skills{
		w.Operator.ID: {Cap: 3, Families: []catalog.Family{catalog.Games}}, w.Operator2.ID: {Cap: 4}, w.Supervisor.ID: {Cap: 5},
	} {
		testworld.Must(t, w.House.Queue.SetSkills(ctx, w.Supervisor, member, skills))
	}
	var list []orders.Order
	for range 8 {
		list = append(list, w.Paid(t, "steam-wallet"), w.Paid(t, "hotel-booking"))
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	done := map[string]int{}
	var mu sync.Mutex
	undone := func() (verbs []string) {
		for _, verb := range []string{"claim", "next", "release", "hand over", "steal", "put back", "complete", "skip"} {
			if done[verb] == 0 {
				verbs = append(verbs, verb)
			}
		}
		return verbs
	}
	for round := 0; round < 15 || round < 60 && len(undone()) > 0; round++ {
		var wg sync.WaitGroup
		for worker := range 6 {
			random := rand.New(rand.NewPCG(seed, uint64(round*10+worker)))
			wg.Go(func() {
				for range 25 {
					verb, err := randomHand(t, w, houses[worker%2], random, list)
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
		for _, house := range houses {
			house.Clock.Advance(9 * time.Minute)
		}
		for rule, sql := range claimRules {
			if n := w.Count(t, "SELECT count(*) FROM ("+sql+") broken"); n != 0 {
				t.Errorf("round %d: %d times not true: %s", round, n, rule)
			}
		}
		if t.Failed() {
			return
		}
	}
	t.Logf("done: %v", done)
	if verbs := undone(); len(verbs) > 0 {
		t.Errorf("nobody did %v: this walk proves little", verbs)
	}
}

// randomHand does one thing at random, and returns its name.
func randomHand(t *testing.T, w, at *testworld.World, random *rand.Rand, list []orders.Order) (string, error) {
	h, ctx := at.House, t.Context()
	people := []audit.Actor{w.Operator, w.Operator2, w.Supervisor}
	member, to := people[random.IntN(3)], people[random.IntN(3)]
	o := list[random.IntN(len(list))]
	if held, err := h.Queue.Holder(ctx, h.Pool, o.ID); err == nil && random.IntN(3) > 0 { // as a rule, people do what they may
		for _, p := range people {
			if p.ID == held.MemberID {
				member = p
			}
		}
	}
	despite := random.IntN(2) == 0
	report := fulfil.Report{Outcome: []fulfil.Outcome{fulfil.Paid, fulfil.Paid, fulfil.NotPaid, fulfil.Unknown}[random.IntN(4)], Amount: "50", Currency: "USD", Note: "so it is"}
	verbs := []struct {
		name string
		do   func() error
	}{
		{"claim", func() error { _, err := h.Queue.Claim(ctx, member, o.Code); return err }},
		{"next", func() error { _, err := h.Queue.Next(ctx, member); return err }},
		{"release", func() error { return h.Queue.Release(ctx, member, o.Code, "enough") }},
		{"skip", func() error { return h.Queue.Skip(ctx, member, o.Code, "not this one") }},
		{"hand over", func() error { return h.Queue.HandOver(ctx, member, o.Code, to.ID, "lunch") }},
		{"steal", func() error { return h.Queue.Steal(ctx, w.Supervisor, o.Code, "urgent", despite) }},
		{"put back", func() error { return h.Queue.ReleaseFor(ctx, w.Supervisor, o.Code, "ill", despite) }},
		{"hold", func() error { return h.Queue.Hold(ctx, member, o.Code, "?") }},
		{"answer", func() error { return h.Queue.Answer(ctx, member, o.ID, "!") }},
		{"sweep", func() error { _, _, err := h.Queue.Sweep(ctx); return err }},
		{"touch", func() error { return h.Queue.Touch(ctx, member, o.Code) }},
		{"bulk", func() error {
			_, err := h.Queue.Bulk(ctx, member, []string{o.Code, list[random.IntN(len(list))].Code}, queue.BulkHandOver, queue.BulkArgs{To: to.ID, Reason: "shift"})
			return err
		}},
		{"away", func() error {
			err := h.Queue.SetPresence(ctx, member, queue.Away, queue.ClaimsGo{Do: queue.HandAll, To: to.ID, Reason: "home"})
			if err == nil {
				err = h.Queue.SetPresence(ctx, member, queue.Here, queue.ClaimsGo{})
			}
			return err
		}},
		{"start purchase", func() error { return h.Fulfil.StartPurchase(ctx, member, o.Code) }},
		{"end purchase", func() error { return h.Fulfil.EndPurchase(ctx, member, o.Code, report) }},
		{"receipt", func() error { return h.Fulfil.AddReceipt(ctx, member, o.Code, "r.pdf", sample.PDF(o.Code)) }},
		{"complete", func() error { return h.Fulfil.Complete(ctx, member, o.Code, nil) }},
		{"complete", func() error { // what is left to do, else few orders would come to their end
			paid := fulfil.Report{Outcome: fulfil.Paid, Amount: "50", Currency: "USD"}
			for _, err := range []error{
				h.Fulfil.StartPurchase(ctx, member, o.Code), h.Fulfil.EndPurchase(ctx, member, o.Code, paid),
				h.Fulfil.AddReceipt(ctx, member, o.Code, "r.pdf", sample.PDF(o.Code)),
			} {
				if err != nil && fault.Of(err) == nil {
					return err
				}
			}
			return h.Fulfil.Complete(ctx, member, o.Code, nil)
		}},
	}
	verb := verbs[random.IntN(len(verbs))]
	return verb.name, verb.do()
}
