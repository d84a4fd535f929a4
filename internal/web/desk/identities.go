package desk

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/access"
	"pishkhan/internal/board"
	"pishkhan/internal/customers"
	"pishkhan/internal/fault"
	"pishkhan/internal/web"
	view "pishkhan/views/desk"
)

const identitiesPath = "/desk/identities"

func (d *desk) identities(v visit) error {
	after, _ := strconv.ParseInt(v.Query("after"), 10, 64)
	cases, err := d.house.Customers.Open(v.ctx(), after, board.PageSize+1)
	if err != nil {
		return err
	}
	page := view.IdentitiesPage{Chrome: d.chrome(v, v.words("desk.identities.title")), Cases: cases}
	if len(cases) > board.PageSize {
		page.Cases = cases[:board.PageSize]
		page.Next = identitiesPath + "?after=" + strconv.FormatInt(page.Cases[board.PageSize-1].ID, 10)
	}
	if after > 0 {
		page.First = identitiesPath
	}
	if page.Orders, err = d.house.Board.OfCases(v.ctx(), caseIDs(page.Cases)...); err != nil {
		return err
	}
	return web.Render(v.Ctx, fiber.StatusOK, view.Identities(page))
}

func caseIDs(cases []customers.Case) []int64 {
	ids := make([]int64, len(cases))
	for i, c := range cases {
		ids[i] = c.ID
	}
	return ids
}

func (d *desk) identity(v visit) error {
	page, err := d.openCase(v)
	if err != nil {
		return err
	}
	return web.Render(v.Ctx, fiber.StatusOK, view.Identity(page))
}

// document shows what a customer handed in to prove who they are. The record
// of who looked is written first.
func (d *desk) document(v visit) error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	paper, content, err := d.house.Customers.ViewDocument(v.ctx(), v.actor, id)
	if err != nil {
		return err
	}
	return showPaper(v, paper.Name, paper.MIME, content)
}

// verdict carries the reviewer's word to the orders, and opens the next case.
func (d *desk) verdict(v visit) error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	which := customers.Verdict(v.FormValue("verdict"))
	if which != customers.Approved && which != customers.Rejected {
		return fiber.ErrBadRequest
	}
	reason := v.FormValue("reason")
	if err := d.house.Checkout.DecideIdentity(v.ctx(), v.actor, id, which, reason); err != nil {
		return d.refuseVerdict(v, err, reason)
	}
	return d.nextCase(v, id)
}

func (d *desk) refuseVerdict(v visit, err error, reason string) error {
	f := fault.Of(err)
	if f == nil || f.Kind != fault.Invalid && f.Kind != fault.Conflict {
		return err
	}
	page, lost := d.openCase(v)
	if lost != nil {
		return lost
	}
	page.Reason, page.Wrong, page.Chrome.Failed = reason, f.Fields, true
	if len(f.Fields) == 0 {
		page.Refusal = v.said(f)
	}
	return web.Render(v.Ctx, f.Kind.Status(), view.Identity(page))
}

// nextCase leads to the case that follows, to the oldest one else, or to the
// empty list.
func (d *desk) nextCase(v visit, id int64) error {
	for _, after := range []int64{id, 0} {
		open, err := d.house.Customers.Open(v.ctx(), after, 1)
		if err != nil {
			return err
		}
		if len(open) > 0 {
			return web.Redirect(v.Ctx, identitiesPath+"/"+strconv.FormatInt(open[0].ID, 10))
		}
	}
	return web.Redirect(v.Ctx, identitiesPath)
}

// openCase is the page of a case, with its national code.
func (d *desk) openCase(v visit) (view.IdentityPage, error) {
	id, err := v.id("id")
	if err != nil {
		return view.IdentityPage{}, err
	}
	var page view.IdentityPage
	if page.Case, page.NationalCode, err = d.house.Customers.View(v.ctx(), v.actor, id); err != nil {
		return view.IdentityPage{}, err
	}
	together, err := d.house.Board.OfCases(v.ctx(), id)
	page.Orders = together[id]
	page.MayDecide = d.house.Policy.Allows(v.actor, access.DecideIdentity)
	page.Chrome = d.chrome(v, v.words("desk.identity.title", "name", page.Case.Name))
	page.Chrome.Path = identitiesPath + "/" + strconv.FormatInt(id, 10)
	return page, err
}
