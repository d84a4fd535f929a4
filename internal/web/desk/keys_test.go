package desk_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"pishkhan/internal/testworld"
)

// Single keys are switched off by each for themselves, and stay so wherever
// they sign in; how their queue looks is not touched by that.
func TestKeysOffStays(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	app := newApp(w)
	b := signedIn(t, w, app, w.Operator)
	b.get(t, "/desk").lacks(t, "[data-keys-off][checked]")
	columns := b.get(t, "/desk").count("input[name=column][checked]")
	b.post(t, "/desk/keys", "keys_off", "yes").must(t, http.StatusNoContent)
	elsewhere := signedIn(t, w, app, w.Operator).get(t, "/desk")
	elsewhere.has(t, "[data-keys-off='/desk/keys'][checked]")
	if got := elsewhere.count("input[name=column][checked]"); got != columns {
		t.Errorf("%d columns are shown, %d were", got, columns)
	}
	signedIn(t, w, app, w.Operator2).get(t, "/desk").lacks(t, "[data-keys-off][checked]")
	b.post(t, "/desk/queue/look", "column", "service").must(t, http.StatusSeeOther)
	b.get(t, "/desk").has(t, "[data-keys-off][checked]")
	b.post(t, "/desk/keys").must(t, http.StatusNoContent)
	b.get(t, "/desk").lacks(t, "[data-keys-off][checked]")
	b.post(t, "/desk/keys", "_csrf", "x").must(t, http.StatusForbidden)
}

// touched is when the claimant of an order was last seen at it.
func touched(t *testing.T, w *testworld.World) (at time.Time) {
	t.Helper()
	testworld.Must(t, w.House.Pool.QueryRow(t.Context(), "SELECT touched_at FROM claims WHERE ended_at IS NULL").Scan(&at))
	return at
}

// The lease begins anew when the claimant says that they are there, and when
// nobody else does.
func TestTouch(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	app := newApp(w)
	o := w.Claimed(t)
	path := "/desk/orders/" + o.Code
	signedIn(t, w, app, w.Operator).get(t, path).has(t, "[data-touch='"+path+"/touch']")
	signedIn(t, w, app, w.Operator2).get(t, path).lacks(t, "[data-touch]")
	before := touched(t, w)
	w.Clock.Advance(10 * time.Minute)
	signedIn(t, w, app, w.Operator2).post(t, path+"/touch").must(t, http.StatusNoContent)
	if !touched(t, w).Equal(before) {
		t.Error("a colleague keeps the claim alive")
	}
	signedIn(t, w, app, w.Finance).post(t, path+"/touch").must(t, http.StatusForbidden)
	signedIn(t, w, app, w.Operator).post(t, path+"/touch").must(t, http.StatusNoContent)
	if !touched(t, w).Equal(w.Clock.Now()) {
		t.Error("the claimant does not")
	}
}

// A page tells of its reader's activity every two minutes at most, and never
// from behind another; the switch of the keys is told to the server.
func TestAPageTellsOfActivity(t *testing.T) {
	w := testworld.New(t)
	o := w.Claimed(t)
	d := open(t, w)
	d.visit("/desk/orders/" + o.Code)
	d.ask(`window.sent = []; window.realFetch = window.fetch; window.realNow = Date.now.bind(Date);
		window.fetch = (address, ...rest) => { if (String(address).endsWith("/touch")) window.sent.push(address); return window.realFetch(address, ...rest) }; ""`)
	act := `document.dispatchEvent(new Event("pointermove")); document.dispatchEvent(new Event("keydown"));`
	d.rule("not at once", func(*testing.T) {
		d.ask(act + `""`)
		d.holds("sent", `window.sent.length === 0`)
	})
	d.ask(`Date.now = () => window.realNow() + 121000; ""`)
	d.rule("not from a hidden tab", func(*testing.T) {
		d.ask(`Object.defineProperty(document, "hidden", {value: true, configurable: true});` + act + `delete document.hidden; ""`)
		d.holds("sent", `window.sent.length === 0`)
	})
	d.rule("once for all that is done within two minutes", func(t *testing.T) {
		w.Clock.Advance(10 * time.Minute)
		d.ask(act + act + `""`)
		d.holds("sent", `window.sent.length === 1`)
		for !touched(t, w).Equal(w.Clock.Now()) {
			d.ask(`""`)
		}
	})
	d.rule("the switch of the keys is kept by the server", func(*testing.T) {
		d.ask(`document.querySelector("[data-keys-off]").click(); ""`)
		for w.Count(t, "SELECT count(*) FROM queue_looks WHERE keys_off") == 0 {
			d.ask(`""`)
		}
		d.run(chromedp.Reload())
		d.until(`document.querySelector("[data-keys-off]")?.checked`)
	})
}
