package sandbox

import (
	"net/http"
	"time"
)

// State is where a transaction stands at the gateway.
type State string

// The states: token → paid | cancelled | failed; paid → verified → settled;
// paid → reversed; verified → verify_cancelled → reversed.
const (
	Tokened         State = "token"
	Paid            State = "paid"
	Cancelled       State = "cancelled"
	Failed          State = "failed"
	Verified        State = "verified"
	VerifyCancelled State = "verify_cancelled"
	Settled         State = "settled"
	Reversed        State = "reversed"
)

// Transaction is one announced attempt to pay, and what became of it.
type Transaction struct {
	RefID       string    `json:"refID"`
	Invoice     uint64    `json:"invoice"` // the merchant's number
	AmountRials int64     `json:"amountRials"`
	CallbackURL string    `json:"callbackURL"`
	State       State     `json:"state"`
	Since       time.Time `json:"since"`            // when it came into this state
	TranID      int64     `json:"tranID,omitempty"` // the gateway's number, once it was paid or failed
	RRN         string    `json:"rrn,omitempty"`
	Card        string    `json:"card,omitempty"`
	PaidAt      time.Time `json:"paidAt,omitzero"`
}

// Transactions returns copies of all transactions, in the order of their tokens.
func (s *Server) Transactions() []Transaction {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]Transaction, len(s.transactions))
	for i, t := range s.transactions {
		s.lapse(t)
		all[i] = *t
	}
	return all
}

func (s *Server) listTransactions(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, s.Transactions())
}

// find returns the transaction that is fits, or nil. The lock is held.
func (s *Server) find(fits func(*Transaction) bool) *Transaction {
	for _, t := range s.transactions {
		if fits(t) {
			s.lapse(t)
			return t
		}
	}
	return nil
}

// lapse gives back what was paid and not verified in time. It needs no
// writing down: it follows from the clock again after a restart.
func (s *Server) lapse(t *Transaction) {
	if t.State != Paid {
		return
	}
	end := t.PaidAt.Add(s.options.VerifyWithin)
	if s.options.Clock.Now().After(end) {
		t.State, t.Since = Reversed, end
	}
}
