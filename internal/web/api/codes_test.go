package api_test

import (
	"net/http"
	"sync"
	"testing"

	"pishkhan/internal/campaigns"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
	"pishkhan/internal/testworld"
)

// A discount code lowers the fee, is used up with the order, and comes back
// when the order is cancelled.
func TestCodes(t *testing.T) {
	b := setup(t)
	p := b.program(t)
	_, err := b.House.Campaigns.Create(t.Context(), b.Finance, campaigns.Form{
		Code: "TWO", Name: "Two", Percent: "10", MaxUses: "2", StartsOn: "1405/07/01", EndsOn: "1405/08/30", Audience: "everyone",
	})
	testworld.Must(t, err)
	answers := p.steam()
	full := p.post("/quotes", object{"service": "steam-wallet", "answers": answers}).want(http.StatusCreated)
	requests := make([]object, 5)
	for i := range requests { // all of them before the first order: a code that is used up gives no quote
		lower := p.post("/quotes", object{"service": "steam-wallet", "answers": answers, "code": "two"}).want(http.StatusCreated)
		if lower.at("total_rials").(float64) >= full.at("total_rials").(float64) {
			t.Errorf("%v with the code, %v without", lower.at("total_rials"), full.at("total_rials"))
		}
		requests[i] = p.request(lower.at("id").(string), answers)
	}
	replies := make([]reply, len(requests))
	var all sync.WaitGroup
	for i := range replies {
		all.Go(func() { replies[i] = p.order(requests[i]) })
	}
	all.Wait()
	var placed []string
	for _, r := range replies {
		if r.status == http.StatusCreated {
			placed = append(placed, r.at("orders.0.code").(string))
			continue
		}
		r.problem(http.StatusConflict, "campaigns.error.used_up")
	}
	if len(placed) != 2 {
		t.Fatalf("%d orders with the code", len(placed))
	}
	p.post("/quotes", object{"service": "steam-wallet", "answers": answers, "code": "TWO"}).problem(422, "fault.invalid", "/code")

	o, err := b.House.Orders.ForClient(t.Context(), p.client.ID, placed[0])
	testworld.Must(t, err)
	testworld.Must(t, b.House.Checkout.Cancel(t.Context(), b.Operator, o, "no"))
	p.post("/quotes", object{"service": "steam-wallet", "answers": answers, "code": "TWO"}).want(http.StatusCreated)
	if state := p.get("/orders/" + placed[0]).want(http.StatusOK).at("state"); state != string(orders.Cancelled) {
		t.Errorf("state %v", state)
	}
	if _, err := b.House.Orders.ForClient(t.Context(), p.client.ID+1, placed[0]); !fault.Is(err, fault.NotFound) {
		t.Errorf("another client: %v", err)
	}
}

// Two orders with two codes, placed by many in either order, do not wait for
// each other in a circle; one that is refused leaves no trace of its customer.
func TestCodesCrosswise(t *testing.T) {
	b := setup(t)
	p := b.program(t)
	for _, code := range []string{"ONE", "TWO"} {
		_, err := b.House.Campaigns.Create(t.Context(), b.Finance, campaigns.Form{
			Code: code, Name: code, Percent: "10", MaxUses: "16", StartsOn: "1405/07/01", EndsOn: "1405/08/30", Audience: "everyone",
		})
		testworld.Must(t, err)
	}
	answers := p.steam()
	requests := make([]object, 17)
	for i := range requests {
		codes := []string{"ONE", "TWO"}
		var lines []object
		for j := range codes {
			quote := p.post("/quotes", object{"service": "steam-wallet", "answers": answers, "code": codes[(i+j)%2]}).want(http.StatusCreated)
			lines = append(lines, object{"quote": quote.at("id"), "answers": answers})
		}
		requests[i] = with(p.request("", answers), "lines", lines)
	}
	replies := make([]reply, 16)
	var all sync.WaitGroup
	for i := range replies {
		all.Go(func() { replies[i] = p.order(requests[i]) })
	}
	all.Wait()
	for _, r := range replies {
		if r.status != http.StatusCreated {
			t.Errorf("%d: %s", r.status, r.text)
		}
	}
	visitors := b.Count(t, `SELECT count(*) FROM visitors`)
	p.order(requests[16]).problem(http.StatusConflict, "campaigns.error.used_up")
	if n := b.Count(t, `SELECT count(*) FROM visitors`); n != visitors {
		t.Errorf("%d visitors came to nothing", n-visitors)
	}
}
