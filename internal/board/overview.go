package board

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/board/internal/sqlq"
	"pishkhan/internal/jalali"
	"pishkhan/internal/orders"
	"pishkhan/internal/sla"
)

const (
	// RunningCap is how many running orders an overview reads, those due first.
	RunningCap = 5000
	// SoonWithin is the working time within which an order is due soon.
	SoonWithin = 30 * time.Minute
	// SeenWithin is how lately an operator was seen who counts as being there.
	SeenWithin = 10 * time.Minute
)

// Overview is the desk at one moment: all of it was read from one state of
// the database, so that its figures agree.
type Overview struct {
	At      time.Time
	Closing time.Time // of this working day, or of the next one; zero: there is none
	Today   bool      // Closing is today's
	Least   bool      // more orders run than RunningCap: figures of them are at least so high

	Late   int
	Soon   int // due within SoonWithin, and not late
	Free   int // claimed by nobody
	Oldest Waiting
	Done   int // today
	InTime int // of these
	Target int // of a day; 0: none
	States map[orders.State]int

	Forecast Forecast
	Days     []DayBars // today and the next working day
	People   []Person
	Services []ServiceDone // today
}

// Waiting is an order that nobody has claimed.
type Waiting struct {
	ID    orders.ID // 0: none
	Since time.Time
}

// Person is what one member of the staff does today.
type Person struct {
	ID     int64
	Name   string
	On     bool      // holds an order, or is an operator who was seen a moment ago
	Held   int       // orders that they hold
	Oldest time.Time // since when they hold the first of them
	Done   int
	InTime int
}

// ServiceDone is what became of a service's orders.
type ServiceDone struct {
	ServiceID int64
	VersionID int64 // its newest
	Tally
}

// Tally counts orders that were completed.
type Tally struct {
	Done     int
	InTime   int           // by their first promise
	Measured int           // those whose handling time is known
	Handling time.Duration // working time of these together
}

// Late is how many were not in time.
func (t Tally) Late() int { return t.Done - t.InTime }

// Average is the handling time of one; 0 when none was measured.
func (t Tally) Average() time.Duration {
	if t.Measured == 0 {
		return 0
	}
	return t.Handling / time.Duration(t.Measured)
}

// running is an order whose clock runs.
type running struct {
	id      orders.ID
	due     time.Time
	since   time.Time // in its state
	service int64
	free    bool
}

// Overview reads the desk as it is now.
func (b *Board) Overview(ctx context.Context) (Overview, error) {
	tx, end, err := b.indexed(ctx)
	if err != nil {
		return Overview{}, err
	}
	defer end()
	o := Overview{At: b.clock.Now()}
	version, err := b.calendars.Newest(ctx, tx)
	if err != nil {
		return o, err
	}
	o.Closing, o.Today = closingAfter(version.Engine, o.At)
	list, err := b.running(ctx, tx, &o)
	if err != nil {
		return o, err
	}
	claims, err := b.people(ctx, tx, &o)
	if err != nil {
		return o, err
	}
	expected, err := b.expected(ctx, tx)
	if err != nil {
		return o, err
	}
	o.count(version.Engine, list)
	o.Forecast = foresee(version.Engine, o.At, list, claims, expected, o.Staff())
	o.Days = bars(version.Engine, o.At, list, o.Forecast)
	return o, nil
}

// indexed begins a reading that sees one state of the database, and that goes
// by the indexes: the planner takes a cap on how far to count for a reason to
// read a table from its beginning.
func (b *Board) indexed(ctx context.Context) (tx pgx.Tx, end func(), err error) {
	tx, err = b.pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return nil, nil, fmt.Errorf("read the board: %w", err)
	}
	end = func() { _ = tx.Rollback(context.WithoutCancel(ctx)) } // it has read only
	if _, err := tx.Exec(ctx, "SET LOCAL enable_seqscan = off"); err != nil {
		end()
		return nil, nil, fmt.Errorf("read the board: %w", err)
	}
	return tx, end, nil
}

// Staff is how many people work on orders now.
func (o Overview) Staff() int {
	n := 0
	for _, p := range o.People {
		if p.On {
			n++
		}
	}
	return n
}

// running reads what runs, the earliest due first, and the counts by state.
func (b *Board) running(ctx context.Context, tx pgx.Tx, o *Overview) ([]running, error) {
	q := sqlq.New(tx)
	rows, err := q.RunningOrders(ctx, RunningCap+1)
	if err != nil {
		return nil, fmt.Errorf("running orders: %w", err)
	}
	if o.Least = len(rows) > RunningCap; o.Least {
		rows = rows[:RunningCap]
	}
	list := make([]running, len(rows))
	for i, r := range rows {
		list[i] = running{id: orders.ID(r.ID), due: *r.DueAt, since: r.StateSince, free: r.Free}
		if list[i].service, err = b.serviceOf(ctx, tx, r.ServiceVersionID); err != nil {
			return nil, err
		}
	}
	n, err := q.StateCounts(ctx, RunningCap, jalali.FromTime(o.At).ToTime())
	if err != nil {
		return nil, fmt.Errorf("counts by state: %w", err)
	}
	o.States = map[orders.State]int{
		orders.AwaitingPayment: int(n.AwaitingPayment), orders.AwaitingKYC: int(n.AwaitingKyc), orders.Paid: int(n.Paid),
		orders.InProgress: int(n.InProgress), orders.WaitingCustomer: int(n.WaitingCustomer),
		orders.Cancelled: int(n.Cancelled), orders.Expired: int(n.Expired),
	}
	target, err := q.Target(ctx)
	if err != nil {
		return nil, fmt.Errorf("target of the day: %w", err)
	}
	o.Target = int(target)
	return list, nil
}

// serviceOf returns the service of a version, which never changes.
func (b *Board) serviceOf(ctx context.Context, tx pgx.Tx, version int64) (int64, error) {
	if id, ok := b.services.Load(version); ok {
		return id.(int64), nil
	}
	id, err := sqlq.New(tx).ServiceOfVersion(ctx, version)
	if err != nil {
		return 0, fmt.Errorf("service of version %d: %w", version, err)
	}
	b.services.Store(version, id)
	return id, nil
}

// people reads who is there, what each holds, and what each has done today.
// It returns since when each held order is held.
func (b *Board) people(ctx context.Context, tx pgx.Tx, o *Overview) (map[orders.ID]time.Time, error) {
	q := sqlq.New(tx)
	rows, err := q.LiveClaims(ctx, RunningCap)
	if err != nil {
		return nil, fmt.Errorf("live claims: %w", err)
	}
	on, err := q.StaffOn(ctx, o.At.Add(-SeenWithin))
	if err != nil {
		return nil, fmt.Errorf("staff on: %w", err)
	}
	people := map[int64]*Person{}
	person := func(id int64, name string) *Person {
		if people[id] == nil {
			people[id] = &Person{ID: id, Name: name}
		}
		return people[id]
	}
	for _, m := range on {
		person(m.ID, m.Name).On = true
	}
	held := make(map[orders.ID]time.Time, len(rows))
	for _, c := range rows {
		held[orders.ID(c.OrderID)] = c.ClaimedAt
		p := person(c.MemberID, c.MemberName)
		p.Held++
		if p.Oldest.IsZero() || c.ClaimedAt.Before(p.Oldest) {
			p.Oldest = c.ClaimedAt
		}
	}
	report, err := b.report(ctx, tx, Range{From: jalali.FromTime(o.At), To: jalali.FromTime(o.At)})
	if err != nil {
		return nil, err
	}
	for _, m := range report.People {
		p := person(m.MemberID, m.Name)
		p.Done, p.InTime = m.Done, m.InTime
	}
	o.Done, o.InTime, o.Services = report.Total.Done, report.Total.InTime, report.Services
	for _, p := range people {
		o.People = append(o.People, *p)
	}
	slices.SortFunc(o.People, func(a, b Person) int { return cmp.Compare(a.ID, b.ID) })
	return held, nil
}

// count fills in the figures of what runs.
func (o *Overview) count(e *sla.Engine, list []running) {
	soon, ok := e.Due(o.At, SoonWithin)
	for _, r := range list {
		switch {
		case r.due.Before(o.At):
			o.Late++
		case ok && !r.due.After(soon):
			o.Soon++
		}
		if r.free {
			o.Free++
			if o.Oldest.ID == 0 || r.since.Before(o.Oldest.Since) {
				o.Oldest = Waiting{ID: r.id, Since: r.since}
			}
		}
	}
}

// closingAfter returns the last closing of now's day in Tehran when it is
// still to come (today is true), and otherwise that of the next working day.
func closingAfter(e *sla.Engine, now time.Time) (at time.Time, today bool) {
	if at = lastClosing(e, now); at.After(now) {
		return at, true
	}
	opening, ok := e.NextOpening(midnight(now).AddDate(0, 0, 1))
	if !ok {
		return time.Time{}, false
	}
	return lastClosing(e, opening), false
}

// lastClosing returns when the day of t ends its work; zero when it has none.
func lastClosing(e *sla.Engine, t time.Time) time.Time {
	hours := e.Segments(midnight(t), midnight(t).AddDate(0, 0, 1))
	if len(hours) == 0 {
		return time.Time{}
	}
	return hours[len(hours)-1].End
}

func midnight(t time.Time) time.Time { return jalali.FromTime(t).ToTime() }
