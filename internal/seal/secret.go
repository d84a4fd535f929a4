package seal

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"log/slog"
)

// mask is what every printed secret looks like; it tells nothing, not even
// whether there is one.
const mask = "***"

// Secret is a text that must not be seen by accident: a password, a national
// code, a token. However it is printed, logged or marshalled it reads ***;
// only Reveal gives the text. Copies share the text, so that wiping one wipes
// them all. The zero Secret is empty.
//
// The text is behind a function because fmt ignores the methods of unexported
// fields and prints what it finds, through pointers too: of a function it
// finds an address. It also makes == a compile error, whose time would depend
// on the text.
type Secret struct {
	text func() *[]byte
}

// NewSecret returns a Secret that holds text.
func NewSecret(text string) Secret {
	b := []byte(text)
	return Secret{text: func() *[]byte { return &b }}
}

// Reveal returns the text itself. Every call of it deserves a second look.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return string(*s.text())
}

// Wipe overwrites the text in memory, in all copies of s; the secret is empty
// afterwards. What Reveal has already returned is not reached.
func (s Secret) Wipe() {
	if s.text == nil {
		return
	}
	text := s.text()
	clear(*text)
	*text = nil
}

// String returns ***.
func (Secret) String() string { return mask }

// GoString returns ***.
func (Secret) GoString() string { return mask }

// Format writes *** for every verb.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, mask) }

// LogValue returns ***, for log/slog.
func (Secret) LogValue() slog.Value { return slog.StringValue(mask) }

// MarshalJSON returns "***".
func (Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + mask + `"`), nil }

// MarshalText returns ***.
func (Secret) MarshalText() ([]byte, error) { return []byte(mask), nil }

// Value refuses: without it, pgx would store *** in silence. A secret is
// stored sealed, or not at all.
func (Secret) Value() (driver.Value, error) {
	return nil, errors.New("seal: a secret is not a database value: seal it first")
}
