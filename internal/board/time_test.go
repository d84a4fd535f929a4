package board_test

import (
	"testing"
	"time"

	"pishkhan/internal/board"
	"pishkhan/internal/sla"
)

func TestWorkingTimeRunsUntilTheDeskCloses(t *testing.T) {
	t.Parallel()
	calendar, err := sla.Parse([]byte(`{"time_zone": "UTC", "week": {"monday": ["09:00-12:00", "12:30-17:00"]}}`))
	if err != nil {
		t.Fatal(err)
	}
	engine, err := sla.Prepare(calendar)
	if err != nil {
		t.Fatal(err)
	}
	monday := func(hour, minute int) time.Time { return time.Date(2026, 10, 5, hour, minute, 0, 0, time.UTC) }
	for _, c := range []struct {
		at   time.Time
		want time.Duration
	}{
		{monday(8, 59), 0}, {monday(9, 0), 3 * time.Hour}, {monday(11, 45), 15 * time.Minute},
		{monday(12, 0), 0}, {monday(12, 30), 4*time.Hour + 30*time.Minute}, {monday(17, 0), 0},
	} {
		if got := board.OpenFor(engine, c.at); got != c.want {
			t.Errorf("at %s it runs for %s, want %s", c.at.Format("15:04"), got, c.want)
		}
	}
}
