package webhooks_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/clients"
	"pishkhan/internal/db/dbtest"
	"pishkhan/internal/orders"
	"pishkhan/internal/seal"
	"pishkhan/internal/testworld"
	"pishkhan/internal/webhooks"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// receiver is a client's server on this machine.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	got    []call
	status int
	answer string
	then   func() // done once, before the next answer
}

type call struct {
	header http.Header
	body   string
}

func receive(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{status: http.StatusNoContent}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		body, _ := io.ReadAll(request.Body)
		r.mu.Lock()
		then := r.then
		r.then = nil
		r.mu.Unlock()
		if then != nil {
			then()
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.got = append(r.got, call{request.Header, string(body)})
		w.Header().Set("Location", r.URL+"/elsewhere")
		w.WriteHeader(r.status)
		io.WriteString(w, r.answer)
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) calls() []call {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.got
}

func (r *receiver) answers(status int, words string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.status, r.answer = status, words
}

// during does something while the next try is under way.
func (r *receiver) during(do func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.then = do
}

// scene is a client with an endpoint, and an order of its own.
type scene struct {
	*testworld.World
	client clients.Client
	secret seal.Secret
	order  orders.Order
}

func setup(t *testing.T, address string) scene {
	t.Helper()
	w := testworld.New(t)
	client, err := w.House.Clients.Create(t.Context(), audit.Machine, clients.Form{Name: "Shop"})
	testworld.Must(t, err)
	s := scene{World: w, client: client}
	if address != "" {
		s.secret, err = w.House.Webhooks.Set(t.Context(), w.Admin, client.ID, address)
		testworld.Must(t, err)
	}
	s.order = w.Placed(t).Orders[0]
	_, err = w.House.Pool.Exec(t.Context(), `UPDATE orders SET client_id = $1 WHERE id = $2`, client.ID, s.order.ID)
	testworld.Must(t, err)
	s.order = w.Order(t, s.order)
	return s
}

// cancel ends the order, which makes an event, and returns it.
func (s scene) cancel(t *testing.T) webhooks.Event {
	t.Helper()
	testworld.Must(t, s.House.Checkout.Cancel(t.Context(), s.Operator, s.order, "changed my mind"))
	return s.event(t)
}

// event is the client's newest event.
func (s scene) event(t *testing.T) webhooks.Event {
	t.Helper()
	events, err := s.House.Webhooks.Events(t.Context(), s.client.ID)
	testworld.Must(t, err)
	if len(events) == 0 {
		t.Fatal("no event")
	}
	return events[0]
}

// deliver makes the try that is due.
func (s scene) deliver(t *testing.T, e webhooks.Event) webhooks.Event {
	t.Helper()
	_, err := s.House.Webhooks.Deliver(t.Context(), e.ID)
	testworld.Must(t, err)
	return s.event(t)
}

func (s scene) inTx(t *testing.T, fn func(tx pgx.Tx) error) error {
	t.Helper()
	tx, err := s.House.Pool.Begin(t.Context())
	testworld.Must(t, err)
	defer tx.Rollback(t.Context())
	return fn(tx)
}
