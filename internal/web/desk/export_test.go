package desk_test

import (
	"net/http"
	"strings"
	"testing"

	"pishkhan/internal/i18n"
	"pishkhan/internal/testworld"
)

// Picked orders leave as a file that is on record, with who took which, and
// that no spreadsheet program takes for formulas.
func TestPickedOrdersLeaveOnRecord(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o, other := w.Paid(t), w.Paid(t)
	_, err := w.House.Pool.Exec(t.Context(), `UPDATE identity_cases SET name = E'\n=HYPERLINK("x")' WHERE id = $1`, o.IdentityCaseID)
	testworld.Must(t, err)
	b := signedIn(t, w, newApp(w), w.Operator)
	for _, lang := range i18n.Langs() {
		file := b.in(lang).post(t, "/desk/queue/export", "code", o.Code, "code", "ZZZZZZZ").must(t, http.StatusOK)
		if !strings.Contains(file.body, o.Code) || strings.Contains(file.body, other.Code) || !strings.Contains(file.body, lang.T("list.csv.customer")) ||
			!strings.Contains(file.body, "'\r\n=HYPERLINK") || !strings.Contains(file.header.Get("Content-Disposition"), "attachment") {
			t.Errorf("%s: %q", lang, file.body)
		}
	}
	b.post(t, "/desk/queue/export").must(t, http.StatusUnprocessableEntity)
	n := w.Count(t, "SELECT count(*) FROM audit_entries WHERE verb = 'report.export' AND subject = 'board:queue' AND actor_id = $1 AND detail->>'filter' LIKE $2 || '%'",
		w.Operator.ID, o.Code)
	if n != 2 {
		t.Errorf("%d exports on record", n)
	}
}
