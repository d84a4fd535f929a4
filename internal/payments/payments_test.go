package payments_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/db"
	"pishkhan/internal/db/dbtest"
	"pishkhan/internal/fault"
	"pishkhan/internal/payments"
	"pishkhan/internal/payments/asanpardakht"
	"pishkhan/internal/seal"
	"pishkhan/internal/testworld"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

func inTx(t *testing.T, w *testworld.World, fn func(ctx context.Context, tx pgx.Tx) error) error {
	t.Helper()
	return db.InTx(t.Context(), w.House.Pool, fn)
}

// Every attempt has an invoice number of its own, larger than the one before.
func TestBegin(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	placed := w.Placed(t)
	var mu sync.Mutex
	seen := map[int64]bool{placed.Attempt.ID: true}
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			a, err := w.House.Checkout.PayAgain(t.Context(), placed.Orders[0])
			mu.Lock()
			defer mu.Unlock()
			if err != nil || seen[a.ID] || a.ID <= 100_000 {
				t.Errorf("invoice %d, %v", a.ID, err)
			}
			seen[a.ID] = true
		})
	}
	wg.Wait()
	list, err := w.House.Payments.OfCheckout(t.Context(), w.House.Pool, placed.Attempt.CheckoutID)
	if err != nil || len(list) != 21 {
		t.Errorf("%d attempts, %v", len(list), err)
	}
}

// The database itself holds that a checkout is paid once, and that one
// transaction of the gateway's pays for one attempt.
func TestPaidOnce(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	p := w.House.Payments
	placed, other := w.Placed(t), w.Placed(t)
	again, err := w.House.Checkout.PayAgain(t.Context(), placed.Orders[0])
	testworld.Must(t, err)
	verified := func(a payments.Attempt, tranID string) error {
		return inTx(t, w, func(ctx context.Context, tx pgx.Tx) error {
			return p.RecordVerified(ctx, tx, w.Clock.Now(), a, payments.Transaction{TranID: tranID, Invoice: a.ID, Amount: a.Amount})
		})
	}
	testworld.Must(t, verified(placed.Attempt, "1"))
	for name, err := range map[string]error{
		"a second attempt":                verified(again, "2"),
		"the same attempt":                verified(placed.Attempt, "1"),
		"another's with this transaction": verified(other.Attempt, "1"),
	} {
		if !fault.Is(err, fault.Conflict) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, end := range []payments.State{payments.Failed, payments.Reversed, payments.Quarantined} {
		if ended, err := p.RecordEnd(t.Context(), w.House.Pool, w.Clock.Now(), placed.Attempt, end, "too late"); err != nil || ended {
			t.Errorf("a paid attempt is %s: %v, %v", end, ended, err)
		}
	}
	if a, err := p.Attempt(t.Context(), placed.Attempt.ID); err != nil || a.State != payments.Verified || a.TranID != "1" {
		t.Errorf("%+v, %v", a, err)
	}
}

// Who is at the gateway is under way; silence is counted from the last word.
func TestSilent(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	p := w.House.Payments
	placed := w.Placed(t)
	w.Press(t, placed, "cancel")
	silent := func() int {
		ids, err := p.Silent(t.Context(), w.Clock.Now().Add(-20*time.Second))
		testworld.Must(t, err)
		return len(ids)
	}
	underWay := func() (open bool) {
		testworld.Must(t, inTx(t, w, func(ctx context.Context, tx pgx.Tx) (err error) {
			open, err = p.UnderWay(ctx, tx, placed.Attempt.CheckoutID)
			return err
		}))
		return open
	}
	if silent() != 0 || !underWay() {
		t.Error("silent at once, or not under way")
	}
	w.Clock.Advance(20 * time.Second)
	if silent() != 1 {
		t.Error("not silent")
	}
	testworld.Must(t, p.RecordCheck(t.Context(), placed.Attempt, ""))
	if silent() != 0 {
		t.Error("asked just now, and silent")
	}
	w.Clock.Advance(20 * time.Second)
	if silent() != 1 {
		t.Error("not silent again")
	}
	ended, err := p.RecordEnd(t.Context(), w.House.Pool, w.Clock.Now(), placed.Attempt, payments.Failed, "gave up")
	if err != nil || !ended || silent() != 0 || underWay() {
		t.Errorf("ended %v, %v; silent %d, under way %v", ended, err, silent(), underWay())
	}
}

// A gateway that answers nonsense, or not at all, leaves everything as it is.
func TestGatewayGone(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	for name, answer := range map[string]http.HandlerFunc{
		"nonsense":  func(rw http.ResponseWriter, _ *http.Request) { _, _ = rw.Write([]byte("<html>maintenance</html>")) },
		"a hang-up": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	} {
		server := httptest.NewServer(answer)
		h := w.HouseAt(t, asanpardakht.NewGateway(asanpardakht.New(asanpardakht.Config{
			APIHost: server.URL, PayPage: server.URL, User: seal.NewSecret("u"), Password: seal.NewSecret("p"), MerchantConfigurationID: 1,
		})))
		placed, sent := w.Placed(t), w.Placed(t)
		if _, err := h.Checkout.Pay(t.Context(), placed.Attempt); !fault.Is(err, fault.Unavailable) {
			t.Errorf("%s: %v", name, err)
		}
		if a, err := h.Checkout.Resolve(t.Context(), placed.Attempt.ID); err != nil || a.State != payments.Created {
			t.Errorf("%s, before anybody was sent there: %s, %v", name, a.State, err)
		}
		_, err := w.House.Checkout.Pay(t.Context(), sent.Attempt)
		testworld.Must(t, err)
		if _, err := h.Checkout.Resolve(t.Context(), sent.Attempt.ID); !fault.Is(err, fault.Unavailable) {
			t.Errorf("%s: %v", name, err)
		}
		if a, err := h.Payments.Attempt(t.Context(), placed.Attempt.ID); err != nil || a.State != payments.Created {
			t.Errorf("%s: %s, %v", name, a.State, err)
		}
		server.Close()
	}
	if _, err := w.House.Payments.Attempt(t.Context(), 1); !fault.Is(err, fault.NotFound) {
		t.Errorf("no such attempt: %v", err)
	}
}
