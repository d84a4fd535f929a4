package kavenegar_test

import (
	"errors"
	"testing"

	"pishkhan/internal/notify"
	"pishkhan/internal/notify/sms/kavenegar"
)

func TestSenderAsksBeforeItSendsAgain(t *testing.T) {
	p, client := newProvider(t)
	sender := kavenegar.NewSender(client)
	parcel := notify.Parcel{Key: 1790000000005001, To: mobile, Text: words}
	p.answers(reset)
	if _, err := sender.Send(t.Context(), parcel); err == nil || errors.Is(err, notify.ErrPermanent) {
		t.Fatalf("a lost answer: %v", err)
	}
	parcel.Again = true
	if _, err := sender.Send(t.Context(), parcel); err == nil || errors.Is(err, notify.ErrPermanent) {
		t.Fatalf("a question unanswered: %v", err)
	}
	p.answers(nil)
	if id, err := sender.Send(t.Context(), parcel); err != nil || id != "8792343" {
		t.Fatalf("%q, %v", id, err)
	}
	if n := p.asked("sms/send"); n != 1 {
		t.Errorf("it was sent %d times", n)
	}
	parcel.Key++ // a try that never reached the provider
	if id, err := sender.Send(t.Context(), parcel); err != nil || id != "8792344" || p.asked("sms/send") != 2 {
		t.Errorf("%q, %v", id, err)
	}
}

func TestSenderTellsWhatTryingAgainWillNotMend(t *testing.T) {
	p, client := newProvider(t)
	for body, permanent := range map[string]bool{
		`{"return":{"status":409},"entries":null}`: false,
		`{"return":{"status":451},"entries":null}`: false,
		`<html>`: false,
		`{"return":{"status":411},"entries":null}`:                                true,
		`{"return":{"status":418},"entries":null}`:                                true,
		`{"return":{"status":200},"entries":[{"messageid":8792343,"status":14}]}`: true,
		`{"return":{"status":200},"entries":[{"messageid":8792343,"status":6}]}`:  true,
	} {
		p.says(200, body)
		_, err := kavenegar.NewSender(client).Send(t.Context(), notify.Parcel{Key: 1, To: mobile, Text: words})
		if err == nil || errors.Is(err, notify.ErrPermanent) != permanent {
			t.Errorf("%s: %v", body, err)
		}
	}
}
