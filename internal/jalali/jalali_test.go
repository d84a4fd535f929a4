package jalali_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"pishkhan/internal/fault"
	"pishkhan/internal/jalali"
)

func TestKnownDays(t *testing.T) {
	for gregorian, want := range map[string]jalali.Date{
		"2026-10-05": {Year: 1405, Month: 7, Day: 13},
		"2025-03-20": {Year: 1403, Month: 12, Day: 30},
		"2025-03-21": {Year: 1404, Month: 1, Day: 1},
		"2026-03-20": {Year: 1404, Month: 12, Day: 29},
		"2026-03-21": {Year: 1405, Month: 1, Day: 1},
		"1979-02-11": {Year: 1357, Month: 11, Day: 22},
		"1925-03-31": {Year: 1304, Month: 1, Day: 11},
	} {
		noon, _ := time.ParseInLocation("2006-01-02 15", gregorian+" 12", jalali.Tehran)
		if got := jalali.FromTime(noon); got != want {
			t.Errorf("%s is %v, want %v", gregorian, got, want)
		}
		if got := want.ToTime().Format(time.DateOnly); got != gregorian {
			t.Errorf("%v is %s, want %s", want, got, gregorian)
		}
	}
	if got := (jalali.Date{Year: 1405, Month: 7, Day: 13}).Weekday(); got != time.Monday {
		t.Errorf("13 Mehr 1405 is a %v", got)
	}
}

func TestTheDayChangesAtMidnightInTehran(t *testing.T) {
	late := time.Date(2026, 10, 5, 20, 29, 59, 0, time.UTC) // 23:59:59 in Tehran
	if got := jalali.FromTime(late).Day; got != 13 {
		t.Errorf("a second before midnight it is %d Mehr", got)
	}
	if got := jalali.FromTime(late.Add(time.Second)).Day; got != 14 {
		t.Errorf("at midnight it is %d Mehr", got)
	}
}

// Leap years by the 33-year rule, which the official calendar of these
// years follows.
func TestLeapYears(t *testing.T) {
	leapRemainders := map[int]bool{1: true, 5: true, 9: true, 13: true, 17: true, 22: true, 26: true, 30: true}
	for year := jalali.MinYear; year <= jalali.MaxYear; year++ {
		if got := jalali.IsLeap(year); got != leapRemainders[year%33] {
			t.Errorf("IsLeap(%d) = %v", year, got)
		}
	}
}

// Every day of every accepted year, in a row: each is the day after the one
// before, starts where that one ends, and is read back as written.
func TestEveryDayFollowsTheOneBefore(t *testing.T) {
	previous := jalali.Date{Year: jalali.MinYear, Month: 1, Day: 1}.ToTime().AddDate(0, 0, -1)
	for year := jalali.MinYear; year <= jalali.MaxYear; year++ {
		for month := 1; month <= 12; month++ {
			for day := 1; day <= jalali.MonthDays(year, month); day++ {
				d := jalali.Date{Year: year, Month: month, Day: day}
				start := d.ToTime()
				if hours := start.Sub(previous).Hours(); hours < 23 || hours > 25 {
					t.Fatalf("%v starts %v hours after the day before", d, hours)
				}
				if got := jalali.FromTime(start); got != d {
					t.Fatalf("%v starts on %v", d, got)
				}
				if got := jalali.FromTime(start.Add(-time.Nanosecond)); got == d {
					t.Fatalf("%v began before its start", d)
				}
				if got, err := jalali.Parse(d.String()); err != nil || got != d {
					t.Fatalf("%v was read as %v, %v", d, got, err)
				}
				previous = start
			}
		}
	}
}

func TestParse(t *testing.T) {
	want := jalali.Date{Year: 1405, Month: 7, Day: 13}
	for _, text := range []string{
		"1405/07/13", "۱۴۰۵/۰۷/۱۳", "١٤٠٥/٠٧/١٣", "1405-7-13", "1405.7.13", " 1405 / 7 / 13 ", "\u200F۱۴۰۵/۷/۱۳\u200C",
	} {
		if got, err := jalali.Parse(text); err != nil || got != want {
			t.Errorf("Parse(%q) = %v, %v", text, got, err)
		}
	}
	for text, key := range map[string]string{
		"":            "empty",
		" \u200C":     "empty",
		"tomorrow":    "format",
		"14050713":    "format",
		"05/07/13":    "format",
		"13/07/1405":  "format",
		"1405/07":     "format",
		"1405/07/131": "format",
		"2026/10/05":  "range",
		"1303/12/29":  "range",
		"1499/01/01":  "range",
		"1404/12/30":  "no_such_day",
		"1405/07/31":  "no_such_day",
		"1405/13/01":  "no_such_day",
		"1405/00/10":  "no_such_day",
		"1405/01/00":  "no_such_day",
		"1405/01/32":  "no_such_day",
	} {
		_, err := jalali.Parse(text)
		wantRefused(t, text, err, "jalali.error."+key)
	}
	if _, err := jalali.Parse("1403/12/30"); err != nil {
		t.Errorf("1403 is a leap year: %v", err)
	}
}

func TestParseGregorian(t *testing.T) {
	for _, text := range []string{"2026-10-05", "2026/10/5", "۲۰۲۶-۱۰-۰۵", "٢٠٢٦/١٠/٠٥"} {
		got, err := jalali.ParseGregorian(text)
		if err != nil || got.Format(time.RFC3339) != "2026-10-05T00:00:00+03:30" {
			t.Errorf("ParseGregorian(%q) = %v, %v", text, got, err)
		}
	}
	for text, key := range map[string]string{
		"": "empty", "5 Oct 2026": "format", "05/10/2026": "format", "1405/07/13": "gregorian_range",
		"2026-02-29": "no_such_day", "2026-13-01": "no_such_day", "2026-00-10": "no_such_day", "2026-04-31": "no_such_day",
	} {
		_, err := jalali.ParseGregorian(text)
		wantRefused(t, text, err, "jalali.error."+key)
	}
	// Summer time began at this midnight: the day starts at one o'clock.
	if got, err := jalali.ParseGregorian("2021-03-22"); err != nil || got.Format("2006-01-02 15:04") != "2021-03-22 01:00" {
		t.Errorf("22 March 2021 starts at %v, %v", got, err)
	}
}

func TestGregorianDatesAreReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		days := rapid.IntRange(0, 365*250).Draw(t, "days after 1900")
		want := time.Date(1900, 1, 1+days, 12, 0, 0, 0, jalali.Tehran).Format(time.DateOnly)
		got, err := jalali.ParseGregorian(want)
		if err != nil || got.Format(time.DateOnly) != want {
			t.Fatalf("%s was read as %v, %v", want, got, err)
		}
	})
}

func TestNames(t *testing.T) {
	if got := jalali.MonthFA(7) + " " + jalali.MonthEN(7) + " " + jalali.WeekdayFA(time.Monday); got != "مهر Mehr دوشنبه" {
		t.Errorf("the names are %s", got)
	}
	if got := jalali.MonthFA(0) + jalali.MonthEN(13); got != "" {
		t.Errorf("months that are none are called %q", got)
	}
	if got := jalali.Weekdays()[0]; got != time.Saturday {
		t.Errorf("the week starts on %v", got)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"1405/07/13", "۱۴۰۵-۷-۱۳", "1404/12/30", "2026-10-05", "", "\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if d, err := jalali.Parse(text); err == nil {
			if !d.Valid() || jalali.FromTime(d.ToTime()) != d {
				t.Fatalf("%q was read as %v", text, d)
			}
		} else if !fault.Is(err, fault.Invalid) {
			t.Fatalf("%q: %v is no fault", text, err)
		}
		if day, err := jalali.ParseGregorian(text); err == nil {
			if again, err := jalali.ParseGregorian(day.Format(time.DateOnly)); err != nil || !again.Equal(day) {
				t.Fatalf("%q was read as %v, then %v, %v", text, day, again, err)
			}
		}
	})
}

func wantRefused(t *testing.T, text string, err error, key string) {
	t.Helper()
	if !fault.Is(err, fault.Invalid) || fault.Of(err).Key != key {
		t.Errorf("%q: got %v, want %s", text, err, key)
	}
}
