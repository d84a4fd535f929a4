package e2e_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// tab is one person's browser, with cookies of its own.
type tab struct {
	t    *testing.T
	ctx  context.Context
	base string
}

// open opens a browser for one person. What its console complains of fails the test.
func (i *installation) open(width int) *tab {
	i.t.Helper()
	needBrowser(i.t)
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium()), chromedp.NoSandbox, chromedp.DisableGPU)
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	i.t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(allocator)
	if err := chromedp.Do(ctx); err != nil { // without a time limit: the browser lives as long as this context
		i.t.Fatal(err)
	}
	p := &tab{t: i.t, ctx: ctx, base: i.base}
	p.do(chromedp.EmulateViewport(int64(width), 900))
	messages := chromedp.Console(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for m, err := range messages {
			if err != nil {
				return
			}
			// A refused form answers 4xx, of which Chromium makes a note.
			if strings.Contains(m.Text, "Failed to load resource") {
				continue
			}
			if m.IsException() || m.Type == chromedp.ConsoleError || m.Type == chromedp.ConsoleWarning {
				i.t.Errorf("browser: %s %s", m.Text, m.URL)
			}
		}
	}()
	i.t.Cleanup(func() { cancel(); <-done })
	return p
}

func (p *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, 30*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.t.Fatalf("%v\nat %s", err, p.where())
	}
}

// needBrowser skips the test where there is no Chromium, unless one is required.
func needBrowser(t *testing.T) {
	t.Helper()
	if chromium() != "" {
		return
	}
	if os.Getenv("PISHKHAN_BROWSER") == "required" {
		t.Fatal("no Chromium, and PISHKHAN_BROWSER=required")
	}
	t.Skip("no Chromium on this machine")
}

// visit goes to a path of the product.
func (p *tab) visit(path string) {
	p.t.Helper()
	p.do(chromedp.Navigate(p.base+path), chromedp.WaitVisible("#main"))
}

// fill types a value into a field, as an input event that the page sees; a
// choice is chosen.
func (p *tab) fill(name, value string) {
	p.t.Helper()
	args, err := json.Marshal([]string{name, value})
	if err != nil {
		p.t.Fatal(err)
	}
	if !see[bool](p, `(([name, value]) => {
		const all = [...document.querySelectorAll('main [name="' + name + '"], dialog[open] [name="' + name + '"]')].filter(e => e.type !== "hidden");
		const e = all.find(e => e.type === "radio" ? e.value === value : true);
		if (!e) return false;
		if (e.type === "radio") { e.click(); return e.checked; }
		e.focus();
		if (e.tagName === "SELECT") { e.value = value; e.dispatchEvent(new Event("change", {bubbles: true})); return e.value === value; }
		e.select();
		document.execCommand("insertText", false, value);
		return e.value === value;
	})(`+string(args)+`)`) {
		p.t.Fatalf("cannot fill %s with %q at %s", name, value, p.where())
	}
}

// click presses what the selector finds, with the mouse.
func (p *tab) click(selector string) {
	p.t.Helper()
	p.do(chromedp.WaitVisible(selector), chromedp.Click(selector))
}

// waitFor waits until an expression is true in the page.
func (p *tab) waitFor(expression string) {
	p.t.Helper()
	limit := time.Now().Add(30 * time.Second)
	for {
		ctx, cancel := context.WithTimeout(p.ctx, 10*time.Second)
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("!!("+expression+")"))
		cancel()
		if err == nil && ok {
			return
		}
		if time.Now().After(limit) {
			p.picture("failed")
			p.t.Fatalf("never true: %s (%v)\nat %s: %s", expression, err, p.where(), see[string](p, `document.getElementById("main")?.innerText || ""`))
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// waitText waits until an element shows a text.
func (p *tab) waitText(selector, text string) {
	p.t.Helper()
	quoted, err := json.Marshal(text)
	if err != nil {
		p.t.Fatal(err)
	}
	p.waitFor(fmt.Sprintf("document.querySelector(%q)?.innerText.includes(%s)", selector, quoted))
}

func (p *tab) where() string {
	at, err := chromedp.Run(p.ctx, chromedp.Location())
	if err != nil {
		return err.Error()
	}
	return at
}

// picture keeps a screenshot in the folder that PISHKHAN_PICTURES names.
func (p *tab) picture(name string) {
	p.t.Helper()
	dir := os.Getenv("PISHKHAN_PICTURES")
	if dir == "" {
		return
	}
	p.waitFor(`document.documentElement.scrollWidth > 0`)
	image, err := chromedp.Run(p.ctx, chromedp.FullScreenshot(100))
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, name+".png"), image, 0o600)
	}
	if err != nil {
		p.t.Logf("picture %s: %v", name, err)
	}
}

// see evaluates an expression in the page.
func see[T any](p *tab, expression string) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, 30*time.Second)
	defer cancel()
	answer, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		p.t.Fatalf("%s: %v\nat %s", expression, err, p.where())
	}
	return answer
}

// signIn signs a member of the demo's staff in.
func (i *installation) signIn(email string) *tab {
	i.t.Helper()
	p := i.open(1440)
	p.visit("/desk")
	p.fill("email", email)
	p.fill("password", i.passwords[email])
	p.click("[data-primary]")
	p.waitFor(`!location.pathname.includes("sign-in") && document.querySelector("#heading")`)
	return p
}
