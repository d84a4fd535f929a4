package webhooks_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
	"pishkhan/internal/testworld"
	"pishkhan/internal/webhooks"
)

// verify is what a receiver does, written from the standard and not from our code.
func verify(secret string, h http.Header, body string) bool {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		return false
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(h.Get("webhook-id") + "." + h.Get("webhook-timestamp") + "." + body))
	for _, signature := range strings.Fields(h.Get("webhook-signature")) {
		version, value, _ := strings.Cut(signature, ",")
		given, err := base64.StdEncoding.DecodeString(value)
		if version == "v1" && err == nil && hmac.Equal(given, mac.Sum(nil)) {
			return true
		}
	}
	return false
}

func TestDelivery(t *testing.T) {
	t.Parallel()
	shop := receive(t)
	s := setup(t, shop.URL+"/hook")
	e := s.deliver(t, s.cancel(t))
	if e.State != webhooks.Delivered || e.Status != http.StatusNoContent || e.Attempts != 1 || e.Type != "order.cancelled" {
		t.Errorf("event %+v", e)
	}
	calls := shop.calls()
	if len(calls) != 1 {
		t.Fatalf("%d calls", len(calls))
	}
	var got struct {
		ID, Type string
		Data     struct{ Order map[string]any }
	}
	testworld.Must(t, json.Unmarshal([]byte(calls[0].body), &got))
	if got.ID != e.PublicID || got.Type != e.Type || got.Data.Order["code"] != s.order.Code || got.Data.Order["state"] != "cancelled" {
		t.Errorf("told %s", calls[0].body)
	}
	if calls[0].header.Get("webhook-id") != e.PublicID || !verify(s.secret.Reveal(), calls[0].header, calls[0].body) {
		t.Errorf("signature of %v", calls[0].header)
	}
	if verify("whsec_"+base64.StdEncoding.EncodeToString(make([]byte, 32)), calls[0].header, calls[0].body) {
		t.Error("another secret fits too")
	}
	if s.deliver(t, e); len(shop.calls()) != 1 {
		t.Error("told twice")
	}
	if n := s.Count(t, `SELECT count(*) FROM river_job WHERE kind = 'deliver_webhook' AND queue = 'webhooks'`); n != 1 {
		t.Errorf("%d jobs", n)
	}
}

// An order that is our own, or whose client does not listen, makes no event;
// a change that is undone takes its event along.
func TestNobodyListens(t *testing.T) {
	t.Parallel()
	s := setup(t, "")
	testworld.Must(t, s.House.Checkout.Cancel(t.Context(), s.Operator, s.order, "no"))
	s.Paid(t)
	undone := errors.New("undone")
	s2 := setup(t, receive(t).URL)
	err := s2.inTx(t, func(tx pgx.Tx) error {
		step := orders.Step{Order: s2.order, Verb: orders.Cancel, Actor: s2.Operator}
		testworld.Must(t, s2.House.Orders.Move(t.Context(), tx, s2.Clock.Now(), step))
		return undone
	})
	if !errors.Is(err, undone) {
		t.Fatal(err)
	}
	for _, w := range []*testworld.World{s.World, s2.World} {
		if n := w.Count(t, `SELECT count(*) FROM webhook_events`) + w.Count(t, `SELECT count(*) FROM river_job WHERE kind = 'deliver_webhook'`); n != 0 {
			t.Errorf("%d rows", n)
		}
	}
}

func TestRetriesAndResend(t *testing.T) {
	t.Parallel()
	shop := receive(t)
	shop.answers(http.StatusInternalServerError, strings.Repeat("ب", 600)+"\x00")
	s := setup(t, shop.URL)
	e := s.cancel(t)
	for i, wait := range webhooks.Backoff {
		e = s.deliver(t, e)
		if e.State != webhooks.Pending || !e.NextTryAt.Equal(s.Clock.Now().Add(wait)) || e.Status != 500 {
			t.Fatalf("after try %d: %+v", i+1, e)
		}
		s.Clock.Advance(wait - time.Microsecond)
		if e = s.deliver(t, e); e.Attempts != i+1 {
			t.Fatalf("tried before its time: %+v", e)
		}
		s.Clock.Advance(time.Microsecond)
	}
	if e = s.deliver(t, e); e.State != webhooks.Failed || e.Attempts != len(webhooks.Backoff)+1 {
		t.Errorf("in the end: %+v", e)
	}
	attempts, err := s.House.Webhooks.Attempts(t.Context(), s.client.ID, e.ID)
	testworld.Must(t, err)
	if len(attempts) != e.Attempts || len([]rune(attempts[0].Answer)) != 500 {
		t.Errorf("%d attempts, the first %+v", len(attempts), attempts[0])
	}
	if others, err := s.House.Webhooks.Attempts(t.Context(), s.client.ID+1, e.ID); err != nil || len(others) != 0 {
		t.Errorf("another client sees %v, %v", others, err)
	}

	shop.answers(http.StatusOK, "")
	before := len(shop.calls())
	if s.deliver(t, e); len(shop.calls()) != before {
		t.Error("told after it was given up")
	}
	if err := s.House.Webhooks.Resend(t.Context(), s.Admin, s.client.ID+1, e.ID); !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.NotFound) {
		t.Errorf("another client's event: %v", err)
	}
	testworld.Must(t, s.House.Webhooks.Resend(t.Context(), s.Admin, s.client.ID, e.ID))
	if e = s.deliver(t, s.event(t)); e.State != webhooks.Delivered || shop.calls()[before].header.Get("webhook-id") != e.PublicID {
		t.Errorf("resent: %+v", e)
	}
}

// Who resends an event while its last try is under way gets a new one,
// whatever came of that.
func TestResentDuringATry(t *testing.T) {
	t.Parallel()
	shop := receive(t)
	shop.answers(http.StatusInternalServerError, "")
	s := setup(t, shop.URL)
	e := s.cancel(t)
	_, err := s.House.Pool.Exec(t.Context(), `UPDATE webhook_events SET tries = $1`, len(webhooks.Backoff))
	testworld.Must(t, err)
	shop.during(func() {
		testworld.Must(t, s.House.Webhooks.Resend(t.Context(), s.Admin, s.client.ID, e.ID))
	})
	if e = s.deliver(t, e); e.State != webhooks.Pending || e.Attempts != 1 {
		t.Errorf("resent: %+v", e)
	}
	shop.answers(http.StatusOK, "")
	if e = s.deliver(t, e); e.State != webhooks.Delivered {
		t.Errorf("told again: %+v", e)
	}
}

// An endpoint is disabled while tries of its events end: nobody waits for
// one who waits for him.
func TestDisabledDuringTries(t *testing.T) {
	t.Parallel()
	shop := receive(t)
	shop.answers(http.StatusInternalServerError, "")
	s := setup(t, shop.URL)
	e := s.cancel(t)
	for round := range 20 {
		_, err := s.House.Pool.Exec(t.Context(), `INSERT INTO webhook_events (public_id, endpoint_id, client_id, order_id, type, body, created_at, state_since, next_try_at)
			SELECT 'copy' || $1 || '_' || n, endpoint_id, client_id, order_id, type, body, created_at, created_at, created_at
			FROM webhook_events, generate_series(1, 4) n WHERE id = $2`, fmt.Sprint(round), e.ID)
		testworld.Must(t, err)
		rows, err := s.House.Pool.Query(t.Context(), `SELECT id FROM webhook_events WHERE state = 'pending' AND tries = 0`)
		testworld.Must(t, err)
		ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		testworld.Must(t, err)
		_, err = s.House.Pool.Exec(t.Context(), `UPDATE webhook_endpoints SET failing_since = NULL`)
		testworld.Must(t, err)
		var all sync.WaitGroup
		for _, id := range ids {
			all.Go(func() {
				if _, err := s.House.Webhooks.Deliver(t.Context(), id); err != nil {
					t.Error(err)
				}
			})
		}
		all.Go(func() {
			if err := s.House.Webhooks.Disable(t.Context(), s.Admin, s.client.ID); err != nil {
				t.Error(err)
			}
		})
		all.Wait()
		if n := s.Count(t, `SELECT count(*) FROM webhook_events WHERE state = 'pending'`); n != 0 {
			t.Fatalf("%d events are pending", n)
		}
		_, err = s.House.Pool.Exec(t.Context(), `UPDATE webhook_endpoints SET disabled_at = NULL`)
		testworld.Must(t, err)
	}
}

// What was made while its endpoint or its client was being disabled is told
// to nobody.
func TestNobodyListensAnyMore(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(scene) error{
		"endpoint": func(s scene) error { return s.House.Webhooks.Disable(t.Context(), s.Admin, s.client.ID) },
		"client":   func(s scene) error { return s.House.Clients.Disable(t.Context(), s.Admin, s.client.ID) },
	} {
		shop := receive(t)
		s := setup(t, shop.URL)
		e := s.cancel(t)
		testworld.Must(t, end(s))
		_, err := s.House.Pool.Exec(t.Context(), `UPDATE webhook_events SET state = 'pending'`)
		testworld.Must(t, err)
		if e = s.deliver(t, e); e.State != webhooks.Failed || len(shop.calls()) != 0 {
			t.Errorf("%s: %+v after %d calls", name, e, len(shop.calls()))
		}
	}
}

// One delivery at a time tries an endpoint that fails.
func TestTurns(t *testing.T) {
	t.Parallel()
	shop := receive(t)
	shop.answers(http.StatusBadGateway, "")
	s := setup(t, shop.URL)
	first := s.cancel(t)
	_, err := s.House.Pool.Exec(t.Context(), `INSERT INTO webhook_events (public_id, endpoint_id, client_id, order_id, type, body, created_at, state_since, next_try_at)
		SELECT 'second', endpoint_id, client_id, order_id, type, body, created_at, created_at, created_at FROM webhook_events`)
	testworld.Must(t, err)
	second := s.event(t)
	var waits time.Duration
	beside := func() {
		next, err := s.House.Webhooks.Deliver(t.Context(), second.ID)
		testworld.Must(t, err)
		waits = next.Sub(s.Clock.Now())
	}
	s.deliver(t, first) // it fails from now on
	s.Clock.Advance(webhooks.Backoff[0])
	shop.during(beside)
	s.deliver(t, first)
	if n := len(shop.calls()); n != 2 || waits != 10*time.Second {
		t.Errorf("%d calls, and the other delivery waits %s", n, waits)
	}
	if e := s.deliver(t, second); e.Attempts != 1 {
		t.Errorf("its turn: %+v", e)
	}

	// The turn of a killed delivery ends by itself.
	_, err = s.House.Pool.Exec(t.Context(), `UPDATE webhook_endpoints SET turn_until = $1`, s.Clock.Now().Add(time.Minute))
	testworld.Must(t, err)
	s.Clock.Advance(time.Minute)
	if e := s.deliver(t, second); e.Attempts != 2 {
		t.Errorf("after a kill: %+v", e)
	}

	// One that works takes as many as come.
	shop.answers(http.StatusOK, "")
	s.Clock.Advance(webhooks.Backoff[1])
	s.deliver(t, first)
	_, err = s.House.Pool.Exec(t.Context(), `UPDATE webhook_events SET state = 'pending', next_try_at = created_at`)
	testworld.Must(t, err)
	shop.during(beside)
	if s.deliver(t, first); s.event(t).State != webhooks.Delivered {
		t.Errorf("beside another: %+v", s.event(t))
	}
}

// Redirects are answers like others, and not followed.
func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	shop := receive(t)
	shop.answers(http.StatusFound, "")
	s := setup(t, shop.URL)
	if e := s.deliver(t, s.cancel(t)); e.State != webhooks.Pending || e.Status != http.StatusFound || len(shop.calls()) != 1 {
		t.Errorf("%+v after %d calls", e, len(shop.calls()))
	}
}

// Of many deliveries at once, one makes the try; one whose process died after
// it began is followed by another.
func TestDeliveriesAtOnceAndKilled(t *testing.T) {
	t.Parallel()
	shop := receive(t)
	s := setup(t, shop.URL)
	e := s.cancel(t)
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			if _, err := s.House.Webhooks.Deliver(t.Context(), e.ID); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := len(shop.calls()); n != 1 {
		t.Errorf("told %d times", n)
	}

	testworld.Must(t, s.House.Webhooks.Resend(t.Context(), s.Admin, s.client.ID, e.ID))
	_, err := s.House.Pool.Exec(t.Context(), `UPDATE webhook_events SET tries = 1, next_try_at = $1`, s.Clock.Now().Add(time.Minute)) // as begin leaves it
	testworld.Must(t, err)
	next, err := s.House.Webhooks.Deliver(t.Context(), e.ID)
	testworld.Must(t, err)
	if !next.Equal(s.Clock.Now().Add(time.Minute)) {
		t.Errorf("the next try is at %s", next)
	}
	s.Clock.Advance(time.Minute)
	if e = s.deliver(t, e); e.State != webhooks.Delivered || len(shop.calls()) != 2 {
		t.Errorf("%+v after %d calls", e, len(shop.calls()))
	}
}

// An endpoint that did nothing but fail for three days is disabled; one that
// answered in between is not.
func TestGivenUp(t *testing.T) {
	t.Parallel()
	shop := receive(t)
	shop.answers(http.StatusBadGateway, "")
	s := setup(t, shop.URL)
	e := s.deliver(t, s.cancel(t))
	s.Clock.Advance(71 * time.Hour)
	shop.answers(http.StatusOK, "")
	e = s.deliver(t, e)
	shop.answers(http.StatusBadGateway, "")
	for _, wait := range []time.Duration{0, 71 * time.Hour} {
		s.Clock.Advance(wait)
		testworld.Must(t, s.House.Webhooks.Resend(t.Context(), s.Admin, s.client.ID, e.ID))
		s.deliver(t, e)
	}
	if endpoint, err := s.House.Webhooks.Endpoint(t.Context(), s.client.ID); err != nil || endpoint.DisabledAt != nil || endpoint.FailingSince == nil {
		t.Fatalf("after 71 hours: %+v, %v", endpoint, err)
	}
	s.Clock.Advance(time.Hour)
	e = s.deliver(t, e)
	endpoint, err := s.House.Webhooks.Endpoint(t.Context(), s.client.ID)
	testworld.Must(t, err)
	if endpoint.DisabledAt == nil || endpoint.DisabledNote == "" || e.State != webhooks.Failed {
		t.Errorf("after 72 hours: %+v; %+v", endpoint, e)
	}
	if err := s.House.Webhooks.Resend(t.Context(), s.Admin, s.client.ID, e.ID); !fault.Is(err, fault.Conflict) {
		t.Errorf("resent to nobody: %v", err)
	}
}
