package api_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"pishkhan/internal/audit"
	"pishkhan/internal/clients"
	"pishkhan/internal/i18n/i18ntest"
	"pishkhan/internal/testworld"
	"pishkhan/internal/web"
)

// open are the routes that need no key.
var open = map[string]bool{"/openapi.json": true, "/openapi.yaml": true}

type route struct{ method, path string }

// routes are all of the API's, as the router knows them.
func (b *bench) routes(t *testing.T) []route {
	t.Helper()
	var list []route
	for _, r := range b.app.GetRoutes(true) {
		path, ok := strings.CutPrefix(r.Path, web.APIHome)
		if ok && r.Method != http.MethodHead {
			list = append(list, route{r.Method, path})
		}
	}
	if len(list) < 8 {
		t.Fatalf("only %d routes", len(list))
	}
	return list
}

var parameter = regexp.MustCompile(`:\w+`)

// Each route needs a key, and lets in the keys of exactly one scope.
func TestScopes(t *testing.T) {
	b := setup(t)
	nobody := b.program(t)
	nobody.token = ""
	keys := map[clients.Scope]*program{}
	for _, scope := range clients.Scopes {
		keys[scope] = b.program(t, scope)
	}
	want := map[route]clients.Scope{
		{"GET", "/services"}: clients.ReadServices, {"GET", "/services/:slug"}: clients.ReadServices,
		{"POST", "/quotes"}: clients.WriteQuotes, {"POST", "/files"}: clients.WriteOrders, {"POST", "/orders"}: clients.WriteOrders,
		{"GET", "/orders"}: clients.ReadOrders, {"GET", "/orders/:code"}: clients.ReadOrders, {"GET", "/orders/:code/receipts/:id"}: clients.ReadOrders,
	}
	for _, r := range b.routes(t) {
		path := parameter.ReplaceAllString(r.path, "1")
		if open[path] {
			if got := nobody.send(r.method, path, nil, nil); got.status != http.StatusOK {
				t.Errorf("%s %s: %d", r.method, path, got.status)
			}
			continue
		}
		refused := nobody.send(r.method, path, nil, nil)
		refused.problem(http.StatusUnauthorized, "clients.error.unknown_key")
		if refused.header.Get("WWW-Authenticate") != "Bearer" {
			t.Errorf("%s %s does not say what it wants", r.method, path)
		}
		if !strings.Contains(refused.text, "Authorization: Bearer KEY") { // as it is copied into a program
			t.Errorf("%s %s says %s", r.method, path, refused.text)
		}
		for scope, p := range keys {
			got := p.send(r.method, path, nil, nil)
			if forMembers[r] != (doorway{}) && want[r] == "" {
				got.problem(http.StatusForbidden, "tokens.error.members_only")
			}
			if in := got.status != http.StatusForbidden; in != (want[r] == scope) {
				t.Errorf("%s %s with %s: %d, want it to take %q", r.method, path, scope, got.status, want[r])
			}
		}
	}
}

// A key that has ended is refused at the next request.
func TestEndedKeys(t *testing.T) {
	b := setup(t)
	p := b.program(t)
	p.get("/services").want(http.StatusOK)
	for _, token := range []string{p.token + "x", strings.ToUpper(p.token), "", "null"} {
		other := *p.copy()
		other.token = token
		other.get("/services").problem(http.StatusUnauthorized, "clients.error.unknown_key")
	}
	p.send("GET", "/services", nil, map[string]string{"Authorization": "Basic " + p.token}).problem(http.StatusUnauthorized, "")
	testworld.Must(t, b.House.Clients.Disable(t.Context(), audit.Machine, p.client.ID))
	p.get("/services").problem(http.StatusUnauthorized, "clients.error.unknown_key")
}

func (p *program) copy() *program {
	return &program{t: p.t, b: p.b, client: p.client, token: p.token, lang: p.lang}
}

// Who asks too often waits; the header fields say for how long.
func TestRateLimit(t *testing.T) {
	b := setup(t)
	p, other := b.program(t), b.program(t)
	ask := func(p *program) *http.Response {
		request := httptest.NewRequest("GET", web.APIHome+"/services/steam-wallet", nil)
		request.Header.Set("Authorization", "Bearer "+p.token)
		response, err := b.app.Test(request, -1)
		testworld.Must(t, err)
		response.Body.Close()
		return response
	}
	for i := range clients.Burst {
		if r := ask(p); r.StatusCode != http.StatusOK {
			t.Fatalf("request %d: %d", i+1, r.StatusCode)
		}
	}
	r := ask(p)
	if r.StatusCode != http.StatusTooManyRequests || r.Header.Get("Retry-After") != "1" ||
		r.Header.Get("RateLimit") != `"key";r=0;t=6` || r.Header.Get("RateLimit-Policy") != `"key";q=60;w=6` {
		t.Errorf("one too many: %d %v", r.StatusCode, r.Header)
	}
	if r := ask(other); r.StatusCode != http.StatusOK {
		t.Errorf("another client pays for it: %d", r.StatusCode)
	}
	b.Clock.Advance(clients.BurstWindow / clients.Burst)
	if r := ask(p); r.StatusCode != http.StatusOK {
		t.Errorf("after waiting: %d", r.StatusCode)
	}
}

// Problems are told in the language that is asked for, by the same keys.
func TestProblemsInBothLanguages(t *testing.T) {
	b := setup(t)
	p := b.program(t)
	for lang, want := range map[string]struct{ detail, field string }{
		"en-GB,fa;q=0.5": {"The request is not as the API describes it, and nothing was done. The errors say where.", "service is needed here."},
		"fa":             {"درخواست با تعریف این رابط نمی‌خواند", "در اینجا لازم است"},
		"de, fr;q=0.9":   {"درخواست با تعریف این رابط نمی‌خواند", "در اینجا لازم است"},
	} {
		p.lang = lang
		r := p.post("/quotes", object{})
		r.problem(422, "api.error.shape", "/service")
		if !strings.HasPrefix(r.at("detail").(string), want.detail) || !strings.Contains(r.at("errors.0.message").(string), want.field) ||
			r.at("errors.0.key") != "api.error.required" {
			t.Errorf("%s: %s", lang, r.text)
		}
	}
	p.lang = "en"
	p.post("/quotes", object{"service": "steam-wallet"}).problem(422, "fault.invalid", "/amount")
	p.post("/quotes", object{"service": "nothing", "amount": object{"amount": "5", "currency": "USD"}}).problem(422, "fault.invalid", "/service")
	p.post("/quotes", object{"service": "steam-wallet", "amount": object{"amount": "1", "currency": "USD"}}).problem(422, "fault.invalid", "/amount")
	p.post("/quotes", object{"service": "steam-wallet", "amount": object{"amount": "5", "currency": "XXX"}}).problem(422, "fault.invalid", "/amount")
	p.post("/quotes", object{"service": "steam-wallet", "amount": object{"amount": "-5", "currency": "USD"}}).problem(422, "api.error.shape", "/amount/amount")
	p.post("/quotes", object{"service": "steam-wallet", "amount": object{"amount": "5", "currency": "USD"}, "code": "NOTHING"}).problem(422, "fault.invalid", "/code")
	p.post("/quotes", object{"service": "steam-wallet", "amount": object{"amount": "5", "currency": "USD"}, "orders": 51}).problem(422, "api.error.shape", "/orders")
	p.send("GET", "/nothing", nil, nil).problem(http.StatusNotFound, "web.error.not_found")
	p.send("DELETE", "/orders", nil, nil).problem(http.StatusMethodNotAllowed, "web.error.method")
	p.send("POST", "/quotes", nil, map[string]string{"Content-Type": "application/json", "Content-Encoding": "gzip"}).problem(http.StatusUnsupportedMediaType, "web.error.media_type")
	p.send("POST", "/quotes", nil, map[string]string{"Content-Type": "application/json", "Sec-Fetch-Site": "cross-site"}).problem(http.StatusForbidden, "web.error.cross_site")
}

// Every word of the shapes is there.
func TestWords(t *testing.T) {
	t.Parallel()
	for _, scope := range clients.Scopes {
		i18ntest.Has(t, "clients.scope."+strings.ReplaceAll(string(scope), ":", "_"))
	}
}
