package campaigns_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/campaigns"
	"pishkhan/internal/catalog"
	"pishkhan/internal/db"
	"pishkhan/internal/db/dbtest"
	"pishkhan/internal/fault"
	"pishkhan/internal/money"
	"pishkhan/internal/orders"
	"pishkhan/internal/testworld"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// world is a house whose clock stands at noon on 1405/07/13.
type world struct{ *testworld.World }

func newWorld(t *testing.T) world { return world{testworld.New(t)} }

// summer is a form that nothing is wrong with.
func summer() campaigns.Form {
	return campaigns.Form{
		Code: "mehr-10", Name: "مهرگان", Percent: "۱۰", StartsOn: "۱۴۰۵/۰۷/۱۳", EndsOn: "1405/07/20", Audience: "everyone",
	}
}

func (w world) create(t *testing.T, change func(*campaigns.Form)) campaigns.Campaign {
	t.Helper()
	form := summer()
	if change != nil {
		change(&form)
	}
	id, err := w.House.Campaigns.Create(t.Context(), w.Finance, form)
	testworld.Must(t, err)
	campaign, err := w.House.Campaigns.ByID(t.Context(), id)
	testworld.Must(t, err)
	return campaign
}

func (w world) steam(t *testing.T) catalog.Definition {
	t.Helper()
	s, err := w.House.Catalog.Service(t.Context(), "steam-wallet")
	testworld.Must(t, err)
	return s.Definition
}

// ask asks for the terms of a code and returns the key of what is wrong.
func (w world) ask(t *testing.T, who campaigns.Asker) string {
	t.Helper()
	_, err := w.House.Campaigns.Terms(t.Context(), w.House.Pool, w.Clock.Now(), who, w.steam(t))
	return keyOf(t, err, fault.Invalid)
}

func keyOf(t *testing.T, err error, kind fault.Kind) string {
	t.Helper()
	if err == nil {
		return ""
	}
	f := fault.Of(err)
	if f == nil || f.Kind != kind {
		t.Fatalf("%v", err)
	}
	return strings.TrimPrefix(f.Key, "campaigns.error.")
}

func (w world) use(ctx context.Context, c campaigns.Campaign, o orders.Order, customerID int64) error {
	return db.InTx(ctx, w.House.Pool, func(ctx context.Context, tx pgx.Tx) error {
		return w.House.Campaigns.Use(ctx, tx, w.Clock.Now(), c.ID, int64(o.ID), customerID)
	})
}

func (w world) release(t *testing.T, list ...orders.Order) {
	t.Helper()
	var ids []int64
	for _, o := range list {
		ids = append(ids, int64(o.ID))
	}
	testworld.Must(t, db.InTx(t.Context(), w.House.Pool, func(ctx context.Context, tx pgx.Tx) error {
		return w.House.Campaigns.Release(ctx, tx, w.Clock.Now(), ids)
	}))
}

// orders places so many orders of one customer.
func (w world) orders(t *testing.T, n int) []orders.Order {
	t.Helper()
	return w.PlacedBy(t, w.Visitor(t), w.Someone(), slices.Repeat([]string{"steam-wallet"}, n)...).Orders
}

// A campaign is kept as it was typed, and the record says who began it.
func TestCreate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.create(t, func(f *campaigns.Form) {
		f.Code, f.StartsAt, f.EndsAt = " yalda-۱۴۰۵ ", "۱۸:۳۰", "6:05"
		f.Percent, f.Off = "", "۵۰٬۰۰۰"
		f.Services, f.Families = []string{"steam-wallet", "", "steam-wallet"}, []string{"travel"}
		f.MaxUses, f.MaxUsesEach = "۱۰۰", "2"
	})
	if c.Code != "YALDA-1405" || c.Name != "مهرگان" || c.Off != money.FromToman(50_000) || !c.Percent.IsZero() ||
		c.MaxUses != 100 || c.MaxUsesEach != 2 || c.Used != 0 || c.CreatedBy != w.Finance.ID || c.Audience != campaigns.Everyone ||
		!slices.Equal(c.Services, []string{"steam-wallet"}) || !slices.Equal(c.Families, []catalog.Family{catalog.Travel}) {
		t.Errorf("%+v", c)
	}
	if got := c.StartsAt.UTC().Format(time.DateTime) + " " + c.EndsAt.UTC().Format(time.DateTime); got != "2026-10-05 15:00:00 2026-10-12 02:35:00" {
		t.Errorf("runs %s", got)
	}
	entries, err := audit.About(t.Context(), w.House.Pool, fmt.Sprintf("campaign:%d", c.ID), 5)
	if err != nil || len(entries) != 1 || entries[0].Verb != "campaign.create" || entries[0].Actor.ID != w.Finance.ID {
		t.Errorf("on record: %+v, %v", entries, err)
	}
	whole := w.create(t, nil)
	if got := whole.StartsAt.UTC().Format(time.DateTime) + " " + whole.EndsAt.UTC().Format(time.DateTime); got != "2026-10-04 20:30:00 2026-10-12 20:30:00" {
		t.Errorf("days without times run %s", got)
	}
	list, err := w.House.Campaigns.List(t.Context(), 0, 10)
	if err != nil || len(list) != 2 || list[0].ID != whole.ID {
		t.Errorf("list %+v, %v", list, err)
	}
	if list, err = w.House.Campaigns.List(t.Context(), whole.ID, 10); err != nil || len(list) != 1 || list[0].ID != c.ID {
		t.Errorf("older %+v, %v", list, err)
	}
}

// What is wrong with a form is said field by field, and nothing is kept.
func TestCreateRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(t, func(f *campaigns.Form) { f.Code = "TAKEN-1" })
	for name, tt := range map[string]struct {
		change func(*campaigns.Form)
		want   string
	}{
		"nothing": {func(f *campaigns.Form) { *f = campaigns.Form{} },
			"code:code_empty name:name_empty percent:off_none starts_on:jalali.error.empty ends_on:jalali.error.empty audience:audience"},
		"letters":        {func(f *campaigns.Form) { f.Code = "تخفیف" }, "code:code_letters"},
		"two dashes":     {func(f *campaigns.Form) { f.Code = "A--B" }, "code:code_letters"},
		"short":          {func(f *campaigns.Form) { f.Code = "A1" }, "code:code_length"},
		"taken":          {func(f *campaigns.Form) { f.Code = "taken1" }, "code:code_taken"},
		"both":           {func(f *campaigns.Form) { f.Off = "1000" }, "off:off_both"},
		"no per cent":    {func(f *campaigns.Form) { f.Percent = "0" }, "percent:percent"},
		"too much":       {func(f *campaigns.Form) { f.Percent = "100.5" }, "percent:percent"},
		"decimals":       {func(f *campaigns.Form) { f.Percent = "1.005" }, "percent:percent"},
		"no amount":      {func(f *campaigns.Form) { f.Percent, f.Off = "", "0" }, "off:money.error.zero"},
		"letters in sum": {func(f *campaigns.Form) { f.Percent, f.Off = "", "ten" }, "off:money.error.letters"},
		"no such day":    {func(f *campaigns.Form) { f.EndsOn = "1405/07/31" }, "ends_on:jalali.error.no_such_day"},
		"time":           {func(f *campaigns.Form) { f.StartsAt = "25:00" }, "starts_at:time"},
		"past":           {func(f *campaigns.Form) { f.StartsOn, f.EndsOn = "1404/01/01", "1404/02/01" }, "ends_on:ends_past"},
		"backwards":      {func(f *campaigns.Form) { f.StartsOn = "1405/08/01" }, "ends_on:ends_early"},
		"no tier":        {func(f *campaigns.Form) { f.Audience = "tiers" }, "tiers:tiers_empty"},
		"no such tier":   {func(f *campaigns.Form) { f.Audience, f.Tiers = "tiers", []string{"gold", "wooden"} }, "tiers:tier"},
		"nobody":         {func(f *campaigns.Form) { f.Audience = "listed"; f.Mobiles = "\n \n" }, "mobiles:mobiles_empty"},
		"a wrong number": {func(f *campaigns.Form) { f.Audience = "listed"; f.Mobiles = "09121234567\n\n0912" }, "mobiles:mobile"},
		"family":         {func(f *campaigns.Form) { f.Families = []string{"food"} }, "families:family"},
		"service":        {func(f *campaigns.Form) { f.Services = []string{"no-such"} }, "services:service"},
		"counts":         {func(f *campaigns.Form) { f.MaxUses, f.MaxUsesEach = "0", "-x" }, "max_uses:count max_uses_each:count"},
	} {
		form := summer()
		tt.change(&form)
		_, err := w.House.Campaigns.Create(t.Context(), w.Finance, form)
		f := fault.Of(err)
		if f == nil || f.Kind != fault.Invalid {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got []string
		for _, field := range f.Fields {
			got = append(got, field.Name+":"+strings.TrimPrefix(field.Key, "campaigns.error."))
		}
		if strings.Join(got, " ") != tt.want && !sameSet(got, strings.Fields(tt.want)) {
			t.Errorf("%s: %v, want %s", name, got, tt.want)
		}
	}
	if n := w.Count(t, "SELECT count(*) FROM campaigns"); n != 1 {
		t.Errorf("%d campaigns", n)
	}
}

func sameSet(a, b []string) bool {
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

// A code is found however it is typed.
func TestCodesAsTyped(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(t, nil)
	for _, typed := range []string{"MEHR-10", "mehr-10", " Mehr-۱۰ ", "mehr10", "m e h r ١٠", "\u2066mehr–10\u2069"} {
		if wrong := w.ask(t, campaigns.Asker{Code: typed}); wrong != "" {
			t.Errorf("%q: %s", typed, wrong)
		}
	}
	for _, typed := range []string{"", "MEHR", "MEHR-100", "' OR 1=1", "مهر۱۰"} {
		if wrong := w.ask(t, campaigns.Asker{Code: typed}); wrong != "unknown" {
			t.Errorf("%q: %s", typed, wrong)
		}
	}
}

// A code works from its first instant on, and not in its last.
func TestWindow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.orders(t, 4)
	c := w.create(t, nil)
	for _, tt := range []struct {
		at    time.Time
		wrong string
	}{
		{c.StartsAt.Add(-time.Microsecond), "not_yet"},
		{c.StartsAt, ""},
		{c.EndsAt.Add(-time.Microsecond), ""},
		{c.EndsAt, "over"},
	} {
		w.Clock.Set(tt.at)
		if wrong := w.ask(t, campaigns.Asker{Code: "mehr10"}); wrong != tt.wrong {
			t.Errorf("terms at %s: %q", tt.at, wrong)
		}
		if wrong := keyOf(t, w.use(t.Context(), c, o[0], o[0].CustomerID), fault.Conflict); wrong != tt.wrong {
			t.Errorf("use at %s: %q", tt.at, wrong)
		}
		w.release(t, o[0])
		o = o[1:]
	}
}

// Who is not in the audience is told why.
func TestAudience(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	visitor, who := w.Visitor(t), w.Someone()
	customer := w.PlacedBy(t, visitor, who).Orders[0].CustomerID
	other := w.orders(t, 1)[0].CustomerID
	w.create(t, func(f *campaigns.Form) { f.Code, f.Audience = "signed", "members" })
	w.create(t, func(f *campaigns.Form) { f.Code, f.Audience, f.Tiers = "tiered", "tiers", []string{"gold", "silver"} })
	listed := w.create(t, func(f *campaigns.Form) {
		f.Code, f.Audience, f.Mobiles = "listed", "listed", "\n+98"+who.Identity.Mobile[1:]+"\n"+who.Identity.Mobile+"\n09351112233"
	})
	for _, tt := range []struct {
		who   campaigns.Asker
		wrong string
	}{
		{campaigns.Asker{Code: "signed"}, "members_only"},
		{campaigns.Asker{Code: "signed", CustomerID: other}, ""},
		{campaigns.Asker{Code: "tiered"}, "members_only"},
		{campaigns.Asker{Code: "tiered", CustomerID: other}, "not_for_you"},
		{campaigns.Asker{Code: "tiered", CustomerID: other, Tier: "bronze"}, "not_for_you"},
		{campaigns.Asker{Code: "tiered", CustomerID: other, Tier: "silver"}, ""},
		{campaigns.Asker{Code: "listed", Tier: "gold"}, "members_only"},
		{campaigns.Asker{Code: "listed", CustomerID: other}, "not_for_you"},
		{campaigns.Asker{Code: "listed", CustomerID: customer}, ""},
	} {
		if wrong := w.ask(t, tt.who); wrong != tt.wrong {
			t.Errorf("%+v: %q", tt.who, wrong)
		}
	}
	mobiles, err := w.House.Campaigns.Mobiles(t.Context(), listed.ID)
	if err != nil || len(mobiles) != 2 {
		t.Errorf("listed %v, %v", mobiles, err)
	}
	if _, err := w.House.Customers.Mobile(t.Context(), w.House.Pool, 999); !fault.Is(err, fault.NotFound) {
		t.Errorf("nobody's mobile: %v", err)
	}
}

// A code works for the services and the families that it names.
func TestServices(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(t, func(f *campaigns.Form) { f.Code, f.Services = "hotel", []string{"hotel-booking"} })
	w.create(t, func(f *campaigns.Form) {
		f.Code, f.Services, f.Families = "mixed", []string{"hotel-booking"}, []string{"games"}
	})
	w.create(t, func(f *campaigns.Form) { f.Code = "all" })
	for code, wrong := range map[string]string{"hotel": "not_for_service", "mixed": "", "all": ""} {
		if got := w.ask(t, campaigns.Asker{Code: code}); got != wrong {
			t.Errorf("%s: %q", code, got)
		}
	}
	hotel, err := w.House.Catalog.Service(t.Context(), "hotel-booking")
	testworld.Must(t, err)
	terms, err := w.House.Campaigns.Terms(t.Context(), w.House.Pool, w.Clock.Now(), campaigns.Asker{Code: "hotel"}, hotel.Definition)
	if err != nil || terms.Code != "HOTEL" || terms.Percent.String() != "10" || terms.OffRials != 0 || terms.CampaignID == 0 {
		t.Errorf("%+v, %v", terms, err)
	}
}

// An ended campaign takes no order more, and gives its place to nobody.
func TestEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.create(t, nil)
	o := w.orders(t, 1)[0]
	testworld.Must(t, w.House.Campaigns.End(t.Context(), w.Supervisor, c.ID))
	if err := w.House.Campaigns.End(t.Context(), w.Supervisor, c.ID); !fault.Is(err, fault.Conflict) {
		t.Errorf("ended twice: %v", err)
	}
	if err := w.House.Campaigns.End(t.Context(), w.Supervisor, 999); !fault.Is(err, fault.NotFound) {
		t.Errorf("ended nothing: %v", err)
	}
	if wrong := w.ask(t, campaigns.Asker{Code: c.Code}); wrong != "over" {
		t.Errorf("terms: %q", wrong)
	}
	if wrong := keyOf(t, w.use(t.Context(), c, o, o.CustomerID), fault.Conflict); wrong != "over" {
		t.Errorf("use: %q", wrong)
	}
	ended, err := w.House.Campaigns.ByID(t.Context(), c.ID)
	if err != nil || ended.State(w.Clock.Now()) != campaigns.Ended || ended.EndedBy != w.Supervisor.ID {
		t.Errorf("%+v, %v", ended, err)
	}
	if n := w.Count(t, "SELECT count(*) FROM audit_entries WHERE verb = 'campaign.end'"); n != 1 {
		t.Errorf("%d ends on record", n)
	}
}
