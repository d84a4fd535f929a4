package staff_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"pishkhan/internal/access"
	"pishkhan/internal/audit"
	"pishkhan/internal/clock"
	"pishkhan/internal/db/dbtest"
	"pishkhan/internal/fault"
	"pishkhan/internal/staff"
	"pishkhan/internal/token"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

var morning = time.Date(2026, 10, 5, 5, 0, 0, 0, time.UTC)

const (
	address  = "sara@example.com"
	password = "Kabutar bar bam 14"
	office   = "192.0.2.1"
)

type bench struct {
	pool  *pgxpool.Pool
	clock *clock.Fixed
	staff *staff.Staff
	id    int64
}

// setup returns a staff of one: Sara, an operator.
func setup(t *testing.T) bench {
	t.Helper()
	b := bench{pool: dbtest.New(t), clock: clock.At(morning)}
	b.staff = staff.New(b.pool, b.clock)
	var err error
	b.id, err = b.staff.Add(t.Context(), audit.Machine, staff.NewMember{
		Email: " Sara@Example.com ", Name: "Sara", Password: password, Roles: []audit.Role{audit.Operator, audit.Finance},
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (b bench) signIn(t *testing.T) token.Token {
	t.Helper()
	signed, err := b.staff.SignIn(t.Context(), address, password, office, "Firefox")
	if err != nil {
		t.Fatal(err)
	}
	return signed.Token
}

func (b bench) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	if _, err := b.pool.Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

func (b bench) count(t *testing.T, sql string, args ...any) (n int) {
	t.Helper()
	if err := b.pool.QueryRow(t.Context(), sql, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// The right password opens a session with the roles of the moment; its token
// is not in the database.
func TestSignIn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	signed, err := b.staff.SignIn(t.Context(), "  SARA@example.COM", password, office, strings.Repeat("x", 5000))
	if err != nil || signed.Actor.ID != b.id || signed.Actor.Name != "Sara" || signed.Actor.Kind != audit.Staff {
		t.Fatalf("%+v, %v", signed.Actor, err)
	}
	actor, err := b.staff.Actor(t.Context(), signed.Token, "192.0.2.9")
	if err != nil || actor.ID != b.id || !actor.Has(audit.Operator) || !actor.Has(audit.Finance) || actor.Has(audit.Admin) || actor.IP != "192.0.2.9" {
		t.Errorf("%+v, %v", actor, err)
	}
	if second := b.signIn(t); second == signed.Token {
		t.Error("two sessions with one token")
	}
	if n := b.count(t, "SELECT count(*) FROM staff_sessions WHERE token_hash = $1 AND length(user_agent) <= 300", signed.Token.Hash()); n != 1 {
		t.Errorf("%d sessions", n)
	}
	if n := b.count(t, "SELECT count(*) FROM staff_sessions s WHERE s::text LIKE '%' || $1 || '%'", string(signed.Token)); n != 0 {
		t.Error("the token itself is stored")
	}
	if n := b.count(t, "SELECT count(*) FROM audit_entries WHERE verb = 'staff.sign_in' AND actor_id = $1 AND ip = $2", b.id, office); n != 2 {
		t.Errorf("%d sign-ins on record", n)
	}
	if n := b.count(t, "SELECT count(*) FROM staff_members WHERE password_hash LIKE '$argon2id$v=19$m=19456,t=2,p=1$%'"); n != 1 {
		t.Error("the hash is weaker than promised")
	}
}

// Who is turned away learns nothing of why.
func TestSignInRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	gone, err := b.staff.Add(t.Context(), audit.Machine, staff.NewMember{Email: "gone@example.com", Name: "Gone", Password: password})
	if err != nil {
		t.Fatal(err)
	}
	b.exec(t, "UPDATE staff_members SET disabled_at = now() WHERE id = $1", gone)
	var said []string
	for name, try := range map[string][2]string{
		"wrong password": {address, "Kabutar bar bam 15"}, "no password": {address, ""}, "unknown": {"nobody@example.com", password},
		"disabled": {"gone@example.com", password}, "no address": {"", ""}, "long": {strings.Repeat("a", 1<<16), strings.Repeat("b", 1<<16)},
	} {
		_, err := b.staff.SignIn(t.Context(), try[0], try[1], office, "")
		if !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		said = append(said, err.Error())
	}
	for _, s := range said {
		if s != said[0] {
			t.Errorf("different words: %q, %q", s, said[0])
		}
	}
	if n := b.count(t, "SELECT count(*) FROM audit_entries WHERE verb = 'staff.sign_in_refused'"); n != 6 {
		t.Errorf("%d refusals on record", n)
	}
	if n := b.count(t, "SELECT count(*) FROM audit_entries a WHERE a::text LIKE '%Kabutar%'"); n != 0 {
		t.Error("a password is on record")
	}
}

// Guessing is stopped at the client that guesses, for the address that it
// guesses at; the owner signs in from elsewhere, and others from there.
func TestThrottle(t *testing.T) {
	t.Parallel()
	b := setup(t)
	other := staff.NewMember{Email: "ali@example.com", Name: "Ali", Password: password}
	if _, err := b.staff.Add(t.Context(), audit.Machine, other); err != nil {
		t.Fatal(err)
	}
	for i := range 8 {
		if _, err := b.staff.SignIn(t.Context(), address, fmt.Sprint("guess number ", i), "198.51.100.7", ""); !fault.Is(err, fault.Unauthenticated) {
			t.Fatalf("guess %d: %v", i, err)
		}
	}
	if _, err := b.staff.SignIn(t.Context(), address, password, "198.51.100.7", ""); !fault.Is(err, fault.TooMany) {
		t.Errorf("the ninth guess: %v", err)
	}
	if _, err := b.staff.SignIn(t.Context(), address, password, office, ""); err != nil {
		t.Errorf("the owner is locked out: %v", err)
	}
	if _, err := b.staff.SignIn(t.Context(), "ali@example.com", password, "198.51.100.7", ""); err != nil {
		t.Errorf("a colleague behind the same address is locked out: %v", err)
	}
	b.clock.Advance(15*time.Minute + time.Second)
	if _, err := b.staff.SignIn(t.Context(), address, password, "198.51.100.7", ""); err != nil {
		t.Errorf("a quarter of an hour later: %v", err)
	}
}

// A client that tries a password at many addresses is stopped too.
func TestThrottleByClient(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.exec(t, `INSERT INTO staff_signin_failures (email, ip, at) SELECT 'guess' || n, '198.51.100.7', $1 FROM generate_series(1, 60) n`, morning)
	if _, err := b.staff.SignIn(t.Context(), address, password, "198.51.100.7", ""); !fault.Is(err, fault.TooMany) {
		t.Errorf("%v", err)
	}
}

// Guesses that come at the same instant are counted as well.
func TestThrottleInParallel(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var mu sync.Mutex
	kinds := map[string]int{}
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i := range 60 {
		wg.Go(func() {
			<-start
			_, err := b.staff.SignIn(t.Context(), address, fmt.Sprint("guess number ", i), "198.51.100.7", "")
			mu.Lock()
			defer mu.Unlock()
			if f := fault.Of(err); f != nil {
				kinds[f.Key]++
			} else {
				t.Error(err)
			}
		})
	}
	close(start)
	wg.Wait()
	// Four are looked at side by side, and do not know of each other.
	if tried := kinds["staff.error.wrong"]; tried < 8 || tried > 8+3 || kinds["staff.error.throttled"] != 60-tried {
		t.Errorf("%v", kinds)
	}
}

// Twenty sign in at once: all get in, each with a session of their own.
func TestSignInInParallel(t *testing.T) {
	t.Parallel()
	b := setup(t)
	tokens := make(chan token.Token, 20)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			signed, err := b.staff.SignIn(t.Context(), address, password, office, "")
			if err != nil {
				t.Error(err)
			}
			tokens <- signed.Token
		})
	}
	wg.Wait()
	close(tokens)
	seen := map[token.Token]bool{}
	for t := range tokens {
		seen[t] = true
	}
	if len(seen) != 20 {
		t.Errorf("%d sessions", len(seen))
	}
}

// A role that is taken away is gone at the next request, and its permissions
// with it.
func TestRoleRevoked(t *testing.T) {
	t.Parallel()
	b := setup(t)
	policy, err := access.Load()
	if err != nil {
		t.Fatal(err)
	}
	session := b.signIn(t)
	may := func() bool {
		actor, err := b.staff.Actor(t.Context(), session, office)
		if err != nil {
			t.Fatal(err)
		}
		return policy.Allows(actor, access.ClaimOrder)
	}
	if !may() {
		t.Fatal("an operator may not claim")
	}
	b.exec(t, "UPDATE staff_roles SET revoked_at = now() WHERE role = 'operator'")
	if may() {
		t.Error("still may, without the role")
	}
	b.exec(t, "INSERT INTO staff_roles (member_id, role, granted_at) VALUES ($1, 'operator', now())", b.id)
	if !may() {
		t.Error("may not, with the role given anew")
	}
}
