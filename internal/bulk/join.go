package bulk

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/bulk/internal/sqlq"
)

// Join gives the uploads of a browser to the customer who has just signed in
// there: what is still to be added goes into the customer's basket. It comes
// before carts.Join, as a job locks its upload before the basket.
func (b *Bulk) Join(ctx context.Context, tx pgx.Tx, visitorID, customerID int64) error {
	if err := sqlq.New(tx).JoinUploads(ctx, customerID, visitorID); err != nil {
		return fmt.Errorf("join uploads of visitor %d: %w", visitorID, err)
	}
	return nil
}
