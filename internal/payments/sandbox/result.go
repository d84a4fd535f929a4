package sandbox

import (
	"encoding/json"
	"net/http"
	"strconv"

	"pishkhan/internal/jalali"
)

func (s *Server) tranResult(w http.ResponseWriter, r *http.Request) {
	if !s.signedIn(r) {
		refuse(w, http.StatusUnauthorized)
		return
	}
	query := r.URL.Query()
	if query.Get("merchantConfigurationId") != strconv.FormatInt(s.options.MerchantConfigurationID, 10) {
		refuse(w, 471)
		return
	}
	invoice, err := strconv.ParseUint(query.Get("localInvoiceId"), 10, 64)
	if err != nil {
		refuse(w, http.StatusBadRequest)
		return
	}
	s.answer(w, r, invoice, resultCall, func() reply {
		t := s.find(func(t *Transaction) bool { return t.Invoice == invoice })
		if t == nil || t.PaidAt.IsZero() {
			return reply{code: 472}
		}
		return reply{body: s.describe(*t)}
	})
}

// describe is the gateway's account of a payment. It says nothing of later
// steps: a payment that was given back is still described.
func (s *Server) describe(t Transaction) map[string]any {
	amount := t.AmountRials
	if wrong := s.takeLocked(WrongAmount, t.Invoice, resultCall); wrong != nil {
		amount += wrong.OffRials
	}
	number := func(n int64) any { return strconv.FormatInt(n, 10) }
	if s.takeLocked(Unquoted, t.Invoice, resultCall) != nil {
		number = func(n int64) any { return n }
	}
	return map[string]any{
		"cardNumber":           t.Card,
		"rrn":                  t.RRN,
		"refID":                t.RefID,
		"amount":               number(amount),
		"payGateTranID":        number(t.TranID),
		"salesOrderID":         number(int64(t.Invoice)),
		"serviceTypeId":        s.options.ServiceTypeID,
		"payGateTranDate":      t.PaidAt.In(jalali.Tehran).Format("2006-01-02T15:04:05.00"),
		"payGateTranDateEpoch": json.RawMessage(strconv.FormatInt(t.PaidAt.Unix(), 10) + ".0"),
	}
}
