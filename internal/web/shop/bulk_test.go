package shop_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"pishkhan/internal/bulk"
	"pishkhan/internal/catalog"
	"pishkhan/internal/i18n"
	"pishkhan/internal/sample"
	"pishkhan/internal/testworld"
)

// upload sends a form with one file.
func (g *guest) upload(path string, form map[string]string, input, name string, content []byte) answer {
	g.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for field, value := range form {
		testworld.Must(g.t, w.WriteField(field, value))
	}
	testworld.Must(g.t, w.WriteField("_csrf", g.csrf))
	if name != "" {
		part, err := w.CreateFormFile(input, name)
		testworld.Must(g.t, err)
		_, err = part.Write(content)
		testworld.Must(g.t, err)
	}
	testworld.Must(g.t, w.Close())
	request := httptest.NewRequest("POST", path, &body)
	request.Header.Set("Content-Type", w.FormDataContentType())
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	for name, value := range g.cookies {
		request.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	response, err := g.app.Test(request, -1)
	testworld.Must(g.t, err)
	return g.read(response)
}

// topUps is the shop's own template for Steam, filled in.
func (b *bench) topUps(t *testing.T, g *guest, spoil func(row int, values map[string]string), n int) []byte {
	t.Helper()
	template := g.get("/services/steam-wallet/bulk/template.csv").status(t, 200)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(template.body, "\ufeff"))).ReadAll()
	testworld.Must(t, err)
	for row := range n {
		values := sample.Answers("steam-wallet", b.Clock.Now())
		if spoil != nil {
			spoil(row, values)
		}
		line := make([]string, len(rows[1]))
		for i, input := range rows[1] {
			line[i] = values[input]
		}
		rows = append(rows, line)
	}
	var content bytes.Buffer
	testworld.Must(t, csv.NewWriter(&content).WriteAll(rows))
	return content.Bytes()
}

// A file is taken, watched, and ends in the basket, which shows it in pages.
func TestAFileOfOrders(t *testing.T) {
	b := setup(t)
	for _, lang := range i18n.Langs() {
		g := b.guest(t, lang)
		page := g.get("/services/steam-wallet").status(t, 200)
		if page.Find(`a[href="/services/steam-wallet/bulk"]`).Length() != 1 {
			t.Errorf("%s: no way to the files", lang)
		}
		g.get("/services/steam-wallet/bulk").status(t, 200)
		content := b.topUps(t, g, func(row int, values map[string]string) { values["site_login"] = fmt.Sprintf("player_%d", row) }, 60)
		sent := g.upload("/services/steam-wallet/bulk", nil, "file", "orders.csv", content).status(t, 303)
		at := sent.Header.Get("Location")
		if !strings.HasPrefix(at, "/bulk/") {
			t.Fatalf("%s: leads to %s", lang, at)
		}
		page = g.get(at).status(t, 200)
		if bar := page.Find("[data-progress]"); bar.AttrOr("max", "") != "60" || bar.AttrOr("value", "") != "0" ||
			!strings.Contains(page.body, `http-equiv="refresh"`) {
			t.Errorf("%s: the page does not show how far it is", lang)
		}
		b.guest(t, lang).get(at).status(t, 404)
		id := int64(b.Count(t, "SELECT max(id) FROM bulk_uploads"))
		testworld.Must(t, b.House.Bulk.Add(t.Context(), id))
		if poll := g.do("GET", at+"/progress", nil, map[string]string{"HX-Request": "true"}); poll.Header.Get("HX-Redirect") != at {
			t.Errorf("%s: the poll ends with %d %v", lang, poll.StatusCode, poll.Header)
		}
		g.get(at).leadsTo(t, "/basket")

		basket := g.get("/basket").status(t, 200)
		if got := basket.Find("[data-line-id]").Length(); got != 50 {
			t.Errorf("%s: %d lines on the first page", lang, got)
		}
		if got := g.get("/basket?page=2").Find("[data-line-id]").Length(); got != 10 {
			t.Errorf("%s: %d lines on the second page", lang, got)
		}
		if got := g.get("/checkout").status(t, 200).text("[data-sum]"); !strings.Contains(got, lang.Number(60)) {
			t.Errorf("%s: the checkout sums up %q", lang, got)
		}
		upload := basket.Find("[data-upload-id]")
		if upload.Length() != 1 || !strings.Contains(upload.Text(), "orders.csv") {
			t.Errorf("%s: the file is not named", lang)
		}
		g.get("/basket")
		g.post("/basket/uploads/"+upload.AttrOr("data-upload-id", "")+"/remove", map[string]string{}).leadsTo(t, "/basket")
		if got := g.get("/basket").Find("[data-line-id]").Length(); got != 0 {
			t.Errorf("%s: %d lines are left", lang, got)
		}
	}
}

// What is wrong is listed with row and column, here and as a file, and
// nothing is added.
func TestAFileThatIsRefused(t *testing.T) {
	b := setup(t)
	for _, lang := range i18n.Langs() {
		g := b.guest(t, lang)
		g.get("/services/steam-wallet/bulk")
		content := b.topUps(t, g, func(row int, values map[string]string) {
			if row == 1 {
				values["amount"], values["profile"] = "-5", "=HYPERLINK(\"http://evil.example\")"
			}
		}, 3)
		page := g.upload("/services/steam-wallet/bulk", nil, "file", "orders.csv", content).status(t, 422)
		if got := page.Find("[data-finding]").Length(); got != 2 {
			t.Fatalf("%s: %d findings: %s", lang, got, page.text("main"))
		}
		first := page.Find("[data-finding]").First()
		if got := strings.TrimSpace(first.Find("td").First().Text()); got != lang.Number(5) {
			t.Errorf("%s: the row is %q", lang, got)
		}
		if first.Find("td .code").Text() == "" || strings.Contains(page.body, "evil.example") {
			t.Errorf("%s: no column, or the answer is told: %s", lang, first.Text())
		}
		if !strings.Contains(page.text("main"), lang.T("money.error.negative")) {
			t.Errorf("%s: %s", lang, page.text("main"))
		}
		list := page.Find(`a[href$="/findings.csv"]`).AttrOr("href", "")
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(g.get(list).status(t, 200).body, "\ufeff"))).ReadAll()
		if err != nil || len(rows) != 3 || rows[1][0] != "5" || rows[1][1] == "" {
			t.Errorf("%s: %v %v", lang, rows, err)
		}
		if got := g.get("/basket").Find("[data-line-id]").Length(); got != 0 {
			t.Errorf("%s: %d lines of a refused file", lang, got)
		}
		for name, tt := range map[string]struct {
			file    string
			content []byte
			key     string
		}{
			"none": {"", nil, "bulk.error.no_file"}, "no header": {"a.csv", []byte("1,2,3\n"), "bulk.error.no_header"},
			"too large": {"a.csv", make([]byte, bulk.MaxBytes+1), "bulk.error.too_large"},
		} {
			g.get("/services/steam-wallet/bulk")
			page := g.upload("/services/steam-wallet/bulk", nil, "file", tt.file, tt.content).status(t, 422)
			words, _, _ := strings.Cut(lang.T(tt.key), "{")
			if got := page.errorAt("file"); !strings.Contains(got, words) {
				t.Errorf("%s, %s: %q", lang, name, got)
			}
		}
	}
}

// A service that demands a file with each order has no page for many.
func TestFilesAreNotForEveryService(t *testing.T) {
	b := setup(t)
	services, err := b.House.Catalog.Showcase(t.Context())
	testworld.Must(t, err)
	g := b.guest(t, i18n.EN)
	for _, s := range services {
		want := 404
		if bulk.Takes(s.Definition) {
			want = 200
		}
		for _, path := range []string{"", "/template.csv", "/template.xlsx"} {
			g.get("/services/"+s.Definition.Slug+"/bulk"+path).status(t, want)
		}
		for field := range s.Definition.Fields() {
			if field.Type == catalog.File && field.Required && want == 200 {
				t.Errorf("%s takes files of orders", s.Definition.Slug)
			}
		}
	}
}
