package desk

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/access"
	"pishkhan/internal/board"
	"pishkhan/internal/campaigns"
	"pishkhan/internal/fault"
	"pishkhan/internal/jalali"
	"pishkhan/internal/web"
	view "pishkhan/views/desk"
)

const campaignsPath = "/desk/campaigns"

func (d *desk) campaigns(v visit) error {
	before := v.before()
	list, err := d.house.Campaigns.List(v.ctx(), before, board.PageSize+1)
	if err != nil {
		return err
	}
	page := view.CampaignsPage{
		Chrome: d.chrome(v, v.words("campaigns.title")), Campaigns: list, Now: d.house.Clock.Now(),
		MayRun: d.house.Policy.Allows(v.actor, access.RunCampaigns),
	}
	if len(list) > board.PageSize {
		page.Campaigns = list[:board.PageSize]
		page.Next = campaignsPath + "?before=" + strconv.FormatInt(page.Campaigns[board.PageSize-1].ID, 10)
	}
	if before > 0 {
		page.First = campaignsPath
	}
	return web.Render(v.Ctx, fiber.StatusOK, view.Campaigns(page))
}

// before is the last row of the page before this one; 0 on the first.
func (v visit) before() int64 {
	id, err := strconv.ParseInt(v.Query("before"), 10, 64)
	if err != nil || id < 0 {
		return 0
	}
	return id
}

func (d *desk) newCampaign(v visit) error {
	today := v.lang().Digits(jalali.FromTime(d.house.Clock.Now()).String())
	page, err := d.campaignForm(v, campaigns.Form{Audience: string(campaigns.Everyone), StartsOn: today})
	if err != nil {
		return err
	}
	return web.Render(v.Ctx, fiber.StatusOK, view.CampaignForm(page))
}

func (d *desk) createCampaign(v visit) error {
	typed := typedCampaign(v)
	id, err := d.house.Campaigns.Create(v.ctx(), v.actor, typed)
	if err == nil {
		return web.Redirect(v.Ctx, campaignPath(id))
	}
	f := fault.Of(err)
	if f == nil || f.Kind != fault.Invalid {
		return err
	}
	page, lost := d.campaignForm(v, typed)
	if lost != nil {
		return lost
	}
	page.Wrong, page.Chrome.Failed = f.Fields, true
	return web.Render(v.Ctx, f.Kind.Status(), view.CampaignForm(page))
}

func (d *desk) campaignForm(v visit, typed campaigns.Form) (page view.CampaignFormPage, err error) {
	page = view.CampaignFormPage{Chrome: d.chrome(v, v.words("campaigns.new")), Form: typed}
	page.Chrome.Path = campaignsPath + "/new"
	if page.Services, err = d.house.Catalog.Showcase(v.ctx()); err != nil {
		return page, err
	}
	tariff, err := d.house.Pricing.CurrentTariff(v.ctx())
	page.Club = tariff.Tariff.Club
	return page, err
}

func typedCampaign(v visit) campaigns.Form {
	form := campaigns.Form{
		Code: v.FormValue("code"), Name: v.FormValue("name"), Percent: v.FormValue("percent"), Off: v.FormValue("off"),
		StartsOn: v.FormValue("starts_on"), StartsAt: v.FormValue("starts_at"), EndsOn: v.FormValue("ends_on"), EndsAt: v.FormValue("ends_at"),
		Audience: v.FormValue("audience"), Mobiles: v.FormValue("mobiles"),
		MaxUses: v.FormValue("max_uses"), MaxUsesEach: v.FormValue("max_uses_each"),
	}
	for name, value := range v.Request().PostArgs().All() {
		switch string(name) {
		case "tiers":
			form.Tiers = append(form.Tiers, string(value))
		case "families":
			form.Families = append(form.Families, string(value))
		case "services":
			form.Services = append(form.Services, string(value))
		}
	}
	return form
}

func (d *desk) campaign(v visit) error {
	page, err := d.campaignPage(v)
	if err != nil {
		return err
	}
	return web.Render(v.Ctx, fiber.StatusOK, view.Campaign(page))
}

// endCampaign ends a campaign before its time.
func (d *desk) endCampaign(v visit) error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	err = d.house.Campaigns.End(v.ctx(), v.actor, id)
	if err == nil {
		return web.Redirect(v.Ctx, campaignPath(id))
	}
	f := fault.Of(err)
	if f == nil || f.Kind != fault.Conflict {
		return err
	}
	page, lost := d.campaignPage(v)
	if lost != nil {
		return lost
	}
	page.Refusal, page.Chrome.Failed = v.said(f), true
	return web.Render(v.Ctx, f.Kind.Status(), view.Campaign(page))
}

func campaignPath(id int64) string { return campaignsPath + "/" + strconv.FormatInt(id, 10) }

func (d *desk) campaignPage(v visit) (page view.CampaignPage, err error) {
	id, err := v.id("id")
	if err != nil {
		return page, err
	}
	page = view.CampaignPage{Now: d.house.Clock.Now(), MayRun: d.house.Policy.Allows(v.actor, access.RunCampaigns)}
	if page.Campaign, err = d.house.Campaigns.ByID(v.ctx(), id); err != nil {
		return page, err
	}
	page.Chrome = d.chrome(v, page.Campaign.Name)
	page.Chrome.Path = campaignPath(id)
	if page.Mobiles, err = d.house.Campaigns.Mobiles(v.ctx(), id); err != nil {
		return page, err
	}
	if page.Services, err = d.house.Catalog.Showcase(v.ctx()); err != nil {
		return page, err
	}
	tariff, err := d.house.Pricing.CurrentTariff(v.ctx())
	if err != nil {
		return page, err
	}
	page.Club = tariff.Tariff.Club
	if page.People, err = d.people(v); err != nil {
		return page, err
	}
	return page, d.campaignUses(v, &page)
}

// campaignUses fills in the orders that used the code.
func (d *desk) campaignUses(v visit, page *view.CampaignPage) (err error) {
	id, before := page.Campaign.ID, v.before()
	if page.Cost, err = d.house.Board.CampaignCost(v.ctx(), id); err != nil {
		return err
	}
	uses, more, err := d.house.Board.CampaignUses(v.ctx(), id, before)
	if err != nil {
		return err
	}
	page.Uses = uses
	if more {
		page.Next = campaignPath(id) + "?before=" + strconv.FormatInt(uses[len(uses)-1].ID, 10)
	}
	if before > 0 {
		page.First = campaignPath(id)
	}
	return nil
}

// people are the names of the staff.
func (d *desk) people(v visit) (map[int64]string, error) {
	members, err := d.house.Staff.List(v.ctx())
	if err != nil {
		return nil, err
	}
	names := make(map[int64]string, len(members))
	for _, m := range members {
		names[m.ID] = m.Name
	}
	return names, nil
}
