package live_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pishkhan/internal/live"
	"pishkhan/internal/testworld"
)

// Two people at one order see each other, each from a process of their own,
// and that the other has left; two screens of one are one person.
func TestWhoLooksAtAnOrder(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	other := testworld.Reopen(t, w.DatabaseURL(), w.Dir, w.Clock.Now())
	here, there := w.House.Live, other.House.Live
	a, b := live.Person{ID: 1, Name: "a"}, live.Person{ID: 2, Name: "b"}
	listener := subscribe(t, here, live.Order("AAAAAAA"))
	leaveA := here.Look("AAAAAAA", a)
	elsewhere := subscribe(t, there, live.Order("AAAAAAA")) // comes later, and learns who is there
	leaveB := there.Look("AAAAAAA", b)
	leaveB2 := there.Look("AAAAAAA", b)
	see := func(s *live.Subscription, want ...live.Person) {
		t.Helper()
		until(t, s, "everybody", func(m live.Message) bool {
			return m.Look != nil && m.Look.Code == "AAAAAAA" && slices.Equal(m.Look.People, want)
		})
	}
	see(listener, a, b)
	see(elsewhere, a, b)
	if got := here.Lookers("AAAAAAA"); !slices.Equal(got, []live.Person{a, b}) {
		t.Errorf("here: %v", got)
	}
	leaveB2()
	leaveA()
	see(listener, b)
	see(elsewhere, b)
	leaveB()
	see(listener)
	if got := there.Lookers("BBBBBBB"); len(got) != 0 {
		t.Errorf("nobody looks there, but %v", got)
	}
}

// However many look, however they are called: each message is one that
// Postgres takes, and each order is in one of them.
func TestLooksFitIntoMessages(t *testing.T) {
	t.Parallel()
	all := map[string][]live.Person{}
	for i := range 300 {
		code := fmt.Sprintf("%07d", i)
		for j := range i % 40 {
			all[code] = append(all[code], live.Person{ID: int64(j), Name: strings.Repeat("ن", 100)})
		}
	}
	told := 0
	for _, part := range live.LookParts(all) {
		text, err := json.Marshal(part)
		testworld.Must(t, err)
		if len(text) > 7000 || len(part) == 0 {
			t.Errorf("%d orders in %d bytes", len(part), len(text))
		}
		told += len(part)
	}
	if told != len(all) {
		t.Errorf("%d of %d orders are told of", told, len(all))
	}
	if parts := live.LookParts(nil); len(parts) != 0 {
		t.Errorf("nothing is %d messages", len(parts))
	}
}
