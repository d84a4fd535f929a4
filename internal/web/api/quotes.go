package api

import (
	"context"
	"time"

	"github.com/shopspring/decimal"

	"pishkhan/internal/checkout"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/money"
	"pishkhan/internal/pricing"
)

// Amount is foreign money.
type Amount struct {
	Amount   string `json:"amount" example:"50.00" pattern:"^[0-9]{1,9}([.][0-9]{1,3})?$" doc:"In units of the currency"`
	Currency string `json:"currency" example:"USD" pattern:"^[A-Z]{3}$" doc:"ISO 4217"`
}

// QuoteInput asks for a price.
type QuoteInput struct {
	Body struct {
		Service string         `json:"service" example:"steam-wallet" minLength:"1" maxLength:"100"`
		Amount  *Amount        `json:"amount,omitempty" doc:"What is to be paid at the destination"`
		Answers map[string]any `json:"answers,omitempty" doc:"Instead of amount, where the form adds the amount up: the answers as for the order"`
		Code    string         `json:"code,omitempty" example:"NOWRUZ" maxLength:"40" doc:"A discount code"`
		Orders  int            `json:"orders,omitempty" example:"1" default:"1" minimum:"1" maximum:"50" doc:"How many orders are placed together, this one included: several may cost less each"`
	}
}

// QuoteLine is one part of a price.
type QuoteLine struct {
	Kind  string `json:"kind" example:"fee" enum:"currency,fee,cost,discount_bulk,discount_club,discount_code,rounding"`
	Name  Text   `json:"name"`
	Rials int64  `json:"rials" example:"1250000" doc:"Negative for a discount"`
	Toman int64  `json:"toman" example:"125000"`
}

// Rate is what one unit of a currency is sold for.
type Rate struct {
	Currency string `json:"currency" example:"USD"`
	Rials    int64  `json:"rials" example:"1150000"`
}

// Quote is a frozen price. An order is placed at it until it expires, once.
type Quote struct {
	ID         string      `json:"id" example:"qt_8Jq0vXb3tQ2m9KfYwZ5LrA"`
	Service    string      `json:"service" example:"steam-wallet"`
	Amount     Amount      `json:"amount"`
	Orders     int         `json:"orders" example:"1" doc:"How many orders must be placed together"`
	Lines      []QuoteLine `json:"lines" nullable:"false" doc:"They add up to the total"`
	TotalRials int64       `json:"total_rials" example:"58750000"`
	TotalToman int64       `json:"total_toman" example:"5875000"`
	Rate       Rate        `json:"rate"`
	QuotedAt   time.Time   `json:"quoted_at"`
	ExpiresAt  time.Time   `json:"expires_at" doc:"Orders are placed and paid before this"`
}

// QuoteOutput is the price that was asked for.
type QuoteOutput struct{ Body Quote }

func (a *api) quote(ctx context.Context, v visit, in *QuoteInput) (*QuoteOutput, error) {
	asked := checkout.QuoteRequest{Slug: in.Body.Service, Answers: in.Body.Answers, Code: in.Body.Code, Together: in.Body.Orders}
	if (in.Body.Amount == nil) == (in.Body.Answers == nil) {
		var wrong fault.Fields
		wrong.Add("/amount", "api.error.amount_or_answers")
		return nil, wrong.Err()
	}
	if in.Body.Amount != nil {
		amount, err := decimal.NewFromString(in.Body.Amount.Amount)
		if err != nil {
			return nil, err // the pattern lets numbers alone through
		}
		asked.Amount = &money.Foreign{Amount: amount, Currency: money.Currency(in.Body.Amount.Currency)}
	}
	quoted, err := a.Counter.Quote(ctx, v.Client, asked)
	if err != nil {
		return nil, err
	}
	return &QuoteOutput{Body: quoteOf(quoted, in.Body.Orders)}, nil
}

func quoteOf(q checkout.ClientQuote, orders int) Quote {
	p := q.Quote
	quote := Quote{
		ID: q.ID, Service: q.Service.Definition.Slug, Orders: orders,
		Amount:     Amount{Amount: p.Amount.Amount.String(), Currency: string(p.Amount.Currency)},
		TotalRials: int64(p.TotalRials), TotalToman: p.TotalRials.Toman(),
		Rate: Rate{Currency: string(p.Amount.Currency), Rials: int64(p.RateRials)}, QuotedAt: p.QuotedAt, ExpiresAt: p.ExpiresAt,
	}
	for _, line := range p.Lines {
		quote.Lines = append(quote.Lines, lineOf(line))
	}
	return quote
}

func lineOf(l pricing.Line) QuoteLine {
	return QuoteLine{
		Kind: string(l.Kind), Name: Text{FA: l.Label(i18n.FA), EN: l.Label(i18n.EN)}, Rials: int64(l.Rials), Toman: l.Rials.Toman(),
	}
}
