package parts_test

import (
	"testing"
	"time"

	"github.com/a-h/templ"

	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/views/parts"
)

func TestLayoutSaysLanguageDirectionThemeAndToken(t *testing.T) {
	fa := render(t, in(i18n.FA), desk(i18n.FA, ""))
	if got, _ := fa.Find("html[lang=fa][dir=rtl]").Attr("data-theme"); fa.Find("html[lang=fa][dir=rtl]").Length() != 1 || got != "" {
		t.Errorf("Persian page: %d html[lang=fa][dir=rtl], theme %q", fa.Find("html[lang=fa][dir=rtl]").Length(), got)
	}
	en := render(t, in(i18n.EN), desk(i18n.EN, "dark"))
	if en.Find("html[lang=en][dir=ltr][data-theme=dark]").Length() != 1 {
		t.Error("English dark page is not marked so")
	}
	if got, _ := en.Find("body").Attr("hx-headers:inherited"); got != `{"X-CSRF-Token":"token-of-the-session"}` {
		t.Errorf("htmx sends %q", got)
	}
	if got := en.Find("[style], script:not([src]), style").Length(); got != 0 {
		t.Errorf("%d inline styles or scripts", got)
	}
	for _, form := range en.Find("form[method=post]").EachIter() {
		if form.Find("input[name="+parts.CSRFField+"]").Length() != 1 {
			action, _ := form.Attr("action")
			t.Errorf("the form to %s has no token", action)
		}
	}
}

func TestEachStateHasItsOwnWordAndShape(t *testing.T) {
	for _, lang := range i18n.Langs() {
		words, shapes := map[string]string{}, map[string]string{}
		for _, state := range states {
			badge := render(t, in(lang), parts.Badge(state)).Find("[data-state=" + state + "]")
			shape, _ := badge.Find("svg").Html()
			if other := words[badge.Text()]; other != "" || badge.Text() == "state."+state {
				t.Errorf("%s: %s says %q, as %q does", lang, state, badge.Text(), other)
			}
			if other := shapes[shape]; other != "" || shape == "" {
				t.Errorf("%s has the shape of %q", state, other)
			}
			words[badge.Text()], shapes[shape] = state, state
		}
	}
}

func TestTimeLeftLevelsAndWords(t *testing.T) {
	for _, c := range []struct {
		left   time.Duration
		paused bool
		level  parts.Level
		fa, en string
	}{
		{125 * time.Minute, false, parts.Calm, "۲ ساعت و ۵ دقیقه مانده", "2 h 5 min left"},
		{120 * time.Minute, false, parts.Calm, "۲ ساعت مانده", "2 h left"},
		{61 * time.Minute, false, parts.Calm, "۱ ساعت و ۱ دقیقه مانده", "1 h 1 min left"},
		{60 * time.Minute, false, parts.Soon, "۱ ساعت مانده", "1 h left"},
		{59 * time.Minute, false, parts.Soon, "۵۹ دقیقه مانده", "59 min left"},
		{30 * time.Minute, false, parts.Soon, "۳۰ دقیقه مانده", "30 min left"},
		{29 * time.Minute, false, parts.Urgent, "فوری · ۲۹ دقیقه", "Urgent · 29 min"},
		{30 * time.Second, false, parts.Urgent, "فوری · کمتر از یک دقیقه", "Urgent · under a minute"},
		{0, false, parts.Late, "موعد گذشت", "Just became late"},
		{-time.Minute, false, parts.Late, "۱ دقیقه دیرکرد", "1 min late"},
		{-65 * time.Minute, false, parts.Late, "۱ ساعت و ۵ دقیقه دیرکرد", "1 h 5 min late"},
		{-time.Minute, true, parts.Paused, "متوقف", "Paused"},
	} {
		promise := timeLeft(c.left, time.Hour)
		promise.Paused = c.paused
		if got := promise.Level(); got != c.level {
			t.Errorf("%v: level %s, want %s", c.left, got, c.level)
		}
		for lang, want := range map[i18n.Lang]string{i18n.FA: c.fa, i18n.EN: c.en} {
			doc := render(t, in(lang), parts.TimeLeftBadge(promise))
			if got := doc.Find("[data-words]").Text(); got != want {
				t.Errorf("%v: %q, want %q", c.left, got, want)
			}
			if counts := doc.Find("[data-countdown]").Length() == 1; counts == c.paused {
				t.Errorf("%v: counting down is %v, paused is %v", c.left, counts, c.paused)
			}
		}
	}
}

func TestWrongFieldSaysTheSameBesideItAndInTheSummary(t *testing.T) {
	ctx := in(i18n.FA)
	wrong := []fault.Field{{Name: "mobile", Key: "parts.file.too_large", Args: []any{"size", 20}}}
	form := render(t, ctx, templ.Join(
		parts.ErrorSummary(wrong),
		parts.Input(parts.Field{Name: "mobile", Label: "همراه", Help: "راهنما", Value: `"><script>`, Error: parts.ErrorFor(ctx, wrong, "mobile")}, parts.PhoneKind),
		parts.Input(parts.Field{Name: "name", Label: "نام", Error: parts.ErrorFor(ctx, wrong, "name")}, parts.TextKind),
	))
	link := form.Find("[role=alert] a")
	beside := form.Find("#f-mobile-error").Text()
	if want := "خطا: " + link.Text(); beside != want {
		t.Errorf("beside the field %q, want %q", beside, want)
	}
	href, _ := link.Attr("href")
	input := form.Find("input" + href)
	for name, want := range map[string]string{"aria-invalid": "true", "aria-describedby": "f-mobile-help f-mobile-error", "dir": "ltr", "value": `"><script>`} {
		if got, _ := input.Attr(name); got != want {
			t.Errorf("%s of the field is %q, want %q", name, got, want)
		}
	}
	if form.Find("#f-name[aria-invalid]").Length() != 0 {
		t.Error("a field that is right is marked wrong")
	}
}

func TestSummaryLinksReachGroupsOfChoices(t *testing.T) {
	options := []parts.Option{{Value: "a", Label: "A"}, {Value: "b", Label: "B"}}
	group := render(t, in(i18n.EN), parts.Radios(parts.Field{Name: "kind", Label: "Kind", Error: "Choose one", Value: "b"}, options))
	if group.Find("input#"+parts.FieldID("kind")+"[type=radio]").Length() != 1 {
		t.Error("no first radio under the field's id")
	}
	if got, _ := group.Find("input[checked]").Attr("value"); got != "b" {
		t.Errorf("chosen %q, want b", got)
	}
	if got, _ := group.Find("fieldset").Attr("aria-describedby"); got != "f-kind-error" {
		t.Errorf("the group is described by %q", got)
	}
}

func TestPasswordIsNeverSentBack(t *testing.T) {
	html := render(t, in(i18n.EN), parts.Password(parts.Field{Name: "password", Label: "Password", Value: "hunter2"}))
	if got, has := html.Find("input[type=password]").Attr("value"); has {
		t.Errorf("the password came back as %q", got)
	}
}

func TestOnlyDirectionalIconsMirror(t *testing.T) {
	for name, want := range map[string]int{"back": 1, "next": 1, "send": 1, "clock": 0, "search": 0} {
		if got := render(t, in(i18n.FA), parts.Icon(name)).Find("svg.icon-mirror[aria-hidden=true]").Length(); got != want {
			t.Errorf("%s mirrors %d times, want %d", name, got, want)
		}
	}
}

func TestLinksWithScriptsAreDefused(t *testing.T) {
	button := render(t, in(i18n.EN), parts.Button(parts.ButtonOptions{Href: "javascript:alert(1)"}))
	if got, _ := button.Find("a").Attr("href"); got == "javascript:alert(1)" {
		t.Error("a javascript: address became a link")
	}
}
