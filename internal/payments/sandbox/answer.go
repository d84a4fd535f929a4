package sandbox

import (
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"time"

	"pishkhan/internal/jalali"
)

// The calls, as injections name them.
const (
	timeCall   = "Time"
	tokenCall  = "Token"
	resultCall = "TranResult"
	verify     = "Verify"
	settlement = "Settlement"
	reverse    = "Reverse"
	cancel     = "Cancel"
)

// timeLayout is how an instant is written, in Tehran's time.
const timeLayout = "20060102 150405"

func (s *Server) time(w http.ResponseWriter, r *http.Request) {
	if !s.signedIn(r) {
		refuse(w, http.StatusUnauthorized)
		return
	}
	s.answer(w, r, 0, timeCall, func() reply {
		return reply{body: s.options.Clock.Now().In(jalali.Tehran).Format(timeLayout)}
	})
}

// reply is a status and what goes with it; 200 when there is no code.
type reply struct {
	code int
	body any
}

// answer carries out a call and answers it, with whatever has been injected
// for the invoice: the call may be late, be refused undone, or be done and
// answered as if it were not.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, invoice uint64, call string, act func() reply) {
	slow := s.take(Slow, invoice, call)
	instead := s.take(Answer, invoice, call)
	var a reply
	if instead == nil || instead.Done {
		s.mu.Lock()
		a = act()
		s.mu.Unlock()
	}
	if instead != nil {
		a = reply{code: instead.Code}
	}
	if slow != nil {
		wait(r, time.Duration(slow.DelayMS)*time.Millisecond)
	}
	switch {
	case a.code != 0 && a.code != http.StatusOK:
		refuse(w, a.code)
	case a.body != nil:
		writeJSON(w, http.StatusOK, a.body)
	default:
		w.WriteHeader(http.StatusOK)
	}
}

// refuse answers with a code. The body differs from code to code, as the
// gateway's do: nothing but the status is to be trusted.
func refuse(w http.ResponseWriter, code int) {
	message := fmt.Sprintf("refused with %d", code)
	switch code % 3 {
	case 0:
		writeJSON(w, code, map[string]any{"error": map[string]any{"code": code, "message": message}})
	case 1:
		writeJSON(w, code, map[string]any{"message": message, "status": code})
	default:
		w.WriteHeader(code)
	}
}

func writeJSON(w http.ResponseWriter, code int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(body)
}

// isJSON reports whether the request says that its body is JSON.
func isJSON(r *http.Request) bool {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && kind == "application/json"
}

// readJSON reads the body into v.
func readJSON(r *http.Request, v any) bool {
	return isJSON(r) && json.NewDecoder(r.Body).Decode(v) == nil
}

// hasHeaders and signedIn tell a caller without user and password from one
// with wrong ones.
func hasHeaders(r *http.Request) bool {
	return r.Header.Get("usr") != "" && r.Header.Get("pwd") != ""
}

func (s *Server) signedIn(r *http.Request) bool {
	return hasHeaders(r) && r.Header.Get("usr") == s.options.User && r.Header.Get("pwd") == s.options.Password
}

func wait(r *http.Request, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.Context().Done():
	}
}
