package staff_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"pishkhan/internal/audit"
	"pishkhan/internal/fault"
	"pishkhan/internal/staff"
	"pishkhan/internal/token"
)

// A session ends after two hours without a request, and after twelve in any case.
func TestSessionTimesOut(t *testing.T) {
	t.Parallel()
	b := setup(t)
	alive := func(session token.Token) bool {
		t.Helper()
		_, err := b.staff.Actor(t.Context(), session, office)
		if err != nil && !fault.Is(err, fault.Unauthenticated) {
			t.Fatal(err)
		}
		return err == nil
	}
	idle, busy := b.signIn(t), b.signIn(t)
	for range 6 {
		b.clock.Advance(2 * time.Hour)
		if !alive(busy) {
			t.Fatal("a busy session ended")
		}
	}
	if alive(idle) {
		t.Error("an idle session lives")
	}
	b.clock.Advance(time.Second)
	if alive(busy) {
		t.Error("a session lives longer than twelve hours")
	}
	late := b.signIn(t)
	b.clock.Advance(2*time.Hour + time.Second)
	if alive(late) {
		t.Error("idle for more than two hours, and alive")
	}
	if alive(token.New()) || alive("") || alive("planted") {
		t.Error("a token that nobody gave out opens a session")
	}
}

// Signing out ends this session, for good, even for a request that is under
// way, and no other.
func TestSignOut(t *testing.T) {
	t.Parallel()
	b := setup(t)
	here, there := b.signIn(t), b.signIn(t)
	actor, err := b.staff.Actor(t.Context(), here, office)
	if err != nil {
		t.Fatal(err)
	}
	b.clock.Advance(5 * time.Minute) // long enough for a request to touch the session
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() { _, _ = b.staff.Actor(t.Context(), here, office) })
	}
	wg.Go(func() {
		if err := b.staff.SignOut(t.Context(), actor, here); err != nil {
			t.Error(err)
		}
	})
	wg.Wait()
	if _, err := b.staff.Actor(t.Context(), here, office); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("signed out, and in: %v", err)
	}
	if _, err := b.staff.Actor(t.Context(), there, office); err != nil {
		t.Errorf("the other session: %v", err)
	}
	if err := b.staff.SignOut(t.Context(), actor, here); err != nil {
		t.Errorf("signing out twice: %v", err)
	}
}

// A member who is disabled is out at the next request, on every device.
func TestDisabled(t *testing.T) {
	t.Parallel()
	b := setup(t)
	sessions := []token.Token{b.signIn(t), b.signIn(t)}
	b.exec(t, "UPDATE staff_members SET disabled_at = now() WHERE id = $1", b.id)
	for _, session := range sessions {
		if _, err := b.staff.Actor(t.Context(), session, office); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("still in: %v", err)
		}
	}
}

// Passwords that anybody would guess first, or that are short, are refused;
// long ones are taken whole.
func TestPasswords(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for name, tt := range map[string]struct{ password, key string }{
		"short":                {"1234567", "staff.error.password_short"},
		"short, many bytes":    {"کبوتر۱۴", "staff.error.password_short"},
		"common":               {"password123", "staff.error.password_common"},
		"common, in capitals":  {"PassWord123", "staff.error.password_common"},
		"digits":               {"123456789", "staff.error.password_common"},
		"longer than any need": {strings.Repeat("x", 257), "staff.error.password_long"},
	} {
		_, err := b.staff.Add(t.Context(), audit.Machine, staff.NewMember{Email: "new@example.com", Name: "New", Password: tt.password})
		f := fault.Of(err)
		if f == nil || f.Kind != fault.Invalid || len(f.Fields) != 1 || f.Fields[0].Name != "password" || f.Fields[0].Key != tt.key {
			t.Errorf("%s: %v", name, err)
		}
	}
	long := strings.Repeat("کبوتر ", 21) + "14" // 128 letters
	if _, err := b.staff.Add(t.Context(), audit.Machine, staff.NewMember{Email: "new@example.com", Name: "New", Password: long}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.staff.SignIn(t.Context(), "new@example.com", long, office, ""); err != nil {
		t.Errorf("long: %v", err)
	}
	if _, err := b.staff.SignIn(t.Context(), "new@example.com", long[:len(long)-1], office, ""); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("all but the last letter: %v", err)
	}
}

// What is wrong with a new member is told field by field; an address is taken once.
func TestAdd(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, err := b.staff.Add(t.Context(), audit.Machine, staff.NewMember{Email: "no address", Name: " ", Password: "x", Roles: []audit.Role{"king"}})
	if f := fault.Of(err); f == nil || f.Kind != fault.Invalid || len(f.Fields) != 4 {
		t.Errorf("%v", err)
	}
	_, err = b.staff.Add(t.Context(), audit.Machine, staff.NewMember{Email: "SARA@example.com", Name: "Sara too", Password: password})
	if !fault.Is(err, fault.Conflict) {
		t.Errorf("taken: %v", err)
	}
	members, err := b.staff.List(t.Context())
	if err != nil || len(members) != 1 || members[0].Email != address || len(members[0].Roles) != 2 {
		t.Errorf("%+v, %v", members, err)
	}
	if shown := format(staff.NewMember{Email: address, Password: password}); strings.Contains(shown, password) {
		t.Errorf("the password shows: %s", shown)
	}
}

func format(v any) string { return fmt.Sprintf("%v %+v %#v %s", v, v, v, v) }
