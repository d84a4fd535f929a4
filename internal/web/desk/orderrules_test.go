package desk_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"pishkhan/internal/orders"
	"pishkhan/internal/sample"
	"pishkhan/internal/testworld"
)

// watchFocus notes from now on, in window.lost, each swap after which the focus
// is nowhere.
func (d *tab) watchFocus() {
	d.t.Helper()
	d.ask(`window.lost = []; document.addEventListener("htmx:after:swap", (event) => setTimeout(() => {
		if (document.activeElement === document.body) window.lost.push(event.detail.ctx.request.action) })); ""`)
}

// focused fails the test when the focus is nowhere, or was after a swap.
func (d *tab) focused(after string) {
	d.t.Helper()
	d.drawn()
	d.holds("the focus after "+after, `document.activeElement !== document.body && (window.lost ?? []).length === 0 || window.lost`)
}

// The rules of the design for the order's page, from the claim to the end, in
// one browser.
func TestTheRulesOfTheOrder(t *testing.T) {
	w := testworld.New(t)
	o := w.Paid(t, "ielts-registration")
	page := "/desk/orders/" + o.Code
	d := open(t, w)
	d.expected = []string{"422"}
	d.run(chromedp.EmulateViewport(1366, 768))
	onePrimary := func(t *testing.T, step string) {
		t.Helper()
		d.holds("primary buttons when "+step, `(() => { const all = [...document.querySelectorAll("main .btn-primary")].filter((b) => b.getClientRects().length && !b.closest("dialog"));
			return all.length === 1 && Boolean(all[0].closest("#bar")) && all[0].getBoundingClientRect().bottom <= innerHeight || all.map((b) => b.textContent) })()`)
	}
	d.visit(page)
	onePrimary(t, "it is free")
	d.rule("Ctrl+Enter is the bar's one action", func(*testing.T) {
		d.key("Enter", "Enter", "ctrlKey")
		d.until(`document.querySelector("#bar form[action$='/purchase']") && document.readyState === "complete"`)
	})
	onePrimary(t, "it is claimed")
	d.watchFocus()

	d.rule("a secret is not in the page until it is asked for, and is copied while it is covered", func(t *testing.T) {
		d.ask(`navigator.clipboard.writeText = (text) => { window.clipped = text; return Promise.resolve() }; ""`)
		secrets := secretsOf(t, w, o)
		everywhere := func() string {
			return d.ask(`document.documentElement.outerHTML + [...document.querySelectorAll("input, textarea")].map((e) => e.value).join(" ")`)
		}
		if contains(everywhere(), secrets) {
			t.Error("the secret is in the page before it is revealed")
		}
		d.ask(`document.querySelector("#credential details").open = true; document.querySelector("#f-reason").form.requestSubmit(); ""`)
		d.until(`document.activeElement.matches("#credential .notice-error")`)
		d.holds("the words", `document.getElementById("f-reason-error").textContent.includes(document.activeElement.querySelector("a[href='#f-reason']").textContent.trim())`)
		d.holds("the title", `document.title.startsWith("خطا:")`)
		d.key("KeyE", "ث")
		d.until(`document.querySelectorAll("#secrets .masked").length === 2`)
		d.focused("the secret came")
		d.holds("the title then", `!document.title.startsWith("خطا:") || document.title`)
		covered := `[...document.querySelectorAll("#secrets .masked")].every((e) => getComputedStyle(e).webkitTextSecurity === "disc")`
		d.holds("covered", covered)
		d.key("Digit2", "۲")
		d.until(`window.clipped`)
		if got := d.ask(`window.clipped`); !slices.Contains(secrets, got) {
			t.Errorf("copied is %q", got)
		}
		d.holds("covered after copying", covered)
		d.holds("said to a screen reader", `document.getElementById("announce").textContent !== ""`)
		d.visit(page)
		if contains(everywhere(), secrets) {
			t.Error("the secret is in the page when it is opened anew")
		}
		d.watchFocus()
	})
	d.rule("the destination opens beside, and is told nothing", func(*testing.T) {
		d.holds("the link", `document.querySelector("[data-key=KeyO]")?.rel === "noreferrer noopener"`)
	})
	d.rule("the history begins with the latest, with who and an absolute time", func(*testing.T) {
		d.holds("the history", `(() => { const all = [...document.querySelectorAll("#history .timeline > li")].map((li) => li.textContent);
			return all.length > 3 && all[0].includes("`+w.Operator.Name+`") && all.every((text) => /[۰-۹]{1,2}:[۰-۹]{2}/.test(text)) || all })()`)
	})
	d.rule("cancelling names order and amount, its safe button has the focus, the deed is red and at the far end", func(t *testing.T) {
		d.run(chromedp.Click("[data-open='#cancel']"))
		d.until(`document.querySelector("dialog#cancel[open]") && document.activeElement.matches("#cancel [data-close]")`)
		d.holds("the title", `document.getElementById("cancel-title").textContent.includes("`+o.Code+`") && /[۰-۹٬]+ تومان/.test(document.getElementById("cancel-title").textContent)`)
		d.holds("its looks", `(() => { const deed = document.querySelector("#cancel .btn-danger"), style = getComputedStyle(deed), red = getComputedStyle(document.documentElement).getPropertyValue("--danger");
			const probe = document.createElement("i"); probe.className = "btn-danger"; document.body.append(probe); const danger = getComputedStyle(probe).color; probe.remove();
			const safe = document.querySelector("#cancel [data-close]").getBoundingClientRect();
			return style.backgroundColor === "rgba(0, 0, 0, 0)" && style.borderTopColor === danger && style.color === danger && red !== "" && deed.getBoundingClientRect().right < safe.left })()`)
		d.run(chromedp.KeyEvent(kb.Escape))
		d.until(`!document.querySelector("dialog[open]")`)
		d.focused("the dialog is closed")
	})
	d.rule("the purchase, its receipt and the delivery keep the focus somewhere", func(t *testing.T) {
		d.key("KeyB", "ذ")
		d.until(`document.getElementById("f-charged_amount")`)
		d.focused("the purchase began")
		onePrimary(t, "it is bought")
		d.run(chromedp.SetUploadFiles("#f-receipt", []string{receiptFile(t)}))
		d.until(`document.querySelector("#receipts [data-receipt]")`)
		d.focused("a receipt came")
		d.run(chromedp.Focus("#receipts [data-receipt] button"), chromedp.KeyEvent(kb.Enter))
		d.until(`!document.querySelector("#receipts [data-receipt]")`)
		d.focused("a receipt went")
		d.run(chromedp.SetUploadFiles("#f-receipt", []string{receiptFile(t)}))
		d.until(`document.querySelector("#receipts [data-receipt]")`)
	})
	d.rule("delivering names order and amount, and its safe button has the focus", func(t *testing.T) {
		d.run(chromedp.SendKeys("#f-charged_amount", "۱۹۵"), chromedp.Focus("#f-reference"))
		d.key("Enter", "Enter", "ctrlKey")
		d.until(`document.querySelector("dialog#complete[open]") && document.activeElement.matches("#complete [data-close]")`)
		d.holds("the title", `document.getElementById("complete-title").textContent.includes("`+o.Code+`") && /[۰-۹]/.test(document.getElementById("complete-title").textContent)`)
		d.run(chromedp.Click("#complete [data-close]"))
		d.until(`!document.querySelector("dialog[open]")`)
		if got := w.Order(t, o); got.State != orders.InProgress {
			t.Errorf("without a word of the reader's it is %s", got.State)
		}
	})
	d.rule("what a colleague does moves no focus, and loses none", func(t *testing.T) {
		d.run(chromedp.Focus("#f-order_note"))
		testworld.Must(t, w.House.Notes.Add(t.Context(), w.Supervisor, o.Code, "look"))
		d.until(`document.getElementById("note-list").textContent.includes("look")`)
		d.holds("the focus", `document.activeElement.id === "f-order_note" && window.lost.length === 0 || window.lost`)
		d.run(chromedp.Focus("#bar [data-primary]")) // which goes with the order
		testworld.Must(t, w.House.Queue.Steal(t.Context(), w.Supervisor, o.Code, "urgent", true))
		d.until(`document.getElementById("held") && document.querySelector("#bar form[action='/desk/next']")`)
		d.focused("the order was taken")
	})
}

func receiptFile(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "receipt.pdf")
	testworld.Must(t, os.WriteFile(path, sample.PDF("Receipt"), 0o600))
	return path
}
