package iran

import (
	"log/slog"
	"strings"

	"pishkhan/internal/fault"
)

// Sheba is the IBAN of an Iranian bank account: IR and 24 digits.
type Sheba string

// ParseSheba reads a sheba number, with IR in capitals or not. Fault:
// Invalid (iran.error.sheba).
func ParseSheba(text string) (Sheba, error) {
	s := strings.ToUpper(Digits(text))
	digits, iranian := strings.CutPrefix(s, "IR")
	if !iranian || !allDigits(digits, 24) || ibanRemainder(digits) != 1 {
		return "", fault.New(fault.Invalid, "iran.error.sheba")
	}
	return Sheba(s), nil
}

// String returns IR and the 24 digits, without spaces.
func (s Sheba) String() string { return string(s) }

// Masked returns the number with its middle hidden.
func (s Sheba) Masked() string { return mask(string(s), 4, 4) }

// LogValue keeps the number out of logs.
func (s Sheba) LogValue() slog.Value { return slog.StringValue(s.Masked()) }

// ibanRemainder is the check of ISO 7064 that ISO 13616 prescribes: country
// and check digits go to the end, letters become numbers (I 18, R 27), and
// the whole is taken modulo 97.
func ibanRemainder(digits string) int {
	remainder := 0
	for _, d := range digits[2:] + "1827" + digits[:2] {
		remainder = (remainder*10 + int(d-'0')) % 97
	}
	return remainder
}
