package desk_test

import (
	"bytes"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/audit"
	"pishkhan/internal/house"
	"pishkhan/internal/i18n"
	"pishkhan/internal/testworld"
	"pishkhan/internal/token"
	"pishkhan/internal/web"
	"pishkhan/internal/web/desk"
)

// newApp returns the desk of a world.
func newApp(w *testworld.World) *fiber.App { return newAppOf(w.House) }

func newAppOf(h *house.House) *fiber.App {
	app := web.New(web.Config{BaseURL: testworld.BaseURL, Log: slog.New(slog.DiscardHandler)})
	web.MountCommon(app, h.Pool)
	desk.Mount(app, h)
	return app
}

// browser keeps cookies and sends the session's word with every form.
type browser struct {
	app     *fiber.App
	cookies map[string]string
	headers map[string]string
}

func newBrowser(app *fiber.App) *browser {
	return &browser{app: app, cookies: map[string]string{}, headers: map[string]string{}}
}

// signedIn returns the browser of a member.
func signedIn(t *testing.T, w *testworld.World, app *fiber.App, who audit.Actor) *browser {
	t.Helper()
	i := slices.IndexFunc(w.People, func(p person) bool { return p.Name == who.Name })
	signed, err := w.House.Staff.SignIn(t.Context(), w.People[i].Email, w.People[i].Password, "192.0.2.9", "test")
	testworld.Must(t, err)
	b := newBrowser(app)
	b.cookies[web.DeskCookie] = string(signed.Token)
	return b
}

func (b *browser) in(lang i18n.Lang) *browser {
	b.cookies["__Host-lang"] = string(lang)
	return b
}

// htmx makes the next requests those of a fragment for the target.
func (b *browser) htmx(target string) *browser {
	c := &browser{app: b.app, cookies: b.cookies, headers: map[string]string{"HX-Request": "true", "HX-Target": target}}
	return c
}

func (b *browser) word() string { return token.Token(b.cookies[web.DeskCookie]).CSRF() }

type answer struct {
	*goquery.Document
	status int
	header http.Header
	body   string
}

func (b *browser) get(t *testing.T, path string) answer {
	t.Helper()
	return b.send(t, httptest.NewRequest(http.MethodGet, path, nil))
}

func (b *browser) post(t *testing.T, path string, pairs ...string) answer {
	t.Helper()
	form := url.Values{"_csrf": {b.word()}}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i] == "_csrf" {
			form.Del("_csrf")
		}
		form.Add(pairs[i], pairs[i+1])
	}
	request := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.send(t, request)
}

// upload posts a form with a receipt.
func (b *browser) upload(t *testing.T, path, name string, content []byte, pairs ...string) answer {
	t.Helper()
	return b.uploadAs(t, path, "receipt", name, content, pairs...)
}

// uploadFile posts a form with a file alone.
func (b *browser) uploadFile(t *testing.T, path, name, content string) answer {
	t.Helper()
	return b.uploadAs(t, path, "file", name, []byte(content))
}

func (b *browser) uploadAs(t *testing.T, path, input, name string, content []byte, pairs ...string) answer {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	testworld.Must(t, form.WriteField("_csrf", b.word()))
	for i := 0; i+1 < len(pairs); i += 2 {
		testworld.Must(t, form.WriteField(pairs[i], pairs[i+1]))
	}
	if name != "" {
		file, err := form.CreateFormFile(input, name)
		testworld.Must(t, err)
		_, err = file.Write(content)
		testworld.Must(t, err)
	}
	testworld.Must(t, form.Close())
	request := httptest.NewRequest(http.MethodPost, path, &body)
	request.Header.Set("Content-Type", form.FormDataContentType())
	return b.send(t, request)
}

func (b *browser) send(t *testing.T, request *http.Request) answer {
	t.Helper()
	for name, value := range b.cookies {
		request.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	for name, value := range b.headers {
		request.Header.Set(name, value)
	}
	response, err := b.app.Test(request, -1)
	testworld.Must(t, err)
	defer response.Body.Close()
	for _, cookie := range response.Cookies() {
		b.cookies[cookie.Name] = cookie.Value
		if cookie.Value == "" {
			delete(b.cookies, cookie.Name)
		}
	}
	body, err := io.ReadAll(response.Body)
	testworld.Must(t, err)
	document, err := goquery.NewDocumentFromReader(bytes.NewReader(body))
	testworld.Must(t, err)
	return answer{Document: document, status: response.StatusCode, header: response.Header, body: string(body)}
}

// must fails the test unless the answer has the status.
func (a answer) must(t *testing.T, status int) answer {
	t.Helper()
	if a.status != status {
		t.Fatalf("answered %d, want %d: %s", a.status, status, a.text("main, body"))
	}
	return a
}

// leadsTo fails the test unless the answer sends the browser to path.
func (a answer) leadsTo(t *testing.T, path string) {
	t.Helper()
	if a.status != http.StatusSeeOther || a.header.Get("Location") != path {
		t.Fatalf("answered %d to %q, want %s: %s", a.status, a.header.Get("Location"), path, a.text("main"))
	}
}

func (a answer) text(selector string) string {
	return strings.Join(strings.Fields(a.Find(selector).First().Text()), " ")
}

func (a answer) count(selector string) int { return a.Find(selector).Length() }

// has fails the test unless the selector finds something.
func (a answer) has(t *testing.T, selectors ...string) {
	t.Helper()
	for _, selector := range selectors {
		if a.count(selector) == 0 {
			t.Errorf("nothing is %s", selector)
		}
	}
}

// lacks fails the test when the selector finds something.
func (a answer) lacks(t *testing.T, selectors ...string) {
	t.Helper()
	for _, selector := range selectors {
		if a.count(selector) != 0 {
			t.Errorf("something is %s", selector)
		}
	}
}
