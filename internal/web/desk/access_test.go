package desk

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/access"
	"pishkhan/internal/audit"
	"pishkhan/internal/testworld"
	"pishkhan/internal/token"
	"pishkhan/internal/web"
)

// forAnybody are the addresses that ask for no permission.
var forAnybody = []string{"GET /desk/sign-in", "POST /desk/sign-in", "POST /desk/sign-out", "POST /desk/preferences"}

// TestEveryRouteAsksForAPermission reads the router itself: what was mounted
// beside the table would show.
func TestEveryRouteAsksForAPermission(t *testing.T) {
	t.Parallel()
	app := fiber.New()
	Mount(app, nil)
	listed := slices.Clone(forAnybody)
	for _, r := range (&desk{}).routes() {
		if !slices.Contains(access.Permissions, r.Permission) {
			t.Errorf("%s %s asks for %q, which is no permission", r.Method, r.Path, r.Permission)
		}
		listed = append(listed, r.Method+" "+r.Path)
	}
	for _, r := range app.GetRoutes(true) {
		if name := r.Method + " " + r.Path; r.Method != http.MethodHead && !slices.Contains(listed, name) {
			t.Errorf("%s is outside the table", name)
		}
	}
}

// TestWhoMayDoWhat asks every route in the name of every role.
func TestWhoMayDoWhat(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	app := web.New(web.Config{BaseURL: testworld.BaseURL})
	d := &desk{house: w.House}
	for _, r := range d.routes() {
		r.Answer = func(v visit) error { return v.SendStatus(http.StatusTeapot) }
		app.Add(r.Method, r.Path, d.guard(r))
	}
	for _, p := range w.People {
		signed, err := w.House.Staff.SignIn(t.Context(), p.Email, p.Password, "192.0.2.9", "test")
		testworld.Must(t, err)
		for _, r := range d.routes() {
			want := http.StatusForbidden
			if may[p.Role][r.Permission] {
				want = http.StatusTeapot
			}
			if got := ask(t, app, r, signed.Token); got != want {
				t.Errorf("%s: %s %s answers %d, want %d", p.Role, r.Method, r.Path, got, want)
			}
		}
	}
	for _, r := range d.routes() {
		if got := ask(t, app, r, token.New()); got != http.StatusSeeOther {
			t.Errorf("nobody: %s %s answers %d", r.Method, r.Path, got)
		}
	}
}

func ask(t *testing.T, app *fiber.App, r route, session token.Token) int {
	t.Helper()
	path := strings.NewReplacer(":code", "ABC2345", ":id", "1").Replace(r.Path)
	request := httptest.NewRequest(r.Method, path, nil)
	request.AddCookie(&http.Cookie{Name: web.DeskCookie, Value: string(session)})
	request.Header.Set("X-CSRF-Token", session.CSRF())
	response, err := app.Test(request, -1)
	testworld.Must(t, err)
	return response.StatusCode
}

// may is the policy once more, written out by hand.
var may = map[audit.Role]map[access.Permission]bool{
	audit.Operator: of(everybody, work, access.CloseContact, access.SeeMessages),
	audit.Reviewer: of(everybody, []access.Permission{access.SeeIdentity, access.DecideIdentity}, access.CloseContact, access.WriteNotes, access.AttachFiles),
	audit.Finance: of(everybody, nil, access.SeePayments, access.SeePrices, access.SetRates, access.EditTariff,
		access.SeeCampaigns, access.RunCampaigns, access.WriteNotes, access.AttachFiles, access.AskRefund, access.SeeRefunds, access.ApproveRefund, access.SendRefund),
	audit.Supervisor: of(everybody, work, access.CloseContact, access.SeeMessages, access.SeePayments, access.SeeIdentity,
		access.EditCatalog, access.SeePrices, access.SeeCampaigns, access.RunCampaigns,
		access.ReopenOrder, access.ExtendAnyOrder, access.EditCalendar, access.ManageAlerts,
		access.SeeBoard, access.SetTarget, access.StealOrder, access.PutBackOrder, access.SeeStaff, access.ManageQueue,
		access.CancelAnyOrder, access.RemoveAnyFile, access.SeeRefunds),
	audit.Admin: of(everybody, nil, access.EditCatalog, access.SeeClients, access.ManageClients, access.EditCalendar, access.ManageAlerts,
		access.SeeBoard, access.SetTarget, access.ManageTokens, access.SeeStaff, access.SeeRefunds, access.SetRefundLimit),
	audit.Auditor: of(everybody, nil, access.SeeMessages, access.SeePayments, access.SeePrices, access.SeeCampaigns, access.SeeClients, access.SeeBoard,
		access.SeeStaff, access.SeeRefunds),
}

var (
	everybody = []access.Permission{access.EnterDesk, access.SeeQueue, access.SeeOrder, access.SeeCatalog, access.SeeCalendar, access.IssueTokens}
	work      = []access.Permission{access.ClaimOrder, access.WorkOnOrder, access.RevealCredential, access.ExtendOrder,
		access.HandOverOrder, access.SetPresence, access.CancelOrder, access.WriteNotes, access.AttachFiles, access.AskRefund}
)

func of(a, b []access.Permission, more ...access.Permission) map[access.Permission]bool {
	set := map[access.Permission]bool{}
	for _, p := range slices.Concat(a, b, more) {
		set[p] = true
	}
	return set
}
