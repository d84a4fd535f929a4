package customers

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/customers/internal/sqlq"
	"pishkhan/internal/fault"
	"pishkhan/internal/iran"
)

// limit is how many codes may be asked for within a time.
type limit struct {
	codes  int
	within time.Duration
}

// What one network asks for is limited closely, and far more is let through
// to a number in all: others must not use up what its owner needs. Many
// customers of one mobile operator share an address, so that networks have
// more than numbers. Typing a code that was sent is not limited by these:
// nobody is locked out by what others ask for.
var (
	perPair   = []limit{{1, time.Minute}, {5, time.Hour}} // a number, from one network
	perMobile = []limit{{20, time.Hour}, {60, 24 * time.Hour}}
	perIP     = []limit{{60, time.Hour}}
)

// network is what one household or attacker has at hand: an IPv4 address, or
// the 2⁶⁴ addresses of an IPv6 network.
func network(ip string) string {
	addr, err := netip.ParseAddr(ip)
	if err != nil {
		return ip
	}
	addr = addr.Unmap().WithZone("")
	if addr.Is4() {
		return addr.String()
	}
	return netip.PrefixFrom(addr, 64).Masked().String()
}

// throttle returns TooMany for a number or a network that has asked for too
// many codes. Until tx ends, no other request of either is looked at.
func throttle(ctx context.Context, tx pgx.Tx, now time.Time, mobile iran.Mobile, network string) error {
	q := sqlq.New(tx)
	if err := q.LockAsking(ctx, "mobile:"+mobile.String()); err != nil {
		return fmt.Errorf("ask for a code: %w", err)
	}
	if err := q.LockAsking(ctx, "ip:"+network); err != nil {
		return fmt.Errorf("ask for a code: %w", err)
	}
	codes, err := q.CodesForMobile(ctx, mobile.String(), now.Add(-24*time.Hour))
	if err != nil {
		return fmt.Errorf("ask for a code: %w", err)
	}
	var ofMobile, ofPair []time.Time
	for _, code := range codes {
		ofMobile = append(ofMobile, code.RequestedAt)
		if code.Ip == network {
			ofPair = append(ofPair, code.RequestedAt)
		}
	}
	ofIP, err := q.CodesForIP(ctx, network, now.Add(-time.Hour))
	if err != nil {
		return fmt.Errorf("ask for a code: %w", err)
	}
	if wait := max(toWait(now, ofPair, perPair), toWait(now, ofMobile, perMobile), toWait(now, ofIP, perIP)); wait > 0 {
		return fault.New(fault.TooMany, "customers.error.code_throttled", "minutes", int((wait+time.Minute-1)/time.Minute))
	}
	return nil
}

// toWait is how long it takes until another code may be asked for, after
// those of the given times, newest first.
func toWait(now time.Time, asked []time.Time, limits []limit) time.Duration {
	waits := []time.Duration{0}
	for _, l := range limits {
		if len(asked) >= l.codes {
			waits = append(waits, asked[l.codes-1].Add(l.within).Sub(now))
		}
	}
	return slices.Max(waits)
}
