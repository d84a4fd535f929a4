package parts_test

import (
	"net/http"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/a-h/templ"
	"github.com/chromedp/chromedp"

	"pishkhan/internal/i18n"
	"pishkhan/views/parts"
)

// deeds is a page whose forms and buttons ask the server for something.
func deeds(i18n.Lang, string) templ.Component {
	post := func(id, path string) templ.Component {
		return with(tag("form", "id", id, "method", "post", "action", path, "hx-post", path, "hx-target", "#answer"),
			with(parts.Button(parts.ButtonOptions{Kind: parts.Primary}), text(id)))
	}
	return with(parts.DeskLayout(parts.Chrome{CSRF: "token-of-the-session", Person: "سارا"}),
		parts.PageHead("deeds"),
		post("slow", "/slow"), post("broken", "/broken"),
		with(tag("div", "id", "answer")),
		with(tag("div", "data-hide-after", "1"), with(tag("p", "id", "secret"), text("hunter2"))),
		parts.FileDrop(parts.Field{Name: "file", Label: "receipt"}, parts.FileLimits{Accept: "image/png,application/pdf", MaxBytes: 1000, Paste: true}),
		with(parts.Confirm(parts.Confirmation{ID: "cancel", Title: "?", Action: "/slow", Yes: "yes", Danger: true})),
		with(parts.Button(parts.ButtonOptions{Action: true, Attrs: templ.Attributes{"data-open": "#cancel", "id": "opener"}}), text("open")),
	)
}

func TestFormInFlightIsNotSentAgainAndCarriesTheToken(t *testing.T) {
	base, mux := serve(t)
	answer := make(chan struct{})
	var posts atomic.Int32
	mux.HandleFunc("POST /slow", func(w http.ResponseWriter, r *http.Request) {
		posts.Add(1)
		<-answer
		_, _ = w.Write([]byte(`<p id="told" tabindex="-1" data-focus>` + templ.EscapeString(r.Header.Get(parts.CSRFHeader)) + `</p>`))
	})
	ctx := browse(t, 1440)
	run(t, ctx, chromedp.Navigate(base+"/deeds/fa/light"), chromedp.WaitReady("#main"))
	run(t, ctx, do(`document.querySelector("#slow button").click()`))
	eventually(t, ctx, `document.querySelector("#slow button").getAttribute("aria-disabled") === "true"`)
	run(t, ctx, do(`document.querySelector("#slow button").click()`), do(`document.querySelector("#slow").requestSubmit()`))
	close(answer)
	eventually(t, ctx, `document.getElementById("told") && !document.querySelector("#slow button").hasAttribute("aria-disabled")`)
	if got := ask[string](t, ctx, `document.getElementById("told").textContent`); got != "token-of-the-session" {
		t.Errorf("the request carried the token %q", got)
	}
	if got := ask[string](t, ctx, `document.activeElement.id`); got != "told" {
		t.Errorf("after the swap the focus is on %q, want told", got)
	}
	if got := posts.Load(); got != 1 {
		t.Errorf("%d requests, want 1", got)
	}
}

func TestFailedServerLeavesThePageAndSaysSo(t *testing.T) {
	base, mux := serve(t)
	mux.HandleFunc("POST /broken", func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "stack trace", http.StatusInternalServerError)
	})
	ctx := browse(t, 1440, "500 (Internal Server Error)", "htmx")
	run(t, ctx, chromedp.Navigate(base+"/deeds/en/light"), chromedp.WaitReady("#main"), do(`document.querySelector("#broken button").click()`))
	eventually(t, ctx, `document.querySelector("#notices [data-failed]")`)
	if got := ask[string](t, ctx, `document.getElementById("notices").textContent`); got != i18n.EN.T("parts.request_failed") {
		t.Errorf("the notice says %q", got)
	}
	if got := ask[string](t, ctx, `document.getElementById("answer").textContent`); got != "" {
		t.Errorf("the failed answer was shown: %q", got)
	}
}

func TestRevealedSecretLeavesThePage(t *testing.T) {
	base, _ := serve(t)
	ctx := browse(t, 1440)
	run(t, ctx, chromedp.Navigate(base+"/deeds/fa/light"), chromedp.WaitReady("#main"))
	eventually(t, ctx, `!document.getElementById("secret") && !document.body.textContent.includes("hunter2")`)
}

func TestDroppedFileIsTakenOrRefusedInWords(t *testing.T) {
	base, _ := serve(t)
	ctx := browse(t, 1440)
	run(t, ctx, chromedp.Navigate(base+"/deeds/en/light"), chromedp.WaitReady("#main"))
	drop := func(name, kind string, size int) {
		run(t, ctx, do(`{ const data = new DataTransfer(); data.items.add(new File([new Uint8Array(`+strconv.Itoa(size)+`)], "`+name+`", {type: "`+kind+`"}));
			document.querySelector("[data-drop]").dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true})) }`))
	}
	preview := func() string { return ask[string](t, ctx, `document.querySelector("[data-preview]").textContent`) }
	chosen := func() int { return ask[int](t, ctx, `document.querySelector("[data-drop] input").files.length`) }

	drop("receipt.pdf", "application/pdf", 900)
	if got := preview(); got != "receipt.pdf · 1 KB" || chosen() != 1 {
		t.Errorf("a PDF shows %q and %d files", got, chosen())
	}
	drop("huge.pdf", "application/pdf", 2000)
	if got := preview(); got != i18n.EN.T("parts.file.too_large", "size", 0) || chosen() != 0 {
		t.Errorf("a file too large shows %q and %d files", got, chosen())
	}
	drop("run.exe", "application/x-msdownload", 10)
	if got := preview(); got != i18n.EN.T("parts.file.wrong_type") || chosen() != 0 {
		t.Errorf("a program shows %q and %d files", got, chosen())
	}
}

func TestConfirmationPutsTheFocusOnTheSafeButton(t *testing.T) {
	base, _ := serve(t)
	ctx := browse(t, 1440)
	run(t, ctx, chromedp.Navigate(base+"/deeds/fa/light"), chromedp.WaitReady("#main"), chromedp.Click("#opener"))
	if !ask[bool](t, ctx, `document.getElementById("cancel").matches(":modal")`) {
		t.Fatal("the dialog is not open")
	}
	if got := ask[bool](t, ctx, `document.activeElement.hasAttribute("data-close")`); !got {
		t.Error("the focus is not on the safe button")
	}
	store(t, ctx, "dialog", chromedp.CaptureScreenshot())
}

func TestMenusOpenWithoutAScriptAndCloseOnEscape(t *testing.T) {
	base, _ := serve(t)
	ctx := browse(t, 360)
	run(t, ctx, chromedp.Navigate(base+"/shop/fa/dark"), chromedp.WaitReady("#main"), chromedp.Click("header details:last-of-type summary"))
	if !ask[bool](t, ctx, `document.querySelector("header details[open] button[name=theme][value=dark]").getAttribute("aria-pressed") === "true"`) {
		t.Error("the menu does not show the theme that was chosen")
	}
	if wide := ask[int](t, ctx, `document.documentElement.scrollWidth`); wide > 360 {
		t.Errorf("the open menu makes the page %d px wide", wide)
	}
	store(t, ctx, "menu", chromedp.CaptureScreenshot())
	ask[bool](t, ctx, press("Escape", "Escape", ""))
	if ask[bool](t, ctx, `document.querySelector("header details[open]") !== null`) {
		t.Error("Escape does not close the menu")
	}
	run(t, ctx, chromedp.Navigate(base+"/desk/fa/light"), chromedp.WaitReady("#main"), chromedp.Click("header details:first-of-type summary"))
	store(t, ctx, "desk-menu", chromedp.CaptureScreenshot())
}
