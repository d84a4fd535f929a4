package desk_test

import (
	"bufio"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/audit"
	"pishkhan/internal/testworld"
	"pishkhan/internal/web"
)

// line is a page's event stream, as a browser hears it.
type line struct {
	t      *testing.T
	events chan [2]string // event and data
}

func listen(t *testing.T, w *testworld.World, base, query, session, lastID string) *line {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+"/desk/live?"+query, nil)
	testworld.Must(t, err)
	request.AddCookie(&http.Cookie{Name: web.DeskCookie, Value: session})
	if lastID != "" {
		request.Header.Set("Last-Event-ID", lastID)
	}
	response, err := http.DefaultClient.Do(request)
	testworld.Must(t, err)
	if got := response.Header.Get("Content-Type"); response.StatusCode != fiber.StatusOK || got != "text/event-stream" {
		t.Fatalf("answered %d, %s", response.StatusCode, got)
	}
	l := &line{t: t, events: make(chan [2]string, 100)}
	t.Cleanup(func() { response.Body.Close() })
	go func() {
		defer close(l.events)
		scanner := bufio.NewScanner(response.Body)
		scanner.Buffer(nil, 1<<20)
		event := ""
		for scanner.Scan() {
			if name, ok := strings.CutPrefix(scanner.Text(), "event: "); ok {
				event = name
			}
			if data, ok := strings.CutPrefix(scanner.Text(), "data: "); ok {
				l.events <- [2]string{event, data}
			}
		}
	}()
	return l
}

// hears waits for an event whose data has all the parts.
func (l *line) hears(event string, parts ...string) string {
	l.t.Helper()
	timeout := time.After(30 * time.Second)
	for {
		select {
		case got, ok := <-l.events:
			if !ok {
				l.t.Fatalf("the line ended before %s %v", event, parts)
			}
			all := got[0] == event
			for _, part := range parts {
				all = all && strings.Contains(got[1], part)
			}
			if all {
				return got[1]
			}
		case <-timeout:
			l.t.Fatalf("never heard %s %v", event, parts)
		}
	}
}

// ends waits for the end of the line.
func (l *line) ends() {
	l.t.Helper()
	timeout := time.After(30 * time.Second)
	for {
		select {
		case _, ok := <-l.events:
			if !ok {
				return
			}
		case <-timeout:
			l.t.Fatal("the line never ended")
		}
	}
}

// The line tells whether a row is one of the list's, in the reader's words;
// one who was away is told what they missed; people at one order see each
// other; and nobody hears anything who has signed out.
func TestTheLineOfAPage(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	base := serve(t, w)
	o := w.Paid(t)
	first, second := signedIn(t, w, newApp(w), w.Operator), signedIn(t, w, newApp(w), w.Operator2)
	session := first.cookies[web.DeskCookie]
	list := listen(t, w, base, "list=1&view=free", session, "")
	mine := listen(t, w, base, "list=1&view=mine", session, "")
	order := listen(t, w, base, "order="+o.Code, session, "")
	for _, l := range []*line{list, mine, order} {
		l.hears("beat")
	}
	listen(t, w, base, "order="+o.Code, second.cookies[web.DeskCookie], "")
	order.hears("lookers", w.Operator2.Name)

	_, err := w.House.Queue.Claim(t.Context(), w.Operator, o.Code)
	testworld.Must(t, err)
	list.hears("list-row", o.Code, `"fits":false`, "in_progress")
	mine.hears("list-row", o.Code, `"fits":true`)
	order.hears("order-changed", `"verb":"claim"`, `"mine":true`)
	listen(t, w, base, "list=1&view=mine", session, "1").hears("list-row", o.Code)

	first.post(t, "/desk/sign-out").must(t, http.StatusSeeOther)
	list.hears("ended")
	list.ends()
}

// Who loses the roles that let them see orders hears of no further one,
// though they stay signed in; who loses one of several sees rows without what
// it was for.
func TestALineEndsWithTheRoles(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	base := serve(t, w)
	o := w.Paid(t)
	first, second := signedIn(t, w, newApp(w), w.Operator), signedIn(t, w, newApp(w), w.Operator2)
	gone := listen(t, w, base, "list=1&view=free", first.cookies[web.DeskCookie], "")
	other := listen(t, w, base, "list=1&view=free", second.cookies[web.DeskCookie], "")
	gone.hears("beat")
	other.hears("beat")
	staff := w.House.Staff
	testworld.Must(t, staff.ChangeRoles(t.Context(), audit.Machine, "operator@demo.test", nil, []audit.Role{audit.Operator}))
	testworld.Must(t, staff.ChangeRoles(t.Context(), audit.Machine, "operator2@demo.test", []audit.Role{audit.Auditor}, []audit.Role{audit.Operator}))
	gone.hears("ended")
	gone.ends()
	testworld.Must(t, w.House.Notes.Add(t.Context(), w.Supervisor, o.Code, "look at this"))
	if row := other.hears("list-row", o.Code); strings.Contains(row, "/claim") {
		t.Errorf("an auditor is offered to claim: %s", row)
	}
}

// A process that is told to stop does not wait for pages that listen.
func TestShutdownEndsTheLines(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	var l *line
	t.Run("serving", func(t *testing.T) {
		base := serve(t, w)
		l = listen(t, w, base, "list=1", signedIn(t, w, newApp(w), w.Operator).cookies[web.DeskCookie], "")
		l.hears("beat")
		l.t = t
	})
	l.t = t
	l.ends()
}
