package desk_test

import (
	"testing"

	"pishkhan/internal/testworld"
)

// The month is walked by the arrows, the left one being later in Persian; over
// its edge the next month opens; Enter opens a day, whose form asks only for
// what its kind needs.
func TestTheMonthByKeyboard(t *testing.T) {
	w := testworld.New(t)
	d := openAs(t, w, w.Supervisor)
	d.ask(`(location.href = "/desk/calendar?month=1405-09", "")`)
	d.until(`location.search === "?month=1405-09" && document.querySelector("[data-days] td a[tabindex='0']")`)
	if got := d.ask(`document.querySelectorAll("[data-days] td a[tabindex='0']").length + ""`); got != "1" {
		t.Errorf("%s days are stops of the Tab key", got)
	}
	d.ask(`(document.getElementById("day-1405-09-10").focus(), "")`)
	at := func(want string) {
		t.Helper()
		if got := d.ask(`document.activeElement.id`); got != "day-"+want {
			t.Errorf("the focus is at %q, want %s", got, want)
		}
	}
	for _, step := range []struct{ key, at string }{
		{"ArrowLeft", "1405-09-11"}, {"ArrowRight", "1405-09-10"}, {"ArrowDown", "1405-09-17"}, {"ArrowUp", "1405-09-10"},
		{"Home", "1405-09-07"}, {"End", "1405-09-13"}, {"ArrowDown", "1405-09-20"}, {"ArrowDown", "1405-09-27"},
	} {
		d.key(step.key, step.key)
		at(step.at)
	}
	d.key("ArrowDown", "ArrowDown")
	d.until(`location.search === "?month=1405-10" && document.activeElement.id === "day-1405-10-01"`)
	d.key("ArrowRight", "ArrowRight")
	d.until(`location.search === "?month=1405-09" && document.activeElement.id === "day-1405-09-30"`)
	d.key("PageDown", "PageDown")
	d.until(`location.search === "?month=1405-10" && document.querySelector("[data-days] td a[tabindex='0']")`)
	d.ask(`(document.querySelector("#day-1405-10-05").click(), "")`) // what Enter does to a link
	d.until(`document.activeElement.id === "day-title"`)
	visible := func(name string) string {
		return d.ask(`(document.querySelector("#day-panel [name=` + name + `]").getClientRects().length > 0) + ""`)
	}
	if visible("windows") != "false" || visible("name") != "false" {
		t.Error("an ordinary day asks for hours or a name")
	}
	d.ask(`(document.querySelector("#day-panel [name=kind][value=closed]").click(), "")`)
	if visible("windows") != "false" || visible("name") != "true" {
		t.Error("a closed day asks for hours, or not for a name")
	}
	d.ask(`(document.querySelector("#day-panel [name=kind][value=closed]").focus(), "")`)
	d.key("Enter", "Enter", "ctrlKey")
	d.until(`document.querySelector("[data-day='1405-10-05'].is-closed") && document.getElementById("draft")`)
}
