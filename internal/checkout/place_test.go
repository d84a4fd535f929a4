package checkout_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pishkhan/internal/customers"
	"pishkhan/internal/db/dbtest"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/money"
	"pishkhan/internal/orders"
	"pishkhan/internal/payments"
	"pishkhan/internal/sample"
	"pishkhan/internal/testworld"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// A basket becomes orders of one payment, and is empty afterwards.
func TestPlace(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	visitor, who := w.Visitor(t), w.Someone()
	placed := w.PlacedBy(t, visitor, who, "steam-wallet", "hotel-booking")
	if len(placed.Orders) != 2 || placed.Attempt.State != payments.Created {
		t.Fatalf("%+v", placed)
	}
	var sum money.Rials
	for _, o := range placed.Orders {
		sum += o.Total
		if o.State != orders.AwaitingPayment || o.VerifiedAt != nil || o.Lang != who.Lang || o.CheckoutID != placed.Attempt.CheckoutID {
			t.Errorf("%+v", o)
		}
		for name := range o.Answers {
			if name == "site_password" || name == "site_login" {
				t.Errorf("%s is among the open answers", name)
			}
		}
	}
	if steam, hotel := placed.Orders[0], placed.Orders[1]; steam.CredentialID == 0 || hotel.CredentialID != 0 || hotel.Site != "secure.booking.com" {
		t.Errorf("credentials %d and %d, site %q", steam.CredentialID, hotel.CredentialID, hotel.Site)
	}
	if placed.Attempt.Amount != sum || placed.Attempt.Mobile != who.Identity.Mobile {
		t.Errorf("payment of %d by %s, want %d by %s", placed.Attempt.Amount, placed.Attempt.Mobile, sum, who.Identity.Mobile)
	}
	if n, err := w.House.Carts.Count(t.Context(), sample.Owner(visitor)); n != 0 || err != nil {
		t.Errorf("%d left in the basket, %v", n, err)
	}
}

// What the customer did not agree to is not ordered, and the basket stays.
func TestPlaceRefusals(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	visitor, who := w.Visitor(t), w.Someone()
	place := func(agreed money.Rials) error {
		_, err := w.House.Checkout.Place(t.Context(), sample.Browser(visitor), sample.Owner(visitor), i18n.FA, who.Identity, agreed)
		return err
	}
	if err := place(0); !is(err, fault.Invalid, "checkout.error.empty") {
		t.Errorf("empty basket: %v", err)
	}
	fill(t, w, visitor, "steam-wallet")
	total := totalOf(t, w, visitor)
	for name, agreed := range map[string]money.Rials{"less": total - 10, "more": total + 10, "nothing": 0} {
		if err := place(agreed); !is(err, fault.Conflict, "checkout.error.prices_changed") {
			t.Errorf("agreed to %s: %v", name, err)
		}
	}
	lines, err := w.House.Carts.Lines(t.Context(), sample.Owner(visitor))
	testworld.Must(t, err)
	w.Clock.Set(lines[0].Quote.ExpiresAt)
	if err := place(total); !is(err, fault.Conflict, "checkout.error.prices_changed") {
		t.Errorf("expired: %v", err)
	}
	if n := w.Count(t, "SELECT (SELECT count(*) FROM orders) + (SELECT count(*) FROM checkouts) + (SELECT count(*) FROM identity_cases) + (SELECT count(*) FROM payment_attempts)"); n != 0 {
		t.Errorf("%d rows of what was refused", n)
	}
	repriced, err := w.House.Carts.Reprice(t.Context(), sample.Owner(visitor))
	if err != nil || len(repriced) != 1 || repriced[0].Before.ID == repriced[0].Quote.ID {
		t.Fatalf("repriced %+v, %v", repriced, err)
	}
	testworld.Must(t, place(totalOf(t, w, visitor)))
}

// Whoever presses twice orders once.
func TestPlaceTwice(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	visitor, who := w.Visitor(t), w.Someone()
	fill(t, w, visitor, "steam-wallet")
	total := totalOf(t, w, visitor)
	var placed atomic.Int64
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			switch _, err := w.House.Checkout.Place(t.Context(), sample.Browser(visitor), sample.Owner(visitor), i18n.FA, who.Identity, total); {
			case err == nil:
				placed.Add(1)
			case fault.Of(err) == nil:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if placed.Load() != 1 || w.Count(t, "SELECT count(*) FROM orders") != 1 {
		t.Errorf("placed %d times, %d orders", placed.Load(), w.Count(t, "SELECT count(*) FROM orders"))
	}
}

// What is added while a checkout is under way stays in the basket for the next.
func TestAddWhilePlacing(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	for range 8 {
		visitor, who := w.Visitor(t), w.Someone()
		fill(t, w, visitor, "steam-wallet")
		total := totalOf(t, w, visitor)
		var wg sync.WaitGroup
		wg.Go(func() {
			_, err := w.House.Checkout.Place(t.Context(), sample.Browser(visitor), sample.Owner(visitor), i18n.FA, who.Identity, total)
			if err != nil && !is(err, fault.Conflict, "checkout.error.prices_changed") {
				t.Error(err)
			}
		})
		for range 4 {
			wg.Go(func() { fill(t, w, visitor, "hotel-booking") })
		}
		wg.Wait()
	}
	lost := w.Count(t, `SELECT count(*) FROM cart_lines l WHERE removed_at IS NOT NULL
		AND NOT EXISTS (SELECT FROM orders o WHERE o.quote_id = l.quote_id)`)
	if lost != 0 {
		t.Errorf("%d lines left the basket and are no orders", lost)
	}
}

// Each wrong detail is told at its field, all at once.
func TestIdentityFaults(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	visitor := w.Visitor(t)
	fill(t, w, visitor, "steam-wallet")
	good := w.Someone().Identity
	for name, tt := range map[string]struct {
		spoil func(*customers.IdentityForm)
		field string
	}{
		"no name":            {func(f *customers.IdentityForm) { f.Name = " \u200c " }, "name"},
		"digits in a name":   {func(f *customers.IdentityForm) { f.Name = "Sara 2" }, "name"},
		"a megabyte of name": {func(f *customers.IdentityForm) { f.Name = string(make([]byte, 1<<20)) }, "name"},
		"check digit":        {func(f *customers.IdentityForm) { f.NationalCode = "0012345678" }, "national_code"},
		"short code":         {func(f *customers.IdentityForm) { f.NationalCode = "12345" }, "national_code"},
		"letters in a code":  {func(f *customers.IdentityForm) { f.NationalCode = "00123x5678" }, "national_code"},
		"31 Mehr":            {func(f *customers.IdentityForm) { f.BirthDate = "1370/07/31" }, "birth_date"},
		"a child":            {func(f *customers.IdentityForm) { f.BirthDate = "1400/01/01" }, "birth_date"},
		"too old":            {func(f *customers.IdentityForm) { f.BirthDate = "1250/01/01" }, "birth_date"},
		"no date":            {func(f *customers.IdentityForm) { f.BirthDate = "yesterday" }, "birth_date"},
		"landline":           {func(f *customers.IdentityForm) { f.Mobile = "02112345678" }, "mobile"},
		"no e-mail":          {func(f *customers.IdentityForm) { f.Email = "" }, "email"},
		"no host":            {func(f *customers.IdentityForm) { f.Email = "sara@" }, "email"},
		"host without dot":   {func(f *customers.IdentityForm) { f.Email = "sara@localhost" }, "email"},
		"header":             {func(f *customers.IdentityForm) { f.Email = "sara@example.com\r\nBcc: all@example.com" }, "email"},
		"named address":      {func(f *customers.IdentityForm) { f.Email = "Sara <sara@example.com>" }, "email"},
	} {
		form := good
		tt.spoil(&form)
		_, err := w.House.Checkout.Place(t.Context(), sample.Browser(visitor), sample.Owner(visitor), i18n.FA, form, totalOf(t, w, visitor))
		f := fault.Of(err)
		if f == nil || f.Kind != fault.Invalid || len(f.Fields) != 1 || f.Fields[0].Name != tt.field {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := w.House.Checkout.Place(t.Context(), sample.Browser(visitor), sample.Owner(visitor), i18n.FA, customers.IdentityForm{}, 0)
	if f := fault.Of(err); f == nil || len(f.Fields) != 5 {
		t.Errorf("an empty form: %v", err)
	}
	form := good // Persian digits and an Arabic yeh are no mistakes
	form.NationalCode, form.Mobile, form.BirthDate, form.Name = persian(form.NationalCode), persian(form.Mobile), "۱۳۷۰/۱/۲", "علي رضايي"
	placed, err := w.House.Checkout.Place(t.Context(), sample.Browser(visitor), sample.Owner(visitor), i18n.FA, form, totalOf(t, w, visitor))
	testworld.Must(t, err)
	filed, err := w.House.Customers.Case(t.Context(), w.House.Pool, placed.Orders[0].IdentityCaseID)
	if err != nil || filed.Name != "علی رضایی" || filed.Mobile != good.Mobile {
		t.Errorf("filed %+v, %v", filed, err)
	}
}

// Unpaid orders end together, at the customer's word or at the end of their
// time, and not while somebody may be paying.
func TestEndUnpaid(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	c := w.House.Checkout
	cancelled := w.Placed(t, "steam-wallet", "hotel-booking")
	testworld.Must(t, c.Cancel(t.Context(), w.Operator, cancelled.Orders[1], "asked to"))
	for _, o := range cancelled.Orders {
		if got := w.Order(t, o); got.State != orders.Cancelled {
			t.Errorf("%s", got.State)
		}
	}
	if err := c.Cancel(t.Context(), w.Operator, cancelled.Orders[0], ""); !fault.Is(err, fault.Conflict) {
		t.Errorf("cancelled twice: %v", err)
	}
	if err := c.Cancel(t.Context(), w.Operator, w.Unproven(t), ""); !fault.Is(err, fault.Conflict) {
		t.Errorf("cancelled once paid: %v", err)
	}
	if _, err := c.PayAgain(t.Context(), cancelled.Orders[0]); !fault.Is(err, fault.Conflict) {
		t.Errorf("paid for once cancelled: %v", err)
	}

	late := w.Placed(t, "steam-wallet", "hotel-booking")
	_, err := c.Pay(t.Context(), late.Attempt)
	testworld.Must(t, err)
	unsent := w.Placed(t)
	w.Clock.Set(late.Orders[0].PayBefore)
	if _, err := c.PayAgain(t.Context(), late.Orders[0]); !is(err, fault.Conflict, "checkout.error.price_ran_out") {
		t.Errorf("paid for at a price that ran out: %v", err)
	}
	testworld.Must(t, c.Expire(t.Context()))
	if got := w.Order(t, late.Orders[0]); got.State != orders.AwaitingPayment {
		t.Errorf("%s while an attempt to pay is open", got.State)
	}
	if got := w.Order(t, unsent.Orders[0]); got.State != orders.Expired {
		t.Errorf("%s, and its customer was never sent to pay", got.State)
	}
	w.Clock.Advance(15 * time.Minute)
	a, err := c.Resolve(t.Context(), late.Attempt.ID)
	if err != nil || a.State != payments.Failed {
		t.Errorf("%s, %v", a.State, err)
	}
	testworld.Must(t, c.Expire(t.Context()))
	for _, o := range late.Orders {
		if got := w.Order(t, o); got.State != orders.Expired {
			t.Errorf("%s", got.State)
		}
	}
	testworld.Must(t, c.Expire(t.Context()))
}

func fill(t *testing.T, w *testworld.World, visitor customers.Visitor, slug string) {
	service, err := w.House.Catalog.Service(t.Context(), slug)
	if err == nil {
		err = w.House.Carts.Add(t.Context(), sample.Owner(visitor), service, sample.Answers(slug, w.Clock.Now()))
	}
	if err != nil {
		t.Error(err)
	}
}

func totalOf(t *testing.T, w *testworld.World, visitor customers.Visitor) (total money.Rials) {
	t.Helper()
	lines, err := w.House.Carts.Lines(t.Context(), sample.Owner(visitor))
	testworld.Must(t, err)
	for _, line := range lines {
		total += line.Quote.TotalRials
	}
	return total
}

func is(err error, kind fault.Kind, key string) bool {
	f := fault.Of(err)
	return f != nil && f.Kind == kind && f.Key == key
}
