package desk

import (
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/access"
	"pishkhan/internal/fault"
	"pishkhan/internal/money"
	"pishkhan/internal/pricing"
	"pishkhan/internal/web"
	view "pishkhan/views/desk"
)

const ratesPath = "/desk/rates"

func (d *desk) rates(v visit) error {
	page, err := d.ratesPage(v)
	if err != nil {
		return err
	}
	page.Set, page.Waits = currencies(v.Query("set")), currencies(v.Query("waits"))
	return web.Render(v.Ctx, fiber.StatusOK, view.Rates(page))
}

// setRates sets all rates that were typed, or none where one is wrong.
func (d *desk) setRates(v visit) error {
	typed := typedRates(v)
	offers, err := d.offers(v, typed)
	if err == nil && len(offers) == 0 {
		err = fault.New(fault.Invalid, "rates.nothing")
	}
	var settings []pricing.Setting
	if err == nil {
		settings, err = d.house.Pricing.SetRates(v.ctx(), v.actor, offers)
	}
	if err != nil {
		return d.refuseRates(v, err, func(page *view.RatesPage) { page.Typed = typed })
	}
	var set, waits []string
	for i, setting := range settings {
		if setting.Proposal != nil {
			waits = append(waits, string(offers[i].Currency))
		} else {
			set = append(set, string(offers[i].Currency))
		}
	}
	return web.Redirect(v.Ctx, ratesPath+"?set="+strings.Join(set, ".")+"&waits="+strings.Join(waits, "."))
}

func typedRates(v visit) map[string]string {
	typed := map[string]string{}
	for _, currency := range money.Currencies() {
		for _, name := range []string{view.SellField(currency), view.BuyField(currency)} {
			if text := strings.TrimSpace(v.FormValue(name)); text != "" {
				typed[name] = text
			}
		}
	}
	return typed
}

// offers are the rates that were typed. Of a pair with one side left empty
// that side stays as it is.
func (d *desk) offers(v visit, typed map[string]string) ([]pricing.Offer, error) {
	newest, err := d.newestRates(v)
	if err != nil {
		return nil, err
	}
	var wrong fault.Fields
	var offers []pricing.Offer
	for _, currency := range money.Currencies() {
		sell, buy := view.SellField(currency), view.BuyField(currency)
		if typed[sell] == "" && typed[buy] == "" {
			continue
		}
		held := newest[currency]
		offers = append(offers, pricing.Offer{
			Currency:  currency,
			SellRials: readRate(typed[sell], held.SellRials, sell, &wrong),
			BuyRials:  readRate(typed[buy], held.BuyRials, buy, &wrong),
		})
	}
	return offers, wrong.Err()
}

func readRate(text string, held money.Rials, name string, wrong *fault.Fields) money.Rials {
	if text == "" {
		return held
	}
	rate, err := money.ParseToman(text)
	if err == nil && rate == 0 {
		err = fault.New(fault.Invalid, "pricing.error.rate")
	}
	if err != nil {
		wrong.AddErr(name, err)
	}
	return rate
}

func (d *desk) approveRate(v visit) error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	rate, err := d.house.Pricing.ApproveRate(v.ctx(), v.actor, pricing.ProposalID(id))
	if err != nil {
		return d.refuseRates(v, err, nil)
	}
	return web.Redirect(v.Ctx, ratesPath+"?set="+string(rate.Currency))
}

func (d *desk) rejectRate(v visit) error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	if err := d.house.Pricing.RejectRate(v.ctx(), v.actor, pricing.ProposalID(id)); err != nil {
		return d.refuseRates(v, err, nil)
	}
	return web.Redirect(v.Ctx, ratesPath)
}

// setRateTerms sets how old a rate may be, in hours, and how far it may jump.
func (d *desk) setRateTerms(v visit) error {
	typed := map[string]string{"max_age": v.FormValue("max_age"), "jump_percent": v.FormValue("jump_percent")}
	var wrong fault.Fields
	hours, jump := readWhole(typed, "max_age", &wrong), readPercent(typed, "jump_percent", &wrong)
	err := wrong.Err()
	if err == nil {
		err = d.house.Pricing.SetRateTerms(v.ctx(), v.actor, time.Duration(hours)*time.Hour, jump)
	}
	if err != nil {
		return d.refuseRates(v, err, func(page *view.RatesPage) { page.TermsTyped = typed })
	}
	return web.Redirect(v.Ctx, ratesPath+"#terms")
}

// refuseRates shows the page again with what was wrong, as it was typed.
func (d *desk) refuseRates(v visit, err error, keep func(*view.RatesPage)) error {
	f := fault.Of(err)
	if f == nil || f.Kind != fault.Invalid && f.Kind != fault.Conflict && f.Kind != fault.Forbidden {
		return err
	}
	page, lost := d.ratesPage(v)
	if lost != nil {
		return lost
	}
	page.Wrong, page.Chrome.Failed = f.Fields, true
	if len(f.Fields) == 0 {
		page.Refusal = v.said(f)
	}
	if keep != nil {
		keep(&page)
	}
	return web.Render(v.Ctx, f.Kind.Status(), view.Rates(page))
}

func (d *desk) ratesPage(v visit) (page view.RatesPage, err error) {
	page = view.RatesPage{
		Chrome: d.chrome(v, v.words("rates.title")), Now: d.house.Clock.Now(),
		Me: v.actor.ID, MaySet: d.house.Policy.Allows(v.actor, access.SetRates),
	}
	page.Chrome.Path = ratesPath
	if page.Rates, err = d.newestRates(v); err != nil {
		return page, err
	}
	if page.InUse, err = d.house.RateWatch.InUse(v.ctx()); err != nil {
		return page, err
	}
	if page.Feeds, err = d.house.RateWatch.Feeds(v.ctx()); err != nil {
		return page, err
	}
	if page.Proposals, err = d.house.Pricing.Proposals(v.ctx()); err != nil {
		return page, err
	}
	if page.Terms, err = d.house.Pricing.RateTerms(v.ctx()); err != nil {
		return page, err
	}
	page.People, err = d.people(v)
	return page, err
}

func (d *desk) newestRates(v visit) (map[money.Currency]pricing.Rate, error) {
	list, err := d.house.Pricing.NewestRates(v.ctx())
	if err != nil {
		return nil, err
	}
	rates := make(map[money.Currency]pricing.Rate, len(list))
	for _, rate := range list {
		rates[rate.Currency] = rate
	}
	return rates, nil
}

// currencies reads the codes that an address names, with points between.
func currencies(text string) []money.Currency {
	codes := strings.Split(text, ".")
	return slices.DeleteFunc(money.Currencies(), func(c money.Currency) bool { return !slices.Contains(codes, string(c)) })
}
