package house_test

import (
	"net/url"
	"sync"
	"testing"
	"time"

	"pishkhan/internal/audit"
	"pishkhan/internal/checkout"
	"pishkhan/internal/db/dbtest"
	"pishkhan/internal/i18n"
	"pishkhan/internal/orders"
	"pishkhan/internal/sample"
	"pishkhan/internal/testworld"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// All verbs get along with a single session: none asks the pool for a second
// one while it holds a transaction, which would wait for ever on a busy day.
func TestOneSession(t *testing.T) {
	t.Parallel()
	full := testworld.New(t)
	address, err := url.Parse(full.DatabaseURL())
	testworld.Must(t, err)
	query := address.Query()
	query.Set("pool_max_conns", "1")
	address.RawQuery = query.Encode()
	stuck := time.AfterFunc(2*time.Minute, func() { panic("a verb waits for a second session") })
	defer stuck.Stop()

	w := testworld.Reopen(t, address.String(), full.Dir, full.Clock.Now())
	if n := w.House.Pool.Config().MaxConns; n != 1 {
		t.Fatalf("%d sessions", n)
	}
	h, ctx := w.House, t.Context()
	var wg sync.WaitGroup
	for _, slug := range sample.Slugs {
		w.Done(t, slug)
	}
	for range 4 {
		wg.Go(func() { w.Done(t) })
	}
	wg.Wait()

	visitor, who := w.Visitor(t), w.Someone()
	placed := w.PlacedBy(t, visitor, who)
	w.Pay(t, placed)
	o := w.Order(t, placed.Orders[0])
	w.Reject(t, o, "not legible")
	testworld.Must(t, h.Checkout.RefileIdentity(ctx, sample.Browser(visitor), o, who.Identity))
	w.Approve(t, w.Order(t, o))
	_, err = h.Queue.Next(ctx, w.Operator)
	testworld.Must(t, err)
	_, err = h.Fulfil.Reveal(ctx, w.Operator, o.Code, "to sign in")
	testworld.Must(t, err)
	testworld.Must(t, h.Queue.Hold(ctx, w.Operator, o.Code, "?"))
	testworld.Must(t, h.Queue.Answer(ctx, sample.Browser(visitor), o.ID, "!"))
	testworld.Must(t, h.Queue.Release(ctx, w.Operator, o.Code, "enough"))
	_, err = h.Orders.Track(ctx, w.Visitor(t).ID, o.CustomerID, o.Code, "192.0.2.1")
	testworld.Must(t, err)
	testworld.Must(t, h.Customers.AskForCode(ctx, visitor.ID, who.Identity.Mobile, i18n.FA, "192.0.2.1"))
	code, err := h.Customers.Code(ctx, int64(w.Count(t, "SELECT max(id) FROM signin_codes")))
	testworld.Must(t, err)
	account, err := h.Customers.SignIn(ctx, visitor.ID, code.Reveal(), "192.0.2.1", h.Carts.Join)
	testworld.Must(t, err)
	testworld.Must(t, h.Customers.SignOut(ctx, account, "192.0.2.1"))
	_, err = h.Attachments.Keep(ctx, visitor.ID, "192.0.2.1", "card.pdf", sample.PDF("card"))
	testworld.Must(t, err)
	late := w.Placed(t)
	w.Clock.Advance(time.Hour)
	_, err = h.Carts.Reprice(ctx, sample.Owner(visitor))
	testworld.Must(t, err)
	testworld.Must(t, (&checkout.SweepWorker{Checkout: h.Checkout}).Work(ctx, nil))
	testworld.Must(t, (&checkout.ExpireWorker{Checkout: h.Checkout}).Work(ctx, nil))
	if got := w.Order(t, late.Orders[0]); got.State != orders.Expired {
		t.Errorf("%s", got.State)
	}
	person := w.People[0]
	signed, err := h.Staff.SignIn(ctx, person.Email, person.Password, "192.0.2.1", "")
	testworld.Must(t, err)
	actor, err := h.Staff.Actor(ctx, signed.Token, "192.0.2.1")
	testworld.Must(t, err)
	testworld.Must(t, h.Staff.SignOut(ctx, actor, signed.Token))
	if actor.Kind != audit.Staff {
		t.Errorf("%+v", actor)
	}
}
