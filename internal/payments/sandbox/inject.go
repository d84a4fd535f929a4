package sandbox

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
)

// Effect is one way in which a gateway goes wrong.
type Effect string

// The effects, and the fields of Injection that each uses.
const (
	Slow           Effect = "slow"            // Endpoint, DelayMS: the call is done, its answer comes late
	Answer         Effect = "answer"          // Endpoint, Code, Done: the call is answered with Code
	WrongAmount    Effect = "wrong_amount"    // OffRials: TranResult tells another amount
	Unquoted       Effect = "unquoted"        // TranResult writes its numbers without quotes
	LostCallback   Effect = "lost_callback"   // the payer's browser is not sent back
	DoubleCallback Effect = "double_callback" // the callback comes twice: from the gateway, then from the browser
)

// Injection makes the gateway misbehave. "571, then success" is
// {Effect: Answer, Endpoint: "TranResult", Code: 571, Times: 1}.
type Injection struct {
	Effect   Effect `json:"effect"`
	Invoice  uint64 `json:"invoice,omitempty"`  // 0: every invoice
	Endpoint string `json:"endpoint,omitempty"` // Time, Token, TranResult, Verify, Settlement, Reverse, Cancel; empty: each of them
	Times    int    `json:"times,omitempty"`    // how many calls it touches; 0: all, until it is cleared
	DelayMS  int64  `json:"delayMs,omitempty"`
	Code     int    `json:"code,omitempty"` // 200 to 999
	Done     bool   `json:"done,omitempty"` // carried out all the same
	OffRials int64  `json:"offRials,omitempty"`
}

// Inject adds a misbehaviour to those in force; where two of one effect fit a
// call, the older one is used up first. It refuses one that makes no sense.
func (s *Server) Inject(i Injection) error {
	if err := i.check(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.injections = append(s.injections, &i)
	return nil
}

// ClearInjections ends all misbehaviour; a restart does too.
func (s *Server) ClearInjections() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.injections = nil
}

func (i Injection) check() error {
	calls := []string{"", timeCall, tokenCall, resultCall, verify, settlement, reverse, cancel}
	switch {
	case !slices.Contains([]Effect{Slow, Answer, WrongAmount, Unquoted, LostCallback, DoubleCallback}, i.Effect):
		return fmt.Errorf("unknown effect %q", i.Effect)
	case !slices.Contains(calls, i.Endpoint):
		return fmt.Errorf("unknown endpoint %q", i.Endpoint)
	case i.Effect == Answer && (i.Code < 200 || i.Code > 999):
		return fmt.Errorf("code %d: from 200 to 999", i.Code)
	case i.Effect == Slow && i.DelayMS <= 0:
		return errors.New("slow needs a delay in milliseconds")
	case i.Effect == WrongAmount && i.OffRials == 0:
		return errors.New("a wrong amount needs to be off by some rials")
	case i.Times < 0 || i.DelayMS < 0:
		return errors.New("times and delayMs are not negative")
	}
	return nil
}

// take returns the injection of this effect that fits the call, or nil, and
// counts that it was used.
func (s *Server) take(effect Effect, invoice uint64, call string) *Injection {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.takeLocked(effect, invoice, call)
}

func (s *Server) takeLocked(effect Effect, invoice uint64, call string) *Injection {
	for at, i := range s.injections {
		fits := i.Effect == effect && (i.Invoice == 0 || i.Invoice == invoice) && (i.Endpoint == "" || i.Endpoint == call)
		if !fits {
			continue
		}
		if i.Times == 1 {
			s.injections = slices.Delete(s.injections, at, at+1)
		} else if i.Times > 1 {
			i.Times--
		}
		return i
	}
	return nil
}

func (s *Server) addInjection(w http.ResponseWriter, r *http.Request) {
	var i Injection
	if !readJSON(r, &i) {
		http.Error(w, "an injection as application/json, please", http.StatusBadRequest)
		return
	}
	if err := s.Inject(i); err != nil {
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (s *Server) listInjections(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	inForce := make([]Injection, len(s.injections))
	for n, i := range s.injections {
		inForce[n] = *i
	}
	s.mu.Unlock()
	writeJSON(w, http.StatusOK, inForce)
}

// clearInjections ends all misbehaviour, or with ?invoice= that of one invoice.
func (s *Server) clearInjections(w http.ResponseWriter, r *http.Request) {
	only := r.URL.Query().Get("invoice")
	s.mu.Lock()
	s.injections = slices.DeleteFunc(s.injections, func(i *Injection) bool {
		return only == "" || only == strconv.FormatUint(i.Invoice, 10)
	})
	s.mu.Unlock()
	w.WriteHeader(http.StatusNoContent)
}
