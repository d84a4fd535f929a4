package sandbox

import (
	"encoding/json"
	"net/http"
)

// allowed are the legal steps: from which state, into which.
var allowed = map[string]map[State]State{
	verify:     {Paid: Verified},
	settlement: {Verified: Settled},
	reverse:    {Paid: Reversed, VerifyCancelled: Reversed},
	cancel:     {Verified: VerifyCancelled},
}

// refusals answer the illegal ones: {at first, once listed}. What was asked
// for is listed ListAfter later.
var refusals = map[string]map[State][2]int{
	verify: {
		Failed: {471, 471}, Verified: {472, 472}, VerifyCancelled: {478, 478},
		Settled: {473, 475}, Reversed: {474, 476},
	},
	settlement: {
		Failed: {471, 471}, Paid: {472, 472}, VerifyCancelled: {478, 478},
		Reversed: {473, 475}, Settled: {474, 476},
	},
	reverse: {
		Failed: {471, 471}, Verified: {472, 472},
		Reversed: {473, 475}, Settled: {474, 476},
	},
	cancel: {
		Failed: {803, 803}, Paid: {804, 804}, VerifyCancelled: {813, 813},
		Settled: {805, 807}, Reversed: {806, 808},
	},
}

// The codes that do not depend on a state.
var (
	strangers = map[string]int{verify: 477, settlement: 477, reverse: 477, cancel: 810} // another merchant
	nowhere   = map[string]int{verify: 471, settlement: 471, reverse: 471, cancel: 812} // no such transaction
	internal  = map[string]int{verify: 573, settlement: 573, reverse: 573, cancel: 809} // could not be written down
)

const tooLateToCancel = 814

// step returns the handler of Verify, Settlement, Reverse or Cancel.
func (s *Server) step(call string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !s.signedIn(r) {
			refuse(w, http.StatusUnauthorized)
			return
		}
		var request struct {
			MerchantConfigurationID json.RawMessage `json:"merchantConfigurationId"`
			PayGateTranID           json.RawMessage `json:"payGateTranId"`
		}
		id, ok := uint64(0), readJSON(r, &request)
		if ok {
			id, ok = number(request.PayGateTranID)
		}
		if !ok {
			refuse(w, http.StatusBadRequest)
			return
		}
		if !s.isMerchant(request.MerchantConfigurationID) {
			refuse(w, strangers[call])
			return
		}
		byID := func(t *Transaction) bool { return t.TranID != 0 && uint64(t.TranID) == id }
		s.answer(w, r, s.invoiceOf(byID), call, func() reply {
			t := s.find(byID)
			if t == nil {
				return reply{code: nowhere[call]}
			}
			return reply{code: s.move(t, call)}
		})
	}
}

// move takes a legal step, or returns the code that refuses it.
func (s *Server) move(t *Transaction, call string) int {
	now := s.options.Clock.Now()
	next, ok := allowed[call][t.State]
	if !ok {
		codes := refusals[call][t.State]
		if now.Before(t.Since.Add(s.options.ListAfter)) {
			return codes[0]
		}
		return codes[1]
	}
	if call == cancel && now.After(t.Since.Add(s.options.CancelWithin)) {
		return tooLateToCancel
	}
	if err := s.change(t, func(t *Transaction) { t.State, t.Since = next, now }); err != nil {
		return internal[call]
	}
	return http.StatusOK
}

// invoiceOf returns the invoice of the transaction that fits, 0 without one:
// injections go by invoice.
func (s *Server) invoiceOf(fits func(*Transaction) bool) uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t := s.find(fits); t != nil {
		return t.Invoice
	}
	return 0
}
