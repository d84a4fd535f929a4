package api_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"pishkhan/internal/access"
	"pishkhan/internal/audit"
	"pishkhan/internal/sample"
	"pishkhan/internal/staff"
	"pishkhan/internal/testworld"
)

// robot is a program of a member's, with a token for the scopes, or for all.
func (b *bench) robot(t *testing.T, of audit.Actor, scopes ...staff.Scope) *program {
	t.Helper()
	if len(scopes) == 0 {
		scopes = staff.Scopes
	}
	_, secret, err := b.House.Staff.IssueToken(t.Context(), of, staff.NewToken{MemberID: of.ID, Name: "robot", Scopes: scopes, Age: 24 * time.Hour})
	testworld.Must(t, err)
	return &program{t: t, b: b, token: secret.Reveal(), lang: "en"}
}

// complete hands a completion in; an empty receipt is none.
func (p *program) complete(code string, receipt []byte, fields ...string) reply {
	p.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for i := 0; i+1 < len(fields); i += 2 {
		testworld.Must(p.t, form.WriteField(fields[i], fields[i+1]))
	}
	if len(receipt) > 0 {
		part, err := form.CreateFormFile("receipt", "رسید.pdf")
		testworld.Must(p.t, err)
		_, err = part.Write(receipt)
		testworld.Must(p.t, err)
	}
	testworld.Must(p.t, form.Close())
	return p.send("POST", "/orders/"+code+"/complete", body.Bytes(), map[string]string{"Content-Type": form.FormDataContentType()})
}

// Who takes an order that was put back over somebody's open purchase is told
// of it at once, by claim and by next alike: else they would pay again.
func TestAGuardedOrderSaysSo(t *testing.T) {
	b := setup(t)
	p := b.robot(t, b.Operator2)
	for name, take := range map[string]func(code string) reply{
		"claim": func(code string) reply { return p.post("/orders/"+code+"/claim", nil) },
		"next":  func(string) reply { return p.post("/queue/next", nil) },
	} {
		o := b.Claimed(t)
		testworld.Must(t, b.House.Fulfil.StartPurchase(t.Context(), b.Operator, o.Code))
		testworld.Must(t, b.House.Queue.ReleaseFor(t.Context(), b.Supervisor, o.Code, "she is ill", true))
		taken := take(o.Code).want(http.StatusOK)
		if taken.at("code") != o.Code || taken.at("purchase_open") != true || taken.at("holder") != b.Operator2.Name {
			t.Errorf("%s: %s", name, taken.text)
		}
		p.post("/orders/"+o.Code+"/purchase", nil).problem(http.StatusConflict, "fulfil.error.purchase_exists")
	}
}

// From the queue to done, as a program of an operator does it.
func TestFromQueueToDone(t *testing.T) {
	b := setup(t)
	o := b.Paid(t)
	p := b.robot(t, b.Operator)
	if first := p.get("/queue").want(http.StatusOK); first.at("orders.0.code") != o.Code || first.at("next") != nil {
		t.Errorf("the queue: %s", first.text)
	}
	taken := p.post("/queue/next", nil).want(http.StatusOK)
	if taken.at("code") != o.Code || taken.at("state") != "in_progress" || taken.at("holder") != b.Operator.Name || taken.at("has_login") != true {
		t.Errorf("taken: %s", taken.text)
	}
	if r := p.post("/queue/next", nil); r.status != http.StatusNoContent || r.text != "" {
		t.Errorf("an empty queue answers %d: %s", r.status, r.text)
	}
	if r := p.post("/orders/"+o.Code+"/purchase", nil).want(http.StatusOK); r.at("purchase_open") != true {
		t.Errorf("the purchase: %s", r.text)
	}
	p.send("DELETE", "/orders/"+o.Code+"/claim", nil, nil).problem(http.StatusConflict, "queue.error.purchase_open")
	p.complete(o.Code, nil, "charged_amount", "50.00", "charged_currency", "USD").problem(422, "fault.invalid", "/receipt")
	p.complete(o.Code, []byte("not a PDF"), "charged_amount", "50", "charged_currency", "USD").problem(422, "fault.invalid", "/receipt")
	p.complete(o.Code, sample.PDF("r"), "charged_amount", "-1", "charged_currency", "XXX").problem(422, "fault.invalid", "/charged_currency")
	done := p.complete(o.Code, sample.PDF("r"), "charged_amount", "50.00", "charged_currency", "USD", "reference", "R-1").want(http.StatusOK)
	if done.at("state") != "done" || done.at("holder") != nil {
		t.Errorf("done: %s", done.text)
	}
	p.complete(o.Code, sample.PDF("r"), "charged_amount", "50.00", "charged_currency", "USD").problem(http.StatusConflict, "queue.error.not_held")
	seen := p.get("/orders/" + strings.ToLower(o.Code)).want(http.StatusOK)
	if seen.at("purchases.0.charged_amount") != "50" || seen.at("purchases.0.reference") != "R-1" || seen.at("receipts.0.content_type") != "application/pdf" ||
		seen.at("customer.name") == "" {
		t.Errorf("everything about it: %s", seen.text)
	}
	if n := b.Count(t, `SELECT count(*) FROM messages WHERE order_id = $1 AND kind = 'order_done'`, o.ID); n != 2 {
		t.Errorf("%d messages", n)
	}
	for _, r := range []reply{taken, done, seen} {
		b.noLogin(t, r)
	}
	deeds, signed := "SELECT count(*) FROM audit_entries WHERE subject = $1 AND actor_id = $2", " AND token_id IS NOT NULL AND token_name = 'robot'"
	if n, tokens := b.Count(t, deeds, o.Subject(), b.Operator.ID), b.Count(t, deeds+signed, o.Subject(), b.Operator.ID); n < 2 || tokens != n {
		t.Errorf("of %d deeds the record tells the token of %d", n, tokens)
	}
}

// noLogin fails the test when an answer holds what the sample's customer
// signs in with.
func (b *bench) noLogin(t *testing.T, r reply) {
	t.Helper()
	answers := sample.Answers("steam-wallet", b.Clock.Now())
	service, err := b.House.Catalog.Service(t.Context(), "steam-wallet")
	testworld.Must(t, err)
	for field := range service.Definition.Fields() {
		if secret := answers[field.Name]; field.Sealed && secret != "" && strings.Contains(r.text, secret) {
			t.Errorf("the answer holds %s", field.Name)
		}
	}
}

// A purchase is reported step by step; what is on the order may be left out
// of its completion, or said again, but not otherwise.
func TestOutcomes(t *testing.T) {
	b := setup(t)
	p := b.robot(t, b.Operator)
	o := b.Claimed(t)
	at := "/orders/" + o.Code
	p.post(at+"/purchase/outcome", object{"outcome": "paid", "charged_amount": "5", "charged_currency": "USD"}).problem(409, "fulfil.error.no_purchase")
	p.complete(o.Code, sample.PDF("r"), "charged_amount", "5", "charged_currency", "USD").problem(409, "fulfil.error.no_purchase")
	p.complete(o.Code, sample.PDF("r")).problem(422, "fault.invalid", "/purchase")
	p.post(at+"/purchase", nil).want(http.StatusOK)
	p.post(at+"/purchase", nil).problem(409, "fulfil.error.purchase_exists")
	p.post(at+"/purchase/outcome", object{"outcome": "maybe"}).problem(422, "api.error.shape", "/outcome")
	p.post(at+"/purchase/outcome", object{"outcome": "paid"}).problem(422, "fault.invalid", "/charged_currency")
	if r := p.post(at+"/purchase/outcome", object{"outcome": "unknown"}).want(http.StatusOK); r.at("purchase_open") != true {
		t.Errorf("unknown: %s", r.text)
	}
	p.post(at+"/purchase/outcome", object{"outcome": "not_paid"}).want(http.StatusOK)
	p.post(at+"/purchase", nil).want(http.StatusOK)
	paid := p.post(at+"/purchase/outcome", object{"outcome": "paid", "charged_amount": 50.25, "charged_currency": "USD", "reference": "R-2"}).want(http.StatusOK)
	if paid.at("purchase_open") != false {
		t.Errorf("paid: %s", paid.text)
	}
	p.complete(o.Code, sample.PDF("r"), "charged_amount", "50.26", "charged_currency", "USD").problem(422, "fault.invalid", "/charged_amount")
	p.complete(o.Code, sample.PDF("r"), "charged_amount", "50.25", "charged_currency", "USD").want(http.StatusOK)
	if n := b.Count(t, `SELECT count(*) FROM receipts WHERE order_id = $1`, o.ID); n != 1 {
		t.Errorf("%d receipts: what was refused left its trace", n)
	}

	other := b.Claimed(t)
	p.post("/orders/"+other.Code+"/purchase", nil).want(http.StatusOK)
	b.AddReceipt(t, other)
	p.complete(other.Code, nil, "charged_amount", "7", "charged_currency", "EUR").want(http.StatusOK)
}

// Giving back needs no reason of a program; what is not the member's says who
// has it.
func TestReleaseAndStrangers(t *testing.T) {
	b := setup(t)
	p, other := b.robot(t, b.Operator), b.robot(t, b.Operator2)
	o := b.Paid(t)
	at := "/orders/" + o.Code
	p.post(at+"/claim", nil).want(http.StatusOK)
	for _, lost := range []reply{
		other.post(at+"/claim", nil), other.send("DELETE", at+"/claim", nil, nil), other.post(at+"/purchase", nil),
		other.post(at+"/purchase/outcome", object{"outcome": "not_paid"}), other.complete(o.Code, sample.PDF("r"), "charged_amount", "5", "charged_currency", "USD"),
	} {
		lost.problem(http.StatusConflict, "queue.error.taken")
		since, err := time.Parse(time.RFC3339, fmt.Sprint(lost.at("since")))
		if lost.at("holder") != b.Operator.Name || err != nil || since.After(b.Clock.Now()) {
			t.Errorf("does not say who has it since when: %s", lost.text)
		}
	}
	if r := p.send("DELETE", at+"/claim", nil, nil).want(http.StatusOK); r.at("state") != "paid" || r.at("holder") != nil {
		t.Errorf("given back: %s", r.text)
	}
	p.post(at+"/claim", nil).want(http.StatusOK)
	p.send("DELETE", at+"/claim", []byte(`{"reason": "no card"}`), map[string]string{"Content-Type": "application/json"}).want(http.StatusOK)
	history := p.get(at).want(http.StatusOK).text
	if !strings.Contains(history, `"reason":"no card"`) || !strings.Contains(history, "gave no reason") {
		t.Errorf("the history: %s", history)
	}
	p.send("DELETE", at+"/claim", nil, nil).problem(http.StatusConflict, "queue.error.not_held")
	p.post("/orders/ZZZZZZZ/claim", nil).problem(http.StatusNotFound, "orders.error.not_found")
	p.get("/orders/ZZZZZZZ").problem(http.StatusNotFound, "orders.error.not_found")
}

// The queue is read page by page; each order once, the earliest due first.
func TestQueuePages(t *testing.T) {
	b := setup(t)
	p := b.robot(t, b.Operator, staff.Read)
	want := map[string]bool{}
	for range 7 {
		want[b.Paid(t).Code] = true
		b.Clock.Advance(time.Minute)
	}
	after, last := "", ""
	for page := 0; len(want) > 0; page++ {
		r := p.get("/queue?limit=3&after=" + after).want(http.StatusOK)
		list := r.at("orders").([]any)
		for _, entry := range list {
			code, due := entry.(object)["code"].(string), entry.(object)["promised_by"].(string)
			if !want[code] || due < last {
				t.Fatalf("page %d: %s", page, r.text)
			}
			delete(want, code)
			last = due
		}
		if next, _ := r.at("next").(string); next != "" {
			after = next
		} else if len(want) > 0 {
			t.Fatalf("%d orders are on no page", len(want))
		}
	}
	for _, query := range []string{"after=x", "after=1-x", "after=-1--1", "after=99999999999999999999-1"} {
		p.get("/queue?"+query).problem(422, "fault.invalid", "query:after")
	}
	for _, query := range []string{"limit=0", "limit=201", "limit=x"} {
		p.get("/queue?"+query).problem(422, "", "query:limit")
	}
}

// doorway is what a member's program needs.
type doorway struct {
	permission access.Permission
	scope      staff.Scope
}

// forMembers are the routes of the desk, written down a second time.
var forMembers = map[route]doorway{
	{"GET", "/queue"}: {access.SeeQueue, staff.Read}, {"GET", "/orders/:code"}: {access.SeeOrder, staff.Read},
	{"POST", "/queue/next"}: {access.ClaimOrder, staff.Work}, {"POST", "/orders/:code/claim"}: {access.ClaimOrder, staff.Work},
	{"DELETE", "/orders/:code/claim"}: {access.WorkOnOrder, staff.Work}, {"POST", "/orders/:code/purchase"}: {access.WorkOnOrder, staff.Work},
	{"POST", "/orders/:code/purchase/outcome"}: {access.WorkOnOrder, staff.Work}, {"POST", "/orders/:code/complete"}: {access.WorkOnOrder, staff.Work},
}

// Each route of the desk asks the role and the scope; no token of a member
// opens a door of the shop fronts.
func TestMembersAndRoles(t *testing.T) {
	b := setup(t)
	operators := map[access.Permission]bool{access.SeeQueue: true, access.SeeOrder: true, access.ClaimOrder: true, access.WorkOnOrder: true}
	onlookers := map[access.Permission]bool{access.SeeQueue: true, access.SeeOrder: true}
	for name, who := range map[string]struct {
		actor audit.Actor
		may   map[access.Permission]bool
	}{
		"operator": {b.Operator, operators}, "supervisor": {b.Supervisor, operators}, "reviewer": {b.Reviewer, onlookers},
		"finance": {b.Finance, onlookers}, "admin": {b.Admin, onlookers}, "auditor": {b.Auditor, onlookers},
	} {
		for _, scope := range staff.Scopes {
			p := b.robot(t, who.actor, scope)
			for _, r := range b.routes(t) {
				if open[r.path] {
					continue
				}
				got := p.send(r.method, parameter.ReplaceAllString(r.path, "1"), nil, nil)
				d, known := forMembers[r]
				if want := known && who.may[d.permission] && d.scope == scope; want != (got.status != http.StatusForbidden) {
					t.Errorf("%s with %s: %s %s answers %d: %s", name, scope, r.method, r.path, got.status, got.text)
				}
				if !known {
					got.problem(http.StatusForbidden, "tokens.error.clients_only")
				}
			}
		}
	}
	p := b.robot(t, b.Operator)
	p.post("/queue/next", nil).want(http.StatusNoContent)
	testworld.Must(t, b.House.Staff.ChangeRoles(t.Context(), audit.Machine, "operator@demo.test", nil, []audit.Role{audit.Operator}))
	p.post("/queue/next", nil).problem(http.StatusForbidden, "access.error.forbidden")
	testworld.Must(t, b.House.Staff.Disable(t.Context(), audit.Machine, "operator@demo.test"))
	p.lang = "fa"
	if r := p.post("/queue/next", nil); r.status != http.StatusUnauthorized || !strings.Contains(r.text, "توکن ناشناخته") || r.header.Get("WWW-Authenticate") != "Bearer" {
		t.Errorf("shut out: %d %s", r.status, r.text)
	}
}

// What is larger than any receipt is told so; a stranger's is not even read.
func TestLargeReceipts(t *testing.T) {
	b := setup(t)
	p := b.robot(t, b.Operator)
	o := b.Claimed(t)
	p.post("/orders/"+o.Code+"/purchase", nil).want(http.StatusOK)
	large := append(sample.PDF("r"), bytes.Repeat([]byte(" "), 20<<20)...)
	p.complete(o.Code, large, "charged_amount", "5", "charged_currency", "USD").problem(http.StatusRequestEntityTooLarge, "receipt.error.size")
	almost := bytes.Replace(sample.PDF("r"), []byte("startxref"), append(bytes.Repeat([]byte("\n"), 19<<20), "startxref"...), 1)
	p.complete(o.Code, almost, "charged_amount", "5", "charged_currency", "USD").want(http.StatusOK)
}

// describedDesk holds the desk's answers against their description.
func describedDesk(t *testing.T, b *bench, schemas func(method, path string, status int, r reply)) {
	t.Helper()
	o := b.Paid(t)
	p := b.robot(t, b.Operator)
	schemas("GET", "/queue", 200, p.get("/queue"))
	schemas("POST", "/orders/{code}/claim", 200, p.post("/orders/"+o.Code+"/claim", nil))
	schemas("POST", "/orders/{code}/claim", 409, b.robot(t, b.Operator2).post("/orders/"+o.Code+"/claim", nil))
	schemas("DELETE", "/orders/{code}/claim", 200, p.send("DELETE", "/orders/"+o.Code+"/claim", nil, nil))
	schemas("POST", "/queue/next", 200, p.post("/queue/next", nil))
	schemas("POST", "/orders/{code}/purchase", 200, p.post("/orders/"+o.Code+"/purchase", nil))
	schemas("POST", "/orders/{code}/purchase/outcome", 200,
		p.post("/orders/"+o.Code+"/purchase/outcome", object{"outcome": "paid", "charged_amount": 5, "charged_currency": "USD"}))
	schemas("POST", "/orders/{code}/complete", 200, p.complete(o.Code, sample.PDF("r")))
	schemas("GET", "/orders/{code}", 200, p.get("/orders/"+o.Code))
}
