package desk

import (
	"strconv"

	"pishkhan/internal/fault"
	"pishkhan/internal/iran"
	"pishkhan/internal/money"
	"pishkhan/internal/pricing"
	view "pishkhan/views/desk"
)

// tryTariff prices the order that the address asks for, under the tariff that
// holds and under the draft.
func (d *desk) tryTariff(v visit, draft pricing.Tariff) (view.Try, error) {
	try := view.Try{
		Service: v.Query("service"), Amount: v.Query("amount"), Currency: v.Query("currency", "USD"),
		Orders: v.Query("orders", "1"), Tier: v.Query("tier"),
	}
	if try.Amount == "" {
		return try, nil
	}
	quotes, err := d.priceBoth(v, draft, try)
	if f := fault.Of(err); f != nil {
		if try.Hint = v.said(f); len(f.Fields) > 0 {
			try.Hint = v.words(f.Fields[0].Key, f.Fields[0].Args...)
		}
		return try, nil
	}
	try.Quotes = quotes
	return try, err
}

func (d *desk) priceBoth(v visit, draft pricing.Tariff, try view.Try) ([]pricing.Quote, error) {
	service, err := d.house.Catalog.Service(v.ctx(), try.Service)
	if err != nil {
		return nil, err
	}
	currency, err := money.ParseCurrency(try.Currency)
	if err != nil {
		return nil, err
	}
	amount, err := money.ParseAmount(try.Amount, currency)
	if err != nil {
		return nil, err
	}
	orders, err := strconv.Atoi(iran.ASCIIDigits(try.Orders))
	if err != nil || orders < 1 {
		return nil, fault.New(fault.Invalid, "prices.error.orders")
	}
	circumstances := pricing.Circumstances{Orders: orders, Tier: try.Tier}
	now, err := d.house.Pricing.Preview(v.ctx(), service, amount, circumstances)
	if err != nil {
		return nil, err
	}
	then, err := d.house.Pricing.PriceUnder(v.ctx(), draft, service, amount, circumstances)
	return []pricing.Quote{now, then}, err
}
