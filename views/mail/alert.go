package mail

import (
	"strings"
	"time"

	"pishkhan/internal/i18n"
	"pishkhan/internal/jalali"
	"pishkhan/internal/notify"
)

// Alert is what supervisors and admins are told of deadlines, and of holidays
// that nobody has confirmed yet.
type Alert struct {
	Kind    notify.Kind
	Name    string
	Codes   []string // of the orders
	Due     time.Time
	Percent int // of the promised time that is used
	Minutes int // working minutes: left, of a warning; late, of an escalation
	Day     time.Time
	Holiday string
	Desk    string // where to look
}

// codesShown is how many orders a message names.
const codesShown = 10

// SMS is the text message: short, because each part costs.
func (a Alert) SMS(lang i18n.Lang) string { return a.Subject(lang) + "\n" + a.Desk }

// Subject is the e-mail's.
func (a Alert) Subject(lang i18n.Lang) string {
	if a.Kind == notify.HolidayUnconfirmed {
		return lang.T("alerts.mail.holiday", "day", a.day(lang), "name", a.name(lang))
	}
	if n := len(a.Codes); n > 1 {
		return lang.T("alerts.mail."+string(a.Kind)+"_many", "n", n)
	}
	return lang.T("alerts.mail."+string(a.Kind), "code", a.code(), "due", lang.Clock(a.Due), "percent", a.Percent, "minutes", a.Minutes)
}

// Text is the whole e-mail: it is for colleagues.
func (a Alert) Text(lang i18n.Lang) string {
	lines := []string{lang.T("mail.greeting", "name", a.Name), "", a.Subject(lang) + ".", ""}
	if len(a.Codes) > 1 {
		lines = append(lines, a.list(lang), "")
	}
	if a.Kind == notify.HolidayUnconfirmed {
		lines = append(lines, lang.T("alerts.mail.holiday_what"), "")
	}
	return strings.Join(append(lines, lang.T("alerts.mail.where")+" "+a.Desk, "", lang.T("alerts.mail.why"), "", lang.T("mail.signature")), "\n")
}

func (a Alert) code() string {
	if len(a.Codes) == 0 {
		return ""
	}
	return a.Codes[0]
}

func (a Alert) list(lang i18n.Lang) string {
	names := strings.Join(a.Codes[:min(len(a.Codes), codesShown)], lang.T("desk.list_comma")+" ")
	if more := len(a.Codes) - codesShown; more > 0 {
		return lang.T("alerts.mail.and_more", "codes", names, "n", more)
	}
	return names
}

func (a Alert) day(lang i18n.Lang) string {
	return lang.DayLong(time.Date(a.Day.Year(), a.Day.Month(), a.Day.Day(), 12, 0, 0, 0, jalali.Tehran))
}

func (a Alert) name(lang i18n.Lang) string {
	if a.Holiday == "" {
		return lang.T("alerts.holiday.nameless")
	}
	return a.Holiday
}
