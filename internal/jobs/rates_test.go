package jobs_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"pishkhan/internal/i18n"
	"pishkhan/internal/jobs"
	"pishkhan/internal/notify"
	"pishkhan/internal/testworld"
)

// Rates that grow old are found without anybody asking, and finance is told
// of them in words that lead to the desk.
func TestFinanceIsToldOfRates(t *testing.T) {
	t.Parallel()
	w, p := testworld.New(t), newProvider(t)
	testworld.Must(t, w.House.Pricing.SetRateTerms(t.Context(), w.Finance, time.Hour, decimal.New(10, 0)))
	w.Clock.Advance(2 * time.Hour)
	work(t, w, p.server.URL)
	var told []notify.Message
	for range 600 { // a minute at most
		var err error
		told, err = w.House.Notices.Newest(t.Context(), 1<<40, 10)
		testworld.Must(t, err)
		if len(told) == 2 && told[0].State == notify.Sent && told[1].State == notify.Sent {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	var whom []string
	for _, m := range told {
		if m.State == notify.Sent && strings.Contains(m.Body, "USD") {
			whom = append(whom, m.Recipient)
		}
	}
	slices.Sort(whom)
	if !slices.Equal(whom, []string{"finance2@demo.test", "finance@demo.test"}) {
		t.Fatalf("%+v", told)
	}
	composer := jobs.NewComposer(w.House, testworld.BaseURL)
	for _, kind := range []notify.Kind{notify.RatesStale, notify.FeedFailing} {
		for _, lang := range i18n.Langs() {
			m := told[0]
			m.Kind, m.Lang = kind, lang
			parcel, err := composer.Compose(t.Context(), m)
			testworld.Must(t, err)
			if !strings.Contains(parcel.Subject, "USD") || !strings.Contains(parcel.Text, testworld.BaseURL+"/desk/rates") || strings.Contains(parcel.Text, "rates.mail") {
				t.Errorf("%s %s: %s: %s", kind, lang, parcel.Subject, parcel.Text)
			}
		}
	}
}
