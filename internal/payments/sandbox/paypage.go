package sandbox

import (
	"bytes"
	"crypto/rand"
	_ "embed"
	"fmt"
	"html/template"
	"math/big"
	"net/http"
)

//go:embed paypage.html
var payPageHTML string

//go:embed paypage.css
var payPageCSS string

var payPageTemplate = template.Must(template.New("pay").Parse(payPageHTML))

// outcomes are the three buttons.
var outcomes = map[string]State{"pay": Paid, "cancel": Cancelled, "fail": Failed}

// page is what the payer sees: a choice while the transaction is a token, its
// outcome and the way back afterwards, or nothing but a word about a RefId
// that nobody has.
type page struct {
	Transaction
	Merchant, Mobile string
	Unknown          bool // no such RefId
	Lost             bool // the way back is withheld
	GoBack           bool // the form goes back by itself
	CSS              template.CSS
	Nonce            string
}

// payPage shows a transaction by its RefId and, with an outcome, decides it.
// A decided one stays as it is, however often it is posted.
func (s *Server) payPage(w http.ResponseWriter, r *http.Request) {
	p := page{Merchant: s.options.MerchantName, Mobile: r.FormValue("mobileap")}
	refID := r.FormValue("RefId")
	outcome, chosen := outcomes[r.PostFormValue("outcome")]

	s.mu.Lock()
	t := s.find(func(t *Transaction) bool { return t.RefID == refID })
	if t == nil {
		s.mu.Unlock()
		p.Unknown = true
		render(w, http.StatusNotFound, p)
		return
	}
	var err error
	if chosen && t.State == Tokened {
		err = s.decide(t, outcome)
		p.GoBack = err == nil
	}
	p.Transaction = *t
	s.mu.Unlock()

	if err != nil {
		http.Error(w, "not written down, so not done: try again", http.StatusInternalServerError)
		return
	}
	if p.GoBack && s.take(LostCallback, p.Invoice, "") != nil {
		p.Lost, p.GoBack = true, false
	}
	if p.GoBack && s.take(DoubleCallback, p.Invoice, "") != nil {
		s.callBack(r.Context(), p.Transaction)
	}
	render(w, http.StatusOK, p)
}

// decide writes down what the payer chose. The lock is held.
func (s *Server) decide(t *Transaction, outcome State) error {
	now := s.options.Clock.Now()
	return s.change(t, func(t *Transaction) {
		t.State, t.Since = outcome, now
		if outcome == Cancelled {
			return
		}
		t.TranID = s.nextTranID()
		if outcome == Paid {
			t.PaidAt = now
			t.RRN = fmt.Sprintf("%012d", 55_340_000_000+t.TranID%1_000_000_000)
			t.Card = fmt.Sprintf("502229xxxx%04d", random(10_000))
		}
	})
}

// nextTranID counts on from the highest one, so that a restart does not
// begin again.
func (s *Server) nextTranID() int64 {
	last := int64(1_938_000_000)
	for _, t := range s.transactions {
		last = max(last, t.TranID)
	}
	return last + 1
}

// TranIDField is the callback's field; it is missing unless the payer paid.
func (p page) TranIDField() int64 {
	if p.PaidAt.IsZero() {
		return 0
	}
	return p.TranID
}

// Toman is the amount in the unit that people count in, in Persian digits.
func (p page) Toman() string { return persian(p.AmountRials / 10) }

// Rials is the amount in the unit of the API, in Persian digits.
func (p page) Rials() string { return persian(p.AmountRials) }

// LatinRials is the same for who reads no Persian.
func (p page) LatinRials() string { return grouped(p.AmountRials, '0', ',') }

// Open reports whether the payer still has the choice.
func (p page) Open() bool { return !p.Unknown && p.State == Tokened }

func render(w http.ResponseWriter, code int, p page) {
	p.CSS, p.Nonce = template.CSS(payPageCSS), rand.Text()
	var b bytes.Buffer
	if err := payPageTemplate.Execute(&b, p); err != nil {
		http.Error(w, "the page could not be drawn", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", fmt.Sprintf(
		"default-src 'none'; img-src data:; style-src 'nonce-%[1]s'; script-src 'nonce-%[1]s'; base-uri 'none'; frame-ancestors 'none'", p.Nonce))
	h.Set("Referrer-Policy", "no-referrer")
	w.WriteHeader(code)
	_, _ = w.Write(b.Bytes())
}

// persian writes n as people here do.
func persian(n int64) string { return grouped(n, '۰', '٬') }

// grouped writes a positive n in the digits that begin with zero, its
// thousands apart.
func grouped(n int64, zero, mark rune) string {
	var out []rune
	latin := fmt.Sprint(n)
	for i, d := range latin {
		if i > 0 && (len(latin)-i)%3 == 0 {
			out = append(out, mark)
		}
		out = append(out, d-'0'+zero)
	}
	return string(out)
}

func random(below int64) int64 {
	n, err := rand.Int(rand.Reader, big.NewInt(below))
	if err != nil {
		return 0 // crypto/rand does not fail
	}
	return n.Int64()
}
