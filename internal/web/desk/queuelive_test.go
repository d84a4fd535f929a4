package desk_test

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"pishkhan/internal/orders"
	"pishkhan/internal/testworld"
)

// Whatever colleagues do to the orders of a list, nothing on the page moves.
func TestNothingMovesByItself(t *testing.T) {
	w := testworld.New(t)
	var list []orders.Order
	for range 5 {
		list = append(list, w.Paid(t))
	}
	w.Clock.Advance(61 * time.Minute) // 59 are left
	other := testworld.Reopen(t, w.DatabaseURL(), w.Dir, w.Clock.Now())
	work := other.House.Queue
	d := open(t, w)
	d.run(chromedp.Navigate(d.base + "/desk?view=open"))
	d.until(`location.search === "?view=open" && document.querySelectorAll("#rows > tr").length === 5`)
	d.until(`document.fonts.status === "loaded" && document.readyState === "complete"`)
	d.watchShifts()
	d.ask(`document.querySelector("#rows button").focus({preventScroll: true}); ""`) // which goes with the first deed
	row := func(i int) string { return `document.querySelector("#row-` + list[i].Code }
	owner := func(i int, name string) string {
		return row(i) + ` .col-owner").textContent.includes("` + name + `")`
	}
	for _, deed := range []struct {
		what  string
		do    func() error
		shows string
	}{
		{"a claim", func() error { _, err := work.Claim(t.Context(), w.Operator2, list[0].Code); return err }, owner(0, w.Operator2.Name)},
		{"a release", func() error { return work.Release(t.Context(), w.Operator2, list[0].Code, "lunch") }, `!` + row(0) + `.is-taken")`},
		{"another claim", func() error { _, err := work.Claim(t.Context(), w.Operator2, list[1].Code); return err }, owner(1, w.Operator2.Name)},
		{"a handover", func() error {
			return work.HandOver(t.Context(), w.Operator2, list[1].Code, w.Operator.ID, "yours")
		}, `!` + owner(1, w.Operator2.Name) + ` && !` + row(1) + `.is-taken") && ` + row(1) + ` .badge-in_progress")`},
		{"a hold", func() error { return work.Hold(t.Context(), w.Operator, list[1].Code, "کدام تاریخ؟") }, row(1) + ` .time-paused")`},
		{"an answer", func() error { return work.Answer(t.Context(), w.Operator, list[1].ID, "فردا") }, row(1) + ` .time-soon")`},
		{"a note", func() error { return other.House.Notes.Add(t.Context(), w.Operator2, list[2].Code, "ببینید") }, `true`},
		{"a claim before the end", func() error { _, err := work.Claim(t.Context(), w.Operator2, list[3].Code); return err }, owner(3, w.Operator2.Name)},
		{"the end", func() error { w.FinishBy(t, w.Operator2, list[3]); return nil }, row(3) + `.is-gone")`},
		{"a new order", func() error { w.Paid(t); return nil }, `!document.querySelector("[data-pill]").hidden`},
		{"lateness", func() error {
			d.ask(`window.realNow = Date.now; Date.now = () => window.realNow() + 62 * 60e3; ""`)
			return nil
		}, row(0) + ` .time-late")`},
	} {
		testworld.Must(t, deed.do())
		d.until(deed.shows)
		d.drawn()
		d.holds(deed.what, `window.moved === "" || window.moved`)
		d.holds("the focus after "+deed.what, `document.activeElement !== document.body`)
		d.ask(`window.moved = ""; ""`)
	}
}

// Two who press N together are each led to an order of their own; to pass one
// over takes a reason.
func TestTwoPressNextTogether(t *testing.T) {
	w := testworld.New(t)
	w.Paid(t)
	w.Paid(t)
	first := open(t, w)
	second := first.beside(t, w, w.Operator2)
	press := chromedp.Evaluate[bool](`document.body.dispatchEvent(new KeyboardEvent("keydown", {code: "KeyN", key: "د", bubbles: true, cancelable: true}))`)
	pressed := make(chan error, 2)
	for _, d := range []*tab{first, second} {
		go func() { _, err := chromedp.Run(d.ctx, press); pressed <- err }()
	}
	for range 2 {
		testworld.Must(t, <-pressed)
	}
	for _, d := range []*tab{first, second} {
		d.until(`location.pathname.startsWith("/desk/orders/") && document.readyState === "complete"`)
	}
	one, two := first.ask(`location.pathname`), second.ask(`location.pathname`)
	if one == two {
		t.Errorf("both are at %s", one)
	}
	if n := w.Count(t, "SELECT count(DISTINCT member_id) FROM claims WHERE ended_at IS NULL"); n != 2 {
		t.Errorf("%d people hold an order", n)
	}

	first.expected = append(first.expected, "422")
	first.ask(`document.querySelector("#skip").open = true; document.querySelector("#skip form").requestSubmit(); ""`)
	first.until(`document.querySelector("#f-skip_reason[aria-invalid=true]") && document.readyState === "complete"`)
	first.holds("the order is held", `location.pathname.startsWith("`+one+`") && document.querySelector("#skip").open`)
	first.run(chromedp.SendKeys("#f-skip_reason", "سایت مقصد باز نمی‌شود"))
	first.ask(`document.querySelector("#skip form").requestSubmit(); ""`)
	first.until(`!location.pathname.startsWith("` + one + `") && document.readyState === "complete"`)
	if n := w.Count(t, "SELECT count(*) FROM claims WHERE ended_at IS NULL"); n != 1 {
		t.Errorf("%d orders are held", n)
	}
}
