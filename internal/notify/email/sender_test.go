package email_test

import (
	"errors"
	"testing"

	"github.com/emersion/go-smtp"
	"github.com/google/go-cmp/cmp"

	"pishkhan/internal/notify"
	"pishkhan/internal/notify/email"
)

func TestSenderSendsAParcel(t *testing.T) {
	s := newServer(t, email.NoTLS)
	client, err := email.New(s.config(email.NoTLS))
	if err != nil {
		t.Fatal(err)
	}
	sender := email.NewSender(client)
	parcel := notify.Parcel{
		Key: 1790000000005001, To: "sara@example.com", Subject: done.Subject, Text: "x", HTML: "<p>x</p>",
		Attachment: &notify.Attachment{Name: "رسید.pdf", MIME: "application/pdf", Content: receipt},
	}
	for _, again := range []bool{false, true} {
		parcel.Again = again
		if id, err := sender.Send(t.Context(), parcel); err != nil || id != "1790000000005001" {
			t.Fatalf("%q, %v", id, err)
		}
	}
	for _, l := range s.letters() {
		header, parts := read(t, l.content)
		if header.Get("Message-Id") != "<1790000000005001@pishkhan.example>" {
			t.Error(header.Get("Message-Id"))
		}
		want := []part{{"text/plain", "", []byte("x")}, {"text/html", "", []byte("<p>x</p>")}, {"application/pdf", "رسید.pdf", receipt}}
		if diff := cmp.Diff(want, parts, cmp.AllowUnexported(part{})); diff != "" {
			t.Error(diff)
		}
	}
}

func TestSenderTellsWhatTryingAgainWillNotMend(t *testing.T) {
	s := newServer(t, email.NoTLS)
	client, err := email.New(s.config(email.NoTLS))
	if err != nil {
		t.Fatal(err)
	}
	sender := email.NewSender(client)
	for code, permanent := range map[int]bool{450: false, 550: true} {
		s.fail("RCPT", &smtp.SMTPError{Code: code, Message: "no"})
		_, err := sender.Send(t.Context(), notify.Parcel{Key: 1, To: "sara@example.com", Subject: "x", Text: "x"})
		if err == nil || errors.Is(err, notify.ErrPermanent) != permanent {
			t.Errorf("%d: %v", code, err)
		}
	}
	if _, err := sender.Send(t.Context(), notify.Parcel{Key: 1, To: "nobody", Subject: "x", Text: "x"}); !errors.Is(err, notify.ErrPermanent) {
		t.Errorf("no address: %v", err)
	}
}
