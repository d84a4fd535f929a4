package desk

import (
	"net"
	"slices"
	"sync"
	"time"

	"pishkhan/internal/token"
)

// linesMost is how many lines one session may hold in a process: more than
// anybody has pages in sight, and few enough that a program which opens one
// after the other takes nothing from its colleagues.
const linesMost = 12

// lines are the open lines of each session, the oldest first.
type lines struct {
	mu   sync.Mutex
	open map[token.Token][]chan struct{}
}

// enter counts a line in, until leave. When it is one too many, the session's
// oldest is told by its displaced, which is closed, that it has to end.
func (l *lines) enter(session token.Token) (displaced <-chan struct{}, leave func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open == nil {
		l.open = map[token.Token][]chan struct{}{}
	}
	own := make(chan struct{})
	open := append(l.open[session], own)
	if len(open) > linesMost {
		close(open[0])
		open = slices.Delete(open, 0, 1)
	}
	l.open[session] = open
	return own, func() { l.leave(session, own) }
}

func (l *lines) leave(session token.Token, own chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	open := l.open[session]
	if at := slices.Index(open, own); at >= 0 {
		open = slices.Delete(open, at, at+1)
	}
	if l.open[session] = open; len(open) == 0 {
		delete(l.open, session)
	}
}

// gone is closed when the browser lets go of its line: it has nothing more to
// say on this connection, which ends with the line, so that whatever can be
// read is the end. Without it, pages that were left would count until the
// second heartbeat after.
func gone(conn net.Conn) <-chan struct{} {
	left := make(chan struct{})
	if conn == nil {
		return left
	}
	_ = conn.SetReadDeadline(time.Time{}) // that of the request
	go func() {
		defer close(left)
		var rest [1]byte
		_, _ = conn.Read(rest[:])
	}()
	return left
}
