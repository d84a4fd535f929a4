package desk

import (
	"strconv"
	"strings"
	"time"

	"pishkhan/internal/access"
	"pishkhan/internal/fault"
	"pishkhan/internal/fulfil"
	"pishkhan/internal/iran"
	"pishkhan/internal/jalali"
	view "pishkhan/views/desk"
)

// extend promises the order for another time, as agreed with the customer.
func (d *desk) extend(v visit) error {
	typed := view.Typed{
		UntilDate: v.FormValue("until_date"), UntilTime: v.FormValue("until_time"), Agreed: v.FormValue("agreed"), ExtendNote: v.FormValue("extend_note"),
	}
	until, wrong, err := d.until(v, typed)
	if err != nil {
		return err
	}
	if len(wrong) == 0 {
		err = d.house.Fulfil.Extend(v.ctx(), v.actor, v.Params("code"), fulfil.Extension{
			Until: until, Agreed: fulfil.Agreement(typed.Agreed), Note: typed.ExtendNote, Any: d.house.Policy.Allows(v.actor, access.ExtendAnyOrder),
		})
		err = renamed(renamed(err, "until", "until_date"), "note", "extend_note")
	} else {
		err = wrong.Err()
	}
	if err != nil {
		return d.refuse(v, err, typed)
	}
	return d.back(v)
}

// until is the time that was typed, or chosen among those that were offered,
// in the zone of the calendar that judges the order.
func (d *desk) until(v visit, typed view.Typed) (until time.Time, wrong fault.Fields, err error) {
	if offer, err := time.Parse(time.RFC3339, v.FormValue("offer")); err == nil {
		return offer, nil, nil
	}
	o, err := d.house.Orders.ByCode(v.ctx(), d.house.Pool, v.Params("code"))
	if err != nil {
		return time.Time{}, nil, err
	}
	zone := jalali.Tehran
	if c, err := d.house.Orders.Clock(v.ctx(), d.house.Pool, o.ID); err == nil {
		zone = c.Calendar.Location()
	} else if !fault.Is(err, fault.NotFound) {
		return time.Time{}, nil, err
	}
	day, err := parseDay(typed.UntilDate)
	if err != nil {
		wrong.AddErr("until_date", err)
	}
	hour, minute, ok := parseClock(typed.UntilTime)
	if !ok {
		wrong.Add("until_time", "desk.error.time")
	}
	return time.Date(day.Year(), day.Month(), day.Day(), hour, minute, 0, 0, zone), wrong, nil
}

// parseDay reads a date of either calendar: their years are far apart.
func parseDay(typed string) (time.Time, error) {
	day, err := jalali.Parse(typed)
	if err == nil {
		return day.ToTime(), nil
	}
	if f := fault.Of(err); f != nil && f.Key == "jalali.error.range" {
		if t, gregorian := jalali.ParseGregorian(typed); gregorian == nil {
			return t, nil
		}
	}
	return time.Time{}, err
}

// parseClock reads a time of day: 14:30, ۱۴:۳۰, 9, 24:00.
func parseClock(typed string) (hour, minute int, ok bool) {
	h, m, found := strings.Cut(strings.TrimSpace(iran.WithoutMarks(iran.ASCIIDigits(typed))), ":")
	if !found {
		m = "00"
	}
	hour, err1 := strconv.Atoi(h)
	minute, err2 := strconv.Atoi(m)
	ok = err1 == nil && err2 == nil && len(h) <= 2 && len(m) == 2 && hour >= 0 && minute >= 0 && minute < 60 && hour*60+minute <= 24*60
	return hour, minute, ok
}

// offers are the working instants next to one that is outside working hours,
// if they are a later promise.
func offers(p view.OrderPage) []time.Time {
	if len(p.Past.Clocks) == 0 {
		return nil
	}
	var near []time.Time
	c := p.Past.Clocks[len(p.Past.Clocks)-1]
	for _, wrong := range p.Wrong {
		if wrong.Key != "sla.error.extension_closed" || len(wrong.Args) < 2 {
			continue
		}
		until, _ := wrong.Args[1].(time.Time)
		if closing, ok := c.Calendar.Due(c.StartedAt, c.Calendar.Elapsed(c.StartedAt, until)); ok && closing.After(c.DueAt) && closing.After(p.Row.Time.Now) {
			near = append(near, closing)
		}
		if opening, ok := c.Calendar.Due(until, openingSlack); ok {
			near = append(near, opening)
		}
	}
	return near
}

// openingSlack is how long after an opening a promise is offered for: nothing
// is done at the very opening.
const openingSlack = time.Hour

// reopen takes a completed order up again.
func (d *desk) reopen(v visit) error {
	typed := view.Typed{Reopen: v.FormValue("reopen_reason")}
	if _, err := d.house.Queue.Reopen(v.ctx(), v.actor, v.Params("code"), typed.Reopen); err != nil {
		return d.refuse(v, err, typed)
	}
	return d.back(v)
}
