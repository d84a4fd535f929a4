package desk_test

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/db"
	"pishkhan/internal/i18n"
	"pishkhan/internal/jobs"
	"pishkhan/internal/notify"
	"pishkhan/internal/sample"
	"pishkhan/internal/testworld"
)

// taker is a provider that takes everything.
type taker struct{}

func (taker) Name() string                                        { return "taker" }
func (taker) Send(context.Context, notify.Parcel) (string, error) { return "1", nil }

// A sign-in code that went nowhere is on the page while it works; one that a
// provider has taken never is.
func TestSignInCodesInTheOutbox(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	app := newApp(w)
	compose := jobs.NewComposer(w.House, testworld.BaseURL)
	send := func(mobile string, through notify.Sender) (code string) {
		testworld.Must(t, w.House.Customers.AskForCode(t.Context(), w.Visitor(t).ID, mobile, i18n.FA, "192.0.2.1"))
		newest, err := w.House.Notices.Newest(t.Context(), 1<<60, 1)
		testworld.Must(t, err)
		secret, err := w.House.Customers.Code(t.Context(), newest[0].Detail.Signin)
		testworld.Must(t, err)
		testworld.Must(t, notify.NewDesk(w.House.Notices, compose, through, through).Send(t.Context(), newest[0].ID))
		return secret.Reveal()
	}
	taken, shown := send("09120000001", taker{}), send("09120000002", notify.Outbox{})
	for _, lang := range i18n.Langs() {
		b := signedIn(t, w, app, w.Operator).in(lang)
		page := b.get(t, "/desk/messages").must(t, http.StatusOK)
		if page.count("[data-signin]") != 2 || page.count("[data-code]") != 1 || page.text("[data-code]") != shown {
			t.Errorf("%s: shows %q of %d", lang, page.text("[data-code]"), page.count("[data-signin]"))
		}
		if taken != shown && strings.Contains(page.body, taken) {
			t.Errorf("%s: a code that was sent is shown", lang)
		}
		page.lacks(t, "article a[href='/desk/orders/']")
	}
	closed := *w.House // as in production
	closed.OpenOutbox = false
	signedIn(t, w, newAppOf(&closed), w.Operator).get(t, "/desk/messages").must(t, http.StatusOK).lacks(t, "[data-code]")
	w.Clock.Advance(5 * time.Minute)
	signedIn(t, w, app, w.Operator).get(t, "/desk/messages").must(t, http.StatusOK).lacks(t, "[data-code]")
}

// The reviewer sees the document, as a file that can do nothing here, on the
// record; who may not see identities does not.
func TestIdentityDocument(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	app := newApp(w)
	bare := w.Unproven(t)
	v := w.Visitor(t)
	kept, err := w.House.Attachments.Keep(t.Context(), v.ID, "192.0.2.1", "کارت ملی.pdf", sample.PDF("card"))
	testworld.Must(t, err)
	id, err := w.Someone().Identity.Check(w.Clock.Now())
	testworld.Must(t, err)
	id.DocumentID = kept.ID
	var path string
	testworld.Must(t, db.InTx(t.Context(), w.House.Pool, func(ctx context.Context, tx pgx.Tx) error {
		filed, err := w.House.Customers.File(ctx, tx, w.Clock.Now(), v.ID, id, i18n.FA)
		path = "/desk/identities/" + strconv.FormatInt(filed.ID, 10)
		return err
	}))
	for _, lang := range i18n.Langs() {
		b := signedIn(t, w, app, w.Reviewer).in(lang)
		b.get(t, path).must(t, http.StatusOK).has(t, "a[href='"+path+"/document']", "[data-level=document]")
		list := b.get(t, "/desk/identities").must(t, http.StatusOK)
		if cells, heads := list.count("tbody#cases tr:first-child td"), list.count("thead th"); cells != heads {
			t.Errorf("%s: %d cells under %d heads", lang, cells, heads)
		}
		list.has(t, "a[href='/desk/orders/"+bare.Code+"']")
	}
	b := signedIn(t, w, app, w.Reviewer)
	paper := b.get(t, path+"/document").must(t, http.StatusOK)
	if !strings.HasPrefix(paper.body, "%PDF") || !strings.HasPrefix(paper.header.Get("Content-Disposition"), "attachment") ||
		!strings.Contains(paper.header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("comes as %q under %q", paper.header.Get("Content-Disposition"), paper.header.Get("Content-Security-Policy"))
	}
	if n := w.Count(t, "SELECT count(*) FROM audit_entries WHERE verb = 'identity.view_document' AND actor_id = $1", w.Reviewer.ID); n != 1 {
		t.Errorf("%d looks on record", n)
	}
	without := "/desk/identities/" + strconv.FormatInt(bare.IdentityCaseID, 10)
	b.get(t, without).must(t, http.StatusOK).lacks(t, "a[href$='/document']")
	b.get(t, without+"/document").must(t, http.StatusNotFound)
	signedIn(t, w, app, w.Operator).get(t, path+"/document").must(t, http.StatusForbidden)
}
