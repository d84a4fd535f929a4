package desk_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"pishkhan/internal/fulfil"
	"pishkhan/internal/i18n"
	"pishkhan/internal/orders"
	"pishkhan/internal/testworld"
)

// A paid order is cancelled on its page, its refund asked for, approved and
// sent on finance's, in both languages.
func TestCancelAndRefund(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	app := newApp(w)
	for _, lang := range i18n.Langs() {
		o := w.Claimed(t)
		path := "/desk/orders/" + o.Code
		b := signedIn(t, w, app, w.Operator).in(lang)
		page := b.get(t, path)
		page.has(t, "dialog#cancel form[action$='/cancel'] select[name=cancel_why]", "dialog#cancel [data-close][autofocus]", "[data-open='#cancel'].btn-danger")
		if title := page.text("#cancel-title"); !strings.Contains(title, o.Code) || !strings.Contains(title, lang.Toman(o.Total)) {
			t.Errorf("the dialog says %q", title)
		}
		refused := b.post(t, path+"/cancel", "cancel_note", "because").must(t, http.StatusUnprocessableEntity)
		refused.has(t, "#cancel-form #f-cancel_why-error", ".notice-error a[href='#f-cancel_why']")
		if got := refused.text("#f-cancel_note"); got != "because" {
			t.Errorf("the note is %q after the refusal", got)
		}
		amount := strconv.FormatInt(o.Total.Toman(), 10)
		b.post(t, path+"/cancel", "cancel_why", "customer_asked", "cancel_refund", "yes", "cancel_amount", amount, "cancel_to", "IR062960000000100324200001").leadsTo(t, path)
		after := b.get(t, path)
		after.has(t, "[data-state=cancelled]", "#money [data-refund=asked]")
		after.lacks(t, "dialog#cancel", "#ask-refund")
		if strings.Contains(after.body, "0324200001") {
			t.Error("the account is on the page")
		}
		if history := after.text("#history"); !strings.Contains(history, lang.T("orderdesk.why.customer_asked")) {
			t.Errorf("the history says %q", history)
		}
		id := w.Count(t, "SELECT id FROM refunds WHERE order_id = $1", int64(o.ID))
		refund := fmt.Sprintf("/desk/refunds/%d", id)
		b.get(t, refund).must(t, http.StatusForbidden)

		f := signedIn(t, w, app, w.Finance).in(lang)
		f.get(t, "/desk/refunds").has(t, fmt.Sprintf("#refund-%d[data-refund=asked]", id))
		f.get(t, refund).has(t, "dialog#approve form[action$='/approve']", "form[action$='/fail']")
		f.post(t, refund+"/sent", "reference", "X").must(t, http.StatusConflict)
		f.post(t, refund+"/approve").leadsTo(t, refund)
		f.post(t, refund+"/destination", "destination", "IR062960000000100324200001").leadsTo(t, refund)
		f.get(t, refund).lacks(t, "dialog#approve") // another account needs its own approval, by somebody else
		f.post(t, refund+"/approve").must(t, http.StatusConflict).has(t, ".notice-error")
		f2 := signedIn(t, w, app, w.Finance2).in(lang)
		if account := f2.get(t, refund).text("dialog#approve p .code"); !strings.HasPrefix(account, "IR06") || strings.Contains(account, "0324200001") {
			t.Errorf("who approves sees the account as %q", account)
		}
		f2.post(t, refund+"/approve").leadsTo(t, refund)
		approved := f.get(t, refund)
		if strings.Contains(approved.body, "IR062960000000100324200001") {
			t.Error("the account is on the page before it is revealed")
		}
		f.post(t, refund+"/reveal").must(t, http.StatusOK).has(t, "#refund-number .masked")
		f.post(t, refund+"/sent", "reference", "  ").must(t, http.StatusUnprocessableEntity).has(t, "#f-reference-error")
		f.post(t, refund+"/sent", "reference", "140507-1").leadsTo(t, refund)
		f.post(t, refund+"/approve").must(t, http.StatusConflict).has(t, ".notice-error")
		f.get(t, "/desk/refunds?state=sent").has(t, fmt.Sprintf("#refund-%d", id))
	}
	reviewer := signedIn(t, w, app, w.Reviewer)
	o := w.Paid(t)
	for _, deed := range []string{"/cancel", "/refunds", "/extra"} {
		reviewer.post(t, "/desk/orders/"+o.Code+deed).must(t, http.StatusForbidden)
	}
	signedIn(t, w, app, w.Finance).post(t, "/desk/refunds/limit", "limit", "1").must(t, http.StatusForbidden)
	admin := signedIn(t, w, app, w.Admin)
	admin.post(t, "/desk/refunds/limit", "limit", "x").must(t, http.StatusUnprocessableEntity).has(t, "#f-limit-error")
	admin.post(t, "/desk/refunds/limit", "limit", "۲۰۰۰۰").leadsTo(t, "/desk/refunds")
}

// An operator sees that a purchase is in the way; a supervisor is warned, and
// may go on with a reason.
func TestCancelWarning(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	app := newApp(w)
	o := w.Claimed(t)
	path := "/desk/orders/" + o.Code
	testworld.Must(t, w.House.Fulfil.StartPurchase(t.Context(), w.Operator, o.Code))
	b := signedIn(t, w, app, w.Operator)
	page := b.get(t, path)
	page.has(t, "dialog#cancel .notice-warn")
	page.lacks(t, "[name=cancel_overrule]", "#ask-refund")
	b.post(t, path+"/cancel", "cancel_why", "impossible", "cancel_note", "x", "cancel_overrule", "open").must(t, http.StatusConflict)
	s := signedIn(t, w, app, w.Supervisor)
	s.get(t, path).has(t, "dialog#cancel .notice-warn", "dialog#cancel [name=cancel_overrule]")
	s.post(t, path+"/cancel", "cancel_why", "impossible", "cancel_note", "the bank stopped it").must(t, http.StatusConflict)
	s.post(t, path+"/cancel", "cancel_why", "impossible", "cancel_overrule", "open").must(t, http.StatusUnprocessableEntity).has(t, "#f-cancel_note-error")
	s.post(t, path+"/cancel", "cancel_why", "impossible", "cancel_note", "the bank stopped it", "cancel_overrule", "open").leadsTo(t, path)
	s.get(t, path).has(t, "form[action$='/purchase/found']")
	s.post(t, path+"/purchase/found", "outcome", "not_paid").leadsTo(t, path)
	s.get(t, path).lacks(t, "form[action$='/purchase/found']")
}

// What was under way when a supervisor read the warning, and is paid by the
// time they cancel, is told anew; going on is on record with the amount.
func TestWarningOfThen(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Claimed(t)
	path := "/desk/orders/" + o.Code
	testworld.Must(t, w.House.Fulfil.StartPurchase(t.Context(), w.Operator, o.Code))
	s := signedIn(t, w, newApp(w), w.Supervisor)
	seen := s.get(t, path).Find("[name=cancel_overrule]").AttrOr("value", "")
	testworld.Must(t, w.House.Fulfil.EndPurchase(t.Context(), w.Operator, o.Code, fulfil.Report{Outcome: fulfil.Paid, Amount: "50", Currency: "USD"}))
	form := []string{"cancel_why", "impossible", "cancel_note", "the bank stopped it", "cancel_overrule"}
	refused := s.post(t, path+"/cancel", append(form, seen)...).must(t, http.StatusConflict)
	refused.lacks(t, "[name=cancel_overrule][checked]")
	s.post(t, path+"/cancel", append(form, refused.Find("[name=cancel_overrule]").AttrOr("value", ""))...).leadsTo(t, path)
	bought, err := w.House.Fulfil.Purchases(t.Context(), o.ID)
	testworld.Must(t, err)
	if history := s.get(t, path).text("#history"); !strings.Contains(history, i18n.FA.T("desk.despite.bought", "amount", i18n.FA.Foreign(bought[0].Charged))) {
		t.Errorf("the history says %q", history)
	}
}

// The difference is asked for on the page, shown while it is open, and can be
// withdrawn; the order waits meanwhile.
func TestAskExtra(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	app := newApp(w)
	for _, lang := range i18n.Langs() {
		o := w.Claimed(t)
		path := "/desk/orders/" + o.Code
		b := signedIn(t, w, app, w.Operator).in(lang)
		b.post(t, path+"/extra", "extra_amount", "many", "extra_reason", "tax").must(t, http.StatusUnprocessableEntity).
			has(t, "#ask-extra[open] #f-extra_amount-error", "#f-extra_reason")
		b.post(t, path+"/extra", "extra_amount", "۲۵٬۰۰۰", "extra_reason", "tax").leadsTo(t, path)
		page := b.get(t, path)
		page.has(t, "[data-state=waiting_customer]", "#extra-open form[action$='/extra/withdraw']", "#money [data-extra=asked]")
		page.lacks(t, "#ask-extra")
		b.post(t, path+"/extra/withdraw").leadsTo(t, path)
		if got := w.Order(t, o); got.State != orders.InProgress {
			t.Errorf("withdrawn, it is %s", got.State)
		}
		b.post(t, path+"/extra/withdraw").must(t, http.StatusConflict)
	}
}

// Notes are for colleagues; what is typed is kept through a reload, and a
// removal can be undone.
func TestNotesOnThePage(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	app := newApp(w)
	o := w.Claimed(t)
	path := "/desk/orders/" + o.Code
	b := signedIn(t, w, app, w.Operator)
	b.htmx("textarea").post(t, path+"/drafts", "order_note", "half a note", "question", "which code", "unknown", "x").must(t, http.StatusNoContent)
	page := b.get(t, path)
	if page.text("#f-order_note") != "half a note" || page.text("#f-question") != "which code" {
		t.Errorf("drafts %q, %q", page.text("#f-order_note"), page.text("#f-question"))
	}
	signedIn(t, w, app, w.Operator2).get(t, path).has(t, "#f-order_note:empty")
	b.post(t, path+"/notes", "order_note", " ").must(t, http.StatusUnprocessableEntity).has(t, "#f-order_note-error")
	b.post(t, path+"/notes", "order_note", "<b>call</b> after five").leadsTo(t, path)
	page = b.get(t, path)
	if got := page.text("#note-list"); !strings.Contains(got, "<b>call</b> after five") || page.text("#f-order_note") != "" {
		t.Errorf("notes %q, draft %q", got, page.text("#f-order_note"))
	}
	id := page.Find("[data-note]").AttrOr("data-note", "")
	signedIn(t, w, app, w.Operator2).post(t, path+"/notes/"+id+"/remove").must(t, http.StatusNotFound)
	b.post(t, path+"/notes/"+id+"/remove").leadsTo(t, path)
	b.get(t, path).has(t, "[data-hide-after='10'] form[action$='/restore']")
	b.post(t, path+"/notes/"+id+"/restore").leadsTo(t, path)
	b.get(t, path).has(t, "[data-note] form[action$='/remove']")
	signedIn(t, w, app, w.Auditor).get(t, path).lacks(t, "#f-order_note")
}

// A colleague's change brings what holds no input; forms only when they are
// others now.
func TestChangedParts(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	app := newApp(w)
	o := w.Claimed(t)
	path := "/desk/orders/" + o.Code
	b := signedIn(t, w, app, w.Operator)
	watch := b.get(t, path).Find("#order-watch").AttrOr("hx-get", "")
	same := b.htmx("order-watch").get(t, watch).must(t, http.StatusOK)
	same.has(t, "hx-partial[hx-target='#history']", "hx-partial[hx-target='#note-list']", "hx-partial[hx-target='#order-head']")
	same.lacks(t, "hx-partial[hx-target='#work']", "textarea", "#secrets")
	testworld.Must(t, w.House.Queue.Release(t.Context(), w.Operator, o.Code, "lunch"))
	b.htmx("order-watch").get(t, watch).must(t, http.StatusOK).
		has(t, "hx-partial[hx-target='#work']", "hx-partial[hx-target='#bar'] form[action$='/claim']", "hx-partial[hx-target='#order-watch']")
}
