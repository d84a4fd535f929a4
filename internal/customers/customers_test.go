package customers_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"pishkhan/internal/customers"
	"pishkhan/internal/db"
	"pishkhan/internal/db/dbtest"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/sample"
	"pishkhan/internal/testworld"
	"pishkhan/internal/token"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// A browser is known by its token, until a month without a visit.
func TestVisitor(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	c := w.House.Customers
	visitor := w.Visitor(t)
	for range 3 {
		w.Clock.Advance(30 * 24 * time.Hour)
		if got, err := c.Visitor(t.Context(), visitor.Token); err != nil || got.ID != visitor.ID {
			t.Fatalf("%+v, %v", got, err)
		}
	}
	w.Clock.Advance(30*24*time.Hour + time.Second)
	for _, stranger := range []token.Token{visitor.Token, token.New(), "", "planted"} {
		if _, err := c.Visitor(t.Context(), stranger); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("let in: %v", err)
		}
	}
	if n := w.Count(t, "SELECT count(*) FROM visitors v WHERE v::text LIKE '%' || $1 || '%'", string(visitor.Token)); n != 0 {
		t.Error("the token itself is stored")
	}
}

// File keeps the national code sealed, finds it again by its keyed hash, and
// gives it back to the reviewer alone.
func TestFile(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	visitor, form := w.Visitor(t), w.Someone().Identity
	identity, err := form.Check(w.Clock.Now())
	testworld.Must(t, err)
	var filed, again customers.Case
	var code string
	testworld.Must(t, db.InTx(t.Context(), w.House.Pool, func(ctx context.Context, tx pgx.Tx) error {
		var err error
		if filed, err = w.House.Customers.File(ctx, tx, w.Clock.Now(), visitor.ID, identity, i18n.EN); err != nil {
			return err
		}
		if again, err = w.House.Customers.File(ctx, tx, w.Clock.Now(), visitor.ID, identity, i18n.EN); err != nil {
			return err
		}
		code, err = w.House.Customers.NationalCode(ctx, tx, filed)
		return err
	}))
	if filed.ID != again.ID || filed.Verdict != "" || filed.Mobile != form.Mobile || filed.Lang != i18n.EN || filed.NeedsCare {
		t.Errorf("%+v, then %+v", filed, again)
	}
	if code != form.NationalCode {
		t.Error("the national code does not come back")
	}
	latest, err := w.House.Customers.Latest(t.Context(), visitor.ID)
	if err != nil || latest.ID != filed.ID {
		t.Errorf("latest %+v, %v", latest, err)
	}
	if _, err := w.House.Customers.Latest(t.Context(), w.Visitor(t).ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("a browser that filed nothing: %v", err)
	}
	if id, err := w.House.Customers.ByMobile(t.Context(), form.Mobile); err != nil || id != filed.CustomerID {
		t.Errorf("by mobile: %d, %v", id, err)
	}
	if _, err := w.House.Customers.ByMobile(t.Context(), "09999999999"); !fault.Is(err, fault.NotFound) {
		t.Errorf("nobody's mobile: %v", err)
	}
	if born, err := time.Parse(time.DateOnly, filed.BirthDate.Format(time.DateOnly)); err != nil || !born.Equal(identity.BirthDate) {
		t.Errorf("born %s, filed %s", identity.BirthDate, filed.BirthDate)
	}
}

// A code that was issued but looks made up is marked for the reviewer.
func TestNeedsCare(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	who := w.Someone()
	who.Identity.NationalCode = "1111111111"
	placed := w.PlacedBy(t, w.Visitor(t), who)
	filed, err := w.House.Customers.Case(t.Context(), w.House.Pool, placed.Orders[0].IdentityCaseID)
	if err != nil || !filed.NeedsCare {
		t.Errorf("%+v, %v", filed, err)
	}
}

// Many who file with one mobile at once become one customer.
func TestFileInParallel(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	who := w.Someone()
	var mu sync.Mutex
	seen := map[int64]bool{}
	var wg sync.WaitGroup
	for range 12 {
		visitor := w.Visitor(t)
		wg.Go(func() {
			o := w.PlacedBy(t, visitor, who).Orders[0]
			mu.Lock()
			defer mu.Unlock()
			seen[o.CustomerID] = true
		})
	}
	wg.Wait()
	if len(seen) != 1 || w.Count(t, "SELECT count(*) FROM identity_cases") != 12 {
		t.Errorf("%d customers, %d cases", len(seen), w.Count(t, "SELECT count(*) FROM identity_cases"))
	}
}

// The reviewer's list holds what is undecided, oldest first.
func TestOpen(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	first, second, third := w.Placed(t).Orders[0], w.Placed(t).Orders[0], w.Placed(t).Orders[0]
	w.Approve(t, second)
	page, err := w.House.Customers.Open(t.Context(), 0, 1)
	if err != nil || len(page) != 1 || page[0].ID != first.IdentityCaseID {
		t.Fatalf("%+v, %v", page, err)
	}
	page, err = w.House.Customers.Open(t.Context(), page[0].ID, 10)
	if err != nil || len(page) != 1 || page[0].ID != third.IdentityCaseID {
		t.Errorf("%+v, %v", page, err)
	}
	decided, err := w.House.Customers.Case(t.Context(), w.House.Pool, second.IdentityCaseID)
	if err != nil || decided.Verdict != customers.Approved || decided.DecidedAt == nil {
		t.Errorf("%+v, %v", decided, err)
	}
	if _, err := w.House.Customers.Case(t.Context(), w.House.Pool, 999_999); !fault.Is(err, fault.NotFound) {
		t.Errorf("no such case: %v", err)
	}
}

// Whatever is typed, Check either names the wrong fields or returns details
// that Postgres will take.
func TestCheckProperty(t *testing.T) {
	t.Parallel()
	now := testworld.Noon
	rapid.Check(t, func(t *rapid.T) {
		any := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
			sample.NationalCode(123456789), "۱۳۷۰/۰۱/۰۱", "09121234567", "a@b.co", "سارا", "\x00", "\xff\xfe", "a\x00@b.co", "a@b\xff.co",
		}))
		form := customers.IdentityForm{
			Name: any.Draw(t, "name"), NationalCode: any.Draw(t, "code"), BirthDate: any.Draw(t, "birth"),
			Mobile: any.Draw(t, "mobile"), Email: any.Draw(t, "email"),
		}
		id, err := form.Check(now)
		if f := fault.Of(err); err != nil && (f == nil || f.Kind != fault.Invalid || len(f.Fields) == 0) {
			t.Fatalf("%v", err)
		}
		wrong := map[string]bool{}
		if err != nil {
			for _, field := range fault.Of(err).Fields {
				wrong[field.Name] = true
			}
		}
		for name, text := range map[string]string{"name": id.Name, "email": id.Email, "mobile": id.Mobile} {
			if !wrong[name] && (text == "" || strings.ToValidUTF8(text, "") != text || strings.ContainsRune(text, 0)) {
				t.Fatalf("%s is taken as %q", name, text)
			}
		}
	})
}

// An address to which our mail is never sent is refused at checkout, when its
// owner can still mend it; Persian digits we mend, and file the mended form.
func TestEmail(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	form := w.Someone().Identity
	for _, typed := range []string{"علی@example.com", "sara@مثال.com", "a@-x.com", "sara@localhost", `"a b"@example.com`} {
		form.Email = typed
		_, err := form.Check(w.Clock.Now())
		if f := fault.Of(err); f == nil || len(f.Fields) != 1 || f.Fields[0].Name != "email" {
			t.Errorf("%q: %v", typed, err)
		}
	}
	form.Email = " Sara۱@Example.com\u200f"
	identity, err := form.Check(w.Clock.Now())
	testworld.Must(t, err)
	testworld.Must(t, db.InTx(t.Context(), w.House.Pool, func(ctx context.Context, tx pgx.Tx) error {
		filed, err := w.House.Customers.File(ctx, tx, w.Clock.Now(), w.Visitor(t).ID, identity, i18n.FA)
		if filed.Email != "sara1@example.com" {
			t.Errorf("filed as %q", filed.Email)
		}
		return err
	}))
}
