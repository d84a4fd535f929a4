package orders

import (
	"context"
	"fmt"
	"time"

	"pishkhan/internal/orders/internal/sqlq"
	"pishkhan/internal/sla"
)

// Forecast is what would become of the open clocks by another calendar.
type Forecast struct {
	Open int // clocks
	Tally
	Examples []Shift // the first ones
	Asides   []Aside // of the clocks that would be set aside, the first ones
}

// forecastBatch is how many clocks are in memory at once.
const forecastBatch = 2000

// Forecast plays all open clocks by a calendar, and changes nothing. It names
// the first so many deadlines that would move. It reads as it goes: what is
// done meanwhile may be counted or not.
func (b *Book) Forecast(ctx context.Context, db DB, now time.Time, calendar *sla.Engine, examples int) (Forecast, error) {
	var f Forecast
	q, after := sqlq.New(db), int64(0)
	for {
		rows, err := q.OpenClocks(ctx, after, forecastBatch)
		if err != nil {
			return Forecast{}, fmt.Errorf("forecast after order %d: %w", after, err)
		}
		for _, row := range rows {
			one := rejudge(sqlq.ClocksBehindRow(row), sla.Version{Engine: calendar}, now)
			f.Open++
			f.add(one)
			if one.moved() && len(f.Examples) < examples {
				f.Examples = append(f.Examples, one.Shift)
			}
			if one.aside != "" && len(f.Asides) < examples {
				f.Asides = append(f.Asides, Aside{OrderID: one.OrderID, Code: one.Code, Why: one.aside})
			}
			after = row.OrderID
		}
		if len(rows) < forecastBatch {
			return f, nil
		}
	}
}
