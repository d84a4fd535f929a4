package audit_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/db"
	"pishkhan/internal/db/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

var noon = time.Date(2026, 10, 5, 8, 30, 0, 0, time.UTC)

// What is recorded comes back as it was, newest first, and only what is about
// the subject.
func TestRecord(t *testing.T) {
	t.Parallel()
	tx := dbtest.Tx(t)
	sara := audit.Actor{Kind: audit.Staff, ID: 7, Name: "سارا", IP: "192.0.2.1"}
	robot := sara
	robot.Token = audit.Token{ID: 3, Name: "night shift"}
	entries := []audit.Entry{
		{At: noon, Actor: sara, Verb: "order.claim", Subject: "order:41", Detail: map[string]any{}},
		{At: noon.Add(time.Minute), Actor: audit.Machine, Verb: "payment.verified", Subject: "order:41", Detail: map[string]any{"rials": 10.0, "rrn": "1"}},
		{At: noon.Add(time.Hour), Actor: robot, Verb: "order.release", Subject: "order:41", Detail: map[string]any{"reason": `"quoted" \ ‏فارسی`}},
	}
	for _, e := range append(entries, audit.Entry{At: noon, Actor: sara, Verb: "order.claim", Subject: "order:4"}) {
		if err := audit.Record(t.Context(), tx, e); err != nil {
			t.Fatal(err)
		}
	}
	got, err := audit.About(t.Context(), tx, "order:41", 10)
	if err != nil {
		t.Fatal(err)
	}
	want := []audit.Entry{entries[2], entries[1], entries[0]}
	utc := cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) })
	if diff := cmp.Diff(want, got, utc); diff != "" {
		t.Error(diff)
	}
	if got, err := audit.About(t.Context(), tx, "order:41", 1); err != nil || len(got) != 1 || got[0].Verb != "order.release" {
		t.Errorf("the newest: %+v, %v", got, err)
	}
}

// An entry stands and falls with the act that it tells of.
func TestRecordRollsBack(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	failed := errors.New("the act failed")
	err := db.InTx(t.Context(), pool, func(ctx context.Context, tx pgx.Tx) error {
		if err := audit.Record(ctx, tx, audit.Entry{At: noon, Actor: audit.Machine, Verb: "act", Subject: "order:1"}); err != nil {
			return err
		}
		return failed
	})
	if !errors.Is(err, failed) {
		t.Fatal(err)
	}
	if got, err := audit.About(t.Context(), pool, "order:1", 10); err != nil || len(got) != 0 {
		t.Errorf("%+v, %v", got, err)
	}
}

// What cannot be written is an error, never a gap in the record.
func TestRecordRefused(t *testing.T) {
	t.Parallel()
	for name, e := range map[string]audit.Entry{
		"no such kind": {At: noon, Actor: audit.Actor{Kind: "ghost", Name: "x"}, Verb: "act", Subject: "order:1"},
		"no JSON":      {At: noon, Actor: audit.Machine, Verb: "act", Subject: "order:1", Detail: map[string]any{"f": func() {}}},
	} {
		if err := audit.Record(t.Context(), dbtest.Tx(t), e); err == nil {
			t.Errorf("%s: recorded", name)
		}
	}
}
