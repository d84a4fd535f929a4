// Package sandbox is a stand-in for Asan Pardakht's payment gateway (REST v1
// and its pay page), for development, demonstrations and tests. No real money
// moves. It is built from the gateway's documents and shares no code with the
// client that speaks to it, so that one mistake is not made on both sides.
// It is meant for loopback: whoever reaches it can pay.
package sandbox

import (
	"net/http"
	"sync"
	"time"

	"pishkhan/internal/clock"
)

// Options is the one merchant that the sandbox serves, and the gateway's
// rules. Durations and bounds that are zero take the value named beside them.
type Options struct {
	User, Password          string // the usr and pwd headers that are accepted
	MerchantConfigurationID int64
	MerchantName            string // shown to the payer
	ServiceTypeID           int    // 1

	MinRials int64 // of one payment: 1,000
	MaxRials int64 // of one payment: 10,000,000,000

	VerifyWithin time.Duration // of the payment, else it is given back: 30 minutes
	CancelWithin time.Duration // of the verification: 15 minutes
	ListAfter    time.Duration // from asking for a settlement or reversal to being listed for it: 1 hour

	Clock     clock.Clock // the system's
	StateFile string      // where transactions outlive a restart; nowhere when empty
}

// Server is the gateway. It is safe for use by several goroutines.
type Server struct {
	options Options
	routes  http.Handler

	mu           sync.Mutex
	transactions []*Transaction // in the order of their tokens
	injections   []*Injection
}

// New returns a gateway with the transactions of the state file, if there is
// one. It fails when that file cannot be read.
func New(options Options) (*Server, error) {
	s := &Server{options: options.withDefaults()}
	if err := s.load(); err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/Time", s.time)
	mux.HandleFunc("POST /v1/Token", s.token)
	mux.HandleFunc("GET /v1/TranResult", s.tranResult)
	for _, step := range []string{verify, settlement, reverse, cancel} {
		mux.HandleFunc("POST /v1/"+step, s.step(step))
	}
	for _, page := range []string{"/{$}", "/pay"} {
		mux.HandleFunc("GET "+page, s.payPage)
		mux.HandleFunc("POST "+page, s.payPage)
	}
	mux.HandleFunc("GET /sandbox/inject", s.listInjections)
	mux.HandleFunc("POST /sandbox/inject", s.addInjection)
	mux.HandleFunc("DELETE /sandbox/inject", s.clearInjections)
	mux.HandleFunc("GET /sandbox/transactions", s.listTransactions)
	s.routes = mux
	return s, nil
}

// maxBody bounds what is read of a request, in bytes.
const maxBody = 64 << 10

// ServeHTTP serves the API, the pay page and the sandbox's own controls.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	s.routes.ServeHTTP(w, r)
}

func (o Options) withDefaults() Options {
	if o.ServiceTypeID == 0 {
		o.ServiceTypeID = 1
	}
	if o.MinRials == 0 {
		o.MinRials = 1_000
	}
	if o.MaxRials == 0 {
		o.MaxRials = 10_000_000_000
	}
	if o.VerifyWithin == 0 {
		o.VerifyWithin = 30 * time.Minute
	}
	if o.CancelWithin == 0 {
		o.CancelWithin = 15 * time.Minute
	}
	if o.ListAfter == 0 {
		o.ListAfter = time.Hour
	}
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	return o
}
