package desk_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"pishkhan/internal/i18n"
	"pishkhan/internal/staff"
	"pishkhan/internal/testworld"
)

// A member issues a token for a program, sees it once, and revokes it; an
// administrator sees and revokes everybody's, and nobody else does.
func TestTokensAtTheDesk(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	password := w.People[slices.IndexFunc(w.People, func(p person) bool { return p.Name == w.Operator.Name })].Password
	for _, lang := range []i18n.Lang{i18n.EN, i18n.FA} {
		b := signedIn(t, w, newApp(w), w.Operator).in(lang)
		refused := b.post(t, "/desk/tokens", "token_name", "", "expires", "7").must(t, http.StatusUnprocessableEntity)
		for _, field := range []string{"token_name", "scopes", "expires"} {
			if refused.Find("[href='#f-"+field+"']").Length() != 1 {
				t.Errorf("%s: %s is not named: %s", lang, field, refused.Find(".notice-error").Text())
			}
		}
		for _, wrong := range []string{"", "not the password"} { // whoever sits down at an open desk takes no token away
			page := b.post(t, "/desk/tokens", "token_name", "robot", "scopes", "work", "expires", "30", "password", wrong).must(t, http.StatusUnprocessableEntity)
			page.has(t, "#f-password-error", "input[name=token_name][value=robot]", "input[name=password]:not([value])")
			page.lacks(t, "#new-token")
		}
		issued := b.post(t, "/desk/tokens", "token_name", "robot", "scopes", "work", "expires", "30", "password", password).must(t, http.StatusOK)
		secret := issued.Find("#new-token [data-secret]").Text()
		who, err := w.House.Staff.Bearer(t.Context(), secret, "")
		testworld.Must(t, err)
		if who.Actor.ID != w.Operator.ID || len(who.Scopes) != 1 || who.Scopes[0] != staff.Work {
			t.Errorf("%s: it lets in as %+v", lang, who)
		}
		page := b.get(t, "/desk/tokens").must(t, http.StatusOK)
		if strings.Contains(page.body, secret) || !strings.Contains(page.body, secret[:10]) {
			t.Errorf("%s: the token is shown again, or cannot be told from others", lang)
		}
		id := page.Find("[data-token]").First().AttrOr("data-token", "")
		signedIn(t, w, newApp(w), w.Operator2).post(t, "/desk/tokens/"+id+"/revoke").must(t, http.StatusNotFound)
		b.post(t, "/desk/tokens/"+id+"/revoke").must(t, http.StatusOK)
		if _, err := w.House.Staff.Bearer(t.Context(), secret, ""); err == nil {
			t.Errorf("%s: the revoked token works", lang)
		}
	}
	token, _, err := w.House.Staff.IssueToken(t.Context(), w.Operator, staff.NewToken{MemberID: w.Operator.ID, Name: "<b>", Scopes: staff.Scopes, Age: time.Hour})
	testworld.Must(t, err)
	if page := signedIn(t, w, newApp(w), w.Operator2).get(t, "/desk/tokens"); page.Find("[data-token]").Length() != 0 {
		t.Error("a colleague sees them")
	}
	admin := signedIn(t, w, newApp(w), w.Admin)
	page := admin.get(t, "/desk/tokens")
	if page.Find("[data-token]").Length() != 3 || !strings.Contains(page.Find("[data-token]").First().Text(), w.Operator.Name) {
		t.Errorf("the administrator sees %s", page.Find("main").Text())
	}
	admin.post(t, "/desk/tokens/"+page.Find("[data-token]").First().AttrOr("data-token", "")+"/revoke").must(t, http.StatusOK)
	list, err := w.House.Staff.Tokens(t.Context(), w.Operator.ID)
	testworld.Must(t, err)
	if list[0].ID != token.ID || list[0].RevokedAt == nil {
		t.Errorf("not revoked: %+v", list[0])
	}
}
