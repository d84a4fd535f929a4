package clients

import (
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// How often a key may ask: Burst at once, and as many again over BurstWindow.
// Each process counts for itself.
const (
	Burst       = 60
	BurstWindow = 6 * time.Second
)

// Allowance is what is left to a key.
type Allowance struct {
	Refused   bool
	Remaining int           // requests that may be made at once
	Wait      time.Duration // until the next is allowed; 0: now
	Full      time.Duration // until Burst are allowed again
}

// Meter counts a request against the key's allowance.
func (c *Clients) Meter(keyID int64) Allowance { return c.meter.count(keyID, c.clock.Now()) }

// meter holds a bucket for each key that was used in this process: a few
// dozen bytes for each key that was ever issued, at most.
type meter struct {
	mu      sync.Mutex
	buckets map[int64]*rate.Limiter
}

func (m *meter) count(keyID int64, now time.Time) Allowance {
	bucket := m.bucket(keyID)
	refused := !bucket.AllowN(now, 1)
	tokens := bucket.TokensAt(now)
	return Allowance{
		Refused: refused, Remaining: max(0, int(math.Floor(tokens))),
		Wait: after(1 - tokens), Full: after(Burst - tokens),
	}
}

func (m *meter) bucket(keyID int64) *rate.Limiter {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.buckets == nil {
		m.buckets = map[int64]*rate.Limiter{}
	}
	bucket, known := m.buckets[keyID]
	if !known {
		bucket = rate.NewLimiter(rate.Every(BurstWindow/Burst), Burst)
		m.buckets[keyID] = bucket
	}
	return bucket
}

// after is how long it takes for so many requests to be allowed anew.
func after(tokens float64) time.Duration {
	return max(0, time.Duration(tokens*float64(BurstWindow/Burst)))
}
