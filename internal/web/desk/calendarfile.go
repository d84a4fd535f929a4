package desk

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/fault"
	"pishkhan/internal/sla"
	"pishkhan/internal/web"
	view "pishkhan/views/desk"
)

// exportCalendar sends a version as a calendar file, or its holidays as an
// iCalendar file; the newest unless another is asked for.
func (d *desk) exportCalendar(v visit) error {
	newest, err := d.house.Calendars.Newest(v.ctx(), d.house.Pool)
	if err != nil {
		return err
	}
	id := newest.ID
	if asked := v.Query("version"); asked != "" {
		if id, err = strconv.ParseInt(asked, 10, 64); err != nil {
			return fault.New(fault.NotFound, "sla.error.no_version")
		}
	}
	info, err := d.house.Calendars.Info(v.ctx(), d.house.Pool, id)
	if err != nil {
		return err
	}
	if v.Query("format") == "ics" {
		file := sla.MarshalHolidays(info.Calendar, info.CreatedAt, v.words("calendar.closed"))
		return web.Attachment(v.Ctx, fmt.Sprintf("holidays-%d.ics", id), "text/calendar; charset=utf-8", file)
	}
	file, err := sla.Marshal(info.Calendar)
	if err != nil {
		return err
	}
	return web.Attachment(v.Ctx, fmt.Sprintf("calendar-%d.json", id), fiber.MIMEApplicationJSON, file)
}

// importCalendar is the form that takes a file.
func (d *desk) importCalendar(v visit) error {
	page, err := d.calendarImportPage(v)
	if err != nil {
		return err
	}
	return web.Render(v.Ctx, fiber.StatusOK, view.CalendarImport(page))
}

func (d *desk) calendarImportPage(v visit) (page view.CalendarImportPage, err error) {
	page.CalendarPage, err = d.calendarPage(v, v.words("calendar.import"))
	page.Chrome.Path = calendarPath + "/import"
	return page, err
}

// readCalendar shows what the file would change of the draft, before it does.
func (d *desk) readCalendar(v visit) error {
	page, err := d.calendarImportPage(v)
	if err != nil {
		return err
	}
	file, err := v.calendarFile()
	if f := fault.Of(err); f != nil {
		return d.wrongFile(v, page, f)
	}
	if err != nil {
		return err
	}
	return d.showFile(v, page, fiber.StatusOK, file)
}

// calendarFile is the file of the form. Faults: Invalid with the field file.
func (v visit) calendarFile() (string, error) {
	header, err := v.FormFile("file")
	if err != nil {
		return "", fault.Fields{{Name: "file", Key: "calendar.error.no_file"}}.Err()
	}
	if header.Size > sla.MaxHolidayFile {
		return "", fault.Fields{{Name: "file", Key: "sla.error.ics_large", Args: []any{"max", sla.MaxHolidayFile}}}.Err()
	}
	file, err := header.Open()
	if err != nil {
		return "", err
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, sla.MaxHolidayFile+1))
	return string(content), err
}

func (d *desk) wrongFile(v visit, page view.CalendarImportPage, f *fault.Fault) error {
	page.Chrome.Failed, page.Wrong = true, f.Fields
	if len(f.Fields) == 0 {
		page.Wrong = fault.Fields{{Name: "file", Key: f.Key, Args: f.Args}}
	}
	return web.Render(v.Ctx, fiber.StatusUnprocessableEntity, view.CalendarImport(page))
}

func (d *desk) showFile(v visit, page view.CalendarImportPage, status int, file string) error {
	next, found, err := readFile(file, page.Calendar, page.Today)
	if f := fault.Of(err); f != nil && (f.Kind == fault.Invalid || f.Kind == fault.TooLarge) {
		return d.wrongFile(v, page, f)
	}
	if err != nil {
		return err
	}
	page.Read, page.File, page.Found = true, file, found
	page.FileChanges = sla.Changes(page.Calendar, next)
	return web.Render(v.Ctx, status, view.CalendarImport(page))
}

// readFile reads either kind of file. Of the one with holidays it adds each
// to the calendar; found is nil for the other, which is a calendar as a whole.
func readFile(file string, before sla.Calendar, today sla.Date) (next sla.Calendar, found *sla.Holidays, err error) {
	if !isICS(file) {
		next, err = sla.Parse([]byte(file))
		if err == nil {
			_, err = sla.Prepare(next)
		}
		return next, nil, err
	}
	holidays, err := sla.ParseHolidays([]byte(file), sla.Date{Year: today.Gregorian().Year + 1, Month: 12, Day: 31})
	if err != nil {
		return next, nil, err
	}
	next = before
	for _, rule := range holidays.Rules {
		next = next.With(rule)
	}
	return next, &holidays, nil
}

func isICS(file string) bool {
	head := strings.TrimLeft(strings.TrimPrefix(file, "\ufeff"), " \t\r\n")
	return len(head) >= 6 && strings.EqualFold(head[:6], "BEGIN:")
}

// takeFile puts into the draft what was chosen of the file.
func (d *desk) takeFile(v visit) error {
	file := v.FormValue("file_text")
	page, err := d.calendarImportPage(v)
	if err != nil {
		return err
	}
	var chosen []string
	for _, value := range v.Request().PostArgs().PeekMulti("take") {
		chosen = append(chosen, string(value))
	}
	return d.changeCalendar(v, calendarPath, func(c sla.Calendar) (sla.Calendar, error) {
		next, found, err := readFile(file, c, page.Today)
		if err != nil || found == nil {
			return next, err
		}
		next = c
		for _, rule := range found.Rules {
			if slices.Contains(chosen, rule.Date.String()) {
				next = next.With(rule)
			}
		}
		if len(chosen) == 0 {
			return next, fault.Fields{{Name: "take", Key: "calendar.error.none_chosen"}}.Err()
		}
		return next, nil
	}, func(status int, f *fault.Fault) error {
		if page.Refuse(v.ctx(), f); f.Kind == fault.Conflict || len(chosen) == 0 {
			return d.showFile(v, page, status, file)
		}
		return d.wrongFile(v, page, f)
	})
}
