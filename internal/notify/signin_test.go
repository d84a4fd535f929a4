package notify_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pishkhan/internal/i18n"
	"pishkhan/internal/jobs"
	"pishkhan/internal/notify"
	"pishkhan/internal/testworld"
)

// asked returns the message that brings a sign-in code, and the code.
func asked(t *testing.T, w *testworld.World, lang i18n.Lang, mobile string) (m notify.Message, code string) {
	t.Helper()
	v := w.Visitor(t)
	testworld.Must(t, w.House.Customers.AskForCode(t.Context(), v.ID, mobile, lang, "192.0.2.1"))
	newest, err := w.House.Notices.Newest(t.Context(), 1<<60, 1)
	testworld.Must(t, err)
	secret, err := w.House.Customers.Code(t.Context(), newest[0].Detail.Signin)
	testworld.Must(t, err)
	return newest[0], secret.Reveal()
}

// The code leaves by SMS, in the language of who asked, and none of its words
// stay behind.
func TestSigninCode(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	var sms provider
	desk := notify.NewDesk(w.House.Notices, jobs.NewComposer(w.House, testworld.BaseURL), &sms, &provider{})
	for i, lang := range i18n.Langs() {
		m, code := asked(t, w, lang, "0912000000"+string(rune('1'+i)))
		if m.OrderID != 0 || m.Kind != notify.SigninCode || m.Channel != notify.SMS || m.State != notify.Queued {
			t.Errorf("%+v", m)
		}
		testworld.Must(t, desk.Send(t.Context(), m.ID))
		parcel := sms.tries[i]
		if parcel.To != m.Recipient || !strings.Contains(parcel.Text, "\n"+code+"\n") || !strings.Contains(parcel.Text, lang.T("mail.signin.code")) {
			t.Errorf("%s: %q to %s", lang, parcel.Text, parcel.To)
		}
		if len([]rune(parcel.Text)) > 70 && lang == i18n.FA {
			t.Errorf("%d characters are more than one part", len([]rune(parcel.Text)))
		}
		if n := w.Count(t, "SELECT count(*) FROM messages m WHERE m.state = 'sent' AND to_jsonb(m)::text LIKE '%' || $1 || '%'", "\""+code); n != 0 {
			t.Errorf("%s: the message tells the code", lang)
		}
		if n := w.Count(t, "SELECT count(*) FROM messages WHERE id = $1 AND state = 'sent' AND body = '' AND subject = '' AND order_id IS NULL", m.ID); n != 1 {
			t.Errorf("%s: the words are kept", lang)
		}
	}
}

// A code that is over is not sent, and not tried again.
func TestSigninCodeTooLate(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	sms := provider{answers: []error{errors.New("connection reset")}}
	desk := notify.NewDesk(w.House.Notices, jobs.NewComposer(w.House, testworld.BaseURL), &sms, &provider{})
	m, code := asked(t, w, i18n.FA, "09120000001")
	if err := desk.Send(t.Context(), m.ID); err == nil || strings.Contains(err.Error(), code) {
		t.Errorf("the first try: %v", err)
	}
	w.Clock.Advance(5 * time.Minute)
	testworld.Must(t, desk.Send(t.Context(), m.ID))
	if len(sms.tries) != 1 {
		t.Errorf("sent %d times", len(sms.tries))
	}
	newest, err := w.House.Notices.Newest(t.Context(), 1<<60, 1)
	if err != nil || newest[0].State != notify.Failed || strings.Contains(newest[0].LastError, code) {
		t.Errorf("%+v, %v", newest, err)
	}
}
