package asanpardakht_test

import (
	"context"
	"fmt"
	"testing"

	"pishkhan/internal/payments/asanpardakht"
	"pishkhan/internal/payments/sandbox"
)

// Each code of the gateway's documents, at each endpoint, under the one
// predicate that it must answer to.
var documented = map[string]map[string][]int{
	"Token": {
		"misconfigured": {400, 401, 471, 473, 474, 479, 488, 490, 571, 572, 573, 574, 575, 576, 577, 578, 579, 580},
		"refused":       {475, 476, 477, 478, 482, 483, 485, 486, 489},
		"unknown":       {484, 487, 302, 500, 502, 503, 504, 999},
	},
	"TranResult": {
		"misconfigured": {400, 401, 471},
		"not paid":      {472},
		"unknown":       {571, 404, 429, 500, 503},
	},
	"Verify": {
		"misconfigured": {401, 477},
		"not paid":      {471},
		"already done":  {472, 473, 475},
		"reversed":      {474, 476},
		"refused":       {478},
		"unknown":       {571, 572, 573, 500, 503, 404},
	},
	"Settlement": {
		"misconfigured": {401, 477},
		"not paid":      {471},
		"already done":  {474, 476},
		"reversed":      {473, 475},
		"refused":       {472, 478},
		"unknown":       {571, 572, 573, 500, 503},
	},
	"Reverse": {
		"misconfigured": {401, 477},
		"not paid":      {471},
		"already done":  {473, 475},
		"needs cancel":  {472},
		"settled":       {474, 476},
		"unknown":       {571, 572, 573, 478, 503},
	},
	"Cancel": {
		"misconfigured": {401, 810},
		"not paid":      {803},
		"already done":  {813},
		"reversed":      {806, 808},
		"settled":       {805, 807},
		"refused":       {804, 811, 812, 814},
		"unknown":       {801, 802, 809, 503},
	},
	"Time": {"misconfigured": {401}, "unknown": {503}},
}

var predicates = map[string]func(error) bool{
	"already done":  asanpardakht.AlreadyDone,
	"not paid":      asanpardakht.NotPaid,
	"unknown":       asanpardakht.Unknown,
	"reversed":      asanpardakht.Reversed,
	"needs cancel":  asanpardakht.NeedsCancel,
	"settled":       asanpardakht.Settled,
	"misconfigured": asanpardakht.Misconfigured,
	"refused":       asanpardakht.Refused,
}

func TestEveryCodeAtEveryEndpoint(t *testing.T) {
	b := setup(t)
	id := b.click(t, 7, "pay")
	call := func(endpoint string) error {
		ctx := context.Background()
		var err error
		switch endpoint {
		case "Token":
			_, err = b.Token(ctx, asanpardakht.TokenRequest{Invoice: 8, AmountRials: amount, CallbackURL: callback})
		case "TranResult":
			_, err = b.TranResult(ctx, 7)
		case "Time":
			_, err = b.Time(ctx)
		default:
			err = b.step(endpoint, id)
		}
		return err
	}
	for endpoint, kinds := range documented {
		for kind, codes := range kinds {
			for _, status := range codes {
				t.Run(fmt.Sprint(endpoint, " ", status), func(t *testing.T) {
					b.inject(t, sandbox.Injection{Effect: sandbox.Answer, Endpoint: endpoint, Code: status, Times: 1})
					err := call(endpoint)
					if code(err) != status {
						t.Fatalf("arrives as %v", err)
					}
					for name, holds := range predicates {
						if holds(err) != (name == kind) {
							t.Errorf("%v: %s is %t", err, name, holds(err))
						}
					}
				})
			}
		}
	}
	if state := b.gateway.Transactions()[0].State; state != sandbox.Paid {
		t.Errorf("refused calls changed the state to %s", state)
	}
}

// TestAWrongCaller covers the codes that depend on who calls.
func TestAWrongCaller(t *testing.T) {
	b := setup(t)
	id := b.click(t, 7, "pay")
	stranger := configFor(b.server, b.clock)
	stranger.MerchantConfigurationID++
	impostor := configFor(b.server, b.clock)
	impostor.Password = stranger.User
	for name, want := range map[string]struct {
		config                        asanpardakht.Config
		token, result, verify, cancel int
	}{
		"another merchant":   {stranger, 471, 471, 477, 810},
		"the wrong password": {impostor, 473, 401, 401, 401},
	} {
		t.Run(name, func(t *testing.T) {
			client := asanpardakht.New(want.config)
			_, tokenErr := client.Token(t.Context(), asanpardakht.TokenRequest{Invoice: 8, AmountRials: amount, CallbackURL: callback})
			_, resultErr := client.TranResult(t.Context(), 7)
			for _, pair := range []struct {
				err  error
				code int
			}{
				{tokenErr, want.token}, {resultErr, want.result},
				{client.Verify(t.Context(), id), want.verify}, {client.Settlement(t.Context(), id), want.verify},
				{client.Reverse(t.Context(), id), want.verify}, {client.Cancel(t.Context(), id), want.cancel},
			} {
				if code(pair.err) != pair.code || !asanpardakht.Misconfigured(pair.err) {
					t.Errorf("%v, not %d", pair.err, pair.code)
				}
			}
		})
	}
}
