package desk

import (
	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/catalog"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/pricing"
	"pishkhan/internal/web"
	"pishkhan/views/parts"
	"pishkhan/views/shop"
)

// The preview of a draft is the customers' own page, in either language, with
// a live price by the current tariff. Nothing can be ordered there.

func (d *desk) preview(v visit) error {
	service, lang, err := d.drafted(v)
	if err != nil {
		return err
	}
	return d.showTrial(v, fiber.StatusOK, service, lang, shop.Form{Values: map[string]string{}}, false)
}

// checkPreview tries answers against the draft.
func (d *desk) checkPreview(v visit) error {
	service, lang, err := d.drafted(v)
	if err != nil {
		return err
	}
	values := web.Typed(v.Ctx)
	if form, err := v.MultipartForm(); err == nil {
		for name := range form.File { // that there is a file is all that is looked at
			values[name] = "1"
		}
	}
	_, err = service.Definition.Check(values, d.house.Clock.Now())
	f := fault.Of(err)
	if err != nil && (f == nil || f.Kind != fault.Invalid) {
		return err
	}
	form, status := shop.Form{Values: values}, fiber.StatusOK
	if f != nil {
		form.Wrong, status = f.Fields, f.Kind.Status()
	}
	return d.showTrial(v, status, service, lang, form, err == nil)
}

func (d *desk) previewPrice(v visit) error {
	service, lang, err := d.drafted(v)
	if err != nil {
		return err
	}
	values := web.Typed(v.Ctx)
	if !web.IsFragment(v.Ctx) {
		return d.showTrial(v, fiber.StatusOK, service, lang, shop.Form{Values: values}, false)
	}
	price, err := d.trialPrice(v, service, values)
	if err != nil {
		return err
	}
	return web.Render(v.Ctx, fiber.StatusOK, shop.PriceAnew(service.Definition, price))
}

// drafted is the draft as a service, seen in the language of the address.
// Faults: NotFound; Conflict where the draft is not right yet.
func (d *desk) drafted(v visit) (service catalog.Service, lang i18n.Lang, err error) {
	lang, ok := i18n.ParseLang(v.Params("lang"))
	if !ok {
		return service, lang, fault.New(fault.NotFound, "fault.not_found")
	}
	p, err := d.editor(v, "preview")
	if err != nil {
		return service, lang, err
	}
	if len(p.Faults) > 0 || !p.Readable {
		return service, lang, fault.New(fault.Conflict, "catalogue.error.preview")
	}
	v.SetUserContext(i18n.WithLang(v.ctx(), lang))
	service = p.Listing.Service
	service.Definition = p.Definition
	service.Definition.Slug = p.Slug
	return service, lang, nil
}

func (d *desk) showTrial(v visit, status int, service catalog.Service, lang i18n.Lang, form shop.Form, right bool) (err error) {
	address := catalogPath(service.Definition.Slug) + "/preview/"
	page := shop.ServicePage{Service: service, Form: form, Trial: address + string(lang)}
	if page.Price, err = d.trialPrice(v, service, form.Values); err != nil {
		return err
	}
	chrome := parts.Chrome{
		Title: service.Definition.Title.In(lang), Theme: web.Theme(v.Ctx), CSRF: web.CSRF(v.Ctx, v.session), Path: address + string(lang),
	}
	for _, other := range i18n.Langs() {
		chrome.Nav = append(chrome.Nav, parts.NavItem{
			Label: v.words("catalogue.lang." + string(other)), Href: address + string(other), Current: other == lang,
		})
	}
	if web.IsFragment(v.Ctx) {
		return web.Render(v.Ctx, status, shop.TrialAnswer(chrome.CSRF, page, right))
	}
	return web.Render(v.Ctx, status, shop.Trial(chrome, page, right))
}

// trialPrice is the price of what was typed, or why there is none yet.
func (d *desk) trialPrice(v visit, service catalog.Service, values map[string]string) (shop.Price, error) {
	field := service.Definition.AmountField()
	if len(values) == 0 || field.Sum == nil && values[field.Name] == "" {
		if field.Sum != nil {
			return shop.Price{Hint: v.words("shop.price.ask_rows")}, nil
		}
		return shop.Price{Hint: v.words("shop.price.ask")}, nil
	}
	amount, err := service.Definition.ReadAmount(values)
	var quote pricing.Quote
	if err == nil {
		quote, err = d.house.Pricing.Preview(v.ctx(), service, amount, pricing.Alone)
	}
	f := fault.Of(err)
	switch {
	case err == nil:
		return shop.Price{Quote: quote, Known: true}, nil
	case f == nil:
		return shop.Price{}, err
	case len(f.Fields) > 0:
		return shop.Price{Hint: v.words(f.Fields[0].Key, f.Fields[0].Args...)}, nil
	}
	return shop.Price{Hint: v.said(f)}, nil
}
