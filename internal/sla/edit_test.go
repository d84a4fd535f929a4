package sla

import (
	"testing"
	"time"

	"pishkhan/internal/fault"
)

// A holiday whose moon was sighted a day later moves in one step; what is
// certain stays where it is.
func TestMoveAndConfirm(t *testing.T) {
	lunar := DateRule{Date: Date{Year: 1405, Month: 9, Day: 3, Jalali: true}, Name: "mourning", Provisional: true}
	solar := DateRule{Date: Date{Year: 2026, Month: 11, Day: 23}, Name: "solar"}
	c := office(lunar, solar)
	confirmed := must(c.Confirm(lunar.Date.Gregorian()))
	if rule, _ := confirmed.Rule(lunar.Date); rule.Provisional || rule.Name != "mourning" {
		t.Errorf("confirmed: %+v", rule)
	}
	moved := must(c.Move(lunar.Date, 1))
	if rule, ok := moved.Rule(Date{Year: 1405, Month: 9, Day: 4, Jalali: true}); !ok || rule.Provisional || !rule.Closed() || rule.Name != "mourning" {
		t.Errorf("moved: %+v", rule)
	}
	if _, still := moved.Rule(lunar.Date); still || len(moved.On(lunar.Date)) != 1 {
		t.Error("the date that it left is not an ordinary day")
	}
	if rule, _ := c.Rule(lunar.Date); !rule.Provisional || len(c.Dates) != 2 {
		t.Error("the calendar itself changed")
	}
	refused := func(err error, key string) {
		t.Helper()
		if f := fault.Of(err); f == nil || f.Kind != fault.Conflict || f.Key != key {
			t.Errorf("%v, want %s", err, key)
		}
	}
	_, err := c.Move(lunar.Date, -1)
	refused(err, "sla.error.day_taken")
	_, err = c.Move(solar.Date, 1)
	refused(err, "sla.error.not_provisional")
	_, err = c.Confirm(solar.Date)
	refused(err, "sla.error.not_provisional")
	_, err = c.Confirm(Date{Year: 2026, Month: int(time.December), Day: 1})
	refused(err, "sla.error.not_provisional")
}
