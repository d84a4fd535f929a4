package sample

import (
	"context"
	"fmt"
	"strconv"

	"pishkhan/internal/carts"
	"pishkhan/internal/checkout"
	"pishkhan/internal/customers"
)

// upload hands a PDF in from a visitor's browser, and returns its number.
func (m Maker) upload(ctx context.Context, visitor customers.Visitor, text string) (int64, error) {
	ip := fmt.Sprintf("2001:db8:%x:%x::1", visitor.ID>>16&0xffff, visitor.ID&0xffff) // each is at home
	kept, err := m.House.Attachments.Keep(ctx, visitor.ID, ip, "document.pdf", PDF(text))
	return kept.ID, err
}

// answers are Answers with a file handed in for each that is asked for.
func (m Maker) answers(ctx context.Context, visitor customers.Visitor, slug string) (map[string]string, error) {
	values := Answers(slug, m.Clock.Now())
	for name, value := range values {
		if value != Upload {
			continue
		}
		id, err := m.upload(ctx, visitor, slug+" "+name)
		if err != nil {
			return nil, err
		}
		values[name] = strconv.FormatInt(id, 10)
	}
	return values, nil
}

// identity is who orders, with a document where one of the services asks for it.
func (m Maker) identity(ctx context.Context, visitor customers.Visitor, who Customer, lines []carts.Line) (customers.IdentityForm, error) {
	form := who.Identity
	if form.DocumentID != 0 || checkout.Level(lines) != customers.Document {
		return form, nil
	}
	var err error
	form.DocumentID, err = m.upload(ctx, visitor, "National card of customer "+form.Mobile)
	return form, err
}
