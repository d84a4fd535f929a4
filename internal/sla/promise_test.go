package sla

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestPromise(t *testing.T) {
	on := func(month, day int) Date { return Date{Year: 2026, Month: month, Day: day} }
	friday := Closure{First: on(11, 20), Last: on(11, 20), Part: WholeDay, Since: 9 * 3600, To: 17 * 3600}
	thursday := Closure{First: on(11, 19), Last: on(11, 19), Part: Afternoon, Since: 13 * 3600, To: 17 * 3600}
	holidays := office(
		DateRule{Date: on(11, 22), Name: "mourning", Provisional: true},
		DateRule{Date: on(11, 23), Name: "mourning", Provisional: true},
		DateRule{Date: on(11, 24), Windows: []Window{{11 * 3600, 17 * 3600}}, Name: "late"},
	)
	for _, x := range []struct {
		name     string
		calendar Calendar
		now      string
		distance int
		due      string
		closed   []Closure
	}{
		{"today", office(), "2026-11-18 14:30:00", 0, "2026-11-18 16:30:00", nil},
		{"tomorrow, for the night alone", office(), "2026-11-18 16:00:00", 1, "2026-11-19 10:00:00", nil},
		{"over the weekend", office(), "2026-11-19 12:30:00", 2, "2026-11-21 10:30:00", []Closure{thursday, friday}},
		{"after hours", office(), "2026-11-19 18:00:00", 2, "2026-11-21 11:00:00", []Closure{friday}},
		{"until closing", office(), "2026-11-19 11:00:00", 0, "2026-11-19 13:00:00", nil},
		{"over holidays", holidays, "2026-11-21 16:30:00", 3, "2026-11-24 12:30:00", []Closure{
			{First: on(11, 22), Last: on(11, 23), Part: WholeDay, Since: 9 * 3600, To: 17 * 3600, Name: "mourning", Provisional: true},
			{First: on(11, 24), Last: on(11, 24), Part: Morning, Since: 9 * 3600, To: 11 * 3600, Name: "late"},
		}},
	} {
		t.Run(x.name, func(t *testing.T) {
			e := must(Prepare(x.calendar))
			due, _ := e.Due(at(x.now), 2*time.Hour)
			got := e.Promise(at(x.now), due)
			want := Promise{Due: at(x.due), DayDistance: x.distance, Closed: x.closed}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
