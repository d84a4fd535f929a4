package desk_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"pishkhan/internal/testworld"
)

// fill puts a text into a field, as an input event that the page sees.
func (d *tab) fill(id, text string) {
	d.t.Helper()
	d.ask(fmt.Sprintf(`(() => { const e = document.getElementById(%q); e.value = %q; e.dispatchEvent(new Event("input", {bubbles: true})); e.dispatchEvent(new Event("change", {bubbles: true})); return "" })()`, id, text))
}

// submit sends the form that a selector finds, and waits for the page that answers.
func (d *tab) submit(form string) {
	d.t.Helper()
	d.ask(`window.asked = true; document.querySelector("` + form + `").requestSubmit(); ""`)
	d.until(`!window.asked && document.readyState === "complete"`)
}

// refuses looks at the page that answers a form with a wrong field: its title
// says so, a summary that has the focus says what is wrong, the field says the
// same, and the summary leads to it.
func (d *tab) refuses(id, prefix string) {
	d.t.Helper()
	d.until(`document.activeElement?.closest("#order .notice-error[role=alert]")`)
	d.holds("the title", `document.title.startsWith("`+prefix+`") || document.title`)
	d.holds("the words of "+id, `(() => { const words = document.activeElement.querySelector("a[href='#`+id+`']")?.textContent.trim();
		const beside = document.getElementById("`+id+`-error")?.textContent ?? "";
		return Boolean(words) && beside.includes(words) || [words, beside] })()`)
	d.holds("the field", `(() => { const e = document.getElementById("`+id+`");
		const marked = e.closest("[aria-invalid=true], fieldset") ?? e;
		return e.getClientRects().length > 0 && marked.getAttribute("aria-describedby")?.includes("`+id+`-error") || marked.outerHTML.slice(0, 200) })()`)
}

// Every form of the order's page that is sent with something wrong says so at
// its top and beside the field, and nothing that was typed is lost: neither
// then, nor when a colleague changes the order, nor when the page is opened anew.
func TestTheRulesOfARefusedForm(t *testing.T) {
	w := testworld.New(t)
	o := w.Claimed(t)
	d := open(t, w)
	d.expected = []string{"422"}
	page := "/desk/orders/" + o.Code
	long := strings.Repeat("بلند ", 500)
	type form struct {
		name, selector, wrong string
		typed                 map[string]string
	}
	for i, f := range []form{
		{"a note", "#notes form[action$='/notes']", "f-order_note", map[string]string{"f-order_note": long}},
		{"a question", "form[action$='/hold']", "f-question", map[string]string{"f-question": long}},
		{"a call", "form[action$='/calls']", "f-call_outcome", map[string]string{"f-call_note": "بوق آزاد"}},
		{"a handover", "form[action$='/handover']", "f-to", map[string]string{"f-handover_reason": "پایان نوبت"}},
		{"a cancellation", "#cancel form", "f-cancel_why", map[string]string{"f-cancel_note": "مشتری پشیمان شد"}},
		{"an outcome", "#work-form", "f-charged_amount", map[string]string{"f-charged_amount": "صد", "f-reference": "GB-17", "f-note": "کارت دوم"}},
	} {
		d.rule(f.name, func(t *testing.T) {
			if f.selector == "#work-form" {
				testworld.Must(t, w.House.Fulfil.StartPurchase(t.Context(), w.Operator, o.Code))
			}
			d.visit(page)
			keeps := func(when string) {
				t.Helper()
				for id, text := range f.typed {
					d.holds(id+" "+when, `document.getElementById("`+id+`").value.trim() === `+strconv.Quote(strings.TrimSpace(text)))
				}
			}
			for id, text := range f.typed {
				d.fill(id, text)
			}
			if f.selector == "#work-form" {
				d.ask(`document.querySelector("#work-form [name=outcome][value=paid]").click(); ""`)
			}
			d.submit(f.selector)
			d.refuses(f.wrong, "خطا:")
			keeps("after the refusal")
			said := fmt.Sprintf("meanwhile %d", i)
			testworld.Must(t, w.House.Notes.Add(t.Context(), w.Supervisor, o.Code, said))
			d.until(`document.getElementById("note-list").textContent.includes("` + said + `")`)
			keeps("after a colleague's change")
			d.holds("the focus", `document.activeElement.matches(".notice-error")`)
			d.visit(page)
			keeps("when the page is opened anew")
			d.holds("the title then", `!document.title.startsWith("خطا:")`)
		})
	}
	d.rule("in English", func(*testing.T) {
		d.ask(`document.cookie = "__Host-lang=en; path=/; secure"; ""`)
		d.visit(page)
		d.submit("form[action$='/calls']")
		d.refuses("f-call_outcome", "Error:")
	})
	d.rule("what was sent is forgotten", func(*testing.T) {
		d.fill("f-order_note", "in the end")
		d.submit("#notes form[action$='/notes']")
		d.visit(page)
		d.holds("the note", `document.getElementById("f-order_note").value === "" && document.getElementById("note-list").textContent.includes("in the end")`)
	})
	d.rule("a summary's words lead to the field", func(*testing.T) {
		d.submit("form[action$='/calls']")
		d.run(chromedp.Click(".notice-error a[href='#f-call_outcome']"))
		d.until(`document.activeElement.id === "f-call_outcome"`)
	})
}
