package deadline_test

import (
	"testing"
	"time"

	"pishkhan/internal/sla"
	"pishkhan/views/deadline"
)

func TestExplanation(t *testing.T) {
	usual := sla.Default()
	lunch := office()
	lunch.Week[time.Wednesday] = hours("09:00-12:00", "12:30-24:00")
	for _, x := range []struct {
		name     string
		calendar sla.Calendar
		start    string
		budget   time.Duration
		want     [2]string
	}{
		{"over the night", usual, "2026-11-18 16:00:00", 2 * time.Hour, [2]string{
			"چهارشنبه ۱۶:۰۰ تا ۱۷:۰۰ = ۶۰ دقیقه؛ پنجشنبه ۰۸:۳۰ تا ۰۹:۳۰ = ۶۰ دقیقه؛ مهلت پنجشنبه ۰۹:۳۰",
			"Wed 16:00–17:00 = 60 min; Thu 08:30–09:30 = 60 min; due Thu 09:30",
		}},
		{"seconds count", office(), "2026-11-18 16:00:30", 2 * time.Hour, [2]string{
			"چهارشنبه ۱۶:۰۰:۳۰ تا ۱۷:۰۰ = ۵۹ دقیقه و ۳۰ ثانیه؛ پنجشنبه ۰۹:۰۰ تا ۱۰:۰۰:۳۰ = ۶۰ دقیقه و ۳۰ ثانیه؛ مهلت پنجشنبه ۱۰:۰۰:۳۰",
			"Wed 16:00:30–17:00 = 59 min 30 s; Thu 09:00–10:00:30 = 60 min 30 s; due Thu 10:00:30",
		}},
		{"lunch, and the end of the day", lunch, "2026-11-18 11:30:00", 12 * time.Hour, [2]string{
			"چهارشنبه ۱۱:۳۰ تا ۱۲:۰۰ = ۳۰ دقیقه؛ چهارشنبه ۱۲:۳۰ تا ۲۴:۰۰ = ۱۱ ساعت و ۳۰ دقیقه؛ مهلت چهارشنبه ۲۴:۰۰",
			"Wed 11:30–12:00 = 30 min; Wed 12:30–24:00 = 11 h 30 min; due Wed 24:00",
		}},
		{"more than a week", office(), "2026-11-18 16:59:15", 44*time.Hour + 45*time.Second, [2]string{
			"چهارشنبه ۱۶:۵۹:۱۵ تا ۱۷:۰۰ = ۴۵ ثانیه؛ پنجشنبه ۰۹:۰۰ تا ۱۳:۰۰ = ۴ ساعت؛ شنبه ۰۹:۰۰ تا ۱۷:۰۰ = ۸ ساعت؛ یکشنبه ۰۹:۰۰ تا ۱۷:۰۰ = ۸ ساعت؛ " +
				"دوشنبه ۰۹:۰۰ تا ۱۷:۰۰ = ۸ ساعت؛ سه‌شنبه ۰۹:۰۰ تا ۱۷:۰۰ = ۸ ساعت؛ چهارشنبه ۴ آذر ۰۹:۰۰ تا ۱۷:۰۰ = ۸ ساعت؛ مهلت چهارشنبه ۴ آذر ۱۷:۰۰",
			"Wed 16:59:15–17:00 = 45 s; Thu 09:00–13:00 = 4 h; Sat 09:00–17:00 = 8 h; Sun 09:00–17:00 = 8 h; " +
				"Mon 09:00–17:00 = 8 h; Tue 09:00–17:00 = 8 h; Wed 25 November 09:00–17:00 = 8 h; due Wed 25 November 17:00",
		}},
		{"into the next year", office(), "2026-12-30 16:00:00", 90 * time.Hour, [2]string{
			"چهارشنبه ۱۶:۰۰ تا ۱۷:۰۰ = ۶۰ دقیقه؛ پنجشنبه ۰۹:۰۰ تا ۱۳:۰۰ = ۴ ساعت؛ شنبه ۰۹:۰۰ تا ۱۷:۰۰ = ۸ ساعت؛ در ۸ بازهٔ دیگر = ۶۰ ساعت؛ " +
				"سه‌شنبه ۲۲ دی ۰۹:۰۰ تا ۱۷:۰۰ = ۸ ساعت؛ چهارشنبه ۲۳ دی ۰۹:۰۰ تا ۱۷:۰۰ = ۸ ساعت؛ پنجشنبه ۲۴ دی ۰۹:۰۰ تا ۱۰:۰۰ = ۶۰ دقیقه؛ مهلت پنجشنبه ۲۴ دی ۱۰:۰۰",
			"Wed 16:00–17:00 = 60 min; Thu 09:00–13:00 = 4 h; Sat 09:00–17:00 = 8 h; in 8 more stretches = 60 h; " +
				"Tue 12 January 2027 09:00–17:00 = 8 h; Wed 13 January 2027 09:00–17:00 = 8 h; Thu 14 January 2027 09:00–10:00 = 60 min; due Thu 14 January 2027 10:00",
		}},
		{"nothing yet", office(), "2026-11-18 09:00:00", 0, [2]string{"مهلت چهارشنبه ۰۹:۰۰", "due Wed 09:00"}},
	} {
		t.Run(x.name, func(t *testing.T) {
			e := must(sla.Prepare(x.calendar))
			due, _ := e.Due(at(x.start), x.budget)
			segments := e.Explain(at(x.start), x.budget)
			fa, en := in(t)
			same(t, x.want, deadline.Explanation(fa, segments, due, at(x.start)), deadline.Explanation(en, segments, due, at(x.start)))
		})
	}
}
