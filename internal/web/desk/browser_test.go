package desk_test

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"pishkhan/internal/orders"
	"pishkhan/internal/testworld"
)

// TestFromQueueToDoneByKeyboard counts what an operator does, in a browser
// under the real policy: eight keys from the queue to a completed order, the
// amount typed besides. The keys are those of a Persian layout, whose letters
// are Persian; the browser itself sends them, to whatever has the focus.
func TestFromQueueToDoneByKeyboard(t *testing.T) {
	w := testworld.New(t)
	o := w.Paid(t, "ielts-registration")
	d := open(t, w)
	d.ask(`navigator.clipboard.writeText = () => Promise.resolve(); ""`)
	_, err := chromedp.Call(d.ctx, page.SetInterceptFileChooserDialog, page.SetInterceptFileChooserDialogParams{Enabled: true})
	testworld.Must(t, err)
	keys := 0
	press := func(code, letter string, modifiers int64) chromedp.Action[chromedp.Void] {
		keys++
		return d.pressing(code, letter, modifiers)
	}
	const plain, ctrl = 0, 2

	d.run(press("KeyN", "د", plain))
	d.arrives("/desk/orders/" + o.Code)
	if d.ask(`String(/masked/.test(document.body.innerHTML))`) == "true" {
		t.Error("a secret is in the page before it is revealed")
	}
	d.run(press("KeyE", "ث", plain))
	d.until(`document.querySelectorAll("#secrets .masked").length === 2`)
	d.until(`document.activeElement.dataset.copyFrom === "#secret-site-login"`)
	d.run(press("Digit1", "۱", plain), press("Digit2", "۲", plain), press("KeyB", "ذ", plain))
	d.until(`document.getElementById("f-charged_amount") && document.activeElement.id === "f-purchase"`)
	if d.ask(`String(document.querySelectorAll("#secrets .masked").length)`) != "2" {
		t.Error("starting the purchase took the login from the page")
	}
	chooser, err := chromedp.Run(d.ctx, chromedp.WaitEvent(page.FileChooserOpened, nil, press("KeyU", "ع", plain)))
	testworld.Must(t, err)
	_, err = chromedp.Call(d.ctx, dom.SetFileInputFiles, dom.SetFileInputFilesParams{Files: []string{receiptFile(t)}, BackendNodeID: chooser.BackendNodeID})
	testworld.Must(t, err)
	d.until(`document.querySelector("#receipts [data-receipt]")`)
	d.until(`document.activeElement.id === "f-charged_amount"`)
	d.run(chromedp.KeyEvent("195"))
	d.holds("the amount", `document.getElementById("f-charged_amount").value === "195"`)
	d.run(press("Enter", "Enter", ctrl))
	d.until(`document.querySelector("dialog#complete[open]")`)
	d.run(press("Enter", "Enter", ctrl))
	d.until(`document.querySelector("[data-state=done]")`)
	if state := w.Order(t, o).State; state != orders.Done || keys > 8 {
		t.Errorf("the order is %s after %d keys", state, keys)
	}
}

// pressing presses and lets go of a key as the browser's own, by its place on
// the keyboard; letter is what the layout makes of it.
func (d *tab) pressing(code, letter string, modifiers int64) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		for _, kind := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeRawKeyDown, input.DispatchKeyEventTypeKeyUp} {
			_, err := cdp.Call(ctx, target, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: kind, Code: code, Key: letter, Modifiers: modifiers})
			if err != nil {
				return err
			}
		}
		return nil
	})
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
