package desk

import (
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/queue"
	"pishkhan/internal/web"
	view "pishkhan/views/desk"
)

// addHands adds who may take the order over, for whoever can give it away.
func (d *desk) addHands(v visit, p *view.OrderPage) (err error) {
	if p.CanHandOver() {
		p.Able, err = d.house.Queue.Colleagues(v.ctx(), p.Order.Code)
	}
	if err == nil && p.Mine() {
		err = d.house.Queue.Touch(v.ctx(), v.actor, p.Order.Code) // whoever reads the page is at it
	}
	return err
}

// able answers with the colleagues who may be given the picked orders, as
// options for a picker.
func (d *desk) able(v visit) error {
	var codes []string
	for _, code := range v.Request().URI().QueryArgs().PeekMulti("code") {
		codes = append(codes, string(code))
	}
	picked, err := d.picked(v, codes)
	if err != nil {
		return err
	}
	var versions []int64
	for _, o := range picked {
		if !slices.Contains(versions, o.ServiceVersionID) {
			versions = append(versions, o.ServiceVersionID)
		}
	}
	people, err := d.house.Queue.Able(v.ctx(), versions...)
	if err != nil {
		return err
	}
	people = slices.DeleteFunc(people, func(p queue.Person) bool { return p.ID == v.actor.ID })
	return web.Render(v.Ctx, fiber.StatusOK, view.AbleOptions(people))
}

// typedFields is what stood in the named fields of a form.
func typedFields(v visit, names ...string) view.Typed {
	fields := map[string]string{}
	for _, name := range names {
		fields[name] = v.FormValue(name)
	}
	return view.Typed{Fields: fields}
}

// handOver gives the order to a colleague.
func (d *desk) handOver(v visit) error {
	to, _ := strconv.ParseInt(v.FormValue("to"), 10, 64) // what is no number is nobody
	if err := d.house.Queue.HandOver(v.ctx(), v.actor, v.Params("code"), to, v.FormValue("handover_reason")); err != nil {
		return d.refuse(v, renamed(err, "reason", "handover_reason"), typedFields(v, "to", "handover_reason"))
	}
	return d.sent(v, "handover_reason")
}

// steal takes the order from a colleague.
func (d *desk) steal(v visit) error {
	err := d.house.Queue.Steal(v.ctx(), v.actor, v.Params("code"), v.FormValue("steal_reason"), v.FormValue("steal_despite") == "yes")
	if err != nil {
		return d.refuse(v, renamed(err, "reason", "steal_reason"), typedFields(v, "steal_reason", "steal_despite"))
	}
	return d.back(v)
}

// putBack gives a colleague's order back to the queue.
func (d *desk) putBack(v visit) error {
	err := d.house.Queue.ReleaseFor(v.ctx(), v.actor, v.Params("code"), v.FormValue("return_reason"), v.FormValue("return_despite") == "yes")
	if err != nil {
		return d.refuse(v, renamed(err, "reason", "return_reason"), typedFields(v, "return_reason", "return_despite"))
	}
	return d.back(v)
}

// skip gives the order back, and lets "next" pass over it for a while.
func (d *desk) skip(v visit) error {
	if err := d.house.Queue.Skip(v.ctx(), v.actor, v.Params("code"), v.FormValue("skip_reason")); err != nil {
		return d.refuse(v, renamed(err, "reason", "skip_reason"), typedFields(v, "skip_reason"))
	}
	d.forget(v, "skip_reason")
	return web.Redirect(v.Ctx, "/desk")
}

// touch notes that the reader is still at the order.
func (d *desk) touch(v visit) error {
	if err := d.house.Queue.Touch(v.ctx(), v.actor, v.Params("code")); err != nil {
		return err
	}
	return v.SendStatus(204)
}
