package board

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/board/internal/sqlq"
	"pishkhan/internal/fault"
	"pishkhan/internal/jalali"
)

// Range is a stretch of days in Tehran, both ends included.
type Range struct {
	From, To jalali.Date
}

// Since is the first instant of the range, Until the first after it.
func (r Range) Since() time.Time { return r.From.ToTime() }

// Until is the first instant after the range.
func (r Range) Until() time.Time { return midnight(r.To.ToTime().Add(36 * time.Hour)) }

// DayDone is what became of the orders that were completed on a day.
type DayDone struct {
	Day jalali.Date
	Tally
}

// PersonDone is what one member completed.
type PersonDone struct {
	MemberID int64
	Name     string
	Tally
	Hours map[int]int // by the hour of the day in Tehran in which they were completed
}

// Report is what became of the orders of a range, by day, service and person.
type Report struct {
	Range
	Total    Tally
	Days     []DayDone // those on which something was completed
	Services []ServiceDone
	People   []PersonDone
}

// Report reads the counts of a range.
func (b *Board) Report(ctx context.Context, r Range) (Report, error) { return b.report(ctx, b.pool, r) }

func (b *Board) report(ctx context.Context, db sqlq.DBTX, r Range) (Report, error) {
	report := Report{Range: r}
	q, from, to := sqlq.New(db), date(r.From), date(r.To)
	days, err := q.DoneByDay(ctx, from, to)
	if err != nil {
		return report, fmt.Errorf("report by day: %w", err)
	}
	for _, d := range days {
		report.Days = append(report.Days, DayDone{Day: jalali.FromTime(d.Day.Add(12 * time.Hour)), Tally: Tally{Done: int(d.Done), InTime: int(d.InTime)}})
	}
	services, err := q.DoneByService(ctx, from, to)
	if err != nil {
		return report, fmt.Errorf("report by service: %w", err)
	}
	for _, s := range services {
		tally := tallied(s.Done, s.InTime, s.Measured, s.HandlingSeconds)
		report.Services = append(report.Services, ServiceDone{ServiceID: s.ServiceID, VersionID: s.ServiceVersionID, Tally: tally})
		report.Total.add(tally)
	}
	people, err := q.DoneByMember(ctx, from, to)
	if err != nil {
		return report, fmt.Errorf("report by person: %w", err)
	}
	hours, err := q.DoneByHour(ctx, from, to)
	if err != nil {
		return report, fmt.Errorf("report by hour: %w", err)
	}
	of := map[int64]map[int]int{}
	for _, h := range hours {
		if of[h.MemberID] == nil {
			of[h.MemberID] = map[int]int{}
		}
		of[h.MemberID][int(h.Hour)] = int(h.Done)
	}
	for _, p := range people {
		report.People = append(report.People, PersonDone{
			MemberID: p.MemberID, Name: p.Name, Tally: tallied(p.Done, p.InTime, p.Measured, p.HandlingSeconds), Hours: of[p.MemberID],
		})
	}
	return report, nil
}

// NewestVersion returns the version of a service that names it; NotFound when
// there is no such service.
func (b *Board) NewestVersion(ctx context.Context, serviceID int64) (int64, error) {
	id, err := sqlq.New(b.pool).NewestVersionOf(ctx, serviceID)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, fault.New(fault.NotFound, "fault.not_found")
	}
	if err != nil {
		return 0, fmt.Errorf("newest version of service %d: %w", serviceID, err)
	}
	return id, nil
}

func tallied(done, inTime, measured int32, handlingSeconds int64) Tally {
	return Tally{Done: int(done), InTime: int(inTime), Measured: int(measured), Handling: time.Duration(handlingSeconds) * time.Second}
}

func (t *Tally) add(other Tally) {
	t.Done += other.Done
	t.InTime += other.InTime
	t.Measured += other.Measured
	t.Handling += other.Handling
}

// date is a day as the database keeps it.
func date(d jalali.Date) time.Time {
	year, month, day := d.ToTime().In(jalali.Tehran).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}
