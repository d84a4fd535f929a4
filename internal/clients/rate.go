package clients

import (
	"time"

	"pishkhan/internal/meter"
)

// How often a key may ask: Burst at once, and as many again over BurstWindow.
const (
	Burst       = 60
	BurstWindow = 6 * time.Second
)

// Meter counts a request against the key's allowance.
func (c *Clients) Meter(keyID int64) meter.Allowance { return c.meter.Count(keyID, c.clock.Now()) }
