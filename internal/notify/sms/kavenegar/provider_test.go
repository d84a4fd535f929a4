package kavenegar_test

import (
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"pishkhan/internal/notify/sms/kavenegar"
)

const apiKey = "6F746B2D73656372657421"

// provider is Kavenegar as its documents describe it, in small: it accepts
// messages, knows them by local id, and makes no second one for the same id.
type provider struct {
	mu       sync.Mutex
	byLocal  map[string]int64
	requests []url.Values
	paths    []string
	answer   http.HandlerFunc // when set, answers a request that the provider has acted on
}

// newProvider returns a provider and a client of it.
func newProvider(t *testing.T) (*provider, *kavenegar.Client) {
	t.Helper()
	p := &provider{byLocal: map[string]int64{}}
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	return p, kavenegar.New(kavenegar.Config{
		BaseURL: server.URL, APIKey: apiKey, Sender: "10004346", Timeout: 5 * time.Second,
	})
}

func (p *provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	_ = r.ParseForm()
	p.paths = append(p.paths, r.Method+" "+r.URL.Path)
	p.requests = append(p.requests, r.PostForm)
	entry := map[string]any{"messageid": 0, "status": 100, "localid": r.PostForm.Get("localid")}
	local := r.PostForm.Get("localid")
	switch r.URL.Path {
	case "/v1/" + apiKey + "/sms/send.json":
		if p.byLocal[local] == 0 {
			p.byLocal[local] = 8792343 + int64(len(p.byLocal))
		}
		entry = map[string]any{
			"messageid": p.byLocal[local], "message": r.PostForm.Get("message"), "status": 1, "statustext": "در صف ارسال",
			"sender": r.PostForm.Get("sender"), "receptor": r.PostForm.Get("receptor"), "date": 1356619709, "cost": 120,
		}
	case "/v1/" + apiKey + "/sms/statuslocalmessageid.json":
		if id := p.byLocal[local]; id != 0 {
			entry = map[string]any{"messageid": id, "localid": local, "status": 10, "statustext": "رسیده به گیرنده"}
		}
	}
	if p.answer != nil {
		p.answer(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(map[string]any{
		"return": map[string]any{"status": 200, "message": "تایید شد"}, "entries": []any{entry},
	})
}

// answers makes the provider answer by f; by itself again when f is nil.
func (p *provider) answers(f http.HandlerFunc) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answer = f
}

// asked counts the requests for one of the provider's methods.
func (p *provider) asked(method string) (n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, path := range p.paths {
		if strings.HasSuffix(path, "/"+method+".json") {
			n++
		}
	}
	return n
}

// says makes the provider answer with status and body, whatever it is asked.
func (p *provider) says(status int, body string) {
	p.answers(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	})
}

// reset drops the connection as a crashed server does.
func reset(w http.ResponseWriter, _ *http.Request) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		panic(err)
	}
	_ = conn.(*net.TCPConn).SetLinger(0)
	_ = conn.Close()
}
