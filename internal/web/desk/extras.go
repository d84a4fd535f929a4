package desk

import "pishkhan/internal/checkout"

// askExtra asks the customer for the difference to what the order costs.
func (d *desk) askExtra(v visit) error {
	_, err := d.house.Checkout.AskExtra(v.ctx(), v.actor, v.Params("code"), checkout.ExtraDraft{
		Amount: v.FormValue("extra_amount"), Reason: v.FormValue("extra_reason"),
	})
	if err != nil {
		return d.refuse(v, renamedAll(err, "amount", "extra_amount", "reason", "extra_reason"), typedForm(v))
	}
	return d.sent(v, "extra_reason")
}

// withdrawExtra asks for it no more: the order goes on.
func (d *desk) withdrawExtra(v visit) error {
	if err := d.house.Checkout.WithdrawExtra(v.ctx(), v.actor, v.Params("code")); err != nil {
		return d.refuse(v, err, typedForm(v))
	}
	return d.back(v)
}

// findOut writes down what became of a purchase that an order was cancelled over.
func (d *desk) findOut(v visit) error {
	err := d.house.Fulfil.FindOut(v.ctx(), v.actor, v.Params("code"), report(v))
	if err != nil {
		return d.refuse(v, err, typedWork(v))
	}
	return d.back(v)
}
