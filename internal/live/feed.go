package live

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"pishkhan/internal/clock"
	"pishkhan/internal/live/internal/sqlq"
)

const (
	lookBack = 100             // numbers before the end that may still be on their way when a hub starts
	patience = 2 * time.Minute // longer than any transaction
	most     = 1000            // lines a reading
	mostGaps = 50_000

	mostAtOnce = 5 * most // lines that are handed on: behind more, pages are read anew
)

// feed reads the history in the order in which it becomes visible. Numbers
// are given out when a line is written, but lines are seen when they are
// committed: a number that is missing is either on its way or was rolled
// back, and is asked for again until no transaction can be so old.
type feed struct {
	db   sqlq.DBTX
	mu   sync.Mutex
	last int64
	gaps map[int64]time.Time // since when it is missing
}

// newFeed begins at the end of the history.
func newFeed(ctx context.Context, db sqlq.DBTX) (*feed, error) {
	last, err := sqlq.New(db).LastChange(ctx)
	if err != nil {
		return nil, fmt.Errorf("end of the history: %w", err)
	}
	f := &feed{db: db, last: max(last-lookBack, 0), gaps: map[int64]time.Time{}}
	_, _, err = f.read(ctx)
	return f, err
}

// mark is the number up to which nothing is missing.
func (f *feed) mark() int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	mark := f.last
	for id := range f.gaps {
		mark = min(mark, id-1)
	}
	return mark
}

// read returns what became visible since it was called last. lost is true
// when so much is on its way that it cannot be followed line by line. What it
// returns beside an error is noted, and does not come again.
func (f *feed) read(ctx context.Context) (changes []Change, lost bool, err error) {
	q := sqlq.New(f.db)
	if ids := f.missing(); len(ids) > 0 {
		rows, err := q.ChangesAt(ctx, ids)
		if err != nil {
			return nil, false, fmt.Errorf("late changes: %w", err)
		}
		for _, r := range rows {
			changes = append(changes, fromRow(sqlq.ChangesAfterRow(r)))
		}
		lost = f.note(changes)
	}
	for {
		rows, err := q.ChangesAfter(ctx, f.end(), most)
		if err != nil {
			return changes, lost, fmt.Errorf("changes: %w", err)
		}
		if len(changes) > mostAtOnce { // nobody wants to hear so much
			changes, lost = nil, true
		}
		read := len(changes)
		for _, r := range rows {
			changes = append(changes, fromRow(r))
		}
		lost = f.note(changes[read:]) || lost
		if len(rows) < most {
			return changes, lost, nil
		}
	}
}

func (f *feed) end() int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.last
}

// missing are the numbers to ask for again.
func (f *feed) missing() []int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := clock.System{}.Now()
	var ids []int64
	for id, since := range f.gaps {
		if now.Sub(since) > patience {
			delete(f.gaps, id)
			continue
		}
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// note remembers what was seen, and what is missing between.
func (f *feed) note(changes []Change) (lost bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := clock.System{}.Now()
	for _, c := range changes {
		delete(f.gaps, c.ID)
		if c.ID-f.last > mostGaps {
			f.last, lost = c.ID-1, true
		}
		for id := f.last + 1; id < c.ID; id++ {
			f.gaps[id] = now
		}
		f.last = max(f.last, c.ID)
	}
	if len(f.gaps) > mostGaps {
		clear(f.gaps)
		lost = true
	}
	return lost
}

func fromRow(r sqlq.ChangesAfterRow) Change {
	return Change{
		ID: r.ID, OrderID: r.OrderID, Code: r.Code, Verb: r.Verb, From: r.FromState, To: r.ToState,
		ActorKind: r.ActorKind, ActorID: r.ActorID, ActorName: r.ActorName, At: r.At,
	}
}

// Since returns what was added to the history behind a mark: for a page that
// was away. ok is false when it is more than a page would want to hear, line
// by line.
func (h *Hub) Since(ctx context.Context, mark int64) (batch *Batch, ok bool, err error) {
	rows, err := sqlq.New(h.pool).ChangesAfter(ctx, mark, most)
	if err != nil {
		return nil, false, fmt.Errorf("changes behind %d: %w", mark, err)
	}
	batch = &Batch{Mark: mark}
	for _, r := range rows {
		batch.Changes = append(batch.Changes, fromRow(r))
	}
	return batch, len(rows) < most, nil
}
