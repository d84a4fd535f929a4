// Package audit is the append-only record of who did what. Rooms write to
// it inside the transaction of the act itself; the database refuses to
// change or delete an entry.
package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit/internal/sqlq"
	"pishkhan/internal/db"
)

// Kind says what sort of actor did something.
type Kind string

// The kinds of actors.
const (
	Staff    Kind = "staff"
	Customer Kind = "customer"
	System   Kind = "system" // a job, a gateway's answer: nobody pressed a button
)

// Role is what a staff member is trusted with; access says what it permits.
type Role string

// The roles of the staff.
const (
	Operator   Role = "operator"
	Reviewer   Role = "kyc"
	Finance    Role = "finance"
	Supervisor Role = "supervisor"
	Admin      Role = "admin"
	Auditor    Role = "auditor"
)

// Actor is whoever does something: a staff member with the roles held at
// this moment, a customer's browser, or the system itself.
type Actor struct {
	Kind  Kind
	ID    int64 // staff member or visitor; 0 for the system
	Name  string
	Roles []Role // of a staff member
	IP    string
	Token Token // with which a program acts for the member
}

// Token is a member's token; the zero value is none: the member themselves.
type Token struct {
	ID   int64
	Name string
}

// Machine is the actor of jobs and of what gateways report.
var Machine = Actor{Kind: System, Name: "pishkhan"}

// Has reports whether the actor holds the role.
func (a Actor) Has(role Role) bool { return slices.Contains(a.Roles, role) }

// Entry is one line of the record.
type Entry struct {
	At      time.Time
	Actor   Actor
	Verb    string         // "credential.reveal"
	Subject string         // "order:41"
	Detail  map[string]any // never a secret
}

// Record appends an entry within tx; it is sent behind (see db.Behind).
func Record(ctx context.Context, tx pgx.Tx, e Entry) error {
	detail := []byte("{}")
	if len(e.Detail) > 0 {
		var err error
		if detail, err = json.Marshal(e.Detail); err != nil {
			return fmt.Errorf("audit %s: %w", e.Verb, err)
		}
	}
	var tokenID *int64
	if e.Actor.Token.ID != 0 {
		tokenID = &e.Actor.Token.ID
	}
	err := sqlq.New(db.Behind(tx)).RecordEntry(ctx, sqlq.RecordEntryParams{
		At: e.At, ActorKind: string(e.Actor.Kind), ActorID: e.Actor.ID, ActorName: e.Actor.Name,
		Ip: e.Actor.IP, Verb: e.Verb, Subject: e.Subject, Detail: detail, TokenID: tokenID, TokenName: e.Actor.Token.Name,
	})
	if err != nil {
		return fmt.Errorf("audit %s: %w", e.Verb, err)
	}
	return nil
}

// About returns the newest entries about a subject, newest first, at most limit.
func About(ctx context.Context, q sqlq.DBTX, subject string, limit int32) ([]Entry, error) {
	rows, err := sqlq.New(q).EntriesAbout(ctx, subject, limit)
	if err != nil {
		return nil, fmt.Errorf("audit about %s: %w", subject, err)
	}
	entries := make([]Entry, len(rows))
	for i, r := range rows {
		entries[i] = Entry{
			At: r.At, Verb: r.Verb, Subject: r.Subject,
			Actor: Actor{Kind: Kind(r.ActorKind), ID: r.ActorID, Name: r.ActorName, IP: r.Ip},
		}
		if r.TokenID != nil {
			entries[i].Actor.Token = Token{ID: *r.TokenID, Name: r.TokenName}
		}
		if err := json.Unmarshal(r.Detail, &entries[i].Detail); err != nil {
			return nil, fmt.Errorf("audit about %s: %w", subject, err)
		}
	}
	return entries, nil
}
