package shop_test

import (
	"strings"
	"testing"
	"time"

	"pishkhan/internal/fulfil"
	"pishkhan/internal/i18n"
	"pishkhan/internal/testworld"
)

// wantOrder fails the test unless the order's page, in each language, says
// all of its words where the selector finds them.
func (b *bench) wantOrder(t *testing.T, g *guest, code, selector string, want map[i18n.Lang][]string) {
	t.Helper()
	for lang, words := range want {
		g.cookies["__Host-lang"] = string(lang)
		got := g.get("/orders/"+code).status(t, 200).text(selector)
		for _, word := range words {
			if !strings.Contains(got, word) {
				t.Errorf("%s: no %q in %q", lang, word, got)
			}
		}
	}
}

// A hold, an extension, the lateness and a reopening are told to the customer
// as they were, and staff's notes are not.
func TestTheCustomerReadsWhatBecameOfThePromise(t *testing.T) {
	b := setup(t)
	v := b.Visitor(t)
	o := b.paidBy(t, v)
	b.Approve(t, o)
	h, ctx, g := b.House, t.Context(), b.as(t, v)
	_, err := h.Queue.Claim(ctx, b.Operator, o.Code)
	testworld.Must(t, err)
	testworld.Must(t, h.Queue.Hold(ctx, b.Operator, o.Code, "which code?"))
	b.Clock.Advance(20 * time.Hour) // Tuesday, 08:00
	testworld.Must(t, h.Queue.Answer(ctx, b.Operator, o.ID, "12"))
	testworld.Must(t, h.Fulfil.Extend(ctx, b.Operator, o.Code, fulfil.Extension{
		Until: at(7, 14, 0), Agreed: fulfil.ByPhone, Note: "only for colleagues",
	}))
	b.wantOrder(t, g, o.Code, "[data-promise]", map[i18n.Lang][]string{
		i18n.FA: {"طبق هماهنگی با شما در سه‌شنبه ۱۴ مهر ۱۴۰۵", "تا فردا ساعت ۱۴:۰۰", "قول نخست ما: سه‌شنبه ۱۴ مهر ۱۴۰۵، ساعت ۱۰:۳۰"},
		i18n.EN: {"As agreed with you on Tuesday 6 October 2026", "tomorrow until 14:00", "First promised: Tuesday 6 October 2026, 10:30"},
	})
	b.wantOrder(t, g, o.Code, ".timeline", map[i18n.Lang][]string{
		i18n.FA: {"قول ما: تا دوشنبه ساعت ۱۴:۰۰.", "شمارش زمان قول ما تا رسیدن پاسخ شما ایستاد؛ ۲ ساعت از آن مانده بود.", "قول ما: تا سه‌شنبه ساعت ۱۰:۳۰.", "با هماهنگی شما: تا چهارشنبه ساعت ۱۴:۰۰. پیش از آن قول ما سه‌شنبه ۱۰:۳۰ بود."},
		i18n.EN: {"Our promise: Monday until 14:00.", "stopped until your answer, with 2 hours left.", "Our promise: Tuesday until 10:30.", "Agreed with you: Wednesday until 14:00. Before, we had promised Tue 10:30."},
	})
	b.wantOrder(t, g, o.Code, "main", map[i18n.Lang][]string{i18n.FA: {"پیامک زمان تازه", "ایمیل زمان تازه"}, i18n.EN: {"SMS: the new time", "E-mail: the new time"}})
	if body := g.get("/orders/" + o.Code).text("main"); strings.Contains(body, "only for colleagues") {
		t.Error("the customer reads the note")
	}

	b.Clock.Advance(6 * time.Hour) // the first promise is over, the agreed one is not
	b.wantOrder(t, g, o.Code, "[data-first]", map[i18n.Lang][]string{i18n.FA: {"به قول نخستمان نرسیدیم"}, i18n.EN: {"We did not keep our first promise"}})
	b.Clock.Advance(24*time.Hour + time.Minute)
	b.wantOrder(t, g, o.Code, "[data-promise]", map[i18n.Lang][]string{i18n.FA: {"از قولمان عقب افتاده‌ایم"}, i18n.EN: {"We are behind our promise"}})

	testworld.Must(t, h.Fulfil.StartPurchase(ctx, b.Operator, o.Code))
	b.AddReceipt(t, o)
	testworld.Must(t, h.Fulfil.Complete(ctx, b.Operator, o.Code, &fulfil.Report{Outcome: fulfil.Paid, Amount: "50", Currency: "USD"}))
	_, err = h.Queue.Reopen(ctx, b.Supervisor, o.Code, "staff's own reason")
	testworld.Must(t, err)
	b.wantOrder(t, g, o.Code, ".timeline", map[i18n.Lang][]string{
		i18n.FA: {"پس از زمانی که قول داده بودیم (چهارشنبه ۱۴:۰۰) انجام شد", "سفارش را دوباره باز کردیم", "بار پیش به قول نخستمان (سه‌شنبه ۱۰:۳۰) نرسیده بودیم."},
		i18n.EN: {"after the time that we had promised (Wed 14:00); we are sorry.", "We reopened the order", "The time before, we had not kept our first promise (Tue 10:30)."},
	})
	page := g.get("/orders/" + o.Code)
	if strings.Contains(page.text("main"), "staff's own reason") || page.Find("[data-first]").Length() != 0 {
		t.Error("the page tells of staff's reason, or of the promise of the clock before")
	}
}

// Before paying, the customer reads when the orders are done, and why then;
// who is known already hears nothing of verifying.
func TestTheCheckoutSaysWhenItIsDone(t *testing.T) {
	b := setup(t)
	b.Clock.Advance(at(8, 12, 30).Sub(testworld.Noon)) // Thursday, half an hour before closing
	for lang, want := range map[i18n.Lang][2]string{
		i18n.FA: {"هویت شما بی‌درنگ تأیید شود", "تا شنبه ساعت ۱۰:۰۰، به دلیل تعطیلی بعدازظهر پنجشنبه و جمعه"},
		i18n.EN: {"your identity is verified at once", "Saturday until 10:00, because Thursday afternoon and Friday are closed"},
	} {
		g := b.guest(t, lang)
		b.ordered(t, g, "steam-wallet")
		got := g.get("/checkout").status(t, 200).text("[data-promise]")
		for _, words := range want {
			if !strings.Contains(got, words) {
				t.Errorf("%s: no %q in %q", lang, words, got)
			}
		}
	}
}
