package desk_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"pishkhan/internal/catalog"
	"pishkhan/internal/i18n"
	"pishkhan/internal/sample"
	"pishkhan/internal/testworld"
)

const steam = "/desk/catalog/steam-wallet"

// filled are the inputs of a page's form that posts to action, as a browser
// would send them unchanged.
func (a answer) filled(t *testing.T, action string) url.Values {
	t.Helper()
	form := a.Find("main form[action='" + action + "']").First()
	if form.Length() == 0 {
		t.Fatalf("no form posts to %s", action)
	}
	values := url.Values{}
	inputs := form.Find("input[name], select[name], textarea[name]")
	for i := range inputs.Nodes {
		input := inputs.Eq(i)
		name, _ := input.Attr("name")
		if input.Closest("template, noscript").Length() > 0 {
			continue
		}
		kind, _ := input.Attr("type")
		_, on := input.Attr("checked")
		switch {
		case input.Is("textarea"):
			values.Add(name, input.Text())
		case input.Is("select"):
			value, _ := input.Find("option[selected]").Attr("value")
			values.Add(name, value)
		case kind != "checkbox" && kind != "radio" || on:
			value, _ := input.Attr("value")
			values.Add(name, value)
		}
	}
	return values
}

func draftOf(t *testing.T, w *testworld.World, slug string) string {
	t.Helper()
	draft, err := w.House.Catalog.Draft(t.Context(), slug)
	testworld.Must(t, err)
	return string(draft.Definition)
}

func TestCatalogPages(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	app := newApp(w)
	for _, lang := range i18n.Langs() {
		b := signedIn(t, w, app, w.Supervisor).in(lang)
		page := b.get(t, "/desk/catalog").must(t, http.StatusOK)
		page.has(t, "#service-steam-wallet a[href='"+steam+"']", "a[href='/desk/catalog/export']", "a[href='/desk/catalog/new']")
		if got := page.text("h1"); got != lang.T("catalogue.title") {
			t.Errorf("%s: the heading is %q", lang, got)
		}
		found := b.get(t, "/desk/catalog?q=steam").must(t, http.StatusOK)
		found.has(t, "#service-steam-wallet")
		found.lacks(t, "#service-hotel-booking")
		b.get(t, "/desk/catalog?q=zzz").has(t, ".empty")
		b.get(t, steam).must(t, http.StatusOK).has(t, "[name=title_fa]", "[name=title_en]", "[name='limits.1.min']", "dialog#retire")
		b.get(t, "/desk/catalog/amazon-basket/form").must(t, http.StatusOK).has(t, "#p-1-3", "[value='up 1-3']", "[value='add 2']", "[value='up 1-1'][disabled]")
		list := b.get(t, "/desk/catalog/amazon-basket/form/1-3").must(t, http.StatusOK)
		list.has(t, "[name=row_title_fa]", "#p-1-3-1", "[value='add 1-3']")
		b.get(t, "/desk/catalog/amazon-basket/form/1-3-1").must(t, http.StatusOK).has(t, "[name=hosts]")
		b.get(t, "/desk/catalog/amazon-basket/form/1").must(t, http.StatusOK).has(t, "[name=title_en]")
		b.get(t, steam+"/json").must(t, http.StatusOK).has(t, "textarea[name=text][dir=ltr]")
		b.get(t, steam+"/history").must(t, http.StatusOK).has(t, "#version-1")
		b.get(t, steam+"/publish").must(t, http.StatusOK)
		b.get(t, "/desk/catalog/new").must(t, http.StatusOK).has(t, "[name=copy] option[value=steam-wallet]")
		b.get(t, "/desk/catalog/import").must(t, http.StatusOK).has(t, "input[type=file]")
		for _, path := range []string{"/desk/catalog/nothing", steam + "/form/9", steam + "/form/1-99", steam + "/form/0", steam + "/form/x", steam + "/preview/de"} {
			b.get(t, path).must(t, http.StatusNotFound)
		}
		// An operator reads all of it, and changes nothing.
		o := signedIn(t, w, app, w.Operator).in(lang)
		o.get(t, "/desk/catalog").must(t, http.StatusOK).lacks(t, "a[href='/desk/catalog/new']", "a[href='/desk/catalog/import']")
		o.get(t, steam).must(t, http.StatusOK).has(t, "fieldset[disabled] [name=title_fa]")
		o.get(t, steam+"/form").must(t, http.StatusOK).lacks(t, "main [name=do]")
		o.post(t, steam+"/form", "do", "up 1-2", "revision", "0").must(t, http.StatusForbidden)
		o.get(t, steam+"/publish").must(t, http.StatusForbidden)
	}
}

// A service is begun as a copy, mended, published, rolled back and taken off
// the showcase without a line of JSON.
func TestAServiceFromCopyToShowcase(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	b := signedIn(t, w, newApp(w), w.Supervisor).in(i18n.EN)
	const path = "/desk/catalog/steam-gift"
	for _, slug := range []string{"", "Steam Gift", "new", "steam-wallet", strings.Repeat("a", 70)} {
		b.post(t, "/desk/catalog", "slug", slug, "family", "games").must(t, http.StatusUnprocessableEntity).has(t, "#f-slug-error")
	}
	b.post(t, "/desk/catalog", "slug", "steam-gift", "family", "circus").must(t, http.StatusUnprocessableEntity).has(t, "#f-family-error")
	b.post(t, "/desk/catalog", "slug", "steam-gift", "family", "games", "copy", "steam-wallet").leadsTo(t, path)
	b.get(t, "/desk/catalog").has(t, "#service-steam-gift [data-draft]")

	about := b.get(t, path).filled(t, path)
	about.Set("title_en", "Steam gift")
	about.Set("title_fa", "هدیهٔ استیم")
	about.Set("limits.1.max", "۱٬۲۵۰٫۵")
	about.Set("do", "limits.2.up")
	b.postForm(t, path, about).leadsTo(t, path+"#f-limits")
	if draft := draftOf(t, w, "steam-gift"); !strings.Contains(draft, `"Steam gift"`) || !strings.Contains(draft, `"1250.5"`) || strings.Index(draft, `"EUR"`) > strings.Index(draft, `"USD"`) {
		t.Errorf("the draft is %s", draft)
	}

	// A question is added, and makes faults that lead to its form.
	form := b.get(t, path+"/form").must(t, http.StatusOK)
	b.post(t, path+"/form", "revision", form.revision(t), "do", "add 1", "type", "choice")
	added := b.get(t, path+"/form/1").must(t, http.StatusOK) // its group
	last := b.get(t, path+"/form").Find("#structure section").First().Find("ol > li").Length()
	question := path + "/form/1-" + string(rune('0'+last))
	added.has(t, "#faults a[href^='"+question+"#f-']", "#faults a[href='"+question+"#f-label_fa']")
	b.get(t, path+"/publish").must(t, http.StatusOK).has(t, "main button[data-primary][disabled]")
	b.post(t, path+"/publish", "revision", added.revision(t), "note", "too early").must(t, http.StatusUnprocessableEntity).
		has(t, "#faults li[data-path$='/label/fa']")
	b.get(t, path+"/preview/fa").must(t, http.StatusConflict)

	page := b.get(t, question).must(t, http.StatusOK)
	page.has(t, "#f-label_fa-error", "#f-choices")
	values := page.filled(t, question)
	for name, value := range map[string]string{
		"name": "wrapping", "label_fa": "کادوپیچ", "label_en": "Wrapping", "required": "1",
		"choices.1.value": "red", "choices.1.label_fa": "قرمز", "choices.1.label_en": "Red",
		"choices.2.value": "blue", "choices.2.label_fa": "آبی", "choices.2.label_en": "Blue",
	} {
		values.Set(name, value)
	}
	values.Set("do", "choices.2.up")
	b.postForm(t, question, values).leadsTo(t, question+"#f-choices")
	b.get(t, question).lacks(t, "#faults", ".field-error")
	draft := draftOf(t, w, "steam-gift")
	if strings.Index(draft, `"blue"`) > strings.Index(draft, `"red"`) {
		t.Errorf("the options did not change places: %s", draft)
	}

	b.post(t, path+"/publish", "revision", b.get(t, path).revision(t), "note", " ").must(t, http.StatusUnprocessableEntity).has(t, "#f-note-error")
	b.post(t, path+"/publish", "revision", b.get(t, path).revision(t), "note", "هدیه").leadsTo(t, path+"/history")
	service, err := w.House.Catalog.Service(t.Context(), "steam-gift")
	testworld.Must(t, err)
	if service.Definition.Title.EN != "Steam gift" {
		t.Errorf("published is %+v", service.Definition.Title)
	}

	// The second version removes the question; rolling back brings it again.
	b.post(t, path+"/form", "revision", b.get(t, path).revision(t), "do", "remove 1-"+string(rune('0'+last))).leadsTo(t, path+"/form#p-1")
	change := b.get(t, path+"/publish").must(t, http.StatusOK)
	change.has(t, "#changes [data-change=removed]")
	b.post(t, path+"/publish", "revision", change.revision(t), "note", "بدون کادوپیچ").leadsTo(t, path+"/history")
	history := b.get(t, path+"/history").must(t, http.StatusOK)
	history.has(t, "#version-2 [data-change=removed]", "#version-2:contains('بدون کادوپیچ')", "[data-open='#back-1']")
	history.lacks(t, "[data-open='#back-2']")
	b.post(t, path+"/rollback", "version", "1", "note", "").must(t, http.StatusUnprocessableEntity)
	for _, version := range []string{"0", "x", "99", "99999999999"} {
		b.post(t, path+"/rollback", "version", version, "note", "n").must(t, http.StatusNotFound)
	}
	b.post(t, path+"/rollback", "version", "1", "note", "پشیمان شدیم").leadsTo(t, path+"/history")
	b.get(t, path+"/history").has(t, "#version-3 [data-change=added]")

	b.post(t, path+"/retire").leadsTo(t, path)
	b.get(t, path).has(t, "[data-retired]", "dialog#restore")
	b.post(t, path+"/retire").must(t, http.StatusConflict).has(t, ".notice-error")
	b.post(t, path+"/restore").leadsTo(t, path)
	b.get(t, path).lacks(t, "[data-retired]")

	b.post(t, "/desk/catalog", "slug", "never", "family", "games").leadsTo(t, "/desk/catalog/never")
	b.post(t, "/desk/catalog/never/discard", "revision", b.get(t, "/desk/catalog/never").revision(t)).leadsTo(t, "/desk/catalog")
	b.get(t, "/desk/catalog/never").must(t, http.StatusNotFound)
}

// Two editors at once: the second is told, loses nothing that was typed, and
// sees what saving would change of the first one's draft.
func TestTwoEditors(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	app := newApp(w)
	first, second := signedIn(t, w, app, w.Supervisor), signedIn(t, w, app, w.Admin)
	mine, theirs := first.get(t, steam).filled(t, steam), second.get(t, steam).filled(t, steam)
	mine.Set("title_en", "Steam, by the first")
	theirs.Set("title_en", "Steam, by the second")
	first.postForm(t, steam, mine).leadsTo(t, steam)
	told := second.postForm(t, steam, theirs).must(t, http.StatusConflict)
	told.has(t, ".notice-error [data-path='/title/en']:contains('by the first')")
	if got, _ := told.Find("[name=title_en]").Attr("value"); got != "Steam, by the second" {
		t.Errorf("typed was %q", got)
	}
	if !strings.Contains(draftOf(t, w, "steam-wallet"), "by the first") {
		t.Error("the second overwrote the first")
	}
	second.postForm(t, steam, told.filled(t, steam)).leadsTo(t, steam) // having seen it
	if !strings.Contains(draftOf(t, w, "steam-wallet"), "by the second") {
		t.Error("the second cannot save at all")
	}

	// A question that was moved meanwhile is found; one that is gone is not.
	const question = steam + "/form/1-1"
	page := second.get(t, question)
	values := page.filled(t, question)
	values.Set("label_en", "Typed with care")
	old := first.get(t, steam+"/form").revision(t)
	first.post(t, steam+"/form", "revision", old, "do", "down 1-1")
	first.post(t, steam+"/form", "revision", old, "do", "down 1-1").must(t, http.StatusConflict).has(t, ".notice-error", "#structure")
	told = second.postForm(t, question, values).must(t, http.StatusConflict)
	if got, _ := told.Find("[name=label_en]").Attr("value"); got != "Typed with care" {
		t.Errorf("typed was %q", got)
	}
	again := told.filled(t, steam+"/form/1-2")
	second.postForm(t, steam+"/form/1-2", again).leadsTo(t, steam+"/form#p-1-2")
	first.post(t, steam+"/form", "revision", first.get(t, steam+"/form").revision(t), "do", "remove 1-2")
	gone := second.postForm(t, steam+"/form/1-2", again).must(t, http.StatusConflict)
	if got, _ := gone.Find("[name=label_en]").Attr("value"); got != "Typed with care" {
		t.Errorf("typed was %q", got)
	}
	gone.lacks(t, "main form[action='"+steam+"/form/1-2'] [data-primary]")

	first.post(t, steam+"/discard", "revision", "0").must(t, http.StatusConflict).has(t, ".notice-error")
	first.post(t, steam+"/discard", "revision", first.get(t, steam).revision(t)).leadsTo(t, steam)
	first.post(t, steam+"/publish", "revision", "0", "note", "x").must(t, http.StatusConflict)
}

// What the forms do not offer is typed as JSON; nothing typed is lost, and
// nothing wrong is published.
func TestTheDraftAsText(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	b := signedIn(t, w, newApp(w), w.Supervisor)
	page := b.get(t, steam+"/json")
	text := page.filled(t, steam+"/json").Get("text")
	save := func(text string) answer {
		return b.post(t, steam+"/json", "revision", b.get(t, steam+"/json").revision(t), "text", text)
	}
	save(strings.Replace(text, `"currency": "USD"`, `"currency": "XYZ"`, 1)).leadsTo(t, steam+"/json")
	b.get(t, steam+"/json").has(t, "#paths a[href='"+steam+"#f-limits.1.currency']:contains('/limits/0/currency')")
	b.get(t, steam).has(t, "[id='f-limits.1.currency-error']")

	save(`{"slug": `).leadsTo(t, steam+"/json")
	broken := b.get(t, steam).must(t, http.StatusOK)
	broken.has(t, ".empty a[href='"+steam+"/json']", "#faults")
	broken.lacks(t, "[name=title_fa]")
	b.get(t, steam+"/form").must(t, http.StatusOK).lacks(t, "#structure")
	b.get(t, steam+"/form/1-1").must(t, http.StatusOK)
	b.post(t, steam+"/form", "revision", broken.revision(t), "do", "up 1-2").leadsTo(t, steam+"/json")
	b.post(t, steam, "revision", broken.revision(t), "title_fa", "x").leadsTo(t, steam+"/json")
	if got := draftOf(t, w, "steam-wallet"); got != `{"slug": ` {
		t.Errorf("the draft is %q", got)
	}

	save(strings.Repeat("x", 1<<20+1)).must(t, http.StatusUnprocessableEntity).has(t, "#f-text-error")
	b.post(t, steam+"/json", "revision", "0", "text", "mine").must(t, http.StatusConflict).has(t, "textarea:contains('mine')")
	b.post(t, steam+"/publish", "revision", broken.revision(t), "note", "x").must(t, http.StatusUnprocessableEntity)
}

func TestBadDeeds(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	b := signedIn(t, w, newApp(w), w.Supervisor)
	for _, do := range []string{"up 99", "up 1-99", "remove 1-1-1", "add 1-1", "burn 1", "", "up 1-1"} {
		b.post(t, steam+"/form", "revision", "1", "do", do, "type", "text").must(t, http.StatusConflict).has(t, "#structure")
	}
	page := b.get(t, steam)
	values := page.filled(t, steam)
	values.Set("rank", "lots")
	values.Set("limits.1.min", "1e9")
	refused := b.postForm(t, steam, values).must(t, http.StatusUnprocessableEntity)
	refused.has(t, "#f-rank-error", "[id='f-limits.1.min-error']", "[data-focus] a[href='#f-rank']", "#f-rank[value=lots]")
	if draft, err := w.House.Catalog.Draft(t.Context(), "steam-wallet"); err != nil || draft.Begun {
		t.Errorf("a draft was begun: %v", err)
	}
	values = page.filled(t, steam)
	values.Set("guide_en", strings.Repeat("g", 1<<20))
	b.postForm(t, steam, values).must(t, http.StatusUnprocessableEntity)
}

// The preview is the draft's own form with a live price; its answers are
// checked, and nothing is ordered.
func TestPreview(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	app := newApp(w)
	b := signedIn(t, w, app, w.Supervisor)
	values := b.get(t, steam).filled(t, steam)
	values.Set("title_fa", "کیف پول پیش‌نویس")
	values.Set("title_en", "Drafted wallet")
	b.postForm(t, steam, values).leadsTo(t, steam)
	answers := url.Values{}
	for name, value := range sample.Answers("steam-wallet", w.Clock.Now()) {
		answers.Set(name, value)
	}
	for lang, title := range map[i18n.Lang]string{i18n.FA: "کیف پول پیش‌نویس", i18n.EN: "Drafted wallet"} {
		path := steam + "/preview/" + string(lang)
		page := b.get(t, path).must(t, http.StatusOK)
		if got := page.text("h1"); got != title {
			t.Errorf("%s: the title is %q", lang, got)
		}
		page.has(t, "html[lang="+string(lang)+"]", "form#order-form[action='"+path+"']", "#price", "[hx-post='"+path+"/price']")
		page.lacks(t, "a[href='/basket']", "form[action^='/services']")
		b.post(t, path).must(t, http.StatusUnprocessableEntity).has(t, ".field-error")
		right := b.postForm(t, path, answers).must(t, http.StatusOK)
		right.has(t, ".notice-success", "[data-line=total]")
		price := b.htmx("price").postForm(t, path+"/price", answers).must(t, http.StatusOK)
		price.has(t, "[data-line=total]")
		b.htmx("order-form").postForm(t, path, answers).must(t, http.StatusOK).has(t, "hx-partial .notice-success", "form#order-form")
	}
	if n := w.Count(t, "SELECT count(*) FROM quotes"); n != 0 {
		t.Errorf("the preview left %d quotes behind", n)
	}
	service, err := w.House.Catalog.Service(t.Context(), "steam-wallet")
	testworld.Must(t, err)
	if service.Definition.Title.EN == "Drafted wallet" {
		t.Error("the draft is on offer")
	}
	signedIn(t, w, app, w.Operator).get(t, steam+"/preview/fa").must(t, http.StatusOK)
}

// A file is compared before it is imported, and again when it is confirmed.
func TestImportAtTheDesk(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	b := signedIn(t, w, newApp(w), w.Supervisor)
	export := b.get(t, "/desk/catalog/export").must(t, http.StatusOK)
	if !strings.HasPrefix(export.header.Get("Content-Disposition"), "attachment") || !strings.Contains(export.body, `"slug": "steam-wallet"`) {
		t.Fatalf("exported is %.200s", export.body)
	}
	b.sendFile(t, export.body).must(t, http.StatusOK).lacks(t, "[name=seen]")
	b.sendFile(t, `{"services": [{"slug": "x"}]}`).must(t, http.StatusUnprocessableEntity).has(t, "[data-path='/services/0/title/fa']")
	b.post(t, "/desk/catalog/import").must(t, http.StatusUnprocessableEntity)

	changed := strings.Replace(export.body, "Steam wallet top-up", "Steam wallet, filled", 1)
	shown := b.sendFile(t, changed).must(t, http.StatusOK)
	shown.has(t, "[data-service=steam-wallet] [data-path='/title/en']")
	confirm := shown.filled(t, "/desk/catalog/import/confirm")
	b.postForm(t, "/desk/catalog/import/confirm", confirm).must(t, http.StatusUnprocessableEntity).has(t, "#f-note-error", "[name=seen]")
	confirm.Set("note", "به‌روزرسانی")

	// Meanwhile somebody takes it off the showcase: that is another import.
	testworld.Must(t, w.House.Catalog.Retire(t.Context(), w.Admin, "steam-wallet"))
	moved := b.postForm(t, "/desk/catalog/import/confirm", confirm).must(t, http.StatusOK)
	moved.has(t, ".notice-warn", "[name=seen]")
	confirm = moved.filled(t, "/desk/catalog/import/confirm")
	confirm.Set("note", "به‌روزرسانی")
	b.postForm(t, "/desk/catalog/import/confirm", confirm).leadsTo(t, "/desk/catalog")
	versions, err := w.House.Catalog.Versions(t.Context(), "steam-wallet")
	testworld.Must(t, err)
	if len(versions) != 2 || versions[0].Origin != catalog.FromImport || versions[0].Note != "به‌روزرسانی" {
		t.Errorf("the versions are %+v", versions)
	}
}

func (b *browser) sendFile(t *testing.T, content string) answer {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	testworld.Must(t, form.WriteField("_csrf", b.word()))
	file, err := form.CreateFormFile("file", "catalog.json")
	testworld.Must(t, err)
	_, err = file.Write([]byte(content))
	testworld.Must(t, err)
	testworld.Must(t, form.Close())
	request := httptest.NewRequest(http.MethodPost, "/desk/catalog/import", &body)
	request.Header.Set("Content-Type", form.FormDataContentType())
	return b.send(t, request)
}
