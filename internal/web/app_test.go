package web_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/web"
	"pishkhan/static"
)

const base = "https://shop.example.ir"

func newApp() *fiber.App { return newAppThatLogs(slog.New(slog.DiscardHandler)) }

func newAppThatLogs(log *slog.Logger) *fiber.App {
	app := web.New(web.Config{
		BaseURL: base, GatewayOrigin: "https://pay.example", Log: log,
		TrustedProxies: []netip.Prefix{netip.MustParsePrefix("0.0.0.0/32"), netip.MustParsePrefix("10.0.0.0/8")},
	})
	app.Get(static.Prefix+":name", web.Static)
	app.Get("/ip", func(c *fiber.Ctx) error { return c.SendString(web.IP(c)) })
	app.Get("/panic", func(*fiber.Ctx) error { panic("hush") })
	app.Get("/late", func(*fiber.Ctx) error { return fmt.Errorf("list orders: %w", context.DeadlineExceeded) })
	app.Get("/gone", func(*fiber.Ctx) error { return fmt.Errorf("list orders: %w", context.Canceled) })
	app.Post("/form", func(c *fiber.Ctx) error { return c.SendString(c.FormValue("text")) })
	return app
}

func ask(t *testing.T, app *fiber.App, request *http.Request) (*http.Response, string) {
	t.Helper()
	answer, err := app.Test(request, -1)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(body)
}

func form(body string, header ...string) *http.Request {
	request := httptest.NewRequest(http.MethodPost, "/form", strings.NewReader(body))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	return request
}

func TestEveryAnswerCarriesTheHeadersErrorsIncluded(t *testing.T) {
	for path, status := range map[string]int{"/ip": 200, "/nowhere": 404, "/panic": 500, "/form": 405, "/late": 503, "/gone": 503} {
		answer, body := ask(t, newApp(), httptest.NewRequest(http.MethodGet, path, nil))
		if answer.StatusCode != status {
			t.Errorf("%s: %d, want %d", path, answer.StatusCode, status)
		}
		csp := answer.Header.Get("Content-Security-Policy")
		if !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "form-action 'self' https://pay.example") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: policy %q", path, csp)
		}
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Cross-Origin-Opener-Policy": "same-origin",
			"Strict-Transport-Security": "max-age=63072000; includeSubDomains", "Referrer-Policy": "same-origin",
		} {
			if got := answer.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
		if strings.Contains(body, "hush") {
			t.Errorf("%s shows what went wrong inside: %s", path, body)
		}
	}
}

func TestWhatIsRefusedBeforeAnyHandler(t *testing.T) {
	for name, c := range map[string]struct {
		request *http.Request
		status  int
	}{
		"plain":                {form("text=salam"), 200},
		"our own origin":       {form("text=salam", "Origin", base), 200},
		"same origin":          {form("text=salam", "Sec-Fetch-Site", "same-origin"), 200},
		"another site":         {form("text=salam", "Sec-Fetch-Site", "cross-site"), 403},
		"a sister site":        {form("text=salam", "Sec-Fetch-Site", "same-site"), 403},
		"another origin":       {form("text=salam", "Origin", "https://evil.example"), 403},
		"an opaque origin":     {form("text=salam", "Origin", "null"), 403},
		"compressed":           {form("text=salam", "Content-Encoding", "gzip"), 415},
		"NUL":                  {form("text=a%00b"), 400},
		"broken UTF-8":         {form("text=%ff"), 400},
		"NUL in a name":        {form("te%00xt=b"), 400},
		"more than a form has": {form(strings.Repeat("a&", 6000)), 400},
		"NUL in the query":     {httptest.NewRequest(http.MethodGet, "/ip?q=%00", nil), 400},
		"NUL in the path":      {httptest.NewRequest(http.MethodGet, "/static/a%00b", nil), 400},
		"another host's check": {form("text=salam", "Origin", "https://shop.example.ir.evil.example"), 403},
	} {
		t.Run(name, func(t *testing.T) {
			if answer, body := ask(t, newApp(), c.request); answer.StatusCode != c.status {
				t.Errorf("%d, want %d: %.200s", answer.StatusCode, c.status, body)
			}
		})
	}
}

func TestTheClientIsFoundBehindTrustedProxiesOnly(t *testing.T) {
	for forwarded, want := range map[string]string{
		"":                                "0.0.0.0", // the test's own connection, trusted above
		"198.51.100.7":                    "198.51.100.7",
		"203.0.113.9, 198.51.100.7":       "198.51.100.7", // what a client adds itself is not believed
		"203.0.113.9, 10.1.2.3":           "203.0.113.9",
		"203.0.113.9, nonsense, 10.0.0.1": "10.0.0.1",
		"203.0.113.9\n198.51.100.7":       "198.51.100.7", // a proxy that adds a line of its own
		"203.0.113.9\n198.51.100.7, 10.1.2.3\n10.0.0.1": "198.51.100.7",
	} {
		request := httptest.NewRequest(http.MethodGet, "/ip", nil)
		for line := range strings.SplitSeq(forwarded, "\n") {
			request.Header.Add("X-Forwarded-For", line)
		}
		if _, got := ask(t, newApp(), request); got != want {
			t.Errorf("X-Forwarded-For %q: the client is %s, want %s", forwarded, got, want)
		}
	}
}

func TestBackLeadsNowhereElse(t *testing.T) {
	for path, want := range map[string]string{
		"/orders/ABC?x=1": "/orders/ABC?x=1", "/": "/", "": "/desk", "//evil.example": "/desk", `/\evil.example`: "/desk",
		"https://evil.example": "/desk", "javascript:alert(1)": "/desk", "/a\r\nSet-Cookie: x": "/desk", `/a\b`: "/desk", "/\t/evil.example": "/desk",
	} {
		if got := web.Back(path, "/desk"); got != want {
			t.Errorf("Back(%q) = %q, want %q", path, got, want)
		}
	}
}

func TestStaticFilesAreKeptUnderTheirVersionAlone(t *testing.T) {
	app := newApp()
	answer, _ := ask(t, app, httptest.NewRequest(http.MethodGet, static.Path("app.css"), nil))
	if got := answer.Header.Get("Cache-Control"); answer.StatusCode != 200 || !strings.Contains(got, "immutable") {
		t.Errorf("with its version: %d, %q", answer.StatusCode, got)
	}
	answer, _ = ask(t, app, httptest.NewRequest(http.MethodGet, "/static/app.css?v=old", nil))
	if got := answer.Header.Get("Cache-Control"); strings.Contains(got, "immutable") {
		t.Errorf("with another version: %q", got)
	}
	for _, path := range []string{"/static/..%2fgo.mod", "/static/%252e%252e%252fgo.mod", "/static/static.go"} {
		if answer, _ := ask(t, app, httptest.NewRequest(http.MethodGet, path, nil)); answer.StatusCode != 404 {
			t.Errorf("%s: %d", path, answer.StatusCode)
		}
	}
}
