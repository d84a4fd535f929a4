package api

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"pishkhan/internal/checkout"
	"pishkhan/internal/clients"
	"pishkhan/internal/customers"
	"pishkhan/internal/i18n"
)

// OrderLine is one order to place.
type OrderLine struct {
	Quote   string         `json:"quote" example:"qt_8Jq0vXb3tQ2m9KfYwZ5LrA" minLength:"1" maxLength:"40"`
	Answers map[string]any `json:"answers" example:"{\"amount\":{\"amount\":\"50.00\",\"currency\":\"USD\"}}" doc:"To the service's order form, by its JSON Schema. Logins are sealed, and never shown again."`
}

// Customer is who orders.
type Customer struct {
	Name         string `json:"name" example:"سارا محمدی" maxLength:"200"`
	NationalCode string `json:"national_code" example:"0499370899" maxLength:"30"`
	BirthDate    string `json:"birth_date" example:"1370-05-21" maxLength:"30" doc:"Jalali (1370-05-21) or Gregorian (1991-08-12)"`
	Mobile       string `json:"mobile" example:"09121234567" maxLength:"30" doc:"Where we reach the customer"`
	Email        string `json:"email" example:"sara@example.com" maxLength:"254"`
	Document     string `json:"document,omitempty" example:"4711" pattern:"^[0-9]{1,18}$" doc:"The id of an uploaded identity document, where a service needs one"`
}

// OrdersInput asks for orders that one payment pays for.
type OrdersInput struct {
	Key  string `header:"Idempotency-Key" required:"true" minLength:"8" maxLength:"200" pattern:"^[!-~]+$" example:"order-2026-10-05-000417" doc:"A name of this request, of your own making: send the same again when an answer was lost"`
	Body struct {
		Lines     []OrderLine `json:"lines" nullable:"false" minItems:"1" maxItems:"50"`
		Customer  Customer    `json:"customer"`
		Lang      string      `json:"lang,omitempty" example:"fa" default:"fa" enum:"fa,en" doc:"In which the customer is written to"`
		ReturnURL string      `json:"return_url,omitempty" example:"https://shop.example/thanks" maxLength:"2000" doc:"Where the customer goes after paying, with ?order=CODE added; its origin must be registered"`
	}
	RawBody []byte
}

// Payment is how the customer pays.
type Payment struct {
	URL       string    `json:"url" example:"https://pishkhan.example/pay/3kQ…" doc:"Send the customer there"`
	ExpiresAt time.Time `json:"expires_at" doc:"The orders expire unless they are paid before"`
}

// PlacedOrders are orders that await their payment.
type PlacedOrders struct {
	Orders     []OrderSummary `json:"orders" nullable:"false"`
	TotalRials int64          `json:"total_rials" example:"58750000"`
	TotalToman int64          `json:"total_toman" example:"5875000"`
	Payment    Payment        `json:"payment"`
}

// OrdersOutput is what came of it.
type OrdersOutput struct {
	Status   int
	Replayed string `header:"Idempotency-Replayed" enum:"true" doc:"Set when the answer was given before"`
	Body     PlacedOrders
}

func (a *api) place(ctx context.Context, v visit, in *OrdersInput) (*OrdersOutput, error) {
	request := clients.Request{ClientID: v.Client.ID, Key: in.Key, Body: in.RawBody}
	answer, err := a.Counter.Place(ctx, v.Client, request, asked(in), func(placed checkout.PlacedByClient) ([]byte, error) {
		return json.Marshal(a.placed(placed))
	})
	if err != nil {
		return nil, err
	}
	out := &OrdersOutput{Status: answer.Status}
	if answer.Replayed {
		out.Replayed = "true"
	}
	if err := json.Unmarshal(answer.Body, &out.Body); err != nil {
		return nil, fmt.Errorf("the answer to client %d: %w", v.Client.ID, err)
	}
	return out, nil
}

func asked(in *OrdersInput) checkout.ClientOrder {
	who := in.Body.Customer
	document, _ := strconv.ParseInt(who.Document, 10, 64) // digits, or none
	order := checkout.ClientOrder{
		Lang: i18n.Lang(in.Body.Lang), ReturnURL: in.Body.ReturnURL,
		Identity: customers.IdentityForm{
			Name: who.Name, NationalCode: who.NationalCode, BirthDate: who.BirthDate, Mobile: who.Mobile, Email: who.Email,
			DocumentID: document,
		},
	}
	for _, line := range in.Body.Lines {
		order.Lines = append(order.Lines, checkout.ClientLine{Quote: line.Quote, Answers: line.Answers})
	}
	return order
}

func (a *api) placed(placed checkout.PlacedByClient) PlacedOrders {
	body := PlacedOrders{
		TotalRials: int64(placed.Total), TotalToman: placed.Total.Toman(),
		Payment: Payment{URL: a.baseURL + "/pay/" + string(placed.PayToken), ExpiresAt: placed.PayBefore},
	}
	for i, o := range placed.Orders {
		body.Orders = append(body.Orders, summaryOfOrder(o, placed.Services[i]))
	}
	return body
}
