// Package receipts keeps the proof of work done: the papers that destination
// sites give out, checked on their way in and sealed at rest.
package receipts

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"pishkhan/internal/blob"
	"pishkhan/internal/fault"
	"pishkhan/internal/receipts/internal/sqlq"
)

// Receipt is one paper about an order. Its bytes are in the blob store.
type Receipt struct {
	ID      int64
	OrderID int64
	Name    string
	MIME    string
	Size    int64 // bytes
	AddedAt time.Time
	blobKey string
}

// Receipts is the room's door.
type Receipts struct {
	pool  *pgxpool.Pool
	blobs *blob.Store
}

// New returns the receipts kept in pool, their files in blobs.
func New(pool *pgxpool.Pool, blobs *blob.Store) *Receipts {
	return &Receipts{pool: pool, blobs: blobs}
}

// Stored is a checked file that is in the blob store, but not yet on an order.
type Stored struct {
	file File
	ref  blob.Ref
}

// Name returns the file's clean name.
func (s Stored) Name() string { return s.file.Name }

// Store checks an upload and puts it in the blob store; Add then ties it to
// an order. It returns the faults of Inspect.
func (r *Receipts) Store(ctx context.Context, name string, content []byte) (Stored, error) {
	file, err := Inspect(name, content)
	if err != nil {
		return Stored{}, err
	}
	ref, err := r.blobs.Put(ctx, bytes.NewReader(file.Bytes), int64(len(file.Bytes)))
	if err != nil {
		return Stored{}, fmt.Errorf("store receipt: %w", err)
	}
	return Stored{file: file, ref: ref}, nil
}

// Add ties a stored file to an order, which the caller has locked. A file
// that is sent twice under a claim, which began at claimedAt, stays one
// receipt: id is 0 then.
func (r *Receipts) Add(ctx context.Context, tx pgx.Tx, now time.Time, orderID, memberID int64, claimedAt time.Time, s Stored) (id int64, err error) {
	id, err = sqlq.New(tx).InsertReceipt(ctx, sqlq.InsertReceiptParams{
		OrderID: orderID, Name: s.file.Name, Mime: s.file.MIME, SizeBytes: int64(len(s.file.Bytes)),
		BlobKey: s.ref.Key, AddedBy: memberID, AddedAt: now, ClaimedAt: claimedAt,
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("add receipt to order %d: %w", orderID, err)
	}
	return id, nil
}

// Remove takes a receipt off an order; NotFound when it is not there. Its
// row and file stay on record.
func (r *Receipts) Remove(ctx context.Context, tx pgx.Tx, now time.Time, orderID, id int64) error {
	n, err := sqlq.New(tx).RemoveReceipt(ctx, &now, orderID, id)
	if err != nil {
		return fmt.Errorf("remove receipt %d: %w", id, err)
	}
	if n == 0 {
		return notFound()
	}
	return nil
}

// Of returns the receipts of an order, oldest first.
func (r *Receipts) Of(ctx context.Context, db sqlq.DBTX, orderID int64) ([]Receipt, error) {
	rows, err := sqlq.New(db).ReceiptsOfOrder(ctx, orderID)
	if err != nil {
		return nil, fmt.Errorf("receipts of order %d: %w", orderID, err)
	}
	list := make([]Receipt, len(rows))
	for i, row := range rows {
		list[i] = fromRow(row)
	}
	return list, nil
}

// Read returns one receipt of an order with its bytes, or NotFound.
func (r *Receipts) Read(ctx context.Context, orderID, id int64) (Receipt, []byte, error) {
	row, err := sqlq.New(r.pool).ReceiptOfOrder(ctx, orderID, id)
	return r.read(ctx, row, err)
}

// ReadByID returns a receipt with its bytes, for the message that carries it.
func (r *Receipts) ReadByID(ctx context.Context, id int64) (Receipt, []byte, error) {
	row, err := sqlq.New(r.pool).ReceiptByID(ctx, id)
	return r.read(ctx, row, err)
}

func (r *Receipts) read(ctx context.Context, row sqlq.Receipt, err error) (Receipt, []byte, error) {
	if errors.Is(err, pgx.ErrNoRows) {
		return Receipt{}, nil, notFound()
	}
	if err != nil {
		return Receipt{}, nil, fmt.Errorf("read receipt: %w", err)
	}
	content, err := r.blobs.Get(ctx, row.BlobKey)
	if err != nil {
		return Receipt{}, nil, fmt.Errorf("read receipt %d: %w", row.ID, err)
	}
	return fromRow(row), content, nil
}

func fromRow(r sqlq.Receipt) Receipt {
	return Receipt{
		ID: r.ID, OrderID: r.OrderID, Name: r.Name, MIME: r.Mime, Size: r.SizeBytes, AddedAt: r.AddedAt, blobKey: r.BlobKey,
	}
}

func notFound() error { return fault.New(fault.NotFound, "receipt.error.not_found") }
