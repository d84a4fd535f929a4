package desk

import (
	"bytes"
	"encoding/csv"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/fault"
	"pishkhan/internal/jalali"
	"pishkhan/internal/web"
	view "pishkhan/views/desk"
)

// maxPicked is how many orders one form may name.
const maxPicked = 500

// exportPicked answers with the picked orders as a CSV file.
func (d *desk) exportPicked(v visit) error {
	codes := formValues(v, "code")
	if len(codes) == 0 || len(codes) > maxPicked {
		return d.showQueue(v, fiber.StatusUnprocessableEntity, v.words("list.export.empty"))
	}
	var ids []int64
	for _, code := range codes {
		o, err := d.house.Orders.ByCode(v.ctx(), d.house.Pool, code)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return err
		}
		ids = append(ids, int64(o.ID))
	}
	list, err := d.house.Board.Rows(v.ctx(), ids)
	if err != nil {
		return err
	}
	rows, err := d.rows(v, list)
	if err != nil {
		return err
	}
	file, err := d.csv(v, rows)
	if err != nil {
		return err
	}
	return web.Attachment(v.Ctx, "orders.csv", "text/csv; charset=utf-8", file)
}

func (d *desk) csv(v visit, rows []view.Row) ([]byte, error) {
	var file bytes.Buffer
	file.WriteString("\ufeff") // spreadsheets take it for UTF-8 then
	w := csv.NewWriter(&file)
	var head []string
	for _, column := range []string{"code", "service", "amount", "customer", "state", "owner", "due", "placed", "deadline"} {
		head = append(head, v.words("list.csv."+column))
	}
	lines := [][]string{head}
	for _, r := range rows {
		lines = append(lines, []string{
			r.Code, r.Service, strconv.FormatInt(r.Total.Toman(), 10), r.Name, v.words("state." + string(r.State)), r.HolderName,
			csvTime(r.Time.Due), csvTime(r.PlacedAt), csvDay(r.DeadlineOn),
		})
	}
	for _, line := range lines {
		for i := range line {
			line[i] = plainCell(line[i])
		}
		if err := w.Write(line); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return file.Bytes(), w.Error()
}

// plainCell keeps a spreadsheet from taking a text for a formula: names are
// what customers type.
func plainCell(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}

func csvTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(jalali.Tehran).Format("2006-01-02 15:04")
}

func csvDay(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}
