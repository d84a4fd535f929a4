package bulk

import (
	"bytes"
	"encoding/csv"
	"fmt"

	"pishkhan/internal/i18n"
)

// FindingsCSV lists what was found in a file, one finding a row, for a
// spreadsheet program: no cell of it is a formula.
func FindingsCSV(findings []Finding, lang i18n.Lang) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	rows := [][]string{{lang.T("bulk.finding.row"), lang.T("bulk.finding.column"), lang.T("bulk.finding.label"), lang.T("bulk.finding.words")}}
	for _, f := range findings {
		rows = append(rows, []string{fmt.Sprint(f.Row), f.Column, armed(f.Label.In(lang)), armed(f.Words.In(lang))})
	}
	if err := w.WriteAll(rows); err != nil {
		return nil, fmt.Errorf("write findings: %w", err)
	}
	return b.Bytes(), nil
}
