package bulk

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// readCSV reads a file of separated values, whichever separator and Unicode
// encoding a spreadsheet program has chosen.
func readCSV(content []byte, columns int) (sheet, error) {
	text, err := decode(content)
	if err != nil {
		return sheet{}, err
	}
	separator, text, above := separatorOf(text)
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = separator, -1, true
	var s sheet
	// Rows are counted as spreadsheets do: blank lines count, which the
	// reader passes over, and a line break inside quotes does not.
	number, line, offset := above, 1, int64(0)
	for len(s.rows) < maxRead {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return sheet{}, refuse("bulk.error.unreadable")
		}
		cells, err := cellsOf(record, columns)
		if err != nil {
			return sheet{}, err
		}
		begun, _ := r.FieldPos(0)
		number += 1 + begun - line
		line += strings.Count(text[offset:r.InputOffset()], "\n")
		offset = r.InputOffset()
		if len(cells) > 0 {
			s.rows = append(s.rows, sheetRow{number, cells})
		}
	}
	return s, nil
}

// decode returns the text of a file in UTF-8, or in UTF-16 as some programs
// save it. No NUL is in it, which the database does not take.
func decode(content []byte) (string, error) {
	var text string
	switch {
	case bytes.HasPrefix(content, []byte("\xff\xfe")):
		text = fromUTF16(content[2:], binary.LittleEndian)
	case bytes.HasPrefix(content, []byte("\xfe\xff")):
		text = fromUTF16(content[2:], binary.BigEndian)
	default:
		text = strings.TrimPrefix(string(content), "\ufeff")
	}
	if !utf8.ValidString(text) || hasNUL(text) {
		return "", refuse("bulk.error.encoding")
	}
	return text, nil
}

func hasNUL(text string) bool { return strings.IndexByte(text, 0) >= 0 }

func fromUTF16(content []byte, order binary.ByteOrder) string {
	units := make([]uint16, len(content)/2)
	for i := range units {
		units[i] = order.Uint16(content[2*i:])
	}
	return string(utf16.Decode(units))
}

// separatorOf finds what stands between the values. Excel may say so in a
// line of its own ("sep=;"), which is cut off and counted as one above.
func separatorOf(text string) (separator rune, rest string, above int) {
	first, rest, _ := strings.Cut(text, "\n")
	if named, ok := strings.CutPrefix(strings.TrimRight(first, "\r"), "sep="); ok {
		if r, size := utf8.DecodeRuneInString(named); size == len(named) && strings.ContainsRune(",;\t|", r) {
			return r, rest, 1
		}
	}
	separator, most := ',', 0
	for _, candidate := range []rune{',', ';', '\t'} {
		if n := outsideQuotes(first, candidate); n > most {
			separator, most = candidate, n
		}
	}
	return separator, text, 0
}

func outsideQuotes(line string, wanted rune) (n int) {
	quoted := false
	for _, r := range line {
		switch r {
		case '"':
			quoted = !quoted
		case wanted:
			if !quoted {
				n++
			}
		}
	}
	return n
}
