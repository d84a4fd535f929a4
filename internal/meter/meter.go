// Package meter counts the requests of programs: each key may ask so many
// times at once, and as many again over a while. Each process counts for itself.
package meter

import (
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Terms are how often a key may ask: Burst at once, and as many again over Window.
type Terms struct {
	Burst  int
	Window time.Duration
}

// Allowance is what is left to a key.
type Allowance struct {
	Refused   bool
	Remaining int           // requests that may be made at once
	Wait      time.Duration // until the next is allowed; 0: now
	Full      time.Duration // until Burst are allowed again
}

// Meter holds a bucket for each key that was used in this process: a few
// dozen bytes for each key that was ever issued, at most.
type Meter struct {
	terms   Terms
	mu      sync.Mutex
	buckets map[int64]*rate.Limiter
}

// New returns a meter by which every key has the same terms.
func New(t Terms) *Meter { return &Meter{terms: t, buckets: map[int64]*rate.Limiter{}} }

// Count counts a request against the key's allowance.
func (m *Meter) Count(keyID int64, now time.Time) Allowance {
	bucket := m.bucket(keyID)
	refused := !bucket.AllowN(now, 1)
	tokens := bucket.TokensAt(now)
	return Allowance{
		Refused: refused, Remaining: max(0, int(math.Floor(tokens))),
		Wait: m.after(1 - tokens), Full: m.after(float64(m.terms.Burst) - tokens),
	}
}

func (m *Meter) bucket(keyID int64) *rate.Limiter {
	m.mu.Lock()
	defer m.mu.Unlock()
	bucket, known := m.buckets[keyID]
	if !known {
		bucket = rate.NewLimiter(rate.Every(m.each()), m.terms.Burst)
		m.buckets[keyID] = bucket
	}
	return bucket
}

// each is how long it takes for one more request to be allowed.
func (m *Meter) each() time.Duration { return m.terms.Window / time.Duration(m.terms.Burst) }

// after is how long it takes for so many requests to be allowed anew.
func (m *Meter) after(tokens float64) time.Duration {
	return max(0, time.Duration(tokens*float64(m.each())))
}
