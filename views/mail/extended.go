package mail

import (
	"strings"
	"time"

	"github.com/a-h/templ"

	"pishkhan/internal/i18n"
)

// OrderExtended is what a customer is told of a later time that was agreed
// with them. Its times are told in full: a message may be read days later.
type OrderExtended struct {
	Code    string
	Name    string
	Service string // in the customer's language
	Before  time.Time
	Until   time.Time
	Track   string // where the order can be followed
}

// SMS is the text message.
func (o OrderExtended) SMS(lang i18n.Lang) string {
	return strings.Join([]string{
		lang.T("mail.extended.sms", "service", o.Service, "code", o.Code, "before", o.Before, "until", o.Until),
		lang.T("mail.extended.reach_short") + " " + o.Track,
		lang.T("mail.signature"),
	}, "\n")
}

// Subject is the e-mail's.
func (o OrderExtended) Subject(lang i18n.Lang) string {
	return lang.T("mail.extended.subject", "service", o.Service, "code", o.Code)
}

// Text is the e-mail for readers without HTML.
func (o OrderExtended) Text(lang i18n.Lang) string {
	return strings.Join([]string{
		lang.T("mail.greeting", "name", o.Name), "",
		lang.T("mail.extended.before", "service", o.Service, "code", o.Code, "before", o.Before), "",
		lang.T("mail.extended.until", "until", o.Until), "",
		lang.T("mail.extended.reach"), "",
		lang.T("mail.track") + " " + o.Track, "",
		lang.T("mail.signature"),
	}, "\n")
}

// HTML is the e-mail as most read it.
func (o OrderExtended) HTML() templ.Component { return orderExtended(o) }
