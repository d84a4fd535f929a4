package clients_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/clients"
	"pishkhan/internal/fault"
)

// Of many same requests at once, one works, and all get its answer.
func TestOnceUnderARace(t *testing.T) {
	t.Parallel()
	b := setup(t)
	shop := b.shop(t, "Shop")
	var worked, fresh atomic.Int32
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			answer, err := b.clients.Once(b.ctx, clients.Request{ClientID: shop.ID, Key: "race-0001", Body: []byte("body")}, 201,
				func(context.Context, pgx.Tx, time.Time) ([]byte, error) {
					return fmt.Appendf(nil, "answer %d", worked.Add(1)), nil
				})
			if err != nil || answer.Status != 201 || string(answer.Body) != "answer 1" {
				t.Errorf("%+v, %v", answer, err)
			}
			if !answer.Replayed {
				fresh.Add(1)
			}
		})
	}
	all.Wait()
	if worked.Load() != 1 || fresh.Load() != 1 {
		t.Errorf("worked %d times, %d fresh answers", worked.Load(), fresh.Load())
	}
}

func TestOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	shop, other := b.shop(t, "Shop"), b.shop(t, "Other")
	do := func(clientID int64, key, body string, err error) (clients.Answer, error) {
		return b.clients.Once(b.ctx, clients.Request{ClientID: clientID, Key: key, Body: []byte(body)}, 201,
			func(context.Context, pgx.Tx, time.Time) ([]byte, error) { return []byte("done: " + body), err })
	}
	broken := errors.New("broken")
	if _, err := do(shop.ID, "key-00001", "a", broken); !errors.Is(err, broken) {
		t.Errorf("the work's error: %v", err)
	}
	if answer, err := do(shop.ID, "key-00001", "a", nil); err != nil || answer.Replayed {
		t.Errorf("after a failure the key is as new: %+v, %v", answer, err)
	}
	if answer, err := do(shop.ID, "key-00001", "a", broken); err != nil || !answer.Replayed || string(answer.Body) != "done: a" {
		t.Errorf("again: %+v, %v", answer, err)
	}
	_, err := do(shop.ID, "key-00001", "b", nil)
	if f := fault.Of(err); f == nil || f.Kind != fault.Invalid || f.Fields[0].Name != "header:Idempotency-Key" {
		t.Errorf("another body: %v", err)
	}
	if answer, err := do(other.ID, "key-00001", "b", nil); err != nil || answer.Replayed {
		t.Errorf("another client's key: %+v, %v", answer, err)
	}

	var row string
	must(t, b.pool.QueryRow(b.ctx, `SELECT i::text || encode(response, 'escape') FROM api_idempotency i WHERE client_id = $1`, shop.ID).Scan(&row))
	if strings.Contains(row, "done: a") {
		t.Error("the answer is kept in the clear")
	}

	b.clock.Advance(48*time.Hour + time.Second)
	must(t, b.clients.Clean(b.ctx))
	if answer, err := do(shop.ID, "key-00001", "b", nil); err != nil || answer.Replayed {
		t.Errorf("after 48 hours: %+v, %v", answer, err)
	}
}
