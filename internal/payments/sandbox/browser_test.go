package sandbox_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestInABrowser pays as a person does, on a small phone: nothing overflows,
// and the form goes back by itself under the page's own security policy.
func TestInABrowser(t *testing.T) {
	if _, err := exec.LookPath("chromium"); err != nil {
		t.Skip("no chromium here")
	}
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, `<p id="arrived">%s %s %s</p>`, r.Method, r.URL.Query().Get("invoice"), r.PostFormValue("PaygateTranId"))
	}))
	defer shop.Close()
	b := setup(t, options())
	request := order()
	request["callbackURL"] = shop.URL + "/back?invoice=987654"
	request["amountInRials"] = 9_999_999_990
	refID := b.token(t, request)

	tab, closeTab := chromedp.NewContext(t.Context(), chromedp.WithAllocatorOptions(chromedp.NoSandbox))
	defer closeTab()

	err := chromedp.Do(tab, chromedp.EmulateViewport(360, 640), chromedp.Navigate(b.url+"/pay?RefId="+refID+"&mobileap=09121234567"))
	if err != nil {
		t.Fatal(err)
	}
	width, err := chromedp.Run(tab, chromedp.Evaluate[int](`document.documentElement.scrollWidth`))
	if err != nil || width > 360 {
		t.Errorf("the page is %d pixels wide on a screen of 360: %v", width, err)
	}
	if err := chromedp.Do(tab, chromedp.Click(`button[name=outcome][value=pay]`)); err != nil {
		t.Fatal(err)
	}
	arrived, err := chromedp.Run(tab, chromedp.Text(`#arrived`))
	if err != nil || arrived != "POST 987654 1938000001" {
		t.Errorf("the shop got %q: %v", arrived, err)
	}
}
