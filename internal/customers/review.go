package customers

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/attachments"
	"pishkhan/internal/audit"
	"pishkhan/internal/customers/internal/sqlq"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
)

// Decide writes a reviewer's verdict on a case, once. A rejection needs a
// reason (Invalid, field reason); a case that was decided meanwhile is a Conflict.
func (c *Customers) Decide(ctx context.Context, tx pgx.Tx, now time.Time, reviewer audit.Actor, caseID int64, v Verdict, reason string) error {
	reason = strings.TrimSpace(reason)
	if v == Rejected && reason == "" {
		var wrong fault.Fields
		wrong.Add("reason", "customers.error.reason_empty")
		return wrong.Err()
	}
	verdict := string(v)
	decided, err := sqlq.New(tx).DecideCase(ctx, sqlq.DecideCaseParams{
		ID: caseID, Verdict: &verdict, Reason: reason, DecidedBy: &reviewer.ID, DecidedAt: &now,
	})
	if err != nil {
		return fmt.Errorf("decide identity case %d: %w", caseID, err)
	}
	if decided == 0 {
		return fault.New(fault.Conflict, "customers.error.already_decided")
	}
	return audit.Record(ctx, tx, audit.Entry{
		At: now, Actor: reviewer, Verb: "identity." + verdict, Subject: fmt.Sprintf("identity:%d", caseID),
		Detail: map[string]any{"reason": reason},
	})
}

// View returns a case with its national code, for who reviews it. The record
// of who looked commits before the code leaves.
func (c *Customers) View(ctx context.Context, viewer audit.Actor, caseID int64) (filed Case, nationalCode string, err error) {
	err = db.InTx(ctx, c.pool, func(ctx context.Context, tx pgx.Tx) error {
		if filed, err = c.Case(ctx, tx, caseID); err != nil {
			return err
		}
		if nationalCode, err = c.NationalCode(ctx, tx, filed); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{
			At: c.clock.Now(), Actor: viewer, Verb: "identity.view", Subject: fmt.Sprintf("identity:%d", caseID),
		})
	})
	if err != nil {
		return Case{}, "", err
	}
	return filed, nationalCode, nil
}

// ViewDocument returns the document of a case with its bytes, for who reviews
// it; NotFound when it has none. The record of who looked commits before the
// document leaves.
func (c *Customers) ViewDocument(ctx context.Context, viewer audit.Actor, caseID int64) (attachments.Attachment, []byte, error) {
	filed, err := c.Case(ctx, c.pool, caseID)
	if err != nil {
		return attachments.Attachment{}, nil, err
	}
	if filed.DocumentID == 0 {
		return attachments.Attachment{}, nil, fault.New(fault.NotFound, "customers.error.no_document")
	}
	err = db.InTx(ctx, c.pool, func(ctx context.Context, tx pgx.Tx) error {
		return audit.Record(ctx, tx, audit.Entry{
			At: c.clock.Now(), Actor: viewer, Verb: "identity.view_document", Subject: fmt.Sprintf("identity:%d", caseID),
		})
	})
	if err != nil {
		return attachments.Attachment{}, nil, err
	}
	return c.papers.Read(ctx, filed.DocumentID)
}

// Case returns an identity case, or NotFound.
func (c *Customers) Case(ctx context.Context, db sqlq.DBTX, id int64) (Case, error) {
	row, err := sqlq.New(db).CaseByID(ctx, id)
	if errors.Is(err, pgx.ErrNoRows) {
		return Case{}, fault.New(fault.NotFound, "customers.error.case_not_found")
	}
	if err != nil {
		return Case{}, fmt.Errorf("identity case %d: %w", id, err)
	}
	return fromRow(row), nil
}

// Latest returns the newest case that a browser handed in, or NotFound.
func (c *Customers) Latest(ctx context.Context, visitorID int64) (Case, error) {
	row, err := sqlq.New(c.pool).LatestOfVisitor(ctx, visitorID)
	if errors.Is(err, pgx.ErrNoRows) {
		return Case{}, fault.New(fault.NotFound, "customers.error.case_not_found")
	}
	if err != nil {
		return Case{}, fmt.Errorf("identity case of visitor %d: %w", visitorID, err)
	}
	return fromRow(sqlq.CaseByIDRow(row)), nil
}

// Profile returns what is known of the customer of an account: the newest
// case that was filed in it, or approved; NotFound when there is none.
func (c *Customers) Profile(ctx context.Context, customerID int64) (Case, error) {
	row, err := sqlq.New(c.pool).LatestOfCustomer(ctx, customerID)
	return one(sqlq.CaseByIDRow(row), err, customerID)
}

// Approved returns the newest case of a customer that a reviewer has approved
// and that proves at least as much as level; NotFound when there is none.
func (c *Customers) Approved(ctx context.Context, db sqlq.DBTX, customerID int64, level Level) (Case, error) {
	row, err := sqlq.New(db).ApprovedOfCustomer(ctx, customerID, string(level))
	return one(sqlq.CaseByIDRow(row), err, customerID)
}

func one(row sqlq.CaseByIDRow, err error, customerID int64) (Case, error) {
	if errors.Is(err, pgx.ErrNoRows) {
		return Case{}, fault.New(fault.NotFound, "customers.error.case_not_found")
	}
	if err != nil {
		return Case{}, fmt.Errorf("identity case of customer %d: %w", customerID, err)
	}
	return fromRow(row), nil
}

// Open returns cases without a verdict, oldest first, those after the given
// id, at most limit.
func (c *Customers) Open(ctx context.Context, after int64, limit int32) ([]Case, error) {
	rows, err := sqlq.New(c.pool).OpenCases(ctx, after, limit)
	if err != nil {
		return nil, fmt.Errorf("open identity cases: %w", err)
	}
	cases := make([]Case, len(rows))
	for i, row := range rows {
		cases[i] = fromRow(sqlq.CaseByIDRow(row))
	}
	return cases, nil
}

func fromRow(r sqlq.CaseByIDRow) Case {
	filed := Case{
		ID: r.ID, CustomerID: r.CustomerID, VisitorID: r.VisitorID, Name: r.Name, Email: r.Email, Mobile: r.Mobile,
		Lang: i18n.Lang(r.Lang), BirthDate: r.BirthDate, Level: Level(r.Level), NeedsCare: r.NeedsCare, SubmittedAt: r.SubmittedAt,
		Reason: r.Reason, DecidedAt: r.DecidedAt, sealed: r.NationalCodeSealed,
	}
	if r.DocumentID != nil {
		filed.DocumentID = *r.DocumentID
	}
	if r.Verdict != nil {
		filed.Verdict = Verdict(*r.Verdict)
	}
	return filed
}
