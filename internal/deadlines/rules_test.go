package deadlines_test

import (
	"testing"
	"time"

	"pishkhan/internal/deadlines"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
	"pishkhan/internal/testworld"
)

// A service may have shares of its own; open clocks follow an edit at once.
func TestOwnSharesOfAService(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	steam, hotel := w.Paid(t, "steam-wallet"), w.Paid(t, "hotel-booking")
	rules, err := w.House.Deadlines.Rules(t.Context())
	testworld.Must(t, err)
	testworld.Must(t, w.House.Deadlines.EditWarnings(t.Context(), w.Supervisor, rules.ID, []int{90}, map[string][]int{"steam-wallet": {70, 25}}))
	w.Clock.Advance(30 * time.Minute)
	sweep(t, w)
	if got := facts(t, w, steam); got != "warning 25" {
		t.Errorf("its own: %q", got)
	}
	w.Clock.Advance(60 * time.Minute)
	sweep(t, w)
	if got := facts(t, w, steam) + "; " + facts(t, w, hotel); got != "warning 25, warning 70; " {
		t.Errorf("after 90 minutes: %q", got)
	}
	w.Clock.Advance(hotel.Budget - 90*time.Minute - time.Second)
	sweep(t, w)
	if got := facts(t, w, hotel); got != "warning 90" {
		t.Errorf("the others': %q", got)
	}
}

// The escalation counts working time: late on Wednesday evening is escalated
// on Saturday where the days between are closed.
func TestEscalationAcrossAWeekend(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	setSteps(t, w, deadlines.Step{AfterMinutes: 30, To: deadlines.AllAdmins})

	thursday := time.Date(2026, 10, 8, 10, 50, 0, 0, testworld.Noon.Location()).Add(-3*time.Hour - 30*time.Minute)
	w.Clock.Set(thursday)
	o := w.Paid(t) // due at 12:50 on Thursday; closed from 13:00 until Saturday 8:30
	w.Clock.Advance(2*time.Hour + time.Second)
	sweep(t, w)
	if got := facts(t, w, o); got != "warning 50, warning 80, breach 0" {
		t.Fatalf("%q, due %s", got, o.DueAt)
	}
	saturday := time.Date(2026, 10, 10, 8, 50, 0, 0, testworld.Noon.Location()).Add(-3*time.Hour - 30*time.Minute)
	if at := alarm(t, w, o); at == nil || !at.Equal(saturday) {
		t.Fatalf("armed for %v, want %s", at, saturday)
	}
	w.Clock.Set(saturday.Add(-time.Second))
	sweep(t, w)
	if messages(t, w, "order_escalated") != 0 {
		t.Error("escalated over the weekend")
	}
	w.Clock.Set(saturday)
	sweep(t, w)
	if got := facts(t, w, o); got != "warning 50, warning 80, breach 0, escalation 30" {
		t.Errorf("%q", got)
	}
	if n := w.Count(t, "SELECT count(*) FROM messages WHERE kind = 'order_escalated' AND recipient <> 'admin@demo.test'"); n != 0 || messages(t, w, "order_escalated") != 1 {
		t.Errorf("%d others were told", n)
	}
}

// A step stops when the order is held or done before its time.
func TestEscalationStops(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	setSteps(t, w, deadlines.Step{AfterMinutes: 10, To: deadlines.AllSupervisors})
	held, extended := w.Claimed(t), w.Claimed(t)
	w.Clock.Advance(2*time.Hour + 5*time.Minute)
	testworld.Must(t, w.House.Queue.Hold(t.Context(), w.Operator, held.Code, "Which region?"))
	extend(t, w, extended, testworld.Noon.Add(4*time.Hour))
	w.Clock.Advance(30 * time.Minute)
	sweep(t, w)
	for _, o := range []orders.Order{held, extended} {
		if got := facts(t, w, o); got != "" && got != "warning 50" {
			t.Errorf("%q", got)
		}
	}
	if messages(t, w, "order_escalated") != 0 {
		t.Error("escalated all the same")
	}
}

// What rules may not say is refused beside its field; an edit of what is not
// the newest version any more is a conflict, and leaves nothing.
func TestRulesAreRefused(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	d := w.House.Deadlines
	rules, err := d.Rules(t.Context())
	testworld.Must(t, err)
	for name, err := range map[string]error{
		"shares":              d.EditWarnings(t.Context(), w.Supervisor, rules.ID, []int{50, 50}, nil),
		"shares ":             d.EditWarnings(t.Context(), w.Supervisor, rules.ID, []int{100}, nil),
		"shares  ":            d.EditWarnings(t.Context(), w.Supervisor, rules.ID, nil, nil),
		"shares_steam-wallet": d.EditWarnings(t.Context(), w.Supervisor, rules.ID, []int{50}, map[string][]int{"steam-wallet": {0}}),
		"new_service":         d.EditWarnings(t.Context(), w.Supervisor, rules.ID, []int{50}, map[string][]int{"nothing": {50}}),
		"steps.1.after":       d.EditSteps(t.Context(), w.Supervisor, rules.ID, []deadlines.Step{{AfterMinutes: -1, To: deadlines.OnDuty}}),
		"steps.1.to":          d.EditSteps(t.Context(), w.Supervisor, rules.ID, []deadlines.Step{{To: deadlines.OneMember, MemberID: w.Operator.ID}}),
		"steps.2.after":       d.EditSteps(t.Context(), w.Supervisor, rules.ID, []deadlines.Step{{To: deadlines.OnDuty}, {To: deadlines.AllAdmins}}),
		"holiday_days":        d.EditHolidays(t.Context(), w.Supervisor, rules.ID, 0),
		"choices":             d.Choose(t.Context(), w.Supervisor, deadlines.Wish{Names: []string{"breach:pigeon"}, WarnFrom: 50, Lang: "fa"}),
		"mobile":              d.Choose(t.Context(), w.Supervisor, deadlines.Wish{Names: []string{"breach:sms"}, WarnFrom: 50, Lang: "fa"}),
		"mobile ":             d.Choose(t.Context(), w.Supervisor, deadlines.Wish{WarnFrom: 50, Mobile: "0912", Lang: "fa"}),
		"message_lang":        d.Choose(t.Context(), w.Supervisor, deadlines.Wish{WarnFrom: 50, Lang: "de"}),
		"warn_from":           d.Choose(t.Context(), w.Supervisor, deadlines.Wish{Lang: "fa"}),
	} {
		f := fault.Of(err)
		for len(name) > 0 && name[len(name)-1] == ' ' {
			name = name[:len(name)-1]
		}
		if f == nil || f.Kind != fault.Invalid || len(f.Fields) != 1 || f.Fields[0].Name != name {
			t.Errorf("%s: %v", name, err)
		}
	}
	testworld.Must(t, d.EditHolidays(t.Context(), w.Supervisor, rules.ID, 5))
	if err := d.EditHolidays(t.Context(), w.Admin, rules.ID, 9); !fault.Is(err, fault.Conflict) {
		t.Errorf("an edit of what is old: %v", err)
	}
	now, err := d.Rules(t.Context())
	if err != nil || now.HolidayDays != 5 || now.MadeBy != w.Supervisor.ID {
		t.Errorf("%+v, %v", now, err)
	}
}
