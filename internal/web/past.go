package web

import (
	"context"

	"pishkhan/internal/house"
	"pishkhan/internal/orders"
	"pishkhan/internal/sla"
	words "pishkhan/views/deadline"
)

// Past reads what explains the deadlines of an order: its history, its clocks
// and the calendars that judged them.
func Past(ctx context.Context, h *house.House, id orders.ID) (words.Past, error) {
	past := words.Past{Calendars: map[int64]sla.Version{}}
	var err error
	if past.Events, err = h.Orders.History(ctx, id); err != nil {
		return past, err
	}
	if past.Clocks, err = h.Orders.Clocks(ctx, h.Pool, id); err != nil {
		return past, err
	}
	for _, id := range words.Versions(past.Events) {
		if past.Calendars[id], err = h.Calendars.Version(ctx, h.Pool, id); err != nil {
			return past, err
		}
	}
	return past, nil
}
