package live_test

import (
	"slices"
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
