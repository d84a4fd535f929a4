package bulk

import (
	"testing"
	"testing/synctest"
	"time"

	"pishkhan/internal/catalog"
)

// A third file waits for one of two. Not parallel: the bubble has the
// semaphore to itself.
func TestTwoFilesAtOnce(t *testing.T) {
	all, err := catalog.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		if err := checking.Acquire(t.Context(), 2); err != nil {
			t.Fatal(err)
		}
		done := false
		go func() {
			_, _ = Check(nil, all[0], time.Now())
			done = true
		}()
		synctest.Wait()
		if done {
			t.Error("it did not wait")
		}
		checking.Release(2)
		synctest.Wait()
		if !done {
			t.Error("it waits still")
		}
	})
}
