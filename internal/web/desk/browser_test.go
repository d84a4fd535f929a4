package desk_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"pishkhan/internal/orders"
	"pishkhan/internal/sample"
	"pishkhan/internal/testworld"
)

// TestFromQueueToDoneByKeyboard counts what an operator does, in a browser
// under the real policy: eight keys, clicks and files from the queue to a
// completed order, the amount typed besides. The keys are those of a Persian
// layout, whose letters are Persian.
func TestFromQueueToDoneByKeyboard(t *testing.T) {
	w := testworld.New(t)
	o := w.Paid(t, "ielts-registration")
	d := open(t, w)
	file := filepath.Join(t.TempDir(), "site-receipt.pdf")
	testworld.Must(t, os.WriteFile(file, sample.PDF("Receipt"), 0o600))

	d.key("KeyN", "د") // 1
	d.arrives("/desk/orders/" + o.Code)
	if d.ask(`String(/masked/.test(document.body.innerHTML))`) == "true" {
		t.Error("a secret is in the page before it is revealed")
	}
	d.key("KeyE", "ث") // 2
	d.until(`document.querySelectorAll("#secrets .masked").length === 2`)
	d.until(`document.activeElement.dataset.copyFrom === "#secret-site-login"`)
	d.key("Digit1", "۱") // 3
	d.key("Digit2", "۲") // 4
	d.key("KeyB", "ذ")   // 5
	d.until(`document.getElementById("f-charged_amount")`)
	if d.ask(`String(document.querySelectorAll("#secrets .masked").length)`) != "2" {
		t.Error("starting the purchase took the login from the page")
	}
	d.run(chromedp.SendKeys("#f-charged_amount", "۱۹۵"))
	d.run(chromedp.SetUploadFiles("#f-receipt", []string{file})) // 6
	d.until(`document.querySelector("#receipts [data-receipt]")`)
	if got := d.ask(`document.getElementById("f-charged_amount").value`); got != "۱۹۵" {
		t.Errorf("the amount is %q after the upload", got)
	}
	if d.ask(`document.activeElement.tagName`) == "BODY" {
		t.Error("the focus is nowhere after the upload")
	}
	d.key("Enter", "Enter", "ctrlKey") // 7
	d.until(`document.querySelector("dialog#complete[open]")`)
	d.key("Enter", "Enter", "ctrlKey") // 8
	d.until(`document.querySelector("[data-state=done]")`)
	if state := w.Order(t, o).State; state != orders.Done {
		t.Errorf("the order is %s", state)
	}
}

func TestARowThatIsGoneSaysWhoTookIt(t *testing.T) {
	w := testworld.New(t)
	o := w.Paid(t)
	d := open(t, w)
	d.ask(`window.addEventListener("list-row", (event) => event.stopImmediatePropagation(), true) + ""`) // the news is slower than the hand
	_, err := w.House.Queue.Claim(t.Context(), w.Operator2, o.Code)
	testworld.Must(t, err)
	d.expected = []string{"409"}
	d.run(chromedp.Click("#row-" + o.Code + " button"))
	d.until(`document.querySelector("#row-` + o.Code + `.is-taken")`)
	if got := d.ask(`document.getElementById("notices").textContent`); !strings.Contains(got, w.Operator2.Name) {
		t.Errorf("the notice says %q", got)
	}
	if got := d.ask(`(document.querySelector("#row-` + o.Code + `").cells.length - document.querySelector("thead tr").cells.length) + ""`); got != "0" {
		t.Errorf("the row has %s cells more than the head", got)
	}
}
