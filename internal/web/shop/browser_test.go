package shop_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/customers"
	"pishkhan/internal/testworld"
	"pishkhan/internal/token"
	"pishkhan/internal/web"
)

// served is the bench's shop over HTTP, and a browser in front of it.
func (b *bench) served(t *testing.T, width int, expected ...string) (base string, ctx context.Context) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	testworld.Must(t, err)
	base = "http://" + listener.Addr().String()
	b.app = open(b.House, base)
	b.app.Get("/cookie", func(c *fiber.Ctx) error {
		web.SetSession(c, c.Query("name"), token.Token(c.Query("value")), time.Hour)
		return nil
	})
	go func() { _ = b.app.Listener(listener) }()
	t.Cleanup(func() { _ = b.app.Shutdown() })
	return base, browse(t, width, expected...)
}

// browse opens a Chromium of the given width; what its console complains of
// fails the test, but for what contains one of the expected texts.
func browse(t *testing.T, width int, expected ...string) context.Context {
	t.Helper()
	path := chromium()
	if path == "" {
		if os.Getenv("PISHKHAN_BROWSER") == "required" {
			t.Fatal("no Chromium, and PISHKHAN_BROWSER=required")
		}
		t.Skip("no Chromium on this machine")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU)
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, closeTab := chromedp.NewContext(allocator)
	t.Cleanup(closeTab)
	run(t, ctx, chromedp.EmulateViewport(int64(width), 900))
	messages := chromedp.Console(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for message, err := range messages {
			if err != nil {
				return
			}
			if slices.ContainsFunc(expected, func(text string) bool { return strings.Contains(message.Text, text) }) {
				continue
			}
			if message.IsException() || message.Type == chromedp.ConsoleError || message.Type == chromedp.ConsoleWarning {
				t.Errorf("browser: %s %s", message.Text, message.URL)
			}
		}
	}()
	t.Cleanup(func() { closeTab(); <-done })
	return ctx
}

func chromium() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

func run(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

// ask evaluates an expression in the page.
func ask[T any](t *testing.T, ctx context.Context, expression string) T {
	t.Helper()
	answer, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return answer
}

// do runs a statement in the page.
func do(t *testing.T, ctx context.Context, statement string) {
	t.Helper()
	run(t, ctx, chromedp.Evaluate[chromedp.Void](statement+"; undefined"))
}

// eventually waits until the expression is true in the page, over a change of pages too.
func eventually(t *testing.T, ctx context.Context, expression string) {
	t.Helper()
	deadline := time.After(30 * time.Second)
	for {
		met, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("Boolean("+expression+")", chromedp.EvalAwaitPromise))
		if err == nil && met {
			return
		}
		select {
		case <-deadline:
			t.Fatalf("never true: %s: %v", expression, err)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// picture stores what the whole page looks like, where PISHKHAN_GALLERY asks for it.
func picture(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	dir := os.Getenv("PISHKHAN_GALLERY")
	if dir == "" {
		return
	}
	take := chromedp.CaptureScreenshot()
	if ask[bool](t, ctx, `document.documentElement.scrollHeight > innerHeight`) {
		take = chromedp.FullScreenshot(100) // which shifts pages from right to left that need no scrolling
	}
	png, err := chromedp.Run(ctx, take)
	testworld.Must(t, err)
	testworld.Must(t, os.WriteFile(filepath.Join(dir, name+".png"), png, 0o600))
}

// typeIn writes into a field as a keyboard would.
func typeIn(t *testing.T, ctx context.Context, name, text string) {
	t.Helper()
	do(t, ctx, fmt.Sprintf(`{ const field = document.querySelector("[name='%s']"); field.value = %q; field.dispatchEvent(new Event("input", {bubbles: true})); field.dispatchEvent(new Event("change", {bubbles: true})); }`, name, text))
}

// A refused form keeps the password that was typed, without the server ever
// sending it back; the price arrives while one types.
func TestFormInABrowserKeepsThePasswordAndShowsThePrice(t *testing.T) {
	b := setup(t)
	base, ctx := b.served(t, 360, "422")
	run(t, ctx, chromedp.Navigate(base+"/services/steam-wallet"), chromedp.WaitReady("#main"))
	typeIn(t, ctx, "site_password", "Gorbeh-77-sabz")
	typeIn(t, ctx, "site_login", "arash_g")
	do(t, ctx, `document.querySelector("[name=amount]").focus()`)
	typeIn(t, ctx, "amount", "۵۰")
	eventually(t, ctx, `document.querySelector("#price [data-line=total]")`)
	if got := ask[string](t, ctx, `document.activeElement.name`); got != "amount" {
		t.Errorf("the price takes the focus to %q", got)
	}
	typeIn(t, ctx, "amount", "-3")
	eventually(t, ctx, `!document.querySelector("#price [data-line=total]")`)
	typeIn(t, ctx, "region", "tr")

	do(t, ctx, `document.querySelector("button[form=order-form]").click()`)
	eventually(t, ctx, `document.querySelector("#f-amount-error")`)
	eventually(t, ctx, `document.activeElement.classList.contains("notice-error")`)
	for name, want := range map[string]string{"site_password": "Gorbeh-77-sabz", "site_login": "arash_g", "amount": "-3", "region": "tr"} {
		if got := ask[string](t, ctx, `document.querySelector("[name='`+name+`']").value`); got != want {
			t.Errorf("%s holds %q, want %q", name, got, want)
		}
	}
	if got := ask[string](t, ctx, `document.title`); !strings.HasPrefix(got, "خطا:") {
		t.Errorf("the title is %q", got)
	}

	typeIn(t, ctx, "amount", "50")
	eventually(t, ctx, `document.querySelector("#price [data-line=total]")`)
	// only the output is swapped: caret and selection stay; and the server's total counts, not what the page shows
	do(t, ctx, `window.output = document.getElementById("price"); document.querySelector("[data-line=total]").dataset.old = "1"; document.querySelector("[name=amount]").focus()`)
	typeIn(t, ctx, "amount", "55")
	do(t, ctx, `document.querySelector("[name=amount]").setSelectionRange(0, 1)`)
	eventually(t, ctx, `document.querySelector("#price [data-line=total]:not([data-old])")`)
	if got := ask[string](t, ctx, `(({activeElement: e}) => [e.name, e.value, e.selectionStart, e.selectionEnd, document.getElementById("price") === window.output, window.output.tagName].join(" "))(document)`); got != "amount 55 0 1 true OUTPUT" {
		t.Errorf("as the price came: %s", got)
	}
	do(t, ctx, `document.querySelector("[data-line=total]").dataset.old = "1"`)
	typeIn(t, ctx, "amount", "50")
	eventually(t, ctx, `document.querySelector("#price [data-line=total]:not([data-old])")`)
	do(t, ctx, `document.querySelector("[data-line=total] dd").textContent = "۱ تومان"`)
	typeIn(t, ctx, "guard_phone", "۰۹۱۲۰۰۰۰۰۷۱")
	do(t, ctx, `document.querySelector("[name=steam_guard][value=mobile]").click()`)
	do(t, ctx, `document.querySelector("button[form=order-form]").click()`)
	eventually(t, ctx, `location.pathname === "/basket" && document.querySelector("[data-line-id]")`)
	if got := ask[string](t, ctx, `document.querySelector("[data-line-id]").innerText`); strings.Contains(got, " ۱ تومان") || !strings.Contains(got, "٬") {
		t.Errorf("the basket holds %q", got)
	}
}

func TestCheckoutInABrowserEndsAtTheGateway(t *testing.T) {
	b := setup(t)
	v := b.Visitor(t)
	b.ordered(t, b.as(t, v), "steam-wallet")
	base, ctx := b.served(t, 800, "data:,") // the simulator's pay page has no icon
	run(t, ctx, chromedp.Navigate(base+"/cookie?name="+web.VisitorCookie+"&value="+string(v.Token)),
		chromedp.Navigate(base+"/checkout"), chromedp.WaitReady("#main"))
	for name, value := range b.details() {
		typeIn(t, ctx, name, value)
	}
	do(t, ctx, `document.querySelector("main form button[type=submit]").click()`)
	eventually(t, ctx, fmt.Sprintf(`location.href.startsWith(%q)`, b.Simulator.PayPage))
	picture(t, ctx, "gateway")
}

// The page of an order that goes on without its customer follows by itself.
func TestOrderPageFollowsInABrowser(t *testing.T) {
	b := setup(t)
	v := b.Visitor(t)
	o := b.paidBy(t, v)
	base, ctx := b.served(t, 800)
	run(t, ctx, chromedp.Navigate(base+"/cookie?name="+web.VisitorCookie+"&value="+string(v.Token)),
		chromedp.Navigate(base+"/orders/"+o.Code), chromedp.WaitReady("#main"))
	do(t, ctx, `document.querySelector("#order details").open = true`)
	b.Approve(t, o)
	eventually(t, ctx, `document.querySelector("#order .badge").dataset.state === "paid" && document.querySelector("[data-promise]")`)
	if !ask[bool](t, ctx, `document.querySelector("#order details").open`) {
		t.Error("what was opened is closed again")
	}
}

// Every page fits its screen in both languages.
func TestPagesFitTheScreen(t *testing.T) {
	b := setup(t)
	base, ctx := b.served(t, 360, "404")
	v := b.Visitor(t)
	paths := b.everyPage(t, v)
	for _, screen := range []struct {
		width       int
		lang, theme string
	}{{360, "fa", "light"}, {360, "en", "dark"}, {1440, "fa", "dark"}, {1440, "en", "light"}, {1440, "fa", "light"}} {
		run(t, ctx, chromedp.EmulateViewport(int64(screen.width), 900))
		for name, value := range map[string]string{web.VisitorCookie: string(v.Token), "__Host-lang": screen.lang, "__Host-theme": screen.theme} {
			run(t, ctx, chromedp.Navigate(base+"/cookie?name="+name+"&value="+value))
		}
		for name, path := range paths {
			run(t, ctx, chromedp.Navigate(base+path), chromedp.WaitReady("#main"))
			ask[bool](t, ctx, `document.fonts.ready.then(() => true)`)
			if wide := ask[int](t, ctx, `document.documentElement.scrollWidth`); wide > screen.width {
				t.Errorf("%s %s at %d px is %d px wide", name, screen.lang, screen.width, wide)
			}
			picture(t, ctx, fmt.Sprintf("%s-%s-%s-%d", name, screen.lang, screen.theme, screen.width))
		}
	}
}

// everyPage brings a browser into every situation, and returns the pages by
// what they show.
func (b *bench) everyPage(t *testing.T, v customers.Visitor) map[string]string {
	t.Helper()
	paths := map[string]string{"showcase": "/", "track": "/track", "stranger": "/payments/return"}
	unpaid := b.PlacedBy(t, v, b.Someone(), "steam-wallet", "amazon-basket")
	paths["unpaid"] = "/orders/" + unpaid.Orders[0].Code
	rejected := b.paidBy(t, v)
	b.Reject(t, rejected, "کد ملی با نام نمی‌خواند. کد را از روی کارت بنویسید.")
	paths["rejected"] = "/orders/" + rejected.Code
	paths["unproven"] = "/orders/" + b.paidBy(t, v).Code
	asked := b.paidBy(t, v)
	b.Approve(t, asked)
	_, err := b.House.Queue.Claim(t.Context(), b.Operator, asked.Code)
	testworld.Must(t, err)
	testworld.Must(t, b.House.Queue.Hold(t.Context(), b.Operator, asked.Code, "برای ورود، کدی را که به تلفن شما آمده است بفرستید."))
	paths["asked"] = "/orders/" + asked.Code
	done := b.paidBy(t, v)
	b.Approve(t, done)
	b.finish(t, done)
	paths["done"] = "/orders/" + done.Code
	paid := b.paidBy(t, v)
	b.Approve(t, paid)
	paths["paid"] = "/orders/" + paid.Code

	g := b.as(t, v)
	b.ordered(t, g, "ielts-registration")
	b.ordered(t, g, "hotel-booking")
	for _, slug := range []string{"ielts-registration", "steam-wallet"} {
		paths["service-"+slug] = "/services/" + slug
	}
	paths["basket"], paths["checkout"], paths["orders"], paths["missing"] = "/basket", "/checkout", "/orders", "/orders/NOSUCHX"
	line := g.get("/basket").Find("[data-line-id]").AttrOr("data-line-id", "")
	paths["edit"], paths["bulk"] = "/basket/lines/"+line+"/edit", "/services/steam-wallet/bulk"
	return paths
}
