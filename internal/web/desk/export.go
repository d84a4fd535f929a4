package desk

import (
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/fault"
	"pishkhan/internal/jalali"
	"pishkhan/internal/orders"
	"pishkhan/internal/reports"
	"pishkhan/internal/spreadsheet"
	"pishkhan/internal/web"
	view "pishkhan/views/desk"
)

// maxPicked is how many orders one form may name.
const maxPicked = 500

// exportPicked answers with the picked orders as a CSV file, once that is on
// record.
func (d *desk) exportPicked(v visit) error {
	codes := formValues(v, "code")
	if len(codes) == 0 || len(codes) > maxPicked {
		return d.showQueue(v, fiber.StatusUnprocessableEntity, v.words("list.export.empty"))
	}
	picked, err := d.picked(v, codes)
	if err != nil {
		return err
	}
	ids := make([]int64, len(picked))
	for i, o := range picked {
		ids[i] = int64(o.ID)
	}
	list, err := d.house.Board.Rows(v.ctx(), ids)
	if err != nil {
		return err
	}
	rows, err := d.rows(v, list)
	if err != nil {
		return err
	}
	table := d.pickedTable(v, rows)
	export := reports.Export{Table: "queue", Format: "csv", Filter: strings.Join(codes, " "), Rows: len(table.Rows)}
	if err := d.house.Reports.RecordExport(v.ctx(), v.actor, export); err != nil {
		return err
	}
	file, err := table.CSV()
	if err != nil {
		return err
	}
	return web.Attachment(v.Ctx, "orders.csv", "text/csv; charset=utf-8", file)
}

// picked are the orders of the codes, each once; what is no code is passed over.
func (d *desk) picked(v visit, codes []string) (list []orders.Order, err error) {
	for _, code := range codes[:min(len(codes), maxPicked)] {
		o, err := d.house.Orders.ByCode(v.ctx(), d.house.Pool, code)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(list, func(known orders.Order) bool { return known.ID == o.ID }) {
			list = append(list, o)
		}
	}
	return list, nil
}

func (d *desk) pickedTable(v visit, rows []view.Row) (t spreadsheet.Table) {
	for _, column := range []string{"code", "service", "amount", "customer", "state", "owner", "due", "placed", "deadline"} {
		t.Columns = append(t.Columns, v.words("list.csv."+column))
	}
	for _, r := range rows {
		t.Rows = append(t.Rows, []any{
			r.Code, r.Service, int(r.Total.Toman()), r.Name, v.words("state." + string(r.State)), r.HolderName,
			csvTime(r.Time.Due), csvTime(r.PlacedAt), csvDay(r.DeadlineOn),
		})
	}
	return t
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
