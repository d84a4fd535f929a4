package shop_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pishkhan/internal/customers"
	"pishkhan/internal/i18n"
	"pishkhan/internal/orders"
	"pishkhan/internal/payments"
	"pishkhan/internal/sample"
	"pishkhan/internal/testworld"
)

// paidBy is a Steam order that a browser has paid for.
func (b *bench) paidBy(t *testing.T, v customers.Visitor) orders.Order {
	t.Helper()
	placed := b.PlacedBy(t, v, b.Someone(), "steam-wallet")
	b.Pay(t, placed)
	return b.Order(t, placed.Orders[0])
}

func TestOrderTellsItsPromiseInWords(t *testing.T) {
	for _, c := range []struct {
		name   string
		at     time.Time
		fa, en string
	}{
		{"Monday noon", testworld.Noon, "تا امروز ساعت ۱۴:۰۰", "today until 14:00"},
		{"Wednesday at the end", at(7, 16, 30), "تا فردا ساعت ۱۰:۰۰", "tomorrow until 10:00"},
		{
			"Thursday at the end", at(8, 12, 30), "تا شنبه ساعت ۱۰:۰۰، به دلیل تعطیلی بعدازظهر پنجشنبه و جمعه",
			"Saturday until 10:00, because Thursday afternoon and Friday are closed",
		},
		{"Friday", at(9, 10, 0), "تا فردا ساعت ۱۰:۳۰، به دلیل تعطیلی جمعه", "tomorrow until 10:30, because Friday is closed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := setup(t)
			b.Clock.Advance(c.at.Sub(testworld.Noon))
			v := b.Visitor(t)
			o := b.paidBy(t, v)
			b.Approve(t, o)
			g := b.as(t, v)
			for lang, want := range map[i18n.Lang]string{i18n.FA: c.fa, i18n.EN: c.en} {
				g.cookies["__Host-lang"] = string(lang)
				if got := g.get("/orders/"+o.Code).status(t, 200).text("[data-promise] .font-bold"); got != want {
					t.Errorf("%s: the promise is %q, want %q", lang, got, want)
				}
			}
		})
	}
}

// finish claims an order and carries it out.
func (b *bench) finish(t *testing.T, o orders.Order) {
	t.Helper()
	_, err := b.House.Queue.Claim(t.Context(), b.Operator, o.Code)
	testworld.Must(t, err)
	testworld.Must(t, sample.Maker{House: b.House, Clock: b.Clock}.Finish(t.Context(), b.Operator, o))
}

// at is a time in Tehran in October 2026.
func at(day, hour, minute int) time.Time {
	return time.Date(2026, 10, day, hour, minute, 0, 0, time.FixedZone("Tehran", 3*3600+1800))
}

func TestCustomerAnswersWhatStaffAsked(t *testing.T) {
	b := setup(t)
	v := b.Visitor(t)
	o := b.paidBy(t, v)
	b.Approve(t, o)
	h := b.House
	_, err := h.Queue.Claim(t.Context(), b.Operator, o.Code)
	testworld.Must(t, err)
	testworld.Must(t, h.Queue.Hold(t.Context(), b.Operator, o.Code, "کد Steam Guard را می‌فرستید؟"))

	g := b.as(t, v)
	page := g.get("/orders/"+o.Code).status(t, 200)
	if got := page.text("[data-question]"); got != "کد Steam Guard را می‌فرستید؟" {
		t.Errorf("the question is %q", got)
	}
	page = g.post("/orders/"+o.Code+"/answer", map[string]string{"answer": "  "}).status(t, 422)
	if page.errorAt("answer") == "" {
		t.Error("an empty answer is not told beside its field")
	}
	long := strings.Repeat("ب", 1001)
	if got := g.post("/orders/"+o.Code+"/answer", map[string]string{"answer": long}).status(t, 422).value("answer"); got != long {
		t.Error("the long answer is lost")
	}
	g.post("/orders/"+o.Code+"/answer", map[string]string{"answer": "بله: ۱۲۳۴۵"}).leadsTo(t, "/orders/"+o.Code)
	page = g.get("/orders/" + o.Code)
	if !strings.Contains(page.text(".timeline"), "بله: ۱۲۳۴۵") || b.Order(t, o).State != orders.InProgress {
		t.Error("the answer did not arrive")
	}
	g.post("/orders/"+o.Code+"/answer", map[string]string{"answer": "باز هم"}).status(t, 409)
}

func TestRejectedIdentityIsHandedInAgain(t *testing.T) {
	b := setup(t)
	v := b.Visitor(t)
	o := b.paidBy(t, v)
	b.Reject(t, o, "کد ملی با نام نمی‌خواند")
	g := b.as(t, v)
	page := g.get("/orders/"+o.Code).status(t, 200)
	if got := page.text("[data-reason]"); got != "کد ملی با نام نمی‌خواند" {
		t.Errorf("the reason is %q", got)
	}
	if page.value("name") == "" || page.value("national_code") != "" {
		t.Errorf("the form offers the name %q and the national code %q", page.value("name"), page.value("national_code"))
	}
	form := b.details()
	form["national_code"] = "0012345678"
	page = g.post("/orders/"+o.Code+"/identity", form).status(t, 422)
	if page.errorAt("national_code") == "" || page.value("email") != form["email"] {
		t.Error("a wrong national code is not told, or the rest is lost")
	}
	form["national_code"] = "0012345679"
	g.post("/orders/"+o.Code+"/identity", form).leadsTo(t, "/orders/"+o.Code)
	if g.get("/orders/"+o.Code).Find("form[action$='/identity']").Length() != 0 {
		t.Error("the form is still there")
	}
}

func TestUnpaidOrdersAreCancelledTogether(t *testing.T) {
	b := setup(t)
	v := b.Visitor(t)
	placed := b.PlacedBy(t, v, b.Someone(), "steam-wallet", "amazon-basket")
	first, second := placed.Orders[0], placed.Orders[1]
	g := b.as(t, v)
	page := g.get("/orders/"+first.Code).status(t, 200)
	if page.Find("a[href='/orders/"+second.Code+"']").Length() != 1 {
		t.Error("the order of the same payment is not linked")
	}
	g.post("/orders/"+first.Code+"/cancel", map[string]string{}).leadsTo(t, "/orders/"+first.Code)
	if b.Order(t, first).State != orders.Cancelled || b.Order(t, second).State != orders.Cancelled {
		t.Error("not both are cancelled")
	}
	g.post("/orders/"+first.Code+"/cancel", map[string]string{}).status(t, 409)
	g.post("/orders/"+first.Code+"/pay", map[string]string{}).status(t, 409)
}

func TestDoneOrderHasReceiptReminderAndReference(t *testing.T) {
	b := setup(t)
	v := b.Visitor(t)
	o := b.paidBy(t, v)
	b.Approve(t, o)
	_, err := b.House.Queue.Claim(t.Context(), b.Operator, o.Code)
	testworld.Must(t, err)
	b.AddReceipt(t, o)
	g := b.as(t, v)
	early := fmt.Sprintf("/orders/%s/receipts/%d", o.Code, b.Count(t, `SELECT max(id) FROM receipts`))
	g.get(early).status(t, 404)
	testworld.Must(t, sample.Maker{House: b.House, Clock: b.Clock}.Finish(t.Context(), b.Operator, o))

	page := g.get("/orders/"+o.Code).status(t, 200)
	if !strings.Contains(page.text(".notice-warn"), i18n.FA.T("shop.order.password")) {
		t.Error("nobody reminds of the password")
	}
	attempts, err := b.House.Payments.OfCheckout(t.Context(), b.House.Pool, o.CheckoutID)
	testworld.Must(t, err)
	if !strings.Contains(page.text("aside"), attempts[0].RRN) || attempts[0].State != payments.Settled {
		t.Errorf("the reference %q is not on the page", attempts[0].RRN)
	}
	link := page.Find("a[download]").First().AttrOr("href", "")
	file := g.get(link).status(t, 200)
	if !strings.HasPrefix(file.body, "%PDF") || !strings.HasPrefix(file.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("the receipt comes as %q", file.Header.Get("Content-Disposition"))
	}
	b.as(t, b.Visitor(t)).get(link).status(t, 404)
	for _, name := range []string{b.Operator.Name, b.Reviewer.Name} {
		if strings.Contains(page.body, name) {
			t.Errorf("the page names %s", name)
		}
	}
}

func TestTrackingNeedsCodeAndMobile(t *testing.T) {
	b := setup(t)
	who := b.Someone()
	placed := b.PlacedBy(t, b.Visitor(t), who, "steam-wallet")
	code, mobile := placed.Orders[0].Code, who.Identity.Mobile
	g := b.guest(t, i18n.FA)
	g.get("/track").status(t, 200)

	wrongCode := g.post("/track", map[string]string{"code": "AAAAAAA", "mobile": mobile}).status(t, 404)
	wrongMobile := g.post("/track", map[string]string{"code": code, "mobile": "09129999999"}).status(t, 404)
	if wrongCode.text(".notice") != wrongMobile.text(".notice") || wrongCode.text(".notice") == "" {
		t.Errorf("a wrong code says %q, a wrong mobile %q", wrongCode.text(".notice"), wrongMobile.text(".notice"))
	}
	if got := wrongMobile.value("code"); got != code {
		t.Errorf("the code that was typed is now %q", got)
	}
	page := g.post("/track", map[string]string{"code": "", "mobile": "12"}).status(t, 422)
	if page.errorAt("code") == "" || page.errorAt("mobile") == "" {
		t.Error("what is missing is not told beside its field")
	}
	typed := strings.ToLower(code[:3]) + " " + code[3:]
	g.post("/track", map[string]string{"code": typed, "mobile": i18n.FA.Digits("+98" + mobile[1:])}).leadsTo(t, "/orders/"+code)
	order := g.get("/orders/"+code).status(t, 200)
	if strings.Contains(order.body, who.Identity.Email) || strings.Contains(order.body, who.Identity.NationalCode) {
		t.Error("the page shows the customer's details to who tracked it")
	}
}

func TestTrackingIsThrottled(t *testing.T) {
	b := setup(t)
	who := b.Someone()
	placed := b.PlacedBy(t, b.Visitor(t), who, "steam-wallet")
	g := b.guest(t, i18n.EN)
	g.get("/track")
	for range 20 {
		g.post("/track", map[string]string{"code": "AAAAAAA", "mobile": "09129999999"}).status(t, 404)
	}
	right := map[string]string{"code": placed.Orders[0].Code, "mobile": who.Identity.Mobile}
	page := g.post("/track", right).status(t, 429)
	if got := page.text(".notice"); got != i18n.EN.T("orders.error.tracking_throttled") {
		t.Errorf("it says %q", got)
	}
	b.Clock.Advance(16 * time.Minute)
	g.post("/track", right).status(t, 303)
}
