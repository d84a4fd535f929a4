// Package clock tells the time. Everything that depends on "now" is given a
// Clock, so that tests and simulations decide what time it is.
package clock

import (
	"sync"
	"time"
)

// Clock tells the present instant.
type Clock interface {
	Now() time.Time
}

// System is the machine's own clock.
type System struct{}

// Now returns the machine's present instant, without its monotonic part: an
// instant is stored, compared and sent to Postgres, whose resolution is the
// microsecond.
func (System) Now() time.Time { return time.Now().Round(0).Truncate(time.Microsecond) }

// Fixed is a clock that stands still until it is told otherwise. It is safe
// for use by several goroutines.
type Fixed struct {
	mu  sync.Mutex
	now time.Time
}

// At returns a Fixed clock that stands at t.
func At(t time.Time) *Fixed { return &Fixed{now: t} }

// Now returns the instant at which the clock stands.
func (f *Fixed) Now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.now
}

// Set moves the clock to t.
func (f *Fixed) Set(t time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = t
}

// Advance moves the clock forward by d.
func (f *Fixed) Advance(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = f.now.Add(d)
}
