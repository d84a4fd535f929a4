package desk

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/access"
	"pishkhan/internal/board"
	"pishkhan/internal/clock"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/live"
	"pishkhan/internal/web"
)

const (
	heartbeat   = 10 * time.Second // pages call a line silent after twice as much
	recheck     = 5 * time.Second  // how often a silent line asks whether its reader may hear still
	trusted     = time.Second      // how long the answer holds when there is something to tell
	writeWithin = 15 * time.Second // how long a browser may take for one message
)

// stream is one page's line: what its reader may hear, in their language.
type stream struct {
	desk   *desk
	ctx    context.Context // with the language; it outlives the request
	visit  visit
	sub    *live.Subscription
	list   *board.Filter // the list that the page shows; nil: none
	rows   bool          // the reader may claim what a row offers
	order  string        // the code of the order that the page shows; "": none
	board  bool
	since  int64
	ended  <-chan struct{} // the process shuts down
	conn   net.Conn
	out    *bufio.Writer
	leave  func()
	asked  time.Time // when it was asked last whether the reader may hear
	passed int64     // the mark of the last message
}

// live is the line of a page: list=1 with the filters of the queue for its
// rows, order=CODE for an order and who looks at it, board=1 for the board.
// since is the mark that the page was read at.
func (d *desk) live(v visit) error {
	s := &stream{
		desk: d, ctx: i18n.WithLang(context.Background(), v.lang()), visit: visit{actor: v.actor, session: v.session},
		asked: clock.System{}.Now(), order: v.Query("order"), board: v.Query("board") != "", ended: v.Context().Done(), conn: v.Context().Conn(), leave: func() {},
	}
	var topics []live.Topic
	if v.Query("list") != "" {
		filter, err := d.filter(v, readQuery(v))
		if err != nil {
			return err
		}
		s.list, s.rows = &filter, d.house.Policy.Allows(v.actor, access.ClaimOrder)
		topics = append(topics, live.Orders)
	}
	if s.order != "" {
		if _, err := d.house.Orders.ByCode(v.ctx(), d.house.Pool, s.order); err != nil {
			return err
		}
		topics = append(topics, live.Order(s.order))
	}
	if s.board {
		topics = append(topics, live.Board)
	}
	topics = append(topics, live.Member(v.actor.ID), live.Staff)
	s.since, _ = strconv.ParseInt(v.Query("since"), 10, 64)
	if last, err := strconv.ParseInt(v.Get("Last-Event-ID"), 10, 64); err == nil && last > s.since {
		s.since = last
	}
	var err error
	if s.sub, err = d.house.Live.Subscribe(v.ctx(), topics...); err != nil {
		return fault.New(fault.Unavailable, "fault.unavailable").Because(err)
	}
	v.Set(fiber.HeaderContentType, "text/event-stream")
	v.Set("X-Accel-Buffering", "no") // proxies pass each message on
	v.Context().SetConnectionClose() // see gone
	v.Context().SetBodyStreamWriter(s.run)
	return nil
}

// run writes until the browser goes away, falls behind, may not hear any more,
// or its session has opened too many lines since.
func (s *stream) run(w *bufio.Writer) {
	s.out = w
	if s.order != "" {
		s.leave = s.desk.house.Live.Look(s.order, live.Person{ID: s.visit.actor.ID, Name: s.visit.actor.Name})
	}
	displaced, leave := s.desk.lines.enter(s.visit.session)
	defer func() { s.leave(); leave(); s.sub.Close() }()
	left := gone(s.conn)
	beat, check := time.NewTicker(heartbeat), time.NewTicker(recheck)
	defer beat.Stop()
	defer check.Stop()
	alive := s.send("beat", 0, "{}") && s.catchUp()
	for alive {
		select {
		case m, ok := <-s.sub.Messages:
			if !ok {
				s.send("refetch", 0, "{}")
				return
			}
			alive = s.mayHear(trusted) && s.tell(m)
		case <-beat.C:
			alive = s.send("beat", s.passed, "{}")
		case <-check.C:
			alive = s.mayHear(0)
		case <-left:
			return
		case <-displaced:
			s.send("displaced", 0, "{}")
			return
		case <-s.ended:
			return
		}
	}
}

// mayHear asks, unless that was done so lately, whether the session still holds
// and its member may do by the roles of this moment what they could when the
// page was opened. It says so to who may not.
func (s *stream) mayHear(lately time.Duration) bool {
	now := clock.System{}.Now()
	if now.Sub(s.asked) < lately {
		return true
	}
	ctx, cancel := context.WithTimeout(s.ctx, recheck)
	defer cancel()
	actor, err := s.desk.house.Staff.Watcher(ctx, s.visit.session, s.visit.actor.IP)
	if err != nil && !fault.Is(err, fault.Unauthenticated) {
		return true // a database that is away shuts nobody out
	}
	if err != nil || !s.desk.house.Policy.Allows(actor, access.SeeQueue) {
		s.send("ended", 0, "{}")
		return false
	}
	s.asked, s.visit.actor = now, actor
	s.rows = s.list != nil && s.desk.house.Policy.Allows(actor, access.ClaimOrder)
	return true
}

// catchUp tells what happened since the page was read, or that it was too much.
func (s *stream) catchUp() bool {
	if s.since == 0 {
		return true
	}
	ctx, cancel := context.WithTimeout(s.ctx, writeWithin)
	defer cancel()
	batch, ok, err := s.desk.house.Live.Since(ctx, s.since)
	if err != nil || !ok {
		return s.send("refetch", 0, "{}")
	}
	return len(batch.Changes) == 0 || s.tell(live.Message{Batch: batch})
}

func (s *stream) tell(m live.Message) bool {
	switch {
	case m.Look != nil:
		return s.tellLook(*m.Look)
	case m.Signal != nil:
		return s.send("signal-"+m.Signal.Name, 0, "{}")
	}
	s.passed = max(s.passed, m.Batch.Mark)
	alive := true
	if own := m.Batch.About(s.order); s.order != "" && len(own) > 0 {
		last := own[len(own)-1]
		alive = s.sendJSON("order-changed", m.Batch.Mark, map[string]any{
			"code": s.order, "verb": last.Verb, "by": last.ActorName, "mine": last.ActorKind == "staff" && last.ActorID == s.visit.actor.ID,
		})
	}
	if s.board && alive {
		alive = s.send("board-changed", m.Batch.Mark, "{}")
	}
	if s.list != nil && alive {
		alive = s.tellRows(m.Batch)
	}
	return alive
}

// tellLook names those who look at the order besides the reader.
func (s *stream) tellLook(l live.Look) bool {
	names := ""
	for _, p := range l.People {
		if p.ID == s.visit.actor.ID {
			continue
		}
		if names != "" {
			names += i18n.T(s.ctx, "desk.list_comma") + " "
		}
		names += p.Name
	}
	words := ""
	if names != "" {
		words = i18n.T(s.ctx, "list.lookers", "names", names)
	}
	return s.sendJSON("lookers", 0, map[string]string{"code": l.Code, "words": words})
}

func (s *stream) sendJSON(event string, id int64, data any) bool {
	text, err := json.Marshal(data)
	return err == nil && s.send(event, id, string(text))
}

// send writes one message, on one line; it reports whether anybody is there.
func (s *stream) send(event string, id int64, data string) bool {
	if s.conn != nil { // the server's own limit is meant for pages
		_ = s.conn.SetWriteDeadline(clock.System{}.Now().Add(writeWithin + heartbeat))
	}
	if id > 0 {
		fmt.Fprintf(s.out, "id: %d\n", id)
	}
	fmt.Fprintf(s.out, "event: %s\ndata: %s\n\n", event, data)
	return s.out.Flush() == nil
}

// lineTo is the address of a page's line, as it is known when the page is
// about to be read.
func (d *desk) lineTo(v visit, query string) string {
	mark, err := d.house.Live.Mark(v.ctx())
	if err != nil {
		web.Report(v.Ctx, err)
	}
	return "/desk/live?" + query + "&since=" + strconv.FormatInt(mark, 10)
}
