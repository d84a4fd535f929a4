package campaigns_test

import (
	"sync"
	"sync/atomic"
	"testing"

	"pishkhan/internal/campaigns"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
	"pishkhan/internal/testworld"
)

// race lets everybody use the code at once, each for an order of their own.
func (w world) race(t *testing.T, c campaigns.Campaign, list []orders.Order, wrong string) int {
	t.Helper()
	var used atomic.Int64
	var wg sync.WaitGroup
	for _, o := range list {
		wg.Go(func() {
			err := w.use(t.Context(), c, o, o.CustomerID)
			switch f := fault.Of(err); {
			case err == nil:
				used.Add(1)
			case f == nil || f.Kind != fault.Conflict || f.Key != "campaigns.error."+wrong:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	return int(used.Load())
}

// However many use a code at once, its limit holds; what is released can be
// used again, once.
func TestUsesInAllRace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.create(t, func(f *campaigns.Form) { f.MaxUses = "10" })
	var list []orders.Order
	for range 4 {
		list = append(list, w.orders(t, 10)...)
	}
	if n := w.race(t, c, list, "used_up"); n != 10 {
		t.Fatalf("%d used it", n)
	}
	if wrong := w.ask(t, campaigns.Asker{Code: c.Code}); wrong != "used_up" {
		t.Errorf("terms: %q", wrong)
	}
	var users, others []orders.Order
	for _, o := range list {
		if w.Count(t, "SELECT count(*) FROM campaign_uses WHERE order_id = $1", int64(o.ID)) == 1 {
			users = append(users, o)
		} else {
			others = append(others, o)
		}
	}
	w.release(t, users[0], users[1], users[2], others[0])
	w.release(t, users[0])
	if n := w.race(t, c, others, "used_up"); n != 3 {
		t.Errorf("%d used what was released", n)
	}
	after, err := w.House.Campaigns.ByID(t.Context(), c.ID)
	if live := w.Count(t, "SELECT count(*) FROM campaign_uses WHERE released_at IS NULL"); err != nil || after.Used != live || live != 10 {
		t.Errorf("%d counted, %d live, %v", after.Used, live, err)
	}
}

// One customer's orders at once do not pass the limit of each customer, and
// take nothing from others.
func TestUsesOfEachRace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.create(t, func(f *campaigns.Form) { f.MaxUses, f.MaxUsesEach = "30", "2" })
	list := w.orders(t, 20)
	if n := w.race(t, c, list, "used_by_you"); n != 2 {
		t.Fatalf("%d used it", n)
	}
	who := campaigns.Asker{Code: c.Code, CustomerID: list[0].CustomerID}
	if wrong := w.ask(t, who); wrong != "used_by_you" {
		t.Errorf("terms: %q", wrong)
	}
	if wrong := w.ask(t, campaigns.Asker{Code: c.Code}); wrong != "" {
		t.Errorf("terms of a guest: %q", wrong)
	}
	other := w.orders(t, 1)[0]
	testworld.Must(t, w.use(t.Context(), c, other, other.CustomerID))
	for customer, want := range map[int64]int{list[0].CustomerID: 0, other.CustomerID: 1, 0: 2} {
		if left, err := w.House.Campaigns.Left(t.Context(), w.House.Pool, c.ID, customer); err != nil || left != want {
			t.Errorf("customer %d has %d left, %v", customer, left, err)
		}
	}
	for _, o := range list {
		w.release(t, o)
	}
	if wrong := w.ask(t, who); wrong != "" {
		t.Errorf("after the release: %q", wrong)
	}
}

// An order uses a code once, and nothing is counted twice.
func TestAnOrderUsesOneCode(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.create(t, nil)
	o := w.orders(t, 1)[0]
	testworld.Must(t, w.use(t.Context(), c, o, o.CustomerID))
	if err := w.use(t.Context(), c, o, o.CustomerID); !fault.Is(err, fault.Conflict) {
		t.Errorf("twice: %v", err)
	}
	after, err := w.House.Campaigns.ByID(t.Context(), c.ID)
	if err != nil || after.Used != 1 {
		t.Errorf("used %d, %v", after.Used, err)
	}
	if left, err := w.House.Campaigns.Left(t.Context(), w.House.Pool, c.ID, o.CustomerID); err != nil || left != campaigns.Unlimited {
		t.Errorf("%d left, %v", left, err)
	}
}
