package live

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/live/internal/sqlq"
)

// The kinds of what processes say to each other.
const (
	wakeUp = "wake"
	look   = "look"  // who looks at some orders in the sender's process
	hello  = "hello" // the sender is new, and wants to know who looks at what
	signal = "signal"
)

// message is what processes say to each other; Postgres takes 8,000 bytes.
type message struct {
	From  string              `json:"f"`
	Kind  string              `json:"k"`
	Looks map[string][]Person `json:"l,omitempty"`
	Topic string              `json:"t,omitempty"`
	Name  string              `json:"n,omitempty"`
}

// send tells the other processes; what cannot be told is lost.
func (h *Hub) send(m message) {
	m.From = h.self
	payload, err := json.Marshal(m)
	if err != nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), unasked)
	defer cancel()
	_ = sqlq.New(h.pool).Tell(ctx, channel, string(payload))
}

// listen hears the other processes on a connection of its own, and comes
// back when it breaks, until ctx ends.
func (h *Hub) listen(ctx context.Context) {
	wait := 100 * time.Millisecond
	for ctx.Err() == nil {
		if h.hear(ctx) {
			wait = 100 * time.Millisecond
		}
		pause(ctx, wait)
		wait = min(2*wait, 5*time.Second)
	}
}

// hear listens until the connection breaks; it reports whether it came about.
func (h *Hub) hear(ctx context.Context) (connected bool) {
	config := h.pool.Config().ConnConfig.Copy()
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return false
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_ = conn.Close(ctx)
	}()
	if _, err := conn.Exec(ctx, "LISTEN "+channel); err != nil {
		return false
	}
	h.poke() // for what came before it listened
	go h.send(message{Kind: hello})
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return true
		}
		var m message
		if json.Unmarshal([]byte(n.Payload), &m) != nil || m.From == h.self {
			continue
		}
		h.heard(m)
	}
}

func (h *Hub) heard(m message) {
	switch m.Kind {
	case wakeUp:
		h.poke()
	case hello:
		h.gossip()
	case look:
		h.elsewhere(m.From, m.Looks)
	case signal:
		h.handOut(Topic(m.Topic), Message{Signal: &Signal{Topic: Topic(m.Topic), Name: m.Name}})
	}
}
