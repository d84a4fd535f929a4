package kavenegar_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pishkhan/internal/notify/sms/kavenegar"
)

func TestLookupFillsTheTemplate(t *testing.T) {
	p, client := newProvider(t)
	p.says(200, `{"return":{"status":200},"entries":{"messageid":8792343,"status":5,"cost":"500"}}`)
	tokens := kavenegar.Tokens{Token: "P-4821", Token10: "ثبت نام آزمون آیلتس", Token20: "یک دو سه چهار پنج شش هفت هشت نه"}
	got, err := client.Lookup(t.Context(), mobile, "orderdone", tokens)
	if want := (kavenegar.Accepted{ProviderID: "8792343", State: kavenegar.Sent, CostRials: 500}); err != nil || got != want {
		t.Errorf("Lookup = %+v, %v", got, err)
	}
	form := url.Values{"receptor": {mobile}, "template": {"orderdone"}, "token": {tokens.Token},
		"token10": {tokens.Token10}, "token20": {tokens.Token20}}
	if diff := cmp.Diff(form, p.requests[0]); diff != "" {
		t.Error(diff)
	}
	if p.paths[0] != "POST /v1/"+apiKey+"/verify/lookup.json" {
		t.Error(p.paths[0])
	}
}

func TestLookupRefusesWhatTheProviderWould(t *testing.T) {
	p, client := newProvider(t)
	long := strings.Repeat("ا", 101)
	for name, c := range map[string]struct {
		template string
		tokens   kavenegar.Tokens
	}{
		"no template":            {"", kavenegar.Tokens{Token: "1"}},
		"a space in template":    {"order done", kavenegar.Tokens{Token: "1"}},
		"underscore in template": {"order_done", kavenegar.Tokens{Token: "1"}},
		"no token":               {"done", kavenegar.Tokens{Token2: "1"}},
		"a space in token":       {"done", kavenegar.Tokens{Token: "1 2"}},
		"a line in token2":       {"done", kavenegar.Tokens{Token: "1", Token2: "1\n2"}},
		"a space in token3":      {"done", kavenegar.Tokens{Token: "1", Token3: "1 "}},
		"a long token":           {"done", kavenegar.Tokens{Token: long}},
		"six spaces in token10":  {"done", kavenegar.Tokens{Token: "1", Token10: "a b c d e f g"}},
		"nine spaces in token20": {"done", kavenegar.Tokens{Token: "1", Token20: "a b c d e f g h i j"}},
	} {
		_, err := client.Lookup(t.Context(), mobile, c.template, c.tokens)
		if e := failure(t, err); e.Retryable() || e.Unknown() {
			t.Errorf("%s: %v", name, e)
		}
	}
	if len(p.requests) != 0 {
		t.Errorf("%d requests went out", len(p.requests))
	}
	if _, err := client.Lookup(t.Context(), mobile, "done", kavenegar.Tokens{Token: long[2:]}); err != nil {
		t.Errorf("100 characters: %v", err)
	}
}

func TestALookupIsNeverRepeatedBlindly(t *testing.T) {
	p, client := newProvider(t)
	p.answers(reset)
	_, err := client.Lookup(t.Context(), mobile, "done", kavenegar.Tokens{Token: "1"})
	if e := failure(t, err); !e.Unknown() || e.Retryable() {
		t.Errorf("after a reset: unknown %v, retryable %v", e.Unknown(), e.Retryable())
	}
	p.says(409, `{"return":{"status":409,"message":"busy"},"entries":null}`)
	_, err = client.Lookup(t.Context(), mobile, "done", kavenegar.Tokens{Token: "1"})
	if e := failure(t, err); e.Unknown() || !e.Retryable() {
		t.Errorf("busy: unknown %v, retryable %v", e.Unknown(), e.Retryable())
	}
}
