package shop_test

import (
	"testing"

	"github.com/chromedp/chromedp"

	"pishkhan/internal/i18n"
	"pishkhan/internal/web"
)

// A price that runs out while its page is open says so where it stands,
// without a reload: the way to pay goes, and that to today's price comes.
func TestAPriceRunsOutBeforeOnesEyes(t *testing.T) {
	b := setup(t)
	base, ctx := b.served(t, 360)
	v := b.Visitor(t)
	g := b.as(t, v)
	b.ordered(t, g, "steam-wallet")
	for name, value := range map[string]string{web.VisitorCookie: string(v.Token), "__Host-lang": "fa"} {
		run(t, ctx, chromedp.Navigate(base+"/cookie?name="+name+"&value="+value))
	}
	run(t, ctx, chromedp.Navigate(base+"/basket"), chromedp.WaitVisible("[data-clock]"), chromedp.WaitVisible(`a[href="/checkout"]`))
	if got := ask[string](t, ctx, `document.querySelector("[data-clock]").textContent`); len([]rune(got)) != 5 || got[0] == '2' {
		t.Errorf("the clock shows %q", got)
	}
	if got := ask[string](t, ctx, `document.getElementById("announce").textContent`); got != "" {
		t.Errorf("a screen reader hears %q", got)
	}
	ask[string](t, ctx, `window.stays = true, document.querySelector("[data-expiry]").dataset.left = "1"`)
	run(t, ctx,
		chromedp.WaitVisible(`form[action="/basket/reprice"] button`), chromedp.WaitVisible("[data-expired]"), chromedp.WaitNotVisible(`a[href="/checkout"]`),
	)
	if !ask[bool](t, ctx, `window.stays === true`) {
		t.Error("the page was loaded anew")
	}
	if got := ask[string](t, ctx, `document.getElementById("announce").textContent`); got != i18n.FA.T("shop.basket.expired") {
		t.Errorf("a screen reader hears %q", got)
	}
}
