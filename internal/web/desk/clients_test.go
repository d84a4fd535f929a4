package desk_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"pishkhan/internal/i18n"
	"pishkhan/internal/testworld"
)

// A shop front is taken on, gets a key and a webhook, and is shut out again;
// what is secret is shown once.
func TestClients(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	b := signedIn(t, w, newApp(w), w.Admin).in(i18n.EN)
	b.get(t, "/desk/clients").must(t, http.StatusOK)
	refused := b.post(t, "/desk/clients", "name", "", "return_origins", "ftp://x").must(t, http.StatusUnprocessableEntity)
	if refused.Find("#f-name-error").Length() != 1 || refused.Find("#f-return_origins-error").Length() != 1 ||
		!strings.Contains(refused.Find("textarea").Text(), "ftp://x") {
		t.Errorf("refused: %s", refused.Find("main").Text())
	}
	path := b.post(t, "/desk/clients", "name", "بازار", "return_origins", "https://shop.example").must(t, http.StatusSeeOther).header.Get("Location")
	page := b.get(t, path).must(t, http.StatusOK)
	if page.Find("h1").Text() != "بازار" || page.Find("[data-secret]").Length() != 0 {
		t.Errorf("the page says %s", page.Find("main").Text())
	}

	refused = b.post(t, path+"/keys", "key_name", "", "expires", "7").must(t, http.StatusUnprocessableEntity)
	for _, field := range []string{"key_name", "scopes", "expires"} {
		if refused.Find("[href='#f-"+field+"']").Length() != 1 {
			t.Errorf("%s is not named: %s", field, refused.Find(".notice-error").Text())
		}
	}
	issued := b.post(t, path+"/keys", "key_name", "main", "scopes", "orders:read", "expires", "30").must(t, http.StatusOK)
	token := issued.Find("#new-key [data-secret]").Text()
	access, err := w.House.Clients.Authenticate(t.Context(), token)
	testworld.Must(t, err)
	if len(access.Scopes) != 1 || access.Scopes[0] != "orders:read" {
		t.Errorf("the key may %v", access.Scopes)
	}
	page = b.get(t, path)
	if strings.Contains(page.body, token) || !strings.Contains(page.body, token[:10]) {
		t.Error("the key is shown again, or cannot be told from others")
	}
	key := page.Find("[data-key-row]").AttrOr("data-key-row", "")
	b.post(t, path+"/keys/"+key+"/revoke").must(t, http.StatusOK)
	if _, err := w.House.Clients.Authenticate(t.Context(), token); err == nil {
		t.Error("the revoked key works")
	}
	b.post(t, path+"/keys/999/revoke").must(t, http.StatusNotFound)
	b.get(t, "/desk/clients/999").must(t, http.StatusNotFound)

	b.post(t, path+"/disable").must(t, http.StatusOK)
	if page = b.get(t, path); page.Find("form[action^='"+path+"']").Length() > 1 { // the dialog that asks before disabling
		t.Error("a disabled shop front can be changed")
	}
	auditor := signedIn(t, w, newApp(w), w.Auditor)
	if page := auditor.get(t, path).must(t, http.StatusOK); page.Find("main form").Length() != 0 {
		t.Error("who may only look is offered a form")
	}
	auditor.post(t, path+"/keys").must(t, http.StatusForbidden)
	signedIn(t, w, newApp(w), w.Operator).get(t, path).must(t, http.StatusForbidden)
}

func TestWebhookAtTheDesk(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	b := signedIn(t, w, newApp(w), w.Admin).in(i18n.EN)
	answer := http.StatusBadGateway
	shop := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		rw.WriteHeader(answer)
	}))
	t.Cleanup(shop.Close)
	path := b.post(t, "/desk/clients", "name", "Bazaar").must(t, http.StatusSeeOther).header.Get("Location")
	refused := b.post(t, path+"/webhook", "url", "https://10.0.0.1/").must(t, http.StatusUnprocessableEntity)
	if refused.Find("#f-url-error").Length() != 1 || refused.Find("#f-url").AttrOr("value", "") != "https://10.0.0.1/" {
		t.Errorf("refused: %s", refused.Find("main").Text())
	}
	if page := b.post(t, path+"/webhook/rotate").must(t, http.StatusConflict); page.Find(".notice-error").Length() != 1 {
		t.Error("no word of why there is nothing to rotate")
	}
	first := b.post(t, path+"/webhook", "url", shop.URL).must(t, http.StatusOK).Find("#new-secret [data-secret]").Text()
	second := b.post(t, path+"/webhook/rotate").must(t, http.StatusOK).Find("#new-secret [data-secret]").Text()
	if !strings.HasPrefix(first, "whsec_") || !strings.HasPrefix(second, "whsec_") || first == second {
		t.Errorf("secrets %q and %q", first, second)
	}
	if page := b.get(t, path); strings.Contains(page.body, second) {
		t.Error("the secret is shown again")
	}

	o := w.Placed(t).Orders[0]
	_, err := w.House.Pool.Exec(t.Context(), `UPDATE orders SET client_id = 1 WHERE id = $1`, o.ID)
	testworld.Must(t, err)
	testworld.Must(t, w.House.Checkout.Cancel(t.Context(), w.Operator, w.Order(t, o), "no"))
	events, err := w.House.Webhooks.Events(t.Context(), 1)
	testworld.Must(t, err)
	_, err = w.House.Webhooks.Deliver(t.Context(), events[0].ID)
	testworld.Must(t, err)
	row := b.get(t, path).Find("[data-event]")
	if row.AttrOr("data-event-state", "") != "pending" || !strings.Contains(row.Text(), "502") || !strings.Contains(row.Text(), o.Code) ||
		!strings.Contains(row.Text(), "order.cancelled") {
		t.Errorf("the log says %q", row.Text())
	}
	answer = http.StatusOK
	form := row.Find("form").AttrOr("action", "")
	b.post(t, form).must(t, http.StatusOK)
	_, err = w.House.Webhooks.Deliver(t.Context(), events[0].ID)
	testworld.Must(t, err)
	if row = b.get(t, path).Find("[data-event]"); row.AttrOr("data-event-state", "") != "delivered" {
		t.Errorf("resent: %q", row.Text())
	}
	b.post(t, path+"/webhook/disable").must(t, http.StatusOK)
	if page := b.get(t, path); page.Find("#hook-card .notice-warn").Length() != 1 || page.Find("[data-event] form").Length() != 0 {
		t.Errorf("disabled: %s", page.Find("#hook-card").Text())
	}
}
