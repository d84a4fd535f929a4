package catalog

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"pishkhan/internal/catalog/internal/sqlq"
	"pishkhan/internal/clock"
	"pishkhan/internal/fault"
)

// Catalog is the services on offer, in all their versions.
type Catalog struct {
	pool  *pgxpool.Pool
	clock clock.Clock

	mu   sync.Mutex
	read map[VersionID]Service // versions never change
}

// maxRead bounds the versions kept in memory; it is far above what is on offer.
const maxRead = 500

// New returns the catalogue kept in pool.
func New(pool *pgxpool.Pool, c clock.Clock) *Catalog {
	return &Catalog{pool: pool, clock: c, read: map[VersionID]Service{}}
}

// Showcase returns the services on offer in their newest versions, family by
// family, each family's by rank, then in the order in which they were added.
func (c *Catalog) Showcase(ctx context.Context) ([]Service, error) {
	ids, err := sqlq.New(c.pool).NewestVersions(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the showcase: %w", err)
	}
	services := make([]Service, 0, len(ids))
	for _, id := range ids {
		service, err := c.Version(ctx, c.pool, VersionID(id))
		if err != nil {
			return nil, err
		}
		services = append(services, service)
	}
	slices.SortStableFunc(services, byFamily)
	return services, nil
}

// Service returns the newest version of the service of that slug. Fault:
// NotFound, also for one that is no longer offered.
func (c *Catalog) Service(ctx context.Context, slug string) (Service, error) {
	if !isSlug(slug) {
		return Service{}, fault.New(fault.NotFound, "catalog.error.service")
	}
	id, err := sqlq.New(c.pool).NewestVersion(ctx, slug)
	if errors.Is(err, pgx.ErrNoRows) {
		return Service{}, fault.New(fault.NotFound, "catalog.error.service")
	}
	if err != nil {
		return Service{}, fmt.Errorf("read the service %q: %w", slug, err)
	}
	return c.Version(ctx, c.pool, VersionID(id))
}

// Version returns one version of a service, be it on offer or not: what an
// order was placed with. q is the pool, or the transaction that the caller
// is in. Fault: NotFound.
func (c *Catalog) Version(ctx context.Context, q sqlq.DBTX, id VersionID) (Service, error) {
	if service, ok := c.remembered(id); ok {
		return service, nil
	}
	row, err := sqlq.New(q).ReadVersion(ctx, int64(id))
	if errors.Is(err, pgx.ErrNoRows) {
		return Service{}, fault.New(fault.NotFound, "catalog.error.service")
	}
	if err != nil {
		return Service{}, fmt.Errorf("read the service version %d: %w", id, err)
	}
	service := Service{ID: ServiceID(row.ServiceID), VersionID: id, Version: int(row.Version)}
	// Not Decode: what today's rules would refuse was once accepted, and
	// orders have been placed with it.
	if err := json.Unmarshal(row.Definition, &service.Definition); err != nil {
		return Service{}, fmt.Errorf("read the service version %d: %w", id, err)
	}
	c.remember(service)
	return service, nil
}

func (c *Catalog) remembered(id VersionID) (Service, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	service, ok := c.read[id]
	return service, ok
}

func (c *Catalog) remember(service Service) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.read) >= maxRead {
		clear(c.read)
	}
	c.read[service.VersionID] = service
}
