package e2e_test

import (
	"bytes"
	"encoding/base64"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// credential is what no log, job, message or page but one may hold.
const credential = "Kabutar+sefid-1405"

// The main job of the product in Persian, from the form to the receipt in the
// customer's mailbox.
func TestAnOrderAllTheWayInPersian(t *testing.T) {
	needBrowser(t)
	box, phone := newMailbox(t), newTelephone(t)
	i := up(t, append(box.env, phone.env...)...)

	customer := i.open(1440)
	customer.visit("/")
	customer.picture("showcase-fa")
	customer.click(`a[href="/services/ielts-registration"]`)
	customer.waitText("#heading", "آیلتس")
	customer.answerIELTS()
	customer.waitText("#price", "تومان")
	customer.picture("form-fa")
	price := digits(see[string](customer, `document.querySelector("#price").innerText`))
	customer.click(`main [data-primary]`)
	customer.waitFor(`location.pathname === "/basket"`)
	customer.picture("basket-fa")
	customer.click(`a[href="/checkout"]`)
	customer.identify("نگار یوسفی", "۰۴۹۹۳۷۰۸۹۹", "۱۳۷۵/۰۳/۱۲", "۰۹۱۲ ۳۴۵ ۶۷۸۹", "negar@example.com")
	customer.picture("checkout-fa")
	customer.click(`main [data-primary]`)
	customer.waitFor(`document.querySelector("button[name=outcome][value=pay]")`)
	if shown := digits(see[string](customer, `document.body.innerText`)); !strings.Contains(price, "۰۰۰") || shown == "" {
		t.Errorf("the price was %q, the pay page says %q", price, shown)
	}
	customer.picture("pay-page-fa")
	customer.click(`button[name=outcome][value=pay]`)
	customer.waitFor(`/^\/orders\/[A-Z0-9]{7}$/.test(location.pathname)`)
	code := strings.TrimPrefix(see[string](customer, `location.pathname`), "/orders/")
	i.wantState(code, "awaiting_kyc")

	reviewer := i.signIn("reviewer@demo.test")
	reviewer.visit("/desk/identities")
	reviewer.openRow("نگار یوسفی")
	reviewer.waitText("#national-code", "0499370899")
	reviewer.waitText("#birth-date", "۱۳۷۵/۰۳/۱۲")
	reviewer.click(`button[name=verdict][value=approved]`)
	reviewer.waitFor(`!document.querySelector("#main").innerText.includes("0499370899")`)
	i.wantState(code, "paid")

	customer.visit("/orders/" + code)
	customer.waitText("#main", "قول ما برای انجام سفارش")
	customer.picture("order-fa")

	operator := i.signIn("operator@demo.test")
	operator.picture("queue-fa")
	operator.fulfil(code, "GBP-"+code, []byte(nil))
	i.wantState(code, "done")

	texts := phone.about(t, code)
	if len(texts) != 1 || texts[0].to != "09123456789" || !strings.Contains(texts[0].message, "گذرواژهٔ خود را") {
		t.Errorf("SMS: %+v; want one, to the customer, that says to change the password", texts)
	}
	letters := box.about(t, code)
	if len(letters) != 1 || letters[0].to != "negar@example.com" {
		t.Fatalf("e-mails: %+v; want one to the customer", letters)
	}
	if got := letters[0].files["receipt.pdf"]; !bytes.Equal(got, receiptPDF(code)) {
		t.Errorf("the receipt that arrived is not the one that was uploaded: %q", got)
	}

	customer.visit("/orders/" + code)
	customer.waitText("#main", "انجام‌شده")
	customer.waitFor(`document.querySelector('a[href*="/receipts/"]')`)
	customer.waitText("#main", "گذرواژهٔ خود را تغییر دهید")
	customer.picture("order-done-fa")

	i.wantRows(`SELECT verb FROM order_events JOIN orders o ON o.id = order_id WHERE o.code = $1 ORDER BY order_events.id`, code,
		"place", "settle_unproven", "verify", "claim", "revealed", "purchase_started", "receipt_added", "purchase_ended", "complete")
	i.wantRows(`SELECT verb FROM audit_entries JOIN orders o ON subject = 'order:' || o.id WHERE o.code = $1 ORDER BY audit_entries.id`, code,
		"order.claim", "credential.reveal", "order.purchase_started", "order.receipt_added", "order.purchase_ended", "order.complete")
	i.wantRows(`SELECT p.state FROM payment_attempts p JOIN orders o USING (checkout_id) WHERE o.code = $1`, code, "settled")
	i.wantNowhere(credential)
}

// The same in English, by another family, with less to look at.
func TestAnOrderAllTheWayInEnglish(t *testing.T) {
	needBrowser(t)
	i := up(t)
	customer := i.open(360)
	customer.visit("/")
	customer.click(`footer button[name=lang][value=en]`)
	customer.waitFor(`document.documentElement.lang === "en"`)
	customer.visit("/services/steam-wallet")
	for name, value := range map[string]string{
		"site_login": "arash_g", "site_password": credential, "region": "us", "steam_guard": "mobile",
		"guard_phone": "+989120000071", "amount": "50", "amount_currency": "USD",
	} {
		customer.fill(name, value)
	}
	customer.waitText("#price", "toman")
	customer.click(`main [data-primary]`)
	customer.waitFor(`location.pathname === "/basket"`)
	customer.visit("/checkout")
	customer.identify("Arash Ghasemi", "0084575948", "1370-01-31", "+989350000071", "arash@example.com")
	customer.click(`main [data-primary]`)
	customer.click(`button[name=outcome][value=pay]`)
	customer.waitFor(`/^\/orders\/[A-Z0-9]{7}$/.test(location.pathname)`)
	code := strings.TrimPrefix(see[string](customer, `location.pathname`), "/orders/")
	customer.waitText("#main", "identity")
	customer.picture("order-en-360")

	reviewer := i.signIn("reviewer@demo.test")
	reviewer.visit("/desk/identities")
	reviewer.openRow("Arash Ghasemi")
	reviewer.click(`button[name=verdict][value=approved]`)
	i.wantState(code, "paid")

	operator := i.signIn("operator2@demo.test")
	operator.fulfil(code, "", receiptPDF(code))
	i.wantState(code, "done")
	operator.visit("/desk/messages")
	operator.waitText("#main", "Your order "+code)

	customer.visit("/orders/" + code)
	customer.waitText("#main", "Done")
	customer.picture("order-done-en-360")
	i.wantNowhere(credential)
}

func (p *tab) answerIELTS() {
	p.t.Helper()
	for _, answer := range [][2]string{
		{"test_type", "academic"}, {"delivery", "computer"}, {"test_date", "2027-02-20"}, {"city", "Yerevan, Armenia"},
		{"centre", "IDP IELTS Yerevan"}, {"passport_name", "NEGAR YOUSEFI"}, {"passport_number", "A12345678"},
		{"passport_expiry", "2030/05/14"}, {"payment_page", "https://my.ieltsessentials.com/pay/48213"},
		{"site_login", "negar@example.com"}, {"site_password", credential}, {"amount", "۲۳۵٫۵۰"},
		{"steps", "وارد حساب شوید و هزینه‌ی آزمون رزروشده را بپردازید."},
	} {
		p.fill(answer[0], answer[1])
	}
}

func (p *tab) identify(name, nationalCode, birthDate, mobile, email string) {
	p.t.Helper()
	p.waitFor(`document.querySelector("[name=national_code]")`)
	p.fill("name", name)
	p.fill("national_code", nationalCode)
	p.fill("birth_date", birthDate)
	p.fill("mobile", mobile)
	p.fill("email", email)
}

// openRow follows the link in the row of a table that holds a text.
func (p *tab) openRow(text string) {
	p.t.Helper()
	p.waitText("tbody", text)
	if !see[bool](p, `(() => {
		const row = [...document.querySelectorAll("tbody tr")].find(r => r.innerText.includes("`+text+`"));
		row?.querySelector("a").click();
		return !!row;
	})()`) {
		p.t.Fatalf("no row says %s", text)
	}
}

// fulfil takes an order and carries it out, as an operator does. An empty
// receipt stands for the one made of the order's code.
func (p *tab) fulfil(code, reference string, receipt []byte) {
	p.t.Helper()
	if receipt == nil {
		receipt = receiptPDF(code)
	}
	p.visit("/desk/orders/" + code)
	if html := see[string](p, `document.documentElement.outerHTML`); strings.Contains(html, credential) {
		p.t.Error("the password is on the page before it was revealed")
	}
	p.click(`#bar [data-primary]`)
	p.waitFor(`document.querySelector('#bar form[action$="/purchase"]')`)
	p.click(`#credential button[type=submit]`)
	p.waitFor(`document.querySelector("#secrets")`)
	p.picture("revealed-" + code)
	p.click(`#bar [data-primary]`)
	p.waitFor(`document.querySelector("#work-form [name=charged_amount]")`)
	p.fill("outcome", "paid")
	p.fill("charged_amount", "۲۳۵٫۵")
	if reference != "" {
		p.fill("reference", reference)
	}
	file := filepath.Join(p.t.TempDir(), "receipt.pdf")
	if err := os.WriteFile(file, receipt, 0o600); err != nil {
		p.t.Fatal(err)
	}
	p.do(chromedp.SetUploadFiles(`#work-form input[type=file]`, []string{file}))
	p.waitText("#receipts", "receipt.pdf")
	p.picture("order-at-the-desk-" + code)
	p.do(chromedp.KeyEvent("\r", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	p.waitFor(`document.querySelector("dialog#complete[open]")`)
	p.click(`dialog#complete [data-primary]`)
	p.waitFor(`!document.querySelector("#work-form") && document.querySelector("#heading")`)
}

func (i *installation) wantState(code, want string) {
	i.t.Helper()
	i.wantRows(`SELECT state FROM orders WHERE code = $1`, code, want)
}

func (i *installation) wantRows(sql, code string, want ...string) {
	i.t.Helper()
	got := await(i.t, func() []string { return i.rows(sql, code) })
	for tries := 0; !slices.Equal(got, want) && tries < 20; tries++ {
		got = await(i.t, func() []string { return i.rows(sql, code) })
	}
	if !slices.Equal(got, want) {
		i.t.Errorf("%s\ngot  %v\nwant %v", sql, got, want)
	}
}

// wantNowhere looks for a secret in every table, in the program's words and
// in its files.
func (i *installation) wantNowhere(secret string) {
	i.t.Helper()
	for _, table := range i.rows(`SELECT quote_ident(table_name) FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`) {
		for _, form := range []string{secret, base64.StdEncoding.EncodeToString([]byte(secret))} {
			if found := i.rows(`SELECT left(r::text, 200) FROM `+table+` r WHERE r::text LIKE '%' || $1 || '%'`, form); len(found) > 0 {
				i.t.Errorf("the secret is in table %s: %v", table, found)
			}
		}
	}
	if strings.Contains(i.log.String(), secret) {
		i.t.Error("the secret is in the program's words")
	}
	err := filepath.WalkDir(filepath.Join(i.dir, "files"), func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if bytes.Contains(content, []byte(secret)) {
			i.t.Errorf("the secret is in %s", path)
		}
		return err
	})
	if err != nil {
		i.t.Error(err)
	}
}

// digits keeps the Persian digits and separators of a text.
func digits(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= '۰' && r <= '۹' || r == '٬' {
			return r
		}
		return -1
	}, text)
}
