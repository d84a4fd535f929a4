package parts_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"

	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/views/parts"
)

var states = []string{"awaiting_payment", "awaiting_kyc", "paid", "in_progress", "waiting_customer", "done", "cancelled", "expired"}

var noon = time.Date(2026, 10, 5, 12, 0, 0, 0, time.UTC)

// in returns the context of a reader of lang.
func in(lang i18n.Lang) context.Context { return i18n.WithLang(context.Background(), lang) }

// render returns a component as a document to ask by selector.
func render(t *testing.T, ctx context.Context, component templ.Component) *goquery.Document {
	t.Helper()
	var page bytes.Buffer
	if err := component.Render(ctx, &page); err != nil {
		t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(&page)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// with gives a component its children.
func with(component templ.Component, children ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return component.Render(templ.WithChildren(ctx, templ.Join(children...)), w)
	})
}

func text(s string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := w.Write([]byte(templ.EscapeString(s)))
		return err
	})
}

// deskChrome and shopChrome are signed-in pages.
func deskChrome(lang i18n.Lang, theme string) parts.Chrome {
	words := map[string]i18n.Text{
		"queue": {FA: "صف", EN: "Queue"}, "kyc": {FA: "احراز هویت", EN: "Identity"}, "contacts": {FA: "تماس‌ها", EN: "Contacts"},
		"payments": {FA: "پرداخت‌ها", EN: "Payments"}, "board": {FA: "تابلو", EN: "Board"}, "rates": {FA: "نرخ و قیمت", EN: "Rates"},
		"calendar": {FA: "تقویم", EN: "Calendar"}, "audit": {FA: "رویدادنگار", EN: "Audit"},
	}
	w := func(key string) string { return words[key].In(lang) }
	return parts.Chrome{
		Title: w("queue"), Path: "/desk?x=1", CSRF: "token-of-the-session", Theme: theme,
		Person: i18n.Text{FA: "سارا محمدی", EN: "Sara Mohammadi"}.In(lang), Role: i18n.Text{FA: "کارشناس", EN: "Operator"}.In(lang),
		Live: "/desk/events",
		Nav: []parts.NavItem{
			{Label: w("queue"), Href: "/desk", Icon: "queue", Key: "KeyQ", Current: true, Count: 42},
			{Label: w("kyc"), Href: "/desk/identity", Icon: "id-card", Count: 3},
			{Label: w("contacts"), Href: "/desk/contacts", Icon: "phone"},
			{Label: w("payments"), Href: "/desk/payments", Icon: "wallet"},
			{Label: w("board"), Href: "/desk/board", Icon: "board"},
			{Label: w("rates"), Href: "/desk/rates", Icon: "percent", Minor: true},
			{Label: w("calendar"), Href: "/desk/calendar", Icon: "calendar", Minor: true},
			{Label: w("audit"), Href: "/desk/audit", Icon: "audit", Minor: true},
		},
	}
}

func shopChrome(lang i18n.Lang, theme string) parts.Chrome {
	return parts.Chrome{
		Title: i18n.Text{FA: "ثبت‌نام آیلتس", EN: "IELTS registration"}.In(lang), Path: "/services/ielts", CSRF: "token-of-the-session",
		Theme: theme, Basket: 2, Failed: true,
		Nav: []parts.NavItem{
			{Label: i18n.Text{FA: "آزمون‌ها", EN: "Exams"}.In(lang), Href: "/exams", Current: true},
			{Label: i18n.Text{FA: "دانشگاه", EN: "University"}.In(lang), Href: "/university"},
			{Label: i18n.Text{FA: "سفر", EN: "Travel"}.In(lang), Href: "/travel"},
			{Label: i18n.Text{FA: "بازی و اشتراک", EN: "Games and subscriptions"}.In(lang), Href: "/games"},
		},
	}
}

func timeLeft(left, open time.Duration) parts.TimeLeft {
	return parts.TimeLeft{What: "K7M2Q", Due: noon.Add(left), Until: "۱۶:۴۰", Now: noon, Left: left, Open: open}
}

// desk is a page with what staff see: queue, tiles, facts, notices, dialogs.
func desk(lang i18n.Lang, theme string) templ.Component {
	fa := func(fa, en string) string { return i18n.Text{FA: fa, EN: en}.In(lang) }
	row := func(i int, left parts.TimeLeft, state string) templ.Component {
		code := "K7M2" + string(rune('A'+i))
		return with(tag("tr", "id", "row-"+code),
			with(tag("td"), parts.TimeLeftBadge(left)),
			with(tag("td"), with(tag("a", "class", "link", "href", "/desk/orders/"+code), parts.Code(code))),
			with(tag("td"), text(fa("ثبت‌نام آزمون آیلتس آکادمیک", "IELTS Academic registration"))),
			with(tag("td", "class", "num"), text(fa("۲۸٬۴۵۰٬۰۰۰ تومان", "28,450,000 toman"))),
			with(tag("td"), text(fa("آرمان رضایی", "Arman Rezaei"))),
			with(tag("td"), parts.Badge(state)),
			with(tag("td"), with(parts.Button(parts.ButtonOptions{Small: true}), text(fa("برداشتن", "Take")))),
		)
	}
	columns := []parts.Column{
		{Label: fa("زمان مانده", "Time left")}, {Label: fa("کد", "Code")}, {Label: fa("خدمت", "Service")},
		{Label: fa("مبلغ", "Amount"), Number: true}, {Label: fa("مشتری", "Customer")}, {Label: fa("وضعیت", "State")}, {Label: fa("کار", "Action"), Hidden: true},
	}
	paused := timeLeft(50*time.Minute, 0)
	paused.Paused = true
	rows := []templ.Component{
		row(0, timeLeft(-7*time.Minute, time.Hour), "paid"), row(1, timeLeft(12*time.Minute, time.Hour), "in_progress"),
		row(2, timeLeft(45*time.Minute, time.Hour), "paid"), row(3, timeLeft(119*time.Minute, time.Hour), "paid"),
		row(4, paused, "waiting_customer"),
	}
	var badges, tiles []templ.Component
	for _, state := range states {
		badges = append(badges, parts.Badge(state))
	}
	for _, n := range []string{"۳", "۱۲", "۷", "۴۱", "۵", "۲۰"} {
		tiles = append(tiles, parts.Tile("/desk", i18n.Text{FA: n, EN: "12"}.In(lang), fa("سررسید در نیم ساعت", "Due in half an hour")))
	}
	return with(parts.DeskLayout(deskChrome(lang, theme)),
		with(parts.PageHead(fa("صف سفارش‌ها", "Orders in the queue")),
			with(parts.Button(parts.ButtonOptions{Kind: parts.Primary, Key: "KeyN", KeyCap: "N", Icon: "next"}), text(fa("سفارش بعدی", "Next order"))),
			with(parts.Button(parts.ButtonOptions{Kind: parts.Plain, Action: true, Attrs: templ.Attributes{"data-open": "#cancel"}}), text(fa("فیلتر", "Filter"))),
			with(parts.Button(parts.ButtonOptions{Kind: parts.Danger}), text(fa("لغو سفارش", "Cancel order"))),
		),
		with(tag("div", "class", "stack"),
			with(tag("div", "class", "cluster"), parts.Tabs(fa("نماها", "Views"), []parts.NavItem{
				{Label: fa("مال من", "Mine"), Href: "?v=mine", Count: 2}, {Label: fa("آزاد", "Free"), Href: "?v=free", Current: true, Count: 31}, {Label: fa("دیرشده", "Late"), Href: "?v=late"},
			})),
			with(parts.RowsTable("rows", fa("صف", "Queue"), columns), rows...),
			parts.Pages("?", "?after=9"),
			with(tag("div", "class", "cluster"), badges...),
			with(tag("div", "class", "tiles"), tiles...),
			with(parts.Notice(parts.Info, fa("نرخ دلار تازه شد", "The dollar rate is fresh")), text(fa("از ساعت ۱۲:۰۵ برای پیش‌فاکتورهای تازه.", "For new quotes from 12:05."))),
			with(parts.Notice(parts.Success, fa("رسید ذخیره شد", "Receipt stored"))),
			with(parts.Notice(parts.Warn, fa("نتیجهٔ خرید نامعلوم است", "The purchase's outcome is unknown"))),
			with(parts.Notice(parts.Failure, fa("این سفارش را سارا دو دقیقه پیش برداشت", "Taken by Sara two minutes ago"))),
			with(tag("div", "class", "with-aside"),
				with(parts.Card(fa("سفارش", "Order")), with(parts.Facts(),
					with(parts.Fact(fa("کد", "Code")), parts.Code("K7M2Q"), parts.Copy("K7M2Q")),
					with(parts.Fact(fa("همراه", "Mobile")), parts.Code("0912 345 6789")),
					with(parts.Fact(fa("رمز مقصد", "Site password")), parts.Masked("secret", "hunter2-hunter2")),
				)),
				with(parts.Card(fa("روند سفارش", "Time line")), with(parts.Timeline(),
					parts.Moment(fa("سارا سفارش را برداشت", "Taken by Sara"), fa("دوشنبه ۱۳ مهر ۱۴۰۵، ساعت ۱۴:۰۵", "Mon 5 Oct 2026, 14:05"), true),
					parts.Moment(fa("پرداخت شد", "Paid"), fa("ساعت ۱۳:۵۰", "13:50"), true),
					parts.Moment(fa("ثبت شد", "Placed"), fa("ساعت ۱۳:۴۵", "13:45"), false),
				)),
			),
			with(parts.Card(""), with(parts.Empty("inbox", fa("صف خالی است", "The queue is empty"), fa("سفارش بعدی که پرداخت شود همین‌جا می‌آید.", "The next paid order appears here.")))),
		),
		with(parts.Confirm(parts.Confirmation{ID: "cancel", Title: fa("لغو سفارش K7M2Q، ۲۸٬۴۵۰٬۰۰۰ تومان", "Cancel order K7M2Q, 28,450,000 toman"), Action: "/desk/x", CSRF: "t", Yes: fa("لغو سفارش", "Cancel order"), Danger: true}),
			text(fa("مبلغ به مشتری بازگردانده می‌شود.", "The amount is refunded to the customer.")),
			parts.TextArea(parts.Field{Name: "reason", Label: fa("دلیل", "Reason")}, 3)),
	)
}

// shop is a refused form with every kind of field.
func shop(lang i18n.Lang, theme string) templ.Component {
	fa := func(fa, en string) string { return i18n.Text{FA: fa, EN: en}.In(lang) }
	wrong := []fault.Field{{Name: "mobile", Key: "state.expired"}, {Name: "site", Key: "state.cancelled"}}
	ctx := in(lang)
	options := []parts.Option{{Value: "a", Label: fa("آکادمیک", "Academic"), Help: fa("برای دانشگاه", "For university")}, {Value: "g", Label: fa("عمومی", "General")}}
	return with(parts.ShopLayout(shopChrome(lang, theme)),
		parts.PageHead(fa("ثبت‌نام آزمون آیلتس", "IELTS registration")),
		with(tag("div", "class", "with-aside"),
			with(parts.Card(fa("فرم سفارش", "Order form")), with(tag("form", "class", "form", "method", "post"),
				parts.CSRF("token-of-the-session"),
				parts.ErrorSummary(wrong),
				parts.Input(parts.Field{Name: "name", Label: fa("نام و نام خانوادگی", "Full name"), Value: fa("آرمان رضایی", "Arman Rezaei")}, parts.TextKind),
				with(tag("div", "class", "form-row"),
					parts.Input(parts.Field{Name: "mobile", Label: fa("شمارهٔ همراه", "Mobile"), Value: "0912", Error: parts.ErrorFor(ctx, wrong, "mobile"), Help: fa("رسید به این شماره پیامک می‌شود.", "The receipt is sent here.")}, parts.PhoneKind),
					parts.Input(parts.Field{Name: "email", Label: fa("ایمیل", "E-mail"), Optional: true, Placeholder: "name@example.com"}, parts.EmailKind),
				),
				parts.Input(parts.Field{Name: "site", Label: fa("نشانی صفحهٔ پرداخت", "Payment page"), Value: "https://ielts.example/pay", Error: parts.ErrorFor(ctx, wrong, "site")}, parts.URLKind),
				parts.Radios(parts.Field{Name: "kind", Label: fa("نوع آزمون", "Kind of test"), Value: "a"}, options),
				parts.Select(parts.Field{Name: "city", Label: fa("شهر", "City")}, options),
				with(tag("div", "class", "form-row"),
					parts.Amount(parts.Field{Name: "amount", Label: fa("مبلغ", "Amount"), Value: "250"}, "currency", "USD", []parts.Option{{Value: "USD", Label: "USD"}, {Value: "EUR", Label: "EUR"}}),
					parts.Amount(parts.Field{Name: "toman", Label: fa("سقف", "Limit")}, "", "", []parts.Option{{Value: "IRT", Label: fa("تومان", "toman")}}),
					parts.Date(parts.Field{Name: "day", Label: fa("تاریخ آزمون", "Date")}, parts.Jalali),
					parts.Password(parts.Field{Name: "password", Label: fa("رمز سایت", "Site password"), Autocomplete: "off"}),
				),
				parts.TextArea(parts.Field{Name: "note", Label: fa("یادداشت", "Note"), Optional: true}, 3),
				parts.FileDrop(parts.Field{Name: "file", Label: fa("تصویر گذرنامه", "Passport picture")}, parts.FileLimits{Accept: "image/png,image/jpeg,application/pdf", MaxBytes: 20 << 20, Paste: true}),
				parts.Check(parts.Field{Name: "terms", Label: fa("شرایط را می‌پذیرم", "I accept the terms"), Value: "yes"}, true),
				parts.Checks(parts.Field{Name: "extras", Label: fa("افزودنی‌ها", "Extras")}, options, []string{"g"}),
				with(tag("div", "class", "form-actions"),
					with(parts.Button(parts.ButtonOptions{Kind: parts.Primary}), text(fa("افزودن به سبد", "Add to basket"))),
					with(parts.Button(parts.ButtonOptions{Kind: parts.Quiet, Href: "/"}), text(fa("بازگشت", "Back"))),
				),
			)),
			with(parts.Card(fa("پیش‌فاکتور", "Quote")), with(parts.Facts(),
				with(parts.Fact(fa("مبلغ ارزی", "Foreign amount")), parts.Code("250.00 USD")),
				with(parts.Fact(fa("جمع", "Total")), text(fa("۲۸٬۴۵۰٬۰۰۰ تومان", "28,450,000 toman"))),
			)),
		),
	)
}

// TestGallery writes pages to look at into the folder PISHKHAN_GALLERY.
func TestGallery(t *testing.T) {
	dir := os.Getenv("PISHKHAN_GALLERY")
	if dir == "" {
		t.Skip("set PISHKHAN_GALLERY to a folder to have the pages written there")
	}
	for _, lang := range i18n.Langs() {
		for _, theme := range []string{"light", "dark"} {
			for name, page := range map[string]templ.Component{"desk": desk(lang, theme), "shop": shop(lang, theme)} {
				var html bytes.Buffer
				if err := page.Render(in(lang), &html); err != nil {
					t.Fatal(err)
				}
				file := filepath.Join(dir, name+"-"+string(lang)+"-"+theme+".html")
				if err := os.WriteFile(file, html.Bytes(), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}
