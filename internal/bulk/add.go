package bulk

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/bulk/internal/sqlq"
	"pishkhan/internal/carts"
	"pishkhan/internal/catalog"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
)

// chunk is how many lines are added in one transaction. Progress moves on
// with the lines, so that a chunk is added wholly, once, or not at all.
const chunk = 100

// chunksAtOnce is what AddSome adds: a few seconds' work.
const chunksAtOnce = 3

// Add puts the lines of an upload into the basket, all that AddSome has left.
func (b *Bulk) Add(ctx context.Context, id int64) error {
	for {
		if ended, err := b.AddSome(ctx, id); err != nil || ended {
			return err
		}
	}
}

// AddSome puts the next lines of an upload into the basket, from where it was
// left, and says whether the upload has ended. Run twice at once, the one
// waits for the other. What keeps a line out (a full basket, a rate that is
// missing now) fails the upload, for the customer to see; an error is worth
// another try.
func (b *Bulk) AddSome(ctx context.Context, id int64) (ended bool, err error) {
	for range chunksAtOnce {
		ended, err = b.addChunk(ctx, id)
		if f := fault.Of(err); f != nil && f.Key != "fault.unavailable" {
			return true, b.fail(ctx, id, reason(f))
		}
		if err != nil || ended {
			break
		}
	}
	return ended, err
}

func (b *Bulk) addChunk(ctx context.Context, id int64) (ended bool, err error) {
	err = db.InTx(ctx, b.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := b.clock.Now()
		q := sqlq.New(tx)
		u, err := q.LockUpload(ctx, id)
		if err != nil {
			return fmt.Errorf("add upload %d: %w", id, err)
		}
		if ended = u.Sealed == nil; ended {
			return nil
		}
		lines, err := b.open(ctx, tx, u)
		if err != nil {
			return err
		}
		next := lines[u.Done:min(int(u.Done)+chunk, len(lines))]
		if err := b.addLines(ctx, tx, now, u, next); err != nil {
			return err
		}
		done := u.Done + int32(len(next))
		if ended = done == u.Total; ended {
			return b.end(ctx, tx, sqlq.EndUploadParams{ID: id, State: string(Added), Done: done, At: &now})
		}
		if err := q.Progress(ctx, done, id); err != nil {
			return fmt.Errorf("add upload %d: %w", id, err)
		}
		return nil
	})
	return ended, err
}

func (b *Bulk) open(ctx context.Context, tx pgx.Tx, u sqlq.BulkUpload) ([]Line, error) {
	plain, err := b.keyring.Open(ctx, tx, sealOwner(u.ID), purpose, place(u.ID), u.Sealed)
	if err != nil {
		return nil, fmt.Errorf("open upload %d: %w", u.ID, err)
	}
	var lines []Line
	if err := json.Unmarshal(plain, &lines); err != nil {
		return nil, fmt.Errorf("open upload %d: unreadable", u.ID) // the error might quote a password
	}
	return lines, nil
}

func (b *Bulk) addLines(ctx context.Context, tx pgx.Tx, now time.Time, u sqlq.BulkUpload, lines []Line) error {
	service, err := b.catalog.Version(ctx, tx, catalog.VersionID(u.ServiceVersionID))
	if err != nil {
		return err
	}
	filled := make([]carts.Filled, len(lines))
	for i, line := range lines {
		filled[i].Key = fmt.Sprintf("upload:%d:%d", u.ID, line.Row)
		if filled[i].Answers, err = service.Definition.Check(line.Values, now); err != nil {
			return err // a day has passed since it was checked
		}
	}
	owner := carts.Owner{VisitorID: u.VisitorID}
	if u.CustomerID != nil {
		owner.CustomerID = *u.CustomerID
	}
	return b.carts.AddAll(ctx, tx, now, owner, service, u.ID, filled)
}

// fail ends an upload that cannot go on.
func (b *Bulk) fail(ctx context.Context, id int64, why i18n.Text) error {
	failure, err := json.Marshal(why)
	if err != nil {
		return fmt.Errorf("fail upload %d: %w", id, err)
	}
	return db.InTx(ctx, b.pool, func(ctx context.Context, tx pgx.Tx) error {
		u, err := sqlq.New(tx).LockUpload(ctx, id)
		if err != nil {
			return fmt.Errorf("fail upload %d: %w", id, err)
		}
		if u.Sealed == nil {
			return nil
		}
		now := b.clock.Now()
		return b.end(ctx, tx, sqlq.EndUploadParams{ID: id, State: string(Failed), Done: u.Done, Failure: failure, At: &now})
	})
}

// end forgets what was typed: its ciphertext and its key.
func (b *Bulk) end(ctx context.Context, tx pgx.Tx, p sqlq.EndUploadParams) error {
	if err := sqlq.New(tx).EndUpload(ctx, p); err != nil {
		return fmt.Errorf("end upload %d: %w", p.ID, err)
	}
	if err := b.keyring.Destroy(ctx, tx, sealOwner(p.ID), purpose); err != nil {
		return fmt.Errorf("end upload %d: %w", p.ID, err)
	}
	return nil
}

// reason is a fault in words; of a form, that of its first wrong input.
func reason(f *fault.Fault) i18n.Text {
	if len(f.Fields) > 0 {
		return both(f.Fields[0].Key, f.Fields[0].Args...)
	}
	return both(f.Key, f.Args...)
}
