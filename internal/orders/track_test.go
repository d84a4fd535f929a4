package orders_test

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pishkhan/internal/fault"
	"pishkhan/internal/iran"
	"pishkhan/internal/orders"
	"pishkhan/internal/testworld"
)

// Code and mobile open an order to another browser; a wrong one of either
// gives the same answer as the other.
func TestTrack(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Placed(t).Orders[0]
	other := w.Placed(t).Orders[0]
	visitor := w.Visitor(t)
	book := w.House.Orders
	_, wrongCode := book.Track(t.Context(), visitor.ID, o.CustomerID, "ZZZZZZZ", "192.0.2.1")
	_, wrongCustomer := book.Track(t.Context(), visitor.ID, other.CustomerID, o.Code, "192.0.2.1")
	_, nobody := book.Track(t.Context(), visitor.ID, 0, o.Code, "192.0.2.1")
	for _, err := range []error{wrongCode, wrongCustomer, nobody} {
		if !fault.Is(err, fault.NotFound) || err.Error() != wrongCode.Error() {
			t.Errorf("%v, want what the others say: %v", err, wrongCode)
		}
	}
	if _, err := book.ForViewer(t.Context(), orders.Viewer{VisitorID: visitor.ID}, o.Code); !fault.Is(err, fault.NotFound) {
		t.Errorf("seen before it was proven: %v", err)
	}
	typed := " " + strings.ToLower(iran.PersianDigits(o.Code[:3])) + " - " + o.Code[3:]
	got, err := book.Track(t.Context(), visitor.ID, o.CustomerID, typed, "192.0.2.1")
	if err != nil || got.ID != o.ID {
		t.Fatalf("%q: %v, %v", typed, got, err)
	}
	if _, err := book.ForViewer(t.Context(), orders.Viewer{VisitorID: visitor.ID}, o.Code); err != nil {
		t.Errorf("not seen afterwards: %v", err)
	}
}

// Twenty wrong tries close the door to an address for a while, even to the
// right answer, and to that address alone.
func TestTrackThrottle(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o, visitor := w.Placed(t).Orders[0], w.Visitor(t)
	book := w.House.Orders
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			if _, err := book.Track(t.Context(), visitor.ID, o.CustomerID, fmt.Sprintf("AAAA%03d", i), "192.0.2.7"); !fault.Is(err, fault.NotFound) {
				t.Errorf("try %d: %v", i, err)
			}
		})
	}
	wg.Wait()
	if _, err := book.Track(t.Context(), visitor.ID, o.CustomerID, o.Code, "192.0.2.7"); !fault.Is(err, fault.TooMany) {
		t.Errorf("the 21st try: %v", err)
	}
	if _, err := book.Track(t.Context(), visitor.ID, o.CustomerID, o.Code, "192.0.2.8"); err != nil {
		t.Errorf("another address is shut out too: %v", err)
	}
	w.Clock.Advance(15*time.Minute + time.Second)
	if _, err := book.Track(t.Context(), visitor.ID, o.CustomerID, o.Code, "192.0.2.7"); err != nil {
		t.Errorf("a quarter of an hour later: %v", err)
	}
}

// Guesses that come at the same instant are counted as well: twenty are tried,
// and no more.
func TestTrackThrottleInParallel(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o, visitor := w.Placed(t).Orders[0], w.Visitor(t)
	var tried, refused atomic.Int32
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i := range 200 {
		wg.Go(func() {
			<-start
			_, err := w.House.Orders.Track(t.Context(), visitor.ID, o.CustomerID, fmt.Sprintf("AAAA%03d", i), "192.0.2.7")
			switch {
			case fault.Is(err, fault.NotFound):
				tried.Add(1)
			case fault.Is(err, fault.TooMany):
				refused.Add(1)
			default:
				t.Errorf("try %d: %v", i, err)
			}
		})
	}
	close(start)
	wg.Wait()
	if tried.Load() != 20 || refused.Load() != 180 {
		t.Errorf("%d were tried, %d refused", tried.Load(), refused.Load())
	}
}

// Codes are told over the telephone: whatever a person makes of one, it is read.
func TestCleanCode(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"ab2cd3e": "AB2CD3E", " AB2 CD3E ": "AB2CD3E", "AB2-CD3E": "AB2CD3E", "ab۲cd۳e": "AB2CD3E", "ab٢cd٣e\u200f": "AB2CD3E",
	} {
		if got := orders.CleanCode(typed); got != want {
			t.Errorf("%q: %q", typed, got)
		}
	}
}
