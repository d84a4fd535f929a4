package pricing

import (
	"encoding/json"
	"time"

	"github.com/shopspring/decimal"
)

// Hurry makes a reading take no longer than d, so that a test need not wait.
func (w *Watch) Hurry(d time.Duration) { w.http.Timeout = d }

// ReadText and ReadJSON are how feeds read a number.
func ReadText(text string) (decimal.Decimal, bool) { return readNumber(text) }

// ReadJSON reads a number as JSON writes it.
func ReadJSON(number json.Number) (decimal.Decimal, bool) { return readNumber(number) }
