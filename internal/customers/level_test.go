package customers_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/customers"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/sample"
	"pishkhan/internal/testworld"
)

// file hands in an identity from a browser.
func file(t *testing.T, w *testworld.World, visitorID int64, id customers.Identity) (filed customers.Case, err error) {
	t.Helper()
	err = db.InTx(t.Context(), w.House.Pool, func(ctx context.Context, tx pgx.Tx) error {
		filed, err = w.House.Customers.File(ctx, tx, w.Clock.Now(), visitorID, id, i18n.FA)
		return err
	})
	return filed, err
}

func decide(t *testing.T, w *testworld.World, caseID int64, v customers.Verdict, reason string) {
	t.Helper()
	testworld.Must(t, db.InTx(t.Context(), w.House.Pool, func(ctx context.Context, tx pgx.Tx) error {
		return w.House.Customers.Decide(ctx, tx, w.Clock.Now(), w.Reviewer, caseID, v, reason)
	}))
}

func document(t *testing.T, w *testworld.World, visitorID int64, text string) int64 {
	t.Helper()
	kept, err := w.House.Attachments.Keep(t.Context(), visitorID, "192.0.2.1", "card.pdf", sample.PDF(text))
	testworld.Must(t, err)
	return kept.ID
}

// A document makes a case one of more weight; what weighs less never stands
// in for it.
func TestLevels(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	v := w.Visitor(t)
	id, err := w.Someone().Identity.Check(w.Clock.Now())
	testworld.Must(t, err)
	filed := func() customers.Case {
		t.Helper()
		c, err := file(t, w, v.ID, id)
		testworld.Must(t, err)
		return c
	}
	basic := filed()
	id.DocumentID = document(t, w, v.ID, "first")
	first := filed()
	if basic.Level != customers.Basic || basic.DocumentID != 0 || first.Level != customers.Document || first.DocumentID != id.DocumentID || first.ID == basic.ID {
		t.Errorf("%+v, then %+v", basic, first)
	}
	if again := filed(); again.ID != first.ID {
		t.Error("the same document is another case")
	}
	id.DocumentID = document(t, w, v.ID, "second")
	second := filed()
	if second.ID == first.ID {
		t.Error("another document is the same case")
	}
	decide(t, w, second.ID, customers.Approved, "")
	id.DocumentID = document(t, w, v.ID, "third")
	if third := filed(); third.ID != second.ID || third.Verdict != customers.Approved {
		t.Errorf("approved papers are asked for again: %+v", third)
	}
	id.DocumentID = 0
	if less := filed(); less.ID != second.ID {
		t.Errorf("details alone, after a document was approved: %+v", less)
	}

	stranger := w.Visitor(t)
	id.DocumentID = document(t, w, v.ID, "another's")
	if _, err := file(t, w, stranger.ID, id); !fault.Is(err, fault.NotFound) {
		t.Errorf("another's document: %v", err)
	}
	id.DocumentID = 0
	if theirs, err := file(t, w, stranger.ID, id); err != nil || theirs.ID == second.ID {
		t.Errorf("another browser profits from the verdict: %+v, %v", theirs, err)
	}
}

// Once signed in, a customer's approved case serves in every browser.
func TestApprovedServesTheAccount(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	c := w.House.Customers
	v := w.Visitor(t)
	id, err := w.Someone().Identity.Check(w.Clock.Now())
	testworld.Must(t, err)
	filed, err := file(t, w, v.ID, id)
	testworld.Must(t, err)
	none := func(level customers.Level) {
		t.Helper()
		if got, err := c.Approved(t.Context(), w.House.Pool, filed.CustomerID, level); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %+v, %v", level, got, err)
		}
	}
	none(customers.Basic)
	if _, err := c.Profile(t.Context(), filed.CustomerID); !fault.Is(err, fault.NotFound) {
		t.Errorf("a stranger's word is in the profile: %v", err)
	}
	decide(t, w, filed.ID, customers.Approved, "")
	got, err := c.Approved(t.Context(), w.House.Pool, filed.CustomerID, customers.Basic)
	if err != nil || got.ID != filed.ID || got.Mobile != id.Mobile {
		t.Errorf("%+v, %v", got, err)
	}
	none(customers.Document)
	if got, err := c.Profile(t.Context(), filed.CustomerID); err != nil || got.ID != filed.ID {
		t.Errorf("profile %+v, %v", got, err)
	}

	other := w.Visitor(t)
	_, err = signIn(t, w, other.ID, ask(t, w, other.ID, id.Mobile))
	testworld.Must(t, err)
	if same, err := file(t, w, other.ID, id); err != nil || same.ID != filed.ID {
		t.Errorf("signed in elsewhere: %+v, %v", same, err)
	}
	id.DocumentID = document(t, w, other.ID, "card")
	more, err := file(t, w, other.ID, id)
	testworld.Must(t, err)
	decide(t, w, more.ID, customers.Approved, "")
	for _, level := range []customers.Level{customers.Basic, customers.Document} {
		if got, err := c.Approved(t.Context(), w.House.Pool, filed.CustomerID, level); err != nil || got.ID != more.ID {
			t.Errorf("%s: %+v, %v", level, got, err)
		}
	}
}

// The reviewer's look at a document is on record before it leaves.
func TestViewDocument(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	v := w.Visitor(t)
	id, err := w.Someone().Identity.Check(w.Clock.Now())
	testworld.Must(t, err)
	bare, err := file(t, w, v.ID, id)
	testworld.Must(t, err)
	id.DocumentID = document(t, w, v.ID, "card")
	filed, err := file(t, w, v.ID, id)
	testworld.Must(t, err)
	paper, content, err := w.House.Customers.ViewDocument(t.Context(), w.Reviewer, filed.ID)
	if err != nil || paper.ID != id.DocumentID || !bytes.Equal(content, sample.PDF("card")) {
		t.Errorf("%+v, %d bytes, %v", paper, len(content), err)
	}
	if n := w.Count(t, "SELECT count(*) FROM audit_entries WHERE verb = 'identity.view_document' AND actor_id = $1", w.Reviewer.ID); n != 1 {
		t.Errorf("%d looks on record", n)
	}
	for _, caseID := range []int64{bare.ID, 999_999} {
		if _, _, err := w.House.Customers.ViewDocument(t.Context(), w.Reviewer, caseID); !fault.Is(err, fault.NotFound) {
			t.Errorf("case %d: %v", caseID, err)
		}
	}
}
