package mail

import (
	"strings"

	"pishkhan/internal/i18n"
	"pishkhan/internal/notify"
)

// Day is the summary of a working day: the board's figures in words.
type Day struct {
	notify.DaySummary
	Name     string
	Services map[int64]string // names, by version
	Board    string           // its address
}

// Subject is the e-mail's.
func (d Day) Subject(lang i18n.Lang) string {
	return lang.T("board.mail.subject", "day", lang.DayLong(d.At), "n", d.Done)
}

// Text is the whole e-mail: it is for colleagues.
func (d Day) Text(lang i18n.Lang) string {
	lines := []string{
		lang.T("mail.greeting", "name", d.Name), "",
		lang.T("board.mail.at", "at", d.At), "",
		d.done(lang),
		lang.T("board.mail.late", "n", d.least(lang, d.Late)),
		lang.T("board.mail.soon", "n", d.least(lang, d.Soon)),
		d.free(lang),
		lang.T("board.mail.staff", "n", d.Staff),
		d.forecast(lang),
	}
	lines = append(lines, d.table(lang, "board.mail.people", d.ByPerson)...)
	lines = append(lines, d.table(lang, "board.mail.services", d.ByService)...)
	return strings.Join(append(lines, "", lang.T("board.mail.where")+" "+d.Board, "", lang.T("mail.signature")), "\n")
}

func (d Day) done(lang i18n.Lang) string {
	key := "board.mail.done_no_target"
	if d.Target > 0 {
		key = "board.mail.done"
	}
	return lang.T(key, "n", d.Done, "target", d.Target, "percent", percent(lang, d.InTime, d.Done))
}

func (d Day) free(lang i18n.Lang) string {
	if d.Oldest == nil {
		return lang.T("board.mail.free", "n", d.least(lang, d.Free))
	}
	return lang.T("board.mail.free_since", "n", d.least(lang, d.Free), "since", *d.Oldest)
}

func (d Day) forecast(lang i18n.Lang) string {
	if d.Clear == nil {
		return lang.T("board.mail.no_forecast")
	}
	return lang.T("board.mail.forecast", "at", *d.Clear, "n", d.least(lang, d.WillBe))
}

func (d Day) table(lang i18n.Lang, title string, list []notify.DayLine) []string {
	if len(list) == 0 {
		return nil
	}
	lines := []string{"", lang.T(title)}
	for _, line := range list {
		name := line.Name
		if name == "" {
			name = d.Services[line.Version]
		}
		lines = append(lines, "- "+lang.T("board.mail.line", "name", "\u2068"+name+"\u2069", "n", line.Done, "percent", percent(lang, line.InTime, line.Done)))
	}
	return lines
}

// least shows a count that may not have been counted to its end.
func (d Day) least(lang i18n.Lang, n int) string {
	if d.Least {
		return lang.T("board.at_least", "n", n)
	}
	return lang.Number(int64(n))
}

// percent shows a share in whole percents; of nothing there is none.
func percent(lang i18n.Lang, part, whole int) string {
	if whole == 0 {
		return "—"
	}
	return lang.T("board.percent", "n", part*100/whole)
}
