package iran

import (
	"log/slog"
	"regexp"

	"pishkhan/internal/fault"
)

// Mobile is an Iranian mobile number in its stored form, 09xxxxxxxxx.
type Mobile string

var mobile = regexp.MustCompile(`^(?:\+98|0098|98|0)?(9\d{9})$`)

// ParseMobile reads a mobile number with or without the country's code or
// the leading zero. Operator prefixes are not checked: numbers are ported,
// and new prefixes appear. Fault: Invalid (iran.error.mobile).
func ParseMobile(text string) (Mobile, error) {
	parts := mobile.FindStringSubmatch(Digits(text))
	if parts == nil {
		return "", fault.New(fault.Invalid, "iran.error.mobile")
	}
	return Mobile("0" + parts[1]), nil
}

// String returns the number as 09xxxxxxxxx.
func (m Mobile) String() string { return string(m) }

// Masked returns the number with its middle hidden: "0912•••4567".
func (m Mobile) Masked() string { return mask(string(m), 4, 4) }

// LogValue keeps the number out of logs.
func (m Mobile) LogValue() slog.Value { return slog.StringValue(m.Masked()) }
