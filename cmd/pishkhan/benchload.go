package main

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"pishkhan/internal/clock"
)

// load lets so many clients call as often as they can, until the time is up
// or the calls are used up. The first failure ends it.
func load(ctx context.Context, c contender, clients int, limit time.Duration) (measured, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var calls atomic.Int64
	took := make([][]time.Duration, clients)
	now := clock.System{}.Now
	begin := now()
	var all sync.WaitGroup
	for client := range clients {
		all.Go(func() {
			for ctx.Err() == nil && now().Sub(begin) < limit {
				call := int(calls.Add(1)) - 1
				if c.Most > 0 && call >= c.Most {
					return
				}
				start := now()
				if err := c.Do(ctx, client, call); err != nil {
					cancel(err)
					return
				}
				took[client] = append(took[client], now().Sub(start))
			}
		})
	}
	all.Wait()
	whole := now().Sub(begin)
	if err := context.Cause(ctx); err != nil {
		return measured{}, err
	}
	return figures(slices.Concat(took...), whole)
}

func figures(took []time.Duration, whole time.Duration) (measured, error) {
	if len(took) == 0 {
		return measured{}, errors.New("nothing was done in the time allowed")
	}
	slices.Sort(took)
	at := func(percent int) float64 {
		return float64(took[min(len(took)-1, len(took)*percent/100)]) / float64(time.Millisecond)
	}
	return measured{
		Calls: len(took), Seconds: whole.Seconds(), Rate: float64(len(took)) / whole.Seconds(), P50: at(50), P95: at(95), P99: at(99),
	}, nil
}
