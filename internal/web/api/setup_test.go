package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/audit"
	"pishkhan/internal/clients"
	"pishkhan/internal/db/dbtest"
	"pishkhan/internal/sample"
	"pishkhan/internal/testworld"
	"pishkhan/internal/web"
	"pishkhan/internal/web/api"
	"pishkhan/internal/web/shop"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// bench is a world that answers programs.
type bench struct {
	*testworld.World
	app *fiber.App
	log *bytes.Buffer
}

func setup(t *testing.T) *bench {
	t.Helper()
	t.Parallel()
	w := testworld.New(t)
	b := &bench{World: w, log: &bytes.Buffer{}}
	b.app = web.New(web.Config{
		BaseURL: testworld.BaseURL, GatewayOrigin: "http://127.0.0.1:*", Log: slog.New(slog.NewTextHandler(b.log, nil)),
	})
	web.MountCommon(b.app, w.House.Pool)
	shop.Mount(b.app, w.House)
	api.Mount(b.app, w.House, testworld.BaseURL)
	return b
}

// program is a shop front with a key.
type program struct {
	t      *testing.T
	b      *bench
	client clients.Client
	token  string
	lang   string
	serial atomic.Int32
}

// program returns a new client with a key for the scopes, or for all.
func (b *bench) program(t *testing.T, scopes ...clients.Scope) *program {
	t.Helper()
	if len(scopes) == 0 {
		scopes = clients.Scopes
	}
	client, err := b.House.Clients.Create(t.Context(), audit.Machine, clients.Form{Name: "Shop", ReturnOrigins: "https://shop.example"})
	testworld.Must(t, err)
	_, token, err := b.House.Clients.IssueKey(t.Context(), audit.Machine, client.ID, "main", scopes, 0)
	testworld.Must(t, err)
	return &program{t: t, b: b, client: client, token: token.Reveal(), lang: "en"}
}

// object is decoded JSON.
type object = map[string]any

// reply is what a program got.
type reply struct {
	t      *testing.T
	status int
	header http.Header
	text   string
}

func (p *program) get(path string) reply { p.t.Helper(); return p.send("GET", path, nil, nil) }

func (p *program) post(path string, body any, header ...string) reply {
	p.t.Helper()
	text, err := json.Marshal(body)
	testworld.Must(p.t, err)
	h := map[string]string{"Content-Type": "application/json"}
	for i := 0; i+1 < len(header); i += 2 {
		h[header[i]] = header[i+1]
	}
	return p.send("POST", path, text, h)
}

func (p *program) send(method, path string, body []byte, header map[string]string) reply {
	p.t.Helper()
	p.b.Clock.Advance(clients.BurstWindow / clients.Burst) // no faster than is allowed
	request := httptest.NewRequest(method, web.APIHome+path, bytes.NewReader(body))
	request.Header.Set("Accept-Language", p.lang)
	if p.token != "" {
		request.Header.Set("Authorization", "Bearer "+p.token)
	}
	for name, value := range header {
		request.Header.Set(name, value)
	}
	response, err := p.b.app.Test(request, -1)
	testworld.Must(p.t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	testworld.Must(p.t, err)
	return reply{p.t, response.StatusCode, response.Header, string(text)}
}

// upload hands a PDF in, and returns its ID.
func (p *program) upload() string {
	p.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "paper.pdf")
	testworld.Must(p.t, err)
	_, err = part.Write(sample.PDF("paper"))
	testworld.Must(p.t, err)
	testworld.Must(p.t, form.Close())
	r := p.send("POST", "/files", body.Bytes(), map[string]string{"Content-Type": form.FormDataContentType()})
	return r.want(http.StatusCreated).at("id").(string)
}

// want ends the test unless the status is that.
func (r reply) want(status int) reply {
	r.t.Helper()
	if r.status != status {
		r.t.Fatalf("status %d, want %d: %s", r.status, status, r.text)
	}
	return r
}

// json is the body, decoded.
func (r reply) json() (value object) {
	r.t.Helper()
	if err := json.Unmarshal([]byte(r.text), &value); err != nil {
		r.t.Fatalf("%v: %s", err, r.text)
	}
	return value
}

// at is the value at a path such as orders.0.code.
func (r reply) at(path string) any {
	r.t.Helper()
	var value any = r.json()
	for step := range strings.SplitSeq(path, ".") {
		switch v := value.(type) {
		case object:
			value = v[step]
		case []any:
			var i int
			fmt.Sscan(step, &i)
			if i >= len(v) {
				r.t.Fatalf("no %s in %s", path, r.text)
			}
			value = v[i]
		}
	}
	return value
}

// problem fails the test unless the reply is a problem of that status and
// key, and names the locations.
func (r reply) problem(status int, key string, locations ...string) {
	r.t.Helper()
	if r.status != status || r.header.Get("Content-Type") != "application/problem+json" {
		r.t.Errorf("status %d %s, want %d: %s", r.status, r.header.Get("Content-Type"), status, r.text)
		return
	}
	body := r.json()
	if key != "" && body["key"] != key || body["status"] != float64(status) || body["type"] != "about:blank" || body["detail"] == "" {
		r.t.Errorf("want %s: %s", key, r.text)
	}
	for _, location := range locations {
		if !strings.Contains(r.text, `"location":"`+location+`"`) {
			r.t.Errorf("does not name %s: %s", location, r.text)
		}
	}
}

// steam is what a customer answers who wants a Steam wallet topped up with 50 dollars.
func (p *program) steam() object { return p.answers("steam-wallet") }

// answers are the sample's, as a program sends them.
func (p *program) answers(slug string) object {
	p.t.Helper()
	service, err := p.b.House.Catalog.Service(p.t.Context(), slug)
	testworld.Must(p.t, err)
	values := sample.Answers(slug, p.b.Clock.Now())
	for name, value := range values {
		if value == sample.Upload {
			values[name] = p.upload()
		}
	}
	answers, err := service.Definition.Check(values, p.b.Clock.Now())
	testworld.Must(p.t, err)
	nested := service.Definition.Nested(answers.Open)
	for name, value := range answers.Sealed {
		nested[name] = value
	}
	return nested
}

// quote asks for the price of answers.
func (p *program) quote(slug string, answers object) string {
	p.t.Helper()
	return p.post("/quotes", object{"service": slug, "answers": answers}).want(http.StatusCreated).at("id").(string)
}

// request is an order of one line for somebody new.
func (p *program) request(quote string, answers object) object {
	who := p.b.Someone().Identity
	return object{
		"lines": []object{{"quote": quote, "answers": answers}},
		"customer": object{
			"name": who.Name, "national_code": who.NationalCode, "birth_date": who.BirthDate, "mobile": who.Mobile, "email": who.Email,
		},
	}
}

// order places a request under a key of its own.
func (p *program) order(request object) reply {
	p.t.Helper()
	return p.post("/orders", request, "Idempotency-Key", fmt.Sprintf("%s-%d-%d", strings.ReplaceAll(p.t.Name(), "/", "-"), p.client.ID, p.serial.Add(1)))
}

// placed places an order for Steam, and returns its code and where to pay.
func (p *program) placed() (code, address string) {
	p.t.Helper()
	answers := p.steam()
	r := p.order(p.request(p.quote("steam-wallet", answers), answers)).want(http.StatusCreated)
	return r.at("orders.0.code").(string), r.at("payment.url").(string)
}

func with(o object, pairs ...any) object {
	changed := maps.Clone(o)
	for i := 0; i+1 < len(pairs); i += 2 {
		changed[pairs[i].(string)] = pairs[i+1]
	}
	return changed
}

const quoteLife = 30 * time.Minute
