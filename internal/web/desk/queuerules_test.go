package desk_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"pishkhan/internal/testworld"
)

// rule runs a test of its own in a browser that others share.
func (d *tab) rule(name string, check func(t *testing.T)) {
	whole := d.t
	whole.Run(name, func(t *testing.T) {
		d.t = t
		check(t)
	})
	d.t = whole
}

// holds fails the test unless an expression is true now.
func (d *tab) holds(what, expression string) {
	d.t.Helper()
	if got := d.ask("JSON.stringify(" + expression + ")"); got != "true" {
		d.t.Errorf("%s: %s", what, got)
	}
}

// watchShifts notes from now on, in window.moved, what moves by itself.
func (d *tab) watchShifts() {
	d.t.Helper()
	d.drawn()
	d.ask(`window.moved = ""; new PerformanceObserver((list) => { for (const e of list.getEntries()) {
			const parts = e.sources.map((s) => (s.node?.outerHTML || s.node?.data || "gone").slice(0, 200) + JSON.stringify([s.previousRect, s.currentRect]));
			window.moved += e.value + " " + parts.join(", ") + "; " } })
		.observe({type: "layout-shift"}); ""`)
}

// drawn waits until the page shows what its document says.
func (d *tab) drawn() {
	d.t.Helper()
	d.ask(`window.drawn = 0; requestAnimationFrame(() => requestAnimationFrame(() => (window.drawn = 1))); ""`)
	d.until(`window.drawn`)
}

// The rules of the design for the queue, each a test.
func TestTheRulesOfTheQueue(t *testing.T) {
	w := testworld.New(t)
	var codes []string
	for range 6 {
		codes = append(codes, w.Paid(t).Code)
		w.Clock.Advance(5 * time.Minute)
	}
	other := testworld.Reopen(t, w.DatabaseURL(), w.Dir, w.Clock.Now()) // another process
	d := open(t, w)
	d.until(`document.querySelectorAll("#rows > tr").length === 6`)

	d.rule("rows are 44 px high, of 14 px text, and begin with the time at the start side", func(*testing.T) {
		d.holds("height", `[...document.querySelectorAll("#rows > tr")].every((r) => Math.abs(r.getBoundingClientRect().height - 44) <= 1)`)
		d.holds("text", `getComputedStyle(document.querySelector("#rows td")).fontSize === "14px"`)
		d.holds("first column", `(() => { const ths = [...document.querySelectorAll("thead th")].filter((th) => th.getClientRects().length); const right = ths[0].getBoundingClientRect().right;
			return document.dir === "rtl" && ths[0].matches(".col-time") && ths.every((th) => th.getBoundingClientRect().right <= right) })()`)
	})
	d.rule("compact rows are 36 px high", func(*testing.T) {
		d.holds("height", `(() => { const list = document.getElementById("list"); list.classList.add("is-compact");
			const h = document.querySelector("#rows > tr").getBoundingClientRect().height; list.classList.remove("is-compact"); return Math.abs(h - 36) <= 1 || h })()`)
	})
	d.rule("sorted by the absolute due time", func(*testing.T) {
		d.holds("due times", `[...document.querySelectorAll("#rows > tr")].map((r) => Number(r.dataset.due)).every((due, i, all) => i === 0 || all[i - 1] <= due)`)
	})
	d.rule("keys go by their place on a Persian layout", func(*testing.T) {
		d.key("KeyJ", "ت")
		d.holds("the cursor", `document.querySelector("#rows > tr").contains(document.activeElement) || document.activeElement.outerHTML`)
		d.key("KeyJ", "ت")
		d.holds("the cursor", `document.querySelectorAll("#rows > tr")[1].contains(document.activeElement)`)
		d.key("KeyK", "ن")
		d.holds("the cursor", `document.querySelectorAll("#rows > tr")[0].contains(document.activeElement)`)
	})
	d.rule("a key typed into a field does nothing else", func(*testing.T) {
		d.run(chromedp.Focus("main input[type=search]"))
		d.key("KeyN", "n")
		d.holds("the page", `location.pathname === "/desk" && document.querySelectorAll("form[data-sent]").length === 0`)
		d.ask(`document.activeElement.blur(); ""`)
	})
	d.rule("what is picked stays picked when the list is read again, and is counted", func(*testing.T) {
		d.key("KeyJ", "ت")
		d.key("KeyX", "ط")
		d.key("ArrowDown", "ArrowDown", "shiftKey")
		d.key("ArrowDown", "ArrowDown", "shiftKey")
		picked := `document.querySelectorAll("[data-pick]:checked").length`
		d.holds("picked", picked+` === 3 || `+picked)
		d.ask(`document.querySelector("#rows").dataset.old = "1"; document.body.dispatchEvent(new CustomEvent("refetch", {bubbles: true})); ""`)
		d.until(`document.querySelector("#list").dataset.read && !document.querySelector(".htmx-request")`)
		d.until(picked + ` === 3`)
		d.holds("the words", `/۳/.test(document.querySelector("#bulk [data-open='#bulk-release'] [data-label]").textContent)`)
		d.run(chromedp.Click("[data-unpick]"))
		d.holds("picked", picked+` === 0`)
	})
	d.rule("a colleague's claim shows in place, dims the row and names them; what comes waits behind the pill", func(t *testing.T) {
		d.watchShifts()
		d.ask(`window.tops = [...document.querySelectorAll("#rows > tr")].map((r) => [r.id, r.getBoundingClientRect().top]); ""`)
		_, err := other.House.Queue.Claim(t.Context(), w.Operator2, codes[2])
		testworld.Must(t, err)
		d.until(`document.querySelector("#row-` + codes[2] + `.is-taken")`)
		d.until(`document.querySelector("#row-` + codes[2] + ` .col-owner").textContent.includes("` + w.Operator2.Name + `")`)
		for range 2 {
			w.Paid(t)
		}
		d.until(`!document.querySelector("[data-pill]").hidden && document.querySelector("[data-pill]").textContent.includes("۲")`)
		d.holds("the rows moved", `window.tops.every(([id, top]) => document.getElementById(id).getBoundingClientRect().top === top)`)
		d.holds("layout shift", `window.moved === "" || window.moved`)
		d.run(chromedp.Click("[data-pill-show]"))
		d.until(`document.querySelectorAll("#rows > tr").length === 7 && document.querySelector("[data-pill]").hidden`)
		if d.ask(`document.activeElement.tagName`) == "BODY" {
			t.Error("the focus is nowhere")
		}
	})
	d.rule("a list that was on its way when a colleague took an order does not give it back", func(t *testing.T) {
		d.ask(`window.realFetch = window.fetch; window.came = 0
			const gate = new Promise((open) => (window.letIn = open))
			window.fetch = async (...args) => { const answer = await window.realFetch(...args); window.came++; await gate; return answer }
			document.body.dispatchEvent(new CustomEvent("refetch", {bubbles: true})); ""`)
		d.until(`window.came === 1`)
		_, err := other.House.Queue.Claim(t.Context(), w.Operator2, codes[4])
		testworld.Must(t, err)
		d.until(`document.querySelector("#row-` + codes[4] + `.is-taken")`)
		d.ask(`document.querySelector("#list").dataset.old = "1"; window.letIn(); window.fetch = window.realFetch; ""`)
		d.until(`document.querySelector("#list:not([data-old])")`)
		d.holds("the row", `document.querySelector("#row-`+codes[4]+`").className.includes("is-taken") || document.querySelector("#row-`+codes[4]+`").className`)
	})
	d.rule("when the list cannot be read, the rows stay, with their age and another try", func(*testing.T) {
		d.expected = append(d.expected, "simulated", "htmx:error", "Failed to fetch")
		d.ask(`window.realFetch = window.fetch; window.fetch = () => Promise.reject(new TypeError("simulated")); document.body.dispatchEvent(new CustomEvent("refetch", {bubbles: true})); ""`)
		d.until(`!document.querySelector("[data-list-failed]").hidden`)
		d.holds("rows", `document.querySelectorAll("#rows > tr").length === 7 && /[۰-۹]/.test(document.querySelector("[data-list-failed-words]").textContent)`)
		d.ask(`window.fetch = window.realFetch; document.querySelector("[data-list-retry]").click(); ""`)
		d.until(`document.querySelector("[data-list-failed]").hidden`)
	})
	d.rule("what takes long shows that it is on its way after 200 ms, over nothing that is there", func(*testing.T) {
		d.watchShifts()
		d.ask(`window.realFetch = window.fetch; window.fetch = (...asked) => new Promise((go) => { window.letGo = () => go(window.realFetch(...asked)) });
			document.body.dispatchEvent(new CustomEvent("refetch", {bubbles: true})); ""`)
		d.until(`getComputedStyle(document.querySelector("#list-wait .htmx-indicator")).opacity === "1"`)
		d.holds("its delay", `getComputedStyle(document.querySelector("#list-wait .htmx-indicator")).transitionDelay === "0.2s"`)
		d.holds("what is there", `document.querySelectorAll("#rows > tr").length > 5 && window.moved === "" || window.moved`)
		d.ask(`window.fetch = window.realFetch; window.letGo(); ""`)
		d.until(`getComputedStyle(document.querySelector("#list-wait .htmx-indicator")).opacity === "0"`)
	})
	d.rule("a line that is silent for 20 seconds is said to be", func(*testing.T) {
		d.ask(`window.realNow = Date.now; Date.now = () => window.realNow() + 21000; ""`)
		d.until(`!document.querySelector("[data-stale]").hidden`)
		d.holds("the words", `/^قطع — آخرین به‌روزرسانی [۰-۹]{2}:[۰-۹]{2}$/.test(document.querySelector("[data-stale-text]").textContent) || document.querySelector("[data-stale-text]").textContent`)
		d.ask(`Date.now = window.realNow; ""`)
	})
	d.rule("the palette finds an order and its customer by the server", func(t *testing.T) {
		d.key("KeyK", "ن", "ctrlKey")
		d.until(`document.querySelector("dialog#palette[open]")`)
		d.run(chromedp.SendKeys("#palette-q", codes[5]))
		d.until(`document.querySelector("#palette [data-found] a[href='/desk/orders/` + codes[5] + `']")`)
		d.holds("its customer", `Boolean(document.querySelector("#palette [data-found] a[href^='/desk/search?q=']"))`)
		d.holds("an action has its key", `[...document.querySelectorAll("#palette li button kbd")].length > 3`)
		d.ask(`document.getElementById("palette").close(); ""`)
	})
	d.rule("nothing blinks", func(*testing.T) {
		d.holds("animations", `(() => { const endless = document.getAnimations().filter((a) => a.effect.getTiming().iterations === Infinity);
			return endless.length === 0 || endless.map((a) => a.animationName + " " + a.effect.target?.outerHTML.slice(0, 90)) })()`)
	})
}

// Each level of the clock has a word and a shape of its own, and the list's
// clocks turn from one to the next by themselves.
func TestTheClockOfARowTurns(t *testing.T) {
	w := testworld.New(t)
	w.Paid(t)
	w.Clock.Advance(59 * time.Minute) // 61 are left
	d := open(t, w)
	d.ask(`window.then = Date.now(); window.ahead = 0; Date.now = () => window.then + window.ahead; ""`)
	shape := `[...document.querySelectorAll("#rows .badge[data-level] .icon")].filter((i) => i.getClientRects().length).map((i) => i.getAttribute("class")).join()`
	seen := map[string]string{}
	for _, c := range []struct {
		passed              int // minutes
		level, words, shape string
	}{{0, "calm", "۱ ساعت", ""}, {2, "soon", "دقیقه مانده", "icon-soon"}, {32, "urgent", "فوری", "icon-urgent"}, {62, "late", "دیرکرد", "icon-late"}} {
		d.ask(fmt.Sprintf(`window.ahead = %d * 60e3; ""`, c.passed))
		d.until(`document.querySelector("#rows [data-level]").dataset.level === "` + c.level + `"`)
		words, icon := d.ask(`document.querySelector("#rows [data-words]").textContent`), d.ask(shape)
		if !strings.Contains(words, c.words) || strings.Contains(words, "-") || !strings.Contains(icon, c.shape) || (c.shape == "") != (icon == "") {
			t.Errorf("%s says %q with the shape %q", c.level, words, icon)
		}
		if seen[icon] != "" {
			t.Errorf("%s has the shape of %s", c.level, seen[icon])
		}
		seen[icon] = c.level
	}
}
