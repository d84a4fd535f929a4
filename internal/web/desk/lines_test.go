package desk_test

import (
	"sync"
	"testing"

	"pishkhan/internal/testworld"
	"pishkhan/internal/token"
	"pishkhan/internal/web"
	"pishkhan/internal/web/desk"
)

// A session that opens one line too many loses its oldest, which is told so
// and ends in order; another session of the same member keeps its own.
func TestASessionHoldsTwelveLines(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	base := serve(t, w)
	app := newApp(w)
	session, other := signedIn(t, w, app, w.Operator).cookies[web.DeskCookie], signedIn(t, w, app, w.Operator).cookies[web.DeskCookie]
	beside := listen(t, w, base, "list=1", other, "")
	beside.hears("beat")
	var lines []*line
	for range desk.LinesMost + 2 {
		l := listen(t, w, base, "list=1", session, "")
		l.hears("beat") // so that their order is known
		lines = append(lines, l)
	}
	for _, l := range lines[:2] {
		l.hears("displaced")
		l.ends()
	}
	o := w.Paid(t)
	for _, l := range append(lines[2:], beside) {
		l.hears("list-row", o.Code)
	}
}

// However many lines two sessions open at once, all but twelve of each are told
// to end, each once; and nothing is kept of those that were.
func TestAFloodOfLines(t *testing.T) {
	t.Parallel()
	var lines desk.Lines
	var group sync.WaitGroup
	const flood = 200
	type entered struct {
		displaced <-chan struct{}
		leave     func()
	}
	all := make(chan entered, 2*flood)
	for _, session := range []token.Token{token.New(), token.New()} {
		for i := range flood {
			group.Go(func() {
				displaced, leave := desk.Enter(&lines, session)
				if i%5 == 0 {
					leave() // its reader goes away
					return
				}
				all <- entered{displaced, leave}
			})
		}
	}
	group.Wait()
	close(all)
	open := 0
	for e := range all {
		select {
		case <-e.displaced:
		default:
			open++
		}
		group.Go(e.leave)
	}
	group.Wait()
	if open > 2*desk.LinesMost || open == 0 {
		t.Errorf("%d lines were left of two sessions", open)
	}
	if n := desk.Sessions(&lines); n != 0 {
		t.Errorf("%d sessions are remembered after the last line", n)
	}
}
