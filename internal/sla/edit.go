package sla

import "pishkhan/internal/fault"

// Confirm returns the calendar with the provisional rule of a date made
// certain. Fault: Conflict (sla.error.not_provisional) when there is none.
func (c Calendar) Confirm(d Date) (Calendar, error) {
	rule, ok := c.Rule(d)
	if !ok || !rule.Provisional {
		return Calendar{}, fault.New(fault.Conflict, "sla.error.not_provisional")
	}
	rule.Provisional = false
	return c.With(rule), nil
}

// Move returns the calendar with the provisional rule of a date put so many
// days later, and certain there: the moon has been sighted. The week counts
// again on the date that it leaves. Faults: Conflict
// (sla.error.not_provisional), or Conflict (sla.error.day_taken) when the
// other date has a rule of its own.
func (c Calendar) Move(d Date, days int) (Calendar, error) {
	rule, ok := c.Rule(d)
	if !ok || !rule.Provisional {
		return Calendar{}, fault.New(fault.Conflict, "sla.error.not_provisional")
	}
	c = c.Without(d)
	rule.Date, rule.Provisional = rule.Date.AddDays(days), false
	if other, taken := c.Rule(rule.Date); taken {
		return Calendar{}, fault.New(fault.Conflict, "sla.error.day_taken", "date", rule.Date.String(), "name", other.Name)
	}
	return c.With(rule), nil
}
