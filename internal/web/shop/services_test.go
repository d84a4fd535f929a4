package shop_test

import (
	"bytes"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"pishkhan/internal/catalog"
	"pishkhan/internal/i18n"
	"pishkhan/internal/orders"
	"pishkhan/internal/sample"
	"pishkhan/internal/testworld"
)

// Every service on offer is ordered through its form, as a browser sends it,
// and all are placed at once: more than the gateway takes in one payment.
func TestEveryServiceIsOrderedThroughItsForm(t *testing.T) {
	b := setup(t)
	services, err := b.House.Catalog.Showcase(t.Context())
	testworld.Must(t, err)
	g := b.guest(t, i18n.FA)
	for _, service := range services {
		d := service.Definition
		page := g.get("/services/"+d.Slug).status(t, http.StatusOK)
		if got := page.text("h1"); got != d.Title.FA {
			t.Errorf("%s is called %q", d.Slug, got)
		}
		answers := sample.Answers(d.Slug, b.Clock.Now())
		answers["_form"] = page.value("_form")
		g.multipart("/services/"+d.Slug, answers).leadsTo(t, "/basket")
	}
	if got := g.get("/basket").status(t, http.StatusOK).text(".bar .count"); !strings.HasPrefix(got, i18n.FA.Digits(strconv.Itoa(len(services)))) {
		t.Fatalf("the basket holds %q of %d", got, len(services))
	}
	checkout := g.get("/checkout").status(t, http.StatusOK)
	details := b.details()
	details["agreed"], details["document"] = checkout.value("agreed"), sample.Upload
	told := g.multipart("/checkout", details).status(t, http.StatusConflict)
	if !strings.Contains(told.text("main .notice"), "یک‌جا نمی‌پذیرد") {
		t.Errorf("the customer is told %q", told.text("main .notice"))
	}
	if got := b.Count(t, "SELECT count(*) FROM orders WHERE state = $1", string(orders.AwaitingPayment)); got != len(services) {
		t.Errorf("%d orders wait for their payment, want %d", got, len(services))
	}
}

// Each required answer is demanded, beside its question.
func TestEachRequiredAnswerIsDemanded(t *testing.T) {
	b := setup(t)
	services, err := b.House.Catalog.Showcase(t.Context())
	testworld.Must(t, err)
	visitor := b.Visitor(t)
	g := b.as(t, visitor)
	file, err := b.House.Attachments.Keep(t.Context(), visitor.ID, "192.0.2.1", "paper.pdf", sample.PDF("paper"))
	testworld.Must(t, err)
	g.get("/services/steam-wallet")
	left := 0
	for _, service := range services {
		d := service.Definition
		answers := sample.Answers(d.Slug, b.Clock.Now())
		for name, value := range answers {
			if value == sample.Upload {
				answers[name] = strconv.FormatInt(file.ID, 10)
			}
		}
		for _, name := range demanded(d, answers) {
			without := maps.Clone(answers)
			delete(without, name)
			page := g.post("/services/"+d.Slug, without).status(t, http.StatusUnprocessableEntity)
			if page.Find(`.notice-error a[href="#f-`+name+`"]`).Length() == 0 {
				t.Errorf("%s without %s: %s", d.Slug, name, page.text(".notice-error"))
			}
			left++
		}
	}
	if lines := b.Count(t, "SELECT count(*) FROM cart_lines"); lines != 0 || left < 300 {
		t.Errorf("%d answers were left out, and %d lines are in baskets", left, lines)
	}
}

// demanded are the required inputs among the answers.
func demanded(d catalog.Definition, answers map[string]string) []string {
	var names []string
	note := func(f catalog.Field, name string) {
		if f.Required && answers[name] != "" && f.Sum == nil {
			names = append(names, name)
		}
	}
	for field := range d.Fields() {
		note(field, field.Name)
		for _, sub := range field.Fields {
			if len(field.Fields) > 1 {
				note(sub, field.Name+".1."+sub.Name)
			}
		}
	}
	return names
}

// multipart sends a form as a browser does that has files in it.
func (g *guest) multipart(path string, form map[string]string) answer {
	g.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	testworld.Must(g.t, w.WriteField("_csrf", g.csrf))
	for name, value := range form {
		if value != sample.Upload {
			testworld.Must(g.t, w.WriteField(name, value))
			continue
		}
		file, err := w.CreateFormFile(name, "paper.pdf")
		testworld.Must(g.t, err)
		_, err = file.Write(sample.PDF("paper"))
		testworld.Must(g.t, err)
	}
	testworld.Must(g.t, w.Close())
	request := httptest.NewRequest(http.MethodPost, path, &body)
	request.Header.Set("Content-Type", w.FormDataContentType())
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	for name, value := range g.cookies {
		request.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	response, err := g.app.Test(request, -1)
	testworld.Must(g.t, err)
	return g.read(response)
}

// A file is kept when something else is wrong, and one that is none is told
// beside its input.
func TestFilesOfAForm(t *testing.T) {
	b := setup(t)
	g := b.guest(t, i18n.EN)
	g.get("/services/tuition-fee")
	answers := sample.Answers("tuition-fee", b.Clock.Now())
	notes := answers["student_id"]
	delete(answers, "student_id")
	refused := g.multipart("/services/tuition-fee", answers).status(t, http.StatusUnprocessableEntity)
	if !strings.Contains(refused.text("form .notice-info, form .notice"), "paper.pdf") {
		t.Errorf("the file is not said to be kept: %s", refused.text("form .notice"))
	}
	for name, value := range answers {
		if value == sample.Upload {
			answers[name] = refused.value(name)
		}
	}
	answers["student_id"] = notes
	g.multipart("/services/tuition-fee", answers).leadsTo(t, "/basket")

	stranger := b.guest(t, i18n.EN)
	stranger.get("/services/tuition-fee")
	if got := stranger.multipart("/services/tuition-fee", answers).StatusCode; got == http.StatusSeeOther {
		t.Error("another browser's file was taken")
	}
}
