package sla

import (
	"fmt"
	"time"

	ptime "github.com/yaa110/go-persian-calendar"
	"pgregory.net/rapid"
)

// reference is the definition of open time taken at its word: it looks at
// every second, at what the clock on the wall shows then.
type reference struct {
	loc  *time.Location
	week Week
	on   map[string]DateRule // by date, as entered

	date    [3]int
	windows []Window // of date
}

func newReference(c Calendar) *reference {
	loc, err := time.LoadLocation(c.TimeZone)
	if err != nil {
		panic(err)
	}
	r := &reference{loc: loc, week: c.Week, on: map[string]DateRule{}}
	for _, rule := range c.Dates {
		r.on[fmt.Sprint(rule.Date.Jalali, rule.Date)] = rule
	}
	return r
}

func (r *reference) open(unix int64) bool {
	t := time.Unix(unix, 0).In(r.loc)
	if y, m, d := t.Date(); r.date != [3]int{y, int(m), d} { // looked up once a date, for speed
		r.date, r.windows = [3]int{y, int(m), d}, r.week[t.Weekday()]
		if rule, ok := r.on["false "+t.Format("2006-01-02")]; ok {
			r.windows = rule.Windows
		}
		if rule, ok := r.on["true "+ptime.New(t).Format("yyyy-MM-dd")]; ok {
			r.windows = rule.Windows
		}
	}
	hour, minute, second := t.Clock()
	at := TimeOfDay(hour*3600 + minute*60 + second)
	for _, w := range r.windows {
		if w.From <= at && at < w.To {
			return true
		}
	}
	return false
}

// due walks from start until budget open seconds have passed; it gives up
// after limit seconds.
func (r *reference) due(start, budget, limit int64) (int64, bool) {
	for t := start; t < start+limit; t++ {
		if r.open(t) {
			if budget--; budget <= 0 {
				return t + 1 + budget, true // +0 when the budget ended with this second, -1 when there was none
			}
		}
	}
	return 0, false
}

func (r *reference) elapsed(from, to int64) (n int64) {
	for t := from; t < to; t++ {
		if r.open(t) {
			n++
		}
	}
	return n
}

// zones have rules worth fearing: half-hour steps, changes at midnight, at
// 00:01 and in Ramadan, days that never were, offsets with seconds.
var zones = []string{
	"Asia/Tehran", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC", "Asia/Kathmandu",
	"America/St_Johns", "Pacific/Apia", "Africa/Casablanca", "Europe/Dublin", "Asia/Beirut", "Asia/Gaza",
	"Africa/Monrovia", "America/Sao_Paulo", "Pacific/Kwajalein", "Antarctica/Troll",
}

// aCalendar draws a calendar and an instant near which it is interesting: by
// a change of the zone's offset or by its date rules.
func aCalendar(t *rapid.T) (Calendar, int64) {
	c := Calendar{TimeZone: rapid.SampledFrom(zones).Draw(t, "zone")}
	loc, err := time.LoadLocation(c.TimeZone)
	if err != nil {
		t.Fatal(err)
	}
	for i := range c.Week {
		c.Week[i] = someWindows(t, "week")
	}
	year := rapid.OneOf(rapid.IntRange(2019, 2027), rapid.IntRange(1960, 2040), rapid.SampledFrom([]int{1890, 2099, 2499, 2500, 2600, 3021})).Draw(t, "year")
	near := time.Date(year, 1, 1, 0, 0, 0, 0, loc).AddDate(0, 0, rapid.IntRange(0, 365).Draw(t, "day"))
	if _, end := near.ZoneBounds(); !end.IsZero() && end.Sub(near) < 400*24*time.Hour && rapid.Bool().Draw(t, "at a change") {
		near = end
	}
	jalali := year > 1930 && year < 2100
	for day, n := -2, rapid.IntRange(0, 6).Draw(t, "rules"); n > 0; n-- {
		day += rapid.IntRange(1, 3).Draw(t, "gap")
		date := near.AddDate(0, 0, day)
		rule := DateRule{Date: Date{Year: date.Year(), Month: int(date.Month()), Day: date.Day()}}
		if jalali && rapid.Bool().Draw(t, "jalali") {
			p := ptime.New(time.Date(date.Year(), date.Month(), date.Day(), 12, 0, 0, 0, time.UTC))
			rule.Date = Date{Year: p.Year(), Month: int(p.Month()), Day: p.Day(), Jalali: true}
		}
		if rapid.Bool().Draw(t, "half day") {
			rule.Windows = someWindows(t, "rule")
		}
		c.Dates = append(c.Dates, rule)
	}
	return c, near.Unix()
}

func someWindows(t *rapid.T, label string) (windows []Window) {
	marks := rapid.SliceOfNDistinct(rapid.OneOf(rapid.SampledFrom([]int{0, 1, 60, 120, 180, 1380, 1410, 1439, 1440}), rapid.IntRange(0, 1440)),
		0, 6, rapid.ID[int]).Draw(t, label)
	for i := range marks {
		for j := i; j > 0 && marks[j] < marks[j-1]; j-- {
			marks[j], marks[j-1] = marks[j-1], marks[j]
		}
	}
	for i := 0; i+1 < len(marks); i += 2 {
		windows = append(windows, Window{From: TimeOfDay(marks[i] * 60), To: TimeOfDay(marks[i+1] * 60)})
	}
	return windows
}
