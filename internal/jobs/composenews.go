package jobs

import (
	"context"
	"fmt"
	"strings"

	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/money"
	"pishkhan/internal/notify"
	"pishkhan/views/mail"
)

// news names the words of the kinds that tell a customer of an order.
var news = map[notify.Kind]string{
	notify.OrderQuestion: "question", notify.ExtraAsked: "extra", notify.OrderCancelled: "cancelled", notify.RefundSent: "refund",
}

// orderNews finds the words of one of them. A link is opened only now, and is
// not kept with the words that were sent.
func (c *Composer) orderNews(ctx context.Context, m notify.Message) (notify.Parcel, error) {
	service, err := c.service(ctx, m)
	if err != nil {
		return notify.Parcel{}, err
	}
	words := mail.OrderNews{
		What: news[m.Kind], Code: m.Detail.Code, Name: m.Detail.Name, Service: service, Track: c.baseURL + "/track", Args: []any{
			"amount", money.Rials(m.Detail.Rials), "reference", m.Detail.Reference, "to", m.Detail.To, "reason", m.Detail.Text,
			"why", i18n.Key("orderdesk.told_why." + m.Detail.Why),
		},
	}
	if m.Kind == notify.OrderCancelled && m.Detail.Rials > 0 {
		words.What = "cancelled_refund"
	}
	var secret string
	if m.Detail.Link != 0 {
		token, err := c.house.Letters.Token(ctx, m.Detail.Link)
		if fault.Is(err, fault.NotFound) {
			return notify.Parcel{}, fmt.Errorf("the link is over: %w: %w", notify.ErrPermanent, err)
		}
		if err != nil {
			return notify.Parcel{}, err
		}
		secret = token.Reveal()
		words.Link = c.baseURL + "/l/" + secret
	}
	parcel, err := parcelOf(ctx, m, words)
	if err != nil || secret == "" {
		return parcel, err
	}
	parcel.Kept = strings.ReplaceAll(parcel.Text, secret, "•••")
	return parcel, nil
}
