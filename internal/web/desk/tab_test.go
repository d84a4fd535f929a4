package desk_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"pishkhan/internal/audit"
	"pishkhan/internal/testworld"
)

// tab is a Chromium at the desk of a world, signed in as the operator. What
// its console complains of fails the test.
type tab struct {
	t        *testing.T
	ctx      context.Context
	base     string
	expected []string
}

func open(t *testing.T, w *testworld.World) *tab {
	t.Helper()
	return openAs(t, w, w.Operator)
}

func openAs(t *testing.T, w *testworld.World, who audit.Actor) *tab {
	t.Helper()
	base := serve(t, w)
	ctx, closeTab := chromium(t)
	d := &tab{t: t, ctx: ctx, base: base}
	d.watch(closeTab)
	return d.signIn(w, who)
}

// beside opens the desk for another member, in the same browser but with
// nothing that the first one has there.
func (d *tab) beside(t *testing.T, w *testworld.World, who audit.Actor) *tab {
	t.Helper()
	ctx, closeTab := chromedp.NewContext(d.ctx, chromedp.WithNewBrowserContext())
	other := &tab{t: t, ctx: ctx, base: d.base}
	other.run(chromedp.EmulateViewport(1440, 900))
	other.watch(closeTab)
	return other.signIn(w, who)
}

func (d *tab) signIn(w *testworld.World, who audit.Actor) *tab {
	d.t.Helper()
	member := w.People[slices.IndexFunc(w.People, func(p person) bool { return p.Name == who.Name })]
	d.run(chromedp.Navigate(d.base+"/desk/sign-in"), chromedp.WaitReady("#f-email"))
	d.run(chromedp.SendKeys("#f-email", member.Email), chromedp.SendKeys("#f-password", member.Password))
	d.run(chromedp.Click("form[data-sign-in] button[data-primary]"))
	d.arrives("/desk")
	return d
}

// serve listens on loopback; forms know that address by the browser's own word.
func serve(t *testing.T, w *testworld.World) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	testworld.Must(t, err)
	app := newApp(w)
	ended := make(chan error, 1)
	go func() { ended <- app.Listener(listener) }()
	t.Cleanup(func() {
		_ = app.ShutdownWithTimeout(5 * time.Second)
		<-ended
	})
	return "http://" + listener.Addr().String()
}

func chromium(t *testing.T) (ctx context.Context, closeTab func()) {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil && path == "" {
			path = found
		}
	}
	if path == "" && os.Getenv("PISHKHAN_BROWSER") == "required" {
		t.Fatal("no Chromium, and PISHKHAN_BROWSER=required")
	}
	if path == "" {
		t.Skip("no Chromium on this machine")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU)
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, closeTab = chromedp.NewContext(allocator)
	t.Cleanup(closeTab)
	testworld.Must(t, chromedp.Do(ctx, chromedp.EmulateViewport(1440, 900)))
	return ctx, closeTab
}

func (d *tab) watch(closeTab func()) {
	messages, done := chromedp.Console(d.ctx), make(chan struct{})
	go func() {
		defer close(done)
		for message, err := range messages {
			if err != nil {
				return
			}
			loud := message.IsException() || message.Type == chromedp.ConsoleError || message.Type == chromedp.ConsoleWarning
			if loud && !d.isExpected(message.Text) {
				d.t.Errorf("browser: %s %s", message.Text, message.URL)
			}
		}
	}()
	d.t.Cleanup(func() { closeTab(); <-done })
}

func (d *tab) isExpected(text string) bool {
	for _, part := range d.expected {
		if strings.Contains(text, part) {
			return true
		}
	}
	return false
}

func (d *tab) run(steps ...chromedp.Action[chromedp.Void]) {
	d.t.Helper()
	if err := chromedp.Do(d.ctx, steps...); err != nil {
		d.t.Fatal(err)
	}
}

// key presses a key by its place on the keyboard; letter is what it types.
func (d *tab) key(code, letter string, modifiers ...string) {
	d.t.Helper()
	held := ""
	for _, m := range modifiers {
		held += ", " + m + ": true"
	}
	d.ask(fmt.Sprintf(`(document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent("keydown", {code: %q, key: %q, bubbles: true, cancelable: true%s})) + ""`, code, letter, held))
}

func (d *tab) ask(expression string) string {
	d.t.Helper()
	answer, err := chromedp.Run(d.ctx, chromedp.Evaluate[string](expression))
	if err != nil {
		d.t.Fatalf("%s: %v", expression, err)
	}
	return answer
}

// arrives waits for a page and its scripts.
func (d *tab) arrives(path string) {
	d.t.Helper()
	d.until(fmt.Sprintf(`location.pathname === %q && document.readyState === "complete"`, path))
}

// until waits for an expression to hold, through the loading of pages.
func (d *tab) until(expression string) {
	d.t.Helper()
	var last error
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		holds, err := chromedp.Run(d.ctx, chromedp.Evaluate[bool]("Boolean("+expression+")"))
		if holds {
			return
		}
		last = err
	}
	d.t.Fatalf("never true: %s (%v)", expression, last)
}
