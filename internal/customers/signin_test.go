package customers_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/customers"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/testworld"
	"pishkhan/internal/token"
)

// ask asks for a code and reads it where the SMS is composed.
func ask(t *testing.T, w *testworld.World, visitorID int64, mobile string) string {
	t.Helper()
	testworld.Must(t, w.House.Customers.AskForCode(t.Context(), visitorID, mobile, i18n.FA, ip))
	code, err := w.House.Customers.Code(t.Context(), latest(t, w, visitorID))
	testworld.Must(t, err)
	return code.Reveal()
}

func latest(t *testing.T, w *testworld.World, visitorID int64) int64 {
	t.Helper()
	return int64(w.Count(t, "SELECT max(id) FROM signin_codes WHERE visitor_id = $1", visitorID))
}

func signIn(t *testing.T, w *testworld.World, visitorID int64, code string) (customers.Visitor, error) {
	t.Helper()
	return w.House.Customers.SignIn(t.Context(), visitorID, code, ip, nil)
}

// another is a code that is not this one.
func another(code string) string {
	if code[0] == '9' {
		return "0" + code[1:]
	}
	return string(code[0]+1) + code[1:]
}

// told is the key of what is wrong with the code; "" for nothing.
func told(err error) string {
	if f := fault.Of(err); f != nil && f.Kind == fault.Invalid && len(f.Fields) == 1 && f.Fields[0].Name == "code" {
		return f.Fields[0].Key
	}
	return fmt.Sprint(err)
}

const (
	ip     = "192.0.2.7"
	mobile = "09121234567"
	over   = "customers.error.code_over"
	wrong  = "customers.error.code_wrong"
)

// The right code opens the account of the number, in a session of its own;
// the token from before is a stranger's.
func TestSignIn(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	before := w.Visitor(t)
	code := ask(t, w, before.ID, " ۰۹۱۲-۱۲۳ ۴۵۶۷")
	signed, err := signIn(t, w, before.ID, i18n.FA.Digits(code[:3])+" "+code[3:])
	testworld.Must(t, err)
	if signed.ID != before.ID || signed.Token == before.Token || signed.CustomerID == 0 {
		t.Errorf("%d became %d of customer %d, same token: %v", before.ID, signed.ID, signed.CustomerID, signed.Token == before.Token)
	}
	if _, err := w.House.Customers.Visitor(t.Context(), before.Token); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("the token from before lives: %v", err)
	}
	if v, err := w.House.Customers.Visitor(t.Context(), signed.Token); err != nil || v != signed {
		t.Errorf("%+v, %v", v, err)
	}
	if id, err := w.House.Customers.ByMobile(t.Context(), mobile); err != nil || id != signed.CustomerID {
		t.Errorf("the account is %d, of the number %d, %v", signed.CustomerID, id, err)
	}
	if _, err := signIn(t, w, before.ID, code); told(err) != over {
		t.Errorf("the code works twice: %v", err)
	}
	if n := w.Count(t, "SELECT count(*) FROM audit_entries WHERE verb = 'customer.sign_in' AND ip = $1", ip); n != 1 {
		t.Errorf("%d sign-ins on record", n)
	}
	again := w.Visitor(t)
	w.Clock.Advance(2 * time.Minute)
	second, err := signIn(t, w, again.ID, ask(t, w, again.ID, mobile))
	if err != nil || second.CustomerID != signed.CustomerID || second.Token == signed.Token {
		t.Errorf("another browser of the same number: %+v, %v", second, err)
	}
}

// Nothing in the database tells the code or the token, and once the code is
// used not even its seal is left.
func TestCodesAreNotStored(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	v := w.Visitor(t)
	code := ask(t, w, v.ID, mobile)
	for _, table := range []string{"signin_codes", "messages", "river_job", "audit_entries"} {
		if n := w.Count(t, "SELECT count(*) FROM "+table+" x WHERE to_jsonb(x)::text ~ ('[^0-9a-f]' || $1 || '[^0-9a-f]')", code); n != 0 {
			t.Errorf("%s tells the code", table)
		}
	}
	signed, err := signIn(t, w, v.ID, code)
	testworld.Must(t, err)
	if n := w.Count(t, "SELECT count(*) FROM signin_codes WHERE code_sealed IS NOT NULL"); n != 0 {
		t.Error("a used code is kept")
	}
	if n := w.Count(t, "SELECT count(*) FROM visitors x WHERE x::text LIKE '%' || $1 || '%'", string(signed.Token)); n != 0 {
		t.Error("the token is stored")
	}
	other := w.Visitor(t)
	ask(t, w, other.ID, "09120000001")
	w.Clock.Advance(5 * time.Minute)
	ask(t, w, other.ID, "09120000002")
	if n := w.Count(t, "SELECT count(*) FROM signin_codes WHERE code_sealed IS NOT NULL"); n != 1 {
		t.Errorf("%d codes are kept, want the live one", n)
	}
}

// Five wrong tries, and the right one is too late. What is no code at all
// costs none.
func TestGuessing(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	v := w.Visitor(t)
	code := ask(t, w, v.ID, mobile)
	for _, typed := range []string{"", "12345", "1234567", "abcdef", code + "0", "١٢٣٤٥"} {
		if _, err := signIn(t, w, v.ID, typed); told(err) != "customers.error.code_form" {
			t.Errorf("%q: %v", typed, err)
		}
	}
	for try := 1; try <= 5; try++ {
		want := wrong
		if try == 5 {
			want = over
		}
		_, err := signIn(t, w, v.ID, another(code))
		if told(err) != want {
			t.Fatalf("try %d: %v", try, err)
		}
		if f := fault.Of(err).Fields[0]; want == wrong && fmt.Sprint(f.Args...) != fmt.Sprint("left", 5-try) {
			t.Errorf("try %d: told %v", try, f.Args)
		}
	}
	if _, err := signIn(t, w, v.ID, code); told(err) != over {
		t.Errorf("the sixth try is looked at: %v", err)
	}
	if _, err := w.House.Customers.Code(t.Context(), latest(t, w, v.ID)); !fault.Is(err, fault.NotFound) {
		t.Errorf("a code that is over can still be sent: %v", err)
	}
	if n := w.Count(t, "SELECT count(*) FROM audit_entries WHERE verb = 'customer.sign_in_refused'"); n != 1 {
		t.Errorf("%d refusals on record", n)
	}
	w.Clock.Advance(time.Minute)
	if _, err := signIn(t, w, v.ID, ask(t, w, v.ID, mobile)); err != nil {
		t.Errorf("another code: %v", err)
	}
}

// A code works for five minutes, not a second longer.
func TestCodeExpires(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	v := w.Visitor(t)
	first := ask(t, w, v.ID, mobile)
	asked, err := w.House.Customers.Asked(t.Context(), v.ID)
	if err != nil || asked.Mobile != mobile || asked.ExpiresAt.Sub(w.Clock.Now()) != 5*time.Minute || asked.AgainAt.Sub(w.Clock.Now()) != time.Minute {
		t.Errorf("%+v, %v", asked, err)
	}
	w.Clock.Advance(5 * time.Minute)
	if _, err := signIn(t, w, v.ID, first); told(err) != over {
		t.Errorf("after five minutes: %v", err)
	}
	if _, err := w.House.Customers.Asked(t.Context(), v.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("still asked: %v", err)
	}
	second := ask(t, w, v.ID, mobile)
	w.Clock.Advance(5*time.Minute - time.Second)
	if _, err := signIn(t, w, v.ID, second); err != nil {
		t.Errorf("a second before: %v", err)
	}
}

// A code is its browser's own, the latest replaces the others, and who asked
// for none has none.
func TestCodesAreBound(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	victim, thief := w.Visitor(t), w.Visitor(t)
	old := ask(t, w, victim.ID, mobile)
	if _, err := signIn(t, w, thief.ID, old); told(err) != over {
		t.Errorf("without a code of its own: %v", err)
	}
	w.Clock.Advance(time.Minute)
	code := ask(t, w, victim.ID, mobile)
	w.Clock.Advance(time.Minute)
	own := ask(t, w, thief.ID, mobile)
	if own != code {
		if _, err := signIn(t, w, thief.ID, code); told(err) != wrong {
			t.Errorf("with another's: %v", err)
		}
	}
	if old != code {
		if _, err := signIn(t, w, victim.ID, old); told(err) != wrong {
			t.Errorf("with the one before: %v", err)
		}
	}
	if _, err := signIn(t, w, victim.ID, code); err != nil {
		t.Errorf("the victim's own: %v", err)
	}
}

// The same right code from many sides at once opens one session.
func TestOneCodeOneSession(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	v := w.Visitor(t)
	code := ask(t, w, v.ID, mobile)
	var won atomic.Int32
	var welcomed atomic.Int32
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			_, err := w.House.Customers.SignIn(t.Context(), v.ID, code, ip, func(context.Context, pgx.Tx, time.Time, int64, int64) error {
				welcomed.Add(1)
				return nil
			})
			if err == nil {
				won.Add(1)
			} else if told(err) != over {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if won.Load() != 1 || welcomed.Load() != 1 {
		t.Errorf("%d sessions, welcomed %d times", won.Load(), welcomed.Load())
	}
}

// Wrong guesses from many sides at once are five in all.
func TestGuessingAtOnce(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	v := w.Visitor(t)
	code := ask(t, w, v.ID, mobile)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if _, err := w.House.Customers.SignIn(t.Context(), v.ID, another(code), ip, nil); told(err) != wrong && told(err) != over {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := w.Count(t, "SELECT wrong_tries FROM signin_codes"); n != 5 {
		t.Errorf("%d tries", n)
	}
	if _, err := signIn(t, w, v.ID, code); told(err) != over {
		t.Errorf("after them: %v", err)
	}
}

// flood asks for a code from a browser that was never here before.
func flood(t *testing.T, w *testworld.World, mobile, ip string) error {
	t.Helper()
	return w.House.Customers.AskForCode(t.Context(), w.Visitor(t).ID, mobile, i18n.FA, ip)
}

func throttled(t *testing.T, err error, minutes int) {
	t.Helper()
	f := fault.Of(err)
	if f == nil || f.Kind != fault.TooMany || f.Key != "customers.error.code_throttled" || fmt.Sprint(f.Args...) != fmt.Sprint("minutes", minutes) {
		t.Errorf("%v, want %d minutes", err, minutes)
	}
}

// From one network, one code a minute and five an hour for a number, and
// sixty an hour in all. The victim's own network is another, and who has a
// code already signs in all the same.
func TestThrottle(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	const attacker = "198.51.100.1"
	victim := w.Visitor(t)
	code := ask(t, w, victim.ID, mobile)
	testworld.Must(t, flood(t, w, mobile, attacker))
	throttled(t, flood(t, w, mobile, attacker), 1)
	for range 4 {
		w.Clock.Advance(time.Minute)
		testworld.Must(t, flood(t, w, mobile, attacker))
	}
	w.Clock.Advance(30 * time.Second)
	throttled(t, flood(t, w, mobile, attacker), 56) // after 4½ minutes
	if _, err := signIn(t, w, victim.ID, code); err != nil {
		t.Errorf("the victim is locked out of a code that was sent: %v", err)
	}
	again := w.Visitor(t)
	if _, err := signIn(t, w, again.ID, ask(t, w, again.ID, mobile)); err != nil {
		t.Errorf("the victim is locked out of another code: %v", err)
	}
	for i := range 55 {
		testworld.Must(t, flood(t, w, fmt.Sprintf("0913%07d", i), attacker))
	}
	throttled(t, flood(t, w, "09140000000", attacker), 56) // the first was 4½ minutes ago
	testworld.Must(t, flood(t, w, "09140000000", "198.51.100.3"))
	w.Clock.Advance(time.Hour)
	testworld.Must(t, flood(t, w, mobile, attacker))
}

// However many networks ask, a number gets twenty codes an hour and sixty a day.
func TestThrottleOfANumber(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	for hour := range 3 {
		for i := range 20 {
			testworld.Must(t, flood(t, w, mobile, fmt.Sprintf("198.51.%d.%d", hour, i)))
		}
		if hour < 2 {
			throttled(t, flood(t, w, mobile, "203.0.113.1"), 60)
			w.Clock.Advance(time.Hour)
		}
	}
	w.Clock.Advance(time.Hour)
	throttled(t, flood(t, w, mobile, "203.0.113.1"), 21*60)
	w.Clock.Advance(21 * time.Hour)
	testworld.Must(t, flood(t, w, mobile, "203.0.113.1"))
}

// An IPv6 network counts as one, whichever of its addresses asks; the next
// network is another.
func TestThrottleOfANetwork(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	testworld.Must(t, flood(t, w, mobile, "2001:db8:1:2::1"))
	throttled(t, flood(t, w, mobile, "2001:db8:1:2:ffff::9"), 1)
	testworld.Must(t, flood(t, w, mobile, "2001:db8:1:3::1"))
	testworld.Must(t, flood(t, w, mobile, "192.0.2.1"))
	throttled(t, flood(t, w, mobile, "::ffff:192.0.2.1"), 1)
	testworld.Must(t, flood(t, w, mobile, "192.0.2.2"))
}

// Many who ask at once for one number get one code between them in one
// network, and twenty from everywhere.
func TestThrottleAtOnce(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	for name, tt := range map[string]struct {
		mobile, ip string
		want       int32
	}{
		"one network": {"09120000001", "192.0.2.1", 1},
		"everywhere":  {"09120000002", "", 20},
	} {
		var asked atomic.Int32
		var wg sync.WaitGroup
		for i := range 24 {
			v, ip := w.Visitor(t), tt.ip
			if ip == "" {
				ip = fmt.Sprintf("198.51.100.%d", i)
			}
			wg.Go(func() {
				err := w.House.Customers.AskForCode(t.Context(), v.ID, tt.mobile, i18n.FA, ip)
				if err == nil {
					asked.Add(1)
				} else if !fault.Is(err, fault.TooMany) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if asked.Load() != tt.want {
			t.Errorf("%s: %d codes", name, asked.Load())
		}
	}
}

// A known number and an unknown one are answered alike, by the same steps.
func TestNumbersAreNotTold(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	known := w.Someone()
	w.PlacedBy(t, w.Visitor(t), known)
	var rows []int
	for _, mobile := range []string{known.Identity.Mobile, "09199999999"} {
		v := w.Visitor(t)
		code := ask(t, w, v.ID, mobile)
		_, err := signIn(t, w, v.ID, another(code))
		rows = append(rows, w.Count(t, "SELECT count(*) FROM messages WHERE recipient = $1 AND kind = 'signin_code'", mobile))
		if told(err) != wrong {
			t.Errorf("%s: %v", mobile, err)
		}
	}
	if rows[0] != 1 || rows[1] != 1 {
		t.Errorf("%v messages", rows)
	}
	if _, err := w.House.Customers.ByMobile(t.Context(), "09199999999"); !fault.Is(err, fault.NotFound) {
		t.Errorf("asking makes an account: %v", err)
	}
	for _, typed := range []string{"", "0912", "021 12345678", "abc"} {
		err := w.House.Customers.AskForCode(t.Context(), w.Visitor(t).ID, typed, i18n.FA, ip)
		if f := fault.Of(err); f == nil || len(f.Fields) != 1 || f.Fields[0].Name != "mobile" {
			t.Errorf("%q: %v", typed, err)
		}
	}
}

// Signing out ends the session, and time does: idle for a week, or a month
// old however busy.
func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	c := w.House.Customers
	enter := func() customers.Visitor {
		w.Clock.Advance(time.Hour)
		v := w.Visitor(t)
		signed, err := signIn(t, w, v.ID, ask(t, w, v.ID, mobile))
		testworld.Must(t, err)
		return signed
	}
	dead := func(why string, held token.Token) {
		t.Helper()
		if _, err := c.Visitor(t.Context(), held); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("%s: %v", why, err)
		}
	}
	out, other := enter(), enter()
	testworld.Must(t, c.SignOut(t.Context(), out, ip))
	testworld.Must(t, c.SignOut(t.Context(), out, ip))
	dead("signed out", out.Token)
	if _, err := c.Visitor(t.Context(), other.Token); err != nil {
		t.Errorf("another browser is signed out too: %v", err)
	}
	if n := w.Count(t, "SELECT count(*) FROM audit_entries WHERE verb = 'customer.sign_out'"); n != 1 {
		t.Errorf("%d sign-outs on record", n)
	}
	w.Clock.Advance(7*24*time.Hour + time.Second)
	dead("idle for a week", other.Token)
	busy := enter()
	for range 5 {
		w.Clock.Advance(6 * 24 * time.Hour)
		if _, err := c.Visitor(t.Context(), busy.Token); err != nil {
			t.Fatal(err)
		}
	}
	w.Clock.Advance(time.Second)
	dead("a month old", busy.Token)
}

// What fails in the welcome leaves everything as it was: the code can be
// typed again. Who is in already does not come in as somebody else.
func TestSignInIsWhole(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	v := w.Visitor(t)
	code := ask(t, w, v.ID, mobile)
	fails := errors.New("the basket is stuck")
	_, err := w.House.Customers.SignIn(t.Context(), v.ID, code, ip, func(context.Context, pgx.Tx, time.Time, int64, int64) error { return fails })
	if !errors.Is(err, fails) {
		t.Errorf("%v", err)
	}
	if got, err := w.House.Customers.Visitor(t.Context(), v.Token); err != nil || got.CustomerID != 0 {
		t.Errorf("%+v, %v", got, err)
	}
	_, err = signIn(t, w, v.ID, code)
	testworld.Must(t, err)
	w.Clock.Advance(time.Minute)
	if _, err := signIn(t, w, v.ID, ask(t, w, v.ID, "09120000009")); !fault.Is(err, fault.Conflict) {
		t.Errorf("as somebody else: %v", err)
	}
}

// Whoever signs in does not wait for an order that is being placed for the same
// customer: an order holds its basket and waits for nobody's sign-in, which
// takes the basket last.
func TestSignInBesideAnOrder(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Placed(t).Orders[0]
	of, err := w.House.Customers.Mobile(t.Context(), w.House.Pool, o.CustomerID)
	testworld.Must(t, err)
	v := w.Visitor(t)
	code := ask(t, w, v.ID, of)
	order, err := w.House.Pool.Begin(t.Context())
	testworld.Must(t, err)
	defer order.Rollback(context.Background())
	// What a row that refers to a customer holds until it is committed.
	_, err = order.Exec(t.Context(), "SELECT FROM customers WHERE id = $1 FOR KEY SHARE", o.CustomerID)
	testworld.Must(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // of a test that hangs
	defer cancel()
	if signed, err := w.House.Customers.SignIn(ctx, v.ID, code, ip, nil); err != nil || signed.CustomerID != o.CustomerID {
		t.Errorf("%+v, %v", signed, err)
	}
}

// Many who come at once with a number that was never here are one customer.
func TestNewCustomerAtOnce(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	var wg sync.WaitGroup
	for i := range 8 {
		v := w.Visitor(t)
		testworld.Must(t, w.House.Customers.AskForCode(t.Context(), v.ID, mobile, i18n.FA, fmt.Sprintf("192.0.2.%d", i)))
		code, err := w.House.Customers.Code(t.Context(), latest(t, w, v.ID))
		testworld.Must(t, err)
		wg.Go(func() {
			if _, err := signIn(t, w, v.ID, code.Reveal()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := w.Count(t, "SELECT count(DISTINCT customer_id) FROM visitors WHERE customer_id IS NOT NULL"); n != 1 {
		t.Errorf("%d customers", n)
	}
}

// Codes are six digits, each drawn anew.
func TestCodeIsSixDigits(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	seen := map[string]bool{}
	for i := range 8 {
		code := ask(t, w, w.Visitor(t).ID, fmt.Sprintf("0912000%04d", i))
		if len(code) != 6 || strings.Trim(code, "0123456789") != "" {
			t.Errorf("%q is no code", code)
		}
		seen[code] = true
	}
	if len(seen) < 7 {
		t.Errorf("codes repeat: %v", seen)
	}
}
