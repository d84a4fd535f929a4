package jobs

import (
	"fmt"
	"net/url"
	"time"

	"pishkhan/internal/notify"
	"pishkhan/views/mail"
)

// alert leads to the order, to the late ones, or to the calendar.
func (c *Composer) alert(m notify.Message) (notify.Parcel, error) {
	words := mail.Alert{
		Kind: m.Kind, Name: m.Detail.Name, Codes: m.Detail.Codes, Percent: m.Detail.Percent, Minutes: m.Detail.Minutes,
		Holiday: m.Detail.Holiday, Desk: c.baseURL + "/desk/orders/" + url.PathEscape(m.Detail.Code),
	}
	switch {
	case m.Kind == notify.HolidayUnconfirmed:
		day, err := time.Parse(time.DateOnly, m.Detail.Date)
		if err != nil {
			return notify.Parcel{}, fmt.Errorf("message %d names no day: %w: %w", m.ID, notify.ErrPermanent, err)
		}
		words.Day, words.Desk = day, c.baseURL+"/desk/calendar"
	case m.Detail.Until == nil:
		return notify.Parcel{}, fmt.Errorf("message %d says no time: %w", m.ID, notify.ErrPermanent)
	case len(m.Detail.Codes) > 1 && m.Kind == notify.OrderWarned:
		words.Desk = c.baseURL + "/desk?view=open"
	case len(m.Detail.Codes) > 1:
		words.Desk = c.baseURL + "/desk?view=late"
	}
	if m.Detail.Until != nil {
		words.Due = *m.Detail.Until
	}
	if m.Channel == notify.SMS {
		return notify.Parcel{Text: words.SMS(m.Lang)}, nil
	}
	return notify.Parcel{Subject: words.Subject(m.Lang), Text: words.Text(m.Lang)}, nil
}
