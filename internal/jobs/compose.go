package jobs

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/a-h/templ"

	"pishkhan/internal/blob"
	"pishkhan/internal/catalog"
	"pishkhan/internal/fault"
	"pishkhan/internal/house"
	"pishkhan/internal/i18n"
	"pishkhan/internal/notify"
	"pishkhan/views/mail"
)

// Composer finds the words of messages in the catalogues and in views/mail.
type Composer struct {
	house   *house.House
	baseURL string
}

// NewComposer returns the composer of a house whose pages are at baseURL.
func NewComposer(h *house.House, baseURL string) *Composer {
	return &Composer{house: h, baseURL: baseURL}
}

// Compose returns the words of a message, and the receipt that goes along.
func (c *Composer) Compose(ctx context.Context, m notify.Message) (notify.Parcel, error) {
	switch m.Kind {
	case notify.OrderDone:
		return c.orderDone(ctx, m)
	case notify.OrderExtended:
		return c.orderExtended(ctx, m)
	case notify.OrderQuestion, notify.ExtraAsked, notify.OrderCancelled, notify.RefundSent:
		return c.orderNews(ctx, m)
	case notify.SigninCode:
		return c.signinCode(ctx, m)
	case notify.RatesStale, notify.FeedFailing:
		words := mail.Rates{Kind: m.Kind, Name: m.Detail.Name, Currencies: m.Detail.Currencies, Desk: c.baseURL + "/desk/rates"}
		return notify.Parcel{Subject: words.Subject(m.Lang), Text: words.Text(m.Lang)}, nil
	case notify.OrderWarned, notify.OrderLate, notify.OrderEscalated, notify.HolidayUnconfirmed:
		return c.alert(m)
	}
	if m.Kind == notify.DayReport {
		return c.dayReport(ctx, m)
	}
	return notify.Parcel{}, fmt.Errorf("message %d is of an unknown kind, %q: %w", m.ID, m.Kind, notify.ErrPermanent)
}

// signinCode opens the code only now. One that has run out, or that was used
// already because the provider took its time to answer, is not sent any more.
func (c *Composer) signinCode(ctx context.Context, m notify.Message) (notify.Parcel, error) {
	code, err := c.house.Customers.Code(ctx, m.Detail.Signin)
	if fault.Is(err, fault.NotFound) {
		return notify.Parcel{}, fmt.Errorf("the code is over: %w: %w", notify.ErrPermanent, err)
	}
	if err != nil {
		return notify.Parcel{}, err
	}
	return notify.Parcel{Text: mail.SigninSMS(m.Lang, code.Reveal()), Secret: true}, nil
}

// words are a message to a customer in all the forms that it is sent in.
type words interface {
	SMS(i18n.Lang) string
	Subject(i18n.Lang) string
	Text(i18n.Lang) string
	HTML() templ.Component
}

func parcelOf(ctx context.Context, m notify.Message, w words) (notify.Parcel, error) {
	if m.Channel == notify.SMS {
		return notify.Parcel{Text: w.SMS(m.Lang)}, nil
	}
	var html bytes.Buffer
	if err := w.HTML().Render(i18n.WithLang(ctx, m.Lang), &html); err != nil {
		return notify.Parcel{}, fmt.Errorf("compose message %d: %w", m.ID, err)
	}
	return notify.Parcel{Subject: w.Subject(m.Lang), Text: w.Text(m.Lang), HTML: html.String()}, nil
}

// service is the name of the service that a message is about.
func (c *Composer) service(ctx context.Context, m notify.Message) (string, error) {
	service, err := c.house.Catalog.Version(ctx, c.house.Pool, catalog.VersionID(m.Detail.Service))
	return service.Definition.Title.In(m.Lang), err
}

func (c *Composer) orderExtended(ctx context.Context, m notify.Message) (notify.Parcel, error) {
	service, err := c.service(ctx, m)
	if err != nil {
		return notify.Parcel{}, err
	}
	if m.Detail.Before == nil || m.Detail.Until == nil {
		return notify.Parcel{}, fmt.Errorf("message %d says no times: %w", m.ID, notify.ErrPermanent)
	}
	return parcelOf(ctx, m, mail.OrderExtended{
		Code: m.Detail.Code, Name: m.Detail.Name, Service: service,
		Before: *m.Detail.Before, Until: *m.Detail.Until, Track: c.baseURL + "/track",
	})
}

func (c *Composer) orderDone(ctx context.Context, m notify.Message) (notify.Parcel, error) {
	service, err := c.service(ctx, m)
	if err != nil {
		return notify.Parcel{}, err
	}
	parcel, err := parcelOf(ctx, m, mail.OrderDone{
		Code: m.Detail.Code, Name: m.Detail.Name, Service: service,
		Password: m.Detail.Password, Track: c.baseURL + "/track",
	})
	if err != nil || m.ReceiptID == 0 {
		return parcel, err
	}
	receipt, content, err := c.house.Receipts.ReadByID(ctx, m.ReceiptID)
	if fault.Is(err, fault.NotFound) || errors.Is(err, blob.ErrNotFound) || errors.Is(err, blob.ErrDamaged) {
		return notify.Parcel{}, fmt.Errorf("the receipt is lost: %w: %w", notify.ErrPermanent, err)
	}
	if err != nil {
		return notify.Parcel{}, err
	}
	parcel.Attachment = &notify.Attachment{Name: receipt.Name, MIME: receipt.MIME, Content: content}
	return parcel, nil
}
