package static_test

import (
	"bytes"
	"strings"
	"testing"

	"pishkhan/static"
)

func TestPathCarriesTheVersionOfTheContent(t *testing.T) {
	css, ok := static.Get("app.css")
	if !ok {
		t.Fatal("app.css is not served")
	}
	if got, want := static.Path("app.css"), "/static/app.css?v="+css.Version; got != want || len(css.Version) != 12 {
		t.Errorf("Path = %q, want %q with 12 hex digits", got, want)
	}
}

func TestPathPanicsForAMisprint(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic for a file that is not served")
		}
	}()
	static.Path("app.cs")
}

// The page preloads the font by static.Path: the sheet must ask for the same address.
func TestTheSheetAsksForTheFontThatIsServed(t *testing.T) {
	css, _ := static.Get("app.css")
	want := strings.TrimPrefix(static.Path("vazirmatn.woff2"), static.Prefix)
	if !bytes.Contains(css.Content, []byte(want)) {
		t.Errorf("app.css does not name %s", want)
	}
}

// A policy without data: and unsafe-eval must be enough.
func TestFilesFitAStrictPolicy(t *testing.T) {
	css, _ := static.Get("app.css")
	if bytes.Contains(css.Content, []byte("url(data:")) || bytes.Contains(css.Content, []byte(`url("data:`)) {
		t.Error("app.css has a data: address")
	}
	js, _ := static.Get("app.js")
	for _, banned := range []string{"eval(", "new Function", ".innerHTML", "document.write", "http://", "https://"} {
		if bytes.Contains(js.Content, []byte(banned)) {
			t.Errorf("app.js has %s", banned)
		}
	}
}
