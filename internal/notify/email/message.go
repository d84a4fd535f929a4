package email

import (
	"net/mail"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Message is one e-mail to one recipient.
type Message struct {
	ID          string // of the Message-ID, the same on every try; the sender's domain is added when it has none
	To          string // "sara@example.com", or with a name before it
	ReplyTo     string // where answers go; to the sender when empty
	Subject     string // at most 255 characters
	Text        string // required
	HTML        string // the same for those who see HTML; none when empty
	Attachments []Attachment
	Lang        string // of the words: "fa", "en"; not told when empty
}

// Attachment is a file that goes along; its bytes arrive as they are.
type Attachment struct {
	Name  string // in any script, at most 255 bytes
	MIME  string // "application/pdf"
	Bytes []byte
}

var (
	ids       = regexp.MustCompile(`^[A-Za-z0-9_=+-]+(\.[A-Za-z0-9_=+-]+)*(@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*)?$`)
	languages = regexp.MustCompile(`^([A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*)?$`)
	types     = regexp.MustCompile(`^(application|audio|font|image|model|text|video)/[A-Za-z0-9][A-Za-z0-9.+-]*(; ?charset=[A-Za-z0-9._-]+)?$`)
)

// check refuses whatever could bend the header of the message, a line break
// first of all: nothing is mended in silence.
func (m Message) check() error {
	switch {
	case len(m.ID) > 200 || !ids.MatchString(m.ID):
		return unsendable("the id is missing or wrong")
	case unclean(m.Subject) || strings.TrimSpace(m.Subject) == "" || utf8.RuneCountInString(m.Subject) > 255:
		return unsendable("the subject is missing, too long, or has a line break in it")
	case strings.TrimSpace(m.Text) == "" || !utf8.ValidString(m.Text) || !utf8.ValidString(m.HTML):
		return unsendable("the text is missing or not UTF-8")
	case !languages.MatchString(m.Lang):
		return unsendable("the language is wrong")
	}
	for _, a := range m.Attachments {
		if a.Name == "" || len(a.Name) > 255 || unclean(a.Name) {
			return unsendable("an attachment's name is missing, too long, or has a line break in it")
		}
		if !types.MatchString(a.MIME) {
			return unsendable("an attachment's type is wrong")
		}
	}
	return nil
}

// address reads one address in plain letters, with or without a name.
func address(s string) (*mail.Address, error) {
	parsed, err := mail.ParseAddress(s)
	if err != nil || unclean(s) || unclean(parsed.Name) || unclean(parsed.Address) ||
		strings.ContainsFunc(parsed.Address, func(r rune) bool { return r > unicode.MaxASCII }) {
		return nil, unsendable("an address is wrong")
	}
	return parsed, nil
}

// unclean reports a line break or another control character, or broken UTF-8.
func unclean(s string) bool {
	return !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl)
}
