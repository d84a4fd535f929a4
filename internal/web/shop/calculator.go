package shop

import (
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/catalog"
	"pishkhan/internal/fault"
	"pishkhan/internal/money"
	"pishkhan/internal/pricing"
	views "pishkhan/views/shop"
)

// calculator answers what is asked of it in the address: a service, an amount
// and its currency.
func (s *shop) calculator(c *fiber.Ctx, services []catalog.Service) (views.Calculator, error) {
	rates, err := s.Pricing.Rates(c.UserContext())
	if err != nil {
		return views.Calculator{}, err
	}
	inOrder(rates)
	asked := views.Calculator{
		Families: byFamily(services), Service: c.Query("service"), Amount: c.Query("amount"), Currency: c.Query("currency"),
	}
	for _, rate := range rates {
		asked.Currencies = append(asked.Currencies, rate.Currency)
	}
	asked.Price.Hint = t(c, "shop.calculator.ask")
	for _, service := range services {
		if service.Definition.Slug == asked.Service && asked.Amount != "" {
			return asked, s.answerCalculator(c, service, &asked)
		}
	}
	return asked, nil
}

func (s *shop) answerCalculator(c *fiber.Ctx, service catalog.Service, asked *views.Calculator) error {
	quote, err := s.calculated(c, service, asked.Amount, asked.Currency)
	if f := fault.Of(err); f != nil {
		if currency := money.Currency(asked.Currency); len(f.Fields) > 0 && currency.Known() && !slices.Contains(service.Definition.Currencies(), currency) {
			asked.Price.Hint = t(c, "shop.calculator.currencies", "list", codes(service.Definition.Currencies()))
		} else if len(f.Fields) > 0 {
			asked.Price.Hint = t(c, f.Fields[0].Key, f.Fields[0].Args...)
		} else {
			asked.Price.Hint = t(c, f.Key, f.Args...)
		}
		return nil
	}
	if err != nil {
		return err
	}
	asked.Price = views.Price{Quote: quote, Known: true}
	asked.Order = "/services/" + service.Definition.Slug
	if service.Definition.AmountField().Sum == nil {
		asked.Order += "?" + url.Values{"amount": {asked.Amount}, "currency": {asked.Currency}}.Encode()
	}
	return nil
}

// codes lists currencies, in one piece that reads from left to right.
func codes(currencies []money.Currency) string {
	list := make([]string, len(currencies))
	for i, currency := range currencies {
		list[i] = string(currency)
	}
	return "\u2066" + strings.Join(list, ", ") + "\u2069"
}

func (s *shop) calculated(c *fiber.Ctx, service catalog.Service, text, code string) (pricing.Quote, error) {
	currency, err := money.ParseCurrency(code)
	if err != nil {
		return pricing.Quote{}, err
	}
	amount, err := money.ParseAmount(text, currency)
	if err != nil {
		return pricing.Quote{}, err
	}
	return s.Pricing.Preview(c.UserContext(), service, amount, pricing.Alone)
}
