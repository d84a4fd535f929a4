package asanpardakht

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"pishkhan/internal/jalali"
)

// TranResult is the gateway's account of a paid invoice. That there is one
// says that somebody paid something: Matches says whether it is what was asked.
type TranResult struct {
	TranID      int64 // the gateway's number: what Verify and its kin take
	Invoice     int64 // our number, as the gateway has it (salesOrderID)
	AmountRials int64
	RRN         string    // the bank network's reference, for people to quote
	Card        string    // masked
	RefID       string    // what Token answered
	PaidAt      time.Time // zero when the gateway does not say
}

// TranResult asks what became of an invoice. NotPaid is the answer for one
// that was never paid, and for one that the payer cancelled.
func (c *Client) TranResult(ctx context.Context, invoice int64) (TranResult, error) {
	answer, err := c.get(ctx, TransactionResult, url.Values{
		"merchantConfigurationId": {strconv.FormatInt(c.config.MerchantConfigurationID, 10)},
		"localInvoiceId":          {strconv.FormatInt(invoice, 10)},
	})
	if err != nil {
		return TranResult{}, err
	}
	var raw rawTranResult
	if err := json.Unmarshal(answer, &raw); err != nil {
		return TranResult{}, unreadable(TransactionResult, err)
	}
	if raw.PayGateTranID <= 0 || raw.SalesOrderID <= 0 || raw.Amount <= 0 {
		return TranResult{}, unreadable(TransactionResult, errors.New("no transaction, invoice or amount in it"))
	}
	return TranResult{
		TranID:      int64(raw.PayGateTranID),
		Invoice:     int64(raw.SalesOrderID),
		AmountRials: int64(raw.Amount),
		RRN:         string(raw.RRN),
		Card:        string(raw.CardNumber),
		RefID:       string(raw.RefID),
		PaidAt:      raw.paidAt(),
	}, nil
}

// Matches returns nil when the transaction pays this invoice, and exactly
// this amount; else a *MismatchError. Nothing is paid before it has been asked.
func (t TranResult) Matches(invoice, amountRials int64) error {
	if t.Invoice != invoice || t.AmountRials != amountRials {
		return &MismatchError{Got: t, Invoice: invoice, AmountRials: amountRials}
	}
	return nil
}

// MismatchError says that money came for another invoice, or another amount
// of it. It is never "paid": it goes to quarantine, with an alert.
type MismatchError struct {
	Got         TranResult
	Invoice     int64 // what was asked for
	AmountRials int64
}

// Error names both sides.
func (e *MismatchError) Error() string {
	return fmt.Sprintf("asan pardakht: transaction %d pays %d rials for invoice %d, not %d rials for invoice %d",
		e.Got.TranID, e.Got.AmountRials, e.Got.Invoice, e.AmountRials, e.Invoice)
}

type rawTranResult struct {
	CardNumber           text    `json:"cardNumber"`
	RRN                  text    `json:"rrn"`
	RefID                text    `json:"refID"`
	Amount               integer `json:"amount"`
	PayGateTranID        integer `json:"payGateTranID"`
	SalesOrderID         integer `json:"salesOrderID"`
	PayGateTranDate      text    `json:"payGateTranDate"`
	PayGateTranDateEpoch seconds `json:"payGateTranDateEpoch"`
}

// paidAt prefers the epoch: the date is Tehran's, but does not say so.
func (r rawTranResult) paidAt() time.Time {
	if r.PayGateTranDateEpoch > 0 {
		return time.Unix(int64(r.PayGateTranDateEpoch), 0)
	}
	t, err := time.ParseInLocation("2006-01-02T15:04:05", string(r.PayGateTranDate), jalali.Tehran)
	if err != nil {
		return time.Time{} // the money does not hang on it
	}
	return t
}
