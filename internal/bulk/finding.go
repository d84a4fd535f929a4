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

// findings are the first maxFindings of a file, and how many more there are.
type findings struct {
	kept []Finding
	more int
	from int // the row of the first that is not kept
}

// maxFindings is more than anybody reads.
const maxFindings = 1000

func (f *findings) add(row int, finding func() Finding) {
	switch {
	case len(f.kept) < maxFindings:
		f.kept = append(f.kept, finding())
		return
	case f.more == 0:
		f.from = row
	}
	f.more++
}

// list is what was kept, and at its end a word about the rest.
func (f *findings) list() []Finding {
	if f.more == 0 {
		return f.kept
	}
	return append(f.kept, found(f.from, -1, "bulk.error.more", "n", f.more))
}
