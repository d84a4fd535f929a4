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
	"pishkhan/internal/money"
	"pishkhan/internal/pricing"
	"pishkhan/internal/seal"
)

// Take checks a file of orders of a service and, when all is right, keeps its
// lines sealed and queues the job that puts them into the basket. It returns
// the upload's ID; Upload says whether it is Refused, and why.
//
// Faults, Invalid with the input "file": those of Check, and bulk.error.no_room
// when the basket cannot hold so many; NotFound (bulk.error.not_taken) for a
// service that is not ordered by files.
func (b *Bulk) Take(ctx context.Context, o carts.Owner, s catalog.Service, name string, content []byte) (int64, error) {
	if !Takes(s.Definition) {
		return 0, fault.New(fault.NotFound, "bulk.error.not_taken")
	}
	now := b.clock.Now()
	file, err := Check(content, s.Definition, now)
	if err != nil {
		return 0, err
	}
	if len(file.Wrong) == 0 {
		if file.Wrong, err = b.unpriced(ctx, s, file.Lines, now); err != nil {
			return 0, err
		}
	}
	if len(file.Wrong) == 0 {
		if err := b.room(ctx, o, len(file.Lines)); err != nil {
			return 0, err
		}
	}
	return b.keep(ctx, o, s, short(name), file, now)
}

// unpriced finds currencies that have no price at this moment.
func (b *Bulk) unpriced(ctx context.Context, s catalog.Service, lines []Line, now time.Time) ([]Finding, error) {
	var wrong []Finding
	priced := map[money.Currency]bool{}
	for _, line := range lines {
		answers, err := s.Definition.Check(line.Values, now)
		if err != nil {
			return nil, err
		}
		if priced[answers.Amount.Currency] {
			continue
		}
		priced[answers.Amount.Currency] = true
		_, err = b.pricing.Preview(ctx, s, answers.Amount, pricing.Alone)
		if f := fault.Of(err); f != nil && len(f.Fields) == 0 {
			wrong = append(wrong, found(line.Row, -1, f.Key, f.Args...))
		} else if err != nil {
			return nil, err
		}
	}
	return wrong, nil
}

// room refuses more lines than the basket still holds.
func (b *Bulk) room(ctx context.Context, o carts.Owner, lines int) error {
	inside, err := b.carts.Count(ctx, o)
	if err != nil {
		return err
	}
	coming, err := sqlq.New(b.pool).Waiting(ctx, o.VisitorID, o.CustomerID)
	if err != nil {
		return fmt.Errorf("uploads that wait: %w", err)
	}
	if room := carts.MaxLines - inside - int(coming); lines > room {
		return refuse("bulk.error.no_room", "lines", lines, "room", max(room, 0))
	}
	return nil
}

func (b *Bulk) keep(ctx context.Context, o carts.Owner, s catalog.Service, name string, file File, now time.Time) (id int64, err error) {
	row := sqlq.InsertUploadParams{
		VisitorID: o.VisitorID, ServiceVersionID: int64(s.VersionID), FileName: name, State: string(Refused),
		Total: int32(len(file.Lines)), UploadedAt: now,
	}
	if o.CustomerID != 0 {
		row.CustomerID = &o.CustomerID
	}
	findings := file.Wrong
	if len(file.Wrong) == 0 {
		row.State, row.Sealed, findings = string(Checked), []byte{}, append([]Finding{}, file.Doubts...)
	} else {
		row.EndedAt = &now
	}
	if row.Findings, err = json.Marshal(findings); err != nil {
		return 0, fmt.Errorf("keep upload: %w", err)
	}
	err = db.InTx(ctx, b.pool, func(ctx context.Context, tx pgx.Tx) error {
		q := sqlq.New(tx)
		if err := q.ForgetRefused(ctx, o.VisitorID); err != nil {
			return fmt.Errorf("keep upload: %w", err)
		}
		if id, err = q.InsertUpload(ctx, row); err != nil {
			return fmt.Errorf("keep upload: %w", err)
		}
		if row.Sealed == nil {
			return nil
		}
		if err := b.seal(ctx, tx, id, file.Lines); err != nil {
			return err
		}
		if _, err := b.queuer.InsertTx(ctx, tx, AddArgs{UploadID: id}, nil); err != nil {
			return fmt.Errorf("keep upload %d: %w", id, err)
		}
		return nil
	})
	return id, err
}

func (b *Bulk) seal(ctx context.Context, tx pgx.Tx, id int64, lines []Line) error {
	plain, err := json.Marshal(lines)
	if err != nil {
		return fmt.Errorf("seal upload %d: %w", id, err)
	}
	sealed, err := b.keyring.Seal(ctx, tx, sealOwner(id), purpose, place(id), plain)
	if err != nil {
		return fmt.Errorf("seal upload %d: %w", id, err)
	}
	if err := sqlq.New(tx).SealUpload(ctx, sealed, id); err != nil {
		return fmt.Errorf("seal upload %d: %w", id, err)
	}
	return nil
}

const purpose = "bulk"

func sealOwner(id int64) string { return fmt.Sprintf("upload:%d", id) }

func place(id int64) seal.AssociatedData {
	return seal.AssociatedData{Table: "bulk_uploads", Row: id, Column: "sealed", Version: 1}
}
