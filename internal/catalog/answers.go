package catalog

import (
	"fmt"
	"io"
	"log/slog"

	"pishkhan/internal/money"
)

// Answers are what a customer wrote on an order form, checked and in the
// form in which they are kept.
type Answers struct {
	Open   map[string]string // by input name: dates as 2027-01-31, amounts in Latin digits, several choices with commas
	Sealed Secrets           // by input name: the destination login and password
	Files  []int64           // the attachments among them; whose they are is for the caller to check
	Amount money.Foreign     // what is to be paid at the destination
	Site   string            // the host of the payment page
}

// Secrets are answers that only the vault may see. Printed, logged or
// marshalled they show nothing.
type Secrets map[string]string

const masked = "***"

// String returns stars.
func (Secrets) String() string { return masked }

// GoString returns stars.
func (Secrets) GoString() string { return masked }

// Format prints stars, whatever the verb.
func (Secrets) Format(f fmt.State, _ rune) { io.WriteString(f, masked) }

// LogValue returns stars.
func (Secrets) LogValue() slog.Value { return slog.StringValue(masked) }

// MarshalJSON returns stars: who has to keep the values seals map[string]string(s).
func (Secrets) MarshalJSON() ([]byte, error) { return []byte(`"` + masked + `"`), nil }
