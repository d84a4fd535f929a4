package desk

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/orders"
	"pishkhan/internal/queue"
	"pishkhan/views/parts"
)

// CanHandOver reports whether the reader can give the order to a colleague.
func (p OrderPage) CanHandOver() bool {
	return p.Row.HolderID != 0 && !p.PurchaseOpen() && (p.Mine() && p.May.HandOver || p.May.Steal)
}

// CanSteal reports whether the reader can take the order from a colleague.
func (p OrderPage) CanSteal() bool { return p.May.Steal && p.Row.HolderID != 0 && !p.Mine() }

// CanPutBack reports whether the reader can give a colleague's order back.
func (p OrderPage) CanPutBack() bool {
	return p.May.PutBack && p.Row.HolderID != 0 && !p.Mine() && p.Order.State == orders.InProgress
}

// CanSkip reports whether the reader's Next can pass over the order.
func (p OrderPage) CanSkip() bool {
	return p.Mine() && p.May.Work && p.Order.State == orders.InProgress && !p.PurchaseOpen()
}

// ableOptions are the colleagues who may take the order over, the least busy first.
func ableOptions(ctx context.Context, people []queue.Person) []parts.Option {
	options := []parts.Option{{Label: i18n.T(ctx, "hands.choose")}}
	for _, p := range people {
		options = append(options, parts.Option{
			Value: strconv.FormatInt(p.ID, 10), Label: i18n.T(ctx, "hands.able", "name", p.Name, "open", p.Open, "cap", p.Cap),
		})
	}
	return options
}

func takeTitle(ctx context.Context, p OrderPage, key string) string {
	return i18n.T(ctx, key, "code", p.Order.Code, "amount", p.Quote.Amount, "name", p.Row.HolderName)
}

// AwayPage asks what becomes of the orders of somebody who goes away.
type AwayPage struct {
	Chrome  parts.Chrome
	Back    string
	Claims  []queue.OpenClaim
	Names   map[string]string // of the services, by the order's code
	Able    []queue.Person
	Do      string
	To      string
	Reason  string
	Wrong   []fault.Field
	Refusal string
}

// BulkPage is what became of many orders.
type BulkPage struct {
	Chrome  parts.Chrome
	Back    string
	Done    []string
	Refused []Refused
	Unsure  []string          // where an outage stopped it: done or not
	Untried []string          // after it
	Again   map[string]string // the fields of the deed, to do it to what was not tried
	Refusal string            // why nothing was done, or not all
}

// Refused is one order of many that a deed was refused for.
type Refused struct{ Code, Why string }

// StaffPage is who is here, and how the queue hands work out.
type StaffPage struct {
	Chrome   parts.Chrome
	People   []queue.Person
	Terms    queue.Terms
	Services []parts.Option
	Typed    map[string]string // of a refused form
	Wrong    []fault.Field
	Manages  bool
	Roles    func(queue.Person) string
	Skills   func(queue.Person) string
}

// PersonPage is what somebody works on, and how much at once.
type PersonPage struct {
	Chrome         parts.Chrome
	Person         queue.Person
	Services       []parts.Option
	Families       []parts.Option
	Chosen         []string // services
	ChosenFamilies []string // families
	Cap            string
	HouseCap       int
	Wrong          []fault.Field
	Manages        bool
}

// StaffPath is the address of somebody's skills.
func StaffPath(id int64) string { return "/desk/staff/" + strconv.FormatInt(id, 10) }

// wrongLease reports whether a service's own lease was refused.
func (p StaffPage) wrongLease() bool {
	return slices.ContainsFunc(p.Wrong, func(f fault.Field) bool { return strings.HasPrefix(f.Name, "lease.") })
}
