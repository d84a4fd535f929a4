package vault_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pishkhan/internal/audit"
	"pishkhan/internal/db/dbtest"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
	"pishkhan/internal/sample"
	"pishkhan/internal/testworld"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// The claimant reads what the customer typed, and three records say so: the
// order's history, the audit, and the reveal itself.
func TestReveal(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Claimed(t)
	secrets, err := w.House.Fulfil.Reveal(t.Context(), w.Operator, o.Code, "  to sign in at Steam ")
	testworld.Must(t, err)
	typed := sample.Answers("steam-wallet", testworld.Noon)
	if len(secrets) == 0 {
		t.Fatal("nothing revealed")
	}
	for name, secret := range secrets {
		if secret.Reveal() != typed[name] {
			t.Errorf("%s is not what was typed", name)
		}
	}
	if _, ok := secrets["site_password"]; !ok {
		t.Error("no password")
	}
	entries, err := audit.About(t.Context(), w.House.Pool, o.Subject(), 1)
	testworld.Must(t, err)
	if e := entries[0]; e.Verb != "credential.reveal" || e.Actor.ID != w.Operator.ID || e.Actor.IP != w.Operator.IP ||
		e.Detail["reason"] != "to sign in at Steam" || !e.At.Equal(w.Clock.Now()) {
		t.Errorf("audit: %+v", e)
	}
	history, err := w.House.Orders.History(t.Context(), o.ID)
	testworld.Must(t, err)
	if e := history[len(history)-1]; e.Verb != orders.Revealed || e.Reason != "to sign in at Steam" || e.Actor.ID != w.Operator.ID {
		t.Errorf("history: %+v", e)
	}
	if n := w.Count(t, "SELECT count(*) FROM credential_reveals WHERE member_id = $1", w.Operator.ID); n != 1 {
		t.Errorf("%d reveals", n)
	}
	for _, shown := range []string{fmt.Sprint(secrets), fmt.Sprintf("%+v %#v %s %q", secrets, secrets, secrets, secrets), inJSON(t, secrets), inLog(secrets)} {
		for _, word := range []string{typed["site_password"], typed["site_login"]} {
			if strings.Contains(shown, word) {
				t.Errorf("a secret shows: %s", shown)
			}
		}
	}
}

// Without a reason nothing opens; without a record neither.
func TestRevealNeedsReason(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Claimed(t)
	for _, reason := range []string{"", " \t\n", strings.Repeat("آ", 301)} {
		secrets, err := w.House.Fulfil.Reveal(t.Context(), w.Operator, o.Code, reason)
		if f := fault.Of(err); f == nil || f.Kind != fault.Invalid || f.Fields[0].Name != "reason" || secrets != nil {
			t.Errorf("%.10q: %v", reason, err)
		}
	}
	_, err := w.House.Pool.Exec(t.Context(), `CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
		$$ BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = 'disk_full'; END $$;
		CREATE TRIGGER refuse BEFORE INSERT ON audit_entries FOR EACH ROW EXECUTE FUNCTION full_disk()`)
	testworld.Must(t, err)
	secrets, err := w.House.Fulfil.Reveal(t.Context(), w.Operator, o.Code, "to sign in")
	if !fault.Is(err, fault.Unavailable) || secrets != nil {
		t.Errorf("revealed off the record: %v", err)
	}
	if n := w.Count(t, "SELECT count(*) FROM credential_reveals"); n != 0 {
		t.Errorf("%d reveals", n)
	}
}

// An order without a login has nothing to reveal.
func TestRevealNothing(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Claimed(t, "hotel-booking")
	if _, err := w.House.Fulfil.Reveal(t.Context(), w.Operator, o.Code, "why not"); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
}

// A person has forty reveals an hour, over all orders together, even in a
// burst; the next hour is another one, and so is a colleague.
func TestRevealCap(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	list := []orders.Order{w.Claimed(t), w.Claimed(t), w.Claimed(t), w.Claimed(t)}
	var opened, refused atomic.Int64
	var wg sync.WaitGroup
	for i := range 60 {
		wg.Go(func() {
			switch _, err := w.House.Fulfil.Reveal(t.Context(), w.Operator, list[i%len(list)].Code, "collecting"); {
			case err == nil:
				opened.Add(1)
			case fault.Is(err, fault.TooMany):
				refused.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if opened.Load() != 40 || refused.Load() != 20 {
		t.Errorf("%d opened, %d refused", opened.Load(), refused.Load())
	}
	if n := w.Count(t, "SELECT count(*) FROM credential_reveals"); n != 40 {
		t.Errorf("%d on record", n)
	}
	theirs := w.Paid(t)
	_, err := w.House.Queue.Claim(t.Context(), w.Operator2, theirs.Code)
	testworld.Must(t, err)
	if _, err := w.House.Fulfil.Reveal(t.Context(), w.Operator2, theirs.Code, "to sign in"); err != nil {
		t.Errorf("a colleague: %v", err)
	}
	w.Clock.Advance(time.Hour + time.Second)
	if _, err := w.House.Fulfil.Reveal(t.Context(), w.Operator, list[0].Code, "to sign in"); err != nil {
		t.Errorf("the next hour: %v", err)
	}
}

func inJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	testworld.Must(t, err)
	return string(text)
}

func inLog(v any) string {
	var text strings.Builder
	slog.New(slog.NewJSONHandler(&text, nil)).Info("revealed", "secrets", v)
	slog.New(slog.NewTextHandler(&text, nil)).Info("revealed", "secrets", v)
	return text.String()
}
