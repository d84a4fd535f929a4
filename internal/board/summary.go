package board

import (
	"context"

	"pishkhan/internal/notify"
)

// Summary is the overview as it is told by e-mail when the day is over.
func (b *Board) Summary(ctx context.Context) (notify.DaySummary, error) {
	o, err := b.Overview(ctx)
	if err != nil {
		return notify.DaySummary{}, err
	}
	s := notify.DaySummary{
		At: o.At, Least: o.Least, Done: o.Done, InTime: o.InTime, Target: o.Target, Late: o.Late, Soon: o.Soon, Free: o.Free,
		Staff: o.Forecast.Staff, WillBe: len(o.Forecast.Late),
	}
	if o.Oldest.ID != 0 {
		s.Oldest = &o.Oldest.Since
	}
	if !o.Forecast.Clear.IsZero() {
		s.Clear = &o.Forecast.Clear
	}
	for _, p := range o.People {
		if p.Done > 0 {
			s.ByPerson = append(s.ByPerson, notify.DayLine{Name: p.Name, Done: p.Done, InTime: p.InTime})
		}
	}
	for _, line := range o.Services {
		s.ByService = append(s.ByService, notify.DayLine{Version: line.VersionID, Done: line.Done, InTime: line.InTime})
	}
	return s, nil
}
