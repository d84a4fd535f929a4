package webhooks

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/db"
	"pishkhan/internal/webhooks/internal/sqlq"
)

// Backoff is how long we wait after each try that failed. When there is
// nothing more to wait for, the event has failed.
var Backoff = []time.Duration{
	10 * time.Second, time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour,
}

const (
	// underWay is for how long a try that we began is nobody else's: well
	// beyond what it may take.
	underWay = time.Minute
	// patience is how long an endpoint may do nothing but fail.
	patience = 72 * time.Hour

	maxAnswer  = 64 << 10 // bytes that are read of an answer
	keptAnswer = 500      // characters that are kept of it
)

// Deliver makes the next try to tell an event, when it is due, and returns
// when the one after it is; zero once there is nothing more to do. It may be
// repeated at will and from many sides: one try at a time is made.
func (w *Webhooks) Deliver(ctx context.Context, eventID int64) (next time.Time, err error) {
	due, next, err := w.begin(ctx, eventID)
	if err != nil || due == nil {
		return next, err
	}
	return w.conclude(ctx, due, w.post(ctx, due))
}

// letter is one try about to be made.
type letter struct {
	event   sqlq.WebhookEvent
	url     string
	secrets []string
	at      time.Time
	turn    bool // the endpoint fails, and it is our turn to try it
}

// outcome is what came of it.
type outcome struct {
	status int // 0: no answer
	answer string
	note   string
}

func (o outcome) ok() bool { return o.status >= 200 && o.status < 300 }

// begin takes the event's next try for us. due is nil when there is none to
// make now.
func (w *Webhooks) begin(ctx context.Context, eventID int64) (due *letter, next time.Time, err error) {
	err = db.InTx(ctx, w.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := w.clock.Now()
		q := sqlq.New(tx)
		endpoint, err := q.LockEndpointOf(ctx, eventID)
		if err != nil {
			return fmt.Errorf("webhook event %d: %w", eventID, err)
		}
		event, err := q.LockEvent(ctx, eventID)
		if err != nil {
			return fmt.Errorf("webhook event %d: %w", eventID, err)
		}
		if State(event.State) != Pending || event.EndpointID != endpoint.ID { // resent meanwhile, which has a job of its own
			return nil
		}
		if now.Before(event.NextTryAt) {
			next = event.NextTryAt
			return nil
		}
		listens, err := w.listens(ctx, tx, endpoint)
		if err != nil {
			return err
		}
		if !listens {
			if err := q.DropEvent(ctx, now, eventID); err != nil {
				return fmt.Errorf("webhook event %d: %w", eventID, err)
			}
			return nil
		}
		if endpoint.FailingSince != nil && endpoint.TurnUntil != nil && now.Before(*endpoint.TurnUntil) {
			next = now.Add(timeout)
			return nil
		}
		due, err = w.take(ctx, tx, now, event, endpoint)
		return err
	})
	return due, next, err
}

// listens reports whether an endpoint is still told anything. An event may be
// made while its endpoint, or its client, is being disabled.
func (w *Webhooks) listens(ctx context.Context, tx pgx.Tx, endpoint sqlq.WebhookEndpoint) (bool, error) {
	if endpoint.DisabledAt != nil {
		return false, nil
	}
	return w.clients.Enabled(ctx, tx, endpoint.ClientID)
}

// take makes the event's next try ours, and the turn at an endpoint that fails.
func (w *Webhooks) take(ctx context.Context, tx pgx.Tx, now time.Time, event sqlq.WebhookEvent, endpoint sqlq.WebhookEndpoint) (*letter, error) {
	secrets, err := w.secrets(ctx, tx, now, endpoint)
	if err != nil {
		return nil, err
	}
	q := sqlq.New(tx)
	begun, err := q.BeginTry(ctx, now.Add(underWay), event.ID)
	if err != nil {
		return nil, fmt.Errorf("webhook event %d: %w", event.ID, err)
	}
	event.Tries, event.NextTryAt = begun.Tries, begun.NextTryAt
	turn := endpoint.FailingSince != nil
	if turn {
		if err := q.TakeTurn(ctx, &event.NextTryAt, endpoint.ID); err != nil {
			return nil, fmt.Errorf("webhook event %d: %w", event.ID, err)
		}
	}
	return &letter{event: event, url: endpoint.Url, secrets: secrets, at: now, turn: turn}, nil
}

// conclude keeps what came of a try.
func (w *Webhooks) conclude(ctx context.Context, l *letter, o outcome) (next time.Time, err error) {
	err = db.InTx(ctx, w.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := w.clock.Now()
		q := sqlq.New(tx)
		if err := w.lockFor(ctx, tx, l); err != nil {
			return err
		}
		attempt := sqlq.InsertAttemptParams{EventID: l.event.ID, At: l.at, Answer: o.answer, Note: o.note}
		if status := int32(o.status); status != 0 {
			attempt.Status = &status
		}
		if err := q.InsertAttempt(ctx, attempt); err != nil {
			return fmt.Errorf("webhook event %d: %w", l.event.ID, err)
		}
		tries := int(l.event.Tries)
		change := sqlq.EndTryParams{
			ID: l.event.ID, Tries: l.event.Tries, BegunUntil: l.event.NextTryAt, At: now, State: string(Pending), NextTryAt: now,
		}
		switch {
		case o.ok():
			change.State = string(Delivered)
		case tries > len(Backoff):
			change.State = string(Failed)
		default:
			next = now.Add(Backoff[tries-1])
			change.NextTryAt = next
		}
		ended, err := q.EndTry(ctx, change)
		if err != nil {
			return fmt.Errorf("webhook event %d: %w", l.event.ID, err)
		}
		if ended == 0 { // what comes next is another job's
			next = time.Time{}
		}
		return w.judge(ctx, tx, now, l.event.EndpointID, o.ok())
	})
	return next, err
}

// lockFor locks the endpoint of a try, before any event, and gives the turn
// at it to others.
func (w *Webhooks) lockFor(ctx context.Context, tx pgx.Tx, l *letter) error {
	q := sqlq.New(tx)
	err := q.LockEndpoint(ctx, l.event.EndpointID)
	if err == nil && l.turn {
		err = q.GiveTurn(ctx, l.event.EndpointID, &l.event.NextTryAt)
	}
	if err != nil {
		return fmt.Errorf("webhook endpoint %d: %w", l.event.EndpointID, err)
	}
	return nil
}

// judge notes whether an endpoint works, and gives up one that has done
// nothing but fail for three days.
func (w *Webhooks) judge(ctx context.Context, tx pgx.Tx, now time.Time, endpointID int64, ok bool) error {
	q := sqlq.New(tx)
	if ok {
		if err := q.EndpointWorks(ctx, endpointID); err != nil {
			return fmt.Errorf("webhook endpoint %d: %w", endpointID, err)
		}
		return nil
	}
	endpoint, err := q.EndpointFails(ctx, &now, endpointID)
	if errors.Is(err, pgx.ErrNoRows) { // disabled meanwhile
		return nil
	}
	if err != nil {
		return fmt.Errorf("webhook endpoint %d: %w", endpointID, err)
	}
	if now.Sub(*endpoint.FailingSince) < patience {
		return nil
	}
	return w.disable(ctx, tx, now, audit.Machine, endpoint, "clients.webhook.gave_up")
}

// secrets are the keys that sign at this moment, the newest first.
func (w *Webhooks) secrets(ctx context.Context, tx pgx.Tx, now time.Time, e sqlq.WebhookEndpoint) ([]string, error) {
	open := func(sealed []byte, version int64) (string, error) {
		plain, err := w.keyring.Open(ctx, tx, owner(e.ID), purpose, place(e.ID, version), sealed)
		if err != nil {
			return "", fmt.Errorf("secret of webhook endpoint %d: %w", e.ID, err)
		}
		return string(plain), nil
	}
	newest, err := open(e.Secret, e.SecretVersion)
	if err != nil || e.OldUntil == nil || !now.Before(*e.OldUntil) {
		return []string{newest}, err
	}
	old, err := open(e.OldSecret, e.SecretVersion-1)
	return []string{newest, old}, err
}

// post sends the letter. What it returns is shown to people and kept: nothing
// of how our network looks inside.
func (w *Webhooks) post(ctx context.Context, l *letter) outcome {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, l.url, strings.NewReader(l.event.Body))
	if err != nil {
		return outcome{note: "clients.webhook.unreachable"}
	}
	seconds := strconv.FormatInt(l.at.Unix(), 10)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "Pishkhan-Webhooks/1")
	request.Header.Set("webhook-id", l.event.PublicID)
	request.Header.Set("webhook-timestamp", seconds)
	request.Header.Set("webhook-signature", signatures(l.secrets, l.event.PublicID, seconds, l.event.Body))
	response, err := w.http.Do(request)
	switch {
	case errors.Is(err, errPrivate):
		return outcome{note: "clients.webhook.private"}
	case errors.Is(err, context.DeadlineExceeded) || isTimeout(err):
		return outcome{note: "clients.webhook.slow"}
	case err != nil:
		return outcome{note: "clients.webhook.unreachable"}
	}
	defer response.Body.Close()
	answer, _ := io.ReadAll(io.LimitReader(response.Body, maxAnswer)) // the status has said what matters
	return outcome{status: response.StatusCode, answer: beginning(answer)}
}

func isTimeout(err error) bool {
	var t interface{ Timeout() bool }
	return errors.As(err, &t) && t.Timeout()
}

// signatures are those of all the secrets, with spaces between: HMAC-SHA256
// over ID, time and body.
func signatures(secrets []string, id, seconds, body string) string {
	signed := make([]string, len(secrets))
	for i, secret := range secrets {
		key, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, secretMark)) // our own writing
		mac := hmac.New(sha256.New, key)
		io.WriteString(mac, id+"."+seconds+"."+body)
		signed[i] = "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	}
	return strings.Join(signed, " ")
}

// beginning is what is kept of an answer: text that the database takes.
func beginning(answer []byte) string {
	text := strings.ToValidUTF8(strings.ReplaceAll(string(answer), "\x00", ""), "\uFFFD")
	if utf8.RuneCountInString(text) <= keptAnswer {
		return text
	}
	return string([]rune(text)[:keptAnswer])
}
