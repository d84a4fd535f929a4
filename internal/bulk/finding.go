package bulk

import (
	"pishkhan/internal/i18n"
)

// Finding is what is wrong with a cell of a file, or odd about it; no answer
// is in it. It is kept in both languages.
type Finding struct {
	Row    int       `json:"row"`              // as spreadsheets count
	Column string    `json:"column,omitempty"` // "C"; empty: a column that is not there, or the whole row
	Label  i18n.Text `json:"label,omitzero"`   // what the column asks
	Words  i18n.Text `json:"words"`
}

// found says something about a cell; column is counted from 0, and -1 is none.
func found(row, column int, key string, args ...any) Finding {
	f := Finding{Row: row, Words: both(key, args...)}
	if column >= 0 {
		f.Column = columnName(column)
	}
	return f
}

// of names what the cell's column asks.
func (f Finding) of(c Column) Finding {
	f.Label = c.Label
	return f
}

// both is a message in both languages.
func both(key string, args ...any) i18n.Text {
	return i18n.Text{FA: i18n.FA.T(key, args...), EN: i18n.EN.T(key, args...)}
}
