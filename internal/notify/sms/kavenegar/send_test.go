package kavenegar_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"pishkhan/internal/notify/sms/kavenegar"
)

const (
	mobile = "09121231231"
	words  = "سفارش شما انجام شد، رسید آن در پیشخان است. 100% & more"
)

func TestSendPostsTheMessageAndReadsTheAnswer(t *testing.T) {
	p, client := newProvider(t)
	got, err := client.Send(t.Context(), "5001", mobile, words)
	if err != nil {
		t.Fatal(err)
	}
	want := kavenegar.Accepted{ProviderID: "8792343", State: kavenegar.Queued, CostRials: 120}
	if got != want {
		t.Errorf("Send = %+v, want %+v", got, want)
	}
	form := url.Values{"receptor": {mobile}, "message": {words}, "localid": {"5001"}, "sender": {"10004346"}}
	if diff := cmp.Diff([]url.Values{form}, p.requests); diff != "" {
		t.Error(diff)
	}
	if p.paths[0] != "POST /v1/"+apiKey+"/sms/send.json" {
		t.Error(p.paths[0])
	}
}

func TestSendReadsEveryShapeOfEnvelope(t *testing.T) {
	const ok = `"return":{"status":200,"message":"تایید شد"}`
	full := kavenegar.Accepted{ProviderID: "8792343", State: kavenegar.Sent, CostRials: 120}
	for name, c := range map[string]struct {
		body string
		want kavenegar.Accepted
	}{
		"list":            {`{` + ok + `,"entries":[{"messageid":8792343,"status":5,"cost":120}]}`, full},
		"object":          {`{` + ok + `,"entries":{"messageid":8792343,"status":5,"cost":120}}`, full},
		"quoted":          {`{"return":{"status":"200"},"entries":[{"messageid":"8792343","status":"5","cost":"120"}]}`, full},
		"decimals":        {`{"return":{"status":200.0},"entries":[{"messageid":8792343,"status":5.0,"cost":120.5}]}`, full},
		"byte order":      {"\xef\xbb\xbf" + `{` + ok + `,"entries":[{"messageid":8792343,"status":5,"cost":120}]}`, full},
		"capitals":        {`{"Return":{"Status":200},"Entries":[{"MessageId":8792343,"Status":5,"Cost":120}]}`, full},
		"odd cost":        {`{` + ok + `,"entries":[{"messageid":8792343,"status":5,"cost":{}}]}`, kavenegar.Accepted{ProviderID: "8792343", State: kavenegar.Sent}},
		"nulls":           {`{"return":{"status":200,"message":null},"entries":[null,{"messageid":8792343,"status":null}]}`, kavenegar.Accepted{ProviderID: "8792343", State: kavenegar.Unknown}},
		"null entries":    {`{` + ok + `,"entries":null}`, kavenegar.Accepted{State: kavenegar.Unknown}},
		"no entries":      {`{` + ok + `}`, kavenegar.Accepted{State: kavenegar.Unknown}},
		"empty entries":   {`{` + ok + `,"entries":[]}`, kavenegar.Accepted{State: kavenegar.Unknown}},
		"text entries":    {`{` + ok + `,"entries":"none"}`, kavenegar.Accepted{State: kavenegar.Unknown}},
		"blocked at once": {`{` + ok + `,"entries":[{"messageid":1,"status":14}]}`, kavenegar.Accepted{ProviderID: "1", State: kavenegar.Blocked}},
	} {
		t.Run(name, func(t *testing.T) {
			p, client := newProvider(t)
			p.says(200, c.body)
			got, err := client.Send(t.Context(), "5001", mobile, words)
			if err != nil || got != c.want {
				t.Errorf("Send = %+v, %v, want %+v", got, err, c.want)
			}
		})
	}
}

func TestEveryVerdictOfTheProvider(t *testing.T) {
	for _, code := range []int{400, 401, 402, 403, 404, 405, 406, 407, 409, 411, 412, 413, 414, 416, 417, 418, 419, 422, 424, 431, 432, 451} {
		for _, status := range []int{200, code} {
			t.Run(strconv.Itoa(code)+" in HTTP "+strconv.Itoa(status), func(t *testing.T) {
				p, client := newProvider(t)
				p.says(status, `{"return":{"status":`+strconv.Itoa(code)+`,"message":"پیام خطا"},"entries":null}`)
				_, err := client.Send(t.Context(), "5001", mobile, words)
				e := failure(t, err)
				if e.Code != code || e.HTTP != status || !strings.Contains(e.Error(), "پیام خطا") {
					t.Errorf("got %v", e)
				}
				if e.Retryable() != (code == 409 || code == 451) {
					t.Errorf("%d: retryable = %v", code, e.Retryable())
				}
				if e.Unknown() {
					t.Errorf("%d: a clear no is unknown", code)
				}
			})
		}
	}
}

func TestAnswersThatAreNotTheProviders(t *testing.T) {
	const html = "<html><body><h1>Bad Gateway</h1></body></html>"
	const accepted = `{"return":{"status":200},"entries":[{"messageid":8792343,"status":1}]}`
	for name, c := range map[string]struct {
		status             int
		body               string
		retryable, unknown bool
	}{
		"500 with html":          {500, html, true, true},
		"502 with html":          {502, html, true, true},
		"503 with an envelope":   {503, `{"return":{"status":503,"message":"down"},"entries":null}`, true, true},
		"500 that says accepted": {500, accepted, true, true},
		"200 with html":          {200, html, true, true},
		"200 and empty":          {200, "", true, true},
		"200 cut short":          {200, accepted[:40], true, true},
		"200 without a verdict":  {200, `{"entries":[]}`, true, true},
		"200 and far too long":   {200, `{"return":{"status":200,"message":"` + strings.Repeat("x", 2<<20) + `"}}`, true, true},
		"429 with html":          {429, html, true, false},
		"404 with html":          {404, html, false, false},
		"302":                    {302, html, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			p, client := newProvider(t)
			p.says(c.status, c.body)
			_, err := client.Send(t.Context(), "5001", mobile, words)
			e := failure(t, err)
			if e.Retryable() != c.retryable || e.Unknown() != c.unknown {
				t.Errorf("%v: retryable %v, unknown %v", e, e.Retryable(), e.Unknown())
			}
			if len(e.Error()) > 1000 || strings.Contains(e.Error(), "<html>") {
				t.Errorf("the answer is in the error: %.100s", e.Error())
			}
		})
	}
}

func TestAMessageWhoseAnswerIsLostIsFoundAndNotSentTwice(t *testing.T) {
	p, client := newProvider(t)
	if _, found, err := client.StatusByLocalID(t.Context(), "5001"); found || err != nil {
		t.Fatalf("before: %v, %v", found, err)
	}
	p.answers(reset)
	_, err := client.Send(t.Context(), "5001", mobile, words)
	if e := failure(t, err); !e.Unknown() || !e.Retryable() {
		t.Errorf("after a reset: %v: unknown %v, retryable %v", e, e.Unknown(), e.Retryable())
	}
	p.answers(nil)
	d, found, err := client.StatusByLocalID(t.Context(), "5001")
	if want := (kavenegar.Delivery{ProviderID: "8792343", State: kavenegar.Delivered}); !found || err != nil || d != want {
		t.Errorf("asked again: %+v, %v, %v", d, found, err)
	}
	again, err := client.Send(t.Context(), "5001", mobile, words)
	if err != nil || again.ProviderID != "8792343" {
		t.Errorf("sent again: %+v, %v", again, err)
	}
}

func TestSlowAnswers(t *testing.T) {
	held := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		if r.PostForm.Get("localid") == "2" { // the headers come, the rest does not
			w.WriteHeader(200)
			w.(http.Flusher).Flush()
		}
		<-held
	}))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(held) })
	client := kavenegar.New(kavenegar.Config{BaseURL: server.URL, APIKey: apiKey, Timeout: 100 * time.Millisecond})
	for _, localID := range []string{"1", "2"} {
		_, err := client.Send(t.Context(), localID, mobile, words)
		if e := failure(t, err); !e.Unknown() || !e.Retryable() {
			t.Errorf("%s: %v: unknown %v, retryable %v", localID, e, e.Unknown(), e.Retryable())
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := client.Send(ctx, "3", mobile, words)
	if e := failure(t, err); e.Unknown() || !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled before: %v: unknown %v", e, e.Unknown())
	}
}

func TestNobodyListens(t *testing.T) {
	server := httptest.NewServer(nil)
	server.Close()
	client := kavenegar.New(kavenegar.Config{BaseURL: server.URL, APIKey: apiKey})
	_, err := client.Send(t.Context(), "5001", mobile, words)
	if e := failure(t, err); e.Unknown() || !e.Retryable() {
		t.Errorf("%v: unknown %v, retryable %v", e, e.Unknown(), e.Retryable())
	}
}

func TestARedirectIsNotFollowed(t *testing.T) {
	p, client := newProvider(t)
	p.answers(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
	})
	_, err := client.Send(t.Context(), "5001", mobile, words)
	failure(t, err)
	if len(p.paths) != 1 {
		t.Errorf("followed: %v", p.paths)
	}
}

func TestSendRefusesWhatCannotBeRight(t *testing.T) {
	p, client := newProvider(t)
	for _, c := range [][3]string{
		{"", mobile, words}, {"0", mobile, words}, {"a1", mobile, words}, {"1,2", mobile, words},
		{"5001", mobile + "," + mobile, words}, {"5001", "", words}, {"5001", "sara", words},
		{"5001", mobile, ""}, {"5001", mobile, "  "}, {"5001", mobile, "\xff"},
	} {
		_, err := client.Send(t.Context(), c[0], c[1], c[2])
		if e := failure(t, err); e.Retryable() || e.Unknown() {
			t.Errorf("%q: %v", c, e)
		}
	}
	if len(p.requests) != 0 {
		t.Errorf("%d requests went out", len(p.requests))
	}
}

// failure returns err as the *kavenegar.Error that every error is.
func failure(t *testing.T, err error) *kavenegar.Error {
	t.Helper()
	var e *kavenegar.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want a *kavenegar.Error", err)
	}
	return e
}
