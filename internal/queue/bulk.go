package queue

import (
	"context"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/access"
	"pishkhan/internal/audit"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
)

// BulkVerb is what is done to many orders, one after the other.
type BulkVerb string

// The verbs.
const (
	BulkHandOver BulkVerb = "hand_over"
	BulkRelease  BulkVerb = "release" // by a supervisor, of what colleagues hold as well
	BulkNote     BulkVerb = "note"
)

// BulkVerbs lists them in the order to offer them in.
var BulkVerbs = []BulkVerb{BulkHandOver, BulkRelease, BulkNote}

// BulkArgs go with the verb.
type BulkArgs struct {
	To     int64  // the colleague of a hand-over
	Reason string // or the words of a note
}

// BulkResult is what became of one order: Err is nil, or the fault that
// refused it. The turn stopped at one that is Unsure, which may have gone
// through or not; what came after it is Untried.
type BulkResult struct {
	Code    string
	Err     error
	Unsure  bool
	Untried bool
}

// MostBulk is how many orders one turn takes.
const MostBulk = 200

// Bulk does one verb to many orders, each in a transaction of its own: some
// may be refused while the others go through. Nobody does by it what they may
// not do to one order. It returns Invalid (fields codes, verb, to, reason)
// before anything is done. An outage, or a defect, ends it: then there is an
// error, and a result for each order nevertheless.
func (q *Queue) Bulk(ctx context.Context, member audit.Actor, codes []string, verb BulkVerb, args BulkArgs) ([]BulkResult, error) {
	codes = distinct(codes)
	do, err := q.bulkDeed(member, verb, args)
	if err != nil {
		return nil, err
	}
	var wrong fault.Fields
	if len(codes) == 0 {
		wrong.Add("codes", "queue.error.codes_empty")
	} else if len(codes) > MostBulk {
		wrong.Add("codes", "queue.error.codes_many", "most", MostBulk)
	}
	if err := wrong.Err(); err != nil {
		return nil, err
	}
	var results []BulkResult
	for i, code := range codes {
		err := do(ctx, code)
		if err == nil || fault.Of(err) != nil && !fault.Is(err, fault.Unavailable) {
			results = append(results, BulkResult{Code: code, Err: err})
			continue
		}
		results = append(results, BulkResult{Code: code, Err: err, Unsure: true})
		for _, code := range codes[i+1:] {
			results = append(results, BulkResult{Code: code, Untried: true})
		}
		return results, err
	}
	return results, nil
}

// bulkDeed is what is done to each order, once its words are checked.
func (q *Queue) bulkDeed(member audit.Actor, verb BulkVerb, args BulkArgs) (func(context.Context, string) error, error) {
	needs := map[BulkVerb]access.Permission{
		BulkHandOver: access.HandOverOrder, BulkRelease: access.WorkOnOrder, BulkNote: access.WorkOnOrder,
	}
	permission, ok := needs[verb]
	if !ok {
		var wrong fault.Fields
		wrong.Add("verb", "queue.error.verb")
		return nil, wrong.Err()
	}
	if err := q.policy.Check(member, permission); err != nil {
		return nil, err
	}
	if _, err := checkText("reason", args.Reason); err != nil {
		return nil, err
	}
	if verb == BulkHandOver && args.To == 0 {
		var wrong fault.Fields
		wrong.Add("to", "queue.error.to_empty")
		return nil, wrong.Err()
	}
	return func(ctx context.Context, code string) error {
		switch verb {
		case BulkHandOver:
			return q.HandOver(ctx, member, code, args.To, args.Reason)
		case BulkRelease:
			err := q.Release(ctx, member, code, args.Reason)
			if f := fault.Of(err); f != nil && f.Key == "queue.error.taken" && q.policy.Allows(member, access.PutBackOrder) {
				err = q.ReleaseFor(ctx, member, code, args.Reason, false)
			}
			return err
		}
		return q.note(ctx, member, code, args.Reason)
	}, nil
}

// note leaves words in the history of an order.
func (q *Queue) note(ctx context.Context, member audit.Actor, code, words string) error {
	words, err := checkText("reason", words)
	if err != nil {
		return err
	}
	return db.InTx(ctx, q.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := q.clock.Now()
		o, err := q.book.Lock(ctx, tx, code)
		if err != nil {
			return err
		}
		if err := q.book.Note(ctx, tx, now, orders.Step{Order: o, Verb: orders.Noted, Actor: member, Reason: words}); err != nil {
			return err
		}
		return q.record(ctx, tx, now, member, "order.note", o, words, nil)
	})
}

// distinct returns the codes as they are stored, each once.
func distinct(typed []string) []string {
	var codes []string
	seen := map[string]bool{}
	for _, t := range typed {
		if code := orders.CleanCode(t); code != "" && !seen[code] {
			seen[code] = true
			codes = append(codes, code)
		}
	}
	return codes
}
