package desk_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"pishkhan/internal/orders"
	"pishkhan/internal/testworld"
)

// evenDigits is what is wrong with the digits of all that a selector finds: each
// takes as much room as another, in figures that say so.
const evenDigits = `(selector) => [...document.querySelectorAll(selector)].filter((e) => e.getClientRects().length).slice(0, 3).flatMap((e) => {
	const probe = document.createElement("span"); probe.style.setProperty("position", "absolute"); e.append(probe);
	const digits = document.documentElement.lang === "fa" ? "۰۱۲۳۴۵۶۷۸۹" : "0123456789";
	const widths = [...digits].map((d) => { probe.textContent = d.repeat(5); return probe.getBoundingClientRect().width });
	const figures = getComputedStyle(probe).fontVariantNumeric; probe.remove();
	return widths[0] > 0 && widths.every((w) => Math.abs(w - widths[0]) < 0.01) && figures.includes("tabular-nums") ? [] : [selector + " " + figures + " " + widths] })`

// The looks of the queue that the design measures, in both languages.
func TestTheLooksOfTheQueue(t *testing.T) {
	w := testworld.New(t)
	for range 9 {
		w.Paid(t)
	}
	d := open(t, w)
	tabs := `[...document.querySelectorAll("#views a")]`
	d.rule("a count that grows moves nothing", func(*testing.T) {
		d.until(`document.querySelectorAll("#rows > tr").length === 9 && document.fonts.status === "loaded" && document.readyState === "complete"`)
		d.until(tabs + `.some((a) => a.textContent.includes("۹"))`)
		d.ask(`window.lefts = JSON.stringify(` + tabs + `.map((a) => a.getBoundingClientRect().left)); ""`)
		d.watchShifts()
		w.Paid(t)
		d.until(`!document.querySelector("[data-pill]").hidden`)
		d.run(chromedp.Click("[data-pill-show]"))
		d.until(`document.querySelectorAll("#rows > tr").length === 10 && ` + tabs + `.some((a) => a.textContent.includes("۱۰"))`)
		d.drawn()
		d.holds("the tabs", `window.lefts === JSON.stringify(`+tabs+`.map((a) => a.getBoundingClientRect().left))`)
		d.holds("layout shift", `window.moved === "" || window.moved`)
	})
	d.rule("the columns stand in the order of the design", func(*testing.T) {
		d.holds("columns", `(() => { const want = ["time", "code", "service", "amount", "customer", "state", "owner", "action"];
			const shown = [...document.querySelectorAll("thead th")].filter((th) => th.getClientRects().length).sort((a, b) => b.getBoundingClientRect().right - a.getBoundingClientRect().right);
			const names = shown.map((th) => [...th.classList].find((c) => c.startsWith("col-")).slice(4)).filter((name) => want.includes(name));
			return JSON.stringify(names) === JSON.stringify(want) || names })()`)
	})
	d.rule("amounts end at one line, so that their units stand below each other", func(*testing.T) {
		d.holds("amounts", `(() => { const range = document.createRange();
			const lefts = [...document.querySelectorAll("#rows .col-amount")].map((e) => { range.selectNodeContents(e); return range.getBoundingClientRect().left });
			return lefts.length > 5 && lefts.every((left) => Math.abs(left - lefts[0]) < 0.5) || lefts })()`)
	})
	d.rule("the tints of time are of no state", func(*testing.T) {
		states := ""
		for _, s := range []orders.State{orders.AwaitingPayment, orders.AwaitingKYC, orders.Paid, orders.InProgress, orders.WaitingCustomer, orders.Done, orders.Cancelled, orders.Expired} {
			states += "badge-" + string(s) + " "
		}
		d.holds("tints", `(() => { const probe = document.createElement("span"); document.body.append(probe);
			const ground = (name) => { probe.className = "badge " + name; return getComputedStyle(probe).backgroundColor };
			const time = ["time-soon", "time-urgent", "time-late"].map(ground), states = "`+states+`".trim().split(" ").map(ground);
			probe.remove(); return new Set(time).size === 3 && states.every((g) => g !== "rgba(0, 0, 0, 0)" && !time.includes(g)) || [time, states] })()`)
	})
	for _, lang := range []struct{ name, next, previous string }{{"fa", kb.ArrowLeft, kb.ArrowRight}, {"en", kb.ArrowRight, kb.ArrowLeft}} {
		d.ask(`document.cookie = "__Host-lang=` + lang.name + `; path=/; secure"; ""`)
		d.run(chromedp.Navigate(d.base + "/desk"))
		d.until(`document.documentElement.lang === "` + lang.name + `" && document.readyState === "complete" && document.querySelectorAll("#rows > tr").length === 10`)
		d.rule("digits take the same room, "+lang.name, func(*testing.T) {
			d.holds("digits", `((even) => { const wrong = ["#rows .col-time .badge", "#rows .col-time .time-wall", "#rows .col-amount", "#rows .code", "#views .count", "#bulk [role=status]"].flatMap(even); return wrong.length === 0 || wrong })(`+evenDigits+`)`)
		})
		d.rule("the arrows walk over the tabs, "+lang.name, func(*testing.T) {
			d.ask(tabs + `[0].focus(); ""`)
			d.run(chromedp.KeyEvent(lang.next), chromedp.KeyEvent(lang.next), chromedp.KeyEvent(lang.previous))
			d.holds("the focus", `document.activeElement === `+tabs+`[1] || document.activeElement.outerHTML`)
			d.run(chromedp.KeyEvent(kb.End))
			d.holds("the focus", `document.activeElement === `+tabs+`.at(-1) || document.activeElement.outerHTML`)
		})
	}
}
