package desk

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"pishkhan/internal/board"
	"pishkhan/internal/campaigns"
	"pishkhan/internal/catalog"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/jalali"
	"pishkhan/internal/money"
	"pishkhan/internal/pricing"
	"pishkhan/views/parts"
)

// CampaignsPage lists the discount codes.
type CampaignsPage struct {
	Chrome    parts.Chrome
	Campaigns []campaigns.Campaign
	Now       time.Time
	MayRun    bool
	First     string
	Next      string
}

// CampaignPage is one discount code with the orders that used it.
type CampaignPage struct {
	Chrome   parts.Chrome
	Campaign campaigns.Campaign
	Now      time.Time
	Club     pricing.Club      // for the names of its tiers
	Services []catalog.Service // those on offer, for their titles
	Mobiles  []string          // of listed customers
	People   map[int64]string  // names of the staff
	Uses     []board.CampaignUse
	Cost     money.Rials // what the code took off in all
	MayRun   bool
	Refusal  string // why it was not ended, in words
	First    string
	Next     string
}

// CampaignFormPage begins a campaign.
type CampaignFormPage struct {
	Chrome   parts.Chrome
	Form     campaigns.Form // as typed
	Club     pricing.Club
	Services []catalog.Service
	Wrong    []fault.Field
}

func campaignPath(id int64) string { return "/desk/campaigns/" + strconv.FormatInt(id, 10) }

// open reports whether the campaign can still be ended.
func (p CampaignPage) open() bool {
	state := p.Campaign.State(p.Now)
	return state != campaigns.Over && state != campaigns.Ended
}

// campaignOff says what a code takes off the fee.
func campaignOff(ctx context.Context, c campaigns.Campaign) string {
	if c.Percent.IsPositive() {
		return i18n.T(ctx, "campaigns.percent_off", "percent", c.Percent)
	}
	return toman(ctx, c.Off)
}

// campaignEnds shows when a campaign is over: one that ends at midnight runs
// until the end of the day before.
func campaignEnds(ctx context.Context, c campaigns.Campaign) string {
	if local := c.EndsAt.In(jalali.Tehran); local.Hour() == 0 && local.Minute() == 0 {
		return i18n.T(ctx, "campaigns.end_of_day", "day", i18n.LangOf(ctx).Date(c.EndsAt.Add(-time.Second)))
	}
	return at(ctx, c.EndsAt)
}

func campaignUses(ctx context.Context, c campaigns.Campaign) string {
	if c.MaxUses == 0 {
		return i18n.LangOf(ctx).Number(int64(c.Used))
	}
	return i18n.T(ctx, "campaigns.uses_of", "n", c.Used, "max", c.MaxUses)
}

// limit shows a limit of uses.
func limit(ctx context.Context, most int) string {
	if most == 0 {
		return i18n.T(ctx, "campaigns.no_limit")
	}
	return i18n.LangOf(ctx).Number(int64(most))
}

func audienceKey(a campaigns.Audience) string { return "campaigns.audience." + string(a) }

// tiers names the tiers of the campaign; one that the club has no more, by its key.
func (p CampaignPage) tiers(ctx context.Context) string {
	names := make([]string, len(p.Campaign.Tiers))
	for i, key := range p.Campaign.Tiers {
		names[i] = key
		if tier, ok := p.Club.Tier(key); ok {
			names[i] = tier.Name.In(i18n.LangOf(ctx))
		}
	}
	return list(ctx, names)
}

// covered names the families and services of the campaign.
func (p CampaignPage) covered(ctx context.Context) string {
	var names []string
	for _, family := range p.Campaign.Families {
		names = append(names, i18n.T(ctx, "family."+string(family)))
	}
	for _, slug := range p.Campaign.Services {
		i := slices.IndexFunc(p.Services, func(s catalog.Service) bool { return s.Definition.Slug == slug })
		if i >= 0 {
			names = append(names, p.Services[i].Definition.Title.In(i18n.LangOf(ctx)))
		} else { // no longer on offer
			names = append(names, slug)
		}
	}
	if len(names) == 0 {
		return i18n.T(ctx, "campaigns.all_services")
	}
	return list(ctx, names)
}

func list(ctx context.Context, names []string) string {
	return strings.Join(names, i18n.T(ctx, "desk.list_comma")+" ")
}

// field is a question of the form with what was typed and what is wrong.
func (p CampaignFormPage) field(ctx context.Context, name, value string, optional bool) parts.Field {
	f := parts.Field{
		Name: name, Label: i18n.T(ctx, "campaigns.form."+name), Value: value, Optional: optional,
		Autocomplete: "off", Error: parts.ErrorFor(ctx, p.Wrong, name),
	}
	if help := "campaigns.form." + name + "_help"; i18n.LangOf(ctx).Has(help) {
		f.Help = i18n.T(ctx, help)
	}
	return f
}

func (p CampaignFormPage) audiences(ctx context.Context) []parts.Option {
	options := make([]parts.Option, len(campaigns.Audiences))
	for i, a := range campaigns.Audiences {
		options[i] = parts.Option{Value: string(a), Label: i18n.T(ctx, audienceKey(a)), Help: i18n.T(ctx, audienceKey(a)+"_help")}
	}
	return options
}

func (p CampaignFormPage) tiers(ctx context.Context) []parts.Option {
	options := make([]parts.Option, len(p.Club.Tiers))
	for i, tier := range p.Club.Tiers {
		options[i] = parts.Option{Value: tier.Key, Label: tier.Name.In(i18n.LangOf(ctx))}
	}
	return options
}

func families(ctx context.Context) []parts.Option {
	options := make([]parts.Option, len(catalog.Families))
	for i, family := range catalog.Families {
		options[i] = parts.Option{Value: string(family), Label: i18n.T(ctx, "family."+string(family))}
	}
	return options
}

func (p CampaignFormPage) services(ctx context.Context) []parts.Option {
	options := make([]parts.Option, len(p.Services))
	for i, s := range p.Services {
		options[i] = parts.Option{Value: s.Definition.Slug, Label: s.Definition.Title.In(i18n.LangOf(ctx))}
	}
	return options
}

// label names a field before what is wrong with it.
func (p CampaignFormPage) label(ctx context.Context) func(name string) string {
	return func(name string) string { return i18n.T(ctx, "campaigns.form."+name) }
}

// wrong reports whether something is wrong with the named field.
func (p CampaignFormPage) wrong(name string) bool {
	return slices.ContainsFunc(p.Wrong, func(f fault.Field) bool { return f.Name == name })
}
