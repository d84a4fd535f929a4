package desk_test

import (
	"context"
	"encoding/json"
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
	"pishkhan/internal/testworld"
	"pishkhan/internal/web"
	"pishkhan/internal/web/desk"
)

// large are the tables that grow with the orders: whoever reads one from end
// to end makes everybody wait.
var large = []string{
	"orders", "order_events", "order_clocks", "order_viewers", "clock_holds", "claims", "purchases", "receipts", "identity_cases",
	"customers", "visitors", "quotes", "checkouts", "payment_attempts", "messages", "clock_alarms",
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

func (l *listener) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.heard == nil {
		l.heard = map[string]statement{}
	}
	if _, known := l.heard[data.SQL]; !known {
		l.heard[data.SQL] = statement{data.SQL, slices.Clone(data.Args)}
	}
	return ctx
}

func (*listener) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// all is what was heard so far: the hub goes on talking.
func (l *listener) all() map[string]statement {
	l.mu.Lock()
	defer l.mu.Unlock()
	return maps.Clone(l.heard)
}

// No page of the desk, and no verb that takes an order, reads a table of
// orders from end to end. The queries are those that the pages really send;
// the plans are those that Postgres makes for a large table. With
// PISHKHAN_PLANS_ORDERS=1000000 it is as large as it gets.
func TestNoPageReadsEverything(t *testing.T) {
	if testing.Short() {
		t.Skip("makes a hundred thousand orders")
	}
	t.Parallel()
	n := 100_000
	if asked := os.Getenv("PISHKHAN_PLANS_ORDERS"); asked != "" {
		var err error
		n, err = strconv.Atoi(asked)
		testworld.Must(t, err)
	}
	w := testworld.New(t)
	w.Many(t, testworld.Crowd{Paid: n * 3 / 10, InProgress: n / 20, Waiting: n / 20, Done: n * 6 / 10})
	arm(t, w)
	heard := &listener{}
	watched := watchedHouse(t, w, heard)
	visitAll(t, w, watched)
	workOnOne(t, w, watched)
	sent := heard.all()
	if len(sent) < 20 {
		t.Fatalf("only %d statements were heard", len(sent))
	}
	for _, sql := range slices.Sorted(maps.Keys(sent)) {
		for _, scanned := range scans(t, w.House.Pool, sent[sql]) {
			if _, known := unplanned[nameOf(sql)]; !known {
				t.Errorf("%s reads all of %s", nameOf(sql), scanned)
			}
		}
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

// arm sets the alarms of all clocks that run: some have come, and some were
// worked out by older rules.
func arm(t *testing.T, w *testworld.World) {
	t.Helper()
	_, err := w.House.Pool.Exec(t.Context(), `INSERT INTO clock_alarms (clock_id, order_id, next_at, rules_id)
		SELECT id, order_id, $1::timestamptz + (id % 200 - 1) * interval '1 minute', (id % 300 > 0)::int FROM order_clocks
		WHERE running_since IS NOT NULL AND stopped_at IS NULL ON CONFLICT DO NOTHING`, w.Clock.Now())
	testworld.Must(t, err)
	_, err = w.House.Pool.Exec(t.Context(), "ANALYZE clock_alarms")
	testworld.Must(t, err)
}

// workOnOne takes an order and the next, gives one back and reads the queue
// as a program does; a sweep looks at the deadlines.
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
	o, err := h.Queue.Claim(ctx, w.Operator, list[7].Code)
	testworld.Must(t, err)
	testworld.Must(t, h.Fulfil.StartPurchase(ctx, w.Operator, o.Code))
	_, err = h.Orders.History(ctx, o.ID)
	testworld.Must(t, err)
	looked, err := h.Deadlines.Sweep(ctx)
	testworld.Must(t, err)
	if looked < 200 {
		t.Errorf("the sweep looked at %d orders", looked)
	}
}

// scans are the large tables that a statement reads from end to end.
func scans(t *testing.T, pool *pgxpool.Pool, s statement) []string {
	t.Helper()
	upper := strings.ToUpper(withoutComments(s.sql))
	if !slices.ContainsFunc([]string{"SELECT", "WITH", "INSERT", "UPDATE", "DELETE"}, func(verb string) bool { return strings.HasPrefix(upper, verb) }) {
		return nil
	}
	ctx := t.Context()
	tx, err := pool.Begin(ctx)
	testworld.Must(t, err)
	defer tx.Rollback(ctx) //nolint:errcheck // nothing was done
	var text []byte
	if err := tx.QueryRow(ctx, "EXPLAIN (FORMAT JSON) "+s.sql, s.args...).Scan(&text); err != nil {
		t.Errorf("explain %s: %v", nameOf(s.sql), err)
		return nil
	}
	var plans []struct {
		Plan node `json:"Plan"`
	}
	testworld.Must(t, json.Unmarshal(text, &plans))
	return plans[0].Plan.scans()
}

func withoutComments(sql string) string {
	var lines []string
	for line := range strings.Lines(sql) {
		if !strings.HasPrefix(strings.TrimSpace(line), "--") {
			lines = append(lines, line)
		}
	}
	return strings.TrimSpace(strings.Join(lines, ""))
}

// node is a step of a plan.
type node struct {
	Type     string `json:"Node Type"`
	Relation string `json:"Relation Name"`
	Plans    []node `json:"Plans"`
}

func (n node) scans() []string {
	var found []string
	if n.Type == "Seq Scan" && slices.Contains(large, n.Relation) {
		found = append(found, n.Relation)
	}
	for _, child := range n.Plans {
		found = append(found, child.scans()...)
	}
	return found
}

// The test itself sees a scan when there is one.
func TestScansAreSeen(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	got := scans(t, w.House.Pool, statement{"-- name: All :many\nSELECT o.id FROM orders o JOIN claims c ON true WHERE o.total_rials > $1", []any{5}})
	if !slices.Contains(got, "orders") {
		t.Errorf("saw %v", got)
	}
}
