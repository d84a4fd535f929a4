package checkout_test

import (
	"sync"
	"sync/atomic"
	"testing"

	"pishkhan/internal/campaigns"
	"pishkhan/internal/carts"
	"pishkhan/internal/checkout"
	"pishkhan/internal/customers"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/orders"
	"pishkhan/internal/sample"
	"pishkhan/internal/testworld"
)

// begun makes a campaign that everybody may use, within its limits.
func begun(t *testing.T, w *testworld.World, form campaigns.Form) {
	t.Helper()
	form.Name, form.StartsOn, form.EndsOn, form.Audience = "Test", "1405/07/01", "1405/08/30", "everyone"
	_, err := w.House.Campaigns.Create(t.Context(), w.Finance, form)
	testworld.Must(t, err)
}

func (s shopper) place(t *testing.T, w *testworld.World) (checkout.Placed, error) {
	t.Helper()
	return w.House.Checkout.Place(t.Context(), sample.Browser(s.visitor), sample.Owner(s.visitor), i18n.FA, s.who.Identity, totalOf(t, w, s.visitor))
}

// shopper is somebody with a basket and a code.
type shopper struct {
	visitor customers.Visitor
	who     sample.Customer
}

func withCode(t *testing.T, w *testworld.World, code string, slugs ...string) shopper {
	t.Helper()
	s := shopper{w.Visitor(t), w.Someone()}
	for _, slug := range slugs {
		fill(t, w, s.visitor, slug)
	}
	testworld.Must(t, w.House.Carts.SetCode(t.Context(), sample.Owner(s.visitor), code))
	return s
}

// Ten baskets, a code with three uses: three are placed with it, the others
// are told why not, and order at the price without.
func TestACodeIsUsedNoOftenerThanItMay(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	begun(t, w, campaigns.Form{Code: "THREE", Percent: "10", MaxUses: "3"})
	shoppers := make([]shopper, 10)
	for i := range shoppers {
		shoppers[i] = withCode(t, w, "THREE", "steam-wallet")
	}
	var placed atomic.Int64
	var racing sync.WaitGroup
	for _, s := range shoppers {
		racing.Go(func() {
			_, err := s.place(t, w)
			switch {
			case err == nil:
				placed.Add(1)
			case !is(err, fault.Conflict, "campaigns.error.used_up"):
				t.Error(err)
			}
		})
	}
	racing.Wait()
	if n := w.Count(t, "SELECT count(*) FROM campaign_uses"); placed.Load() != 3 || n != 3 || w.Count(t, "SELECT used FROM campaigns") != 3 {
		t.Fatalf("placed %d, used %d", placed.Load(), n)
	}
	for _, s := range shoppers {
		n, err := w.House.Carts.Count(t.Context(), sample.Owner(s.visitor))
		testworld.Must(t, err)
		if n == 0 {
			continue
		}
		repriced, err := w.House.Carts.Reprice(t.Context(), sample.Owner(s.visitor))
		if err != nil || len(repriced) != 1 || repriced[0].Quote.TotalRials <= repriced[0].Before.TotalRials {
			t.Errorf("%+v, %v", repriced, err)
		}
		if _, err := s.place(t, w); err != nil {
			t.Errorf("without the code: %v", err)
		}
	}
}

// Orders that are cancelled or run out give their uses back.
func TestUsesAreGivenBack(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	begun(t, w, campaigns.Form{Code: "TWO", Percent: "10", MaxUses: "2"})
	used := func() int { return w.Count(t, "SELECT used FROM campaigns") }
	first, err := withCode(t, w, "TWO", "steam-wallet", "steam-wallet").place(t, w)
	testworld.Must(t, err)
	if used() != 2 {
		t.Fatalf("%d used", used())
	}
	testworld.Must(t, w.House.Checkout.Cancel(t.Context(), w.Supervisor, first.Orders[0], "changed their mind"))
	if used() != 0 {
		t.Errorf("%d used after cancelling", used())
	}
	second, err := withCode(t, w, "TWO", "steam-wallet").place(t, w)
	testworld.Must(t, err)
	w.Clock.Set(second.Orders[0].PayBefore)
	testworld.Must(t, w.House.Checkout.Expire(t.Context()))
	if got := w.Order(t, second.Orders[0]); got.State != orders.Expired || used() != 0 {
		t.Errorf("%s, %d used", got.State, used())
	}
}

// A customer whom we know enough of is not asked again; one whom we do not is.
func TestPlaceKnown(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	visitor, who := w.Visitor(t), w.Someone()
	first := w.PlacedBy(t, visitor, who, "steam-wallet")
	owner := carts.Owner{VisitorID: visitor.ID, CustomerID: first.Orders[0].CustomerID}
	visitor.CustomerID = owner.CustomerID
	known := func(slug string) (checkout.Placed, error) {
		fill(t, w, visitor, slug)
		return w.House.Checkout.PlaceKnown(t.Context(), sample.Browser(visitor), owner, i18n.FA, totalOf(t, w, visitor))
	}
	if _, err := known("steam-wallet"); !is(err, fault.Conflict, "checkout.error.unknown") {
		t.Errorf("before the verdict: %v", err)
	}
	w.Approve(t, first.Orders[0])
	placed, err := w.House.Checkout.PlaceKnown(t.Context(), sample.Browser(visitor), owner, i18n.FA, totalOf(t, w, visitor))
	testworld.Must(t, err)
	if o := placed.Orders[0]; o.IdentityCaseID != first.Orders[0].IdentityCaseID || w.Order(t, o).VerifiedAt == nil || placed.Attempt.Mobile != who.Identity.Mobile {
		t.Errorf("%+v", o)
	}
	if _, err := known(needsDocument); !is(err, fault.Conflict, "checkout.error.unknown") {
		t.Errorf("known by details alone: %v", err)
	}
}

// needsDocument is a service that asks for a picture of a document.
const needsDocument = "flight-ticket"

// Where a document is needed, nothing is placed without; with it, the case
// proves more, and the customer is known from then on.
func TestPlaceWithADocument(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	s := shopper{w.Visitor(t), w.Someone()}
	fill(t, w, s.visitor, needsDocument)
	s.who.Identity.Name = ""
	_, err := s.place(t, w)
	f := fault.Of(err)
	if f == nil || len(f.Fields) != 2 || f.Fields[0].Name != "name" || f.Fields[1].Name != "document" {
		t.Fatalf("all at once: %v", err)
	}
	s.who = w.Someone()
	paper, err := w.House.Attachments.Keep(t.Context(), w.Visitor(t).ID, "192.0.2.1", "card.pdf", sample.PDF("card"))
	testworld.Must(t, err)
	s.who.Identity.DocumentID = paper.ID
	if _, err := s.place(t, w); !fault.Is(err, fault.NotFound) {
		t.Errorf("another's document: %v", err)
	}
	paper, err = w.House.Attachments.Keep(t.Context(), s.visitor.ID, "192.0.2.1", "card.pdf", sample.PDF("card"))
	testworld.Must(t, err)
	s.who.Identity.DocumentID = paper.ID
	placed, err := s.place(t, w)
	testworld.Must(t, err)
	w.Approve(t, placed.Orders[0])
	s.visitor.CustomerID = placed.Orders[0].CustomerID
	fill(t, w, s.visitor, needsDocument)
	again, err := w.House.Checkout.PlaceKnown(t.Context(), sample.Browser(s.visitor), sample.Owner(s.visitor), i18n.FA, totalOf(t, w, s.visitor))
	if err != nil || again.Orders[0].IdentityCaseID != placed.Orders[0].IdentityCaseID {
		t.Errorf("%+v, %v", again, err)
	}
}

// Who orders from an account in somebody else's name has used the code: the
// limit for each customer is the account's.
func TestACodeCountsForTheAccountThatBroughtIt(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	begun(t, w, campaigns.Form{Code: "ONCE", Percent: "10", MaxUsesEach: "1"})
	account := w.Placed(t).Orders[0].CustomerID
	for i := range 2 {
		s := shopper{w.Visitor(t), w.Someone()}
		s.visitor.CustomerID = account
		fill(t, w, s.visitor, "steam-wallet")
		err := w.House.Carts.SetCode(t.Context(), sample.Owner(s.visitor), "ONCE")
		if i == 1 {
			if !fault.Is(err, fault.Invalid) {
				t.Errorf("the second time: %v", err)
			}
			return
		}
		testworld.Must(t, err)
		_, err = s.place(t, w)
		testworld.Must(t, err)
		if n := w.Count(t, "SELECT count(*) FROM campaign_uses WHERE customer_id = $1", account); n != 1 {
			t.Fatalf("the account has used the code %d times", n)
		}
	}
}
