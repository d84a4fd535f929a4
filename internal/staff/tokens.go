package staff

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/seal"
	"pishkhan/internal/staff/internal/sqlq"
	"pishkhan/internal/token"
)

// Scope is what a token may be used for, of all that its owner may do. Its
// name is the message key "tokens.scope.<scope>".
type Scope string

// The scopes.
const (
	Read Scope = "read" // see the queue and the orders
	Work Scope = "work" // claim orders and carry them out
)

// Scopes lists all scopes, in the order in which to offer them.
var Scopes = []Scope{Read, Work}

// MaxTokenAge is how long a token lasts at most: who still needs one takes a new one.
const MaxTokenAge = 366 * 24 * time.Hour

// Token is what a member's own program shows to be let in as that member,
// without the secret itself.
type Token struct {
	ID         int64
	MemberID   int64
	MemberName string
	Name       string
	Prefix     string // how the secret begins
	Scopes     []Scope
	CreatedAt  time.Time
	ExpiresAt  time.Time
	LastUsedAt *time.Time // to the minute
	RevokedAt  *time.Time
}

// Live reports whether the token still opens the door.
func (t Token) Live(now time.Time) bool { return t.RevokedAt == nil && now.Before(t.ExpiresAt) }

// TokenMark begins every token: scanners for secrets know ours by it, and the
// API tells staff from shop fronts.
const TokenMark = "pst_"

const tokenPrefix = len(TokenMark) + 6

// NewToken is a token about to be issued.
type NewToken struct {
	MemberID int64
	Name     string
	Scopes   []Scope
	Age      time.Duration
}

// IssueToken gives a member a token, and returns its secret, which is shown
// once and not kept. Faults: Invalid with the fields name, scopes and expires;
// NotFound for a member who is not there or was shut out.
func (s *Staff) IssueToken(ctx context.Context, by audit.Actor, n NewToken) (Token, seal.Secret, error) {
	if err := n.check(); err != nil {
		return Token{}, seal.Secret{}, err
	}
	return s.issue(ctx, by, n, nil)
}

// IssueOwnToken is IssueToken for the actor, who gives their password once
// more: a token outlives the session, and whoever sits down at an open desk
// must not take one away. Faults: also Invalid with the field password, and
// TooMany, as of a sign-in.
func (s *Staff) IssueOwnToken(ctx context.Context, by audit.Actor, password string, n NewToken) (Token, seal.Secret, error) {
	n.MemberID = by.ID
	if err := n.check(); err != nil {
		return Token{}, seal.Secret{}, err
	}
	email, err := sqlq.New(s.pool).EmailOf(ctx, by.ID)
	if err != nil {
		return Token{}, seal.Secret{}, memberFault("issue a token", err)
	}
	member, err := s.verify(ctx, email, password, by.IP, "staff.token_refused")
	if fault.Is(err, fault.Unauthenticated) {
		var wrong fault.Fields
		wrong.Add("password", "tokens.error.password")
		err = wrong.Err()
	}
	if err != nil {
		return Token{}, seal.Secret{}, err
	}
	return s.issue(ctx, by, n, &member.PasswordHash)
}

// issue keeps a token that was checked; phc is the hash of the password that
// was given for it, if one was.
func (s *Staff) issue(ctx context.Context, by audit.Actor, n NewToken, phc *string) (Token, seal.Secret, error) {
	secret, now := TokenMark+string(token.New()), s.clock.Now()
	t := Token{
		MemberID: n.MemberID, Name: n.Name, Prefix: secret[:tokenPrefix], Scopes: n.Scopes, CreatedAt: now, ExpiresAt: now.Add(n.Age),
	}
	insert := sqlq.InsertTokenParams{
		MemberID: t.MemberID, Name: t.Name, Prefix: t.Prefix, TokenHash: token.Token(secret).Hash(), Scopes: scopeWords(t.Scopes),
		CreatedAt: now, ExpiresAt: t.ExpiresAt, PasswordHash: phc,
	}
	if by.Kind == audit.Staff {
		insert.CreatedBy = &by.ID
	}
	err := db.InTx(ctx, s.pool, func(ctx context.Context, tx pgx.Tx) error {
		var err error
		if t.ID, err = sqlq.New(tx).InsertToken(ctx, insert); err != nil {
			return memberFault("issue a token", err)
		}
		return audit.Record(ctx, tx, audit.Entry{
			At: now, Actor: by, Verb: "staff.token_issue", Subject: subject(t.MemberID), Detail: map[string]any{
				"token": t.ID, "name": t.Name, "prefix": t.Prefix, "scopes": t.Scopes, "expires": t.ExpiresAt,
			},
		})
	})
	if err != nil {
		return Token{}, seal.Secret{}, err
	}
	return t, seal.NewSecret(secret), nil
}

// IssueTokenFor is IssueToken for whoever has the e-mail address.
func (s *Staff) IssueTokenFor(ctx context.Context, by audit.Actor, email string, n NewToken) (Token, seal.Secret, error) {
	member, err := sqlq.New(s.pool).MemberByEmail(ctx, normal(email))
	if err != nil {
		return Token{}, seal.Secret{}, memberFault("issue a token", err)
	}
	n.MemberID = member.ID
	return s.IssueToken(ctx, by, n)
}

// check tidies the name and the scopes.
func (n *NewToken) check() error {
	var wrong fault.Fields
	n.Name = strings.TrimSpace(n.Name)
	switch length := utf8.RuneCountInString(n.Name); {
	case length == 0:
		wrong.Add("name", "tokens.error.name_empty")
	case length > 80:
		wrong.Add("name", "tokens.error.name_long", "max", 80)
	}
	asked := n.Scopes
	n.Scopes = nil
	for _, scope := range Scopes {
		if slices.Contains(asked, scope) {
			n.Scopes = append(n.Scopes, scope)
		}
	}
	for _, scope := range asked {
		if !slices.Contains(Scopes, scope) {
			wrong.Add("scopes", "tokens.error.scope_unknown", "scope", string(scope))
		}
	}
	if len(asked) == 0 {
		wrong.Add("scopes", "tokens.error.no_scope")
	}
	if n.Age <= 0 || n.Age > MaxTokenAge {
		wrong.Add("expires", "tokens.error.expiry")
	}
	return wrong.Err()
}

// RevokeToken ends a token, from its next request on. To do it again changes
// nothing. Unless anybodys, only the actor's own is found. Fault: NotFound.
func (s *Staff) RevokeToken(ctx context.Context, by audit.Actor, id int64, anybodys bool) error {
	return db.InTx(ctx, s.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := s.clock.Now()
		of := &by.ID
		if anybodys {
			of = nil
		}
		row, err := sqlq.New(tx).RevokeToken(ctx, &now, id, of)
		if errors.Is(err, pgx.ErrNoRows) {
			return fault.New(fault.NotFound, "tokens.error.not_found")
		}
		if err != nil {
			return fmt.Errorf("revoke token %d: %w", id, err)
		}
		return audit.Record(ctx, tx, audit.Entry{
			At: now, Actor: by, Verb: "staff.token_revoke", Subject: subject(row.MemberID),
			Detail: map[string]any{"token": id, "name": row.Name, "prefix": row.Prefix},
		})
	})
}

// Tokens returns a member's tokens, or with 0 everybody's: those that open the
// door, then those that did, the newest first, at most 200.
func (s *Staff) Tokens(ctx context.Context, memberID int64) ([]Token, error) {
	q, now := sqlq.New(s.pool), s.clock.Now()
	var list []Token
	if memberID != 0 {
		rows, err := q.TokensOf(ctx, memberID, now)
		if err != nil {
			return nil, fmt.Errorf("tokens of member %d: %w", memberID, err)
		}
		for _, r := range rows {
			list = append(list, tokenFrom(sqlq.TokensRow(r)))
		}
		return list, nil
	}
	rows, err := q.Tokens(ctx, now)
	if err != nil {
		return nil, fmt.Errorf("tokens: %w", err)
	}
	for _, r := range rows {
		list = append(list, tokenFrom(r))
	}
	return list, nil
}

func tokenFrom(r sqlq.TokensRow) Token {
	return Token{
		ID: r.ID, MemberID: r.MemberID, MemberName: r.MemberName, Name: r.Name, Prefix: r.Prefix, Scopes: scopesOf(r.Scopes),
		CreatedAt: r.CreatedAt, ExpiresAt: r.ExpiresAt, LastUsedAt: r.LastUsedAt, RevokedAt: r.RevokedAt,
	}
}

func scopesOf(words []string) []Scope {
	list := make([]Scope, len(words))
	for i, word := range words {
		list[i] = Scope(word)
	}
	return list
}

func scopeWords(scopes []Scope) []string {
	list := make([]string, len(scopes))
	for i, scope := range scopes {
		list[i] = string(scope)
	}
	return list
}
