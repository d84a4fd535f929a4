package asanpardakht

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"

	"pishkhan/internal/jalali"
)

// timeLayout is how the gateway writes an instant, in Tehran's time.
const timeLayout = "20060102 150405"

// TokenRequest announces one attempt to pay.
type TokenRequest struct {
	Invoice     int64 // new for every attempt, greater than zero
	AmountRials int64
	CallbackURL string // absolute; names the attempt in its query
}

// Token announces an attempt and returns its RefID, the ticket to the pay
// page (see PayForm). An attempt whose outcome is Unknown is given up: the
// next one takes a new invoice number.
func (c *Client) Token(ctx context.Context, r TokenRequest) (refID string, err error) {
	answer, err := c.post(ctx, Token, struct {
		ServiceTypeID           int    `json:"serviceTypeId"`
		MerchantConfigurationID int64  `json:"merchantConfigurationId"`
		LocalInvoiceID          int64  `json:"localInvoiceId"`
		AmountInRials           int64  `json:"amountInRials"`
		LocalDate               string `json:"localDate"`
		CallbackURL             string `json:"callbackURL"`
		PaymentID               string `json:"paymentId"`
		AdditionalData          string `json:"additionalData"`
	}{
		ServiceTypeID:           c.config.ServiceTypeID,
		MerchantConfigurationID: c.config.MerchantConfigurationID,
		LocalInvoiceID:          r.Invoice,
		AmountInRials:           r.AmountRials,
		LocalDate:               c.config.Clock.Now().In(jalali.Tehran).Format(timeLayout),
		CallbackURL:             r.CallbackURL,
		PaymentID:               "0",
	})
	if err != nil {
		return "", err
	}
	return bareString(Token, answer)
}

// PayForm is the form that takes a browser to the pay page: posted, by itself
// or by a button, to URL.
type PayForm struct {
	URL    string
	Fields map[string]string
}

// PayForm returns the form for the attempt of refID. The payer's mobile
// (09xxxxxxxxx) may be empty; with it, the page offers the payer's saved cards.
func (c *Client) PayForm(refID, mobile string) PayForm {
	fields := map[string]string{"RefId": refID}
	if mobile != "" {
		fields["mobileap"] = mobile
	}
	return PayForm{URL: c.config.PayPage, Fields: fields}
}

// bareString reads an answer that is one JSON string and nothing else.
func bareString(endpoint Endpoint, answer []byte) (string, error) {
	var s string
	if err := json.Unmarshal(bytes.TrimSpace(answer), &s); err != nil {
		return "", unreadable(endpoint, errors.New("not a JSON string"))
	}
	if s == "" {
		return "", unreadable(endpoint, errors.New("empty"))
	}
	return s, nil
}
