package deadlines_test

import (
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/deadlines"
	"pishkhan/internal/queue"
	"pishkhan/internal/sla"
	"pishkhan/internal/staff"
	"pishkhan/internal/testworld"
)

// On duty is who is signed in and says that they are here; with nobody there,
// all supervisors are told.
func TestWhoIsOnDuty(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	s, ctx := w.House.Staff, t.Context()
	setSteps(t, w, deadlines.Step{AfterMinutes: 5, To: deadlines.OnDuty})
	week, err := sla.Parse([]byte(`{"week": {"monday": ["00:00-24:00"], "tuesday": ["00:00-24:00"]}}`))
	testworld.Must(t, err)
	publish(t, w, week)
	id, err := s.Add(ctx, audit.Machine, staff.NewMember{Email: "second@demo.test", Name: "Second", Password: "a good password", Roles: []audit.Role{audit.Supervisor}})
	testworld.Must(t, err)
	signIn := func(email, password string) audit.Actor {
		signed, err := s.SignIn(ctx, email, password, "192.0.2.7", "test")
		testworld.Must(t, err)
		return signed.Actor
	}
	second := audit.Actor{Kind: audit.Staff, ID: id, Name: "Second", Roles: []audit.Role{audit.Supervisor}}
	const both = "second@demo.test supervisor@demo.test"
	told := func(what, want string) {
		t.Helper()
		last := w.Count(t, "SELECT coalesce(max(id), 0) FROM messages")
		w.Paid(t)
		w.Clock.Advance(2*time.Hour + 6*time.Minute)
		signIn("second@demo.test", "a good password")
		sweep(t, w)
		rows, err := w.House.Pool.Query(ctx, "SELECT recipient FROM messages WHERE kind = 'order_escalated' AND id > $1 ORDER BY 1", last)
		testworld.Must(t, err)
		got, err := pgx.CollectRows(rows, pgx.RowTo[string])
		testworld.Must(t, err)
		if strings.Join(got, " ") != want {
			t.Errorf("%s: told %v, want %s", what, got, want)
		}
	}
	told("one is signed in", "second@demo.test")
	for presence, want := range map[queue.Presence]string{queue.Break: both, queue.Away: both, queue.Here: "second@demo.test"} {
		testworld.Must(t, w.House.Queue.SetPresence(ctx, second, presence, queue.ClaimsGo{}))
		told(string(presence), want)
	}
}
