package staff_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pishkhan/internal/audit"
	"pishkhan/internal/fault"
	"pishkhan/internal/staff"
	"pishkhan/internal/testworld"
)

// issue gives a member a token that may everything, and returns its secret.
func issue(t *testing.T, w *testworld.World, of audit.Actor) (staff.Token, string) {
	t.Helper()
	token, secret, err := w.House.Staff.IssueToken(t.Context(), of, staff.NewToken{
		MemberID: of.ID, Name: " robot ", Scopes: []staff.Scope{staff.Work, staff.Read}, Age: time.Hour,
	})
	testworld.Must(t, err)
	return token, secret.Reveal()
}

func refused(t *testing.T, w *testworld.World, secret string) {
	t.Helper()
	if who, err := w.House.Staff.Bearer(t.Context(), secret, "192.0.2.7"); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("let in as %q: %v", who.Actor.Name, err)
	}
}

// A token opens the door for its owner, with the roles of the moment, until
// it expires or is revoked. Only its hash is kept.
func TestTokens(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	s := w.House.Staff
	token, secret := issue(t, w, w.Operator)
	if !strings.HasPrefix(secret, staff.TokenMark) || len(secret) != len(staff.TokenMark)+43 || !strings.HasPrefix(secret, token.Prefix) ||
		token.Name != "robot" || token.Scopes[0] != staff.Read {
		t.Errorf("token %+v", token)
	}
	who, err := s.Bearer(t.Context(), secret, "192.0.2.7")
	testworld.Must(t, err)
	if who.Actor.ID != w.Operator.ID || !who.Actor.Has(audit.Operator) || who.Actor.IP != "192.0.2.7" || who.May(staff.Work) != nil || who.May("reign") == nil {
		t.Errorf("let in as %+v", who)
	}
	if n := w.Count(t, `SELECT count(*) FROM staff_tokens t WHERE t::text LIKE '%' || $1 || '%'`, secret[len(token.Prefix):]); n != 0 {
		t.Error("the secret is in the table")
	}
	for _, other := range []string{"", "pst_", secret + "x", strings.ToUpper(secret), secret[:len(secret)-1]} {
		refused(t, w, other)
	}

	testworld.Must(t, s.ChangeRoles(t.Context(), audit.Machine, "operator@demo.test", nil, []audit.Role{audit.Operator}))
	who, err = s.Bearer(t.Context(), secret, "")
	testworld.Must(t, err)
	if len(who.Actor.Roles) != 0 {
		t.Errorf("still %v", who.Actor.Roles)
	}
	w.Clock.Advance(time.Hour)
	refused(t, w, secret)
	if n := w.Count(t, `SELECT count(*) FROM audit_entries WHERE verb = 'staff.token_issue' AND subject = $1`, fmt.Sprintf("member:%d", w.Operator.ID)); n != 1 {
		t.Errorf("%d entries", n)
	}
}

// The last use is kept to the minute: who asks often writes seldom.
func TestLastUse(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	_, secret := issue(t, w, w.Operator)
	used := func() time.Time {
		_, err := w.House.Staff.Bearer(t.Context(), secret, "")
		testworld.Must(t, err)
		list, err := w.House.Staff.Tokens(t.Context(), w.Operator.ID)
		testworld.Must(t, err)
		return *list[0].LastUsedAt
	}
	first := used()
	w.Clock.Advance(59 * time.Second)
	if again := used(); !again.Equal(first) {
		t.Errorf("written again after %s", again.Sub(first))
	}
	w.Clock.Advance(time.Second)
	if again := used(); again.Sub(first) != time.Minute {
		t.Errorf("after a minute it says %s", again.Sub(first))
	}
}

// Members revoke their own; who manages tokens revokes anybody's.
func TestRevoke(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	s := w.House.Staff
	mine, secret := issue(t, w, w.Operator)
	if err := s.RevokeToken(t.Context(), w.Operator2, mine.ID, false); !fault.Is(err, fault.NotFound) {
		t.Errorf("a colleague: %v", err)
	}
	_, err := s.Bearer(t.Context(), secret, "")
	testworld.Must(t, err)
	testworld.Must(t, s.RevokeToken(t.Context(), w.Admin, mine.ID, true))
	refused(t, w, secret)
	testworld.Must(t, s.RevokeToken(t.Context(), w.Operator, mine.ID, false))
	issue(t, w, w.Operator2)
	for of, want := range map[int64]int{w.Operator.ID: 1, w.Operator2.ID: 1, w.Admin.ID: 0, 0: 2} {
		list, err := s.Tokens(t.Context(), of)
		if err != nil || len(list) != want {
			t.Errorf("tokens of %d: %d, %v", of, len(list), err)
		}
	}
}

// Who is shut out, or gets another password, works through no token of before.
func TestLeavingEndsTokens(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	_, first := issue(t, w, w.Operator)
	_, second := issue(t, w, w.Operator2)
	testworld.Must(t, w.House.Staff.Disable(t.Context(), audit.Machine, "operator@demo.test"))
	testworld.Must(t, w.House.Staff.SetPassword(t.Context(), audit.Machine, "operator2@demo.test", "a long new password"))
	refused(t, w, first)
	refused(t, w, second)
	_, _, err := w.House.Staff.IssueToken(t.Context(), w.Operator, staff.NewToken{MemberID: w.Operator.ID, Name: "x", Scopes: staff.Scopes, Age: time.Hour})
	if !fault.Is(err, fault.NotFound) {
		t.Errorf("a token for who is shut out: %v", err)
	}
}

func TestBadTokens(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	good := staff.NewToken{MemberID: w.Operator.ID, Name: "x", Scopes: staff.Scopes, Age: time.Hour}
	for field, change := range map[string]func(*staff.NewToken){
		"name":    func(n *staff.NewToken) { n.Name = strings.Repeat("ن", 81) },
		"scopes":  func(n *staff.NewToken) { n.Scopes = []staff.Scope{"read", "reign"} },
		"expires": func(n *staff.NewToken) { n.Age = staff.MaxTokenAge + 1 },
	} {
		bad := good
		change(&bad)
		_, _, err := w.House.Staff.IssueToken(t.Context(), w.Operator, bad)
		if f := fault.Of(err); f == nil || f.Kind != fault.Invalid || len(f.Fields) != 1 || f.Fields[0].Name != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	_, _, err := w.House.Staff.IssueToken(t.Context(), w.Operator, staff.NewToken{MemberID: w.Operator.ID})
	if f := fault.Of(err); f == nil || len(f.Fields) != 3 {
		t.Errorf("nothing given: %v", err)
	}
	if _, _, err := w.House.Staff.IssueTokenFor(t.Context(), audit.Machine, "nobody@demo.test", good); !fault.Is(err, fault.NotFound) {
		t.Errorf("nobody: %v", err)
	}
}

// A member's own token takes their password, once more: a wrong one is put on
// record and counts as at the sign-in, and a token does not outlive a password
// that was changed while it was asked for.
func TestOwnTokensTakeThePassword(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	s, ctx := w.House.Staff, t.Context()
	me := w.Operator
	me.IP = "192.0.2.8"
	asked := staff.NewToken{Name: "x", Scopes: staff.Scopes, Age: time.Hour}
	right := ""
	for _, p := range w.People {
		if p.Name == me.Name {
			right = p.Password
		}
	}
	_, _, err := s.IssueOwnToken(ctx, me, right, staff.NewToken{MemberID: w.Admin.ID})
	if f := fault.Of(err); f == nil || len(f.Fields) != 3 {
		t.Errorf("nothing given: %v", err)
	}
	mine := asked
	mine.MemberID = w.Admin.ID // is not asked
	if token, _, err := s.IssueOwnToken(ctx, me, right, mine); err != nil || token.MemberID != me.ID {
		t.Errorf("%+v, %v", token, err)
	}
	for i := range 8 {
		_, _, err := s.IssueOwnToken(ctx, me, right+"x", asked)
		if f := fault.Of(err); f == nil || f.Kind != fault.Invalid || len(f.Fields) != 1 || f.Fields[0].Name != "password" {
			t.Errorf("wrong for the %d. time: %v", i+1, err)
		}
	}
	if _, _, err := s.IssueOwnToken(ctx, me, right, asked); !fault.Is(err, fault.TooMany) {
		t.Errorf("after eight: %v", err)
	}
	if n := w.Count(t, "SELECT count(*) FROM audit_entries WHERE verb = 'staff.token_refused'"); n != 8 {
		t.Errorf("%d refusals on record", n)
	}
	w.Clock.Advance(16 * time.Minute)
	testworld.Must(t, s.SetPassword(ctx, audit.Machine, "operator@demo.test", "a long new password"))
	if _, _, err := s.IssueOwnToken(ctx, me, right, asked); !fault.Is(err, fault.Invalid) {
		t.Errorf("the old password: %v", err)
	}
	testworld.Must(t, s.Disable(ctx, audit.Machine, "operator@demo.test"))
	if _, _, err := s.IssueOwnToken(ctx, me, "a long new password", asked); !fault.Is(err, fault.Invalid) {
		t.Errorf("shut out: %v", err)
	}
}

// However many tokens there were since, one that opens the door is listed.
func TestLiveTokensAreListedFirst(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	live, _ := issue(t, w, w.Operator)
	_, err := w.House.Pool.Exec(t.Context(), `INSERT INTO staff_tokens (member_id, name, prefix, token_hash, scopes, created_at, expires_at, revoked_at)
		SELECT member_id, 'old', 'pst_', sha256(n::text::bytea), scopes, created_at, expires_at, CASE WHEN n % 2 = 0 THEN created_at END
		FROM staff_tokens, generate_series(1, 400) n`)
	testworld.Must(t, err)
	_, err = w.House.Pool.Exec(t.Context(), "UPDATE staff_tokens SET created_at = created_at - interval '1 day', expires_at = created_at - interval '1 hour' WHERE name = 'old' AND revoked_at IS NULL")
	testworld.Must(t, err)
	for _, of := range []int64{0, w.Operator.ID} {
		list, err := w.House.Staff.Tokens(t.Context(), of)
		if err != nil || len(list) != 200 || list[0].ID != live.ID || list[1].ID < list[2].ID {
			t.Errorf("of %d: %d, %v", of, len(list), err)
		}
	}
}
