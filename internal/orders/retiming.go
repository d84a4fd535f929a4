package orders

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders/internal/sqlq"
)

// Retiming is one approved step that moves the open clocks to a version of
// the calendar, and how far it has come.
//
// A clock that has ended keeps the version that judged it, for ever, and one
// that starts meanwhile has the newest already. A clock on hold moves too: what
// it has used is counted anew, and so is its deadline when it is resumed. What
// was agreed with a customer is working time on top of the budget: as the
// first promise does, the agreed time moves with the hours, and nothing of
// the extra time is lost. Nobody is sent a message for what merely moved.
type Retiming struct {
	ID           int64
	VersionID    int64 // of the calendar
	ApprovedBy   int64 // the staff member
	ApprovedName string
	ApprovedAt   time.Time
	Total        int // open clocks that another version judged, when it was approved
	Done         int
	Tally
	FinishedAt time.Time // zero: it goes on
}

// Finished reports whether every clock was looked at.
func (r Retiming) Finished() bool { return !r.FinishedAt.IsZero() }

// Tally counts what another calendar makes of open clocks.
type Tally struct {
	Moved  int // deadlines that are others now
	Cured  int // breaches that vanish
	Broken int // breaches that appear
	Stuck  int // clocks that stay as they are: the calendar has not so much open time
	Aside  int // clocks that stay as they are: what is on record of them contradicts itself
}

// Aside is a clock that was set aside, and somebody has to look at.
type Aside struct {
	OrderID ID
	Code    string
	Why     string // what contradicts what, for whoever mends it
}

// Shift is a deadline that moves.
type Shift struct {
	OrderID  ID
	Code     string
	From, To time.Time
	WasLate  bool
	IsLate   bool
}

// ErrRetiming says that another process is at the same retiming.
var ErrRetiming = errors.New("another process is at this retiming")

// BeginRetiming approves, on the record, that the open clocks move to the
// newest version of the calendar; Retime then does it. Faults: NotFound for a
// version that there is not; Conflict for one that is not the newest any more
// (retiming.error.not_newest), while another retiming goes on
// (retiming.error.running), and when every clock has it (retiming.error.nothing).
func (b *Book) BeginRetiming(ctx context.Context, tx pgx.Tx, now time.Time, actor audit.Actor, versionID int64) (Retiming, error) {
	if _, err := b.calendars.Info(ctx, tx, versionID); err != nil {
		return Retiming{}, err
	}
	newest, err := b.calendars.Newest(ctx, tx)
	if err != nil {
		return Retiming{}, err
	}
	if newest.ID != versionID {
		return Retiming{}, fault.New(fault.Conflict, "retiming.error.not_newest", "version", versionID, "newest", newest.ID)
	}
	q := sqlq.New(tx)
	if err := q.AwaitStarts(ctx); err != nil {
		return Retiming{}, fmt.Errorf("begin retiming: %w", err)
	}
	total, err := q.CountBehind(ctx, versionID)
	if err != nil {
		return Retiming{}, fmt.Errorf("begin retiming: %w", err)
	}
	if total == 0 {
		return Retiming{}, fault.New(fault.Conflict, "retiming.error.nothing", "version", versionID)
	}
	row, err := q.InsertRetiming(ctx, sqlq.InsertRetimingParams{
		VersionID: versionID, ApprovedBy: actor.ID, ApprovedName: actor.Name, ApprovedAt: now, Total: int32(total),
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return Retiming{}, fault.New(fault.Conflict, "retiming.error.running")
	}
	if err != nil {
		return Retiming{}, fmt.Errorf("begin retiming: %w", err)
	}
	return retimingFrom(row), audit.Record(ctx, tx, audit.Entry{
		At: now, Actor: actor, Verb: "calendar.retime", Subject: fmt.Sprintf("calendar:%d", versionID),
		Detail: map[string]any{"retiming": row.ID, "clocks": total},
	})
}

// Unfinished returns the retiming that goes on; ok is false when none does.
func (b *Book) Unfinished(ctx context.Context, db DB) (r Retiming, ok bool, err error) {
	row, err := sqlq.New(db).UnfinishedRetiming(ctx)
	if errors.Is(err, pgx.ErrNoRows) {
		return Retiming{}, false, nil
	}
	if err != nil {
		return Retiming{}, false, fmt.Errorf("unfinished retiming: %w", err)
	}
	return retimingFrom(row), true, nil
}

// Retiming returns one, or NotFound.
func (b *Book) Retiming(ctx context.Context, db DB, id int64) (Retiming, error) {
	row, err := sqlq.New(db).RetimingByID(ctx, id)
	if errors.Is(err, pgx.ErrNoRows) {
		return Retiming{}, fault.New(fault.NotFound, "retiming.error.not_found")
	}
	if err != nil {
		return Retiming{}, fmt.Errorf("retiming %d: %w", id, err)
	}
	return retimingFrom(row), nil
}

// Retimings returns the newest ones, at most limit.
func (b *Book) Retimings(ctx context.Context, db DB, limit int32) ([]Retiming, error) {
	rows, err := sqlq.New(db).NewestRetimings(ctx, limit)
	if err != nil {
		return nil, fmt.Errorf("retimings: %w", err)
	}
	list := make([]Retiming, len(rows))
	for i, row := range rows {
		list[i] = retimingFrom(row)
	}
	return list, nil
}

// Shifts returns deadlines that a retiming has moved, in the order of the
// orders: those after one, at most limit.
func (b *Book) Shifts(ctx context.Context, db DB, retimingID int64, after ID, limit int32) ([]Shift, error) {
	rows, err := sqlq.New(db).ShiftsOf(ctx, retimingID, int64(after), limit)
	if err != nil {
		return nil, fmt.Errorf("shifts of retiming %d: %w", retimingID, err)
	}
	list := make([]Shift, len(rows))
	for i, r := range rows {
		list[i] = Shift{OrderID: ID(r.OrderID), Code: r.Code, From: r.FromDue, To: r.ToDue, WasLate: r.WasLate, IsLate: r.IsLate}
	}
	return list, nil
}

// Asides returns clocks that a retiming has set aside, in the order of the
// orders: those after one, at most limit.
func (b *Book) Asides(ctx context.Context, db DB, retimingID int64, after ID, limit int32) ([]Aside, error) {
	rows, err := sqlq.New(db).AsidesOf(ctx, retimingID, int64(after), limit)
	if err != nil {
		return nil, fmt.Errorf("clocks set aside by retiming %d: %w", retimingID, err)
	}
	list := make([]Aside, len(rows))
	for i, r := range rows {
		list[i] = Aside{OrderID: ID(r.OrderID), Code: r.Code, Why: r.Why}
	}
	return list, nil
}

func retimingFrom(r sqlq.Retiming) Retiming {
	return Retiming{
		ID: r.ID, VersionID: r.VersionID, ApprovedBy: r.ApprovedBy, ApprovedName: r.ApprovedName, ApprovedAt: r.ApprovedAt,
		Total: int(r.Total), Done: int(r.Done), FinishedAt: zeroable(r.FinishedAt),
		Tally: Tally{Moved: int(r.Moved), Cured: int(r.Cured), Broken: int(r.Broken), Stuck: int(r.Stuck), Aside: int(r.Aside)},
	}
}
