package desk_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"pishkhan/internal/orders"
	"pishkhan/internal/testworld"
)

func TestReviewingIdentities(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	app := newApp(w)
	first, second := w.Unproven(t), w.Unproven(t)
	b := signedIn(t, w, app, w.Reviewer)
	list := b.get(t, "/desk/identities").must(t, http.StatusOK)
	if n := list.count("tbody#cases tr"); n != 2 {
		t.Fatalf("%d cases are open", n)
	}
	path := "/desk/identities/" + strconv.FormatInt(first.IdentityCaseID, 10)
	views := func() int {
		return w.Count(t, "SELECT count(*) FROM audit_entries WHERE verb = 'identity.view' AND actor_id = $1", w.Reviewer.ID)
	}

	page := b.get(t, path).must(t, http.StatusOK)
	if code := page.text("#national-code"); len(code) != 10 {
		t.Errorf("the national code is %q", code)
	}
	if views() != 1 {
		t.Errorf("%d viewings are on record", views())
	}
	if birth := page.text("#birth-date"); !strings.Contains(birth, "/") || !strings.Contains(birth, "-") {
		t.Errorf("the birth date is %q", birth)
	}
	page.has(t, "a[href='/desk/orders/"+first.Code+"']", "[name=verdict][value=approved][data-primary]")

	refused := b.post(t, path+"/verdict", "verdict", "rejected", "reason", " ").must(t, http.StatusUnprocessableEntity)
	refused.has(t, "#f-reason-error", "details[open]")
	b.post(t, path+"/verdict", "verdict", "maybe").must(t, http.StatusBadRequest)
	next := "/desk/identities/" + strconv.FormatInt(second.IdentityCaseID, 10)
	b.post(t, path+"/verdict", "verdict", "approved").leadsTo(t, next)
	if state := w.Order(t, first).State; state != orders.Paid {
		t.Errorf("the approved order is %s", state)
	}
	b.post(t, path+"/verdict", "verdict", "rejected", "reason", "late").must(t, http.StatusConflict).has(t, "[data-verdict=approved]")
	b.post(t, next+"/verdict", "verdict", "rejected", "reason", "نام نمی‌خواند").leadsTo(t, "/desk/identities")
	b.get(t, "/desk/identities").has(t, ".empty")

	watcher := signedIn(t, w, app, w.Supervisor).get(t, next).must(t, http.StatusOK)
	watcher.lacks(t, "form[action$='/verdict']")
	b.get(t, "/desk/identities/999999").must(t, http.StatusNotFound)
	b.get(t, "/desk/identities/x").must(t, http.StatusNotFound)
}

func TestOutbox(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Done(t)
	b := signedIn(t, w, newApp(w), w.Operator)
	page := b.get(t, "/desk/messages").must(t, http.StatusOK)
	page.has(t, "[data-channel=sms]", "[data-channel=email] [data-attachment]", "a[href='/desk/orders/"+o.Code+"']")
	if n := page.count("article"); n != 2 {
		t.Errorf("%d messages", n)
	}
	b.get(t, "/desk/messages?before=1").must(t, http.StatusOK).has(t, ".empty")
}

func TestPaymentsForFinance(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	b := signedIn(t, w, newApp(w), w.Finance)
	b.get(t, "/desk/payments").must(t, http.StatusOK).has(t, ".empty")
	o := w.Paid(t)
	_, err := w.House.Pool.Exec(t.Context(), "UPDATE payment_attempts SET state = 'quarantined', note = 'another amount' WHERE checkout_id = $1", o.CheckoutID)
	testworld.Must(t, err)
	b.get(t, "/desk/payments").must(t, http.StatusOK).
		has(t, "tr[data-payment=quarantined]:contains('another amount') a[href='/desk/orders/"+o.Code+"']")
}
