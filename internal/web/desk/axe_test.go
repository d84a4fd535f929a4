package desk_test

import (
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"pishkhan/internal/audit"
	"pishkhan/internal/i18n"
	"pishkhan/internal/testworld"
)

// axe is the accessibility checker, as npm installs it for tests.
func axe(t *testing.T) string {
	t.Helper()
	script, err := os.ReadFile("../../../static/src/node_modules/axe-core/axe.min.js")
	if err != nil && os.Getenv("PISHKHAN_BROWSER") == "required" {
		t.Fatal(err)
	}
	if err != nil {
		t.Skip("axe-core is not installed: run npm install in static/src")
	}
	return string(script)
}

// accessible fails the test when axe finds anything in a part of the page as
// it is; script is axe itself, which each page is given once.
func (d *tab) accessible(script, part, what string) {
	d.t.Helper()
	if d.ask(`typeof window.axe`) == "undefined" {
		d.ask(script + `; ""`)
	}
	d.ask(`window.found = null; axe.run(document.querySelector(` + strconv.Quote(part) + `), {resultTypes: ["violations"], preload: false, iframes: false}).then((r) => { window.found = r.violations.map((v) => v.id + ": " + v.nodes.slice(0, 3).map((n) => n.target.join(" ") + " " + n.failureSummary.replace(/\s+/g, " ")).join(" | ")) }); ""`)
	d.until(`window.found !== null`)
	if found := d.ask(`window.found.join("\n")`); found != "" {
		d.t.Errorf("%s:\n%s", what, found)
	}
}

// skeleton is all that axe judges a page by, but its texts: pages that look
// alike to it are checked once.
const skeleton = `[...document.querySelectorAll("body *")].map((e) => e.tagName + [...e.attributes].map((a) =>
	/^(class|role|type|aria-|lang|dir|hidden|tabindex|for|open|disabled)/.test(a.name) ? a.name + "=" + a.value.replace(/[0-9۰-۹]+/g, "0") : "").join(" ")).join("\n") + document.title.length`

// Nothing is found on any page of the desk, nor on its dialogs, in either language.
func TestAxeFindsNothing(t *testing.T) {
	script := axe(t)
	w := testworld.New(t)
	free, held := w.Paid(t), w.Claimed(t, "application-fee")
	w.Unproven(t)
	w.Done(t)
	w.Clock.Advance(110 * time.Minute) // some will be late at this pace, and are warned of
	supervisor := signedIn(t, w, newApp(w), w.Supervisor)
	supervisor.post(t, "/desk/calendar/days/1405-07-16", "revision", "0", "kind", "closed", "name", "سوگواری").must(t, http.StatusSeeOther)
	supervisor.post(t, "/desk/queue/views", "view_name", "همه", "query", "view=open", "shared", "1").must(t, http.StatusSeeOther)
	first := openAs(t, w, w.Supervisor)
	more := []string{"/desk?view=open", "/desk?view=free&filters=1", "/desk?view=late", "/desk/search?q=09", "/desk/orders/" + free.Code, "/desk/orders/" + held.Code,
		"/desk/tokens", "/desk/calendar?day=1405-07-16", "/desk/calendar/week", "/desk/calendar/check", "/desk/calendar/clocks", "/desk/calendar/history", "/desk/calendar/import",
		"/desk/board?range=7", "/desk/board/orders?of=free", "/desk/staff/" + strconv.FormatInt(w.Operator.ID, 10)}
	for _, lang := range i18n.Langs() {
		t.Run(string(lang), func(t *testing.T) {
			t.Parallel()
			seen := map[string]bool{}
			for _, who := range []audit.Actor{w.Supervisor, w.Admin} {
				d := first.beside(t, w, who)
				d.ask(fmt.Sprintf(`document.cookie = "__Host-lang=%s; path=/; secure"; ""`, lang))
				paths := strings.Fields(d.ask(`[...new Set([...document.querySelectorAll("nav a[href^='/desk']")].map((a) => a.getAttribute("href")))].join(" ")`))
				if who.ID == w.Supervisor.ID {
					paths = append(paths, more...)
				}
				for _, path := range paths {
					d.run(chromedp.Navigate(d.base + path))
					d.until(`document.readyState === "complete" && document.documentElement.lang === "` + string(lang) + `"`)
					if look := path + "\n" + d.ask(skeleton); !seen[look] {
						seen[look] = true
						d.accessible(script, "html", fmt.Sprintf("%s in %s for %s", path, lang, who.Name))
					}
				}
				if who.ID == w.Supervisor.ID {
					d.accessibleDialogs(script, string(lang))
				}
			}
		})
	}
}

// accessibleDialogs opens what the queue asks in dialogs and menus.
func (d *tab) accessibleDialogs(script, lang string) {
	d.t.Helper()
	d.run(chromedp.Navigate(d.base + "/desk"))
	d.until(`document.readyState === "complete" && document.querySelector("[data-pick]")`)
	d.ask(`document.querySelector("[data-pick]").click(); for (const menu of document.querySelectorAll("details")) menu.open = true; ""`)
	d.accessible(script, "main", "the queue with a picked row, in "+lang)
	for _, id := range []string{"look", "save-view", "bulk-handover", "bulk-release", "bulk-note", "palette", "keys"} {
		d.ask(`document.querySelector("[data-open='#` + id + `']").click(); ""`)
		d.until(`document.querySelector("dialog#` + id + `[open]")`)
		d.accessible(script, "dialog#"+id, id+" in "+lang)
		d.ask(`document.getElementById("` + id + `").close(); ""`)
	}
}
