package desk_test

import (
	"net/http"
	"testing"

	"pishkhan/internal/orders"
	"pishkhan/internal/testworld"
)

// A deed that is done is answered as done, though its draft cannot be dropped:
// else it would be done again.
func TestADeedIsDoneWhateverBecomesOfItsDraft(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	asked, skipped := w.Claimed(t), w.Claimed(t)
	b := signedIn(t, w, newApp(w), w.Operator)
	_, err := w.House.Pool.Exec(t.Context(), "ALTER TABLE order_drafts RENAME TO order_drafts_away")
	testworld.Must(t, err)
	b.post(t, "/desk/orders/"+asked.Code+"/hold", "question", "which page?").leadsTo(t, "/desk/orders/"+asked.Code)
	b.post(t, "/desk/orders/"+skipped.Code+"/skip", "skip_reason", "the site is down").leadsTo(t, "/desk")
	if q, s := w.Order(t, asked).State, w.Order(t, skipped).State; q != orders.WaitingCustomer || s != orders.Paid {
		t.Errorf("the orders are %s and %s", q, s)
	}
}

// What was typed about a purchase that ended elsewhere is not what the next one cost.
func TestANewPurchaseBeginsWithoutTheWordsOfTheLast(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	path := "/desk/orders/" + w.Claimed(t).Code
	b := signedIn(t, w, newApp(w), w.Operator)
	b.post(t, path+"/drafts", "charged_amount", "49.90", "reference", "ORD-1").must(t, http.StatusNoContent)
	b.post(t, path+"/purchase").leadsTo(t, path)
	for _, field := range []string{"charged_amount", "reference"} {
		if got := b.get(t, path).Find("[name="+field+"]").AttrOr("value", ""); got != "" {
			t.Errorf("%s begins with %q", field, got)
		}
	}
}
