package shop_test

import (
	"strings"
	"testing"

	"pishkhan/internal/customers"
	"pishkhan/internal/i18n"
	"pishkhan/internal/sample"
	"pishkhan/internal/testworld"
)

// needsDocument is a service that asks for a picture of a document.
const needsDocument = "flight-ticket"

// A document is asked for where an order needs it, and kept while something
// else is wrong; from then on the customer is known, and may be another.
func TestTheCheckoutKnowsWhomItKnows(t *testing.T) {
	b := setup(t)
	for _, lang := range i18n.Langs() {
		g, details := b.guest(t, lang), b.details()
		b.ordered(t, g, "steam-wallet")
		if g.get("/checkout").Find("input[type=file]").Length() != 0 {
			t.Errorf("%s: a document is asked for that nobody needs", lang)
		}
		b.ordered(t, g, needsDocument)
		page := g.get("/checkout").status(t, 200)
		if page.Find("form[enctype='multipart/form-data'] input[type=file][name=document]").Length() != 1 {
			t.Fatalf("%s: no document is asked for", lang)
		}
		details["agreed"] = page.value("agreed")
		page = g.upload("/checkout", details, "document", "", nil).status(t, 422)
		if got := page.errorAt("document"); !strings.Contains(got, lang.T("checkout.error.document")) {
			t.Errorf("%s: %q", lang, got)
		}
		page = g.upload("/checkout", details, "document", "card.pdf", []byte("not a PDF")).status(t, 422)
		if page.errorAt("document") == "" {
			t.Errorf("%s: a damaged document is taken", lang)
		}
		mobile := details["mobile"]
		details["mobile"] = "12"
		page = g.upload("/checkout", details, "document", "card.pdf", sample.PDF("card")).status(t, 422)
		if page.errorAt("mobile") == "" || page.errorAt("document") != "" || !strings.Contains(page.text("main"), "card.pdf") {
			t.Errorf("%s: the document is not kept: %s", lang, page.text("main"))
		}
		details["mobile"], details["document_id"] = mobile, page.value("document_id")
		placed := g.upload("/checkout", details, "document", "", nil).status(t, 200)
		o, err := b.House.Orders.ByCode(t.Context(), b.House.Pool, codeOf(t, placed))
		testworld.Must(t, err)
		testworld.Must(t, b.House.Checkout.DecideIdentity(t.Context(), b.Reviewer, o.IdentityCaseID, "approved", ""))

		b.signIn(t, g, mobile)
		b.ordered(t, g, needsDocument)
		page = g.get("/checkout").status(t, 200)
		if page.Find("[data-known]").Length() != 1 || page.Find("input[name=national_code]").Length() != 0 || !strings.Contains(page.text("[data-known]"), details["name"]) {
			t.Fatalf("%s: a known customer is asked again", lang)
		}
		other := g.get("/checkout?who=other").status(t, 200)
		if other.Find("input[name=national_code]").Length() != 1 || other.value("name") != details["name"] {
			t.Errorf("%s: there is no way to be another", lang)
		}
		again := g.post("/checkout", map[string]string{"as_known": "1", "agreed": page.value("agreed")}).status(t, 200)
		next, err := b.House.Orders.ByCode(t.Context(), b.House.Pool, codeOf(t, again))
		if err != nil || next.IdentityCaseID != o.IdentityCaseID {
			t.Errorf("%s: %+v, %v", lang, next, err)
		}
	}
}

// After a rejection the document is asked for again, too.
func TestARejectedDocumentIsHandedInAnew(t *testing.T) {
	b := setup(t)
	g, details := b.guest(t, i18n.FA), b.details()
	b.ordered(t, g, needsDocument)
	details["agreed"] = g.get("/checkout").value("agreed")
	code := codeOf(t, g.upload("/checkout", details, "document", "card.pdf", sample.PDF("card")).status(t, 200))
	o, err := b.House.Orders.ByCode(t.Context(), b.House.Pool, code)
	testworld.Must(t, err)
	testworld.Must(t, b.House.Checkout.DecideIdentity(t.Context(), b.Reviewer, o.IdentityCaseID, "rejected", "نام خوانا نیست"))
	g.get("/orders/"+code).status(t, 200)
	if page := g.upload("/orders/"+code+"/identity", details, "document", "", nil).status(t, 422); page.errorAt("document") == "" {
		t.Error("it is taken without a document")
	}
	g.upload("/orders/"+code+"/identity", details, "document", "card.pdf", sample.PDF("a better card")).leadsTo(t, "/orders/"+code)
	again := b.Order(t, o)
	filed, err := b.House.Customers.Case(t.Context(), b.House.Pool, again.IdentityCaseID)
	if err != nil || filed.ID == o.IdentityCaseID || filed.Level != customers.Document {
		t.Errorf("%+v, %v", filed, err)
	}
}

// Nobody is known by saying so.
func TestAStrangerIsNotKnown(t *testing.T) {
	b := setup(t)
	g := b.guest(t, i18n.FA)
	b.ordered(t, g, "steam-wallet")
	agreed := g.get("/checkout").value("agreed")
	page := g.post("/checkout", map[string]string{"as_known": "1", "agreed": agreed}).status(t, 422)
	if page.errorAt("name") == "" {
		t.Error("a stranger is known")
	}
	b.signIn(t, g, "09121239999")
	g.get("/checkout").status(t, 200)
	page = g.post("/checkout", map[string]string{"as_known": "1", "agreed": agreed}).status(t, 409)
	if page.Find("input[name=national_code]").Length() != 1 {
		t.Error("a customer whom nobody verified is not asked")
	}
}
