package desk

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"pishkhan/internal/board"
	"pishkhan/internal/catalog"
	"pishkhan/internal/i18n"
	"pishkhan/internal/money"
	"pishkhan/internal/orders"
	view "pishkhan/views/desk"
	"pishkhan/views/parts"
)

// readQuery is what the page's address asks of the queue. What it cannot be
// is left out.
func readQuery(v visit) view.QueueQuery {
	q := view.QueueQuery{
		View: board.Free, Sort: board.ByDue, Service: v.Query("service"), Family: v.Query("family"), State: orders.State(v.Query("state")),
		Least: strings.TrimSpace(v.Query("min")), Most: strings.TrimSpace(v.Query("max")), Tier: v.Query("tier"), Age: v.Query("age"), Holder: v.Query("who"),
	}
	if which := board.View(v.Query("view")); slices.Contains(board.Views, which) {
		q.View = which
	}
	if sort := board.Sort(v.Query("sort")); slices.Contains(board.Sorts, sort) {
		q.Sort = sort
	}
	if !slices.Contains(orders.States, q.State) {
		q.State = ""
	}
	if _, ok := view.Ages[q.Age]; !ok {
		q.Age = ""
	}
	for _, text := range []*string{&q.Service, &q.Family, &q.Least, &q.Most, &q.Tier, &q.Holder} {
		if len(*text) > 60 {
			*text = ""
		}
	}
	return q
}

// filter is a query as the board takes it.
func (d *desk) filter(v visit, q view.QueueQuery) (board.Filter, error) {
	f := board.Filter{View: q.View, Sort: q.Sort, Member: v.actor.ID, State: q.State, Tier: q.Tier, Age: view.Ages[q.Age]}
	f.Least, _ = money.ParseToman(q.Least) // what is no amount is no bound, and stays in its field
	f.Most, _ = money.ParseToman(q.Most)
	f.Holder, _ = strconv.ParseInt(q.Holder, 10, 64)
	if q.Service == "" && q.Family == "" {
		return f, nil
	}
	f.Versions = []int64{}
	versions, err := d.house.Catalog.AllVersions(v.ctx())
	if err != nil {
		return f, err
	}
	for _, one := range versions {
		if (q.Service == "" || one.Slug == q.Service) && (q.Family == "" || string(one.Family) == q.Family) {
			f.Versions = append(f.Versions, int64(one.ID))
		}
	}
	return f, nil
}

// choices are what the filters offer.
func (d *desk) choices(v visit) (*view.QueueChoices, error) {
	var c view.QueueChoices
	services, err := d.house.Catalog.Showcase(v.ctx())
	if err != nil {
		return nil, err
	}
	for _, s := range services {
		c.Services = append(c.Services, parts.Option{Value: s.Definition.Slug, Label: s.Definition.Title.In(v.lang())})
	}
	for _, family := range catalog.Families {
		c.Families = append(c.Families, parts.Option{Value: string(family), Label: v.words("family." + string(family))})
	}
	tariff, err := d.house.Pricing.CurrentTariff(v.ctx())
	if err != nil {
		return nil, err
	}
	for _, tier := range tariff.Tariff.Club.Tiers {
		c.Tiers = append(c.Tiers, parts.Option{Value: tier.Key, Label: tier.Name.In(v.lang())})
	}
	c.Members, err = d.colleagues(v)
	return &c, err
}

// colleagues are the members who have not left.
func (d *desk) colleagues(v visit) ([]parts.Option, error) {
	members, err := d.house.Staff.List(v.ctx())
	if err != nil {
		return nil, err
	}
	var options []parts.Option
	for _, m := range members {
		if m.DisabledAt == nil {
			options = append(options, parts.Option{Value: strconv.FormatInt(m.ID, 10), Label: m.Name})
		}
	}
	return options, nil
}

// tierName is a tier of the club in the reader's words, or its key when the
// tariff has it no more.
func (d *desk) tierName(ctx context.Context, key string) (string, error) {
	tariff, err := d.house.Pricing.CurrentTariff(ctx)
	if err != nil {
		return "", err
	}
	if tier, ok := tariff.Tariff.Club.Tier(key); ok {
		return tier.Name.In(i18n.LangOf(ctx)), nil
	}
	return key, nil
}
