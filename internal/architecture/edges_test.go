package architecture

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// A word in the tables below is a package's folder, less its "internal/".

// groups are the words that stand for several packages.
var groups = map[string]string{
	// values are what anybody may speak of: no database, no keys, no clock.
	"values": "audit fault i18n iran jalali money",
	// ground knows no business, and any room may stand on it.
	"ground": "values clock db inet meter seal token",
	// rooms are the parts of the business that write; board only reads.
	"rooms": "access attachments bulk campaigns carts catalog checkout clients club contacts customers deadlines fulfil letters notes notify orders payments pricing queue receipts refunds reports sla staff vault webhooks",
}

// allowed says which packages each package may import. A room's own
// generated queries are its own by Go's rule for internal folders.
var allowed = map[string]string{
	// The ground.
	"audit":         "db",
	"blob":          "fault seal",
	"clock":         "",
	"config":        "seal",
	"db":            "fault migrations",
	"db/dbtest":     "db devdb",
	"devdb":         "",
	"fault":         "",
	"i18n":          "iran jalali money",
	"i18n/i18ntest": "i18n",
	"inet":          "iran",
	"iran":          "fault",
	"jalali":        "fault iran",
	"meter":         "",
	"migrations":    "",
	"money":         "fault iran",
	"seal":          "clock fault",
	"spreadsheet":   "",
	"static":        "",
	"token":         "",

	// The rooms, from those that others build on to those that put them together.
	"access":      "ground",
	"staff":       "ground",
	"customers":   "ground attachments notify",
	"catalog":     "ground",
	"pricing":     "ground catalog notify staff",
	"sla":         "ground",
	"orders":      "ground sla",
	"vault":       "ground",
	"receipts":    "ground blob",
	"notify":      "ground",
	"payments":    "ground",
	"attachments": "ground blob orders receipts", // checks files as receipts does; files lie with orders
	"club":        "ground pricing",
	"campaigns":   "ground catalog club customers pricing",
	"carts":       "ground attachments campaigns catalog club pricing vault",
	"bulk":        "ground carts catalog pricing vault",
	"clients":     "ground",
	"webhooks":    "ground clients orders",
	"contacts":    "ground orders sla", // when to call again, in working time
	"queue":       "ground access attachments catalog orders sla",
	"notes":       "ground orders",
	"letters":     "ground customers notify orders",
	"checkout":    "ground attachments campaigns carts catalog clients club contacts customers letters notify orders payments pricing queue vault",
	"fulfil":      "ground club letters notify orders pricing queue receipts vault",
	"refunds":     "ground contacts fulfil letters notify orders payments queue",
	"deadlines":   "ground catalog customers notify orders queue sla staff",
	"live":        "clock",
	"reports":     "ground notify orders queue sla staff",
	"board":       "ground contacts customers notify orders payments pricing queue refunds sla staff", // their types

	// Adapters know the port that they fill.
	"notify/email":          "clock notify",
	"notify/sms/kavenegar":  "notify",
	"payments/asanpardakht": "ground payments",
	"payments/sandbox":      "clock jalali",
	"payments/zarinpal":     "ground payments",

	// Pages take what rooms know, as types.
	"views/parts":    "values static",
	"views/deadline": "values rooms",
	"views/mail":     "values rooms views/deadline",
	"views/shop":     "values rooms views/parts views/deadline",
	"views/desk":     "values rooms board seal views/parts views/deadline",

	// The top.
	"house":     "ground rooms board live blob",
	"jobs":      "ground rooms house views/mail blob",
	"web":       "ground rooms house static views/parts views/deadline",
	"web/shop":  "ground rooms house static views/parts views/shop web",
	"web/desk":  "ground rooms house static views/parts views/desk web board live blob views/shop spreadsheet", // to try out a service as its customers will see it
	"web/api":   "ground rooms house web",
	"sample":    "ground rooms house jobs payments/asanpardakht payments/sandbox",
	"crowd":     "ground rooms house",
	"testworld": "ground rooms house jobs sample crowd payments/asanpardakht payments/sandbox blob db/dbtest",
	"e2e":       "devdb",
	"cmd/pishkhan": "ground rooms house jobs sample crowd web web/api web/desk web/shop blob config devdb " +
		"notify/email notify/sms/kavenegar payments/asanpardakht payments/sandbox payments/zarinpal",
}

// planned packages may be missing.
var planned = []string{"payments/zarinpal"}

func TestPackagesImportOnlyWhatTheyMay(t *testing.T) {
	for _, wrong := range wrongEdges(sources(t, product), allowed) {
		t.Error(wrong)
	}
}

func TestEveryPlannedPackageIsThere(t *testing.T) {
	for pkg := range allowed {
		if _, err := fs.Stat(product, folder(pkg)); err != nil && !slices.Contains(planned, pkg) {
			t.Errorf("%s is in the table, and not in the house", pkg)
		}
	}
}

func TestWrongEdgesAreSeen(t *testing.T) {
	tree := fstest.MapFS{
		"internal/orders/place.go":      {Data: []byte(`package orders; import ("fmt"; "pishkhan/internal/queue"; "pishkhan/internal/clock")`)},
		"internal/orders/place_test.go": {Data: []byte(`package orders; import "pishkhan/internal/web"`)},
		"internal/queue/claim.go":       {Data: []byte(`package queue; import "pishkhan/internal/orders"`)},
		"internal/newroom/new.go":       {Data: []byte(`package newroom`)},
		"views/desk/queue_templ.go":     {Data: []byte(`package desk; import "pishkhan/internal/db/dbtest"`)},
	}
	got := wrongEdges(sources(t, tree), allowed)
	want := []string{
		"internal/newroom/new.go: newroom is not in the table",
		"internal/orders/place.go: orders may not import queue",
		"views/desk/queue_templ.go: views/desk may not import db/dbtest",
	}
	if !slices.Equal(got, want) {
		t.Errorf("saw %q, want %q", got, want)
	}
}

// TestTheTableKeepsTheDoorsShut holds the table itself to what must never be.
func TestTheTableKeepsTheDoorsShut(t *testing.T) {
	never := func(from, to string) {
		if slices.Contains(expand(allowed[from]), to) {
			t.Errorf("the table lets %s import %s", from, to)
		}
	}
	for _, room := range append(expand("rooms"), "board") {
		for _, top := range []string{"web", "jobs", "house", "views/desk", "views/shop", "views/mail", "views/parts"} {
			never(room, top)
		}
	}
	for _, later := range []string{"queue", "payments", "checkout"} {
		never("orders", later)
	}
	for pkg := range allowed {
		if pkg != "testworld" {
			never(pkg, "db/dbtest")
		}
		never(pkg, "testworld")
		if pkg != "web/desk" && pkg != "views/desk" && pkg != "house" { // house makes it
			never(pkg, "board")
		}
	}
}

// wrongEdges says which imports the table does not allow, and which packages
// it does not know.
func wrongEdges(files []source, table map[string]string) []string {
	var wrong []string
	for _, file := range files {
		pkg := word(file.pkg)
		words, known := table[pkg]
		if !known {
			wrong = append(wrong, fmt.Sprintf("%s: %s is not in the table", file.name, pkg))
			continue
		}
		may := expand(words)
		for _, imported := range file.imports {
			own, ok := strings.CutPrefix(imported, module)
			if !ok || path.Base(own) == "sqlq" {
				continue
			}
			if to := word(own); !slices.Contains(may, to) {
				wrong = append(wrong, fmt.Sprintf("%s: %s may not import %s", file.name, pkg, to))
			}
		}
	}
	return wrong
}

// expand lists the packages that the words stand for.
func expand(words string) []string {
	var packages []string
	for _, w := range strings.Fields(words) {
		if members, ok := groups[w]; ok {
			packages = append(packages, expand(members)...)
		} else {
			packages = append(packages, w)
		}
	}
	return packages
}

// word is how the tables name a folder.
func word(dir string) string { return strings.TrimPrefix(dir, "internal/") }

func folder(word string) string {
	switch first, _, _ := strings.Cut(word, "/"); first {
	case "cmd", "views", "static", "migrations":
		return word
	}
	return "internal/" + word
}
