package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/danielgtaylor/huma/v2"

	"pishkhan/internal/fulfil"
	"pishkhan/internal/i18n"
)

func (a *api) startPurchase(ctx context.Context, v visit, in *struct{ OrderCode }) (*TaskOutput, error) {
	if err := a.Fulfil.StartPurchase(ctx, v.actor, in.Code); err != nil {
		return nil, err
	}
	return a.taskNow(ctx, in.Code)
}

// Decimal is an amount as programs write it: text, or a number.
type Decimal string

// UnmarshalJSON takes the digits of either as they are, so that none is lost
// on the way through a float.
func (d *Decimal) UnmarshalJSON(text []byte) error {
	if bytes.HasPrefix(text, []byte(`"`)) {
		return json.Unmarshal(text, (*string)(d))
	}
	var n json.Number
	if err := json.Unmarshal(text, &n); err != nil {
		return fmt.Errorf("an amount: %w", err)
	}
	*d = Decimal(n)
	return nil
}

// Schema says so in the description.
func (Decimal) Schema(huma.Registry) *huma.Schema {
	most := 30
	return &huma.Schema{
		Description: "A decimal, as text or as a number",
		OneOf:       []*huma.Schema{{Type: huma.TypeString, MaxLength: &most}, {Type: huma.TypeNumber}},
	}
}

// Outcome is what became of a purchase.
type Outcome struct {
	Outcome         string  `json:"outcome" example:"paid" enum:"paid,not_paid,unknown" doc:"unknown keeps the order guarded until somebody finds out"`
	ChargedAmount   Decimal `json:"charged_amount,omitempty" example:"50.00" doc:"What the destination really charged; needed when paid"`
	ChargedCurrency string  `json:"charged_currency,omitempty" example:"USD" maxLength:"10" doc:"Needed when paid"`
	Reference       string  `json:"reference,omitempty" example:"ORD-20931" maxLength:"200" doc:"The destination's own number for it"`
	Note            string  `json:"note,omitempty" maxLength:"1000" doc:"For colleagues"`
}

func (a *api) endPurchase(ctx context.Context, v visit, in *struct {
	OrderCode
	Body Outcome
}) (*TaskOutput, error) {
	r := fulfil.Report{
		Outcome: fulfil.Outcome(in.Body.Outcome), Amount: string(in.Body.ChargedAmount), Currency: in.Body.ChargedCurrency,
		Reference: in.Body.Reference, Note: in.Body.Note,
	}
	if r.Outcome == fulfil.Unknown && r.Note == "" {
		r.Note = i18n.T(ctx, "tokens.outcome_unknown")
	}
	if err := a.Fulfil.EndPurchase(ctx, v.actor, in.Code, r); err != nil {
		return nil, err
	}
	return a.taskNow(ctx, in.Code)
}

// Completion is what completes an order.
type Completion struct {
	Receipt         huma.FormFile `form:"receipt" required:"false" doc:"The destination's proof: a PDF, JPEG or PNG of at most 20 MB"`
	ChargedAmount   string        `form:"charged_amount" required:"false" example:"50.00" maxLength:"30" doc:"What the destination really charged"`
	ChargedCurrency string        `form:"charged_currency" required:"false" example:"USD" maxLength:"10"`
	Reference       string        `form:"reference" required:"false" example:"ORD-20931" maxLength:"200" doc:"The destination's own number for it"`
}

func (a *api) complete(ctx context.Context, v visit, in *struct {
	OrderCode
	RawBody huma.MultipartFormFiles[Completion]
}) (*TaskOutput, error) {
	form := in.RawBody.Data()
	paper, err := paperOf(form.Receipt)
	if err != nil {
		return nil, err
	}
	var report *fulfil.Report
	if form.ChargedAmount != "" || form.ChargedCurrency != "" {
		report = &fulfil.Report{
			Outcome: fulfil.Paid, Amount: form.ChargedAmount, Currency: form.ChargedCurrency, Reference: form.Reference,
		}
	}
	if err := a.Fulfil.Finish(ctx, v.actor, in.Code, paper, report); err != nil {
		return nil, err
	}
	return a.taskNow(ctx, in.Code)
}

// paperOf reads the receipt; nil when none came along.
func paperOf(file huma.FormFile) (*fulfil.Paper, error) {
	if !file.IsSet {
		return nil, nil
	}
	defer file.Close()
	content, err := io.ReadAll(file)
	if err != nil {
		return nil, fmt.Errorf("read upload: %w", err)
	}
	return &fulfil.Paper{Name: file.Filename, Content: content}, nil
}
