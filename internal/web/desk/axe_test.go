package desk_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

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

// accessible fails the test when axe finds anything on the page as it is.
func (d *tab) accessible(script, what string) {
	d.t.Helper()
	d.ask(script + `; ""`)
	d.ask(`window.found = null; axe.run(document, {resultTypes: ["violations"]}).then((r) => { window.found = r.violations.map((v) => v.id + ": " + v.nodes.slice(0, 3).map((n) => n.target.join(" ") + " " + n.failureSummary.replace(/\s+/g, " ")).join(" | ")) }); ""`)
	d.until(`window.found !== null`)
	if found := d.ask(`window.found.join("\n")`); found != "" {
		d.t.Errorf("%s:\n%s", what, found)
	}
}

// Nothing is found on any page of the desk, in either language.
func TestAxeFindsNothing(t *testing.T) {
	script := axe(t)
	w := testworld.New(t)
	free, held := w.Paid(t), w.Claimed(t, "application-fee")
	w.Unproven(t)
	w.Done(t)
	for _, who := range []audit.Actor{w.Supervisor, w.Admin} {
		d := openAs(t, w, who)
		paths := strings.Fields(d.ask(`[...new Set([...document.querySelectorAll("nav a[href^='/desk']")].map((a) => a.getAttribute("href")))].join(" ")`))
		if who.ID == w.Supervisor.ID {
			paths = append(paths, "/desk?view=open", "/desk?view=free&filters=1", "/desk?view=late", "/desk/search?q=09",
				"/desk/orders/"+free.Code, "/desk/orders/"+held.Code)
		}
		base := d.ask(`location.origin`)
		for _, lang := range i18n.Langs() {
			d.ask(fmt.Sprintf(`document.cookie = "__Host-lang=%s; path=/; secure"; ""`, lang))
			for _, path := range paths {
				d.run(chromedp.Navigate(base + path))
				d.until(`document.readyState === "complete" && document.documentElement.lang === "` + string(lang) + `"`)
				d.accessible(script, fmt.Sprintf("%s in %s for %s", path, lang, who.Name))
			}
		}
	}
}
