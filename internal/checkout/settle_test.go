package checkout_test

import (
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"pishkhan/internal/audit"
	"pishkhan/internal/checkout"
	"pishkhan/internal/contacts"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
	"pishkhan/internal/payments"
	"pishkhan/internal/payments/sandbox"
	"pishkhan/internal/testworld"
)

// A hundred callbacks at once settle once, and give nothing back.
func TestCallbacksInParallel(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	for round := range 3 {
		placed := w.Placed(t, "steam-wallet", "hotel-booking")
		w.Press(t, placed, "pay")
		resolveMany(t, w, 100, placed.Attempt.ID)
		if a := attempt(t, w, placed.Attempt); a.State != payments.Verified || a.TranID == "" || a.RRN == "" || a.CardMask == "" {
			t.Fatalf("round %d: %+v", round, a)
		}
		for _, o := range placed.Orders {
			if got := w.Order(t, o); got.State != orders.AwaitingKYC || got.SettledAt == nil {
				t.Errorf("%s", got.State)
			}
			if n := w.Count(t, "SELECT count(*) FROM order_events WHERE order_id = $1 AND to_state IS NOT NULL", int64(o.ID)); n != 1 {
				t.Errorf("%d transitions", n)
			}
		}
		for sql, want := range map[string]int{
			"SELECT count(*) FROM river_job WHERE kind = 'settle_payment' AND args->>'attempt_id' = '%d'":                                                              1,
			"SELECT count(*) FROM audit_entries WHERE verb = 'payment.verified' AND subject = 'payment:%d'":                                                            1,
			"SELECT count(*) FROM audit_entries WHERE verb <> 'payment.verified' AND subject = 'payment:%d'":                                                           0,
			"SELECT count(*) FROM payment_attempts WHERE state IN ('verified', 'settled') AND checkout_id = " + fmt.Sprint(placed.Attempt.CheckoutID) + " AND id = %d": 1,
		} {
			if n := w.Count(t, fmt.Sprintf(sql, placed.Attempt.ID)); n != want {
				t.Errorf("round %d: %d × %s", round, n, sql)
			}
		}
		if got := atGateway(t, w, placed.Attempt); got != sandbox.Verified {
			t.Errorf("round %d: the gateway says %s", round, got)
		}
		settleMany(t, w, 10, placed.Attempt.ID)
		resolveMany(t, w, 5, placed.Attempt.ID) // stragglers
		if a := attempt(t, w, placed.Attempt); a.State != payments.Settled || a.Amount != placed.Orders[0].Total+placed.Orders[1].Total {
			t.Errorf("round %d: %+v", round, a)
		}
		if got := atGateway(t, w, placed.Attempt); got != sandbox.Settled {
			t.Errorf("round %d: the gateway says %s", round, got)
		}
	}
}

// A wrong amount is never taken for paid: it is set apart, somebody calls the
// customer, and finance sees it.
func TestWrongAmount(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	for _, off := range []int64{-10, 10, 1_000_000} {
		placed := w.Placed(t)
		w.Press(t, placed, "pay")
		inject(t, w, sandbox.Injection{Effect: sandbox.WrongAmount, Invoice: uint64(placed.Attempt.ID), OffRials: off})
		resolveMany(t, w, 10, placed.Attempt.ID)
		o := w.Order(t, placed.Orders[0])
		if a := attempt(t, w, placed.Attempt); a.State != payments.Quarantined || a.Note == "" || o.State != orders.AwaitingPayment || o.SettledAt != nil {
			t.Fatalf("%+d: attempt %s, order %s", off, a.State, o.State)
		}
		if open := openTasks(t, w, o); len(open) != 1 || open[0].Why != contacts.PaymentQuarantined {
			t.Errorf("%+d: calls %+v", off, open)
		}
		entries, err := audit.About(t.Context(), w.House.Pool, placed.Attempt.Subject(), 10)
		if err != nil || len(entries) != 1 || entries[0].Verb != "payment.quarantined" {
			t.Errorf("%+d: on record %+v, %v", off, entries, err)
		}
		if n := w.Count(t, "SELECT count(*) FROM order_events WHERE order_id = $1 AND verb = 'payment_quarantined'", int64(o.ID)); n != 1 {
			t.Errorf("%d events", n)
		}
		if got := atGateway(t, w, placed.Attempt); got != sandbox.Paid { // not verified: the gateway gives it back
			t.Errorf("the gateway says %s", got)
		}
	}
	if list, err := w.House.Payments.Unfinished(t.Context()); err != nil || len(list) != 3 {
		t.Errorf("finance sees %d, %v", len(list), err)
	}
}

// While the gateway does not know, nothing happens; then it goes on where it was.
func TestUnknownThenSuccess(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	for name, injection := range map[string]sandbox.Injection{
		"result not yet processed": {Endpoint: "TranResult", Code: 571},
		"result 503":               {Endpoint: "TranResult", Code: 503},
		"verify undetermined":      {Endpoint: "Verify", Code: 572},
		"verify done, answer lost": {Endpoint: "Verify", Code: 502, Done: true},
	} {
		placed := w.Placed(t)
		w.Press(t, placed, "pay")
		injection.Effect, injection.Times, injection.Invoice = sandbox.Answer, 1, uint64(placed.Attempt.ID)
		inject(t, w, injection)
		if _, err := w.House.Checkout.Resolve(t.Context(), placed.Attempt.ID); !fault.Is(err, fault.Unavailable) {
			t.Errorf("%s: %v", name, err)
		}
		if a, o := attempt(t, w, placed.Attempt), w.Order(t, placed.Orders[0]); a.State != payments.Sent || o.State != orders.AwaitingPayment {
			t.Errorf("%s: attempt %s, order %s", name, a.State, o.State)
		}
		a, err := w.House.Checkout.Resolve(t.Context(), placed.Attempt.ID)
		if err != nil || a.State != payments.Verified {
			t.Errorf("%s: %s, %v", name, a.State, err)
		}
	}
}

// Verified and not settled, the order stays paid, finance sees it, and the
// job tries again.
func TestSettlementFails(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	placed := w.Placed(t)
	w.Press(t, placed, "pay")
	_, err := w.House.Checkout.Resolve(t.Context(), placed.Attempt.ID)
	testworld.Must(t, err)
	inject(t, w, sandbox.Injection{Effect: sandbox.Answer, Endpoint: "Settlement", Code: 503, Times: 2})
	worker := &checkout.SettleWorker{Checkout: w.House.Checkout}
	job := &river.Job[checkout.SettleArgs]{Args: checkout.SettleArgs{AttemptID: placed.Attempt.ID}}
	for range 2 {
		if err := worker.Work(t.Context(), job); err == nil {
			t.Fatal("settled by a gateway that is down")
		}
		if a, o := attempt(t, w, placed.Attempt), w.Order(t, placed.Orders[0]); a.State != payments.Verified || a.Note == "" || o.State != orders.AwaitingKYC {
			t.Errorf("attempt %s (%s), order %s", a.State, a.Note, o.State)
		}
		if list, err := w.House.Payments.Unfinished(t.Context()); err != nil || len(list) != 1 {
			t.Errorf("finance sees %d, %v", len(list), err)
		}
	}
	for range 2 {
		testworld.Must(t, worker.Work(t.Context(), job))
	}
	if a := attempt(t, w, placed.Attempt); a.State != payments.Settled || a.Note != "" {
		t.Errorf("%+v", a)
	}
	if list, err := w.House.Payments.Unfinished(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("finance still sees %d, %v", len(list), err)
	}
}

// What the gateway gave back by itself, because nobody verified it in time, is
// not paid.
func TestVerifiedTooLate(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	placed := w.Placed(t)
	w.Press(t, placed, "pay")
	w.Clock.Advance(31 * time.Minute)
	resolveMany(t, w, 5, placed.Attempt.ID)
	if a, o := attempt(t, w, placed.Attempt), w.Order(t, placed.Orders[0]); a.State != payments.Failed || a.Note == "" || o.State != orders.AwaitingPayment {
		t.Errorf("attempt %s, order %s", a.State, o.State)
	}
	if got := atGateway(t, w, placed.Attempt); got != sandbox.Reversed {
		t.Errorf("the gateway says %s", got)
	}
}

// Money that comes twice goes back once: whichever attempt is second, also
// when both come at the same instant.
func TestPaidTwice(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	for round := range 6 {
		first := w.Placed(t)
		again, err := w.House.Checkout.PayAgain(t.Context(), first.Orders[0])
		testworld.Must(t, err)
		second := first
		second.Attempt = again
		w.Press(t, first, "pay")
		w.Press(t, second, "pay")
		if round%2 == 0 {
			resolveMany(t, w, 1, again.ID)
			resolveMany(t, w, 20, first.Attempt.ID)
		} else {
			resolveMany(t, w, 10, first.Attempt.ID, again.ID)
		}
		states := map[payments.State]sandbox.State{}
		for _, a := range []payments.Attempt{first.Attempt, again} {
			states[attempt(t, w, a).State] = atGateway(t, w, a)
		}
		if len(states) != 2 || states[payments.Verified] != sandbox.Verified || states[payments.Reversed] != sandbox.Reversed {
			t.Fatalf("round %d: %v", round, states)
		}
		if got := w.Order(t, first.Orders[0]); got.State != orders.AwaitingKYC {
			t.Errorf("round %d: %s", round, got.State)
		}
		if _, err := w.House.Checkout.PayAgain(t.Context(), first.Orders[0]); !fault.Is(err, fault.Conflict) {
			t.Errorf("round %d: a third time: %v", round, err)
		}
	}
	if n := w.Count(t, "SELECT count(*) FROM audit_entries WHERE verb = 'payment.reversed'"); n != 6 {
		t.Errorf("%d reversals on record", n)
	}
}

// Money for an order that has ended goes back.
func TestPaidTooLate(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	for name, end := range map[string]func(o orders.Order){
		"cancelled": func(o orders.Order) { testworld.Must(t, w.House.Checkout.Cancel(t.Context(), w.Operator, o, "")) },
		"expired": func(o orders.Order) {
			_, err := w.House.Pool.Exec(t.Context(), "UPDATE orders SET state = 'expired' WHERE id = $1", int64(o.ID))
			testworld.Must(t, err)
		},
	} {
		placed := w.Placed(t)
		w.Press(t, placed, "pay")
		end(placed.Orders[0])
		resolveMany(t, w, 10, placed.Attempt.ID)
		if a := attempt(t, w, placed.Attempt); a.State != payments.Reversed {
			t.Errorf("%s: %s, %s", name, a.State, a.Note)
		}
		if got := atGateway(t, w, placed.Attempt); got != sandbox.Reversed {
			t.Errorf("%s: the gateway says %s", name, got)
		}
	}
}

// Money that can no longer be given back by the gateway is not forgotten:
// finance must send it.
func TestCannotBeReversed(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	placed := w.Placed(t)
	w.Press(t, placed, "pay")
	inject(t, w, sandbox.Injection{Effect: sandbox.Answer, Endpoint: "Verify", Code: 502, Done: true, Times: 1})
	if _, err := w.House.Checkout.Resolve(t.Context(), placed.Attempt.ID); !fault.Is(err, fault.Unavailable) {
		t.Fatal(err)
	}
	testworld.Must(t, w.House.Checkout.Cancel(t.Context(), w.Operator, placed.Orders[0], "changed my mind"))
	w.Clock.Advance(20 * time.Minute) // past the time in which a verification can be cancelled
	resolveMany(t, w, 5, placed.Attempt.ID)
	if a := attempt(t, w, placed.Attempt); a.State != payments.Quarantined || a.Note == "" {
		t.Errorf("%s, %q", a.State, a.Note)
	}
	if open := openTasks(t, w, placed.Orders[0]); len(open) != 1 || open[0].Why != contacts.PaymentQuarantined {
		t.Errorf("calls %+v", open)
	}
}

// A gateway that is down loses no order: paying again works.
func TestGatewayDown(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	inject(t, w, sandbox.Injection{Effect: sandbox.Answer, Endpoint: "Token", Code: 503, Times: 1})
	placed := w.Placed(t)
	if _, err := w.House.Checkout.Pay(t.Context(), placed.Attempt); !fault.Is(err, fault.Unavailable) {
		t.Fatal(err)
	}
	if a, o := attempt(t, w, placed.Attempt), w.Order(t, placed.Orders[0]); a.State != payments.Created || o.State != orders.AwaitingPayment {
		t.Errorf("attempt %s, order %s", a.State, o.State)
	}
	again, err := w.House.Checkout.PayAgain(t.Context(), placed.Orders[0])
	testworld.Must(t, err)
	if again.ID == placed.Attempt.ID || again.Amount != placed.Attempt.Amount || again.Mobile != placed.Attempt.Mobile {
		t.Errorf("%+v after %+v", again, placed.Attempt)
	}
	placed.Attempt = again
	w.Pay(t, placed)
	if got := w.Order(t, placed.Orders[0]); got.State != orders.AwaitingKYC {
		t.Errorf("%s", got.State)
	}
}

// What a browser claims proves nothing: an attempt that was not paid stays
// unpaid, and one that does not exist is not found.
func TestForgedCallback(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	placed := w.Placed(t)
	for _, button := range []string{"", "cancel", "fail"} {
		if button != "" {
			again, err := w.House.Checkout.PayAgain(t.Context(), placed.Orders[0])
			testworld.Must(t, err)
			placed.Attempt = again
			w.Press(t, placed, button)
		}
		a, err := w.House.Checkout.Resolve(t.Context(), placed.Attempt.ID)
		if err != nil || a.Paid() {
			t.Errorf("%q: %s, %v", button, a.State, err)
		}
	}
	if _, err := w.House.Checkout.Resolve(t.Context(), 999_999_999); !fault.Is(err, fault.NotFound) {
		t.Errorf("no such attempt: %v", err)
	}
	if got := w.Order(t, placed.Orders[0]); got.State != orders.AwaitingPayment {
		t.Errorf("%s", got.State)
	}
}

func resolveMany(t *testing.T, w *testworld.World, times int, ids ...int64) {
	t.Helper()
	start := make(chan struct{})
	var wg sync.WaitGroup
	for range times {
		for _, id := range ids {
			wg.Go(func() {
				<-start
				if _, err := w.House.Checkout.Resolve(t.Context(), id); err != nil {
					t.Errorf("attempt %d: %v", id, err)
				}
			})
		}
	}
	close(start)
	wg.Wait()
}

func settleMany(t *testing.T, w *testworld.World, times int, id int64) {
	t.Helper()
	var wg sync.WaitGroup
	for range times {
		wg.Go(func() {
			if err := w.House.Payments.Settle(t.Context(), id); err != nil {
				t.Errorf("settle %d: %v", id, err)
			}
		})
	}
	wg.Wait()
}

func inject(t *testing.T, w *testworld.World, i sandbox.Injection) {
	t.Helper()
	testworld.Must(t, w.Simulator.Server.Inject(i))
}

func attempt(t *testing.T, w *testworld.World, a payments.Attempt) payments.Attempt {
	t.Helper()
	now, err := w.House.Payments.Attempt(t.Context(), a.ID)
	testworld.Must(t, err)
	return now
}

func atGateway(t *testing.T, w *testworld.World, a payments.Attempt) sandbox.State {
	t.Helper()
	for _, transaction := range w.Simulator.Server.Transactions() {
		if transaction.Invoice == uint64(a.ID) {
			return transaction.State
		}
	}
	return ""
}

// A number that the gateway knows from before is not this attempt's payment:
// nobody was sent there with it.
func TestAnOldPaymentUnderOurNumberIsNotOurs(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	placed := w.Placed(t)
	a := placed.Attempt
	elsewhere := payments.New(w.House.Pool, w.Clock, w.Simulator.Gateway, testworld.BaseURL)
	redirect, err := w.Simulator.Gateway.Start(t.Context(), a.ID, a.Amount, "https://shop.test/", a.Mobile)
	testworld.Must(t, err)
	form := url.Values{"outcome": {"pay"}}
	for name, value := range redirect.Fields {
		form.Set(name, value)
	}
	answer, err := http.PostForm(redirect.URL, form)
	testworld.Must(t, err)
	answer.Body.Close()
	if _, err := elsewhere.Send(t.Context(), a); !fault.Is(err, fault.Unavailable) { // 489: the number was used
		t.Errorf("announced twice: %v", err)
	}
	if got, err := w.House.Checkout.Resolve(t.Context(), a.ID); err != nil || got.State != payments.Created {
		t.Errorf("%s, %v", got.State, err)
	}
	if o := w.Order(t, placed.Orders[0]); o.State != orders.AwaitingPayment {
		t.Errorf("the order is %s, by somebody else's payment", o.State)
	}
}
