package desk

import (
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/access"
	"pishkhan/internal/fault"
	"pishkhan/internal/pricing"
	"pishkhan/internal/web"
	view "pishkhan/views/desk"
)

const (
	pricesPath = "/desk/prices"
	draftPath  = pricesPath + "/draft"
)

// prices shows the tariff that holds now, and those that held before.
func (d *desk) prices(v visit) error { return d.showPrices(v, fiber.StatusOK, "") }

func (d *desk) showPrices(v visit, status int, refusal string) error {
	current, err := d.house.Pricing.CurrentTariff(v.ctx())
	if err != nil {
		return err
	}
	page, err := d.tariffPage(v, v.words("prices.title"), current.Tariff)
	if err != nil {
		return err
	}
	page.Version, page.Refusal, page.Chrome.Failed = current.Version, refusal, refusal != ""
	if page.Versions, err = d.house.Pricing.TariffVersions(v.ctx()); err != nil {
		return err
	}
	draft, err := d.house.Pricing.TariffDraft(v.ctx())
	if err != nil {
		return err
	}
	page.Begun = draft.Begun
	return web.Render(v.Ctx, status, view.Prices(page))
}

// draft shows the next tariff in the making, and what an order would cost
// under it.
func (d *desk) draft(v visit) error { return d.showDraft(v, fiber.StatusOK, nil) }

func (d *desk) showDraft(v visit, status int, f *fault.Fault) error {
	draft, err := d.house.Pricing.TariffDraft(v.ctx())
	if err != nil {
		return err
	}
	page, err := d.tariffPage(v, v.words("prices.draft"), draft.Tariff)
	if err != nil {
		return err
	}
	page.Chrome.Path = draftPath
	page.Revision, page.Begun, page.SavedAt, page.SavedBy = draft.Revision, draft.Begun, draft.SavedAt, draft.SavedBy
	if page.Try, err = d.tryTariff(v, draft.Tariff); err != nil {
		return err
	}
	if f != nil {
		page.Chrome.Failed = true
		if page.Wrong = f.Fields; len(f.Fields) == 0 {
			page.Refusal = v.said(f)
		}
	}
	return web.Render(v.Ctx, status, view.PricesDraft(page))
}

func (d *desk) tariffPage(v visit, title string, tariff pricing.Tariff) (page view.TariffPage, err error) {
	page = view.TariffPage{
		Chrome: d.chrome(v, title), Tariff: tariff, Now: d.house.Clock.Now(),
		MayEdit: d.house.Policy.Allows(v.actor, access.EditTariff),
	}
	page.Chrome.Path = pricesPath
	if page.Services, err = d.house.Catalog.Showcase(v.ctx()); err != nil {
		return page, err
	}
	page.People, err = d.people(v)
	return page, err
}

// changeDraft saves what change makes of the draft, over the revision that
// the form was read with. What is wrong is shown by again, else on the draft.
func (d *desk) changeDraft(v visit, change func(*pricing.Tariff) error, again func(*fault.Fault) error) error {
	err := d.saveDraft(v, change)
	if err == nil {
		return web.Redirect(v.Ctx, draftPath)
	}
	f := fault.Of(err)
	switch {
	case f == nil:
		return err
	case f.Kind == fault.Invalid && again != nil:
		return again(f)
	case f.Kind == fault.Invalid || f.Kind == fault.Conflict:
		return d.showDraft(v, f.Kind.Status(), f)
	}
	return err
}

func (d *desk) saveDraft(v visit, change func(*pricing.Tariff) error) error {
	draft, err := d.house.Pricing.TariffDraft(v.ctx())
	if err != nil {
		return err
	}
	next := draft.Tariff
	next.Fees = slices.Clone(next.Fees)
	if err := change(&next); err != nil {
		return err
	}
	raw, err := next.JSON()
	if err != nil {
		return err
	}
	_, err = d.house.Pricing.SaveTariffDraft(v.ctx(), v.actor, v.revision(), raw)
	return err
}

// revision is the draft's as the form was read with.
func (v visit) revision() int64 {
	n, err := strconv.ParseInt(v.FormValue("revision"), 10, 64)
	if err != nil {
		return -1 // never the draft's: told as a conflict
	}
	return n
}

// moveRule puts a rule one place up or down.
func (d *desk) moveRule(v visit) error {
	return d.changeDraft(v, func(t *pricing.Tariff) error {
		n, err := v.rule(*t)
		if err != nil {
			return err
		}
		to := n - 1
		if v.FormValue("to") == "down" {
			to = n + 1
		}
		if to < 0 || to >= len(t.Fees) {
			return nil // it is at the end already
		}
		t.Fees[n], t.Fees[to] = t.Fees[to], t.Fees[n]
		return nil
	}, nil)
}

// removeRule takes a rule away.
func (d *desk) removeRule(v visit) error {
	return d.changeDraft(v, func(t *pricing.Tariff) error {
		n, err := v.rule(*t)
		if err != nil {
			return err
		}
		t.Fees = slices.Delete(t.Fees, n, n+1)
		return nil
	}, nil)
}

// rule is the place of the rule that the address names; NotFound when there
// is none.
func (v visit) rule(t pricing.Tariff) (int, error) {
	n, err := v.id("n")
	if err != nil || n < 0 || n >= int64(len(t.Fees)) {
		return 0, fault.New(fault.NotFound, "fault.not_found")
	}
	return int(n), nil
}

// publishPrices makes the draft the tariff.
func (d *desk) publishPrices(v visit) error {
	_, err := d.house.Pricing.PublishTariff(v.ctx(), v.actor, v.revision(), v.FormValue("note"))
	if f := fault.Of(err); f != nil && (f.Kind == fault.Invalid || f.Kind == fault.Conflict) {
		return d.showDraft(v, f.Kind.Status(), f)
	}
	if err != nil {
		return err
	}
	return web.Redirect(v.Ctx, pricesPath)
}

// discardPrices throws the draft away.
func (d *desk) discardPrices(v visit) error {
	err := d.house.Pricing.DiscardTariffDraft(v.ctx(), v.actor, v.revision())
	if f := fault.Of(err); f != nil && f.Kind == fault.Conflict {
		return d.showDraft(v, f.Kind.Status(), f)
	}
	if err != nil {
		return err
	}
	return web.Redirect(v.Ctx, pricesPath)
}

// rollBackPrices makes an earlier tariff hold again.
func (d *desk) rollBackPrices(v visit) error {
	version, err := v.id("version")
	if err != nil {
		return err
	}
	_, err = d.house.Pricing.RollBackTariff(v.ctx(), v.actor, int(version), v.FormValue("note"))
	f := fault.Of(err)
	switch {
	case err == nil:
		return web.Redirect(v.Ctx, pricesPath)
	case f != nil && f.Kind == fault.Conflict:
		return d.showPrices(v, f.Kind.Status(), v.said(f))
	case f != nil && f.Kind == fault.Invalid && len(f.Fields) > 0:
		return d.showPrices(v, f.Kind.Status(), v.words(f.Fields[0].Key, f.Fields[0].Args...))
	}
	return err
}
