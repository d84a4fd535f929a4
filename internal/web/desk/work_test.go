package desk_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"strings"
	"testing"

	"pishkhan/internal/i18n"
	"pishkhan/internal/orders"
	"pishkhan/internal/sample"
	"pishkhan/internal/testworld"
)

// secretsOf opens the credential of an order behind the desk's back.
func secretsOf(t *testing.T, w *testworld.World, o orders.Order) []string {
	t.Helper()
	secrets, err := w.House.Fulfil.Reveal(t.Context(), w.Operator, o.Code, "test")
	testworld.Must(t, err)
	var texts []string
	for _, secret := range secrets {
		texts = append(texts, secret.Reveal())
	}
	if len(texts) < 2 {
		t.Fatalf("the order has %d secrets", len(texts))
	}
	return texts
}

func contains(body string, texts []string) bool {
	for _, text := range texts {
		if strings.Contains(body, text) {
			return true
		}
	}
	return false
}

func TestTheLoginIsShownOnlyOnTheRecord(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	app := newApp(w)
	o := w.Claimed(t, "ielts-registration")
	secrets := secretsOf(t, w, o)
	path := "/desk/orders/" + o.Code
	reveals := func() int {
		return w.Count(t, "SELECT count(*) FROM audit_entries WHERE verb = 'credential.reveal' AND subject = $1", o.Subject())
	}
	before := reveals()
	b := signedIn(t, w, app, w.Operator)

	page := b.get(t, path)
	page.has(t, "#credential form[action$='/credential']")
	if contains(page.body, secrets) {
		t.Error("the login is in the page before it is revealed")
	}
	refused := b.post(t, path+"/credential", "reason", "  ").must(t, http.StatusUnprocessableEntity)
	refused.has(t, "#f-reason-error", "#credential details[open]", ".notice-error a[href='#f-reason']")
	fragment := b.htmx("section#credential").post(t, path+"/credential", "reason", "").must(t, http.StatusUnprocessableEntity)
	fragment.has(t, "#credential #f-reason-error")
	fragment.lacks(t, "#order")
	if contains(refused.body+fragment.body, secrets) || reveals() != before {
		t.Error("a reveal without a reason revealed")
	}

	open := b.htmx("section#credential").post(t, path+"/credential", "ready", "desk.reveal.reason.pay").must(t, http.StatusOK)
	for _, secret := range secrets {
		if !strings.Contains(open.body, secret) {
			t.Error("a secret is not in the answer")
		}
	}
	open.has(t, "#credential [data-hide-after='60'] .masked", "#credential [data-copy-from]")
	if got := open.text("#credential dt"); got != "نام کاربری یا ایمیل در آن وب‌گاه" {
		t.Errorf("the first label is %q", got)
	}
	for _, lang := range i18n.Langs() {
		if history := b.in(lang).get(t, path).text("#history"); !strings.Contains(history, lang.T("desk.reveal.reason.pay")) {
			t.Errorf("%s: the history says %q", lang, history)
		}
	}
	b.in(i18n.FA)
	if open.header.Get("Cache-Control") != "no-store" {
		t.Error("the answer may be kept by a cache")
	}
	if reveals() != before+1 {
		t.Errorf("%d audit rows more", reveals()-before)
	}
	if contains(b.get(t, path).body, secrets) {
		t.Error("the login is in the page after it was revealed")
	}

	other := signedIn(t, w, app, w.Operator2)
	if got := other.post(t, path+"/credential", "ready", "x").must(t, http.StatusConflict); contains(got.body, secrets) {
		t.Error("a colleague sees the login")
	}
	whole := b.post(t, path+"/credential", "reason", "without a script").must(t, http.StatusOK)
	whole.has(t, "#order", "#credential .masked", "noscript")
}

func TestAnOrderIsNotGivenBackWhileItIsBought(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Claimed(t)
	path := "/desk/orders/" + o.Code
	b := signedIn(t, w, newApp(w), w.Operator).in(i18n.EN)

	b.post(t, path+"/release", "release_reason", "").must(t, http.StatusUnprocessableEntity).
		has(t, "#f-release_reason-error", "details[open] #f-release_reason")
	b.post(t, path+"/purchase").leadsTo(t, path)
	page := b.get(t, path)
	page.has(t, "#work-form #f-outcome[checked][value=paid]", "#f-charged_currency option[value=USD][selected]", "#f-receipt")
	page.lacks(t, "form[action$='/release']", "form[action$='/purchase']")

	refused := b.post(t, path+"/release", "release_reason", "too hard").must(t, http.StatusConflict)
	if got := refused.text(".notice-error .notice-title"); got != i18n.EN.T("queue.error.purchase_open") {
		t.Errorf("it says %q", got)
	}
	b.post(t, path+"/purchase/outcome", "outcome", "unknown").must(t, http.StatusUnprocessableEntity).
		has(t, "#f-note-error", "[name=outcome][value=unknown][checked]")
	b.post(t, path+"/purchase/outcome", "outcome", "unknown", "note", "the site hung").leadsTo(t, path)
	b.post(t, path+"/release", "release_reason", "too hard").must(t, http.StatusConflict)
	b.post(t, path+"/purchase/outcome", "outcome", "not_paid").leadsTo(t, path)
	b.post(t, path+"/release", "release_reason", "too hard").leadsTo(t, path)
	if state := w.Order(t, o).State; state != orders.Paid {
		t.Errorf("the order is %s", state)
	}
	b.get(t, path).has(t, "form[action$='/claim'] [data-primary]", "#history li:first-child:contains('too hard')")
}

func TestWhatReceiptsAreRefused(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Claimed(t)
	testworld.Must(t, w.House.Fulfil.StartPurchase(t.Context(), w.Operator, o.Code))
	path := "/desk/orders/" + o.Code
	big := append(sample.PDF("big"), bytes.Repeat([]byte(" "), 20<<20)...)
	for name, c := range map[string]struct {
		file    string
		content []byte
		status  int
		key     string
		args    []any
	}{
		"too large": {"receipt.pdf", big, http.StatusRequestEntityTooLarge, "receipt.error.size", []any{"megabytes", 20}},
		"a program": {"receipt.pdf", []byte("MZ\x90\x00 this program cannot be run"), http.StatusUnprocessableEntity, "receipt.error.mismatch", nil},
		"a kind":    {"receipt.exe", []byte("MZ"), http.StatusUnprocessableEntity, "receipt.error.kind", nil},
		"empty":     {"receipt.pdf", nil, http.StatusUnprocessableEntity, "receipt.error.empty", nil},
		"none":      {"", nil, http.StatusUnprocessableEntity, "desk.error.no_file", nil},
	} {
		for _, lang := range i18n.Langs() {
			t.Run(name+" "+string(lang), func(t *testing.T) {
				if c.status == http.StatusRequestEntityTooLarge && lang != i18n.FA {
					t.Skip("megabytes through the test's own wire take seconds")
				}
				b := signedIn(t, w, newApp(w), w.Operator).in(lang)
				page := b.upload(t, path+"/receipts", c.file, c.content, "outcome", "paid", "charged_amount", "۵۰", "reference", "R-1").must(t, c.status)
				if got, want := page.text("#f-receipt-error span"), lang.T("parts.error_prefix")+" "+lang.T(c.key, c.args...); got != want {
					t.Errorf("it says %q, want %q", got, want)
				}
				if amount, _ := page.Find("#f-charged_amount").Attr("value"); amount != "۵۰" {
					t.Errorf("the amount is %q now", amount)
				}
				if page.count("main [data-receipt]") != 0 {
					t.Error("it was kept")
				}
				if c.file == "" {
					return
				}
				fragment := b.htmx("div#receipts").upload(t, path+"/receipts", c.file, c.content).must(t, c.status)
				fragment.has(t, "#receipts #f-receipt-error", "#receipts .notice-error[data-focus] a[href='#f-receipt']")
				fragment.lacks(t, "#f-charged_amount")
			})
		}
	}
}

func TestReceiptsComeAndGo(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Claimed(t)
	testworld.Must(t, w.House.Fulfil.StartPurchase(t.Context(), w.Operator, o.Code))
	path := "/desk/orders/" + o.Code
	b := signedIn(t, w, newApp(w), w.Operator)

	var picture bytes.Buffer
	testworld.Must(t, png.Encode(&picture, image.NewGray(image.Rect(0, 0, 8, 8))))
	shown := b.htmx("div#receipts").upload(t, path+"/receipts", "shot.png", picture.Bytes()).must(t, http.StatusOK)
	src, ok := shown.Find("#receipts img").Attr("src")
	if !ok {
		t.Fatal("the picture is not shown")
	}
	preview := b.get(t, src).must(t, http.StatusOK)
	if preview.header.Get("Content-Type") != "image/png" || !strings.Contains(preview.header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("the picture comes as %v", preview.header)
	}
	b.upload(t, path+"/receipts", "site.pdf", sample.PDF("Receipt")).must(t, http.StatusOK).has(t, "[data-receipt]:nth-child(2)")
	pdf, _ := b.get(t, path).Find("[data-receipt]:nth-child(2) a").Attr("href")
	if got := b.get(t, pdf).header.Get("Content-Disposition"); got != "attachment; filename=site.pdf" {
		t.Errorf("the PDF comes as %q", got)
	}
	b.post(t, src+"/remove").must(t, http.StatusOK)
	b.get(t, path).lacks(t, "#receipts img")
	b.get(t, src).must(t, http.StatusNotFound)
	other := w.Paid(t)
	b.get(t, strings.Replace(pdf, o.Code, other.Code, 1)).must(t, http.StatusNotFound)
}

func TestFromQueueToDone(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	app := newApp(w)
	for _, lang := range i18n.Langs() {
		o := w.Paid(t)
		path := "/desk/orders/" + o.Code
		b := signedIn(t, w, app, w.Operator).in(lang)
		b.post(t, "/desk/next").leadsTo(t, path)

		page := b.get(t, path)
		if n := page.count("#order [data-primary]"); n != 1 {
			t.Errorf("%d primary actions before the purchase", n)
		}
		begun := b.htmx("section#work").post(t, path+"/purchase").must(t, http.StatusOK)
		begun.has(t, "#work-form", "#f-charged_amount")
		if !strings.Contains(begun.body, `hx-target="#bar"`) {
			t.Error("the bar stays as it was")
		}

		early := b.post(t, path+"/complete", "outcome", "paid", "charged_amount", "", "charged_currency", "USD").must(t, http.StatusUnprocessableEntity)
		early.has(t, "#f-charged_amount-error", ".notice-error[data-focus] a[href='#f-charged_amount']")
		early = b.post(t, path+"/complete", "outcome", "paid", "charged_amount", "50", "charged_currency", "USD").must(t, http.StatusUnprocessableEntity)
		early.has(t, "#f-receipt-error")
		if amount, _ := early.Find("#f-charged_amount").Attr("value"); amount != "50" {
			t.Errorf("the amount is %q now", amount)
		}

		b.htmx("div#receipts").upload(t, path+"/receipts", "site.pdf", sample.PDF("Receipt")).must(t, http.StatusOK)
		ready := b.get(t, path)
		if got, want := ready.text("#complete h2"), lang.T("desk.complete.title", "code", o.Code, "amount", quoted(t, w, o)); got != want {
			t.Errorf("the dialog says %q, want %q", got, want)
		}
		b.post(t, path+"/complete", "outcome", "paid", "charged_amount", "۵۱٫۲۵", "charged_currency", "USD", "reference", "R-7").leadsTo(t, path)
		done := b.get(t, path)
		done.has(t, "[data-state=done]", "[data-purchase=paid]", "form[action='/desk/next'] [data-primary]")
		done.lacks(t, "#work-form", "#credential form", "form[action$='/hold']")
		if n := w.Count(t, "SELECT count(*) FROM messages WHERE order_id = $1", int64(o.ID)); n != 2 {
			t.Errorf("%d messages are queued", n)
		}
		if n := w.Count(t, "SELECT count(*) FROM purchases WHERE order_id = $1 AND charged_amount = 51.25 AND reference = 'R-7'", int64(o.ID)); n != 1 {
			t.Error("the amount charged is not on record")
		}
	}
}

// TestCompletionBringsItsReceipt is the way of a browser without a script:
// the file goes along with the last form.
func TestCompletionBringsItsReceipt(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Claimed(t)
	path := "/desk/orders/" + o.Code
	b := signedIn(t, w, newApp(w), w.Operator)
	b.post(t, path+"/purchase").leadsTo(t, path)
	b.upload(t, path+"/complete", "site.pdf", sample.PDF("Receipt"), "outcome", "paid", "charged_amount", "50", "charged_currency", "USD").leadsTo(t, path)
	b.get(t, path).has(t, "[data-state=done]", "[data-receipt]")
}

func TestAskingTheCustomer(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	app := newApp(w)
	o := w.Claimed(t)
	path := "/desk/orders/" + o.Code
	b := signedIn(t, w, app, w.Operator)
	b.post(t, path+"/hold", "question", "").must(t, http.StatusUnprocessableEntity).has(t, "details[open] #f-question-error")
	b.post(t, path+"/hold", "question", "کدام تاریخ؟").leadsTo(t, path)
	waiting := b.get(t, path)
	waiting.has(t, "[data-state=waiting_customer]", ".time-paused", "form[action$='/answer']")
	waiting.lacks(t, "#work-form", "form[action$='/purchase']")

	other := signedIn(t, w, app, w.Operator2)
	other.get(t, path).lacks(t, "form[action$='/answer']")
	other.post(t, path+"/answer", "answer", "۱۳ مهر").must(t, http.StatusConflict)
	b.post(t, path+"/answer", "answer", " ").must(t, http.StatusUnprocessableEntity).has(t, "#f-answer-error")
	b.post(t, path+"/answer", "answer", "۱۳ مهر").leadsTo(t, path)
	b.get(t, path).has(t, "[data-state=in_progress]", "#history li:first-child:contains('۱۳ مهر')")
	b.post(t, path+"/answer", "answer", "again").must(t, http.StatusConflict)
}

func TestTheOrdersPage(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	app := newApp(w)
	o := w.Paid(t, "ielts-registration")
	for _, lang := range i18n.Langs() {
		page := signedIn(t, w, app, w.Operator).in(lang).get(t, "/desk/orders/"+strings.ToLower(o.Code)).must(t, http.StatusOK)
		page.has(t, "#amount", "#payment-page", "a[target=_blank][rel='noreferrer noopener'][href^='https://']", "a[href^='tel:09']",
			"#history li", "form[action$='/claim'] [data-primary]")
		if got := page.text("#amount"); !strings.Contains(got, "GBP") {
			t.Errorf("%s: the amount is %q", lang, got)
		}
		for _, key := range []string{"desk.verb.place", "desk.verb.verify"} {
			if !strings.Contains(page.text("#history"), lang.T(key)) {
				t.Errorf("%s: the history lacks %s", lang, key)
			}
		}
	}
	signedIn(t, w, app, w.Auditor).get(t, "/desk/orders/"+o.Code).must(t, http.StatusOK).lacks(t, "main [data-primary]", "main form[method=post]")
	signedIn(t, w, app, w.Operator).get(t, "/desk/orders/NOSUCH2").must(t, http.StatusNotFound)
}

func quoted(t *testing.T, w *testworld.World, o orders.Order) fmt.Stringer {
	t.Helper()
	quote, err := w.House.Pricing.Quote(t.Context(), w.House.Pool, quoteID(o))
	testworld.Must(t, err)
	return quote.Amount
}
