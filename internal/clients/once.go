package clients

import (
	"context"
	"crypto/hmac"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"pishkhan/internal/clients/internal/sqlq"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/seal"
)

// Request is one that a client may repeat when the answer was lost.
type Request struct {
	ClientID int64
	Key      string // the Idempotency-Key
	Body     []byte
}

// Answer is what a request was answered with.
type Answer struct {
	Status   int
	Body     []byte
	Replayed bool // it was given before
}

// memory is how long answers are kept.
const memory = 48 * time.Hour

// errSeen says that the key is in use.
var errSeen = errors.New("the key was seen before")

// lockNotAvailable is Postgres's word for a wait that took too long.
const lockNotAvailable = "55P03"

// Once does a request's work, unless it was done before: then the answer is
// the one that was given. The work and its answer are kept in one
// transaction; of several requests at once one works, and the others wait for
// its answer. Faults: those of work, after which the key is as new; Invalid
// (field header:Idempotency-Key) when the key was used for another body; Conflict
// while another request with it takes too long.
func (c *Clients) Once(ctx context.Context, r Request, status int, work func(ctx context.Context, tx pgx.Tx, now time.Time) ([]byte, error)) (Answer, error) {
	answer := Answer{Status: status}
	err := db.InTx(ctx, c.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := c.clock.Now()
		if err := c.claim(ctx, tx, now, r); err != nil {
			return err
		}
		var err error
		if answer.Body, err = work(ctx, tx, now); err != nil {
			return err
		}
		sealed, err := c.keyring.Seal(ctx, tx, subject(r.ClientID), purpose, r.data(), answer.Body)
		if err != nil {
			return fmt.Errorf("keep the answer to client %d: %w", r.ClientID, err)
		}
		err = sqlq.New(tx).KeepAnswer(ctx, sqlq.KeepAnswerParams{
			ClientID: r.ClientID, Key: r.Key, Status: int32(status), Response: sealed,
		})
		if err != nil {
			return fmt.Errorf("keep the answer to client %d: %w", r.ClientID, err)
		}
		return nil
	})
	if !errors.Is(err, errSeen) {
		return answer, err
	}
	answer, seen, err := c.Seen(ctx, r)
	if err == nil && !seen { // it was cleaned away in between
		err = inProgress
	}
	return answer, err
}

// Seen returns the answer that the request was given before; seen is false
// when there is none. Fault: Invalid (field header:Idempotency-Key) when the key was
// used for another body.
func (c *Clients) Seen(ctx context.Context, r Request) (answer Answer, seen bool, err error) {
	err = db.InTx(ctx, c.pool, func(ctx context.Context, tx pgx.Tx) error {
		row, err := sqlq.New(tx).AnswerTo(ctx, r.ClientID, r.Key)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("answer to client %d: %w", r.ClientID, err)
		}
		tag, err := c.tag(ctx, tx, r)
		if err != nil {
			return err
		}
		if !hmac.Equal(tag, row.RequestTag) {
			return otherBody()
		}
		body, err := c.keyring.Open(ctx, tx, subject(r.ClientID), purpose, r.data(), row.Response)
		if err != nil {
			return fmt.Errorf("answer to client %d: %w", r.ClientID, err)
		}
		answer, seen = Answer{Status: int(*row.Status), Body: body, Replayed: true}, true
		return nil
	})
	return answer, seen, err
}

// Clean forgets answers that are older than 48 hours.
func (c *Clients) Clean(ctx context.Context) error {
	if err := sqlq.New(c.pool).CleanAnswers(ctx, c.clock.Now().Add(-memory)); err != nil {
		return fmt.Errorf("clean answers to clients: %w", err)
	}
	return nil
}

// claim makes the key this request's. It waits for another one under way.
func (c *Clients) claim(ctx context.Context, tx pgx.Tx, now time.Time, r Request) error {
	tag, err := c.tag(ctx, tx, r)
	if err != nil {
		return err
	}
	claimed, err := sqlq.New(tx).ClaimKey(ctx, sqlq.ClaimKeyParams{
		ClientID: r.ClientID, Key: r.Key, RequestTag: tag, CreatedAt: now,
	})
	var refused *pgconn.PgError
	switch {
	case errors.As(err, &refused) && refused.Code == lockNotAvailable:
		return inProgress
	case err != nil:
		return fmt.Errorf("claim a key of client %d: %w", r.ClientID, err)
	case claimed == 0:
		return errSeen
	}
	return nil
}

var inProgress = fault.New(fault.Conflict, "clients.error.in_progress")

func otherBody() error {
	var wrong fault.Fields
	wrong.Add("header:Idempotency-Key", "clients.error.other_body")
	return wrong.Err()
}

// tag is by what a body is known again. A plain hash would let whoever steals
// the database try out passwords in it.
func (c *Clients) tag(ctx context.Context, tx pgx.Tx, r Request) ([]byte, error) {
	return c.keyring.MAC(ctx, tx, "api_idempotency.request_tag", string(r.Body))
}

const purpose = "idempotency"

func (r Request) data() seal.AssociatedData {
	return seal.AssociatedData{Table: "api_idempotency", Row: r.ClientID, Column: "response/" + r.Key, Version: 1}
}
