package jalali

import "time"

var monthsFA = [...]string{
	"فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور",
	"مهر", "آبان", "آذر", "دی", "بهمن", "اسفند",
}

var monthsEN = [...]string{
	"Farvardin", "Ordibehesht", "Khordad", "Tir", "Mordad", "Shahrivar",
	"Mehr", "Aban", "Azar", "Dey", "Bahman", "Esfand",
}

var weekdaysFA = [...]string{"یکشنبه", "دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه", "شنبه"}

// MonthFA returns the Persian name of a month of the Persian calendar
// (1–12), and nothing for any other number.
func MonthFA(month int) string { return monthName(monthsFA, month) }

// MonthEN returns the month's name in Latin letters.
func MonthEN(month int) string { return monthName(monthsEN, month) }

// WeekdayFA returns the Persian name of a day of the week.
func WeekdayFA(day time.Weekday) string { return weekdaysFA[day] }

// WeekdayEN returns the English name of a day of the week.
func WeekdayEN(day time.Weekday) string { return day.String() }

// Weekdays returns the days of the week in the order of a Persian calendar:
// Saturday first.
func Weekdays() [7]time.Weekday {
	return [7]time.Weekday{
		time.Saturday, time.Sunday, time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday,
	}
}

func monthName(names [12]string, month int) string {
	if month < 1 || month > 12 {
		return ""
	}
	return names[month-1]
}
