package shop_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/customers"
	"pishkhan/internal/db/dbtest"
	"pishkhan/internal/house"
	"pishkhan/internal/i18n"
	"pishkhan/internal/sample"
	"pishkhan/internal/testworld"
	"pishkhan/internal/web"
	"pishkhan/internal/web/shop"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// bench is a world whose shop is open.
type bench struct {
	*testworld.World
	app *fiber.App
}

func setup(t *testing.T) *bench {
	t.Helper()
	t.Parallel()
	w := testworld.New(t)
	return &bench{w, open(w.House, testworld.BaseURL)}
}

func open(h *house.House, baseURL string) *fiber.App {
	app := web.New(web.Config{
		BaseURL: baseURL, GatewayOrigin: "http://127.0.0.1:*", Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	web.MountCommon(app, h.Pool)
	shop.Mount(app, h)
	return app
}

// guest is a browser: it keeps cookies, and the word that forms carry.
type guest struct {
	t       *testing.T
	app     *fiber.App
	cookies map[string]string
	csrf    string
}

func (b *bench) guest(t *testing.T, lang i18n.Lang) *guest {
	return &guest{t: t, app: b.app, cookies: map[string]string{"__Host-lang": string(lang)}}
}

// as is a guest with the cookie of a browser that came before.
func (b *bench) as(t *testing.T, v customers.Visitor) *guest {
	g := b.guest(t, i18n.FA)
	g.cookies[web.VisitorCookie] = string(v.Token)
	return g
}

// answer is what a browser got.
type answer struct {
	*goquery.Document
	*http.Response
	body string
}

func (g *guest) get(path string) answer { return g.do("GET", path, nil, nil) }

// post sends a form with the word of the page seen last.
func (g *guest) post(path string, form map[string]string) answer {
	return g.do("POST", path, form, map[string]string{"Sec-Fetch-Site": "same-origin"})
}

// htmx is post as a script does it.
func (g *guest) htmx(path string, form map[string]string) answer {
	return g.do("POST", path, form, map[string]string{"Sec-Fetch-Site": "same-origin", "HX-Request": "true"})
}

func (g *guest) do(method, path string, form, header map[string]string) answer {
	g.t.Helper()
	values := url.Values{}
	for name, value := range form {
		values.Set(name, value)
	}
	if form != nil && !values.Has("_csrf") {
		values.Set("_csrf", g.csrf)
	}
	request := httptest.NewRequest(method, path, strings.NewReader(values.Encode()))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for name, value := range header {
		request.Header.Set(name, value)
	}
	for name, value := range g.cookies {
		request.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	response, err := g.app.Test(request, -1)
	if err != nil {
		g.t.Fatal(err)
	}
	return g.read(response)
}

func (g *guest) read(response *http.Response) answer {
	g.t.Helper()
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		g.t.Fatal(err)
	}
	for _, cookie := range response.Cookies() {
		g.cookies[cookie.Name] = cookie.Value
	}
	page, err := goquery.NewDocumentFromReader(strings.NewReader(string(body)))
	if err != nil {
		g.t.Fatal(err)
	}
	if word, ok := page.Find("input[name=_csrf]").Attr("value"); ok {
		g.csrf = word
	}
	return answer{page, response, string(body)}
}

// status fails the test when another status came.
func (a answer) status(t *testing.T, want int) answer {
	t.Helper()
	if a.StatusCode != want {
		t.Fatalf("%s %s answers %d, want %d: %.300s", a.Request.Method, a.Request.URL, a.StatusCode, want, a.text("body"))
	}
	return a
}

// leadsTo fails the test unless the answer sends the browser there.
func (a answer) leadsTo(t *testing.T, path string) {
	t.Helper()
	a.status(t, fiber.StatusSeeOther)
	if got := a.Header.Get("Location"); got != path {
		t.Fatalf("leads to %q, want %q", got, path)
	}
}

// text is the words at a selector, spaces collapsed.
func (a answer) text(selector string) string {
	return strings.Join(strings.Fields(a.Find(selector).Text()), " ")
}

// value is what an input, a text area or a choice holds.
func (a answer) value(name string) string {
	at := `[name="` + name + `"]`
	if area := a.Find("textarea" + at); area.Length() > 0 {
		return area.Text()
	}
	if radio := a.Find(`input[type=radio]` + at); radio.Length() > 0 {
		return radio.Filter("[checked]").AttrOr("value", "")
	}
	if choice := a.Find("select" + at); choice.Length() > 0 {
		return choice.Find("option[selected]").AttrOr("value", "")
	}
	return a.Find("input"+at).AttrOr("value", "")
}

// errorAt is what stands beside a field.
func (a answer) errorAt(name string) string { return a.text("#f-" + name + "-error") }

// ordered puts a service into the guest's basket.
func (b *bench) ordered(t *testing.T, g *guest, slug string) {
	t.Helper()
	g.get("/services/"+slug).status(t, 200)
	g.post("/services/"+slug, sample.Answers(slug, b.Clock.Now())).leadsTo(t, "/basket")
}

// details are a right identity form.
func (b *bench) details() map[string]string {
	who := b.Someone().Identity
	return map[string]string{
		"name": who.Name, "national_code": who.NationalCode, "birth_date": who.BirthDate, "mobile": who.Mobile, "email": who.Email,
	}
}

// placed takes a service through the checkout, up to the gateway's door.
func (b *bench) placed(t *testing.T, g *guest, slug string) (page answer, details map[string]string) {
	t.Helper()
	b.ordered(t, g, slug)
	page = g.get("/checkout").status(t, 200)
	details = b.details()
	details["agreed"] = page.value("agreed")
	return g.post("/checkout", details).status(t, 200), details
}

// codeOf reads the order's code off a page that links to the order.
func codeOf(t *testing.T, a answer) string {
	t.Helper()
	href := a.Find(`main a[href^="/orders/"]`).AttrOr("href", "")
	code, ok := strings.CutPrefix(href, "/orders/")
	if !ok {
		t.Fatalf("no link to an order on the page %q", a.text("h1"))
	}
	return code
}
