package i18n

import "github.com/shopspring/decimal"

// Bytes shows the size of a file with at most one decimal: «۱٫۵ مگابایت» /
// "1.5 MB". A kilobyte is 1,024 bytes here, as in file managers.
func (l Lang) Bytes(n int64) string {
	units := []string{"unit.byte", "unit.kilobyte", "unit.megabyte", "unit.gigabyte"}
	unit, size := 0, decimal.NewFromInt(n)
	for unit+1 < len(units) && size.GreaterThanOrEqual(kilo) {
		size = size.Div(kilo)
		unit++
	}
	if unit == 0 {
		return l.T(units[0], "n", n)
	}
	return l.T(units[unit], "size", l.Decimal(size.Round(1)))
}

var kilo = decimal.NewFromInt(1024)
