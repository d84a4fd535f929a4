package desk_test

import (
	"context"
	"log/slog"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"pishkhan/internal/house"
	"pishkhan/internal/orders"
	"pishkhan/internal/queue"
	"pishkhan/internal/testworld"
	"pishkhan/internal/web"
	"pishkhan/internal/web/desk"
)

// large are the tables that grow with the orders: whoever reads one from end
// to end makes everybody wait.
var large = []string{
	"orders", "order_events", "order_clocks", "order_viewers", "clock_holds", "claims", "purchases", "receipts", "identity_cases",
	"customers", "visitors", "quotes", "checkouts", "payment_attempts", "messages", "contact_tasks", "contact_calls",
}

// unplanned are tables that may be read whole all the same, by query, with the reason.
var unplanned = map[string]string{}

// statement is one that the product sent.
type statement struct {
	sql  string
	args []any
}

// listener hears every statement on a pool.
type listener struct {
	mu    sync.Mutex
	heard map[string]statement
}

func (l *listener) hear(sql string, args []any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.heard == nil {
		l.heard = map[string]statement{}
	}
	if _, known := l.heard[sql]; !known {
		l.heard[sql] = statement{sql, slices.Clone(args)}
	}
}

// all are the statements that were heard so far: the house goes on sending.
func (l *listener) all() map[string]statement {
	l.mu.Lock()
	defer l.mu.Unlock()
	return maps.Clone(l.heard)
}

func (l *listener) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	l.hear(data.SQL, data.Args)
	return ctx
}

func (l *listener) TraceBatchStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceBatchStartData) context.Context {
	for _, q := range data.Batch.QueuedQueries {
		l.hear(q.SQL, q.Arguments)
	}
	return ctx
}

func (*listener) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData)     {}
func (*listener) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}
func (*listener) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData)     {}

// mostCost is what a statement may cost at most, in Postgres's own measure: a
// page read in order is 1. A page of fifty orders costs some hundreds, and one
// that reads, sorts or filters a share of all orders costs thousands.
const mostCost = 2500

// costly are statements that may cost more, by their name or a part of them,
// with the reason.
var costly = map[string]string{
	"Standing :one":      "counts what one member holds; the crowd's orders are held by three",
	"Members :many":      "counts what each member holds; the crowd's orders are held by three",
	"OrdersInHand :many": "sorts what one member holds; the crowd's orders are held by three",
	"FROM claims c JOIN orders o ON o.id = c.order_id WHERE o.state IN ('in_progress', 'waiting_customer')": "a page of what one member holds, as above",
	"StaffOn :many":       "asks of each member for one claim; Postgres expects more members than there are",
	"RunningOrders :many": "the board's forecast, up to its cap",
	"StateCounts :one":    "the board's counts, each up to its cap, by indexes alone",
	"HandlingTimes :many": "the newest of each service, up to a cap; Postgres expects more services than there are",
	"OpenClocks :many":    "a dry run of a new calendar judges every open clock, in pieces",
}

// mayCost reports whether a statement is one of the costly.
func mayCost(name string) bool {
	for known := range costly {
		if strings.Contains(name, known) {
			return true
		}
	}
	return false
}

// No page of the desk, and no verb that takes an order, reads a table of
// orders from end to end, or costs what only reading a large share of one
// costs. The queries are those that the pages really send; the plans are those
// that Postgres makes for a large table. With PISHKHAN_PLANS_ORDERS=1000000 it
// is as large as it gets.
func TestNoPageReadsEverything(t *testing.T) {
	if testing.Short() {
		t.Skip("makes many thousands of orders")
	}
	t.Parallel()
	n := 100_000 // with far fewer, Postgres rightly reads all
	if asked := os.Getenv("PISHKHAN_PLANS_ORDERS"); asked != "" {
		var err error
		n, err = strconv.Atoi(asked)
		testworld.Must(t, err)
	}
	w := testworld.New(t)
	w.Many(t, testworld.Crowd{Paid: n * 3 / 10, InProgress: n / 20, Waiting: n / 20, Done: n * 6 / 10})
	heard := &listener{}
	watched := watchedHouse(t, w, heard)
	visitAll(t, w, watched)
	workOnOne(t, w, watched)
	all := heard.all()
	if len(all) < 20 {
		t.Fatalf("only %d statements were heard", len(all))
	}
	for _, sql := range slices.Sorted(maps.Keys(all)) {
		name := nameOf(sql)
		plan, ok := planOf(t, w.House.Pool, all[sql])
		if !ok {
			continue
		}
		for _, scanned := range plan.scans() {
			if _, known := unplanned[name]; !known {
				t.Errorf("%s reads all of %s", name, scanned)
			}
		}
		if plan.Cost > mostCost && !mayCost(name) {
			t.Errorf("%s costs %.0f", name, plan.Cost)
		}
	}
	nextAmongMany(t, w, all)
}

// nextAmongMany looks for the next order of one service, behind a long queue
// of others: what really is read then, is little.
func nextAmongMany(t *testing.T, w *testworld.World, all map[string]statement) {
	t.Helper()
	ctx := t.Context()
	var pick statement
	for sql, s := range all {
		if nameOf(sql) == "PickNextAmong :one" {
			pick = s
		}
	}
	if pick.sql == "" {
		t.Fatal("nobody took the next order of their services")
	}
	tx, err := w.House.Pool.Begin(ctx)
	testworld.Must(t, err)
	defer tx.Rollback(ctx) //nolint:errcheck // nothing is to remain
	_, err = tx.Exec(ctx, "UPDATE orders SET due_at = due_at + interval '1 year' WHERE state = 'paid' AND service_version_id = ANY($1)", pick.args[0])
	testworld.Must(t, err)
	plan := explain(t, tx, "EXPLAIN (ANALYZE, FORMAT JSON) ", pick)
	if plan.Actual != 1 || plan.read() > 3000 {
		t.Errorf("the next of one service reads %.0f rows, and finds %.0f", plan.read(), plan.Actual)
	}
}

// nameOf is what the query is called in its file, or its first line.
func nameOf(sql string) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(sql), "-- name: "), "\n")
	return strings.TrimSpace(first)
}

func watchedHouse(t *testing.T, w *testworld.World, heard *listener) *house.House {
	t.Helper()
	config := w.House.Pool.Config()
	config.ConnConfig.Tracer = heard
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	testworld.Must(t, err)
	t.Cleanup(pool.Close)
	return w.HouseOver(t, pool)
}

// visitAll reads each page that has an address of its own, as somebody who
// may see it, and an order's.
func visitAll(t *testing.T, w *testworld.World, h *house.House) {
	t.Helper()
	app := web.New(web.Config{BaseURL: testworld.BaseURL, Log: slog.New(slog.DiscardHandler)})
	desk.Mount(app, h)
	paths := []string{
		"/desk?view=free", "/desk?view=mine", "/desk?view=hold", "/desk?view=late", "/desk?view=open", "/desk?view=all", "/desk?view=identity",
		"/desk?view=free&after=1790850600000000-50000", "/desk?view=open&after=1790850600000000-50000", "/desk?view=late&after=1790850600000000-50000",
		"/desk/search?q=0999" + "0001234", "/desk/search?q=" + "%D8%B3%D8%A7%D8%B1%D8%A7", "/desk/search?q=steampowered", "/desk/search?q=ABC",
	}
	rows, err := w.House.Orders.Waiting(t.Context(), orders.Standing{}, 1)
	testworld.Must(t, err)
	paths = append(paths, "/desk/orders/"+rows[0].Code)
	for _, r := range app.GetRoutes(true) {
		if r.Method == "GET" && strings.HasPrefix(r.Path, "/desk") && !strings.Contains(r.Path, ":") && r.Path != "/desk/events" && r.Path != "/desk/live" {
			paths = append(paths, r.Path)
		}
	}
	supervisor, finance, admin := signedIn(t, w, app, w.Supervisor), signedIn(t, w, app, w.Finance), signedIn(t, w, app, w.Admin)
	for _, path := range paths {
		for _, b := range []*browser{supervisor, finance, admin} {
			b.get(t, path)
		}
	}
}

// workOnOne takes an order and the next, gives one back and reads the queue
// as a program does.
func workOnOne(t *testing.T, w *testworld.World, h *house.House) {
	t.Helper()
	ctx := t.Context()
	terms, err := h.Queue.Terms(ctx)
	testworld.Must(t, err)
	terms.Cap = 10_000 // the crowd works for three
	testworld.Must(t, h.Queue.SetTerms(ctx, w.Admin, terms))
	first, err := h.Queue.Next(ctx, w.Operator)
	testworld.Must(t, err)
	testworld.Must(t, h.Queue.Release(ctx, w.Operator, first.Code, "for another"))
	list, err := h.Orders.Waiting(ctx, orders.Standing{DueAt: *first.DueAt, ID: first.ID}, 51)
	testworld.Must(t, err)
	testworld.Must(t, h.Queue.SetSkills(ctx, w.Admin, w.Operator2.ID, queue.Skills{Services: []string{"steam-wallet"}}))
	_, err = h.Queue.Next(ctx, w.Operator2)
	testworld.Must(t, err)
	o, err := h.Queue.Claim(ctx, w.Operator, list[7].Code)
	testworld.Must(t, err)
	testworld.Must(t, h.Fulfil.StartPurchase(ctx, w.Operator, o.Code))
	_, err = h.Orders.History(ctx, o.ID)
	testworld.Must(t, err)
}
