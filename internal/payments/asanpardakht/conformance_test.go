package asanpardakht_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pishkhan/internal/payments/asanpardakht"
	"pishkhan/internal/payments/sandbox"
)

func TestAPaymentFromTokenToSettlement(t *testing.T) {
	b := setup(t)
	id := b.click(t, 7, "pay")
	result, err := b.TranResult(t.Context(), 7)
	must(t, err)
	must(t, result.Matches(7, amount))
	if result.TranID != id || result.RRN == "" || result.Card == "" || result.RefID == "" || !result.PaidAt.Equal(noon) {
		t.Errorf("result %+v", result)
	}
	must(t, b.Verify(t.Context(), id))
	must(t, b.Settlement(t.Context(), id))
	if state := b.gateway.Transactions()[0].State; state != sandbox.Settled {
		t.Errorf("it ends as %s", state)
	}
}

func TestTheGatewaysClock(t *testing.T) {
	b := setup(t)
	now, err := b.Time(t.Context())
	must(t, err)
	if !now.Equal(noon) {
		t.Errorf("gateway's time %v, not %v", now, noon)
	}
}

func TestWhatWasNotPaid(t *testing.T) {
	b := setup(t)
	b.token(t, 1)
	b.click(t, 2, "cancel")
	b.click(t, 3, "fail")
	for _, invoice := range []int64{1, 2, 3, 4} {
		if _, err := b.TranResult(t.Context(), invoice); !asanpardakht.NotPaid(err) {
			t.Errorf("invoice %d: %v", invoice, err)
		}
	}
}

// steps by their names, as the tables below write them.
func (b *bench) step(name string, id int64) error {
	call := map[string]func(context.Context, int64) error{
		"Verify": b.Verify, "Settlement": b.Settlement, "Reverse": b.Reverse, "Cancel": b.Cancel,
	}[name]
	return call(context.Background(), id)
}

func code(err error) int {
	var e *asanpardakht.Error
	if err == nil {
		return 200
	}
	if errors.As(err, &e) {
		return e.Code
	}
	return -1
}

// TestEveryStepInEveryState is the page's table of codes, reached without
// injection: the state is brought about, then each step tried on it.
func TestEveryStepInEveryState(t *testing.T) {
	const window = 2 * time.Hour
	states := []struct {
		name    string
		outcome string
		steps   []string
		later   time.Duration
		answers map[string]int
	}{
		{"failed", "fail", nil, 0, map[string]int{"Verify": 471, "Settlement": 471, "Reverse": 471, "Cancel": 803}},
		{"paid", "pay", nil, 0, map[string]int{"Verify": 200, "Settlement": 472, "Reverse": 200, "Cancel": 804}},
		{"paid at the last moment", "pay", nil, 30 * time.Minute, map[string]int{"Verify": 200}},
		{"paid, a moment too late", "pay", nil, 30*time.Minute + time.Second, map[string]int{"Verify": 474, "Settlement": 473, "Reverse": 473, "Cancel": 806}},
		{"verified", "pay", []string{"Verify"}, 0, map[string]int{"Verify": 472, "Settlement": 200, "Reverse": 472, "Cancel": 200}},
		{"verified a while ago", "pay", []string{"Verify"}, 15*time.Minute + time.Second, map[string]int{"Verify": 472, "Settlement": 200, "Reverse": 472, "Cancel": 814}},
		{"settled", "pay", []string{"Verify", "Settlement"}, 0, map[string]int{"Verify": 473, "Settlement": 474, "Reverse": 474, "Cancel": 805}},
		{"listed for settlement", "pay", []string{"Verify", "Settlement"}, window, map[string]int{"Verify": 475, "Settlement": 476, "Reverse": 476, "Cancel": 807}},
		{"reversed", "pay", []string{"Reverse"}, 0, map[string]int{"Verify": 474, "Settlement": 473, "Reverse": 473, "Cancel": 806}},
		{"listed for reversal", "pay", []string{"Reverse"}, window, map[string]int{"Verify": 476, "Settlement": 475, "Reverse": 475, "Cancel": 808}},
		{"verification cancelled", "pay", []string{"Verify", "Cancel"}, 0, map[string]int{"Verify": 478, "Settlement": 478, "Reverse": 200, "Cancel": 813}},
	}
	for _, state := range states {
		for step, want := range state.answers {
			t.Run(step+" when "+state.name, func(t *testing.T) {
				t.Parallel()
				b := setup(t)
				id := b.click(t, 7, state.outcome)
				for _, earlier := range state.steps {
					must(t, b.step(earlier, id))
				}
				b.clock.Advance(state.later)
				if got := code(b.step(step, id)); got != want {
					t.Errorf("%d, not %d", got, want)
				}
			})
		}
	}
	t.Run("an unknown transaction", func(t *testing.T) {
		b := setup(t)
		for step, want := range map[string]int{"Verify": 471, "Settlement": 471, "Reverse": 471, "Cancel": 812} {
			if got := code(b.step(step, 99)); got != want {
				t.Errorf("%s: %d, not %d", step, got, want)
			}
		}
	})
}

func TestAVerifiedPaymentIsGivenBack(t *testing.T) {
	b := setup(t)
	id := b.click(t, 7, "pay")
	must(t, b.Verify(t.Context(), id))
	if err := b.Reverse(t.Context(), id); !asanpardakht.NeedsCancel(err) {
		t.Fatal(err)
	}
	must(t, b.Cancel(t.Context(), id))
	must(t, b.Reverse(t.Context(), id))
	if err := b.Verify(t.Context(), id); !asanpardakht.Reversed(err) {
		t.Errorf("verified again: %v", err)
	}
}

func TestAHundredVerifiesAtOnce(t *testing.T) {
	b := setup(t)
	id := b.click(t, 7, "pay")
	var first, again atomic.Int64
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() {
			switch err := b.Verify(context.Background(), id); {
			case err == nil:
				first.Add(1)
			case asanpardakht.AlreadyDone(err):
				again.Add(1)
			}
		})
	}
	all.Wait()
	if first.Load() != 1 || again.Load() != 99 {
		t.Errorf("%d first, %d again", first.Load(), again.Load())
	}
}

func TestAHundredTokensForOneInvoice(t *testing.T) {
	b := setup(t)
	var first, used atomic.Int64
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() {
			_, err := b.Token(context.Background(), asanpardakht.TokenRequest{Invoice: 7, AmountRials: amount, CallbackURL: callback})
			switch {
			case err == nil:
				first.Add(1)
			case code(err) == 489:
				used.Add(1)
			}
		})
	}
	all.Wait()
	if first.Load() != 1 || used.Load() != 99 {
		t.Errorf("%d first, %d used", first.Load(), used.Load())
	}
}

func TestNothingButTheAskedForMatches(t *testing.T) {
	paid := asanpardakht.TranResult{TranID: 1, Invoice: 7, AmountRials: amount}
	must(t, paid.Matches(7, amount))
	for _, other := range [][2]int64{{8, amount}, {7, amount / 10}, {7, amount * 10}, {amount, 7}} {
		var mismatch *asanpardakht.MismatchError
		if err := paid.Matches(other[0], other[1]); !errors.As(err, &mismatch) {
			t.Errorf("invoice %d, %d rials: %v", other[0], other[1], err)
		}
	}
	if fmt.Sprint((asanpardakht.TranResult{}).Matches(7, amount)) == "<nil>" {
		t.Error("nothing at all pays an invoice")
	}
}
