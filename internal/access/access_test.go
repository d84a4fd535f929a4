package access_test

import (
	"testing"

	"pishkhan/internal/access"
	"pishkhan/internal/audit"
	"pishkhan/internal/fault"
)

// who is trusted with what, written down a second time: a change of the
// policy has to be meant.
var matrix = map[access.Permission][]audit.Role{
	access.EnterDesk:        {audit.Operator, audit.Reviewer, audit.Finance, audit.Supervisor, audit.Admin, audit.Auditor},
	access.SeeQueue:         {audit.Operator, audit.Reviewer, audit.Finance, audit.Supervisor, audit.Admin, audit.Auditor},
	access.SeeOrder:         {audit.Operator, audit.Reviewer, audit.Finance, audit.Supervisor, audit.Admin, audit.Auditor},
	access.ClaimOrder:       {audit.Operator, audit.Supervisor},
	access.WorkOnOrder:      {audit.Operator, audit.Supervisor},
	access.RevealCredential: {audit.Operator, audit.Supervisor},
	access.CloseContact:     {audit.Operator, audit.Reviewer, audit.Supervisor},
	access.SeeIdentity:      {audit.Reviewer, audit.Supervisor},
	access.DecideIdentity:   {audit.Reviewer},
	access.SeePayments:      {audit.Finance, audit.Supervisor, audit.Auditor},
	access.SeeMessages:      {audit.Operator, audit.Supervisor, audit.Auditor},
	access.SeeCatalog:       {audit.Operator, audit.Reviewer, audit.Finance, audit.Supervisor, audit.Admin, audit.Auditor},
	access.EditCatalog:      {audit.Supervisor, audit.Admin},
	access.SeePrices:        {audit.Finance, audit.Supervisor, audit.Auditor},
	access.SetRates:         {audit.Finance},
	access.EditTariff:       {audit.Finance},
	access.SeeCampaigns:     {audit.Finance, audit.Supervisor, audit.Auditor},
	access.RunCampaigns:     {audit.Finance, audit.Supervisor},
	access.SeeClients:       {audit.Admin, audit.Auditor},
	access.ManageClients:    {audit.Admin},
	access.ReopenOrder:      {audit.Supervisor},
	access.ExtendOrder:      {audit.Operator, audit.Supervisor},
	access.ExtendAnyOrder:   {audit.Supervisor},
	access.SeeCalendar:      {audit.Operator, audit.Reviewer, audit.Finance, audit.Supervisor, audit.Admin, audit.Auditor},
	access.EditCalendar:     {audit.Supervisor, audit.Admin},
	access.ManageAlerts:     {audit.Supervisor, audit.Admin},
	access.SeeBoard:         {audit.Supervisor, audit.Admin, audit.Auditor},
	access.SetTarget:        {audit.Supervisor, audit.Admin},
	access.IssueTokens:      {audit.Operator, audit.Reviewer, audit.Finance, audit.Supervisor, audit.Admin, audit.Auditor},
	access.ManageTokens:     {audit.Admin},
	access.HandOverOrder:    {audit.Operator, audit.Supervisor},
	access.StealOrder:       {audit.Supervisor},
	access.PutBackOrder:     {audit.Supervisor},
	access.SetPresence:      {audit.Operator, audit.Supervisor},
	access.SeeStaff:         {audit.Supervisor, audit.Admin, audit.Auditor},
	access.ManageQueue:      {audit.Supervisor},
	access.CancelOrder:      {audit.Operator, audit.Supervisor},
	access.CancelAnyOrder:   {audit.Supervisor},
	access.WriteNotes:       {audit.Operator, audit.Reviewer, audit.Finance, audit.Supervisor},
	access.AttachFiles:      {audit.Operator, audit.Reviewer, audit.Finance, audit.Supervisor},
	access.RemoveAnyFile:    {audit.Supervisor},
	access.AskRefund:        {audit.Operator, audit.Finance, audit.Supervisor},
	access.SeeRefunds:       {audit.Finance, audit.Supervisor, audit.Admin, audit.Auditor},
	access.ApproveRefund:    {audit.Finance},
	access.SendRefund:       {audit.Finance},
	access.SetRefundLimit:   {audit.Admin},
}

func TestMatrix(t *testing.T) {
	t.Parallel()
	policy := load(t)
	for _, permission := range access.Permissions {
		if _, ok := matrix[permission]; !ok {
			t.Errorf("nobody decided who has %s", permission)
		}
	}
	for _, role := range []audit.Role{audit.Operator, audit.Reviewer, audit.Finance, audit.Supervisor, audit.Admin, audit.Auditor} {
		actor := audit.Actor{Kind: audit.Staff, ID: 1, Roles: []audit.Role{role}}
		for permission, trusted := range matrix {
			want := (audit.Actor{Roles: trusted}).Has(role)
			if got := policy.Allows(actor, permission); got != want {
				t.Errorf("%s, %s: %v", role, permission, got)
			}
			if err := policy.Check(actor, permission); want != (err == nil) || err != nil && !fault.Is(err, fault.Forbidden) {
				t.Errorf("%s, %s: %v", role, permission, err)
			}
		}
	}
}

// Roles add up; without one, with one that does not exist, or without being
// of the staff at all, nobody may anything.
func TestNobody(t *testing.T) {
	t.Parallel()
	policy := load(t)
	both := audit.Actor{Kind: audit.Staff, Roles: []audit.Role{audit.Finance, audit.Operator}}
	if !policy.Allows(both, access.SeePayments) || !policy.Allows(both, access.ClaimOrder) {
		t.Error("two roles are less than each")
	}
	for name, actor := range map[string]audit.Actor{
		"no role":       {Kind: audit.Staff},
		"no such role":  {Kind: audit.Staff, Roles: []audit.Role{"king", "staff", ""}},
		"a customer":    {Kind: audit.Customer, Roles: []audit.Role{audit.Admin, audit.Operator}},
		"the system":    audit.Machine,
		"nobody at all": {},
	} {
		for _, permission := range append(access.Permissions, "", "order.fly") {
			if policy.Allows(actor, permission) {
				t.Errorf("%s may %q", name, permission)
			}
		}
	}
	if policy.Allows(both, "order.fly") {
		t.Error("a permission that does not exist is granted")
	}
}

func load(t *testing.T) *access.Policy {
	t.Helper()
	policy, err := access.Load()
	if err != nil {
		t.Fatal(err)
	}
	return policy
}
