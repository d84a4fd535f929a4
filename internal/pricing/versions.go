package pricing

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/fault"
	"pishkhan/internal/pricing/internal/sqlq"
)

// CurrentTariff returns the version by which orders are priced now. Fault:
// Unavailable (pricing.error.no_tariff).
func (p *Pricing) CurrentTariff(ctx context.Context) (TariffVersion, error) {
	return p.current(ctx, p.pool)
}

// TariffVersions returns every version, the newest first.
func (p *Pricing) TariffVersions(ctx context.Context) ([]TariffVersion, error) {
	ids, err := sqlq.New(p.pool).TariffIDs(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the tariffs: %w", err)
	}
	versions := make([]TariffVersion, len(ids))
	for i, id := range ids {
		if versions[i], err = p.version(ctx, p.pool, TariffID(id)); err != nil {
			return nil, err
		}
	}
	return versions, nil
}

// TariffVersion returns the version of that number. Fault: NotFound
// (pricing.error.no_version).
func (p *Pricing) TariffVersion(ctx context.Context, number int) (TariffVersion, error) {
	return p.numbered(ctx, p.pool, number)
}

func (p *Pricing) numbered(ctx context.Context, q sqlq.DBTX, number int) (TariffVersion, error) {
	id, err := sqlq.New(q).TariffOfVersion(ctx, int32(number))
	if errors.Is(err, pgx.ErrNoRows) {
		return TariffVersion{}, fault.New(fault.NotFound, "pricing.error.no_version")
	}
	if err != nil {
		return TariffVersion{}, fmt.Errorf("find version %d of the tariff: %w", number, err)
	}
	return p.version(ctx, q, TariffID(id))
}

func (p *Pricing) current(ctx context.Context, q sqlq.DBTX) (TariffVersion, error) {
	id, err := sqlq.New(q).NewestTariff(ctx)
	if errors.Is(err, pgx.ErrNoRows) {
		return TariffVersion{}, fault.New(fault.Unavailable, "pricing.error.no_tariff")
	}
	if err != nil {
		return TariffVersion{}, fmt.Errorf("find the newest tariff: %w", err)
	}
	return p.version(ctx, q, TariffID(id))
}

// version returns one version, which is read and prepared once.
func (p *Pricing) version(ctx context.Context, q sqlq.DBTX, id TariffID) (TariffVersion, error) {
	if v, ok := p.tariffs.Load(id); ok {
		return v.(TariffVersion), nil
	}
	v, err := read(ctx, q, id)
	if err != nil {
		return TariffVersion{}, err
	}
	p.tariffs.Store(id, v)
	return v, nil
}

func read(ctx context.Context, q sqlq.DBTX, id TariffID) (TariffVersion, error) {
	row, err := sqlq.New(q).ReadTariff(ctx, int64(id))
	if err != nil {
		return TariffVersion{}, fmt.Errorf("read the tariff %d: %w", id, err)
	}
	v := TariffVersion{
		ID: id, Version: int(row.Version), Note: row.Note, Origin: Origin(row.Origin), PublishedAt: row.PublishedAt,
	}
	if row.PublishedBy != nil {
		v.PublishedBy = *row.PublishedBy
	}
	if v.Tariff, err = kept(row.Tariff); err != nil {
		return TariffVersion{}, fmt.Errorf("read the tariff %d: %w", id, err)
	}
	return v, nil
}
