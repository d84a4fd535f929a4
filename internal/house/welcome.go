package house

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// Welcome is what happens when an account is opened in a browser: what was
// gathered there, and what is on its way into the basket, joins the account.
func (h *House) Welcome(ctx context.Context, tx pgx.Tx, now time.Time, visitorID, customerID int64) error {
	if err := h.Bulk.Join(ctx, tx, visitorID, customerID); err != nil {
		return err
	}
	return h.Carts.Join(ctx, tx, now, visitorID, customerID)
}
