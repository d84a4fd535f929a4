package api

import (
	"context"
	"time"

	"pishkhan/internal/fault"
	"pishkhan/internal/fulfil"
	"pishkhan/internal/i18n"
	"pishkhan/internal/orders"
	"pishkhan/internal/queue"
)

// Task is an order as who works on it sees it.
type Task struct {
	OrderSummary
	Title        string         `json:"title" example:"Steam wallet" doc:"The service in words, in the language of Accept-Language"`
	Site         string         `json:"site" example:"store.steampowered.com" doc:"Host of the destination's page; may be empty"`
	Answers      map[string]any `json:"answers" doc:"To the order form, without logins"`
	HasLogin     bool           `json:"has_login" doc:"The customer gave a login. It is revealed at the desk alone, on the record"`
	Holder       string         `json:"holder,omitempty" example:"Sara Karimi" doc:"Who has claimed it; absent while it is free"`
	Since        *time.Time     `json:"since,omitempty" doc:"When it was claimed"`
	PurchaseOpen bool           `json:"purchase_open" doc:"A purchase is under way, or its outcome unknown: nothing takes the order away"`
}

// TaskOutput is the order after a deed.
type TaskOutput struct{ Body *Task }

// task tells an order; held is nil while it is free.
func (a *api) task(ctx context.Context, o orders.Order, held *queue.Held) (*Task, error) {
	service, err := a.serviceOf(ctx, o)
	if err != nil {
		return nil, err
	}
	t := &Task{
		OrderSummary: summaryOfOrder(o, service.Definition.Slug), Title: service.Definition.Title.In(i18n.LangOf(ctx)), Site: o.Site,
		Answers: service.Definition.Nested(o.Answers), HasLogin: o.CredentialID != 0,
	}
	if held != nil {
		t.Holder, t.Since, t.PurchaseOpen = held.MemberName, &held.ClaimedAt, held.PurchaseSince != nil
	}
	return t, nil
}

// taskNow is an order as it stands.
func (a *api) taskNow(ctx context.Context, code string) (*TaskOutput, error) {
	_, task, err := a.standing(ctx, code)
	return &TaskOutput{Body: task}, err
}

func (a *api) standing(ctx context.Context, code string) (orders.Order, *Task, error) {
	o, err := a.Orders.ByCode(ctx, a.Pool, code)
	if err != nil {
		return orders.Order{}, nil, err
	}
	held, err := a.holderOf(ctx, o)
	if err != nil {
		return orders.Order{}, nil, err
	}
	task, err := a.task(ctx, o, held)
	return o, task, err
}

// holderOf is the live claim on an order; nil while it is free.
func (a *api) holderOf(ctx context.Context, o orders.Order) (*queue.Held, error) {
	held, err := a.Queue.Holder(ctx, a.Pool, o.ID)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	return &held, err
}

// DeskOrder is everything about an order, as the desk shows it.
type DeskOrder struct {
	Task
	FirstPromisedBy *time.Time  `json:"first_promised_by" doc:"What promised_by was before another time was agreed with the customer; null until it is paid and the identity is verified"`
	Customer        Recipient   `json:"customer"`
	Purchases       []Purchase  `json:"purchases" nullable:"false" doc:"At the destination, oldest first"`
	Receipts        []Receipt   `json:"receipts" nullable:"false"`
	Attachments     []Enclosure `json:"attachments" nullable:"false" doc:"Files of the desk, and those that came with the customer's answers, oldest first. They are opened at the desk alone, on the record"`
	History         []Deed      `json:"history" nullable:"false" doc:"Oldest first"`
}

// Enclosure is a file that lies with an order, without its content.
type Enclosure struct {
	Name        string    `json:"name" example:"screenshot.png"`
	ContentType string    `json:"content_type" example:"image/png"`
	Size        int64     `json:"size" example:"183004" doc:"Bytes"`
	From        string    `json:"from" enum:"desk,customer"`
	By          string    `json:"by,omitempty" example:"Sara Karimi" doc:"The member who attached it"`
	At          time.Time `json:"at"`
}

// Recipient is whom an order is for.
type Recipient struct {
	Name   string `json:"name" example:"سارا محمدی"`
	Mobile string `json:"mobile" example:"09121234567"`
	Email  string `json:"email" example:"sara@example.com"`
	Lang   string `json:"lang" example:"fa" enum:"fa,en" doc:"In which to write to them"`
}

// Purchase is the payment at the destination.
type Purchase struct {
	StartedAt       time.Time  `json:"started_at"`
	Outcome         string     `json:"outcome,omitempty" enum:"paid,not_paid,unknown" doc:"Absent while it is under way"`
	OutcomeAt       *time.Time `json:"outcome_at,omitempty"`
	ChargedAmount   string     `json:"charged_amount,omitempty" example:"50.00"`
	ChargedCurrency string     `json:"charged_currency,omitempty" example:"USD"`
	Reference       string     `json:"reference,omitempty" doc:"The destination's own number for it"`
	Note            string     `json:"note,omitempty"`
}

// Deed is a line of an order's history.
type Deed struct {
	At     time.Time `json:"at"`
	By     string    `json:"by" example:"Sara Karimi"`
	Verb   string    `json:"verb" example:"claim"`
	State  string    `json:"state,omitempty" example:"in_progress" doc:"From then on; absent when it did not change"`
	Reason string    `json:"reason,omitempty"`
}

func (a *api) deskOrder(ctx context.Context, _ visit, code string) (*DeskOrder, error) {
	o, task, err := a.standing(ctx, code)
	if err != nil {
		return nil, err
	}
	d := &DeskOrder{Task: *task}
	if d.FirstPromisedBy, err = a.firstPromise(ctx, o); err != nil {
		return nil, err
	}
	who, err := a.Customers.Case(ctx, a.Pool, o.IdentityCaseID)
	if err != nil {
		return nil, err
	}
	d.Customer = Recipient{Name: who.Name, Mobile: who.Mobile, Email: who.Email, Lang: string(o.Lang)}
	return d, a.addWork(ctx, o, d)
}

// addWork adds what was done so far.
func (a *api) addWork(ctx context.Context, o orders.Order, d *DeskOrder) error {
	bought, err := a.Fulfil.Purchases(ctx, o.ID)
	if err != nil {
		return err
	}
	d.Purchases = make([]Purchase, len(bought))
	for i, p := range bought {
		d.Purchases[i] = purchaseOf(p)
	}
	papers, err := a.Receipts.Of(ctx, a.Pool, int64(o.ID))
	if err != nil {
		return err
	}
	d.Receipts = receiptList(papers)
	if d.Attachments, err = a.enclosures(ctx, o); err != nil {
		return err
	}
	history, err := a.Orders.History(ctx, o.ID)
	if err != nil {
		return err
	}
	d.History = make([]Deed, len(history))
	for i, e := range history {
		d.History[i] = Deed{At: e.At, By: e.Actor.Name, Verb: string(e.Verb), State: string(e.To), Reason: e.Reason}
	}
	return nil
}

func (a *api) enclosures(ctx context.Context, o orders.Order) ([]Enclosure, error) {
	files, err := a.Folder.Of(ctx, a.Pool, o.ID)
	if err != nil {
		return nil, err
	}
	list := make([]Enclosure, len(files))
	for i, f := range files {
		list[i] = Enclosure{Name: f.Name, ContentType: f.MIME, Size: f.Size, From: "desk", By: f.MemberName, At: f.At}
		if f.OfCustomer() {
			list[i].From = "customer"
		}
	}
	return list, nil
}

func purchaseOf(p fulfil.Purchase) Purchase {
	out := Purchase{
		StartedAt: p.StartedAt, Outcome: string(p.Outcome), OutcomeAt: p.OutcomeAt, Reference: p.Reference, Note: p.Note,
	}
	if p.Outcome == fulfil.Paid {
		out.ChargedAmount, out.ChargedCurrency = p.Charged.Amount.String(), string(p.Charged.Currency)
	}
	return out
}
