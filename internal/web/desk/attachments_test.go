package desk_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"pishkhan/internal/audit"
	"pishkhan/internal/i18n"
	"pishkhan/internal/orders"
	"pishkhan/internal/sample"
	"pishkhan/internal/testworld"
)

// attachmentOf returns the address of the first file in a list.
func attachmentOf(t *testing.T, page answer) string {
	t.Helper()
	href, ok := page.Find("#attachment-list a").Attr("href")
	if !ok {
		t.Fatalf("no file to open in %q", page.text("#attachment-list"))
	}
	return href
}

// A file is attached with and without a script, and comes out for saving only.
func TestAttachmentsComeAndGo(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	app := newApp(w)
	for _, lang := range i18n.Langs() {
		o := w.Claimed(t)
		path := "/desk/orders/" + o.Code
		b := signedIn(t, w, app, w.Operator).in(lang)
		b.get(t, path).has(t, "form#attach[action='"+path+"/attachments'][enctype='multipart/form-data'] #f-attachment", "form#attach noscript")
		b.uploadAs(t, path+"/attachments", "attachment", "mail.pdf", sample.PDF("mail")).leadsTo(t, path)
		changed := b.htmx("form#attach").uploadAs(t, path+"/attachments", "attachment", "shot one.pdf", sample.PDF("shot")).must(t, http.StatusOK)
		changed.has(t, "form#attach #f-attachment[data-focus]", "#attachment-list li:nth-child(2)")
		changed.lacks(t, "#f-order_note", "#f-attachment-error")
		page := b.get(t, path)
		for _, words := range []string{"shot one.pdf", w.Operator.Name, lang.Bytes(int64(len(sample.PDF("shot"))))} {
			if got := page.text("#attachment-list li"); !strings.Contains(got, words) {
				t.Errorf("%s: %q lacks %q", lang, got, words)
			}
		}
		if got := page.text("#history li"); !strings.Contains(got, lang.T("desk.verb.file_attached")) || !strings.Contains(got, "shot one.pdf") {
			t.Errorf("%s: the history begins with %q", lang, got)
		}
		href := attachmentOf(t, page)
		file := b.get(t, href).must(t, http.StatusOK)
		for name, want := range map[string]string{
			"Content-Disposition": `attachment; filename="shot one.pdf"`, "Content-Type": "application/pdf", "X-Content-Type-Options": "nosniff",
			"Cache-Control": "no-store", "Content-Security-Policy": "sandbox; default-src 'none'",
		} {
			if got := file.header.Get(name); got != want {
				t.Errorf("%s is %q", name, got)
			}
		}
		b.htmx("div#attachment-list").post(t, href+"/remove").must(t, http.StatusOK).has(t, "#attachment-list[data-focus] li")
		b.get(t, href).must(t, http.StatusNotFound)
	}
}

// What is pasted lands in one place, which says so: while that is the
// receipt, which the customer gets, it is not offered for colleagues' files.
func TestWhereAPasteLands(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Claimed(t)
	b, path := signedIn(t, w, newApp(w), w.Operator), "/desk/orders/"+o.Code
	before := b.get(t, path)
	before.has(t, "#attach [data-paste]")
	before.lacks(t, "#receipts [data-drop]")
	testworld.Must(t, w.House.Fulfil.StartPurchase(t.Context(), w.Operator, o.Code))
	during := b.get(t, path)
	during.has(t, "#receipts [data-paste]", "#attach [data-drop]")
	during.lacks(t, "#attach [data-paste]")
}

// What is wrong stands above and beside the field, in the same words; without
// a script what else was typed is a draft, with one it is not touched.
func TestWhatAttachmentsAreRefused(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	app := newApp(w)
	o := w.Claimed(t)
	path := "/desk/orders/" + o.Code
	for _, lang := range i18n.Langs() {
		b := signedIn(t, w, app, w.Operator).in(lang)
		for key, file := range map[string]struct{ name, content string }{
			"attachments.error.mismatch": {"page.png", "<!doctype html><script>alert(1)</script>"},
			"attachments.error.kind":     {"drawing.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>"},
			"attachdesk.no_file":         {"", ""},
		} {
			page := b.uploadAs(t, path+"/attachments", "attachment", file.name, []byte(file.content)).must(t, http.StatusUnprocessableEntity)
			want := lang.T(key)
			if got := page.text("#f-attachment-error span"); got != lang.T("parts.error_prefix")+" "+want {
				t.Errorf("%s: %q beside the field, want %q", lang, got, want)
			}
			if got := page.text(".notice-error[data-focus] a[href='#f-attachment']"); got != want {
				t.Errorf("%s: %q above the form", lang, got)
			}
			if file.name == "" {
				b.htmx("form#attach").uploadAs(t, path+"/attachments", "attachment", "", nil).must(t, http.StatusNoContent)
				continue
			}
			fragment := b.htmx("form#attach").uploadAs(t, path+"/attachments", "attachment", file.name, []byte(file.content)).must(t, http.StatusUnprocessableEntity)
			fragment.has(t, "#attach #f-attachment-error", "#f-attachment[data-focus]")
			fragment.lacks(t, "#attachment-list[data-focus]", "#f-order_note")
		}
	}
	if n := w.Count(t, "SELECT count(*) FROM order_files"); n != 0 {
		t.Errorf("%d were attached", n)
	}
}

// Who may not attach sees names and opens nothing; what a colleague attached
// is a supervisor's to remove, with a reason.
func TestWhoseAttachmentsTheyAre(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	app := newApp(w)
	o, other := w.Claimed(t), w.Claimed(t)
	path := "/desk/orders/" + o.Code
	testworld.Must(t, w.House.Folder.Attach(t.Context(), w.Operator, o.Code, "a.pdf", sample.PDF("a")))
	href := attachmentOf(t, signedIn(t, w, app, w.Operator).get(t, path))
	for _, who := range []audit.Actor{w.Auditor, w.Admin} {
		b := signedIn(t, w, app, who)
		page := b.get(t, path)
		page.has(t, "#attachment-list bdi:contains('a.pdf')")
		page.lacks(t, "#attachments a", "#attachments form")
		b.get(t, href).must(t, http.StatusForbidden)
		b.uploadAs(t, path+"/attachments", "attachment", "b.pdf", sample.PDF("b")).must(t, http.StatusForbidden)
		b.post(t, href+"/remove").must(t, http.StatusForbidden)
	}
	b := signedIn(t, w, app, w.Finance)
	b.get(t, path).lacks(t, "#attachment-list form")
	b.get(t, href).must(t, http.StatusOK)
	b.get(t, strings.Replace(href, o.Code, other.Code, 1)).must(t, http.StatusNotFound)
	b.get(t, path+"/attachments/x").must(t, http.StatusNotFound)
	b.post(t, href+"/remove").must(t, http.StatusForbidden)
	if n := w.Count(t, "SELECT count(*) FROM audit_entries WHERE verb = 'attachment.view' AND subject = $1", o.Subject()); n != 1 {
		t.Errorf("%d openings on the record", n)
	}
	field := "attachment_why_" + href[strings.LastIndex(href, "/")+1:]
	s := signedIn(t, w, app, w.Supervisor)
	refused := s.post(t, href+"/remove", field, " ").must(t, http.StatusUnprocessableEntity)
	refused.has(t, "#attachment-list details[open] #f-"+field+"-error", ".notice-error[data-focus] a[href='#f-"+field+"']")
	s.htmx("div#attachment-list").post(t, href+"/remove").must(t, http.StatusUnprocessableEntity).has(t, "#f-"+field+"[data-focus]")
	s.post(t, href+"/remove", field, "of another order").leadsTo(t, path)
	if got := s.get(t, path).text("#history li"); !strings.Contains(got, "of another order") || !strings.Contains(got, "a.pdf") {
		t.Errorf("the history begins with %q", got)
	}
}

// What a customer sent with an answer stands with it, for who works on
// orders to open.
func TestFilesOfAnAnswerAtTheDesk(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	app := newApp(w)
	o := w.Claimed(t)
	visitor := w.Visitor(t)
	testworld.Must(t, w.House.Queue.Hold(t.Context(), w.Operator, o.Code, "which page?"))
	kept, err := w.House.Attachments.Keep(t.Context(), visitor.ID, "192.0.2.1", "صفحه.pdf", sample.PDF("page"))
	testworld.Must(t, err)
	testworld.Must(t, w.House.Queue.Answer(t.Context(), sample.Browser(visitor), o.ID, "this one", kept.ID))
	path := "/desk/orders/" + o.Code
	b := signedIn(t, w, app, w.Operator)
	page := b.get(t, path)
	page.has(t, "#history li:first-child [data-enclosed] a:contains('صفحه.pdf')", "#attachment-list a:contains('صفحه.pdf')")
	page.lacks(t, "#attachment-list form") // the customer's own words stay
	href := attachmentOf(t, page)
	b.get(t, href).must(t, http.StatusOK)
	finance := signedIn(t, w, app, w.Finance)
	finance.get(t, path).lacks(t, "#attachment-list a", "[data-enclosed] a")
	finance.get(t, href).must(t, http.StatusNotFound)
	if w.Order(t, o).State != orders.InProgress {
		t.Error("it does not go on")
	}
}

// By the control that the keyboard reaches, and by the place to drop files:
// the file is in the list, the focus where it was, and a note half written stays.
func TestAttachingInABrowser(t *testing.T) {
	w := testworld.New(t)
	o := w.Claimed(t)
	d := open(t, w)
	d.visit("/desk/orders/" + o.Code)
	d.run(chromedp.SendKeys("#f-order_note", "half a note"))
	file := saved(t, "by-key.pdf", sample.PDF("by key"))
	d.run(chromedp.Focus("#f-attachment"), chromedp.SetUploadFiles("#f-attachment", []string{file}))
	d.until(`document.querySelector("#attachment-list li")?.textContent.includes("by-key.pdf")`)
	d.until(`document.activeElement.id === "f-attachment"`)
	d.ask(`(() => {
		const picture = Uint8Array.from(atob("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="), (c) => c.charCodeAt(0));
		const data = new DataTransfer();
		data.items.add(new File([picture], "dropped.png", { type: "image/png" }));
		document.querySelector("#attach [data-drop]").dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: data }));
		return "";
	})()`)
	d.until(`document.querySelectorAll("#attachment-list li").length === 2`)
	if got := d.ask(`document.querySelector("#attachment-list li").textContent`); !strings.Contains(got, "dropped.png") {
		t.Errorf("the newest is %q", got)
	}
	if got := d.ask(`document.getElementById("f-order_note").value`); got != "half a note" {
		t.Errorf("the note is %q", got)
	}
	if n := len(mustFiles(t, w, o)); n != 2 {
		t.Errorf("%d files are attached", n)
	}
}
