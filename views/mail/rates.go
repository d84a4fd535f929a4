package mail

import (
	"strings"

	"pishkhan/internal/i18n"
	"pishkhan/internal/notify"
)

// Rates is what finance is told of rates that need somebody.
type Rates struct {
	Kind       notify.Kind // RatesStale or FeedFailing
	Name       string
	Currencies []string
	Desk       string // where rates are set
}

// Subject is the e-mail's.
func (r Rates) Subject(lang i18n.Lang) string {
	return lang.T("rates.mail."+string(r.Kind)+".subject", "currencies", r.list(lang))
}

// Text is the whole e-mail: it is for colleagues.
func (r Rates) Text(lang i18n.Lang) string {
	return strings.Join([]string{
		lang.T("mail.greeting", "name", r.Name), "",
		lang.T("rates.mail."+string(r.Kind)+".body", "currencies", r.list(lang)), "",
		lang.T("rates.mail.where") + " " + r.Desk, "",
		lang.T("mail.signature"),
	}, "\n")
}

func (r Rates) list(lang i18n.Lang) string {
	return strings.Join(r.Currencies, lang.T("desk.list_comma")+" ")
}
