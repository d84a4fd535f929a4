package deadline_test

import (
	"context"
	"testing"
	"time"

	"pishkhan/internal/i18n"
	"pishkhan/internal/sla"
	"pishkhan/views/deadline"
)

// in returns the contexts of a reader of each language.
func in(t *testing.T) (fa, en context.Context) {
	t.Helper()
	return i18n.WithLang(t.Context(), i18n.FA), i18n.WithLang(t.Context(), i18n.EN)
}

// same compares words in Persian and English.
func same(t *testing.T, want [2]string, persian, english string) {
	t.Helper()
	if persian != want[0] {
		t.Errorf("fa: %s\nwant %s", persian, want[0])
	}
	if english != want[1] {
		t.Errorf("en: %s\nwant %s", english, want[1])
	}
}

// office is open Saturday to Wednesday 09:00–17:00 and Thursday 09:00–13:00.
func office(dates ...sla.DateRule) sla.Calendar {
	c := sla.Calendar{Dates: dates}
	for _, day := range []time.Weekday{time.Saturday, time.Sunday, time.Monday, time.Tuesday, time.Wednesday} {
		c.Week[day] = hours("09:00-17:00")
	}
	c.Week[time.Thursday] = hours("09:00-13:00")
	return c
}

func hours(windows ...string) []sla.Window {
	list := make([]sla.Window, len(windows))
	for i, w := range windows {
		list[i] = must(sla.ParseWindow(w))
	}
	return list
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

var tehran = must(time.LoadLocation("Asia/Tehran"))

// at reads an instant by Tehran's clock.
func at(text string) time.Time { return must(time.ParseInLocation(time.DateTime, text, tehran)) }

func TestPromise(t *testing.T) {
	november := func(day int) sla.Date { return sla.Date{Year: 2026, Month: 11, Day: day} }
	holidays := office(
		sla.DateRule{Date: november(22), Name: "سوگواری"}, sla.DateRule{Date: november(23), Name: "سوگواری"},
		sla.DateRule{Date: november(24), Windows: hours("11:00-17:00")},
	)
	everyHour := sla.Calendar{}
	for day := range everyHour.Week {
		everyHour.Week[day] = hours("00:00-24:00")
	}
	dubai := office()
	dubai.TimeZone = "Asia/Dubai"
	for _, x := range []struct {
		name     string
		calendar sla.Calendar
		now      string
		budget   time.Duration
		want     [2]string
	}{
		{"today", office(), "2026-11-18 14:30:20", 2 * time.Hour, [2]string{"تا امروز ساعت ۱۶:۳۰", "today until 16:30"}},
		{"the night alone is no reason", office(), "2026-11-18 16:00:00", 2 * time.Hour, [2]string{"تا فردا ساعت ۱۰:۰۰", "tomorrow until 10:00"}},
		{"over the weekend", office(), "2026-11-19 12:30:00", 2 * time.Hour, [2]string{
			"تا شنبه ساعت ۱۰:۳۰، به دلیل تعطیلی بعدازظهر پنجشنبه و جمعه",
			"Saturday until 10:30, because Thursday afternoon and Friday are closed",
		}},
		{"after hours", office(), "2026-11-19 18:00:00", 2 * time.Hour, [2]string{
			"تا شنبه ساعت ۱۱:۰۰، به دلیل تعطیلی جمعه", "Saturday until 11:00, because Friday is closed",
		}},
		{"over holidays", holidays, "2026-11-21 16:30:00", 2 * time.Hour, [2]string{
			"تا سه‌شنبه ساعت ۱۲:۳۰، به دلیل تعطیلی یکشنبه تا دوشنبه (\u2068سوگواری\u2069) و صبح سه‌شنبه",
			"Tuesday until 12:30, because Sunday to Monday (\u2068سوگواری\u2069) and Tuesday morning are closed",
		}},
		{"a week away", office(), "2026-11-18 09:00:00", 50 * time.Hour, [2]string{
			"تا چهارشنبه ۴ آذر ۱۴۰۵، ساعت ۱۵:۰۰",
			"Wednesday 25 November 2026, until 15:00",
		}},
		{"midnight ends the day", everyHour, "2026-11-18 22:00:00", 2 * time.Hour, [2]string{"تا امروز ساعت ۲۴:۰۰", "today until 24:00"}},
		{"after midnight", everyHour, "2026-11-18 23:00:00", 2 * time.Hour, [2]string{"تا فردا ساعت ۰۱:۰۰", "tomorrow until 01:00"}},
		{"in another zone", dubai, "2026-11-18 12:00:00", time.Hour, [2]string{
			"تا امروز ساعت ۱۳:۳۰ (\u2068Asia/Dubai\u2069)", "today until 13:30 (\u2068Asia/Dubai\u2069)",
		}},
	} {
		t.Run(x.name, func(t *testing.T) {
			e := must(sla.Prepare(x.calendar))
			due, _ := e.Due(at(x.now), x.budget)
			p := e.Promise(at(x.now), due)
			fa, en := in(t)
			same(t, x.want, deadline.Promise(fa, p), deadline.Promise(en, p))
		})
	}
}
