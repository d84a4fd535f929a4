// Package access says what each role may do. It is the only user of Casbin;
// the policy is part of the program, and the roles of a person are read from
// the database on each request. What somebody owns is checked in SQL, not here.
package access

import (
	_ "embed"
	"fmt"

	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"
	stringadapter "github.com/casbin/casbin/v2/persist/string-adapter"

	"pishkhan/internal/audit"
	"pishkhan/internal/fault"
)

// Permission is something that a person may or may not do.
type Permission string

// The permissions.
const (
	EnterDesk        Permission = "desk.enter"
	SeeQueue         Permission = "queue.see"
	SeeOrder         Permission = "order.see"
	ClaimOrder       Permission = "order.claim"
	WorkOnOrder      Permission = "order.work"
	RevealCredential Permission = "credential.reveal"
	CloseContact     Permission = "contact.close"
	SeeIdentity      Permission = "identity.see"
	DecideIdentity   Permission = "identity.decide"
	SeePayments      Permission = "payment.see"
	SeeMessages      Permission = "message.see"
	SeeCatalog       Permission = "catalog.see"
	EditCatalog      Permission = "catalog.edit"
	SeePrices        Permission = "price.see" // rates, fees and discounts
	SetRates         Permission = "rate.set"
	EditTariff       Permission = "tariff.edit"
	SeeCampaigns     Permission = "campaign.see"
	RunCampaigns     Permission = "campaign.run"
	SeeClients       Permission = "client.see" // shop fronts of others, with their keys and webhooks
	ManageClients    Permission = "client.manage"
	ReopenOrder      Permission = "order.reopen"
	ExtendOrder      Permission = "order.extend"     // a new promised time, agreed with the customer, for what they hold
	ExtendAnyOrder   Permission = "order.extend_any" // and for what colleagues hold, or nobody
	SeeCalendar      Permission = "calendar.see"
	EditCalendar     Permission = "calendar.edit"
	ManageAlerts     Permission = "alerts.manage" // when warnings come, and to whom
	SeeBoard         Permission = "board.see"     // the supervisors' board, its exports and its summary
	SetTarget        Permission = "board.target"
	IssueTokens      Permission = "token.issue"  // for programs of their own
	ManageTokens     Permission = "token.manage" // and see and revoke everybody's

	HandOverOrder  Permission = "order.hand_over"  // what they hold, to a colleague
	StealOrder     Permission = "order.steal"      // take, or hand over, what a colleague holds
	PutBackOrder   Permission = "order.put_back"   // give back to the queue what a colleague holds
	SetPresence    Permission = "presence.set"     // whether one takes orders
	SeeStaff       Permission = "staff.see"        // who is here, and what they work on
	ManageQueue    Permission = "queue.manage"     // what people work on, and how much at once
	CancelOrder    Permission = "order.cancel"     // paid orders that they hold
	CancelAnyOrder Permission = "order.cancel_any" // and any other, also over a purchase, with a reason
	WriteNotes     Permission = "order.note"       // for colleagues
	AttachFiles    Permission = "order.attach"     // to orders, for colleagues, and open theirs
	RemoveAnyFile  Permission = "order.unattach"   // of colleagues, or of the customer
	AskRefund      Permission = "refund.ask"
	SeeRefunds     Permission = "refund.see"
	ApproveRefund  Permission = "refund.approve" // or refuse
	SendRefund     Permission = "refund.send"
	SetRefundLimit Permission = "refund.limit" // above which two people are needed
)

//go:embed model.conf
var modelText string

//go:embed policy.csv
var policyText string

// Policy says what each role may do. It does not change while the program runs.
type Policy struct {
	allowed map[audit.Role]map[Permission]bool
}

// Load reads the policy that is part of the program. Every role and
// permission is asked of Casbin once: requests only look the answer up.
func Load() (*Policy, error) {
	m, err := model.NewModelFromString(modelText)
	if err != nil {
		return nil, fmt.Errorf("access model: %w", err)
	}
	enforcer, err := casbin.NewEnforcer(m, stringadapter.NewAdapter(policyText))
	if err != nil {
		return nil, fmt.Errorf("access policy: %w", err)
	}
	p := &Policy{allowed: map[audit.Role]map[Permission]bool{}}
	for _, role := range []audit.Role{audit.Operator, audit.Reviewer, audit.Finance, audit.Supervisor, audit.Admin, audit.Auditor} {
		p.allowed[role] = map[Permission]bool{}
		for _, permission := range Permissions {
			ok, err := enforcer.Enforce(string(role), string(permission))
			if err != nil {
				return nil, fmt.Errorf("access of %s to %s: %w", role, permission, err)
			}
			p.allowed[role][permission] = ok
		}
	}
	return p, nil
}

// Permissions lists all permissions.
var Permissions = []Permission{
	EnterDesk, SeeQueue, SeeOrder, ClaimOrder, WorkOnOrder, RevealCredential, CloseContact,
	SeeIdentity, DecideIdentity, SeePayments, SeeMessages,
	SeeCatalog, EditCatalog, SeePrices, SetRates, EditTariff, SeeCampaigns, RunCampaigns, SeeClients, ManageClients,
	ReopenOrder, ExtendOrder, ExtendAnyOrder, SeeCalendar, EditCalendar, ManageAlerts,
	SeeBoard, SetTarget,
	IssueTokens, ManageTokens,
	HandOverOrder, StealOrder, PutBackOrder, SetPresence, SeeStaff, ManageQueue,
	CancelOrder, CancelAnyOrder, WriteNotes, AttachFiles, RemoveAnyFile, AskRefund, SeeRefunds, ApproveRefund, SendRefund, SetRefundLimit,
}

// Allows reports whether the actor may.
func (p *Policy) Allows(a audit.Actor, permission Permission) bool {
	if a.Kind != audit.Staff {
		return false
	}
	for _, role := range a.Roles {
		if p.allowed[role][permission] {
			return true
		}
	}
	return false
}

// Check returns Forbidden when the actor may not.
func (p *Policy) Check(a audit.Actor, permission Permission) error {
	if !p.Allows(a, permission) {
		return fault.New(fault.Forbidden, "access.error.forbidden")
	}
	return nil
}
