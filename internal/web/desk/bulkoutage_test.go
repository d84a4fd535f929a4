package desk_test

import (
	"net/http"
	"testing"

	"pishkhan/internal/i18n"
	"pishkhan/internal/orders"
	"pishkhan/internal/testworld"
)

// An outage in the middle of many orders loses nothing of what was done: the
// page lists what went through, what was refused, where it stopped and what
// was not tried, and offers to go on with the rest.
func TestBulkStoppedByAnOutage(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	app := newApp(w)
	list := []orders.Order{w.Paid(t), w.Paid(t), w.Paid(t), w.Paid(t)}
	done, stuck, left := list[0], list[1], list[2:]
	form := []string{"deed", "note", "note", "call first", "back", "/desk?view=free", "code", done.Code, "code", "AAAAAAA"}
	for _, o := range list[1:] {
		form = append(form, "code", o.Code)
	}
	for _, lang := range i18n.Langs() {
		tx, err := w.House.Pool.Begin(t.Context())
		testworld.Must(t, err)
		_, err = tx.Exec(t.Context(), "SELECT FROM orders WHERE id = $1 FOR UPDATE", int64(stuck.ID))
		testworld.Must(t, err)
		b := signedIn(t, w, app, w.Operator).in(lang)
		page := b.post(t, "/desk/bulk", form...).must(t, http.StatusServiceUnavailable)
		testworld.Must(t, tx.Rollback(t.Context()))
		page.has(t, ".notice-error", ".notice-success", "[data-refused=AAAAAAA]", "[data-left=unsure] a[href='/desk/orders/"+stuck.Code+"']")
		if n := page.count("[data-left=untried]"); n != len(left) {
			t.Errorf("%s: %d are said to be untried", lang, n)
		}
		again := []string{}
		for _, input := range page.Find("form[action='/desk/bulk'] input").EachIter() {
			name, _ := input.Attr("name")
			value, _ := input.Attr("value")
			again = append(again, name, value)
		}
		b.post(t, "/desk/bulk", again...).must(t, http.StatusOK).lacks(t, ".notice-error", "[data-left]", "[data-refused]")
	}
	noted := func(o orders.Order) int {
		return w.Count(t, "SELECT count(*) FROM order_events WHERE order_id = $1 AND verb = 'noted' AND reason = 'call first'", int64(o.ID))
	}
	if noted(done) != 2 || noted(stuck) != 0 || noted(left[0]) != 2 || noted(left[1]) != 2 {
		t.Errorf("noted %d, %d, %d and %d times", noted(done), noted(stuck), noted(left[0]), noted(left[1]))
	}
}
