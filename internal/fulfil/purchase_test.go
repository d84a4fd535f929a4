package fulfil_test

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"pishkhan/internal/audit"
	"pishkhan/internal/db/dbtest"
	"pishkhan/internal/fault"
	"pishkhan/internal/fulfil"
	"pishkhan/internal/orders"
	"pishkhan/internal/testworld"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

var paid = fulfil.Report{Outcome: fulfil.Paid, Amount: "50", Currency: "USD", Reference: "REF-1"}

// A purchase is begun once, whoever presses how often.
func TestStartPurchaseRace(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Claimed(t)
	var began atomic.Int64
	var wg sync.WaitGroup
	for range 30 {
		wg.Go(func() {
			switch err := w.House.Fulfil.StartPurchase(t.Context(), w.Operator, o.Code); {
			case err == nil:
				began.Add(1)
			case !fault.Is(err, fault.Conflict):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if began.Load() != 1 || w.Count(t, "SELECT count(*) FROM purchases") != 1 {
		t.Errorf("%d began, %d on record", began.Load(), w.Count(t, "SELECT count(*) FROM purchases"))
	}
	if n := w.Count(t, "SELECT count(*) FROM order_events WHERE verb = 'purchase_started'"); n != 1 {
		t.Errorf("%d events", n)
	}
	if n := w.Count(t, "SELECT count(*) FROM audit_entries WHERE verb = 'order.purchase_started'"); n != 1 {
		t.Errorf("%d audit entries", n)
	}
}

// The roads that a purchase can take.
func TestPurchase(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	unknown := fulfil.Report{Outcome: fulfil.Unknown, Note: "the page froze"}
	notPaid := fulfil.Report{Outcome: fulfil.NotPaid, Note: "the card was refused"}
	for _, tt := range []struct {
		name    string
		reports []fulfil.Report
		again   bool // may another purchase begin?
		release bool // may the order be given back?
	}{
		{"under way", nil, false, false},
		{"unknown", []fulfil.Report{unknown}, false, false},
		{"unknown, still unknown", []fulfil.Report{unknown, unknown}, false, false},
		{"unknown, then paid", []fulfil.Report{unknown, paid}, false, true},
		{"unknown, then not paid", []fulfil.Report{unknown, notPaid}, true, true},
		{"not paid", []fulfil.Report{notPaid}, true, true},
		{"paid", []fulfil.Report{paid}, false, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o, f := w.Claimed(t), w.House.Fulfil
			testworld.Must(t, f.StartPurchase(t.Context(), w.Operator, o.Code))
			for _, r := range tt.reports {
				testworld.Must(t, f.EndPurchase(t.Context(), w.Operator, o.Code, r))
			}
			if len(tt.reports) > 0 {
				last := tt.reports[len(tt.reports)-1]
				list, err := f.Purchases(t.Context(), o.ID)
				testworld.Must(t, err)
				if len(list) != 1 || list[0].Outcome != last.Outcome || list[0].Note != last.Note || list[0].Reference != last.Reference {
					t.Errorf("%+v, want %+v", list, last)
				}
				if last.Outcome != fulfil.Unknown {
					if err := f.EndPurchase(t.Context(), w.Operator, o.Code, notPaid); !fault.Is(err, fault.Conflict) {
						t.Errorf("a known outcome was changed: %v", err)
					}
				}
			}
			err := f.StartPurchase(t.Context(), w.Operator, o.Code)
			if tt.again != (err == nil) || err != nil && !fault.Is(err, fault.Conflict) {
				t.Errorf("another purchase: %v", err)
			}
			if tt.again { // so that only the first purchase speaks below
				testworld.Must(t, f.EndPurchase(t.Context(), w.Operator, o.Code, notPaid))
			}
			err = w.House.Queue.Release(t.Context(), w.Operator, o.Code, "let somebody else")
			if tt.release != (err == nil) || err != nil && !fault.Is(err, fault.Conflict) {
				t.Errorf("release: %v", err)
			}
		})
	}
}

// What was paid stays with the order: the next who claims it cannot pay again.
func TestPaidIsNotPaidAgain(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o, f := w.Claimed(t), w.House.Fulfil
	testworld.Must(t, f.StartPurchase(t.Context(), w.Operator, o.Code))
	testworld.Must(t, f.EndPurchase(t.Context(), w.Operator, o.Code, paid))
	testworld.Must(t, w.House.Queue.Release(t.Context(), w.Operator, o.Code, "my shift ends"))
	_, err := w.House.Queue.Claim(t.Context(), w.Operator2, o.Code)
	testworld.Must(t, err)
	if err := f.StartPurchase(t.Context(), w.Operator2, o.Code); !fault.Is(err, fault.Conflict) {
		t.Fatalf("paid twice: %v", err)
	}
	testworld.Must(t, f.AddReceipt(t.Context(), w.Operator2, o.Code, "r.pdf", pdf(o)))
	testworld.Must(t, f.Complete(t.Context(), w.Operator2, o.Code, nil))
}

// Only the member who works on the order reports, reveals or adds to it.
func TestOnlyTheClaimant(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	f, ctx := w.House.Fulfil, t.Context()
	acts := map[string]func(audit.Actor, orders.Order) error{
		"start":   func(m audit.Actor, o orders.Order) error { return f.StartPurchase(ctx, m, o.Code) },
		"end":     func(m audit.Actor, o orders.Order) error { return f.EndPurchase(ctx, m, o.Code, paid) },
		"receipt": func(m audit.Actor, o orders.Order) error { return f.AddReceipt(ctx, m, o.Code, "r.pdf", pdf(o)) },
		"remove":  func(m audit.Actor, o orders.Order) error { return f.RemoveReceipt(ctx, m, o.Code, 1) },
		"complete": func(m audit.Actor, o orders.Order) error {
			return f.Complete(ctx, m, o.Code, &paid)
		},
		"reveal": func(m audit.Actor, o orders.Order) error {
			secrets, err := f.Reveal(ctx, m, o.Code, "curious")
			if len(secrets) > 0 {
				t.Error("secrets came along with a refusal")
			}
			return err
		},
	}
	mine, waiting := w.Claimed(t), w.Claimed(t)
	testworld.Must(t, f.StartPurchase(ctx, w.Operator, mine.Code))
	testworld.Must(t, w.House.Queue.Hold(ctx, w.Operator, waiting.Code, "?"))
	for name, act := range acts {
		for _, tt := range []struct {
			who string
			m   audit.Actor
			o   orders.Order
		}{
			{"a colleague", w.Operator2, mine}, {"the supervisor", w.Supervisor, mine},
			{"nobody's order", w.Operator, w.Paid(t)}, {"a finished order", w.Operator, w.Done(t)},
			{"an order on hold", w.Operator, waiting}, {"an unpaid order", w.Operator, w.Placed(t).Orders[0]},
		} {
			before := w.Order(t, tt.o)
			if err := act(tt.m, tt.o); !fault.Is(err, fault.Conflict) {
				t.Errorf("%s, %s: %v", name, tt.who, err)
			}
			if after := w.Order(t, tt.o); after.State != before.State {
				t.Errorf("%s, %s: %s became %s", name, tt.who, before.State, after.State)
			}
		}
		if err := act(w.Operator, orders.Order{Code: "ZZZZZZZ"}); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s, no such order: %v", name, err)
		}
	}
}

// What is wrong with a report is told field by field, and nothing is written.
func TestReportRefusals(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o, f := w.Claimed(t), w.House.Fulfil
	testworld.Must(t, f.StartPurchase(t.Context(), w.Operator, o.Code))
	for name, tt := range map[string]struct {
		r     fulfil.Report
		field string
	}{
		"no outcome":      {fulfil.Report{}, "outcome"},
		"another outcome": {fulfil.Report{Outcome: "perhaps"}, "outcome"},
		"no amount":       {fulfil.Report{Outcome: fulfil.Paid, Currency: "USD"}, "charged_amount"},
		"nothing":         {fulfil.Report{Outcome: fulfil.Paid, Amount: "0", Currency: "USD"}, "charged_amount"},
		"negative":        {fulfil.Report{Outcome: fulfil.Paid, Amount: "-5", Currency: "USD"}, "charged_amount"},
		"letters":         {fulfil.Report{Outcome: fulfil.Paid, Amount: "fifty", Currency: "USD"}, "charged_amount"},
		"currency":        {fulfil.Report{Outcome: fulfil.Paid, Amount: "5", Currency: "ZZZ"}, "charged_currency"},
		"no note":         {fulfil.Report{Outcome: fulfil.Unknown, Note: " \n"}, "note"},
		"long note":       {fulfil.Report{Outcome: fulfil.NotPaid, Note: strings.Repeat("آ", 1001)}, "note"},
		"long reference":  {fulfil.Report{Outcome: fulfil.NotPaid, Reference: strings.Repeat("آ", 201)}, "reference"},
	} {
		for verb, err := range map[string]error{
			"end":      f.EndPurchase(t.Context(), w.Operator, o.Code, tt.r),
			"complete": f.Complete(t.Context(), w.Operator, o.Code, &tt.r),
		} {
			got := fault.Of(err)
			if got == nil || got.Kind != fault.Invalid || len(got.Fields) != 1 || got.Fields[0].Name != tt.field {
				t.Errorf("%s, %s: %v, want field %s", name, verb, err, tt.field)
			}
		}
	}
	if list, err := f.Purchases(t.Context(), o.ID); err != nil || len(list) != 1 || list[0].Outcome != "" {
		t.Errorf("%+v, %v", list, err)
	}
}
