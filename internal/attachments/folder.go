package attachments

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"pishkhan/internal/attachments/internal/sqlq"
	"pishkhan/internal/audit"
	"pishkhan/internal/clock"
	"pishkhan/internal/db"
	"pishkhan/internal/orders"
)

// MaxOnOrder is how many files of the desk's lie with one order at most, and
// how many of its customer's. The table holds the same number.
const MaxOnOrder = 20

// OrderFile is a file that lies with an order: staff put it there for each
// other, or the customer sent it with an answer.
type OrderFile struct {
	Attachment
	MemberID   int64 // who put it there; 0: the customer
	MemberName string
	At         time.Time
}

// OfCustomer reports whether the customer sent it.
func (f OrderFile) OfCustomer() bool { return f.MemberID == 0 }

// Folder is what lies with orders besides their forms.
type Folder struct {
	pool  *pgxpool.Pool
	clock clock.Clock
	files *Attachments
	book  *orders.Book
}

// NewFolder returns the folder of the orders in book.
func NewFolder(pool *pgxpool.Pool, c clock.Clock, files *Attachments, book *orders.Book) *Folder {
	return &Folder{pool: pool, clock: c, files: files, book: book}
}

// Of returns the files that lie with an order, oldest first.
func (f *Folder) Of(ctx context.Context, db sqlq.DBTX, id orders.ID) ([]OrderFile, error) {
	rows, err := sqlq.New(db).FilesOfOrder(ctx, int64(id))
	if err != nil {
		return nil, fmt.Errorf("files of order %d: %w", id, err)
	}
	list := make([]OrderFile, len(rows))
	for i, r := range rows {
		list[i] = orderFile(sqlq.FileOfOrderRow(r))
	}
	return list, nil
}

// Sight is which of an order's files somebody may open.
type Sight struct {
	Desk     bool // what staff put there
	Customer bool // what the customer sent
}

// View returns a file of an order with its bytes; the record of who looked
// commits before it leaves. It is NotFound when the file lies elsewhere, was
// taken away, or is not for the viewer's eyes.
func (f *Folder) View(ctx context.Context, viewer audit.Actor, sight Sight, code string, id int64) (OrderFile, []byte, error) {
	o, err := f.book.ByCode(ctx, f.pool, code)
	if err != nil {
		return OrderFile{}, nil, err
	}
	file, err := f.file(ctx, f.pool, o.ID, id)
	if err != nil {
		return OrderFile{}, nil, err
	}
	if file.OfCustomer() && !sight.Customer || !file.OfCustomer() && !sight.Desk {
		return OrderFile{}, nil, notFound()
	}
	_, content, err := f.files.View(ctx, viewer, o.Subject(), id)
	return file, content, err
}

func (f *Folder) file(ctx context.Context, db sqlq.DBTX, order orders.ID, id int64) (OrderFile, error) {
	row, err := sqlq.New(db).FileOfOrder(ctx, int64(order), id)
	if errors.Is(err, pgx.ErrNoRows) {
		return OrderFile{}, notFound()
	}
	if err != nil {
		return OrderFile{}, fmt.Errorf("file %d of order %d: %w", id, order, err)
	}
	return orderFile(row), nil
}

func orderFile(r sqlq.FileOfOrderRow) OrderFile {
	file := OrderFile{
		Attachment: Attachment{ID: r.AttachmentID, Name: r.Name, MIME: r.Mime, Size: r.SizeBytes, AddedAt: r.At},
		MemberName: r.MemberName, At: r.At,
	}
	if r.MemberID != nil {
		file.MemberID = *r.MemberID
	}
	return file
}

func (f *Folder) onOrder(ctx context.Context, code string, do func(ctx context.Context, tx pgx.Tx, now time.Time, o orders.Order) error) error {
	return db.InTx(ctx, f.pool, func(ctx context.Context, tx pgx.Tx) error {
		o, err := f.book.Lock(ctx, tx, code)
		if err != nil {
			return err
		}
		return do(ctx, tx, f.clock.Now(), o)
	})
}
