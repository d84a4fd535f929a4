// Package mail holds the words of what is sent to customers.
package mail

import (
	"strings"

	"github.com/a-h/templ"

	"pishkhan/internal/i18n"
)

// OrderDone is what a customer is told of a completed order.
type OrderDone struct {
	Code     string
	Name     string
	Service  string // in the customer's language
	Password bool   // they entrusted a password to us, and should change it now
	Track    string // where the order can be followed
}

// SMS is the text message: short, because each part costs.
func (o OrderDone) SMS(lang i18n.Lang) string {
	text := lang.T("mail.done.sms", "service", o.Service, "code", o.Code)
	if o.Password {
		text += "\n" + lang.T("mail.done.password_short")
	}
	return text + "\n" + lang.T("mail.signature")
}

// Subject is the e-mail's.
func (o OrderDone) Subject(lang i18n.Lang) string {
	return lang.T("mail.done.subject", "service", o.Service, "code", o.Code)
}

// Text is the e-mail for readers without HTML.
func (o OrderDone) Text(lang i18n.Lang) string {
	lines := []string{
		lang.T("mail.greeting", "name", o.Name), "",
		lang.T("mail.done.body", "service", o.Service, "code", o.Code), "",
	}
	if o.Password {
		lines = append(lines, lang.T("mail.done.password"), "")
	}
	return strings.Join(append(lines, lang.T("mail.track")+" "+o.Track, "", lang.T("mail.signature")), "\n")
}

// HTML is the e-mail as most read it.
func (o OrderDone) HTML() templ.Component { return orderDone(o) }
