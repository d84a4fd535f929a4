// Package bulk takes many orders of one service at once: it gives out a
// template to fill in, checks the file line by line, and puts its lines into
// the basket by a job, none twice and none left out whatever is killed meanwhile.
package bulk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"

	"pishkhan/internal/bulk/internal/sqlq"
	"pishkhan/internal/carts"
	"pishkhan/internal/catalog"
	"pishkhan/internal/clock"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/pricing"
	"pishkhan/internal/seal"
)

// State is how far an upload is.
type State string

// The states.
const (
	Refused State = "refused" // something is wrong with the file; nothing of it is kept but that
	Checked State = "checked" // all is right; it waits for its job
	Adding  State = "adding"
	Added   State = "added"
	Failed  State = "failed" // it could not go on; what was added stays
)

// Upload is a file of orders that a customer sent.
type Upload struct {
	ID       int64
	Service  catalog.Service
	FileName string
	State    State
	Total    int       // lines
	Done     int       // of them in the basket
	Findings []Finding // what is wrong with a refused file; in others, what may be a mistake
	Failure  i18n.Text // why it failed
}

// Ended reports whether nothing more happens to the upload.
func (u Upload) Ended() bool { return u.State != Checked && u.State != Adding }

// Bulk is the room's door.
type Bulk struct {
	pool    *pgxpool.Pool
	clock   clock.Clock
	catalog *catalog.Catalog
	pricing *pricing.Pricing
	carts   *carts.Carts
	keyring *seal.Keyring
	queuer  *river.Client[pgx.Tx]
}

// New returns the uploads kept in pool, the lines that wait sealed by keyring.
func New(pool *pgxpool.Pool, c clock.Clock, services *catalog.Catalog, prices *pricing.Pricing, baskets *carts.Carts,
	keyring *seal.Keyring, queuer *river.Client[pgx.Tx]) *Bulk {
	return &Bulk{pool: pool, clock: c, catalog: services, pricing: prices, carts: baskets, keyring: keyring, queuer: queuer}
}

// Upload returns an upload of that owner, or NotFound (bulk.error.no_upload).
func (b *Bulk) Upload(ctx context.Context, o carts.Owner, id int64) (Upload, error) {
	row, err := sqlq.New(b.pool).Upload(ctx, id, o.VisitorID, o.CustomerID)
	if errors.Is(err, pgx.ErrNoRows) {
		return Upload{}, fault.New(fault.NotFound, "bulk.error.no_upload")
	}
	if err != nil {
		return Upload{}, fmt.Errorf("upload %d: %w", id, err)
	}
	u := Upload{ID: row.ID, FileName: row.FileName, State: State(row.State), Total: int(row.Total), Done: int(row.Done)}
	if u.Service, err = b.catalog.Version(ctx, b.pool, catalog.VersionID(row.ServiceVersionID)); err != nil {
		return Upload{}, err
	}
	if err := json.Unmarshal(row.Findings, &u.Findings); err != nil {
		return Upload{}, fmt.Errorf("upload %d: %w", id, err)
	}
	if row.Failure != nil {
		if err := json.Unmarshal(row.Failure, &u.Failure); err != nil {
			return Upload{}, fmt.Errorf("upload %d: %w", id, err)
		}
	}
	return u, nil
}
