package webhooks

import "time"

// Hurry makes a try take no longer than d, so that a test need not wait.
func (w *Webhooks) Hurry(d time.Duration) { w.http.Timeout = d }
