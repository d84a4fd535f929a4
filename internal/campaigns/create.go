package campaigns

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/campaigns/internal/sqlq"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
)

// Create begins a campaign and returns its ID. It returns Invalid that names
// each wrong field of the form, also when the code is taken, be it by a
// campaign of the past.
func (c *Campaigns) Create(ctx context.Context, by audit.Actor, form Form) (id int64, err error) {
	now := c.clock.Now()
	draft, err := c.check(ctx, form, now)
	if err != nil {
		return 0, err
	}
	err = db.InTx(ctx, c.pool, func(ctx context.Context, tx pgx.Tx) error {
		q := sqlq.New(tx)
		if id, err = q.InsertCampaign(ctx, draft.row(by, now)); err != nil {
			return db.Fault(fmt.Errorf("create campaign: %w", err), db.Faults{"campaigns_code": taken()})
		}
		if err := q.InsertMembers(ctx, id, draft.mobiles); err != nil {
			return fmt.Errorf("customers of campaign %d: %w", id, err)
		}
		return audit.Record(ctx, tx, audit.Entry{
			At: now, Actor: by, Verb: "campaign.create", Subject: subject(id),
			Detail: map[string]any{"code": draft.Code, "listed": len(draft.mobiles)},
		})
	})
	return id, err
}

func taken() *fault.Fault {
	return &fault.Fault{Kind: fault.Invalid, Key: "fault.invalid", Fields: []fault.Field{{Name: "code", Key: "campaigns.error.code_taken"}}}
}

// End ends a campaign before its time: no order is placed with its code any
// more; those placed keep their price. It returns NotFound, and Conflict when
// it is over already.
func (c *Campaigns) End(ctx context.Context, by audit.Actor, id int64) error {
	return db.InTx(ctx, c.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := c.clock.Now()
		q := sqlq.New(tx)
		ended, err := q.EndCampaign(ctx, &by.ID, &now, id)
		if err != nil {
			return fmt.Errorf("end campaign %d: %w", id, err)
		}
		if ended == 0 {
			if _, err := find(q.CampaignByID(ctx, id)); err != nil {
				return err
			}
			return fault.New(fault.Conflict, "campaigns.error.ended")
		}
		return audit.Record(ctx, tx, audit.Entry{At: now, Actor: by, Verb: "campaign.end", Subject: subject(id)})
	})
}
