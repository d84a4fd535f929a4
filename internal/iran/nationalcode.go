package iran

import (
	"log/slog"
	"strings"

	"pishkhan/internal/fault"
)

// NationalCode is the ten-digit number of a person in the civil registry
// (کد ملی), in ASCII digits. It is identity data: logs get Masked.
type NationalCode string

// ParseNationalCode reads a national code as a person types it. Its form
// and check digit are checked, its three-digit prefix is not (new ones are
// issued). Nine of the ten repeated codes, which pass the check, are
// refused. Fault: Invalid (iran.error.national_code).
func ParseNationalCode(text string) (NationalCode, error) {
	digits := Digits(text)
	if !allDigits(digits, 10) || !nationalCheckDigit(digits) || repeated(digits) && digits != issuedRepeated {
		return "", fault.New(fault.Invalid, "iran.error.national_code")
	}
	return NationalCode(digits), nil
}

// ParseImportedNationalCode reads a national code out of a spreadsheet,
// which drops leading zeros: 8 and 9 digits are padded. It is for bulk
// import only. Fault: Invalid (iran.error.national_code).
func ParseImportedNationalCode(text string) (NationalCode, error) {
	digits := Digits(text)
	if n := len(digits); n == 8 || n == 9 {
		digits = strings.Repeat("0", 10-n) + digits
	}
	return ParseNationalCode(digits)
}

// NeedsReview reports whether a person has to look at the code:
// 1111111111 was issued to somebody, and is typed by many others.
func (n NationalCode) NeedsReview() bool { return n == issuedRepeated }

const issuedRepeated = "1111111111"

// String returns the ten digits.
func (n NationalCode) String() string { return string(n) }

// Masked returns the code with only its ends to be read: "001•••••79".
func (n NationalCode) Masked() string { return mask(string(n), 3, 2) }

// LogValue keeps the code out of logs.
func (n NationalCode) LogValue() slog.Value { return slog.StringValue(n.Masked()) }

// nationalCheckDigit is the registry's own check: the nine digits weighted
// 10 down to 2, modulo 11.
func nationalCheckDigit(digits string) bool {
	sum := 0
	for i := range 9 {
		sum += int(digits[i]-'0') * (10 - i)
	}
	check := sum % 11
	if check >= 2 {
		check = 11 - check
	}
	return int(digits[9]-'0') == check
}

func repeated(digits string) bool { return strings.Count(digits, digits[:1]) == len(digits) }
