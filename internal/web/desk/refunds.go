package desk

import (
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/access"
	"pishkhan/internal/fault"
	"pishkhan/internal/fulfil"
	"pishkhan/internal/refunds"
	"pishkhan/internal/seal"
	"pishkhan/internal/web"
	view "pishkhan/views/desk"
)

const refundsPath = "/desk/refunds"

// cancel cancels a paid order, and may ask for its refund at once.
func (d *desk) cancel(v visit) error {
	c := refunds.Cancellation{
		Why: refunds.Why(v.FormValue("cancel_why")), Note: v.FormValue("cancel_note"),
		Any: d.house.Policy.Allows(v.actor, access.CancelAnyOrder), Overrule: refunds.Warning(v.FormValue("cancel_overrule")),
	}
	if v.FormValue("cancel_refund") != "" && d.house.Policy.Allows(v.actor, access.AskRefund) {
		c.Refund = &refunds.Draft{Amount: v.FormValue("cancel_amount"), Destination: v.FormValue("cancel_to")}
	}
	err := d.house.Refunds.Cancel(v.ctx(), v.actor, v.Params("code"), c)
	if err != nil {
		return d.refuse(v, renamedAll(err, "why", "cancel_why", "note", "cancel_note", "amount", "cancel_amount", "destination", "cancel_to"), typedForm(v))
	}
	return d.sent(v, "cancel_note")
}

// askRefund asks for money to go back to the customer of an order.
func (d *desk) askRefund(v visit) error {
	_, err := d.house.Refunds.Ask(v.ctx(), v.actor, v.Params("code"), refunds.Draft{
		Amount: v.FormValue("refund_amount"), Reason: v.FormValue("refund_reason"), Destination: v.FormValue("refund_to"),
		Overrule: v.FormValue("refund_overrule") != "" && d.house.Policy.Allows(v.actor, access.CancelAnyOrder),
	})
	if err != nil {
		return d.refuse(v, renamedAll(err, "amount", "refund_amount", "reason", "refund_reason", "destination", "refund_to"), typedForm(v))
	}
	return d.sent(v, "refund_reason")
}

// typedForm is what stood in a form whose fields have names of their own.
func typedForm(v visit) view.Typed { return view.Typed{Fields: web.Typed(v.Ctx)} }

// renamedAll is renamed for several fields: from, to, from, to.
func renamedAll(err error, names ...string) error {
	for i := 0; i+1 < len(names); i += 2 {
		err = renamed(err, names[i], names[i+1])
	}
	return err
}

// refunds lists them by their state.
func (d *desk) refunds(v visit) error {
	page, err := d.refundsPage(v)
	if err != nil {
		return err
	}
	return web.Render(v.Ctx, fiber.StatusOK, view.Refunds(page))
}

func (d *desk) refundsPage(v visit) (view.RefundsPage, error) {
	state := refunds.Asked
	for _, known := range refunds.States {
		if string(known) == v.Query("state") {
			state = known
		}
	}
	after, err := strconv.ParseInt(v.Query("after"), 10, 64)
	if err != nil || after < 0 {
		after = 0
	}
	page := view.RefundsPage{Chrome: d.chrome(v, v.words("orderdesk.refunds.title")), State: state, MaySetLimit: d.house.Policy.Allows(v.actor, access.SetRefundLimit)}
	list, more, err := d.house.Board.Refunds(v.ctx(), state, after)
	if err != nil {
		return page, err
	}
	if page.List = list; more {
		page.Next = view.RefundsPath(state) + "&after=" + strconv.FormatInt(list[len(list)-1].ID, 10)
	}
	if after > 0 {
		page.First = view.RefundsPath(state)
	}
	if page.Counts, err = d.house.Board.RefundCounts(v.ctx()); err != nil {
		return page, err
	}
	page.Limit, err = d.house.Refunds.Limit(v.ctx())
	return page, err
}

// setRefundLimit sets above which amount two people are needed.
func (d *desk) setRefundLimit(v visit) error {
	err := d.house.Refunds.SetLimit(v.ctx(), v.actor, v.FormValue("limit"))
	if err == nil {
		return web.Redirect(v.Ctx, refundsPath)
	}
	f := fault.Of(err)
	if f == nil || f.Kind != fault.Invalid {
		return err
	}
	page, lost := d.refundsPage(v)
	if lost != nil {
		return lost
	}
	page.Wrong, page.TypedLimit, page.Chrome.Failed = f.Fields, v.FormValue("limit"), true
	return web.Render(v.Ctx, f.Kind.Status(), view.Refunds(page))
}

// refund shows one with what can be done about it.
func (d *desk) refund(v visit) error { return d.showRefund(v, nil, seal.Secret{}) }

func (d *desk) showRefund(v visit, refused *fault.Fault, number seal.Secret) error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	page := view.RefundPage{
		Number: number, Typed: web.Typed(v.Ctx), Me: v.actor.ID,
		MayApprove: d.house.Policy.Allows(v.actor, access.ApproveRefund), MaySend: d.house.Policy.Allows(v.actor, access.SendRefund),
	}
	if page.Refund, err = d.house.Refunds.Refund(v.ctx(), id); err != nil {
		return err
	}
	if page.Order, err = d.house.Orders.ByID(v.ctx(), d.house.Pool, page.Refund.OrderID); err != nil {
		return err
	}
	if page.Customer, err = d.house.Customers.Case(v.ctx(), d.house.Pool, page.Order.IdentityCaseID); err != nil {
		return err
	}
	if page.Limit, err = d.house.Refunds.Limit(v.ctx()); err != nil {
		return err
	}
	if err := d.addOrderMoney(v, &page); err != nil {
		return err
	}
	if page.Payments, err = d.house.Payments.OfCheckout(v.ctx(), d.house.Pool, page.Order.CheckoutID); err != nil {
		return err
	}
	page.Chrome = d.chrome(v, v.words("orderdesk.refund.page", "code", page.Order.Code))
	page.Chrome.Path = view.RefundPath(id)
	status := fiber.StatusOK
	if refused != nil {
		page.Wrong, page.Chrome.Failed, status = refused.Fields, true, refused.Kind.Status()
		if len(refused.Fields) == 0 {
			page.Refusal = v.said(refused)
		}
	}
	return web.Render(v.Ctx, status, view.Refund(page))
}

// addOrderMoney adds what else goes back of the order, and whether something
// is being bought for it.
func (d *desk) addOrderMoney(v visit, page *view.RefundPage) error {
	list, err := d.house.Refunds.Of(v.ctx(), d.house.Pool, page.Order.ID)
	if err != nil {
		return err
	}
	for _, r := range list {
		if r.Counts() {
			page.OfOrder += r.Amount
		}
	}
	bought, err := d.house.Fulfil.Purchases(v.ctx(), page.Order.ID)
	page.PurchaseOpen = slices.ContainsFunc(bought, fulfil.Purchase.Open)
	return err
}

// decided shows a refund after a deed, or why it was not done.
func (d *desk) decided(v visit, id int64, err error) error {
	if err == nil {
		return web.Redirect(v.Ctx, view.RefundPath(id))
	}
	f := fault.Of(err)
	if f == nil || f.Kind != fault.Invalid && f.Kind != fault.Conflict {
		return err
	}
	return d.showRefund(v, f, seal.Secret{})
}

func (d *desk) approveRefund(v visit) error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	return d.decided(v, id, d.house.Refunds.Approve(v.ctx(), v.actor, id))
}

func (d *desk) refundTo(v visit) error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	return d.decided(v, id, d.house.Refunds.SetDestination(v.ctx(), v.actor, id, v.FormValue("destination")))
}

// revealRefund opens the account or card that money goes to, on the record,
// in this one answer.
func (d *desk) revealRefund(v visit) error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	number, err := d.house.Refunds.Destination(v.ctx(), v.actor, id)
	if err != nil {
		return d.decided(v, id, err)
	}
	return d.showRefund(v, nil, number)
}

func (d *desk) refundSent(v visit) error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	return d.decided(v, id, d.house.Refunds.Sent(v.ctx(), v.actor, id, v.FormValue("reference")))
}

func (d *desk) refundFailed(v visit) error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	return d.decided(v, id, d.house.Refunds.Fail(v.ctx(), v.actor, id, v.FormValue("failure")))
}
