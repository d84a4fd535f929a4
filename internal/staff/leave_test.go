package staff_test

import (
	"sync"
	"testing"

	"pishkhan/internal/audit"
	"pishkhan/internal/fault"
	"pishkhan/internal/staff"
)

const renewed = "Kabutar bar bam 15"

// Who leaves is out on every device at once, does not come in again, and both
// the leaving and who saw to it are on record.
func TestDisable(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.signIn(t)
	b.signIn(t)
	for range 2 { // again is the same
		if err := b.staff.Disable(t.Context(), audit.Machine, " SARA@example.com"); err != nil {
			t.Fatal(err)
		}
	}
	if n := b.count(t, "SELECT count(*) FROM staff_sessions WHERE revoked_at IS NULL"); n != 0 {
		t.Errorf("%d sessions live", n)
	}
	if _, err := b.staff.SignIn(t.Context(), address, password, office, ""); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("comes in again: %v", err)
	}
	if members, err := b.staff.List(t.Context()); err != nil || members[0].DisabledAt == nil || !members[0].DisabledAt.Equal(morning) {
		t.Errorf("%+v, %v", members, err)
	}
	if n := b.count(t, "SELECT count(*) FROM audit_entries WHERE verb = 'staff.disable' AND detail @> '{\"sessions_ended\": 2}'"); n != 1 {
		t.Errorf("%d on record", n)
	}
	if err := b.staff.Disable(t.Context(), audit.Machine, "nobody@example.com"); !fault.Is(err, fault.NotFound) {
		t.Errorf("nobody: %v", err)
	}
}

// Another password ends every session, and the one before opens none.
func TestSetPassword(t *testing.T) {
	t.Parallel()
	b := setup(t)
	before := b.signIn(t)
	if err := b.staff.SetPassword(t.Context(), audit.Machine, address, "1234567"); !fault.Is(err, fault.Invalid) {
		t.Errorf("a short one: %v", err)
	}
	if _, err := b.staff.Actor(t.Context(), before, office); err != nil {
		t.Errorf("out, though nothing was changed: %v", err)
	}
	if err := b.staff.SetPassword(t.Context(), audit.Machine, address, renewed); err != nil {
		t.Fatal(err)
	}
	if _, err := b.staff.Actor(t.Context(), before, office); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("the session of before: %v", err)
	}
	if _, err := b.staff.SignIn(t.Context(), address, password, office, ""); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("the password of before: %v", err)
	}
	if _, err := b.staff.SignIn(t.Context(), address, renewed, office, ""); err != nil {
		t.Errorf("the new password: %v", err)
	}
	if n := b.count(t, "SELECT count(*) FROM audit_entries WHERE verb = 'staff.set_password' AND subject LIKE 'member:%'"); n != 1 {
		t.Errorf("%d on record", n)
	}
	if n := b.count(t, "SELECT count(*) FROM audit_entries a WHERE a::text LIKE '%Kabutar%'"); n != 0 {
		t.Error("a password is on record")
	}
	if err := b.staff.SetPassword(t.Context(), audit.Machine, "nobody@example.com", renewed); !fault.Is(err, fault.NotFound) {
		t.Errorf("nobody: %v", err)
	}
}

// Whoever signs in with the old password while it changes has no session
// afterwards.
func TestSetPasswordAmidSignIns(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var wg sync.WaitGroup
	for range 12 {
		wg.Go(func() {
			_, err := b.staff.SignIn(t.Context(), address, password, office, "")
			if err != nil && !fault.Is(err, fault.Unauthenticated) && !fault.Is(err, fault.TooMany) {
				t.Error(err)
			}
		})
	}
	wg.Go(func() {
		if err := b.staff.SetPassword(t.Context(), audit.Machine, address, renewed); err != nil {
			t.Error(err)
		}
	})
	wg.Wait()
	if n := b.count(t, "SELECT count(*) FROM staff_sessions WHERE revoked_at IS NULL"); n != 0 {
		t.Errorf("%d sessions outlive their password", n)
	}
}

// Roles change under an open session, and the change is on record.
func TestChangeRoles(t *testing.T) {
	t.Parallel()
	b := setup(t)
	session := b.signIn(t)
	err := b.staff.ChangeRoles(t.Context(), audit.Machine, address,
		[]audit.Role{audit.Supervisor, audit.Operator}, []audit.Role{audit.Finance, audit.Auditor})
	if err != nil {
		t.Fatal(err)
	}
	actor, err := b.staff.Actor(t.Context(), session, office)
	if err != nil || len(actor.Roles) != 2 || !actor.Has(audit.Operator) || !actor.Has(audit.Supervisor) {
		t.Errorf("%+v, %v", actor, err)
	}
	if n := b.count(t, "SELECT count(*) FROM audit_entries WHERE verb = 'staff.change_roles' AND detail->'revoked' @> '[\"finance\"]'"); n != 1 {
		t.Errorf("%d on record", n)
	}
	if err := b.staff.ChangeRoles(t.Context(), audit.Machine, address, []audit.Role{"king"}, nil); !fault.Is(err, fault.Invalid) {
		t.Errorf("king: %v", err)
	}
	if err := b.staff.ChangeRoles(t.Context(), audit.Machine, "nobody@example.com", staff.Roles, nil); !fault.Is(err, fault.NotFound) {
		t.Errorf("nobody: %v", err)
	}
}
