package asanpardakht_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"pishkhan/internal/payments/asanpardakht"
	"pishkhan/internal/payments/sandbox"
)

func TestASlowAnswerLeavesTheOutcomeUnknown(t *testing.T) {
	b := setup(t)
	id := b.click(t, 7, "pay")
	config := configFor(b.server, b.clock)
	config.Timeout = 200 * time.Millisecond
	hasty := asanpardakht.New(config)
	b.inject(t, sandbox.Injection{Effect: sandbox.Slow, Endpoint: "Verify", DelayMS: 60_000, Times: 1})

	err := hasty.Verify(t.Context(), id)
	if !asanpardakht.Unknown(err) || code(err) != 0 {
		t.Fatalf("a time-out is %v", err)
	}
	// It had been done: this is why nothing may be assumed.
	if err := b.Verify(t.Context(), id); !asanpardakht.AlreadyDone(err) {
		t.Errorf("asked again: %v", err)
	}
}

func TestACallGivenUpIsUnknown(t *testing.T) {
	b := setup(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := b.TranResult(ctx, 7)
	if !asanpardakht.Unknown(err) || !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestAGatewayThatIsGoneIsUnknown(t *testing.T) {
	b := setup(t)
	b.server.Close()
	if err := b.Settlement(t.Context(), 1); !asanpardakht.Unknown(err) || code(err) != 0 {
		t.Error(err)
	}
}

func TestNotYetProcessedThenSuccess(t *testing.T) {
	b := setup(t)
	id := b.click(t, 7, "pay")
	b.inject(t, sandbox.Injection{Effect: sandbox.Answer, Endpoint: "TranResult", Code: 571, Times: 2, Invoice: 7})
	b.inject(t, sandbox.Injection{Effect: sandbox.Answer, Endpoint: "Verify", Code: 571, Times: 1, Invoice: 7})
	for range 2 {
		if _, err := b.TranResult(t.Context(), 7); !asanpardakht.Unknown(err) || asanpardakht.NotPaid(err) {
			t.Fatal(err)
		}
	}
	if _, err := b.TranResult(t.Context(), 7); err != nil {
		t.Fatal(err)
	}
	if err := b.Verify(t.Context(), id); !asanpardakht.Unknown(err) {
		t.Fatal(err)
	}
	must(t, b.Verify(t.Context(), id))
}

func TestSettlementUnavailable(t *testing.T) {
	for _, done := range []bool{false, true} {
		b := setup(t)
		id := b.click(t, 7, "pay")
		must(t, b.Verify(t.Context(), id))
		b.inject(t, sandbox.Injection{Effect: sandbox.Answer, Endpoint: "Settlement", Code: 503, Times: 1, Done: done})
		if err := b.Settlement(t.Context(), id); !asanpardakht.Unknown(err) {
			t.Fatal(err)
		}
		if err := b.Settlement(t.Context(), id); asanpardakht.AlreadyDone(err) != done || (err == nil) == done {
			t.Errorf("asked again, done=%t: %v", done, err)
		}
	}
}

func TestAWrongAmountDoesNotMatch(t *testing.T) {
	for _, off := range []int64{-1, 1, -amount + 1, 9 * amount} {
		b := setup(t)
		b.click(t, 7, "pay")
		b.inject(t, sandbox.Injection{Effect: sandbox.WrongAmount, OffRials: off, Invoice: 7})
		result, err := b.TranResult(t.Context(), 7)
		must(t, err)
		var mismatch *asanpardakht.MismatchError
		if err := result.Matches(7, amount); !errors.As(err, &mismatch) || mismatch.Got.AmountRials != amount+off {
			t.Errorf("off by %d: %v", off, err)
		}
	}
}

func TestNumbersQuotedOrNot(t *testing.T) {
	b := setup(t)
	b.click(t, 7, "pay")
	quoted, err := b.TranResult(t.Context(), 7)
	must(t, err)
	b.inject(t, sandbox.Injection{Effect: sandbox.Unquoted})
	unquoted, err := b.TranResult(t.Context(), 7)
	must(t, err)
	if quoted != unquoted {
		t.Errorf("%+v, but unquoted %+v", quoted, unquoted)
	}
}

func TestAnEmptyAnswer(t *testing.T) {
	b := setup(t)
	id := b.click(t, 7, "pay")
	b.inject(t, sandbox.Injection{Effect: sandbox.Answer, Code: 200})
	if _, err := b.TranResult(t.Context(), 7); !asanpardakht.Unknown(err) {
		t.Errorf("an empty result: %v", err)
	}
	if _, err := b.Token(t.Context(), asanpardakht.TokenRequest{Invoice: 8, AmountRials: amount, CallbackURL: callback}); !asanpardakht.Unknown(err) {
		t.Errorf("an empty token: %v", err)
	}
	must(t, b.Verify(t.Context(), id)) // here the status says all
}
