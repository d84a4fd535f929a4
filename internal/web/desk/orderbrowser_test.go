package desk_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"pishkhan/internal/orders"
	"pishkhan/internal/testworld"
)

// To cancel takes a dialog that names the order and the amount; the safe
// button has the focus, the deed stands at the far end.
func TestCancellingNeedsADialog(t *testing.T) {
	w := testworld.New(t)
	o := w.Claimed(t)
	d := open(t, w)
	d.visit("/desk/orders/" + o.Code)
	d.run(chromedp.Click("[data-open='#cancel']"))
	d.until(`document.querySelector("dialog#cancel[open]")`)
	if got := d.ask(`document.getElementById("cancel-title").textContent`); !strings.Contains(got, o.Code) || !strings.Contains(got, "تومان") {
		t.Errorf("the dialog is called %q", got)
	}
	d.until(`document.activeElement.matches("#cancel [data-close]")`)
	if d.ask(`String(document.querySelector("#cancel .btn-danger").classList.contains("far-end"))`) != "true" {
		t.Error("the deed is not at the far end")
	}
	d.key("Enter", "Enter", "ctrlKey")
	d.run(chromedp.Click("#cancel [data-close]"))
	d.until(`!document.querySelector("dialog[open]")`)
	if got := w.Order(t, o); got.State != orders.InProgress {
		t.Errorf("without a word of the reader's it is %s", got.State)
	}

	// On a small screen it begins with what it is, though its safe button is far below.
	d.run(chromedp.EmulateViewport(360, 500))
	d.run(chromedp.Click("[data-open='#cancel']"))
	d.until(`document.querySelector("dialog#cancel[open]") && document.activeElement.matches("#cancel [data-close]")`)
	d.until(`(r => r.top >= 0 && r.bottom <= innerHeight)(document.getElementById("cancel-title").getBoundingClientRect())`)
	d.ask(`(document.querySelector("dialog#cancel").close(), "")`)
	d.until(`!document.querySelector("dialog[open]")`)

	// A form that a key opens is in sight, and takes what is typed.
	for key, field := range map[string]string{"KeyH": "question", "KeyV": "to", "KeyL": "call_outcome"} {
		d.ask(`(document.activeElement.blur(), scrollTo(0, 0), "")`)
		d.key(key, strings.ToLower(strings.TrimPrefix(key, "Key")))
		d.until(`document.activeElement.name === "` + field + `"`)
		d.until(`(r => r.top >= 0 && r.bottom <= innerHeight)(document.activeElement.getBoundingClientRect())`)
	}
}

// What to do stands above the fold of a small screen, with one primary action.
func TestTheTaskIsAboveTheFold(t *testing.T) {
	w := testworld.New(t)
	o := w.Claimed(t, "ielts-registration")
	d := open(t, w)
	d.run(chromedp.EmulateViewport(1366, 768))
	d.visit("/desk/orders/" + o.Code)
	for _, what := range []string{"#amount", "#payment-page", "#bar [data-primary]", "#credential button"} {
		if got := d.ask(`String((r => r.top >= 0 && r.bottom <= innerHeight)(document.querySelector("` + what + `").getBoundingClientRect()))`); got != "true" {
			t.Errorf("%s is below the fold", what)
		}
	}
	if got := d.ask(`[...document.querySelectorAll("main .btn-primary")].filter(b => b.getClientRects().length && !b.closest("dialog")).map(b => b.textContent.trim()).join("|")`); got == "" || strings.Contains(got, "|") {
		t.Errorf("the primary buttons are %q", got)
	}
	if got := d.ask(`document.querySelector("[data-key=KeyO]").rel + " " + document.querySelector("[data-key=KeyO]").target`); got != "noreferrer noopener _blank" {
		t.Errorf("the destination opens %q", got)
	}
}

// Two people at one order see each other; what one of them changes comes to
// the other, who goes on typing. What is typed is still there after a reload.
func TestAColleagueAtTheSameOrder(t *testing.T) {
	w := testworld.New(t)
	o := w.Claimed(t)
	d := open(t, w)
	d.visit("/desk/orders/" + o.Code)
	d.run(chromedp.SendKeys("#f-order_note", "half a note"))
	other := openAs(t, w, w.Supervisor)
	other.visit("/desk/orders/" + o.Code)
	d.until(`document.querySelector("[data-lookers]").textContent.includes("` + w.Supervisor.Name + `")`)
	other.until(`document.querySelector("[data-lookers]").textContent.includes("` + w.Operator.Name + `")`)

	testworld.Must(t, w.House.Notes.Add(t.Context(), w.Supervisor, o.Code, "seen from elsewhere"))
	d.until(`document.getElementById("note-list").textContent.includes("seen from elsewhere")`)
	if got := d.ask(`document.getElementById("f-order_note").value + "|" + document.activeElement.id`); got != "half a note|f-order_note" {
		t.Errorf("typed and focused: %q", got)
	}
	for w.Count(t, "SELECT count(*) FROM order_drafts WHERE body = 'half a note'") == 0 {
		d.ask(`""`)
	}
	d.run(chromedp.Reload())
	d.until(`document.getElementById("f-order_note")?.value === "half a note"`)
}

// visit opens another page of the desk.
func (d *tab) visit(path string) {
	d.t.Helper()
	d.run(chromedp.Navigate(d.ask(`location.origin`) + path))
	d.arrives(path)
}
