package parts_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/chromedp/chromedp"

	"pishkhan/internal/i18n"
	"pishkhan/static"
)

const strictPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// serve shows the gallery's pages under the policy of the product:
// /desk/fa/light, /shop/en/dark and so on. It returns the address, and the
// mux for more.
func serve(t *testing.T) (string, *http.ServeMux) {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /static/{name}", func(w http.ResponseWriter, r *http.Request) {
		file, ok := static.Get(r.PathValue("name"))
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", file.ContentType)
		_, _ = w.Write(file.Content)
	})
	mux.HandleFunc("GET /{surface}/{lang}/{theme}", func(w http.ResponseWriter, r *http.Request) {
		lang, _ := i18n.ParseLang(r.PathValue("lang"))
		page := map[string]func(i18n.Lang, string) templ.Component{"desk": desk, "shop": shop, "deeds": deeds}[r.PathValue("surface")]
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", strictPolicy)
		if err := page(lang, r.PathValue("theme")).Render(in(lang), w); err != nil {
			t.Error(err)
		}
	})
	mux.HandleFunc("GET /desk/events", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	mux.HandleFunc("POST /desk/keys", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	server := httptest.NewServer(mux)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	return server.URL, mux
}

// browse opens a Chromium of the given width; what its console complains of
// fails the test, but for what contains one of the expected texts.
func browse(t *testing.T, width int, expected ...string) context.Context {
	t.Helper()
	if browser == nil {
		if os.Getenv("PISHKHAN_BROWSER") == "required" {
			t.Fatal("no Chromium, and PISHKHAN_BROWSER=required")
		}
		t.Skip("no Chromium on this machine")
	}
	ctx, closeTab := chromedp.NewContext(browser)
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

// browser is the one Chromium of these tests, each of which opens a tab; nil where there is none.
var browser context.Context

func TestMain(m *testing.M) {
	os.Exit(testAll(m))
}

func testAll(m *testing.M) int {
	path := chromium()
	if path == "" {
		return m.Run()
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU)
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	defer stop()
	ctx, closeBrowser := chromedp.NewContext(allocator)
	defer closeBrowser()
	if err := chromedp.Do(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "start Chromium:", err)
		return 1
	}
	browser = ctx
	return m.Run()
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
		t.Fatal(err)
	}
	return answer
}

// Both surfaces, languages and themes at three widths: nothing breaks the
// policy, nothing is wider than the screen, all text has AA contrast.
func TestPagesFitScreenPolicyAndContrast(t *testing.T) {
	base, _ := serve(t)
	for width, pages := range map[int][]string{
		360:  {"desk/fa/light", "desk/en/dark", "shop/fa/dark", "shop/en/light"},
		800:  {"desk/en/light", "shop/en/dark"},
		1440: {"desk/fa/dark", "shop/fa/light"},
	} {
		ctx := browse(t, width)
		for _, page := range pages {
			run(t, ctx, chromedp.Navigate(base+"/"+page), chromedp.WaitReady("#main"))
			ask[bool](t, ctx, `document.fonts.ready.then(() => true)`)
			if wide := ask[int](t, ctx, `document.documentElement.scrollWidth`); wide > width {
				t.Errorf("%s at %d px is %d px wide", page, width, wide)
			}
			for _, fault := range ask[[]string](t, ctx, lowContrast) {
				t.Errorf("%s at %d px: %s", page, width, fault)
			}
			for _, fault := range ask[[]string](t, ctx, smallTargets) {
				t.Errorf("%s at %d px: target %s", page, width, fault)
			}
			for _, fault := range ask[[]string](t, ctx, nameless) {
				t.Errorf("%s at %d px: no name: %s", page, width, fault)
			}
			picture(t, ctx, fmt.Sprintf("%s-%d", strings.ReplaceAll(page, "/", "-"), width))
		}
	}
}

// lowContrast lists visible texts whose contrast with the ground under them is below 4.5:1.
const lowContrast = `(() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (color) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1); return [...canvas.getImageData(0, 0, 1, 1).data]; };
  const light = ([r, g, b]) => [r, g, b].map((v) => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (element) => { for (; element; element = element.parentElement) { const c = rgba(getComputedStyle(element).backgroundColor); if (c[3] > 250) return c; } return [255, 255, 255]; };
  const faults = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode()); ) {
    const element = node.parentElement;
    if (!node.data.trim() || !element.getClientRects().length || element.closest("template, .sr-only, .skip, [disabled]")) continue;
    const a = light(rgba(getComputedStyle(element).color)), b = light(ground(element));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) faults.add(ratio.toFixed(2) + ":1 " + element.className + " " + node.data.trim().slice(0, 40));
  }
  return [...faults];
})()`

// smallTargets lists buttons, links of the bar and inputs below 32 px.
const smallTargets = `[...document.querySelectorAll("button, .bar-link, .btn, .input, .select, summary")]
  .filter((e) => e.getClientRects().length && e.getBoundingClientRect().height < 31.5)
  .map((e) => e.className + " " + e.textContent.trim().slice(0, 30) + " " + e.getBoundingClientRect().height)`

// nameless lists controls whose name is not drawn and not told to a screen reader either.
const nameless = `[...document.querySelectorAll("button, a[href], summary")]
  .filter((e) => e.checkVisibility({ visibilityProperty: true }) && !e.innerText.trim() && !e.ariaLabel && !e.querySelector("img[alt]:not([alt=''])"))
  .map((e) => e.outerHTML.slice(0, 120))`

// eventually waits until the expression is true in the page.
func eventually(t *testing.T, ctx context.Context, expression string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	wait := `new Promise((met) => { const id = setInterval(() => { if (` + expression + `) { clearInterval(id); met(true) } }, 20) })`
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](wait, chromedp.EvalAwaitPromise)); err != nil {
		t.Fatalf("never true: %s: %v", expression, err)
	}
}

// do runs a statement in the page.
func do(statement string) chromedp.Action[chromedp.Void] {
	return chromedp.Evaluate[chromedp.Void](statement + "; undefined")
}

// picture stores what the whole page looks like, where PISHKHAN_GALLERY asks for it.
func picture(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	store(t, ctx, name, chromedp.FullScreenshot(100))
}

// store is picture with its own way of taking it.
func store(t *testing.T, ctx context.Context, name string, take chromedp.Action[[]byte]) {
	t.Helper()
	dir := os.Getenv("PISHKHAN_GALLERY")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(ctx, take)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o600); err != nil {
		t.Fatal(err)
	}
}

// Scripts come from the cache or from the network, each in its own time: the
// line must open whichever comes last.
func TestTheLineOpensHoweverLateItsScriptCame(t *testing.T) {
	base, mux := serve(t)
	script, _ := static.Get("hx-sse.min.js")
	mux.HandleFunc("GET /static/hx-sse.min.js", func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(300 * time.Millisecond)
		w.Header().Set("Content-Type", script.ContentType)
		_, _ = w.Write(script.Content)
	})
	ctx := browse(t, 1440)
	run(t, ctx, chromedp.Navigate(base+"/desk/fa/light"), chromedp.WaitReady("#main"))
	eventually(t, ctx, `Boolean(document.querySelector("[data-live]")._htmx?.sse)`)
}

// press sends a key as a Persian layout would: the code is the place, the key the letter.
func press(code, key, more string) string {
	return fmt.Sprintf(`(document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent("keydown", {code: %q, key: %q, bubbles: true, cancelable: true%s}))`, code, key, more)
}

func TestKeysGoByPlaceAndRestWhileTyping(t *testing.T) {
	base, _ := serve(t)
	ctx := browse(t, 1440)
	run(t, ctx, chromedp.Navigate(base+"/desk/fa/light"), chromedp.WaitReady("#main"),
		do(`window.pressed = 0; document.querySelector("[data-key=KeyN]").addEventListener("click", (e) => { e.preventDefault(); window.pressed++ })`))

	ask[bool](t, ctx, press("KeyJ", "ت", ""))
	if got := ask[string](t, ctx, `document.querySelector("tr[aria-selected=true]").id`); got != "row-K7M2A" {
		t.Errorf("after J the cursor is on %q, want the first row", got)
	}
	ask[bool](t, ctx, press("KeyJ", "ت", ""))
	if got := ask[string](t, ctx, `document.activeElement.closest("tr").id`); got != "row-K7M2B" {
		t.Errorf("after J J the focus is in %q, want the second row", got)
	}

	ask[bool](t, ctx, press("KeyN", "د", ""))
	if got := ask[int](t, ctx, `window.pressed`); got != 1 {
		t.Errorf("N pressed the button %d times, want 1", got)
	}
	ask[bool](t, ctx, press("KeyK", "ن", ", ctrlKey: true"))
	if !ask[bool](t, ctx, `document.getElementById("palette").open`) {
		t.Fatal("Ctrl+K does not open the palette")
	}
	if got := ask[string](t, ctx, `document.querySelector("[data-palette-list]").textContent`); !strings.Contains(got, "تابلو") || !strings.Contains(got, "سفارش بعدی") {
		t.Errorf("the palette lists %q, want the pages and the actions", got)
	}
	store(t, ctx, "palette", chromedp.CaptureScreenshot())
	ask[bool](t, ctx, press("KeyN", "د", ""))
	if got := ask[int](t, ctx, `window.pressed`); got != 1 {
		t.Error("N acts while a dialog is open")
	}
	run(t, ctx, do(`document.getElementById("palette").close()`))

	run(t, ctx, do(`document.querySelector("#main .cluster").append(Object.assign(document.createElement("input"), {id: "note"})); document.getElementById("note").focus()`))
	ask[bool](t, ctx, press("KeyN", "n", ""))
	if got := ask[int](t, ctx, `window.pressed`); got != 1 {
		t.Error("N acts while typing")
	}
	run(t, ctx, do(`document.activeElement.blur(); document.querySelector("[data-keys-off]").click()`))
	ask[bool](t, ctx, press("KeyN", "n", ""))
	if got := ask[int](t, ctx, `window.pressed`); got != 1 {
		t.Error("N acts though single keys are off")
	}
}

// Time is moved by moving the page's own clock.
func TestTimeLeftCountsDownInPlaceUntilTheDeskCloses(t *testing.T) {
	base, _ := serve(t)
	ctx := browse(t, 1440)
	run(t, ctx, chromedp.Navigate(base+"/desk/fa/light"), chromedp.WaitReady("#main"))
	badge := func(what string) string { return `document.querySelector("#row-K7M2C [data-countdown]").` + what }
	if got := ask[string](t, ctx, badge("innerText")); got != "۴۵ دقیقه مانده" {
		t.Fatalf("at first %q", got)
	}
	later := func(minutes int) {
		run(t, ctx, do(fmt.Sprintf(`window.real ??= Date.now.bind(Date); Date.now = () => window.real() + %d * 60000; document.dispatchEvent(new Event("visibilitychange"))`, minutes)))
	}
	later(20)
	if got, want := ask[string](t, ctx, badge("innerText")), "فوری · ۲۴ دقیقه"; got != want && got != "فوری · ۲۵ دقیقه" {
		t.Errorf("20 minutes later %q, want %q", got, want)
	}
	if got := ask[string](t, ctx, `document.getElementById("announce").textContent`); got == "" {
		t.Error("becoming urgent is not announced")
	}
	if got := ask[string](t, ctx, badge("dataset.level")); got != "urgent" {
		t.Errorf("level %q, want urgent", got)
	}
	later(50)
	if got := ask[string](t, ctx, badge("innerText")); !strings.HasSuffix(got, "دقیقه دیرکرد") {
		t.Errorf("50 minutes later %q, want it late", got)
	}
	later(600) // working time ran for one hour: it stands still after that
	if got := ask[string](t, ctx, badge("innerText")); got != "۱۵ دقیقه دیرکرد" {
		t.Errorf("after closing %q, want ۱۵ دقیقه دیرکرد", got)
	}
}

func TestRefusedFormTakesTheFocusAndSaysSoInItsTitle(t *testing.T) {
	base, _ := serve(t)
	ctx := browse(t, 800)
	run(t, ctx, chromedp.Navigate(base+"/shop/fa/light"), chromedp.WaitReady("#main"))
	if got := ask[string](t, ctx, `document.activeElement.className`); !strings.Contains(got, "notice-error") {
		t.Errorf("the focus is on %q, want the summary of errors", got)
	}
	if got := ask[string](t, ctx, `document.title`); !strings.HasPrefix(got, "خطا: ") || strings.Count(got, "خطا") != 1 {
		t.Errorf("title %q, want it to begin with خطا: once", got)
	}
}
