package testworld_test

import (
	"testing"

	"pishkhan/internal/db/dbtest"
	"pishkhan/internal/orders"
	"pishkhan/internal/sample"
	"pishkhan/internal/testworld"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// What a test begins with is in the state that its name says, for every service.
func TestWorld(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	for _, slug := range sample.Slugs {
		for _, tt := range []struct {
			got  orders.Order
			want orders.State
		}{
			{w.Placed(t, slug).Orders[0], orders.AwaitingPayment},
			{w.Unproven(t, slug), orders.AwaitingKYC},
			{w.Paid(t, slug), orders.Paid},
			{w.Claimed(t, slug), orders.InProgress},
			{w.Done(t, slug), orders.Done},
		} {
			if tt.got.State != tt.want {
				t.Errorf("%s: state %s, want %s", slug, tt.got.State, tt.want)
			}
		}
	}
	if w.Operator.ID == 0 || w.Operator.ID == w.Operator2.ID || w.Reviewer.ID == 0 || w.Supervisor.ID == 0 || w.Auditor.ID == 0 {
		t.Error("somebody is missing from the staff")
	}
}

// A world opened a second time over the same database sees the same things.
func TestReopen(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Done(t)
	again := testworld.Reopen(t, w.DatabaseURL(), w.Dir, w.Clock.Now())
	if got := again.Order(t, o); got.State != orders.Done {
		t.Errorf("state %s", got.State)
	}
	papers, err := again.House.Receipts.Of(t.Context(), again.House.Pool, int64(o.ID))
	if err != nil || len(papers) != 1 {
		t.Fatalf("receipts %v, %v", papers, err)
	}
	if _, content, err := again.House.Receipts.ReadByID(t.Context(), papers[0].ID); err != nil || len(content) == 0 {
		t.Errorf("the receipt does not open: %v", err)
	}
}
