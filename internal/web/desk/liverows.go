package desk

import (
	"bytes"
	"encoding/json"
	"slices"

	"pishkhan/internal/board"
	"pishkhan/internal/i18n"
	"pishkhan/internal/live"
	view "pishkhan/views/desk"
)

// tellRows sends the rows of a batch as they are now, and whether each is one
// of the page's list.
func (s *stream) tellRows(batch *live.Batch) bool {
	rows, err := s.desk.rowsOf(batch)
	if err != nil {
		return s.send("refetch", 0, "{}")
	}
	now := s.desk.house.Clock.Now()
	for _, row := range rows {
		html, err := s.rendered(batch, row)
		if err != nil {
			return s.send("refetch", 0, "{}")
		}
		fits := "false"
		if s.list.Fits(row, now) {
			fits = "true"
		}
		if !s.send("list-row", batch.Mark, `{"code":"`+row.Code+`","fits":`+fits+`,"html":`+html+`}`) {
			return false
		}
	}
	return true
}

// rowsOf reads the orders of a batch, once for all who listen.
func (d *desk) rowsOf(batch *live.Batch) ([]board.Row, error) {
	value, err := batch.Once("rows", func() (any, error) {
		var ids []int64
		for _, c := range batch.Changes {
			if !slices.Contains(ids, c.OrderID) {
				ids = append(ids, c.OrderID)
			}
		}
		ctx, cancel := background()
		defer cancel()
		return d.house.Board.Rows(ctx, ids)
	})
	if err != nil {
		return nil, err
	}
	return value.([]board.Row), nil
}

// rowKey is what a row's words depend on: readers of one language who may do
// the same see the same.
type rowKey struct {
	code string
	lang i18n.Lang
	may  bool
	mine bool
}

// rendered is the row as a string of JSON, made once for all who see the same.
func (s *stream) rendered(batch *live.Batch, row board.Row) (string, error) {
	key := rowKey{row.Code, i18n.LangOf(s.ctx), s.rows, row.HolderID == s.visit.actor.ID}
	value, err := batch.Once(key, func() (any, error) {
		ctx, cancel := background()
		defer cancel()
		ctx = i18n.WithLang(ctx, key.lang)
		shown, err := s.desk.shown(ctx, row, s.visit.actor.ID, key.may)
		if err != nil {
			return "", err
		}
		var html bytes.Buffer
		if err := view.QueueRow(shown).Render(ctx, &html); err != nil {
			return "", err
		}
		text, err := json.Marshal(html.String())
		return string(text), err
	})
	if err != nil {
		return "", err
	}
	return value.(string), nil
}
