package catalog

import "pishkhan/internal/i18n"

// Type is the kind of answer that a field takes.
type Type string

// The types of fields.
const (
	Text     Type = "text"     // one line
	LongText Type = "longtext" // several lines
	Email    Type = "email"
	URL      Type = "url"    // an http or https address
	Amount   Type = "amount" // an amount and, in a second input, its currency
	Date     Type = "date"   // typed in the field's calendar, kept as ISO Gregorian
	Choice   Type = "choice"
	Number   Type = "number"  // a whole number
	Phone    Type = "phone"   // an Iranian mobile, or + and a foreign number
	Login    Type = "login"   // the user name at the destination site; always sealed
	Secret   Type = "secret"  // the password at the destination site; always sealed
	Choices  Type = "choices" // several of the options; kept with commas between
	Price    Type = "price"   // an amount in the currency of the form's amount
	File     Type = "file"    // an uploaded file; kept as the attachment's ID
	Rows     Type = "rows"    // several like things, such as travellers: Fields once for each
)

// Calendar is the one that a date is typed in.
type Calendar string

// The calendars. Passports, tickets and exams are Gregorian.
const (
	Gregorian Calendar = "gregorian"
	Jalali    Calendar = "jalali"
)

// Format narrows what the letters of a text may be.
type Format string

// The formats.
const (
	LatinName Format = "latin_name" // Latin letters as in a passport; several names on several lines
	Passport  Format = "passport"   // a passport's number
)

// Field is one question of an order form. Its name is the name of its input;
// an amount has a second input, CurrencyInput.
type Field struct {
	Name        string    `json:"name"`
	Type        Type      `json:"type"`
	Label       i18n.Text `json:"label"`
	Help        i18n.Text `json:"help,omitzero"`
	Placeholder string    `json:"placeholder,omitempty"` // an example, left to right
	Required    bool      `json:"required,omitempty"`
	With        string    `json:"required_with,omitempty"` // required once that other field is filled
	Sealed      bool      `json:"sealed,omitempty"`        // kept sealed, never shown with the other answers
	LTR         bool      `json:"ltr,omitempty"`           // a text that is written left to right

	Format    Format   `json:"format,omitempty"`     // text, longtext
	MinLength int      `json:"min_length,omitempty"` // text, longtext; in characters
	MaxLength int      `json:"max_length,omitempty"` // all texts; the type's own unless given
	Hosts     []string `json:"hosts,omitempty"`      // url: these and their subdomains only
	Min       *int64   `json:"min,omitempty"`        // number
	Max       *int64   `json:"max,omitempty"`        // number
	Calendar  Calendar `json:"calendar,omitempty"`   // date
	From      When     `json:"from,omitempty"`       // date: the earliest
	Until     When     `json:"until,omitempty"`      // date: the latest
	After     string   `json:"after,omitempty"`      // date: later than that other date field
	Deadline  bool     `json:"deadline,omitempty"`   // date: when the destination wants to be paid; staff see it in the queue
	Choices   []Option `json:"choices,omitempty"`    // choice, choices
	ShownIf   *Rule    `json:"shown_if,omitempty"`   // asked only then; otherwise neither required nor kept
	Sum       *Sum     `json:"sum,omitempty"`        // amount: worked out from other answers, never typed

	RowTitle i18n.Text `json:"row_title,omitzero"` // rows: what one of them is, such as "Traveller"
	Fields   []Field   `json:"fields,omitempty"`   // rows: what is asked of each
	MinRows  int       `json:"min_rows,omitempty"` // rows; 1 unless given when required
	MaxRows  int       `json:"max_rows,omitempty"` // rows; 20 unless given
}

// Rule says when a question is asked: once another, earlier one, a choice or
// choices beside it, is answered with one of these.
type Rule struct {
	Field string   `json:"field"`
	In    []string `json:"in"`
}

// Sum says how an amount is worked out: the price of each row times its
// quantity, and other prices on top, such as shipping.
type Sum struct {
	Rows     string   `json:"rows,omitempty"`     // a field of rows
	Price    string   `json:"price,omitempty"`    // the price among its fields
	Quantity string   `json:"quantity,omitempty"` // the number among its fields; 1 unless given
	Plus     []string `json:"plus,omitempty"`     // prices outside rows
}

// Option is one answer that a choice offers.
type Option struct {
	Value string    `json:"value"`
	Label i18n.Text `json:"label"`
}

// CurrencyInput is the name of the input that takes an amount's currency.
func (f Field) CurrencyInput() string { return f.Name + "_currency" }

// LeftToRight reports whether the field's answer is written left to right
// in either language.
func (f Field) LeftToRight() bool {
	switch f.Type {
	case Email, URL, Phone, Login, Secret:
		return true
	}
	return f.LTR || f.Format != ""
}

// Longest is the most characters that the field takes.
func (f Field) Longest() int {
	if f.MaxLength > 0 {
		return f.MaxLength
	}
	return longest[f.Type]
}

// longest is how many characters a type takes at most.
var longest = map[Type]int{
	Text: 200, LongText: 4000, Email: 254, URL: 2000, Login: 200, Secret: 200,
	Amount: 40, Date: 40, Choice: 100, Number: 40, Phone: 40,
	Choices: 4000, Price: 40, File: 40,
}
