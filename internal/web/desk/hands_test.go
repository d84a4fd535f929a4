package desk_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"pishkhan/internal/i18n"
	"pishkhan/internal/orders"
	"pishkhan/internal/queue"
	"pishkhan/internal/refunds"
	"pishkhan/internal/testworld"
)

func heldBy(t *testing.T, w *testworld.World, o orders.Order) int64 {
	t.Helper()
	held, err := w.House.Queue.Holder(t.Context(), w.House.Pool, o.ID)
	testworld.Must(t, err)
	return held.MemberID
}

func idOf(id int64) string { return strconv.FormatInt(id, 10) }

// Orders change hands by the page's forms; whoever is late is told who has
// the order, and offered the next.
func TestHands(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	app := newApp(w)
	o, wrong := w.Claimed(t), "/desk/orders/AAAAAAA"
	path := "/desk/orders/" + o.Code
	one, two, sup := signedIn(t, w, app, w.Operator), signedIn(t, w, app, w.Operator2), signedIn(t, w, app, w.Supervisor)
	one.post(t, path+"/handover", "to", "0", "handover_reason", "").must(t, http.StatusUnprocessableEntity).has(t, "#hand-over[open] #f-to-error", "#f-handover_reason-error")
	one.post(t, path+"/handover", "to", idOf(w.Operator2.ID), "handover_reason", "lunch").leadsTo(t, path)
	late := one.post(t, path+"/handover", "to", idOf(w.Supervisor.ID), "handover_reason", "lunch").must(t, http.StatusConflict)
	if body := late.text("main"); !strings.Contains(body, w.Operator2.Name) {
		t.Error("the late one is not told who has it")
	}
	late.has(t, "form[action='/desk/next']")
	one.post(t, path+"/skip", "skip_reason", "x").must(t, http.StatusConflict)
	for _, deed := range []string{"/steal", "/return"} {
		one.post(t, path+deed).must(t, http.StatusForbidden)
		sup.post(t, path+deed).must(t, http.StatusUnprocessableEntity)
		sup.post(t, wrong+deed, "steal_reason", "x", "return_reason", "x").must(t, http.StatusNotFound)
	}
	sup.post(t, path+"/steal", "steal_reason", "she is ill").leadsTo(t, path)
	if heldBy(t, w, o) != w.Supervisor.ID {
		t.Error("not stolen")
	}
	sup.post(t, path+"/handover", "to", idOf(w.Operator2.ID), "handover_reason", "yours").leadsTo(t, path)
	sup.post(t, path+"/return", "return_reason", "to the queue").leadsTo(t, path)
	two.post(t, path+"/claim").leadsTo(t, path)
	two.post(t, path+"/skip", "skip_reason", " ").must(t, http.StatusUnprocessableEntity).has(t, "#f-skip_reason-error")
	two.post(t, path+"/skip", "skip_reason", "no card").leadsTo(t, "/desk")
	two.post(t, "/desk/next").must(t, http.StatusNotFound) // it is passed over
	one.post(t, "/desk/next").leadsTo(t, path)
	testworld.Must(t, w.House.Fulfil.StartPurchase(t.Context(), w.Operator, o.Code))
	for deed, field := range map[string]string{"/steal": "steal", "/return": "return"} {
		sup.post(t, path+deed, field+"_reason", "x").must(t, http.StatusConflict)
	}
	sup.post(t, path+"/return", "return_reason", "x", "return_despite", "yes").leadsTo(t, path)
	auditor := signedIn(t, w, app, w.Auditor)
	for _, deed := range []string{"/handover", "/steal", "/return", "/skip", "/claim"} {
		auditor.post(t, path+deed).must(t, http.StatusForbidden)
		one.post(t, path+deed, "_csrf", "forged").must(t, http.StatusForbidden)
	}
}

// Many orders at once: what is refused is listed with the reason, the others
// go through.
func TestBulkDeeds(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	app := newApp(w)
	mine, other, free := w.Claimed(t), w.Claimed(t), w.Paid(t)
	testworld.Must(t, w.House.Queue.HandOver(t.Context(), w.Operator, other.Code, w.Operator2.ID, "x"))
	all := []string{"code", mine.Code, "code", other.Code, "code", free.Code}
	b := signedIn(t, w, app, w.Operator)
	done := b.post(t, "/desk/bulk", append(all, "deed", "note", "note", "call first")...).must(t, http.StatusOK)
	done.lacks(t, "[data-refused]")
	part := b.post(t, "/desk/bulk", append(all, "deed", "handover", "to", idOf(w.Supervisor.ID), "handover_reason", "lunch")...).must(t, http.StatusOK)
	part.has(t, "[data-refused='"+other.Code+"']", "[data-refused='"+free.Code+"']", ".notice-success")
	part.lacks(t, "[data-refused='"+mine.Code+"']")
	if why := part.text("[data-refused='" + other.Code + "']"); !strings.Contains(why, w.Operator2.Name) {
		t.Errorf("refused because %q", why)
	}
	if heldBy(t, w, mine) != w.Supervisor.ID || heldBy(t, w, other) != w.Operator2.ID {
		t.Error("the wrong orders changed hands")
	}
	freed := signedIn(t, w, app, w.Supervisor).post(t, "/desk/bulk", append(all, "deed", "release", "release_reason", "evening")...).must(t, http.StatusOK)
	freed.has(t, "[data-refused='"+free.Code+"']")
	if freed.count("[data-refused]") != 1 || w.Order(t, other).State != orders.Paid {
		t.Error("a supervisor released too little")
	}
	b.post(t, "/desk/bulk", "deed", "note", "note", "x").must(t, http.StatusUnprocessableEntity)
	b.post(t, "/desk/bulk", append(all, "deed", "burn")...).must(t, http.StatusUnprocessableEntity)
	signedIn(t, w, app, w.Auditor).post(t, "/desk/bulk", append(all, "deed", "note", "note", "x")...).must(t, http.StatusForbidden)
}

// The picker of the queue offers who can take orders: not who is away, full,
// works on something else, or does not work on orders.
func TestWhoIsOffered(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	app := newApp(w)
	code := w.Paid(t).Code
	q, ctx := w.House.Queue, t.Context()
	offered := func() string {
		var names []string
		for _, option := range signedIn(t, w, app, w.Operator).get(t, "/desk/bulk/able?code="+code+"&code=NOSUCH1").Find("option[value]").EachIter() {
			if value := option.AttrOr("value", ""); value != "" {
				names = append(names, value)
			}
		}
		return " " + strings.Join(names, " ") + " "
	}
	is := func(what string, want bool) {
		t.Helper()
		if got := strings.Contains(offered(), " "+idOf(w.Operator2.ID)+" "); got != want {
			t.Errorf("%s: offered %v", what, got)
		}
	}
	is("here", true)
	if list := offered(); strings.Contains(list, " "+idOf(w.Finance.ID)+" ") || strings.Contains(list, " "+idOf(w.Operator.ID)+" ") {
		t.Errorf("offered %s", list)
	}
	testworld.Must(t, q.SetPresence(ctx, w.Operator2, queue.Break, queue.ClaimsGo{}))
	is("on a break", false)
	testworld.Must(t, q.SetPresence(ctx, w.Operator2, queue.Here, queue.ClaimsGo{}))
	testworld.Must(t, q.SetSkills(ctx, w.Admin, w.Operator2.ID, queue.Skills{Services: []string{"hotel-booking"}}))
	is("works on hotels", false)
	testworld.Must(t, q.SetSkills(ctx, w.Admin, w.Operator2.ID, queue.Skills{Cap: 1}))
	is("has room", true)
	_, err := q.Next(ctx, w.Operator2)
	testworld.Must(t, err)
	is("holds as many as they may", false)
}

// Whoever goes away with orders in hand is asked what becomes of them.
func TestGoingAway(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	app := newApp(w)
	o := w.Claimed(t)
	b := signedIn(t, w, app, w.Operator)
	asked := b.post(t, "/desk/presence", "presence", "away").must(t, http.StatusConflict)
	asked.has(t, "[name=claims][value=keep]", "[name=claims][value=release]", "[name=claims][value=hand_over]", "[name=to] option[value='"+idOf(w.Operator2.ID)+"']")
	if p, _ := w.House.Queue.Person(t.Context(), w.Operator.ID); p.Presence != queue.Here {
		t.Errorf("asked, they are %s already", p.Presence)
	}
	b.post(t, "/desk/presence", "presence", "away", "claims", "hand_over").must(t, http.StatusUnprocessableEntity).has(t, "#f-to-error", "#f-reason-error")
	b.post(t, "/desk/presence", "presence", "away", "claims", "hand_over", "to", idOf(w.Operator2.ID), "reason", "home").leadsTo(t, "/desk")
	if heldBy(t, w, o) != w.Operator2.ID {
		t.Error("not handed over")
	}
	b.post(t, "/desk/presence", "presence", "asleep").must(t, http.StatusUnprocessableEntity)
	signedIn(t, w, app, w.Auditor).post(t, "/desk/presence", "presence", "away").must(t, http.StatusForbidden)
}

// A cancelled order's deadline is told as one of a cancelled order.
func TestDeadlineOfCancelled(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	app := newApp(w)
	early, late := w.Claimed(t), w.Claimed(t)
	cancel := func(o orders.Order) {
		testworld.Must(t, w.House.Refunds.Cancel(t.Context(), w.Operator, o.Code, refunds.Cancellation{Why: refunds.Impossible}))
	}
	cancel(early)
	w.Clock.Advance(3 * time.Hour)
	cancel(late)
	for _, lang := range i18n.Langs() {
		b := signedIn(t, w, app, w.Operator).in(lang)
		for code, key := range map[string]string{early.Code: "desk.deadline.cancelled_before", late.Code: "desk.deadline.cancelled_late"} {
			card := b.get(t, "/desk/orders/"+code).text("#deadline")
			words, _, _ := strings.Cut(lang.T(key, "due", "|"), "|")
			title, _, _ := strings.Cut(lang.T("desk.deadline.cancelled", "at", "|"), "|")
			if !strings.Contains(card, strings.Trim(words, " (\u2068")) || !strings.Contains(card, strings.Trim(title, " \u2068")) {
				t.Errorf("%s: the card says %q", lang, card)
			}
			done, _, _ := strings.Cut(lang.T("desk.deadline.outcome", "outcome", "|"), "|")
			if strings.Contains(card, strings.Trim(done, " \u2068")) {
				t.Errorf("%s: it speaks of a finished order: %q", lang, card)
			}
		}
	}
}
