package sandbox

import (
	"crypto/rand"
	"encoding/json"
	"math/big"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

type tokenRequest struct {
	ServiceTypeID           json.RawMessage `json:"serviceTypeId"`
	MerchantConfigurationID json.RawMessage `json:"merchantConfigurationId"`
	LocalInvoiceID          json.RawMessage `json:"localInvoiceId"`
	AmountInRials           json.RawMessage `json:"amountInRials"`
	LocalDate               string          `json:"localDate"`
	CallbackURL             string          `json:"callbackURL"`
	SettlementPortions      []portion       `json:"settlementPortions"`
}

// portion is the part of an amount that goes to one account.
type portion struct {
	IBAN          string          `json:"iban"`
	AmountInRials json.RawMessage `json:"amountInRials"`
}

func (s *Server) token(w http.ResponseWriter, r *http.Request) {
	if !hasHeaders(r) {
		refuse(w, http.StatusUnauthorized)
		return
	}
	var request tokenRequest
	if !readJSON(r, &request) {
		refuse(w, http.StatusBadRequest)
		return
	}
	if !s.signedIn(r) {
		refuse(w, 473)
		return
	}
	invoice, _ := number(request.LocalInvoiceID)
	s.answer(w, r, invoice, tokenCall, func() reply {
		if code := s.fault(request); code != 0 {
			return reply{code: code}
		}
		amount, _ := number(request.AmountInRials)
		t := &Transaction{
			RefID:       rand.Text(),
			Invoice:     invoice,
			AmountRials: int64(amount),
			CallbackURL: request.CallbackURL,
			State:       Tokened,
			Since:       s.options.Clock.Now(),
		}
		if err := s.add(t); err != nil {
			return reply{code: 484}
		}
		return reply{body: t.RefID}
	})
}

// fault returns the code of what is wrong with a request, 0 when nothing is.
func (s *Server) fault(r tokenRequest) int {
	invoice, invoiceOK := number(r.LocalInvoiceID)
	amount, amountOK := number(r.AmountInRials)
	switch {
	case !s.isMerchant(r.MerchantConfigurationID):
		return 471
	case !invoiceOK || invoice == 0:
		return 475
	case !amountOK:
		return 476
	case dateFault(r.LocalDate) != 0:
		return dateFault(r.LocalDate)
	case !equals(r.ServiceTypeID, uint64(s.options.ServiceTypeID)):
		return 479
	case amount < uint64(s.options.MinRials) || amount > uint64(s.options.MaxRials):
		return 486
	case portionFault(r.SettlementPortions, amount) != 0:
		return portionFault(r.SettlementPortions, amount)
	case !isCallback(r.CallbackURL):
		return 488
	case s.find(func(t *Transaction) bool { return t.Invoice == invoice }) != nil:
		return 489
	}
	return 0
}

var datePattern = regexp.MustCompile(`^[0-9]{8} [0-9]{6}$`)

// dateFault tells the wrong length from the wrong form from no such day.
func dateFault(s string) int {
	if len(s) != len(timeLayout) {
		return 477
	}
	if !datePattern.MatchString(s) {
		return 478
	}
	if _, err := time.Parse(timeLayout, s); err != nil {
		return 485
	}
	return 0
}

func portionFault(portions []portion, amount uint64) int {
	if len(portions) == 0 {
		return 0
	}
	sum := new(big.Int)
	for _, p := range portions {
		part, ok := number(p.AmountInRials)
		if !ok {
			return 482
		}
		sum.Add(sum, new(big.Int).SetUint64(part))
	}
	if sum.Cmp(new(big.Int).SetUint64(amount)) != 0 {
		return 482
	}
	for _, p := range portions {
		if !isIBAN(p.IBAN) {
			return 483
		}
	}
	return 0
}

var ibanPattern = regexp.MustCompile(`^IR[0-9]{24}$`)

// isIBAN checks form and check digits (ISO 13616): IR is 1827 in them.
func isIBAN(s string) bool {
	if !ibanPattern.MatchString(s) {
		return false
	}
	n, _ := new(big.Int).SetString(s[4:]+"1827"+s[2:4], 10)
	return n.Mod(n, big.NewInt(97)).Int64() == 1
}

func isCallback(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

func (s *Server) isMerchant(id json.RawMessage) bool {
	return equals(id, uint64(s.options.MerchantConfigurationID))
}

func equals(token json.RawMessage, want uint64) bool {
	n, ok := number(token)
	return ok && n == want
}

// number reads an unsigned integer; a quoted one counts as numeric.
func number(token json.RawMessage) (uint64, bool) {
	s := string(token)
	if len(s) > 1 && strings.HasPrefix(s, `"`) {
		s = s[1 : len(s)-1]
	}
	n, err := strconv.ParseUint(s, 10, 63)
	return n, err == nil
}
