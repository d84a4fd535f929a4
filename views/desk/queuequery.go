package desk

import (
	"context"
	"net/url"
	"time"

	"pishkhan/internal/board"
	"pishkhan/internal/i18n"
	"pishkhan/internal/orders"
	"pishkhan/internal/staff"
	"pishkhan/views/parts"
)

// Ages are how long orders may have waited at least, by their name in
// addresses.
var Ages = map[string]time.Duration{"30m": 30 * time.Minute, "1h": time.Hour, "2h": 2 * time.Hour, "1d": 24 * time.Hour, "3d": 72 * time.Hour}

var ageNames = []string{"30m", "1h", "2h", "1d", "3d"}

// QueueQuery is what the page's address asks of the queue, as it was typed.
type QueueQuery struct {
	View    board.View
	Sort    board.Sort
	Service string // slug
	Family  string
	State   orders.State
	Least   string // in tomans
	Most    string
	Tier    string
	Age     string // of Ages
	Holder  string // a member's id
}

// Encode is the query of the page's address; what is not asked is left out.
func (q QueueQuery) Encode() string {
	values := url.Values{"view": {string(q.View)}}
	if q.Sort != board.ByDue {
		values.Set("sort", string(q.Sort))
	}
	for name, value := range q.filters() {
		if value != "" {
			values.Set(name, value)
		}
	}
	return values.Encode()
}

func (q QueueQuery) filters() map[string]string {
	return map[string]string{
		"service": q.Service, "family": q.Family, "state": string(q.State), "min": q.Least, "max": q.Most,
		"tier": q.Tier, "age": q.Age, "who": q.Holder,
	}
}

// Path is the page's address.
func (q QueueQuery) Path() string { return "/desk?" + q.Encode() }

// with is the page with another view.
func (q QueueQuery) with(view board.View) string {
	q.View = view
	return q.Path()
}

// active is how many filters are set.
func (q QueueQuery) active() int {
	n := 0
	for _, value := range q.filters() {
		if value != "" {
			n++
		}
	}
	return n
}

// Narrow reports whether any filter is set.
func (q QueueQuery) Narrow() bool { return q.active() > 0 }

// cleared is the page without filters.
func (q QueueQuery) cleared() string { return QueueQuery{View: q.View, Sort: q.Sort}.Path() }

// QueueChoices are what the filters offer.
type QueueChoices struct {
	Services, Families, Tiers, Members []parts.Option
}

// QueuePage is one view of the queue.
type QueuePage struct {
	Chrome  parts.Chrome
	Query   QueueQuery
	Me      int64
	Counts  map[board.View]int
	Rows    []Row
	First   string // address of the list's beginning; "" when this is it
	Next    string // address of what follows; "" at the end
	MayTake bool
	Read    time.Time // when the rows were read
	Notice  string    // words above the list
	Opens   time.Time
	IsOpen  bool // it is working time
	Look    staff.QueueLook
	Saved   []staff.QueueView
	Filters *QueueChoices // nil: the filters are not open

	Warnings Warnings
}

func stateOptions(ctx context.Context) []parts.Option {
	var options []parts.Option
	for _, state := range []orders.State{orders.Paid, orders.InProgress, orders.WaitingCustomer} {
		options = append(options, parts.Option{Value: string(state), Label: i18n.T(ctx, "state."+string(state))})
	}
	return options
}

func placedOptions(ctx context.Context) []parts.Option {
	var options []parts.Option
	for _, age := range ageNames {
		options = append(options, parts.Option{Value: age, Label: i18n.T(ctx, "list.age."+age)})
	}
	return options
}

func sortOptions(ctx context.Context) []parts.Option {
	var options []parts.Option
	for _, sort := range board.Sorts {
		options = append(options, parts.Option{Value: string(sort), Label: i18n.T(ctx, "list.sort."+string(sort))})
	}
	return options
}

// columnName is what a column's head says.
func columnName(ctx context.Context, column string) string {
	if key := "list.col." + column; i18n.LangOf(ctx).Has(key) {
		return i18n.T(ctx, key)
	}
	return i18n.T(ctx, "desk.col."+column)
}
