// Package live tells open pages what changes, on whatever machine it is done.
// The history of the orders is the truth: one hub a process reads what was
// added to it, and hands it to whoever listens here. NOTIFY only wakes the
// hubs, from outside the transactions, which it would make wait for each
// other; a process that dies before it can wake them loses nothing, since
// they look by themselves as well.
package live

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"pishkhan/internal/live/internal/sqlq"
)

const (
	channel  = "pishkhan_live"
	together = 40 * time.Millisecond // changes within it are one wake-up, and one reading
	unasked  = 2 * time.Second       // how long a hub waits without one
	linger   = 3 * time.Second       // for the page that follows the last one
)

// Change is one line of an order's history.
type Change struct {
	ID        int64 // of the line; they grow, but may come out of order
	OrderID   int64
	Code      string
	Verb      string
	From, To  string // states; "" when it changed none
	ActorKind string
	ActorID   int64
	ActorName string
	At        time.Time
}

// Hub is the one of a process. It holds a database connection of its own
// while somebody listens.
type Hub struct {
	pool *pgxpool.Pool
	self string // this process among all

	waking atomic.Bool
	poked  chan struct{}

	mu    sync.Mutex
	subs  map[*Subscription]bool
	stop  context.CancelFunc // nil: it does not run
	feed  *feed
	leave *time.Timer
	looks looks
}

// New returns the hub over pool. It runs when there is somebody to tell.
func New(pool *pgxpool.Pool) *Hub {
	return &Hub{
		pool: pool, self: rand.Text(), poked: make(chan struct{}, 1),
		subs: map[*Subscription]bool{}, looks: newLooks(),
	}
}

// Wake says that something may have been added to the history. It does not
// wait; many calls at once are one message to the other processes.
func (h *Hub) Wake() {
	h.poke()
	if h.waking.CompareAndSwap(false, true) {
		time.AfterFunc(together, func() {
			h.waking.Store(false)
			h.send(message{Kind: wakeUp})
		})
	}
}

func (h *Hub) poke() {
	select {
	case h.poked <- struct{}{}:
	default: // it looks anyway
	}
}

// Mark is how far the history is known: a page that reads its orders after
// asking, and then subscribes from the mark, misses nothing.
func (h *Hub) Mark(ctx context.Context) (int64, error) {
	h.mu.Lock()
	if h.feed != nil {
		defer h.mu.Unlock()
		return h.feed.mark(), nil
	}
	h.mu.Unlock()
	last, err := sqlq.New(h.pool).LastChange(ctx)
	if err != nil {
		return 0, fmt.Errorf("end of the history: %w", err)
	}
	return max(last-lookBack, 0), nil
}

// run reads the history whenever it is woken, until ctx ends.
func (h *Hub) run(ctx context.Context, f *feed) {
	go h.listen(ctx)
	gossip := time.NewTicker(lookEvery)
	defer gossip.Stop()
	for {
		changes, lost, err := f.read(ctx)
		if err != nil && ctx.Err() == nil {
			slog.Warn("the history cannot be read; pages wait", "err", err)
		}
		if len(changes) > 0 || lost {
			h.fanOut(&Batch{Mark: f.mark(), Changes: changes}, lost)
		}
		pause(ctx, together)
		select {
		case <-ctx.Done():
			return
		case <-h.poked:
		case <-time.After(unasked):
		case <-gossip.C:
			h.gossip()
		}
	}
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
