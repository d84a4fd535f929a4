package catalog

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"pishkhan/internal/fault"
	"pishkhan/internal/inet"
	"pishkhan/internal/iran"
	"pishkhan/internal/money"
)

// read turns what was typed into what is kept: dates as seen from today,
// prices in the currency of the form. Its faults are Invalid; any other error
// is a defect of the definition.
func (f Field) read(raw string, today time.Time, currency money.Currency) (string, error) {
	text, err := f.tidy(raw)
	if err != nil {
		return "", err
	}
	switch f.Type {
	case Text, LongText:
		return f.readText(text)
	case Email:
		return readEmail(text)
	case URL:
		return f.readURL(text)
	case Date:
		return f.readDate(text, today)
	case Choice:
		return f.readChoice(text)
	case Choices:
		return f.readChoices(text)
	case Number:
		return f.readNumber(iran.ASCIIDigits(text))
	case Phone:
		return readPhone(iran.Digits(text))
	case Price:
		return readPrice(text, currency)
	case File:
		return readFile(iran.ASCIIDigits(text))
	}
	return text, nil // a login or a secret is what was typed
}

// tidy refuses what is too long or no text at all, before anything else
// looks at it, and trims the rest. A password is left alone.
func (f Field) tidy(raw string) (string, error) {
	longest := f.Longest()
	if len(raw) > 8*longest { // no character has more than 4 bytes; the rest is room for spaces around
		return "", invalid("catalog.error.too_long", "max", longest)
	}
	if !utf8.ValidString(raw) {
		return "", invalid("catalog.error.unreadable")
	}
	text := raw
	switch f.Type {
	case Secret:
	case Text:
		text = strings.Join(strings.Fields(text), " ")
	case LongText:
		text = strings.TrimSpace(strings.NewReplacer("\r\n", "\n", "\r", "\n", "\t", " ").Replace(text))
	default:
		text = strings.TrimSpace(iran.WithoutMarks(text))
	}
	if utf8.RuneCountInString(text) > longest {
		return "", invalid("catalog.error.too_long", "max", longest)
	}
	if strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsControl(r) && !(r == '\n' && f.Type == LongText)
	}) {
		return "", invalid("catalog.error.unreadable")
	}
	return text, nil
}

// blank reports whether nothing was written. It looks no further than it
// has to: the text may be huge.
func (f Field) blank(raw string) bool {
	if raw == "" {
		return true
	}
	text := head(raw)
	if f.Type == Choices { // boxes of which none is ticked may leave their commas
		text = strings.ReplaceAll(text, ",", " ")
	}
	return strings.TrimSpace(iran.WithoutMarks(text)) == ""
}

func head(raw string) string {
	const enough = 1 << 16 // more than that of nothing but spaces is not an answer either
	return raw[:min(len(raw), enough)]
}

func (f Field) readText(text string) (string, error) {
	if utf8.RuneCountInString(text) < f.MinLength {
		return "", invalid("catalog.error.too_short", "min", f.MinLength)
	}
	switch {
	case f.Sealed:
		return text, nil
	case f.Format == LatinName:
		return readLatinName(text)
	case f.Format == Passport:
		return readPassport(text)
	}
	return iran.MendText(text), nil
}

var latinName = regexp.MustCompile(`^[A-Za-z][A-Za-z .'-]*$`)

// readLatinName reads one name, or several on lines of their own.
func readLatinName(text string) (string, error) {
	var names []string
	for line := range strings.Lines(strings.ReplaceAll(iran.WithoutMarks(text), "’", "'")) {
		name := strings.Join(strings.Fields(line), " ")
		if name == "" {
			continue
		}
		if !latinName.MatchString(name) {
			return "", invalid("catalog.error.latin_name")
		}
		names = append(names, name)
	}
	return strings.Join(names, "\n"), nil
}

// ICAO Doc 9303 gives a passport number up to nine letters and digits;
// some countries have more, in the optional data.
var passport = regexp.MustCompile(`^[A-Z0-9]{5,14}$`)

func readPassport(text string) (string, error) {
	number := strings.ToUpper(iran.Digits(text))
	if !passport.MatchString(number) {
		return "", invalid("catalog.error.passport")
	}
	return number, nil
}

func readEmail(text string) (string, error) {
	address, ok := inet.ReadEmail(text)
	if !ok {
		return "", invalid("catalog.error.email")
	}
	return address, nil
}

func (f Field) readChoice(text string) (string, error) {
	for _, option := range f.Choices {
		if option.Value == text {
			return text, nil
		}
	}
	return "", invalid("catalog.error.choice")
}

// readChoices keeps the options in the order of the definition.
func (f Field) readChoices(text string) (string, error) {
	chosen := map[string]bool{}
	for value := range strings.SplitSeq(text, ",") {
		if value = strings.TrimSpace(value); value == "" {
			continue
		}
		if _, err := f.readChoice(value); err != nil {
			return "", err
		}
		chosen[value] = true
	}
	var kept []string
	for _, option := range f.Choices {
		if chosen[option.Value] {
			kept = append(kept, option.Value)
		}
	}
	return strings.Join(kept, ","), nil
}

// readPrice reads an amount that may be nothing.
func readPrice(text string, currency money.Currency) (string, error) {
	price, err := money.ParseAmount(text, currency)
	if f := fault.Of(err); f != nil && f.Key == "money.error.zero" {
		price, err = money.Foreign{Currency: currency}, nil
	}
	if err != nil {
		return "", err
	}
	return price.Amount.StringFixed(currency.MinorDigits()), nil
}

var attachment = regexp.MustCompile(`^[1-9]\d{0,17}$`)

// readFile reads an attachment's ID: the file itself was uploaded before.
func readFile(digits string) (string, error) {
	if !attachment.MatchString(digits) {
		return "", invalid("catalog.error.file")
	}
	return digits, nil
}

// attachmentID is an ID that readFile let through.
func attachmentID(digits string) int64 {
	id, _ := strconv.ParseInt(digits, 10, 64)
	return id
}

var wholeNumber = regexp.MustCompile(`^\d{1,15}$`)

func (f Field) readNumber(text string) (string, error) {
	if !wholeNumber.MatchString(text) {
		return "", invalid("catalog.error.number")
	}
	n, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err != nil:
		return "", err
	case f.Min != nil && n < *f.Min:
		return "", invalid("catalog.error.number_min", "min", *f.Min)
	case f.Max != nil && n > *f.Max:
		return "", invalid("catalog.error.number_max", "max", *f.Max)
	}
	return strconv.FormatInt(n, 10), nil
}

var (
	landline = regexp.MustCompile(`^0([1-8]\d{9})$`)
	abroad   = regexp.MustCompile(`^(?:\+|00)([1-9]\d{6,14})$`) // E.164: 15 digits at most
)

// readPhone keeps an Iranian mobile as 09xxxxxxxxx, anything else as + and
// its number abroad.
func readPhone(digits string) (string, error) {
	digits = strings.NewReplacer("(", "", ")", "").Replace(digits)
	if mobile, err := iran.ParseMobile(digits); err == nil {
		return string(mobile), nil
	}
	if m := landline.FindStringSubmatch(digits); m != nil {
		return "+98" + m[1], nil
	}
	if m := abroad.FindStringSubmatch(digits); m != nil {
		return "+" + m[1], nil
	}
	return "", invalid("catalog.error.phone")
}

// invalid is what is wrong with one answer.
func invalid(key string, args ...any) error {
	return fault.New(fault.Invalid, key, args...)
}
