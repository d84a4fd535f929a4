package checkout

import (
	"context"
	"fmt"
	"time"

	"pishkhan/internal/campaigns"
	"pishkhan/internal/catalog"
	"pishkhan/internal/clients"
	"pishkhan/internal/customers"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/jalali"
	"pishkhan/internal/money"
	"pishkhan/internal/pricing"
)

// clientDraft is a client's request, checked.
type clientDraft struct {
	lines     []draftLine
	identity  customers.Identity
	lang      i18n.Lang
	returnURL string
	total     money.Rials
	payBefore time.Time
}

type draftLine struct {
	service catalog.Service
	quote   pricing.Quote
	answers catalog.Answers
}

// check reads a client's request and says all that is wrong with it at once.
func (c *ClientCounter) check(ctx context.Context, client clients.Client, asked ClientOrder) (clientDraft, error) {
	now := c.checkout.clock.Now()
	d := clientDraft{lang: asked.Lang, returnURL: asked.ReturnURL}
	var wrong fault.Fields
	if len(asked.Lines) == 0 {
		wrong.Add("/lines", "checkout.error.empty")
	}
	if asked.ReturnURL != "" && !client.MayReturnTo(asked.ReturnURL) {
		wrong.Add("/return_url", "checkout.error.return_url")
	}
	needsDocument := false
	for i, line := range asked.Lines {
		checked, err := c.checkLine(ctx, now, client, asked, i, line)
		if err := gather(&wrong, err); err != nil {
			return clientDraft{}, err
		}
		needsDocument = needsDocument || checked.service.Definition.Identity == catalog.Document
		d.lines = append(d.lines, checked)
	}
	if err := gather(&wrong, c.checkIdentity(ctx, now, client, &d, asked.Identity, needsDocument)); err != nil {
		return clientDraft{}, err
	}
	if err := wrong.Err(); err != nil {
		return clientDraft{}, err
	}
	return d, d.sum()
}

// checkLine reads one order. What it returns besides faults is incomplete
// when there are any.
func (c *ClientCounter) checkLine(ctx context.Context, now time.Time, client clients.Client, asked ClientOrder, i int, line ClientLine) (draftLine, error) {
	here := fmt.Sprintf("/lines/%d", i)
	named, err := c.clients.Quote(ctx, c.checkout.pool, client.ID, line.Quote)
	if err != nil {
		return draftLine{}, at(here+"/quote", err)
	}
	for _, other := range asked.Lines[:i] {
		if other.Quote == line.Quote {
			return draftLine{}, at(here+"/quote", fault.New(fault.Invalid, "checkout.error.quote_twice"))
		}
	}
	if len(asked.Lines) < named.Together {
		return draftLine{}, at(here+"/quote", fault.New(fault.Invalid, "checkout.error.quote_together", "n", named.Together))
	}
	quote, err := c.pricing.Quote(ctx, c.checkout.pool, pricing.QuoteID(named.QuoteID))
	if err != nil {
		return draftLine{}, err
	}
	if quote.Expired(now) {
		return draftLine{}, &fault.Fault{Kind: fault.Conflict, Key: "checkout.error.quote_ran_out", Fields: []fault.Field{
			{Name: here + "/quote", Key: "checkout.error.quote_ran_out"},
		}}
	}
	service, err := c.catalog.Version(ctx, c.checkout.pool, quote.ServiceVersionID)
	if err != nil {
		return draftLine{}, err
	}
	checked := draftLine{service: service, quote: quote}
	values, err := service.Definition.Values(line.Answers)
	if err != nil {
		return checked, below(here+"/answers", service.Definition, err)
	}
	if checked.answers, err = service.Definition.Check(values, now); err != nil {
		return checked, below(here+"/answers", service.Definition, err)
	}
	if err := c.files.OwnByClient(ctx, c.checkout.pool, client.ID, checked.answers.Files); err != nil {
		return checked, at(here+"/answers", err)
	}
	if a := checked.answers.Amount; a.Currency != quote.Amount.Currency || !a.Amount.Equal(quote.Amount.Amount) {
		field := service.Definition.AmountField()
		return checked, at(here+"/answers/"+field.Name, fault.New(fault.Invalid, "checkout.error.quote_amount", "amount", quote.Amount))
	}
	return checked, nil
}

func (c *ClientCounter) checkIdentity(ctx context.Context, now time.Time, client clients.Client, d *clientDraft, form customers.IdentityForm, needsDocument bool) error {
	if born, err := jalali.ParseGregorian(form.BirthDate); err == nil {
		form.BirthDate = jalali.FromTime(born).String()
	}
	var wrong fault.Fields
	var err error
	if d.identity, err = form.Check(now); err != nil {
		f := fault.Of(err)
		if f == nil {
			return err
		}
		for _, field := range f.Fields {
			wrong.Add("/customer/"+field.Name, field.Key, field.Args...)
		}
	}
	switch {
	case form.DocumentID != 0:
		if err := c.files.OwnByClient(ctx, c.checkout.pool, client.ID, []int64{form.DocumentID}); err != nil {
			if err := gather(&wrong, at("/customer/document", err)); err != nil {
				return err
			}
		}
		d.identity.ClientID = client.ID
	case needsDocument:
		wrong.Add("/customer/document", "checkout.error.document")
	}
	return wrong.Err()
}

// sum adds the lines up, and says until when their prices hold.
func (d *clientDraft) sum() error {
	for i, line := range d.lines {
		if i == 0 || line.quote.ExpiresAt.Before(d.payBefore) {
			d.payBefore = line.quote.ExpiresAt
		}
		var err error
		if d.total, err = d.total.Add(line.quote.TotalRials); err != nil {
			return fmt.Errorf("sum of a client's orders: %w", err)
		}
	}
	return nil
}

// gather adds the fields of an Invalid fault to wrong; any other error comes
// back.
func gather(wrong *fault.Fields, err error) error {
	f := fault.Of(err)
	if f == nil || f.Kind != fault.Invalid || len(f.Fields) == 0 {
		return err
	}
	*wrong = append(*wrong, f.Fields...)
	return nil
}

// campaignsAsker is somebody with a code whom we do not know yet.
func campaignsAsker(code string) campaigns.Asker { return campaigns.Asker{Code: code} }
