package attachments

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/attachments/internal/sqlq"
	"pishkhan/internal/audit"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
)

const maxWhy = 1000 // letters

// Attach puts a member's file on an order, for colleagues, whatever the
// order's state: papers come after the work is done, too. A file that they
// have put there already stays one. What is wrong with it is Invalid (field
// attachment), as Keep says, or because the order has MaxOnOrder of the
// desk's. TooMany says that the member has handed in enough for a day.
func (f *Folder) Attach(ctx context.Context, member audit.Actor, code, name string, content []byte) error {
	o, err := f.book.ByCode(ctx, f.pool, code)
	if err != nil {
		return err
	}
	if err := f.room(ctx, f.pool, o.ID, "attachment", 1, false); err != nil {
		return err // before a file is stored for nobody
	}
	s, err := f.files.store(ctx, owner{memberID: &member.ID, quota: ofMember}, name, content)
	if err != nil {
		return at("attachment", err)
	}
	return f.onOrder(ctx, code, func(ctx context.Context, tx pgx.Tx, now time.Time, o orders.Order) error {
		twice, err := sqlq.New(tx).HasFile(ctx, int64(o.ID), &member.ID, s.key)
		if err != nil || twice {
			return err
		}
		if err := f.room(ctx, tx, o.ID, "attachment", 1, false); err != nil {
			return err
		}
		kept, err := s.add(ctx, tx, now)
		if err != nil {
			return err
		}
		if err := put(ctx, tx, now, o.ID, kept.ID, &member.ID, member.Name); err != nil {
			return err
		}
		return f.note(ctx, tx, now, member, o, orders.FileAttached, kept, "")
	})
}

// Removal is how a file is taken away.
type Removal struct {
	Why string // needed for what others put there
	Any bool   // the member may take away what others put there
}

// Remove takes a file off an order; its row, and its line in the history,
// stay on record. It returns NotFound when the file is not there, Forbidden
// for what others put there, and Invalid (field why) without a reason where
// one is needed.
func (f *Folder) Remove(ctx context.Context, member audit.Actor, code string, id int64, r Removal) error {
	why := strings.TrimSpace(r.Why)
	return f.onOrder(ctx, code, func(ctx context.Context, tx pgx.Tx, now time.Time, o orders.Order) error {
		file, err := f.file(ctx, tx, o.ID, id)
		if err != nil {
			return err
		}
		var wrong fault.Fields
		switch own := file.MemberID == member.ID; {
		case !own && !r.Any:
			return fault.New(fault.Forbidden, "attachments.error.not_yours")
		case !own && why == "":
			wrong.Add("why", "attachments.error.why")
		case utf8.RuneCountInString(why) > maxWhy:
			wrong.Add("why", "fulfil.error.long", "max", maxWhy)
		}
		if err := wrong.Err(); err != nil {
			return err
		}
		err = sqlq.New(tx).RemoveOrderFile(ctx, sqlq.RemoveOrderFileParams{At: &now, By: &member.ID, Why: why, OrderID: int64(o.ID), AttachmentID: id})
		if err != nil {
			return fmt.Errorf("take file %d off order %d: %w", id, o.ID, err)
		}
		return f.note(ctx, tx, now, member, o, orders.FileRemoved, file.Attachment, why)
	})
}

// room returns Invalid for the field when an order has no room for so many
// files more. It is certain while the order is locked.
func (f *Folder) room(ctx context.Context, db sqlq.DBTX, id orders.ID, field string, more int, ofCustomer bool) error {
	there, err := sqlq.New(db).CountFiles(ctx, int64(id), ofCustomer)
	if err != nil {
		return fmt.Errorf("count the files of order %d: %w", id, err)
	}
	var wrong fault.Fields
	if int(there)+more > MaxOnOrder {
		wrong.Add(field, "attachments.error.order_full", "max", MaxOnOrder)
	}
	return wrong.Err()
}

// put lays a file with a locked order that has room for it. NotFound when it
// lies with an order already.
func put(ctx context.Context, tx pgx.Tx, now time.Time, id orders.ID, fileID int64, memberID *int64, memberName string) error {
	n, err := sqlq.New(tx).InsertOrderFile(ctx, sqlq.InsertOrderFileParams{
		AttachmentID: fileID, OrderID: int64(id), MemberID: memberID, MemberName: memberName, At: now, Most: MaxOnOrder,
	})
	if err != nil {
		return fmt.Errorf("put file %d on order %d: %w", fileID, id, err)
	}
	if n == 0 {
		return notFound()
	}
	return nil
}

func (f *Folder) note(ctx context.Context, tx pgx.Tx, now time.Time, member audit.Actor, o orders.Order, verb orders.Verb, file Attachment, why string) error {
	return f.book.Note(ctx, tx, now, orders.Step{
		Order: o, Verb: verb, Actor: member, Reason: why, Detail: map[string]any{"attachment": file.ID, "name": file.Name},
	})
}

// at puts what is wrong with a file beside the field that it came from.
func at(field string, err error) error {
	if !fault.Is(err, fault.Invalid) {
		return err
	}
	var wrong fault.Fields
	wrong.AddErr(field, err)
	return wrong.Err()
}
