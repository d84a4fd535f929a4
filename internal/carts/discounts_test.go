package carts_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/campaigns"
	"pishkhan/internal/carts"
	"pishkhan/internal/catalog"
	"pishkhan/internal/customers"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/money"
	"pishkhan/internal/pricing"
	"pishkhan/internal/sample"
	"pishkhan/internal/testworld"
)

func linesOf(t *testing.T, w *testworld.World, o carts.Owner) []carts.Line {
	t.Helper()
	lines, err := w.House.Carts.Lines(t.Context(), o)
	testworld.Must(t, err)
	return lines
}

// parts are the prices of a basket, part by part.
func parts(lines []carts.Line) [][]pricing.Line {
	var all [][]pricing.Line
	for _, line := range lines {
		all = append(all, line.Quote.Lines)
	}
	return all
}

func has(line carts.Line, kind pricing.Kind) bool {
	return slices.ContainsFunc(line.Quote.Lines, func(part pricing.Line) bool { return part.Kind == kind })
}

func total(lines []carts.Line) (sum money.Rials) {
	for _, line := range lines {
		sum += line.Quote.TotalRials
	}
	return sum
}

func someone(t *testing.T, w *testworld.World, mobile string) int64 {
	t.Helper()
	return int64(w.Count(t, "INSERT INTO customers (mobile, created_at) VALUES ($1, now()) RETURNING id", mobile))
}

func (b baskets) join(t *testing.T, visitor customers.Visitor, customer int64) {
	t.Helper()
	testworld.Must(t, db.InTx(t.Context(), b.House.Pool, func(ctx context.Context, tx pgx.Tx) error {
		return b.House.Welcome(ctx, tx, b.Clock.Now(), visitor.ID, customer)
	}))
}

// baskets is a world in which baskets are filled.
type baskets struct{ *testworld.World }

func newBaskets(t *testing.T) baskets {
	t.Parallel()
	return baskets{testworld.New(t)}
}

func (b baskets) campaign(t *testing.T, form campaigns.Form) campaigns.Campaign {
	t.Helper()
	form.Name, form.StartsOn, form.EndsOn = "Test", "1405/07/01", "1405/08/30"
	if form.Audience == "" {
		form.Audience = "everyone"
	}
	id, err := b.House.Campaigns.Create(t.Context(), b.Finance, form)
	testworld.Must(t, err)
	c, err := b.House.Campaigns.ByID(t.Context(), id)
	testworld.Must(t, err)
	return c
}

// The third order makes all three cheaper; taking one out brings the very
// prices back that were before, at the rate and until the time of then.
func TestOrdersTogetherAreCheaper(t *testing.T) {
	b := newBaskets(t)
	visitor := b.Visitor(t)
	o := sample.Owner(visitor)
	add(t, b.World, visitor, "steam-wallet")
	b.Clock.Advance(time.Minute)
	add(t, b.World, visitor, "amazon-basket")
	two := linesOf(t, b.World, o)
	b.Clock.Advance(time.Minute)
	add(t, b.World, visitor, "steam-wallet")
	three := linesOf(t, b.World, o)
	for i, line := range three {
		if !has(line, pricing.DiscountBulk) {
			t.Errorf("line %d has no discount: %+v", i, line.Quote.Lines)
		}
	}
	for i, line := range two {
		now := three[i].Quote
		if now.TotalRials >= line.Quote.TotalRials || now.RateRials != line.Quote.RateRials || !now.ExpiresAt.Equal(line.Quote.ExpiresAt) {
			t.Errorf("line %d: %d until %s, was %d until %s", i, now.TotalRials, now.ExpiresAt, line.Quote.TotalRials, line.Quote.ExpiresAt)
		}
	}
	testworld.Must(t, b.House.Carts.Remove(t.Context(), o, three[2].ID))
	again := linesOf(t, b.World, o)
	for i, line := range again {
		if !slices.Equal(line.Quote.Lines, two[i].Quote.Lines) || line.Quote.TotalRials != two[i].Quote.TotalRials {
			t.Errorf("line %d: %+v, was %+v", i, line.Quote.Lines, two[i].Quote.Lines)
		}
	}
}

// Many additions at once: at the end every line has the price of all.
func TestLinesAddedAtOnceHaveOnePrice(t *testing.T) {
	b := newBaskets(t)
	visitor := b.Visitor(t)
	var adding sync.WaitGroup
	for range 12 {
		adding.Go(func() {
			err := b.House.Carts.Add(t.Context(), sample.Owner(visitor), service(t, b.World, "steam-wallet"), sample.Answers("steam-wallet", b.Clock.Now()))
			if err != nil {
				t.Error(err)
			}
		})
	}
	adding.Wait()
	lines := linesOf(t, b.World, sample.Owner(visitor))
	for _, line := range lines {
		if line.Quote.TotalRials != lines[0].Quote.TotalRials || line.Quote.Inputs.Orders < 10 {
			t.Errorf("line %d costs %d for %d orders", line.ID, line.Quote.TotalRials, line.Quote.Inputs.Orders)
		}
	}
	if len(lines) != 12 {
		t.Errorf("%d lines", len(lines))
	}
}

// A basket joins the account: nothing is lost, nothing doubled, the tier counts.
func TestJoin(t *testing.T) {
	b := newBaskets(t)
	customer := someone(t, b.World, "09121110001")
	_, err := b.House.Pool.Exec(t.Context(), `INSERT INTO club_standings (customer_id, tier, orders, fees_rials, computed_at)
		VALUES ($1, 'gold', 20, 0, $2)`, customer, b.Clock.Now())
	testworld.Must(t, err)
	one, two := b.Visitor(t), b.Visitor(t)
	add(t, b.World, one, "steam-wallet")
	add(t, b.World, two, "steam-wallet")
	add(t, b.World, two, "amazon-basket")
	b.campaign(t, campaigns.Form{Code: "FIRST", Percent: "1"})
	b.campaign(t, campaigns.Form{Code: "OTHER", Percent: "2"})
	testworld.Must(t, b.House.Carts.SetCode(t.Context(), sample.Owner(one), "first"))
	testworld.Must(t, b.House.Carts.SetCode(t.Context(), sample.Owner(two), "other"))

	b.join(t, one, customer)
	mine := carts.Owner{VisitorID: one.ID, CustomerID: customer}
	if lines := linesOf(t, b.World, mine); len(lines) != 1 || !has(lines[0], pricing.DiscountClub) || !has(lines[0], pricing.DiscountCode) {
		t.Fatalf("%+v", parts(lines))
	}
	b.join(t, two, customer)
	b.join(t, two, customer) // once more changes nothing
	lines := linesOf(t, b.World, carts.Owner{VisitorID: two.ID, CustomerID: customer})
	if len(lines) != 3 || !slices.EqualFunc(lines, linesOf(t, b.World, mine), func(a, b carts.Line) bool { return a.ID == b.ID }) {
		t.Fatalf("%d lines", len(lines))
	}
	for _, line := range lines {
		if !has(line, pricing.DiscountBulk) || !has(line, pricing.DiscountClub) {
			t.Errorf("%+v", line.Quote.Lines)
		}
	}
	if code, err := b.House.Carts.Code(t.Context(), mine, lines); err != nil || code.Text != "FIRST" || code.Fits != 3 {
		t.Errorf("%+v, %v", code, err)
	}
	for _, visitor := range []customers.Visitor{one, two} {
		if lines := linesOf(t, b.World, sample.Owner(visitor)); len(lines) != 0 {
			t.Errorf("%d lines are left with the browser", len(lines))
		}
	}
}

// A code makes the lines cheaper that it fits, for as long as it has uses,
// and says why the others are not.
func TestCode(t *testing.T) {
	b := newBaskets(t)
	visitor := b.Visitor(t)
	o := sample.Owner(visitor)
	b.campaign(t, campaigns.Form{Code: "GAMES-20", Percent: "20", Families: []string{string(catalog.Games)}})
	b.campaign(t, campaigns.Form{Code: "TWICE", Percent: "10", MaxUses: "2"})
	set := func(code string) error { return b.House.Carts.SetCode(t.Context(), o, code) }
	refuses := func(code, key string) {
		t.Helper()
		f := fault.Of(set(code))
		if f == nil || len(f.Fields) != 1 || f.Fields[0].Name != "code" || f.Fields[0].Key != key {
			t.Errorf("%s: %v, want %s", code, f, key)
		}
	}
	refuses("GAMES-20", "carts.error.code_no_order")
	add(t, b.World, visitor, "amazon-basket")
	refuses("GAMES-20", "campaigns.error.not_for_service")
	refuses("NONSENSE", "campaigns.error.unknown")
	add(t, b.World, visitor, "steam-wallet")
	plain := linesOf(t, b.World, o)

	testworld.Must(t, set("games20"))
	lines := linesOf(t, b.World, o)
	if has(lines[0], pricing.DiscountCode) || !has(lines[1], pricing.DiscountCode) {
		t.Errorf("%+v", parts(lines))
	}
	code, err := b.House.Carts.Code(t.Context(), o, lines)
	if err != nil || code.Text != "GAMES-20" || code.Fits != 1 || len(code.Lacks) != 1 ||
		code.Lacks[0].Line.ID != lines[0].ID || code.Lacks[0].Reason.Key != "campaigns.error.not_for_service" {
		t.Errorf("%+v, %v", code, err)
	}
	refuses("NONSENSE", "campaigns.error.unknown") // and the one before stays
	if got := linesOf(t, b.World, o); total(got) != total(lines) {
		t.Error("a refused code changed the prices")
	}
	testworld.Must(t, b.House.Carts.ClearCode(t.Context(), o))
	if got := linesOf(t, b.World, o); !slices.Equal(got[1].Quote.Lines, plain[1].Quote.Lines) {
		t.Errorf("without the code: %+v, was %+v", got[1].Quote.Lines, plain[1].Quote.Lines)
	}

	testworld.Must(t, set("TWICE"))
	add(t, b.World, visitor, "steam-wallet")
	upload(t, b.World, visitor, "steam-wallet", 2)
	lines = linesOf(t, b.World, o)
	for i, line := range lines {
		if has(line, pricing.DiscountCode) != (i < 2) {
			t.Errorf("line %d of a code with two uses: %+v", i, line.Quote.Lines)
		}
	}
	testworld.Must(t, b.House.Carts.Remove(t.Context(), o, lines[0].ID))
	if lines = linesOf(t, b.World, o); !has(lines[0], pricing.DiscountCode) || !has(lines[1], pricing.DiscountCode) || has(lines[2], pricing.DiscountCode) {
		t.Errorf("the next in line does not get it: %+v", parts(lines))
	}
	code, err = b.House.Carts.Code(t.Context(), o, lines)
	if err != nil || code.Fits != 2 || len(code.Lacks) != 1 || code.Lacks[0].Reason.Key != "carts.error.code_few_left" {
		t.Errorf("%+v, %v", code, err)
	}
}

// A code that ends while the basket waits is gone with the next look at the prices.
func TestACodeThatEnds(t *testing.T) {
	b := newBaskets(t)
	visitor := b.Visitor(t)
	o := sample.Owner(visitor)
	c := b.campaign(t, campaigns.Form{Code: "SHORT", Percent: "30"})
	add(t, b.World, visitor, "steam-wallet")
	before := linesOf(t, b.World, o)
	testworld.Must(t, b.House.Carts.SetCode(t.Context(), o, "SHORT"))
	testworld.Must(t, b.House.Campaigns.End(t.Context(), b.Finance, c.ID))
	repriced, err := b.House.Carts.Reprice(t.Context(), o)
	if err != nil || len(repriced) != 1 || repriced[0].Before.TotalRials >= repriced[0].Quote.TotalRials {
		t.Fatalf("%+v, %v", repriced, err)
	}
	if got := linesOf(t, b.World, o); !slices.Equal(got[0].Quote.Lines, before[0].Quote.Lines) {
		t.Errorf("%+v, was %+v", got[0].Quote.Lines, before[0].Quote.Lines)
	}
}

// An upload leaves the basket as a whole, with its logins.
func TestRemoveUpload(t *testing.T) {
	b := newBaskets(t)
	visitor := b.Visitor(t)
	o := sample.Owner(visitor)
	add(t, b.World, visitor, "steam-wallet")
	before := linesOf(t, b.World, o)
	upload(t, b.World, visitor, "steam-wallet", 30)
	lines := linesOf(t, b.World, o)
	if total(lines) >= before[0].Quote.TotalRials*31 {
		t.Errorf("31 cost %d, one %d", total(lines), before[0].Quote.TotalRials)
	}
	uploadID := lines[5].UploadID
	if err := b.House.Carts.RemoveUpload(t.Context(), sample.Owner(b.Visitor(t)), uploadID); !fault.Is(err, fault.NotFound) {
		t.Errorf("by another: %v", err)
	}
	testworld.Must(t, b.House.Carts.RemoveUpload(t.Context(), o, uploadID))
	if lines = linesOf(t, b.World, o); len(lines) != 1 || !slices.Equal(lines[0].Quote.Lines, before[0].Quote.Lines) {
		t.Errorf("%+v", parts(lines))
	}
	if n := b.Count(t, "SELECT count(*) FROM credentials WHERE destroyed_at IS NULL"); n != 1 {
		t.Errorf("%d logins are left", n)
	}
	if err := b.House.Carts.RemoveUpload(t.Context(), o, 0); !fault.Is(err, fault.NotFound) {
		t.Errorf("no upload: %v", err)
	}
}
