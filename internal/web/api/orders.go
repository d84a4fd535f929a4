package api

import (
	"context"
	"strconv"
	"time"

	"pishkhan/internal/catalog"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
	"pishkhan/internal/receipts"
	"pishkhan/internal/web"
)

// OrderSummary is an order in a list.
type OrderSummary struct {
	Code       string     `json:"code" example:"7KQ2MXA" doc:"What customers and staff call it"`
	Service    string     `json:"service" example:"steam-wallet"`
	State      string     `json:"state" example:"awaiting_payment" enum:"awaiting_payment,awaiting_kyc,paid,in_progress,waiting_customer,done,cancelled,expired"`
	StateSince time.Time  `json:"state_since"`
	TotalRials int64      `json:"total_rials" example:"58750000"`
	TotalToman int64      `json:"total_toman" example:"5875000"`
	PlacedAt   time.Time  `json:"placed_at"`
	PayBefore  time.Time  `json:"pay_before" doc:"It expires unless it is paid before"`
	PromisedBy *time.Time `json:"promised_by" doc:"When it is done at the latest; null until it is paid and the identity is verified"`
}

func summaryOfOrder(o orders.Order, service string) OrderSummary {
	return OrderSummary{
		Code: o.Code, Service: service, State: string(o.State), StateSince: o.StateSince, TotalRials: int64(o.Total),
		TotalToman: o.Total.Toman(), PlacedAt: o.PlacedAt, PayBefore: o.PayBefore, PromisedBy: o.DueAt,
	}
}

// OrderList is a page of orders.
type OrderList struct {
	Body struct {
		Orders []OrderSummary `json:"orders" nullable:"false"`
		Next   string         `json:"next,omitempty" example:"7KQ2MXA" doc:"Ask for the next page with after=; absent on the last"`
	}
}

func (a *api) orders(ctx context.Context, v visit, in *struct {
	After string `query:"after" example:"7KQ2MXA" maxLength:"20" doc:"The code of the last order of the page before"`
	Limit int    `query:"limit" example:"50" default:"50" minimum:"1" maximum:"100"`
}) (*OrderList, error) {
	var after orders.ID
	if in.After != "" {
		o, err := a.Orders.ForClient(ctx, v.Client.ID, in.After)
		if err != nil {
			return nil, err
		}
		after = o.ID
	}
	found, err := a.Orders.OfClient(ctx, v.Client.ID, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	list := &OrderList{}
	list.Body.Orders = []OrderSummary{}
	for _, o := range found[:min(in.Limit, len(found))] {
		service, err := a.serviceOf(ctx, o)
		if err != nil {
			return nil, err
		}
		list.Body.Orders = append(list.Body.Orders, summaryOfOrder(o, service.Definition.Slug))
		list.Body.Next = o.Code
	}
	if len(found) <= in.Limit {
		list.Body.Next = ""
	}
	return list, nil
}

// Event is a change of state.
type Event struct {
	At    time.Time `json:"at"`
	State string    `json:"state" example:"paid" doc:"From then on"`
}

// Receipt is the proof of what was done.
type Receipt struct {
	ID          string    `json:"id" example:"12"`
	Name        string    `json:"name" example:"receipt.pdf"`
	ContentType string    `json:"content_type" example:"application/pdf"`
	Size        int64     `json:"size" example:"20480" doc:"Bytes"`
	AddedAt     time.Time `json:"added_at"`
}

// ShopOrder is everything about an order that concerns the shop front which
// placed it.
type ShopOrder struct {
	OrderSummary
	FirstPromisedBy *time.Time     `json:"first_promised_by" doc:"What promised_by was before another time was agreed with the customer; null until it is paid and the identity is verified"`
	Answers         map[string]any `json:"answers" doc:"To the order form, without logins"`
	Events          []Event        `json:"events" nullable:"false" doc:"Oldest first"`
	Receipts        []Receipt      `json:"receipts" nullable:"false" doc:"Once the order is done"`
}

// EitherOrder is a ShopOrder or a DeskOrder: whoever asks sees theirs.
type EitherOrder struct{ Body any }

func (a *api) orderOfEither(ctx context.Context, v visit, in *struct{ OrderCode }) (*EitherOrder, error) {
	var out EitherOrder
	var err error
	if v.actor.ID != 0 {
		out.Body, err = a.deskOrder(ctx, v, in.Code)
	} else {
		out.Body, err = a.shopOrder(ctx, v, in.Code)
	}
	return &out, err
}

// OrderCode names an order in an address.
type OrderCode struct {
	Code string `path:"code" example:"7KQ2MXA" maxLength:"20"`
}

func (a *api) shopOrder(ctx context.Context, v visit, code string) (*ShopOrder, error) {
	o, err := a.Orders.ForClient(ctx, v.Client.ID, code)
	if err != nil {
		return nil, err
	}
	service, err := a.serviceOf(ctx, o)
	if err != nil {
		return nil, err
	}
	history, err := a.Orders.History(ctx, o.ID)
	if err != nil {
		return nil, err
	}
	detail := &ShopOrder{OrderSummary: summaryOfOrder(o, service.Definition.Slug)}
	if detail.FirstPromisedBy, err = a.firstPromise(ctx, o); err != nil {
		return nil, err
	}
	detail.Answers = service.Definition.Nested(o.Answers)
	detail.Events = eventsOf(o, history)
	detail.Receipts, err = a.receiptsOf(ctx, o)
	return detail, err
}

// firstPromise is when an order was promised for at first; nil before its
// clock has begun.
func (a *api) firstPromise(ctx context.Context, o orders.Order) (*time.Time, error) {
	clock, err := a.Orders.Clock(ctx, a.Pool, o.ID)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	return &clock.FirstDueAt, err
}

func eventsOf(o orders.Order, history []orders.Event) []Event {
	events := []Event{{At: o.PlacedAt, State: string(orders.AwaitingPayment)}}
	for _, e := range history {
		if e.To != "" {
			events = append(events, Event{At: e.At, State: string(e.To)})
		}
	}
	return events
}

func (a *api) receiptsOf(ctx context.Context, o orders.Order) ([]Receipt, error) {
	list := []Receipt{}
	if o.State != orders.Done {
		return list, nil
	}
	papers, err := a.Receipts.Of(ctx, a.Pool, int64(o.ID))
	if err != nil {
		return nil, err
	}
	return receiptList(papers), nil
}

func receiptList(papers []receipts.Receipt) []Receipt {
	list := make([]Receipt, len(papers))
	for i, p := range papers {
		list[i] = Receipt{ID: strconv.FormatInt(p.ID, 10), Name: p.Name, ContentType: p.MIME, Size: p.Size, AddedAt: p.AddedAt}
	}
	return list
}

// ReceiptFile is a receipt itself.
type ReceiptFile struct {
	Body []byte
}

func (a *api) receipt(ctx context.Context, v visit, in *struct {
	OrderCode
	ID int64 `path:"id" example:"12" minimum:"1"`
}) (*ReceiptFile, error) {
	o, err := a.Orders.ForClient(ctx, v.Client.ID, in.Code)
	if err != nil {
		return nil, err
	}
	if o.State != orders.Done {
		return nil, fault.New(fault.NotFound, "receipt.error.not_found")
	}
	paper, content, err := a.Receipts.Read(ctx, int64(o.ID), in.ID)
	if err != nil {
		return nil, err
	}
	web.AttachmentHeaders(v.c, paper.Name, paper.MIME)
	return &ReceiptFile{Body: content}, nil
}

func (a *api) serviceOf(ctx context.Context, o orders.Order) (catalog.Service, error) {
	return a.Catalog.Version(ctx, a.Pool, catalog.VersionID(o.ServiceVersionID))
}
