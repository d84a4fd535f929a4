package jobs_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pishkhan/internal/fulfil"
	"pishkhan/internal/i18n"
	"pishkhan/internal/jobs"
	"pishkhan/internal/notify"
	"pishkhan/internal/payments"
	"pishkhan/internal/testworld"
)

// Once the workers run, a lost callback is found, its payment settled, and a
// completed order told of, without anybody asking.
func TestWork(t *testing.T) {
	t.Parallel()
	w, p := testworld.New(t), newProvider(t)
	done := w.Done(t)
	placed := w.Placed(t)
	w.Press(t, placed, "pay")
	w.Clock.Advance(time.Minute)
	work(t, w, p.server.URL)
	var attempt payments.Attempt
	var messages []notify.Message
	finished := func() bool {
		var err error
		attempt, err = w.House.Payments.Attempt(t.Context(), placed.Attempt.ID)
		testworld.Must(t, err)
		messages, err = w.House.Notices.Of(t.Context(), int64(done.ID))
		testworld.Must(t, err)
		return attempt.State == payments.Settled && messages[0].State == notify.Sent && messages[1].State == notify.Sent
	}
	for range 600 { // a minute at most
		if finished() {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Errorf("payment %s, messages %+v", attempt.State, messages)
}

// The words are in the customer's language, say what to do about a password,
// and hold no secret.
func TestCompose(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	composer := jobs.NewComposer(w.House, testworld.BaseURL)
	for _, slug := range []string{"steam-wallet", "hotel-booking"} {
		o := w.Done(t, slug)
		messages, err := w.House.Notices.Of(t.Context(), int64(o.ID))
		testworld.Must(t, err)
		for _, lang := range []i18n.Lang{i18n.FA, i18n.EN} {
			for _, m := range messages {
				m.Lang = lang
				parcel, err := composer.Compose(t.Context(), m)
				testworld.Must(t, err)
				if !strings.Contains(parcel.Text, o.Code) {
					t.Errorf("%s %s: no code in %q", lang, m.Channel, parcel.Text)
				}
				plain := m
				plain.Detail.Password = !m.Detail.Password
				other, err := composer.Compose(t.Context(), plain)
				testworld.Must(t, err)
				if longer := len(parcel.Text) > len(other.Text); longer != (slug == "steam-wallet") {
					t.Errorf("%s %s, %s: the reminder of the password is missing or too much: %q", lang, m.Channel, slug, parcel.Text)
				}
				if email := m.Channel == notify.Email; email != (parcel.HTML != "") || email != (parcel.Attachment != nil) || email != (parcel.Subject != "") {
					t.Errorf("%s %s: %+v", lang, m.Channel, parcel)
				}
				if m.Channel == notify.Email && (!strings.Contains(parcel.HTML, `lang="`+string(lang)) || !strings.Contains(parcel.Text, testworld.BaseURL+"/track")) {
					t.Errorf("%s: %s", lang, parcel.HTML)
				}
			}
		}
	}
	if _, err := composer.Compose(t.Context(), notify.Message{Kind: "of_tomorrow"}); !errors.Is(err, notify.ErrPermanent) {
		t.Errorf("a kind that nobody knows: %v", err)
	}
}

// An e-mail whose receipt is gone or damaged is not tried for hours.
func TestComposeWithoutReceipt(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	composer := jobs.NewComposer(w.House, testworld.BaseURL)
	messages, err := w.House.Notices.Of(t.Context(), int64(w.Done(t).ID))
	testworld.Must(t, err)
	email := messages[1]
	refused := func(what string, m notify.Message) {
		t.Helper()
		if _, err := composer.Compose(t.Context(), m); !errors.Is(err, notify.ErrPermanent) {
			t.Errorf("%s: %v", what, err)
		}
	}
	unknown := email
	unknown.ReceiptID = 999_999
	refused("no such receipt", unknown)
	var files []string
	testworld.Must(t, filepath.WalkDir(filepath.Join(w.Dir, "files"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			files = append(files, path)
		}
		return err
	}))
	if len(files) == 0 {
		t.Fatal("the receipt has no file")
	}
	for _, file := range files {
		testworld.Must(t, os.Chmod(file, 0o600))
		testworld.Must(t, os.WriteFile(file, []byte("bits that rotted"), 0o600))
	}
	refused("damaged", email)
	for _, file := range files {
		testworld.Must(t, os.Remove(file))
	}
	refused("gone", email)
}

// The customer reads, in their language, the time that was promised, the one
// that was agreed, and where to follow the order.
func TestComposeExtended(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Claimed(t)
	testworld.Must(t, w.House.Fulfil.Extend(t.Context(), w.Operator, o.Code, fulfil.Extension{
		Until: testworld.Noon.Add(26 * time.Hour), Agreed: fulfil.ByPhone,
	}))
	messages, err := w.House.Notices.Of(t.Context(), int64(o.ID))
	testworld.Must(t, err)
	composer := jobs.NewComposer(w.House, testworld.BaseURL)
	for lang, want := range map[i18n.Lang][2]string{
		i18n.FA: {"دوشنبه ۱۳ مهر ۱۴۰۵، ساعت ۱۴:۰۰", "سه‌شنبه ۱۴ مهر ۱۴۰۵، ساعت ۱۴:۰۰"},
		i18n.EN: {"Monday 5 October 2026, 14:00", "Tuesday 6 October 2026, 14:00"},
	} {
		for _, m := range messages {
			m.Lang = lang
			parcel, err := composer.Compose(t.Context(), m)
			testworld.Must(t, err)
			texts := []string{parcel.Text}
			if m.Channel == notify.Email {
				texts = append(texts, parcel.HTML)
			}
			for _, text := range texts {
				for _, part := range append(want[:], o.Code, testworld.BaseURL+"/track") {
					if !strings.Contains(text, part) {
						t.Errorf("%s %s: no %q in %q", lang, m.Channel, part, text)
					}
				}
			}
			if email := m.Channel == notify.Email; email != strings.Contains(parcel.Subject, o.Code) || parcel.Attachment != nil {
				t.Errorf("%s %s: %+v", lang, m.Channel, parcel)
			}
		}
	}
	empty := messages[0]
	empty.Detail.Until = nil
	if _, err := composer.Compose(t.Context(), empty); !errors.Is(err, notify.ErrPermanent) {
		t.Errorf("without a time: %v", err)
	}
}
