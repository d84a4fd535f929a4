package live

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Topic is something that a page listens to.
type Topic string

// The topics: every change there is (for lists and for the supervisors'
// board), and those of one order.
const (
	Orders Topic = "orders"
	Board  Topic = "board"
)

// Staff is the topic of signals to everybody at the desk.
const Staff Topic = "staff"

// Member is the topic of signals to one member.
func Member(id int64) Topic { return Topic("member:" + strconv.FormatInt(id, 10)) }

// Order is the topic of one order, and of who looks at it.
func Order(code string) Topic { return Topic("order:" + code) }

// Batch is what was read of the history at once. All listeners are given the
// same one.
type Batch struct {
	Mark    int64 // where who has seen this goes on: see Hub.Since
	Changes []Change

	memo sync.Map
}

// Once returns what make returns for key, made once for all listeners: a row
// is rendered once a language, not once a screen.
func (b *Batch) Once(key any, make func() (any, error)) (any, error) {
	type made struct {
		value any
		err   error
	}
	lazy, _ := b.memo.LoadOrStore(key, sync.OnceValue(func() made {
		value, err := make()
		return made{value, err}
	}))
	got := lazy.(func() made)()
	return got.value, got.err
}

// About returns the changes of one order.
func (b *Batch) About(code string) []Change {
	var own []Change
	for _, c := range b.Changes {
		if c.Code == code {
			own = append(own, c)
		}
	}
	return own
}

// Message is one thing that a listener is told: changes, who looks at an
// order now, or a signal.
type Message struct {
	Batch  *Batch
	Look   *Look
	Signal *Signal
}

// Signal is a word about something else than an order: that a list of
// warnings changed, that somebody went away. It carries nothing, since who
// hears it reads what they may see; it may be lost.
type Signal struct {
	Topic Topic
	Name  string
}

// Tell sends a signal to every listener of its topic, in all processes.
func (h *Hub) Tell(s Signal) {
	h.handOut(s.Topic, Message{Signal: &s})
	go h.send(message{Kind: signal, Topic: string(s.Topic), Name: s.Name})
}

// buffered is how far a listener may fall behind.
const buffered = 32

// Subscription is one listener. Messages is closed when it has fallen behind
// too far, or the hub is closed: it has to read its page again.
type Subscription struct {
	Messages <-chan Message

	hub      *Hub
	messages chan Message
	topics   []Topic
	once     sync.Once
}

// Subscribe listens to topics until Close. It fails when the database is away.
func (h *Hub) Subscribe(ctx context.Context, topics ...Topic) (*Subscription, error) {
	messages := make(chan Message, buffered)
	s := &Subscription{Messages: messages, hub: h, messages: messages, topics: topics}
	if h.enter(s, nil) {
		return s, nil
	}
	f, err := newFeed(ctx, h.pool)
	if err != nil {
		return nil, err
	}
	h.enter(s, f)
	return s, nil
}

// enter adds a listener to a hub that runs, or that f lets run.
func (h *Hub) enter(s *Subscription, f *feed) (entered bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.stop == nil && f == nil {
		return false
	}
	if h.stop == nil {
		ctx, stop := context.WithCancel(context.Background())
		h.feed, h.stop = f, stop
		go h.run(ctx, f)
	}
	if h.leave != nil {
		h.leave.Stop()
	}
	h.subs[s] = true
	return true
}

// Close ends the subscription.
func (s *Subscription) Close() {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	s.hub.drop(s)
}

// drop is with the hub's lock held.
func (h *Hub) drop(s *Subscription) {
	s.once.Do(func() {
		delete(h.subs, s)
		close(s.messages)
		if len(h.subs) == 0 && h.stop != nil {
			h.leave = time.AfterFunc(linger, h.rest)
		}
	})
}

// rest ends the running when nobody has listened for a while.
func (h *Hub) rest() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.subs) == 0 && h.stop != nil {
		h.stop()
		h.stop, h.feed = nil, nil
	}
}

// fanOut hands a batch to all whom it concerns.
func (h *Hub) fanOut(b *Batch, lost bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	codes := map[Topic]bool{Orders: true, Board: true}
	for _, c := range b.Changes {
		codes[Order(c.Code)] = true
	}
	for s := range h.subs {
		switch {
		case lost:
			h.drop(s)
		case slices.ContainsFunc(s.topics, func(t Topic) bool { return codes[t] }):
			h.give(s, Message{Batch: b})
		}
	}
}

func (h *Hub) handOut(topic Topic, m Message) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for s := range h.subs {
		if slices.Contains(s.topics, topic) {
			h.give(s, m)
		}
	}
}

// give never waits: who does not keep up is dropped.
func (h *Hub) give(s *Subscription, m Message) {
	select {
	case s.messages <- m:
	default:
		h.drop(s)
	}
}
