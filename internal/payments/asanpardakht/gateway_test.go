package asanpardakht_test

import (
	"errors"
	"strconv"
	"testing"
	"time"

	"pishkhan/internal/money"
	"pishkhan/internal/payments"
	"pishkhan/internal/payments/asanpardakht"
	"pishkhan/internal/payments/sandbox"
)

func TestAsAPlaceToPay(t *testing.T) {
	b := setup(t)
	g := asanpardakht.NewGateway(b.Client)
	redirect, err := g.Start(t.Context(), 3, money.Rials(amount), callback, "09121234567")
	must(t, err)
	if redirect.URL != b.server.URL+"/pay" || redirect.RefID == "" || redirect.Fields["RefId"] != redirect.RefID {
		t.Errorf("%+v", redirect)
	}
	if _, err := g.Result(t.Context(), 3); !errors.Is(err, payments.ErrNotPaid) {
		t.Errorf("before paying: %v", err)
	}
	if _, err := g.Start(t.Context(), 3, money.Rials(amount), callback, ""); !errors.Is(err, payments.ErrRefused) {
		t.Errorf("the same invoice again: %v", err)
	}
	id := strconv.FormatInt(b.click(t, 7, "pay"), 10)
	paid, err := g.Result(t.Context(), 7)
	must(t, err)
	if paid.TranID != id || paid.Invoice != 7 || paid.Amount != money.Rials(amount) || paid.RRN == "" || paid.CardMask == "" {
		t.Errorf("%+v", paid)
	}
	for range 2 { // each step can be repeated
		must(t, g.Verify(t.Context(), id))
	}
	for range 2 {
		must(t, g.Settle(t.Context(), id))
	}
	must(t, g.Verify(t.Context(), id))
	if err := g.Reverse(t.Context(), id); !errors.Is(err, payments.ErrRefused) {
		t.Errorf("reversed after its settlement: %v", err)
	}
}

func TestReversingUndoesAVerificationFirst(t *testing.T) {
	for _, verified := range []bool{false, true} {
		b := setup(t)
		g := asanpardakht.NewGateway(b.Client)
		id := strconv.FormatInt(b.click(t, 7, "pay"), 10)
		if verified {
			must(t, g.Verify(t.Context(), id))
		}
		for range 2 {
			must(t, g.Reverse(t.Context(), id))
		}
		if state := b.gateway.Transactions()[0].State; state != sandbox.Reversed {
			t.Errorf("verified=%t ends as %s", verified, state)
		}
		if err := g.Verify(t.Context(), id); !errors.Is(err, payments.ErrRefused) {
			t.Errorf("verified after it was given back: %v", err)
		}
		if err := g.Settle(t.Context(), id); !errors.Is(err, payments.ErrRefused) {
			t.Errorf("settled after it was given back: %v", err)
		}
	}
}

func TestTooLateToReverse(t *testing.T) {
	b := setup(t)
	g := asanpardakht.NewGateway(b.Client)
	id := strconv.FormatInt(b.click(t, 7, "pay"), 10)
	must(t, g.Verify(t.Context(), id))
	b.clock.Advance(16 * time.Minute)
	if err := g.Reverse(t.Context(), id); !errors.Is(err, payments.ErrRefused) {
		t.Error(err)
	}
}

func TestWhatIsUnknownIsNoRefusal(t *testing.T) {
	b := setup(t)
	g := asanpardakht.NewGateway(b.Client)
	id := strconv.FormatInt(b.click(t, 7, "pay"), 10)
	for _, status := range []int{571, 572, 573, 503, 401, 477} {
		b.inject(t, sandbox.Injection{Effect: sandbox.Answer, Endpoint: "Verify", Code: status, Times: 1})
		if err := g.Verify(t.Context(), id); err == nil || errors.Is(err, payments.ErrRefused) {
			t.Errorf("%d: %v", status, err)
		}
	}
	if err := g.Verify(t.Context(), "not a number"); err == nil || errors.Is(err, payments.ErrRefused) {
		t.Error(err)
	}
	must(t, g.Verify(t.Context(), id))
}
