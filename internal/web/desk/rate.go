package desk

import (
	"math"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/access"
	"pishkhan/internal/board"
	"pishkhan/internal/fault"
	"pishkhan/internal/jalali"
	"pishkhan/internal/money"
	"pishkhan/internal/pricing"
	"pishkhan/internal/web"
	view "pishkhan/views/desk"
)

// rate is one currency: its course, its history, and where it is read from.
func (d *desk) rate(v visit) error {
	page, err := d.ratePage(v)
	if err != nil {
		return err
	}
	return web.Render(v.Ctx, fiber.StatusOK, view.Rate(page))
}

// setFeed sets where the rate is read from by itself.
func (d *desk) setFeed(v visit) error {
	currency, err := v.currency()
	if err != nil {
		return err
	}
	typed := map[string]string{}
	for _, name := range []string{"url", "sell_path", "buy_path", "unit", "margin_percent", "every_minutes", "on"} {
		typed[name] = v.FormValue(name)
	}
	var wrong fault.Fields
	feed := pricing.Feed{
		Currency: currency, URL: typed["url"], SellPath: typed["sell_path"], BuyPath: typed["buy_path"], Unit: pricing.Unit(typed["unit"]),
		MarginPercent: readPercent(typed, "margin_percent", &wrong), EveryMinutes: readWhole(typed, "every_minutes", &wrong),
	}
	if err = wrong.Err(); err == nil {
		err = d.house.RateWatch.SetFeed(v.ctx(), v.actor, feed, typed["on"] != "")
	}
	f := fault.Of(err)
	if err == nil {
		return web.Redirect(v.Ctx, view.RatePath(currency)+"#feed")
	}
	if f == nil || f.Kind != fault.Invalid {
		return err
	}
	page, lost := d.ratePage(v)
	if lost != nil {
		return lost
	}
	page.Typed, page.Wrong, page.Chrome.Failed = typed, f.Fields, true
	return web.Render(v.Ctx, f.Kind.Status(), view.Rate(page))
}

// currency reads the currency that the address names.
func (v visit) currency() (money.Currency, error) {
	currency := money.Currency(v.Params("currency"))
	if !currency.Known() {
		return "", fault.New(fault.NotFound, "fault.not_found")
	}
	return currency, nil
}

func (d *desk) ratePage(v visit) (view.RatePage, error) {
	currency, err := v.currency()
	if err != nil {
		return view.RatePage{}, err
	}
	page := view.RatePage{
		Chrome:   d.chrome(v, v.words("rates.of", "name", v.words(currency.NameKey()))),
		Currency: currency, Now: d.house.Clock.Now(), MaySet: d.house.Policy.Allows(v.actor, access.SetRates),
	}
	rates, err := d.newestRates(v)
	if err != nil {
		return page, err
	}
	page.Rate = rates[currency]
	if page.Feed, err = d.house.RateWatch.Feed(v.ctx(), currency); err != nil && !fault.Is(err, fault.NotFound) {
		return page, err
	}
	if page.People, err = d.people(v); err != nil {
		return page, err
	}
	if err := d.course(v, &page); err != nil {
		return page, err
	}
	return page, d.rateHistory(v, &page)
}

// stretches are how long a point of the picture lasts, by the days that it shows.
var stretches = map[int]time.Duration{7: time.Hour, 30: 6 * time.Hour, 365: 24 * time.Hour}

// course is how the rate went since a midnight so many days ago.
func (d *desk) course(v visit, page *view.RatePage) (err error) {
	page.Days, _ = strconv.Atoi(v.Query("days"))
	if stretches[page.Days] == 0 {
		page.Days = 30
	}
	day := page.Now.In(jalali.Tehran).AddDate(0, 0, 1-page.Days)
	page.Since = time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, jalali.Tehran)
	page.Course, err = d.house.Pricing.RateCourse(v.ctx(), page.Currency, page.Since, stretches[page.Days])
	return err
}

func (d *desk) rateHistory(v visit, page *view.RatePage) error {
	before := v.before()
	address := view.RatePath(page.Currency) + "?days=" + strconv.Itoa(page.Days)
	if before > 0 {
		page.First = address
	} else {
		before = math.MaxInt64
	}
	history, err := d.house.Pricing.RateHistory(v.ctx(), page.Currency, pricing.RateID(before), board.PageSize+1)
	if len(history) > board.PageSize {
		history = history[:board.PageSize]
		page.Next = address + "&before=" + strconv.FormatInt(int64(history[board.PageSize-1].ID), 10)
	}
	page.History = history
	return err
}
