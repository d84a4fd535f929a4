package kavenegar

import (
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"strings"
	"time"
)

// Config is one account at the provider. It holds the API key, and however it
// is printed, logged or marshalled it reads ***.
type Config struct {
	BaseURL string        // without a trailing path: DefaultBaseURL when empty
	APIKey  string        // a secret
	Sender  string        // the line that messages come from; the account's own line when empty
	Timeout time.Duration // of one call: 10 seconds when zero
}

const mask = "***"

// Format writes *** for every verb.
func (Config) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, mask) }

// LogValue returns ***, for log/slog.
func (Config) LogValue() slog.Value { return slog.StringValue(mask) }

// MarshalJSON returns "***".
func (Config) MarshalJSON() ([]byte, error) { return []byte(`"` + mask + `"`), nil }

// redact replaces the API key, as it is and as it stands in an address.
func (c *Client) redact(s string) string {
	key := c.config().APIKey
	if key == "" {
		return s
	}
	return strings.NewReplacer(
		key, mask, url.PathEscape(key), mask, url.QueryEscape(key), mask,
	).Replace(s)
}
