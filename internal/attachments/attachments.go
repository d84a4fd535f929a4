// Package attachments keeps the files that customers hand in, with an order's
// form, with an answer or as an identity document, and those that staff put
// on an order for each other: checked on their way in as receipts are, and
// sealed at rest.
package attachments

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"pishkhan/internal/attachments/internal/sqlq"
	"pishkhan/internal/audit"
	"pishkhan/internal/blob"
	"pishkhan/internal/clock"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
)

// Attachment is one file that was handed in. Its bytes are in the blob store.
type Attachment struct {
	ID      int64
	Name    string // fit for a header and a folder; its extension tells the truth
	MIME    string // application/pdf, image/jpeg or image/png
	Size    int64  // bytes
	AddedAt time.Time
}

// Attachments is the room's door.
type Attachments struct {
	pool  *pgxpool.Pool
	clock clock.Clock
	blobs *blob.Store
}

// New returns the attachments kept in pool, their files in blobs.
func New(pool *pgxpool.Pool, c clock.Clock, blobs *blob.Store) *Attachments {
	return &Attachments{pool: pool, clock: c, blobs: blobs}
}

// Own says whether all of ids came from that browser: NotFound when one did
// not, or does not exist.
func (a *Attachments) Own(ctx context.Context, db sqlq.DBTX, visitorID int64, ids []int64) error {
	return own(ctx, db, owner{visitorID: &visitorID}, ids)
}

// OwnByClient says whether all of ids came with the keys of that client of
// the API: NotFound when one did not.
func (a *Attachments) OwnByClient(ctx context.Context, db sqlq.DBTX, clientID int64, ids []int64) error {
	return own(ctx, db, owner{clientID: &clientID}, ids)
}

func own(ctx context.Context, db sqlq.DBTX, o owner, ids []int64) error {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	if len(ids) == 0 {
		return nil
	}
	n, err := sqlq.New(db).CountOwned(ctx, ids, o.visitorID, o.clientID)
	if err != nil {
		return fmt.Errorf("whose attachments %v are: %w", ids, err)
	}
	if int(n) < len(ids) {
		return notFound()
	}
	return nil
}

// Of returns those of ids that exist, oldest first.
func (a *Attachments) Of(ctx context.Context, db sqlq.DBTX, ids []int64) ([]Attachment, error) {
	rows, err := sqlq.New(db).AttachmentsByID(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("attachments %v: %w", ids, err)
	}
	list := make([]Attachment, len(rows))
	for i, row := range rows {
		list[i] = fromRow(row)
	}
	return list, nil
}

// Read returns an attachment with its bytes, or NotFound. Whoever calls it
// knows that the reader may see it.
func (a *Attachments) Read(ctx context.Context, id int64) (Attachment, []byte, error) {
	row, err := sqlq.New(a.pool).AttachmentByID(ctx, id)
	if errors.Is(err, pgx.ErrNoRows) {
		return Attachment{}, nil, notFound()
	}
	if err != nil {
		return Attachment{}, nil, fmt.Errorf("read attachment %d: %w", id, err)
	}
	content, err := a.blobs.Get(ctx, row.BlobKey)
	if err != nil {
		return Attachment{}, nil, fmt.Errorf("read attachment %d: %w", id, err)
	}
	return fromRow(row), content, nil
}

// View is Read for a member of staff, about an order or a case that subject
// names. The record of who looked commits before the file leaves.
func (a *Attachments) View(ctx context.Context, viewer audit.Actor, subject string, id int64) (Attachment, []byte, error) {
	err := db.InTx(ctx, a.pool, func(ctx context.Context, tx pgx.Tx) error {
		return audit.Record(ctx, tx, audit.Entry{
			At: a.clock.Now(), Actor: viewer, Verb: "attachment.view", Subject: subject, Detail: map[string]any{"attachment": id},
		})
	})
	if err != nil {
		return Attachment{}, nil, err
	}
	return a.Read(ctx, id)
}

func fromRow(r sqlq.Attachment) Attachment {
	return Attachment{ID: r.ID, Name: r.Name, MIME: r.Mime, Size: r.SizeBytes, AddedAt: r.AddedAt}
}

func notFound() error { return fault.New(fault.NotFound, "attachments.error.not_found") }
