package asanpardakht

import (
	"context"
	"time"

	"pishkhan/internal/jalali"
)

// Time returns the gateway's own clock: a harmless call that shows whether
// the gateway can be reached, and how far our clocks are apart.
func (c *Client) Time(ctx context.Context) (time.Time, error) {
	answer, err := c.get(ctx, Time, nil)
	if err != nil {
		return time.Time{}, err
	}
	s, err := bareString(Time, answer)
	if err != nil {
		return time.Time{}, err
	}
	t, err := time.ParseInLocation(timeLayout, s, jalali.Tehran)
	if err != nil {
		return time.Time{}, unreadable(Time, err)
	}
	return t, nil
}
