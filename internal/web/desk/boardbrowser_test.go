package desk_test

import (
	"testing"

	"github.com/chromedp/chromedp"

	"pishkhan/internal/testworld"
)

// TestTheBoardInABrowser sees a colleague's claim without a reload, and a tile
// open its list.
func TestTheBoardInABrowser(t *testing.T) {
	w := testworld.New(t)
	o := w.Paid(t)
	d := openAs(t, w, w.Supervisor)
	d.key("KeyD", "ی")
	d.arrives("/desk/board")
	d.until(`document.querySelector("[data-tile=free] .tile-value").textContent === "۱"`)
	d.ask(`(window.stays = true) + ""`)
	claimed, err := w.House.Queue.Claim(t.Context(), w.Operator, o.Code)
	testworld.Must(t, err)
	d.until(`document.querySelector("[data-tile=free] .tile-value").textContent === "۰"`)
	d.until(`document.querySelectorAll("#people [data-person]").length === 1`)
	if d.ask(`String(window.stays)`) != "true" {
		t.Error("the page was loaded anew")
	}
	d.run(chromedp.Click(`[data-count-of=in_progress]`))
	d.arrives("/desk/board/orders")
	d.until(`document.getElementById("row-` + claimed.Code + `")`)
}
