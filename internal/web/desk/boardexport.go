package desk

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"pishkhan/internal/board"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/jalali"
	"pishkhan/internal/reports"
	"pishkhan/internal/spreadsheet"
	"pishkhan/internal/web"
)

// mostExported is how many orders one file holds.
const mostExported = 20_000

// exportBoard sends a table of the board as a file, once that is on record:
// days, services, people, load, the orders of a range, or a list.
func (d *desk) exportBoard(v visit) error {
	name, format, _ := strings.Cut(v.Params("file"), ".")
	if format != "csv" && format != "xlsx" {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	table, err := d.boardTable(v, name)
	if err != nil {
		return err
	}
	table.Name, table.RTL = name, v.lang() == i18n.FA
	export := reports.Export{Table: name, Format: format, Filter: string(v.Request().URI().QueryString()), Rows: len(table.Rows)}
	if err := d.house.Reports.RecordExport(v.ctx(), v.actor, export); err != nil {
		return err
	}
	write, kind := table.CSV, "text/csv; charset=utf-8"
	if format == "xlsx" {
		write, kind = table.XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	file, err := write()
	if err != nil {
		return err
	}
	return web.Attachment(v.Ctx, "pishkhan-"+name+"-"+day(d.house.Clock)+"."+format, kind, file)
}

func (d *desk) boardTable(v visit, name string) (spreadsheet.Table, error) {
	switch name {
	case "list", "orders":
		return d.listTable(v, name)
	case "days", "services", "people", "load":
	default:
		return spreadsheet.Table{}, fault.New(fault.NotFound, "fault.not_found")
	}
	r, err := d.boardReport(v)
	if err != nil {
		return spreadsheet.Table{}, err
	}
	var t spreadsheet.Table
	switch name {
	case "days":
		t.Columns = headings(v, "date", "date_jalali", "done", "late", "in_time")
		for _, line := range r.Days {
			t.Rows = append(t.Rows, slices.Concat(dates(line.Day.ToTime()), tally(line.Tally)))
		}
	case "services":
		t.Columns = headings(v, "service", "done", "late", "in_time", "average")
		for _, line := range r.Report.Services {
			t.Rows = append(t.Rows, slices.Concat([]any{r.Services[line.ServiceID]}, tally(line.Tally), minutes(line.Average(), line.Measured > 0)))
		}
	case "people":
		t.Columns = headings(v, "person", "done", "late", "in_time", "average")
		for _, line := range r.People {
			t.Rows = append(t.Rows, slices.Concat([]any{line.Name}, tally(line.Tally), minutes(line.Average(), line.Measured > 0)))
		}
	case "load":
		t.Columns = headings(v, "person")
		for h := range 24 {
			t.Columns = append(t.Columns, fmt.Sprintf("%02d:00", h))
		}
		for _, line := range r.People {
			row := []any{line.Name}
			for h := range 24 {
				row = append(row, line.Hours[h])
			}
			t.Rows = append(t.Rows, row)
		}
	}
	return t, nil
}

// listTable is the orders behind a figure, page after page. Too many are
// refused rather than cut off.
func (d *desk) listTable(v visit, name string) (t spreadsheet.Table, err error) {
	figure := board.Figure{Of: board.OfDone}
	if name == "list" {
		if figure, err = d.figure(v); err != nil {
			return t, err
		}
	} else {
		figure.Range, _, _, _ = chosenRange(v, d.house.Clock.Now())
	}
	const atOnce = 1000
	var after board.Mark
	for {
		list, err := d.house.Board.Behind(v.ctx(), figure, after, atOnce)
		if err != nil {
			return t, err
		}
		if err := d.addRows(v, &t, figure.Of, list); err != nil {
			return t, err
		}
		if list.Next == nil {
			return t, nil
		}
		if len(t.Rows) >= mostExported {
			return t, fault.New(fault.Invalid, "board.error.too_many", "most", mostExported)
		}
		after = *list.Next
	}
}

func (d *desk) addRows(v visit, t *spreadsheet.Table, of board.Of, list board.Behind) error {
	if of == board.OfDone {
		t.Columns = headings(v, "code", "service", "done_at", "done_at_jalali", "promised", "promised_jalali", "outcome", "person", "handling")
		outcomes, err := d.boardOutcomes(v, list.Outcomes)
		for _, o := range outcomes {
			word := "board.late"
			if o.InTime {
				word = "board.in_time"
			}
			t.Rows = append(t.Rows, slices.Concat([]any{o.Code, o.Service}, instants(o.DoneAt), instants(o.Promised),
				[]any{v.words(word), o.MemberName}, minutes(o.Handling, o.Measured)))
		}
		return err
	}
	t.Columns = headings(v, "code", "service", "state", "customer", "amount", "due", "due_jalali", "person", "finish", "finish_jalali")
	rows, err := d.boardRows(v, list)
	for _, r := range rows {
		t.Rows = append(t.Rows, slices.Concat(
			[]any{r.Code, r.Service, v.words("state." + string(r.State)), r.Name, int(r.Total.Toman())}, instants(r.Time.Due), []any{r.HolderName}, instants(r.Finish)))
	}
	return err
}

func headings(v visit, names ...string) []string {
	list := make([]string, len(names))
	for i, name := range names {
		list[i] = v.words("board.file." + name)
	}
	return list
}

// dates are a day in both calendars, in Latin digits.
func dates(t time.Time) []any {
	return []any{t.Add(12 * time.Hour).In(jalali.Tehran).Format(time.DateOnly), jalali.FromTime(t.Add(12 * time.Hour)).String()}
}

// instants are an instant in both calendars, in Tehran and in Latin digits;
// none is empty.
func instants(t time.Time) []any {
	if t.IsZero() {
		return []any{"", ""}
	}
	t = t.In(jalali.Tehran)
	return []any{t.Format(time.RFC3339), jalali.FromTime(t).String() + " " + t.Format("15:04")}
}

// tally is how many were completed, how many of these late, and how many in a
// hundred in time.
func tally(t board.Tally) []any {
	percent := any("")
	if t.Done > 0 {
		percent = t.InTime * 100 / t.Done
	}
	return []any{t.Done, t.Late(), percent}
}

func minutes(d time.Duration, known bool) []any {
	if !known {
		return []any{""}
	}
	return []any{strconv.FormatFloat(d.Minutes(), 'f', 1, 64)}
}
