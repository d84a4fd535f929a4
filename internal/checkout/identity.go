package checkout

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/contacts"
	"pishkhan/internal/customers"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
)

// DecideIdentity carries a reviewer's verdict to the orders that wait for it:
// a paid order enters the queue on approval; on rejection somebody must call
// the customer. It returns the faults of customers.Decide.
func (c *Checkout) DecideIdentity(ctx context.Context, reviewer audit.Actor, caseID int64, v customers.Verdict, reason string) error {
	return db.InTx(ctx, c.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := c.clock.Now()
		if err := c.customers.Decide(ctx, tx, now, reviewer, caseID, v, reason); err != nil {
			return err
		}
		waiting, err := c.book.LockOfCase(ctx, tx, caseID)
		if err != nil {
			return err
		}
		for _, o := range waiting {
			if v == customers.Approved {
				err = c.verified(ctx, tx, now, reviewer, o)
			} else {
				err = c.refused(ctx, tx, now, reviewer, o, reason)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func (c *Checkout) verified(ctx context.Context, tx pgx.Tx, now time.Time, reviewer audit.Actor, o orders.Order) error {
	step := orders.Step{Order: o, Verb: orders.IdentityOK, Actor: reviewer}
	if o.State == orders.AwaitingPayment {
		if err := c.book.MarkVerified(ctx, tx, now, o.ID); err != nil {
			return err
		}
		return c.book.Note(ctx, tx, now, step)
	}
	step.Verb, step.Detail = orders.Verify, map[string]any{"last": "identity"}
	if err := c.book.Move(ctx, tx, now, step); err != nil {
		return err
	}
	return c.contacts.CloseByFacts(ctx, tx, now, o.ID, contacts.IdentityPending, contacts.IdentityRejected)
}

func (c *Checkout) refused(ctx context.Context, tx pgx.Tx, now time.Time, reviewer audit.Actor, o orders.Order, reason string) error {
	step := orders.Step{Order: o, Verb: orders.IdentityRefused, Actor: reviewer, Reason: reason}
	if err := c.book.Note(ctx, tx, now, step); err != nil {
		return err
	}
	if o.State != orders.AwaitingKYC {
		return nil
	}
	if err := c.contacts.CloseByFacts(ctx, tx, now, o.ID, contacts.IdentityPending); err != nil {
		return err
	}
	return c.contacts.Open(ctx, tx, now, o.ID, contacts.IdentityRejected, reason)
}

// RefileIdentity hands in a new identity for the orders placed together with
// o, after the first was rejected; where that had a document, so must this. It
// returns Invalid as Place does, and Conflict when no order waits for one.
func (c *Checkout) RefileIdentity(ctx context.Context, visitor audit.Actor, o orders.Order, form customers.IdentityForm) error {
	identity, err := form.Check(c.clock.Now())
	wrong := fault.Of(err)
	if err != nil && wrong == nil {
		return err
	}
	return db.InTx(ctx, c.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := c.clock.Now()
		before, err := c.customers.Case(ctx, tx, o.IdentityCaseID)
		if err != nil {
			return err
		}
		if before.Verdict != customers.Rejected {
			return fault.New(fault.Conflict, "customers.error.already_decided")
		}
		if err := checkLevel(wrong, before.Level, form.DocumentID); err != nil {
			return err
		}
		waiting, err := c.book.LockOfCase(ctx, tx, before.ID)
		if err != nil {
			return err
		}
		if len(waiting) == 0 {
			return fault.New(fault.Conflict, "orders.error.moved_on", "code", o.Code)
		}
		filed, err := c.customers.File(ctx, tx, now, visitor.ID, identity, o.Lang)
		if err != nil {
			return err
		}
		for _, o := range waiting {
			if err := c.refile(ctx, tx, now, visitor, o, filed); err != nil {
				return err
			}
		}
		return nil
	})
}

func (c *Checkout) refile(ctx context.Context, tx pgx.Tx, now time.Time, visitor audit.Actor, o orders.Order, filed customers.Case) error {
	if err := c.book.ReplaceCase(ctx, tx, o.ID, filed.ID, filed.CustomerID); err != nil {
		return err
	}
	if err := c.book.Note(ctx, tx, now, orders.Step{Order: o, Verb: orders.IdentityFiled, Actor: visitor}); err != nil {
		return err
	}
	if err := c.contacts.CloseByFacts(ctx, tx, now, o.ID, contacts.IdentityRejected); err != nil {
		return err
	}
	if filed.Verdict == customers.Approved { // the very same papers were approved before
		return c.verified(ctx, tx, now, audit.Machine, o)
	}
	if o.State != orders.AwaitingKYC {
		return nil
	}
	return c.contacts.Open(ctx, tx, now, o.ID, contacts.IdentityPending, "")
}
