package shop_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"pishkhan/internal/attachments"
	"pishkhan/internal/i18n"
	"pishkhan/internal/notify"
	"pishkhan/internal/orders"
	"pishkhan/internal/sample"
	"pishkhan/internal/testworld"
)

// paper is a file that a browser sends.
type paper struct {
	name    string
	content []byte
}

// send posts an answer as the form of the page does, with files.
func (g *guest) send(t *testing.T, path string, form map[string][]string, papers ...paper) answer {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	testworld.Must(t, w.WriteField("_csrf", g.csrf))
	for name, values := range form {
		for _, value := range values {
			testworld.Must(t, w.WriteField(name, value))
		}
	}
	for _, p := range papers {
		file, err := w.CreateFormFile("files", p.name)
		testworld.Must(t, err)
		_, err = file.Write(p.content)
		testworld.Must(t, err)
	}
	testworld.Must(t, w.Close())
	request := httptest.NewRequest(http.MethodPost, path, &body)
	request.Header.Set("Content-Type", w.FormDataContentType())
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	for name, value := range g.cookies {
		request.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	response, err := g.app.Test(request, -1)
	testworld.Must(t, err)
	return g.read(response)
}

// questioned returns an order whose customer is asked something, and where
// the message leads.
func (b *bench) questioned(t *testing.T) (o orders.Order, link string) {
	t.Helper()
	o = b.Claimed(t)
	testworld.Must(t, b.House.Queue.Hold(t.Context(), b.Operator, o.Code, "which page?"))
	return o, b.letter(t, o, notify.OrderQuestion)
}

// A customer answers with files by the link of the message. Files that have
// arrived stay when something else is wrong, and can be left out; what was
// typed stays when a file is refused.
func TestAnswerWithFiles(t *testing.T) {
	b := setup(t)
	for _, lang := range i18n.Langs() {
		o, link := b.questioned(t)
		g := b.guest(t, lang)
		if page := g.get(link).status(t, 200); page.Find("#f-files[type=file][multiple]").Length() != 1 {
			t.Fatal("there is no place for files")
		}
		again := g.send(t, link+"/answer", map[string][]string{"answer": {" "}}, paper{"one.pdf", sample.PDF("1")}, paper{"two.pdf", sample.PDF("2")}).status(t, 422)
		if !strings.HasSuffix(again.errorAt("answer"), lang.T("shop.answer.empty")) || again.Find("[data-kept] input[name=kept][checked]").Length() != 2 {
			t.Fatalf("%s: %q", lang, again.text("main"))
		}
		one := again.Find("[data-kept] input").First().AttrOr("value", "")

		html := paper{"page.png", []byte("<!doctype html><script>alert(1)</script>")}
		refused := g.send(t, link+"/answer", map[string][]string{"answer": {"this page"}, "kept": {one}}, html).status(t, 422)
		why := lang.T("shop.answer.refused", "name", "\u2068page.png\u2069", "why", lang.T("attachments.error.mismatch"))
		if got := refused.errorAt("files"); got != lang.T("parts.error_prefix")+" "+why || !strings.Contains(refused.text(".notice-error"), why) {
			t.Errorf("%s: it says %q, want %q", lang, got, why)
		}
		if refused.value("answer") != "this page" || refused.Find("[data-kept] input").Length() != 1 {
			t.Errorf("%s: what was sent is lost: %q", lang, refused.text("main form"))
		}
		if b.Order(t, o).State != orders.WaitingCustomer {
			t.Error("a refused answer was heard")
		}
		g.send(t, link+"/answer", map[string][]string{"answer": {"this page"}, "kept": {one}}, paper{"three.pdf", sample.PDF("3")}).leadsTo(t, "/orders/"+o.Code)
		page := g.get("/orders/"+o.Code).status(t, 200)
		if got := page.text("[data-sent]"); got != "one.pdfthree.pdf" && got != "one.pdf three.pdf" {
			t.Errorf("%s: the customer sees %q", lang, got)
		}
		files, err := b.House.Folder.Of(t.Context(), b.House.Pool, o.ID)
		testworld.Must(t, err)
		if len(files) != 2 || b.Order(t, o).State != orders.InProgress {
			t.Errorf("%s: %+v, %s", lang, files, b.Order(t, o).State)
		}
	}
}

// The order's own page takes files too, from who may see it; nobody sends the
// files of another browser, and an order that asks nothing keeps none.
func TestWhoseFilesGoWithAnAnswer(t *testing.T) {
	b := setup(t)
	o, link := b.questioned(t)
	g, stranger := b.guest(t, i18n.FA), b.guest(t, i18n.FA)
	g.get(link)
	g.post(link, map[string]string{}).leadsTo(t, "/orders/"+o.Code)
	g.get("/orders/"+o.Code).status(t, 200)
	kept := g.send(t, "/orders/"+o.Code+"/answer", map[string][]string{"answer": {""}}, paper{"one.pdf", sample.PDF("1")}).status(t, 422)
	one := kept.value("kept")

	stranger.get("/track")
	stranger.send(t, "/orders/"+o.Code+"/answer", map[string][]string{"answer": {"x"}}, paper{"x.pdf", sample.PDF("x")}).status(t, 404)
	_, theirs := b.questioned(t)
	stranger.get(theirs)
	if again := stranger.send(t, theirs+"/answer", map[string][]string{"answer": {""}, "kept": {one}}).status(t, 422); again.Find("[data-kept]").Length() != 0 {
		t.Error("another browser's file is offered")
	}
	g.send(t, "/orders/"+o.Code+"/answer", map[string][]string{"answer": {"this"}, "kept": {one}}).leadsTo(t, "/orders/"+o.Code)
	before := b.Count(t, "SELECT count(*) FROM attachments")
	g.send(t, "/orders/"+o.Code+"/answer", map[string][]string{"answer": {"more"}}, paper{"two.pdf", sample.PDF("2")}).status(t, 409)
	testworld.Must(t, b.House.Folder.Attach(t.Context(), b.Operator, o.Code, "internal.pdf", sample.PDF("desk")))
	if page := g.get("/orders/" + o.Code); strings.Contains(page.body, "internal.pdf") {
		t.Error("the customer sees the desk's file")
	}
	if n := b.Count(t, "SELECT count(*) FROM attachments WHERE visitor_id IS NOT NULL"); n != before {
		t.Errorf("%d files are kept, %d before", n, before)
	}

	testworld.Must(t, b.House.Queue.Hold(t.Context(), b.Operator, o.Code, "and the next page?"))
	old := g.send(t, "/orders/"+o.Code+"/answer", map[string][]string{"answer": {"from an old page"}, "kept": {one}}).status(t, 422)
	if old.errorAt("files") == "" || old.value("answer") != "from an old page" || old.Find("[data-kept]").Length() != 0 {
		t.Errorf("a file that went with the answer before: %q", old.text("main form"))
	}
}

// Three files go with an answer, ten megabytes together, to the byte.
func TestLimitsOfAnAnswersFiles(t *testing.T) {
	b := setup(t)
	_, link := b.questioned(t)
	g := b.guest(t, i18n.EN)
	g.get(link)
	var four []paper
	for i := range attachments.MaxEnclosed + 1 {
		four = append(four, paper{fmt.Sprintf("%d.pdf", i), sample.PDF(fmt.Sprint(i))})
	}
	many := g.send(t, link+"/answer", map[string][]string{"answer": {"these"}}, four...).status(t, 422)
	if got := many.errorAt("files"); !strings.HasSuffix(got, i18n.EN.T("shop.answer.too_many", "max", 3)) || many.value("answer") != "these" {
		t.Errorf("four: %q", got)
	}
	large := func(n int) paper {
		return paper{"large.pdf", append(append([]byte("%PDF-1.7\n"), make([]byte, n-28)...), "\nstartxref\n0\n%%EOF\n"...)}
	}
	half := 5 << 20
	over := g.send(t, link+"/answer", map[string][]string{"answer": {"these"}}, large(half), large(half+1)).status(t, 422)
	if got := over.errorAt("files"); !strings.HasSuffix(got, i18n.EN.T("shop.answer.together", "megabytes", 10)) {
		t.Errorf("a byte too many: %q", got)
	}
	if n := b.Count(t, "SELECT count(*) FROM attachments"); n != 0 {
		t.Errorf("%d files were kept", n)
	}
	fits := g.send(t, link+"/answer", map[string][]string{"answer": {""}}, large(half), large(half)).status(t, 422)
	if fits.errorAt("files") != "" || fits.Find("[data-kept] input").Length() != 2 {
		t.Errorf("exactly ten: %q", fits.text("main form"))
	}
}
