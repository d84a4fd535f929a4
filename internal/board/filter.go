package board

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"pishkhan/internal/money"
	"pishkhan/internal/orders"
)

// View is one way to look at the queue.
type View string

// The views.
const (
	Free     View = "free"     // waits to be claimed
	Mine     View = "mine"     // claimed by the reader
	OnHold   View = "hold"     // waits for its customer
	Late     View = "late"     // its due time has passed, and its clock runs
	Unproven View = "identity" // paid, and waits for its customer's identity
	Open     View = "open"     // everything that staff can work on
)

// Views lists all views in the order in which a page offers them.
var Views = []View{Free, Mine, OnHold, Late, Unproven, Open}

// Sort is the order of a list.
type Sort string

// The orders of a list.
const (
	ByDue    Sort = "due"    // the earliest due first; those that wait for an identity by when they were paid
	ByPlaced Sort = "placed" // the oldest first
	ByAmount Sort = "amount" // the largest first
)

// Sorts lists them in the order in which a page offers them.
var Sorts = []Sort{ByDue, ByPlaced, ByAmount}

// Filter says which orders a list shows, in which order.
type Filter struct {
	View     View
	Sort     Sort
	Member   int64         // the reader, for Mine
	Versions []int64       // of services; nil: any
	State    orders.State  // "": any
	Least    money.Rials   // 0: no bound
	Most     money.Rials   // 0: no bound
	Tier     string        // of the customer in the club; "": any
	Age      time.Duration // placed at least so long ago; 0: no bound
	Holder   int64         // who has claimed it; 0: anybody or nobody
}

// Narrow reports whether it leaves out some of its view.
func (f Filter) Narrow() bool {
	return f.Versions != nil || f.State != "" || f.Least > 0 || f.Most > 0 || f.Tier != "" || f.Age > 0 || f.Holder != 0
}

// Fits reports whether an order, as it stands, is one of the list's.
func (f Filter) Fits(r Row, now time.Time) bool {
	states := viewStates[f.View]
	switch f.View {
	case Mine:
		if r.HolderID != f.Member {
			return false
		}
	case Late:
		if r.Time.Due.IsZero() || !r.Time.Due.Before(now) {
			return false
		}
	}
	return slices.Contains(states, r.State) &&
		(f.Versions == nil || slices.Contains(f.Versions, r.ServiceVersionID)) &&
		(f.State == "" || r.State == f.State) &&
		(f.Least == 0 || r.Total >= f.Least) && (f.Most == 0 || r.Total <= f.Most) &&
		(f.Tier == "" || r.Tier == f.Tier) &&
		(f.Age == 0 || !r.PlacedAt.After(now.Add(-f.Age))) &&
		(f.Holder == 0 || r.HolderID == f.Holder)
}

var open = []orders.State{orders.Paid, orders.InProgress, orders.WaitingCustomer}

var viewStates = map[View][]orders.State{
	Free: {orders.Paid}, Mine: {orders.InProgress, orders.WaitingCustomer}, OnHold: {orders.WaitingCustomer},
	Late: {orders.Paid, orders.InProgress}, Unproven: {orders.AwaitingKYC}, Open: open,
}

// scanned is how many orders of a view a filter looks through for one page.
const scanned = 10_000

// statement is the query for a page's ids. The states are literals, so that
// the planner can see which of the indexes of open work holds them all; the
// first one it reads is in the list's order, and never further than scanned.
type statement struct {
	conditions, filters []string
	args                []any
}

func (s *statement) arg(value any) string {
	s.args = append(s.args, value)
	return fmt.Sprintf("$%d", len(s.args))
}

func (s *statement) only(format string, values ...any) {
	s.conditions = append(s.conditions, s.fill(format, values))
}

func (s *statement) fits(format string, values ...any) {
	s.filters = append(s.filters, s.fill(format, values))
}

func (s *statement) fill(format string, values []any) string {
	names := make([]any, len(values))
	for i, value := range values {
		names[i] = s.arg(value)
	}
	return fmt.Sprintf(format, names...)
}

// key is what a list is sorted by.
func (f Filter) key() (column, direction string) {
	switch {
	case f.Sort == ByAmount:
		return "o.total_rials", "DESC"
	case f.Sort == ByPlaced:
		return "o.placed_at", "ASC"
	case f.View == Unproven:
		return "o.state_since", "ASC"
	}
	return "o.due_at", "ASC"
}

func (f Filter) statement(now time.Time, after After) (string, []any) {
	var s statement
	names := make([]string, len(viewStates[f.View]))
	for i, state := range viewStates[f.View] {
		names[i] = "'" + string(state) + "'"
	}
	s.only("o.state IN (" + strings.Join(names, ", ") + ")")
	from := "orders o"
	if f.View == Mine || f.Holder != 0 {
		from = "claims c JOIN orders o ON o.id = c.order_id"
		s.only("c.ended_at IS NULL")
	}
	if f.View == Mine {
		s.only("c.member_id = %s", f.Member)
	}
	if f.Holder != 0 {
		s.only("c.member_id = %s", f.Holder)
	}
	if f.View == Late {
		s.only("o.due_at < %s", now)
	}
	column, direction := f.key()
	if after.ID != 0 {
		than := ">"
		if direction == "DESC" {
			than = "<"
		}
		s.only("("+column+", o.id) "+than+" (%s, %s)", after.value(f), int64(after.ID))
	}
	f.narrow(&s, now)
	fits := "true"
	if len(s.filters) > 0 {
		fits = strings.Join(s.filters, " AND ")
	}
	order := column + " " + direction + ", o.id " + direction
	most := PageSize + 1
	if len(s.filters) > 0 {
		most = scanned
	}
	inner := "SELECT o.id, o.total_rials, o.due_at, o.placed_at, o.state_since, " + fits + " AS fits, row_number() OVER (ORDER BY " + order + ") AS n FROM " + from +
		" WHERE " + strings.Join(s.conditions, " AND ") + " ORDER BY " + order
	return fmt.Sprintf("SELECT o.id, o.fits, o.total_rials, o.due_at, o.placed_at, o.state_since FROM (%s LIMIT %d) o WHERE o.fits OR o.n = %d ORDER BY o.n LIMIT %d",
		inner, most, scanned, PageSize+1), s.args
}

func (f Filter) narrow(s *statement, now time.Time) {
	if f.Versions != nil {
		s.fits("o.service_version_id = ANY(%s)", f.Versions)
	}
	if f.State != "" {
		s.fits("o.state = %s", string(f.State))
	}
	if f.Least > 0 {
		s.fits("o.total_rials >= %s", int64(f.Least))
	}
	if f.Most > 0 {
		s.fits("o.total_rials <= %s", int64(f.Most))
	}
	if f.Age > 0 {
		s.fits("o.placed_at <= %s", now.Add(-f.Age))
	}
	if f.Tier != "" {
		s.fits("EXISTS (SELECT FROM club_standings t WHERE t.customer_id = o.customer_id AND t.tier = %s)", f.Tier)
	}
}
