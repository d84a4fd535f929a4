package desk

import (
	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/access"
	"pishkhan/internal/catalog"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
	"pishkhan/internal/pricing"
	"pishkhan/internal/web"
	view "pishkhan/views/desk"
)

func (d *desk) order(v visit) error {
	page, err := d.dossier(v)
	if err != nil {
		return err
	}
	return web.Render(v.Ctx, fiber.StatusOK, view.Order(page))
}

// refuse answers a deed on an order that was not done: what is wrong beside
// its fields, or who was first above the order as it stands now. typed is
// what stood in the form. Any other error goes on.
func (d *desk) refuse(v visit, err error, typed view.Typed) error {
	f := fault.Of(err)
	if f == nil || f.Kind == fault.NotFound || f.Kind == fault.Unavailable {
		return err
	}
	if err := d.house.Notes.Keep(v.ctx(), v.actor, v.Params("code"), web.Typed(v.Ctx)); err != nil { // it may be quicker than its draft
		web.Report(v.Ctx, err)
	}
	page, lost := d.dossier(v)
	if lost != nil {
		return lost
	}
	page.Typed, page.Wrong, page.Chrome.Failed, page.Lost = typed, f.Fields, true, f.Key == "queue.error.taken"
	page.Offers = offers(page)
	if len(f.Fields) == 0 {
		page.Refusal = v.said(f)
	}
	if web.IsFragment(v.Ctx) {
		v.Set("HX-Retarget", "#order")
		v.Set("HX-Reswap", "outerHTML")
		return web.Render(v.Ctx, f.Kind.Status(), view.OrderBody(page))
	}
	return web.Render(v.Ctx, f.Kind.Status(), view.Order(page))
}

// back shows the order after a deed.
func (d *desk) back(v visit) error { return web.Redirect(v.Ctx, orderPath(v.Params("code"))) }

// dossier gathers everything about the order that the address names.
func (d *desk) dossier(v visit) (view.OrderPage, error) {
	o, err := d.house.Orders.ByCode(v.ctx(), d.house.Pool, v.Params("code"))
	if err != nil {
		return view.OrderPage{}, err
	}
	line := d.lineTo(v, "order="+o.Code) // before the page is read
	p := view.OrderPage{Order: o, Me: v.actor.ID, May: d.may(v), Fragment: web.IsFragment(v.Ctx)}
	for _, add := range []func(visit, *view.OrderPage) error{d.addTask, d.addWork, d.addPast, d.addMoney, d.addNotes, d.addAttachments, d.addHands} {
		if err := add(v, &p); err != nil {
			return view.OrderPage{}, err
		}
	}
	p.Chrome = d.chrome(v, v.words("desk.order.page", "code", o.Code, "service", p.Service.Definition.Title))
	p.Chrome.Path, p.Chrome.Live = orderPath(o.Code), line
	if p.Warnings, err = d.warnings(v); err != nil {
		return view.OrderPage{}, err
	}
	p.Warnings.Back = p.Chrome.Path
	return p, nil
}

// addTask adds what is to be done, for whom, and until when.
func (d *desk) addTask(v visit, p *view.OrderPage) (err error) {
	ctx, h := v.ctx(), d.house
	if p.Row, err = h.Board.Row(ctx, p.Order.ID); err != nil {
		return err
	}
	if p.Service, err = h.Catalog.Version(ctx, h.Pool, catalog.VersionID(p.Order.ServiceVersionID)); err != nil {
		return err
	}
	if p.Quote, err = h.Pricing.Quote(ctx, h.Pool, pricing.QuoteID(p.Order.QuoteID)); err != nil {
		return err
	}
	p.Customer, err = h.Customers.Case(ctx, h.Pool, p.Order.IdentityCaseID)
	return err
}

// addWork adds what was done so far at the destination.
func (d *desk) addWork(v visit, p *view.OrderPage) (err error) {
	if p.Purchases, err = d.house.Fulfil.Purchases(v.ctx(), p.Order.ID); err != nil {
		return err
	}
	p.Receipts, err = d.house.Receipts.Of(v.ctx(), d.house.Pool, int64(p.Order.ID))
	return err
}

// addPast adds the history with the clocks, the calls, the payments and the messages.
func (d *desk) addPast(v visit, p *view.OrderPage) (err error) {
	ctx, h := v.ctx(), d.house
	if p.Past, err = web.Past(ctx, h, p.Order.ID); err != nil {
		return err
	}
	if p.ToCall, err = h.Contacts.Of(ctx, p.Order.ID); err != nil {
		return err
	}
	if p.Called, err = h.Contacts.Calls(ctx, p.Order.ID); err != nil {
		return err
	}
	if p.Payments, err = h.Payments.OfCheckout(ctx, h.Pool, p.Order.CheckoutID); err != nil {
		return err
	}
	p.Messages, err = h.Notices.Of(ctx, int64(p.Order.ID))
	return err
}

// addMoney adds what was asked for besides the price, and what goes back.
func (d *desk) addMoney(v visit, p *view.OrderPage) (err error) {
	ctx, h := v.ctx(), d.house
	if p.Extras, err = h.Payments.ExtrasOf(ctx, h.Pool, int64(p.Order.ID)); err != nil {
		return err
	}
	if p.Refunds, err = h.Refunds.Of(ctx, h.Pool, p.Order.ID); err != nil {
		return err
	}
	p.Left, err = h.Refunds.Left(ctx, h.Pool, p.Order)
	return err
}

// addNotes adds what staff wrote on the order, and what the reader is writing.
func (d *desk) addNotes(v visit, p *view.OrderPage) (err error) {
	if p.Notes, err = d.house.Notes.Of(v.ctx(), v.actor.ID, p.Order.ID); err != nil {
		return err
	}
	p.Drafts, err = d.house.Notes.Drafts(v.ctx(), v.actor.ID, p.Order.ID)
	return err
}

func (d *desk) may(v visit) view.May {
	allows := func(p access.Permission) bool { return d.house.Policy.Allows(v.actor, p) }
	return view.May{
		Claim: allows(access.ClaimOrder), Work: allows(access.WorkOnOrder), Reveal: allows(access.RevealCredential),
		SeeIdentity: allows(access.SeeIdentity), Extend: allows(access.ExtendOrder), ExtendAny: allows(access.ExtendAnyOrder),
		Reopen: allows(access.ReopenOrder), HandOver: allows(access.HandOverOrder), Steal: allows(access.StealOrder), PutBack: allows(access.PutBackOrder), SeeCalendar: allows(access.SeeCalendar),
		Cancel: allows(access.CancelOrder), CancelAny: allows(access.CancelAnyOrder),
		AskRefund: allows(access.AskRefund), SeeRefunds: allows(access.SeeRefunds), Note: allows(access.WriteNotes), Call: allows(access.CloseContact),
		Attach: allows(access.AttachFiles), RemoveAny: allows(access.RemoveAnyFile),
	}
}

// renamed gives a field that is wrong the name that it has on the order's
// page, where several forms stand side by side.
func renamed(err error, from, to string) error {
	f := fault.Of(err)
	if f == nil || len(f.Fields) == 0 {
		return err
	}
	g := *f
	g.Fields = append([]fault.Field(nil), f.Fields...)
	for i := range g.Fields {
		if g.Fields[i].Name == from {
			g.Fields[i].Name = to
		}
	}
	return &g
}

// heldBy returns the order that the address names when the reader holds it;
// a Conflict that names who does otherwise.
func (d *desk) heldBy(v visit) (orders.Order, error) {
	o, err := d.house.Orders.ByCode(v.ctx(), d.house.Pool, v.Params("code"))
	if err != nil {
		return orders.Order{}, err
	}
	held, err := d.house.Queue.Holder(v.ctx(), d.house.Pool, o.ID)
	if fault.Is(err, fault.NotFound) {
		return orders.Order{}, fault.New(fault.Conflict, "queue.error.not_held", "code", o.Code)
	}
	if err == nil && held.MemberID != v.actor.ID {
		err = fault.New(fault.Conflict, "queue.error.taken", "code", o.Code, "name", held.MemberName, "at", held.ClaimedAt)
	}
	return o, err
}
