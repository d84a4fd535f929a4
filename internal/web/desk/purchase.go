package desk

import (
	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/fault"
	"pishkhan/internal/fulfil"
	"pishkhan/internal/receipts"
	"pishkhan/internal/web"
	view "pishkhan/views/desk"
)

// workFields are what is typed about a purchase: the next one begins without.
var workFields = []string{"charged_amount", "reference", "note"}

// startPurchase writes down that the operator is about to pay.
func (d *desk) startPurchase(v visit) error {
	if err := d.house.Fulfil.StartPurchase(v.ctx(), v.actor, v.Params("code")); err != nil {
		return d.refuse(v, err, view.Typed{})
	}
	d.forget(v, workFields...) // of a purchase before, which ended elsewhere
	if !web.IsFragment(v.Ctx) {
		return d.back(v)
	}
	page, err := d.dossier(v)
	if err != nil {
		return err
	}
	return web.Render(v.Ctx, fiber.StatusOK, view.PurchaseStarted(page))
}

// endPurchase writes down what became of it.
func (d *desk) endPurchase(v visit) error {
	if err := d.takeReceipt(v); err != nil {
		return d.refuse(v, err, typedWork(v))
	}
	if err := d.house.Fulfil.EndPurchase(v.ctx(), v.actor, v.Params("code"), report(v)); err != nil {
		return d.refuse(v, err, typedWork(v))
	}
	return d.sent(v, workFields...)
}

// complete ends the work on the order. The outcome of the purchase and a
// receipt may come along.
func (d *desk) complete(v visit) error {
	if err := d.takeReceipt(v); err != nil {
		return d.refuse(v, err, typedWork(v))
	}
	var said *fulfil.Report
	if r := report(v); r.Outcome != "" {
		said = &r
	}
	if err := d.house.Fulfil.Complete(v.ctx(), v.actor, v.Params("code"), said); err != nil {
		return d.refuse(v, err, typedWork(v))
	}
	return d.sent(v, workFields...)
}

// takeReceipt keeps the file that came along with the form, if one did.
func (d *desk) takeReceipt(v visit) error {
	name, content, err := upload(v)
	if err != nil || content == nil {
		return err
	}
	return besideField(d.house.Fulfil.AddReceipt(v.ctx(), v.actor, v.Params("code"), name, content))
}

func report(v visit) fulfil.Report {
	return fulfil.Report{
		Outcome: fulfil.Outcome(v.FormValue("outcome")), Amount: v.FormValue("charged_amount"),
		Currency: v.FormValue("charged_currency"), Reference: v.FormValue("reference"), Note: v.FormValue("note"),
	}
}

func typedWork(v visit) view.Typed {
	return view.Typed{
		Outcome: v.FormValue("outcome"), Amount: v.FormValue("charged_amount"), Currency: v.FormValue("charged_currency"),
		Reference: v.FormValue("reference"), Note: v.FormValue("note"),
	}
}

// besideField says of a file that is too large what is wrong beside its field.
func besideField(err error) error {
	f := fault.Of(err)
	if f == nil || f.Kind != fault.TooLarge {
		return err
	}
	g := *f
	g.Fields = []fault.Field{{Name: "receipt", Key: f.Key, Args: f.Args}}
	return &g
}

func tooLarge() error {
	return fault.New(fault.TooLarge, "receipt.error.size", "megabytes", receipts.MaxBytes>>20)
}
