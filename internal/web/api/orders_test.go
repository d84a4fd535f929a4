package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"pishkhan/internal/checkout"
	"pishkhan/internal/fulfil"
	"pishkhan/internal/orders"
	"pishkhan/internal/sample"
	"pishkhan/internal/testworld"
)

// The whole way: services, quote, order, payment elsewhere, and what becomes of it.
func TestOrder(t *testing.T) {
	b := setup(t)
	p := b.program(t)
	if slug := p.get("/services").want(http.StatusOK).at("services.0.slug"); slug == "" {
		t.Error("no services")
	}
	service := p.get("/services/steam-wallet").want(http.StatusOK)
	if service.at("answers_schema.properties.site_password.writeOnly") != true {
		t.Errorf("the form: %s", service.text)
	}
	quote := p.post("/quotes", object{"service": "steam-wallet", "amount": object{"amount": "50.00", "currency": "USD"}}).want(http.StatusCreated)
	total := 0.0
	for _, line := range quote.json()["lines"].([]any) {
		total += line.(object)["rials"].(float64)
	}
	if total == 0 || total != quote.at("total_rials") || quote.at("total_toman") != total/10 {
		t.Errorf("the lines add up to %.0f: %s", total, quote.text)
	}

	request := with(p.request(quote.at("id").(string), p.steam()), "return_url", "https://shop.example/thanks", "lang", "en")
	r := p.order(request).want(http.StatusCreated)
	code := r.at("orders.0.code").(string)
	if r.at("orders.0.state") != "awaiting_payment" || r.at("total_rials") != total || r.header.Get("Idempotency-Replayed") != "" ||
		!strings.HasPrefix(r.at("payment.url").(string), testworld.BaseURL+"/pay/") {
		t.Errorf("placed: %s", r.text)
	}
	o, err := b.House.Orders.ForClient(t.Context(), p.client.ID, code)
	testworld.Must(t, err)
	attempt, err := b.House.Checkout.PayAgain(t.Context(), o)
	testworld.Must(t, err)
	b.Pay(t, checkout.Placed{Attempt: attempt})
	b.Approve(t, b.Order(t, o))
	_, err = b.House.Queue.Claim(t.Context(), b.Operator, code)
	testworld.Must(t, err)
	first := p.get("/orders/" + code).want(http.StatusOK)
	if first.at("first_promised_by") == nil || first.at("first_promised_by") != first.at("promised_by") {
		t.Errorf("promised: %s", first.text)
	}
	testworld.Must(t, b.House.Fulfil.Extend(t.Context(), b.Operator, code, fulfil.Extension{
		Until: testworld.Noon.Add(24 * time.Hour), Agreed: fulfil.ByMessage,
	}))
	testworld.Must(t, sample.Maker{House: b.House, Clock: b.Clock}.Finish(t.Context(), b.Operator, b.Order(t, o)))

	done := p.get("/orders/" + code).want(http.StatusOK)
	if done.at("first_promised_by") != first.at("promised_by") || done.at("promised_by") == first.at("promised_by") {
		t.Errorf("after another time was agreed: %s", done.text)
	}
	var states []string
	for _, e := range done.json()["events"].([]any) {
		states = append(states, e.(object)["state"].(string))
	}
	if want := "awaiting_payment awaiting_kyc paid in_progress done"; strings.Join(states, " ") != want {
		t.Errorf("events %v, want %s", states, want)
	}
	if done.at("answers.amount.amount") != "50.00" || done.at("receipts.0.content_type") != "application/pdf" || done.at("promised_by") == nil {
		t.Errorf("in the end: %s", done.text)
	}
	paper := p.get(fmt.Sprintf("/orders/%s/receipts/%s", code, done.at("receipts.0.id")))
	if paper.status != http.StatusOK || !strings.HasPrefix(paper.text, "%PDF") || paper.header.Get("Content-Type") != "application/pdf" {
		t.Errorf("receipt: %d %v", paper.status, paper.header)
	}
}

// Of many same requests at once one places orders, and all get its answer.
func TestIdempotencyUnderARace(t *testing.T) {
	b := setup(t)
	p := b.program(t)
	answers := p.steam()
	request := p.request(p.quote("steam-wallet", answers), answers)
	replies := make([]reply, 20)
	var all sync.WaitGroup
	for i := range replies {
		all.Go(func() { replies[i] = p.post("/orders", request, "Idempotency-Key", "the-same-key") })
	}
	all.Wait()
	fresh := 0
	for _, r := range replies {
		r.want(http.StatusCreated)
		if r.text != replies[0].text {
			t.Errorf("answers differ: %s\n%s", r.text, replies[0].text)
		}
		if r.header.Get("Idempotency-Replayed") == "" {
			fresh++
		}
	}
	if n := b.Count(t, `SELECT count(*) FROM orders WHERE client_id = $1`, p.client.ID); n != 1 || fresh != 1 {
		t.Errorf("%d orders, %d fresh answers", n, fresh)
	}

	b.Clock.Advance(quoteLife)
	later := p.post("/orders", request, "Idempotency-Key", "the-same-key").want(http.StatusCreated)
	if later.header.Get("Idempotency-Replayed") != "true" || later.text != replies[0].text {
		t.Errorf("after the quote ran out: %s", later.text)
	}
	p.post("/orders", with(request, "lang", "en"), "Idempotency-Key", "the-same-key").
		problem(http.StatusUnprocessableEntity, "fault.invalid", "header:Idempotency-Key")
	p.post("/orders", request).problem(http.StatusUnprocessableEntity, "api.error.shape", "header:Idempotency-Key")
	p.post("/orders", request, "Idempotency-Key", "short").problem(http.StatusUnprocessableEntity, "api.error.shape", "header:Idempotency-Key")
}

// A quote serves one order, even when several ask at once.
func TestQuoteServesOnce(t *testing.T) {
	b := setup(t)
	p := b.program(t)
	answers := p.steam()
	request := p.request(p.quote("steam-wallet", answers), answers)
	statuses := make([]int, 8)
	var all sync.WaitGroup
	for i := range statuses {
		all.Go(func() {
			statuses[i] = p.post("/orders", request, "Idempotency-Key", fmt.Sprintf("another-key-%d", i)).status
		})
	}
	all.Wait()
	won := 0
	for _, status := range statuses {
		switch status {
		case http.StatusCreated:
			won++
		case http.StatusConflict:
		default:
			t.Errorf("status %d", status)
		}
	}
	if n := b.Count(t, `SELECT count(*) FROM orders WHERE client_id = $1`, p.client.ID); won != 1 || n != 1 {
		t.Errorf("%d won, %d orders", won, n)
	}
}

func TestRefusals(t *testing.T) {
	b := setup(t)
	p := b.program(t)
	answers := p.steam()
	quote := p.quote("steam-wallet", answers)
	good := p.request(quote, answers)
	line := func(quote any, answers object) object {
		return with(good, "lines", []object{{"quote": quote, "answers": answers}})
	}
	stranger := b.program(t)
	for name, tt := range map[string]struct {
		request   object
		status    int
		key       string
		locations []string
	}{
		"another amount":   {line(quote, with(answers, "amount", object{"amount": "51", "currency": "USD"})), 422, "fault.invalid", []string{"/lines/0/answers/amount"}},
		"another currency": {line(quote, with(answers, "amount", object{"amount": "50", "currency": "EUR"})), 422, "fault.invalid", []string{"/lines/0/answers/amount"}},
		"no such quote":    {line("qt_nothing", answers), 422, "fault.invalid", []string{"/lines/0/quote"}},
		"another's quote":  {line(stranger.quote("steam-wallet", answers), answers), 422, "fault.invalid", []string{"/lines/0/quote"}},
		"one quote twice": {with(good, "lines", []object{{"quote": quote, "answers": answers}, {"quote": quote, "answers": answers}}), 422,
			"fault.invalid", []string{"/lines/1/quote"}},
		"an unknown answer": {line(quote, with(answers, "hobby", "chess")), 422, "fault.invalid", []string{"/lines/0/answers/hobby"}},
		"no lines":          {with(good, "lines", []object{}), 422, "api.error.shape", []string{"/lines"}},
		"a text for lines":  {with(good, "lines", "x"), 422, "api.error.shape", []string{"/lines"}},
		"a strange member":  {with(good, "discount", 100), 422, "api.error.shape", []string{"/discount"}},
		"elsewhere":         {with(good, "return_url", "https://evil.example/"), 422, "fault.invalid", []string{"/return_url"}},
		"a wrong customer": {with(good, "customer", object{"name": "1", "national_code": "1", "birth_date": "x", "mobile": "1", "email": "x"}), 422,
			"fault.invalid", []string{"/customer/name", "/customer/national_code", "/customer/birth_date", "/customer/mobile", "/customer/email"}},
		"another's document":  {with(good, "customer", with(good["customer"].(object), "document", stranger.upload())), 422, "fault.invalid", []string{"/customer/document"}},
		"a NUL in a name":     {with(good, "customer", with(good["customer"].(object), "name", "a\x00b")), 422, "fault.invalid", []string{"/customer/name"}},
		"a NUL in a quote":    {line("qt\x00", answers), 422, "fault.invalid", []string{"/lines/0/quote"}},
		"a NUL in an answer":  {line(quote, with(answers, "site_login", "a\x00b")), 422, "fault.invalid", []string{"/lines/0/answers/site_login"}},
		"a NUL for an answer": {line(quote, with(answers, "a\x00b", "c")), 422, "fault.invalid", nil},
	} {
		t.Run(name, func(t *testing.T) {
			r := p.order(tt.request)
			r.t = t
			r.problem(tt.status, tt.key, tt.locations...)
		})
	}
	p.send("POST", "/orders", []byte("{"), map[string]string{"Content-Type": "application/json", "Idempotency-Key": "broken-json"}).problem(400, "api.error.unreadable")
	p.send("POST", "/orders", []byte("a=b"), map[string]string{"Content-Type": "text/plain", "Idempotency-Key": "other-type"}).problem(415, "web.error.media_type")
	if n := b.Count(t, `SELECT count(*) FROM orders WHERE client_id IS NOT NULL`); n != 0 {
		t.Errorf("%d orders were placed", n)
	}
	b.Clock.Advance(quoteLife)
	p.order(good).problem(http.StatusConflict, "checkout.error.quote_ran_out", "/lines/0/quote")
}

// Birth dates are taken in either calendar.
func TestBirthDates(t *testing.T) {
	b := setup(t)
	p := b.program(t)
	for i, date := range []string{"1370/05/21", "1370-05-21", "۱۳۷۰-۰۵-۲۱", "1991-08-12"} {
		answers := p.steam()
		request := p.request(p.quote("steam-wallet", answers), answers)
		request["customer"].(object)["birth_date"] = date
		p.order(request).want(http.StatusCreated)
		if n := b.Count(t, `SELECT count(*) FROM identity_cases WHERE birth_date = '1991-08-12'`); n != i+1 {
			t.Errorf("%s was read as something else", date)
		}
	}
}

// A client sees its own orders, page by page, and no others.
func TestOrdersOfOneClient(t *testing.T) {
	b := setup(t)
	p, stranger := b.program(t), b.program(t)
	ours := b.Placed(t).Orders[0].Code
	var codes []string
	for range 3 {
		code, _ := p.placed()
		codes = append(codes, code)
	}
	theirs, _ := stranger.placed()

	first := p.get("/orders?limit=2").want(http.StatusOK)
	rest := p.get("/orders?limit=2&after=" + first.at("next").(string)).want(http.StatusOK)
	if first.at("orders.0.code") != codes[0] || first.at("orders.1.code") != codes[1] || rest.at("orders.0.code") != codes[2] ||
		rest.at("next") != nil || len(rest.json()["orders"].([]any)) != 1 {
		t.Errorf("pages: %s %s", first.text, rest.text)
	}
	for _, code := range []string{theirs, ours, "2222222"} {
		for _, path := range []string{"/orders/" + code, "/orders/" + code + "/receipts/1", "/orders?after=" + code} {
			p.get(path).problem(http.StatusNotFound, "orders.error.not_of_client")
		}
	}
	p.get("/orders/"+codes[0]+"/receipts/1").problem(http.StatusNotFound, "receipt.error.not_found")
	p.get("/services/nothing").problem(http.StatusNotFound, "catalog.error.service")
}

// A login that a client sends is nowhere to be read again: not in answers,
// the log, or any table.
func TestLoginsAreNotKept(t *testing.T) {
	b := setup(t)
	p := b.program(t)
	const login, password = "login-planted-7261", "password-planted-7261"
	answers := with(p.steam(), "site_login", login, "site_password", password)
	quote := p.quote("steam-wallet", answers)
	replies := []reply{p.order(with(p.request(quote, answers), "return_url", "https://evil.example/"))}
	replies = append(replies, p.order(p.request(quote, with(answers, "site_password", []string{password}))))
	request := p.request(quote, answers)
	for range 2 {
		replies = append(replies, p.post("/orders", request, "Idempotency-Key", "planted-logins").want(http.StatusCreated))
	}
	replies = append(replies, p.get("/orders/"+replies[2].at("orders.0.code").(string)).want(http.StatusOK))
	for _, r := range replies {
		if strings.Contains(r.text, "planted-7261") {
			t.Errorf("an answer holds it: %s", r.text)
		}
	}
	if strings.Contains(b.log.String(), "planted-7261") {
		t.Error("the log holds it")
	}
	rows, err := b.House.Pool.Query(t.Context(), `SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'`)
	testworld.Must(t, err)
	var tables []string
	for rows.Next() {
		var name string
		testworld.Must(t, rows.Scan(&name))
		tables = append(tables, name)
	}
	for _, name := range tables {
		if n := b.Count(t, fmt.Sprintf(`SELECT count(*) FROM %q x WHERE x::text LIKE '%%planted-7261%%' OR x::text LIKE '%%' || encode('planted-7261', 'hex') || '%%'`, name)); n != 0 {
			t.Errorf("%s holds it", name)
		}
	}
	if n := b.Count(t, `SELECT count(*) FROM orders WHERE client_id = $1 AND credential_id IS NOT NULL`, p.client.ID); n != 1 {
		t.Errorf("%d orders with a sealed login", n)
	}
}

// A price for several orders is for several orders.
func TestOrdersTogether(t *testing.T) {
	b := setup(t)
	p := b.program(t)
	answers := p.steam()
	together := func() string {
		return p.post("/quotes", object{"service": "steam-wallet", "answers": answers, "orders": 3}).want(http.StatusCreated).at("id").(string)
	}
	line := func() object { return object{"quote": together(), "answers": answers} }
	request := p.request(together(), answers)
	p.order(request).problem(422, "fault.invalid", "/lines/0/quote")
	r := p.order(with(request, "lines", []object{line(), line(), line()})).want(http.StatusCreated)
	if len(r.json()["orders"].([]any)) != 3 {
		t.Errorf("placed %s", r.text)
	}
	o, err := b.House.Orders.ForClient(t.Context(), p.client.ID, r.at("orders.0.code").(string))
	testworld.Must(t, err)
	if filed, err := b.House.Orders.OfCheckout(t.Context(), o.CheckoutID); err != nil || len(filed) != 3 || filed[0].State != orders.AwaitingPayment {
		t.Errorf("together: %v, %v", filed, err)
	}
}

// The one character that JSON can write and Postgres cannot keep is refused
// where it stands, whatever the content is called; what only looks like it is
// text like any other.
func TestNUL(t *testing.T) {
	b := setup(t)
	p := b.program(t)
	for _, contentType := range []string{"application/json", "application/x+json"} {
		send := func(body string) reply {
			return p.send("POST", "/quotes", []byte(body), map[string]string{"Content-Type": contentType})
		}
		amount := `"amount": {"amount": "50", "currency": "USD"}`
		send(`{"service": "steam-wallet\u0000", `+amount+`}`).problem(422, "fault.invalid", "/service")
		send(`{"service": "steam-wallet", "code": "A\u0000", `+amount+`}`).problem(422, "fault.invalid", "/code")
		send(`{"service": "steam-wallet", "code": "A\\u0000", `+amount+`}`).problem(422, "fault.invalid", "/code")
	}
	p.get("/services/a%00b").problem(400, "")
	p.get("/orders/a%00b").problem(400, "")
	answers := p.steam()
	request := p.request(p.quote("steam-wallet", answers), with(answers, "notes", `\u0000 is harmless`))
	p.order(request).want(http.StatusCreated)
}
