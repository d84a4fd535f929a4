package customers

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/customers/internal/sqlq"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/iran"
	"pishkhan/internal/token"
)

// codeTries is how often somebody may mistype one code.
const codeTries = 5

// Welcome is what else happens when an account is opened in a browser, in the
// same transaction: what was gathered there joins the account.
type Welcome func(ctx context.Context, tx pgx.Tx, now time.Time, visitorID, customerID int64) error

// SignIn opens the account of the mobile number to which AskForCode sent this
// browser's latest code. The browser gets a new token; its old one is dead. A
// number that was never here before gets an account. welcome may be nil.
//
// What is wrong with the code is an Invalid fault of the field "code":
// customers.error.code_form (not six digits), .code_wrong (left: the tries
// that are left), or .code_over when only another code will do: this one was
// used, mistyped too often or has run out, or there is none. A browser in
// which an account is open already is a Conflict.
func (c *Customers) SignIn(ctx context.Context, visitorID int64, typed, ip string, welcome Welcome) (Visitor, error) {
	code := iran.Digits(typed)
	if !isCode(code) {
		return Visitor{}, wrongCode("customers.error.code_form")
	}
	signed := Visitor{ID: visitorID, Token: token.New()}
	var refusal error // said once the try is on record
	err := db.InTx(ctx, c.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := c.clock.Now()
		row, err := sqlq.New(tx).LockCode(ctx, visitorID)
		if errors.Is(err, pgx.ErrNoRows) || err == nil && !live(row, now) {
			return wrongCode("customers.error.code_over")
		}
		if err != nil {
			return fmt.Errorf("sign in: %w", err)
		}
		right, err := c.isRight(ctx, tx, row, code)
		if err != nil {
			return fmt.Errorf("sign in: %w", err)
		}
		if !right {
			refusal, err = c.countWrong(ctx, tx, now, row, ip)
			return err
		}
		signed.CustomerID, err = c.open(ctx, tx, now, row, signed.Token, ip)
		if err != nil || welcome == nil {
			return err
		}
		return welcome(ctx, tx, now, visitorID, signed.CustomerID)
	})
	if err == nil {
		err = refusal
	}
	if err != nil {
		return Visitor{}, err
	}
	return signed, nil
}

// live reports whether a code may still be typed.
func live(row sqlq.SigninCode, now time.Time) bool {
	return row.UsedAt == nil && row.WrongTries < codeTries && now.Before(row.ExpiresAt)
}

func (c *Customers) isRight(ctx context.Context, tx pgx.Tx, row sqlq.SigninCode, code string) (bool, error) {
	mac, err := c.codeMAC(ctx, tx, row.ID, code)
	return err == nil && subtle.ConstantTimeCompare(mac, row.CodeMac) == 1, err
}

// countWrong takes a try from a code, and returns what its owner is told.
func (c *Customers) countWrong(ctx context.Context, tx pgx.Tx, now time.Time, row sqlq.SigninCode, ip string) (refusal, err error) {
	if err := sqlq.New(tx).CountWrongTry(ctx, row.ID); err != nil {
		return nil, fmt.Errorf("sign in: %w", err)
	}
	left := codeTries - int(row.WrongTries) - 1
	if left > 0 {
		return wrongCode("customers.error.code_wrong", "left", left), nil
	}
	err = audit.Record(ctx, tx, audit.Entry{
		At: now, Actor: browser(row.VisitorID, ip), Verb: "customer.sign_in_refused", Subject: fmt.Sprintf("visitor:%d", row.VisitorID),
		Detail: map[string]any{"mobile": iran.Mobile(row.Mobile).Masked()},
	})
	return wrongCode("customers.error.code_over"), err
}

// open uses the code up, and the browser is its customer's from here on.
func (c *Customers) open(ctx context.Context, tx pgx.Tx, now time.Time, row sqlq.SigninCode, t token.Token, ip string) (customerID int64, err error) {
	q := sqlq.New(tx)
	if err := q.UseCode(ctx, &now, row.ID); err != nil {
		return 0, fmt.Errorf("sign in: %w", err)
	}
	if customerID, err = customer(ctx, q, now, row.Mobile); err != nil {
		return 0, fmt.Errorf("sign in: %w", err)
	}
	n, err := q.SignVisitorIn(ctx, sqlq.SignVisitorInParams{
		ID: row.VisitorID, TokenHash: t.Hash(), CustomerID: &customerID, At: &now,
	})
	if err != nil {
		return 0, fmt.Errorf("sign in: %w", err)
	}
	if n == 0 {
		return 0, fault.New(fault.Conflict, "customers.error.signed_in")
	}
	return customerID, audit.Record(ctx, tx, audit.Entry{
		At: now, Actor: browser(row.VisitorID, ip), Verb: "customer.sign_in", Subject: fmt.Sprintf("customer:%d", customerID),
	})
}

// SignOut closes the account in this browser: its token opens nothing any
// more, and whoever uses the browser next begins as a stranger.
func (c *Customers) SignOut(ctx context.Context, v Visitor, ip string) error {
	return db.InTx(ctx, c.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := c.clock.Now()
		n, err := sqlq.New(tx).EndVisitor(ctx, &now, v.ID)
		if err != nil {
			return fmt.Errorf("sign out: %w", err)
		}
		if n == 0 || v.CustomerID == 0 {
			return nil
		}
		return audit.Record(ctx, tx, audit.Entry{
			At: now, Actor: browser(v.ID, ip), Verb: "customer.sign_out", Subject: fmt.Sprintf("customer:%d", v.CustomerID),
		})
	})
}

// SignOutElsewhere closes the customer's account in every browser but this one.
func (c *Customers) SignOutElsewhere(ctx context.Context, v Visitor, ip string) error {
	return db.InTx(ctx, c.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := c.clock.Now()
		n, err := sqlq.New(tx).EndOtherVisitors(ctx, &now, v.CustomerID, v.ID)
		if err != nil {
			return fmt.Errorf("sign out elsewhere: %w", err)
		}
		return audit.Record(ctx, tx, audit.Entry{
			At: now, Actor: browser(v.ID, ip), Verb: "customer.sign_out_elsewhere", Subject: fmt.Sprintf("customer:%d", v.CustomerID),
			Detail: map[string]any{"browsers": n},
		})
	})
}

func browser(visitorID int64, ip string) audit.Actor {
	return audit.Actor{Kind: audit.Customer, ID: visitorID, Name: "customer", IP: ip}
}

func wrongCode(key string, args ...any) error {
	var wrong fault.Fields
	wrong.Add("code", key, args...)
	return wrong.Err()
}
