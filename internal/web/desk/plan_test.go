package desk_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"pishkhan/internal/testworld"
)

// node is a step of a plan.
type node struct {
	Type     string  `json:"Node Type"`
	Relation string  `json:"Relation Name"`
	Cost     float64 `json:"Total Cost"`
	Rows     float64 `json:"Plan Rows"`
	Actual   float64 `json:"Actual Rows"`
	Loops    float64 `json:"Actual Loops"`
	Removed  float64 `json:"Rows Removed by Filter"`
	Plans    []node  `json:"Plans"`
}

// planOf is how Postgres would carry a statement out; a command has no plan.
func planOf(t *testing.T, pool *pgxpool.Pool, s statement) (node, bool) {
	t.Helper()
	upper := strings.ToUpper(withoutComments(s.sql))
	if !slices.ContainsFunc([]string{"SELECT", "WITH", "INSERT", "UPDATE", "DELETE"}, func(verb string) bool { return strings.HasPrefix(upper, verb) }) {
		return node{}, false
	}
	tx, err := pool.Begin(t.Context())
	testworld.Must(t, err)
	defer tx.Rollback(t.Context()) //nolint:errcheck // nothing was done
	return explain(t, tx, "EXPLAIN (FORMAT JSON) ", s), true
}

func explain(t *testing.T, tx pgx.Tx, how string, s statement) node {
	t.Helper()
	var text []byte
	if err := tx.QueryRow(t.Context(), how+s.sql, s.args...).Scan(&text); err != nil {
		t.Errorf("explain %s: %v", nameOf(s.sql), err)
		return node{}
	}
	var plans []struct {
		Plan node `json:"Plan"`
	}
	testworld.Must(t, json.Unmarshal(text, &plans))
	return plans[0].Plan
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

// scans are the large tables that are read from end to end.
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

// read is how many rows were touched in all, where the plan was carried out.
func (n node) read() float64 {
	rows := (n.Actual + n.Removed) * n.Loops
	for _, child := range n.Plans {
		rows += child.read()
	}
	return rows
}

// The test itself sees a scan when there is one.
func TestScansAreSeen(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	plan, ok := planOf(t, w.House.Pool, statement{"-- name: All :many\nSELECT o.id FROM orders o JOIN claims c ON true WHERE o.total_rials > $1", []any{5}})
	if got := plan.scans(); !ok || !slices.Contains(got, "orders") || plan.Cost == 0 {
		t.Errorf("saw %v at %.0f", got, plan.Cost)
	}
}
