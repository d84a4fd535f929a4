package e2e_test

import (
	"maps"
	"net/http"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// Killed without a warning, the program comes up again with the same people
// and orders; another one beside it does not mind, and two never share a folder.
func TestUpAfterAKillAndBesideAnother(t *testing.T) {
	i := up(t)
	wantPage(t, i.base+"/")
	people, orders := maps.Clone(i.passwords), i.rows(`SELECT code || state FROM orders ORDER BY id`)
	if len(orders) < 50 || len(people) != 9 {
		t.Errorf("%d orders and %d people", len(orders), len(people))
	}
	for _, state := range []string{
		"awaiting_payment", "awaiting_kyc", "paid", "in_progress", "waiting_customer", "done", "cancelled", "expired",
	} {
		if n := len(i.rows(`SELECT code FROM orders WHERE state = $1`, state)); n < 3 {
			t.Errorf("%d sample orders are %s, want at least 3", n, state)
		}
	}
	second := exec.Command(program, "up", "--data", i.dir, "--addr", "127.0.0.1:0")
	if out, err := second.CombinedOutput(); err == nil || !strings.Contains(string(out), "already") {
		t.Errorf("a second one on the same folder: %v\n%s", err, out)
	}
	beside := up(t)
	wantPage(t, beside.base+"/desk/sign-in")

	i.kill()
	i.start()
	wantPage(t, i.base+"/")
	if !maps.Equal(people, i.passwords) {
		t.Error("the demo's passwords have changed")
	}
	if again := i.rows(`SELECT code || state FROM orders ORDER BY id`); !slices.Equal(orders, again) {
		t.Errorf("the orders have changed:\n%v\n%v", orders, again)
	}
}

func wantPage(t *testing.T, url string) {
	t.Helper()
	answer, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Errorf("%s: %s", url, answer.Status)
	}
}
