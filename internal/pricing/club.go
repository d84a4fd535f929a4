package pricing

import (
	"context"

	"pishkhan/internal/pricing/internal/sqlq"
)

// Club returns the club's rules as they are now. q is the pool, or the
// transaction that the caller is in. Fault: Unavailable
// (pricing.error.no_tariff).
func (p *Pricing) Club(ctx context.Context, q sqlq.DBTX) (Club, error) {
	current, err := p.current(ctx, q)
	return current.Tariff.Club, err
}
