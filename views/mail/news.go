package mail

import (
	"strings"

	"github.com/a-h/templ"

	"pishkhan/internal/i18n"
)

// OrderNews is what a customer is told of an order besides its end: that
// something is asked of them, or that money goes back. Its words are
// orderdesk.mail.<What>.sms, .subject and .body.
type OrderNews struct {
	What    string // question, extra, cancelled, refund
	Code    string
	Name    string
	Service string // in the customer's language
	Args    []any  // for the words, besides code and service
	Link    string // where to answer or to pay; "": nothing is asked
	Track   string // where the order can be followed
}

func (n OrderNews) say(lang i18n.Lang, part string) string {
	return lang.T("orderdesk.mail."+n.What+"."+part, append([]any{"code", n.Code, "service", n.Service}, n.Args...)...)
}

// SMS is the text message.
func (n OrderNews) SMS(lang i18n.Lang) string {
	lines := []string{n.say(lang, "sms")}
	if n.Link != "" {
		lines = append(lines, n.Link)
	}
	return strings.Join(append(lines, lang.T("mail.signature")), "\n")
}

// Subject is the e-mail's.
func (n OrderNews) Subject(lang i18n.Lang) string { return n.say(lang, "subject") }

// Text is the e-mail for readers without HTML.
func (n OrderNews) Text(lang i18n.Lang) string {
	lines := []string{lang.T("mail.greeting", "name", n.Name), "", n.say(lang, "body"), ""}
	if n.Link != "" {
		lines = append(lines, lang.T("orderdesk.mail."+n.What+".go")+" "+n.Link, lang.T("orderdesk.mail.private"), "")
	}
	return strings.Join(append(lines, lang.T("mail.track")+" "+n.Track, "", lang.T("mail.signature")), "\n")
}

// HTML is the e-mail as most read it.
func (n OrderNews) HTML() templ.Component { return orderNews(n) }
