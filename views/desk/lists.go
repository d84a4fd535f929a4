package desk

import (
	"context"
	"strconv"
	"time"

	"pishkhan/internal/board"
	"pishkhan/internal/customers"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/jalali"
	"pishkhan/internal/payments"
	"pishkhan/internal/seal"
	"pishkhan/views/parts"
)

// SearchPage is what a search has found.
type SearchPage struct {
	Chrome parts.Chrome
	Query  string
	Rows   []Row
}

// IdentitiesPage lists the identity cases that wait for a verdict.
type IdentitiesPage struct {
	Chrome parts.Chrome
	Cases  []customers.Case
	Orders map[int64][]board.OrderRef // by case
	First  string
	Next   string
}

// IdentityPage is one case before its reviewer. The national code is open:
// who shows this page has put that on the record.
type IdentityPage struct {
	Chrome       parts.Chrome
	Case         customers.Case
	NationalCode string
	Orders       []board.OrderRef
	MayDecide    bool
	Reason       string // as typed
	Wrong        []fault.Field
	Refusal      string // why the verdict was not taken, in words
}

// MessagesPage is the outbox.
type MessagesPage struct {
	Chrome  parts.Chrome
	Letters []board.Letter
	Codes   map[int64]seal.Secret // sign-in codes that went nowhere and still work, by message
	Links   map[int64]seal.Secret // of messages that went nowhere, for trying things out, by message
	First   string
	Next    string
}

// PaymentsPage lists what finance must look at.
type PaymentsPage struct {
	Chrome   parts.Chrome
	Attempts []payments.Attempt
	Codes    map[int64][]string // of the orders, by checkout
}

func identityPath(id int64) string { return "/desk/identities/" + strconv.FormatInt(id, 10) }

// verdictKey is the message of how a case stands.
func verdictKey(c customers.Case) string {
	if c.Verdict == "" {
		return "desk.verdict.open"
	}
	return "desk.verdict." + string(c.Verdict)
}

// birth shows a birth date in both calendars, as cards and passports write it.
func birth(ctx context.Context, t time.Time) string {
	persian := i18n.LangOf(ctx).Digits(jalali.FromTime(t).String())
	return i18n.T(ctx, "desk.identity.birth_both", "jalali", persian, "gregorian", i18n.LangOf(ctx).Digits(t.Format(time.DateOnly)))
}
