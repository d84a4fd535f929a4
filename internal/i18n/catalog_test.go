package i18n

import (
	"bytes"
	"encoding/json"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestEveryKeyIsWrittenOnce(t *testing.T) {
	for _, lang := range Langs() {
		home := map[string]string{}
		for _, name := range messageFiles(lang) {
			for _, key := range keysInOrder(t, name) {
				if first, twice := home[key]; twice {
					t.Errorf("%s is in %s and in %s", key, first, name)
				}
				home[key] = name
				if !wellFormedKey.MatchString(key) {
					t.Errorf("%s: %q is not of the form area.name", name, key)
				}
			}
		}
	}
}

var wellFormedKey = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[A-Za-z0-9_-]+)+$`)

func TestBothLanguagesHaveTheSameFiles(t *testing.T) {
	names := map[Lang][]string{}
	for _, lang := range Langs() {
		for _, name := range messageFiles(lang) {
			names[lang] = append(names[lang], path.Base(name))
		}
	}
	if !slices.Equal(names[FA], names[EN]) {
		t.Errorf("fa has %v, en has %v", names[FA], names[EN])
	}
}

func TestBothLanguagesAgree(t *testing.T) {
	persian, english := families(FA), families(EN)
	for _, key := range slices.Sorted(maps.Keys(persian)) {
		if _, ok := english[key]; !ok {
			t.Errorf("%s is missing in en", key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(english)) {
		message, ok := persian[key]
		if !ok {
			t.Errorf("%s is missing in fa", key)
			continue
		}
		if fa, en := placeholders(message), placeholders(english[key]); !slices.Equal(fa, en) {
			t.Errorf("%s: fa has the placeholders %v, en has %v", key, fa, en)
		}
	}
}

// The words for one may leave the number out ("one order"), but need
// nothing that the words for others do not.
func TestPluralsComeInPairs(t *testing.T) {
	for _, lang := range Langs() {
		for key, message := range catalogs[lang] {
			base, counted := strings.CutSuffix(key, ".one")
			if !counted {
				continue
			}
			other, ok := catalogs[lang][base+".other"]
			if !ok {
				t.Errorf("%s: %s has no %s.other", lang, key, base)
			}
			if _, plain := catalogs[lang][base]; plain {
				t.Errorf("%s: %s hides %s", lang, base, key)
			}
			for _, name := range placeholders(message) {
				if !slices.Contains(placeholders(other), name) {
					t.Errorf("%s: only %s has {%s}", lang, key, name)
				}
			}
		}
	}
}

func TestEveryMessageIsWritten(t *testing.T) {
	for _, lang := range Langs() {
		for key, message := range catalogs[lang] {
			if strings.TrimSpace(message) == "" || message != strings.TrimSpace(message) {
				t.Errorf("%s: %s is %q", lang, key, message)
			}
			if bare := placeholder.ReplaceAllString(message, ""); strings.ContainsAny(bare, "{}") {
				t.Errorf("%s: %s has a stray brace: %q", lang, key, message)
			}
		}
	}
}

// Persian is written with its own letters and digits. Latin text with
// digits in it, such as a code, is marked by the isolates U+2066 … U+2069,
// which it needs anyway to stay in order.
func TestPersianIsWrittenInPersian(t *testing.T) {
	for key, message := range catalogs[FA] {
		bare := placeholder.ReplaceAllString(isolated.ReplaceAllString(message, ""), "")
		if strings.ContainsAny(bare, "يىك") {
			t.Errorf("%s has an Arabic ye or kaf: %q", key, message)
		}
		if strings.ContainsAny(bare, "0123456789٠١٢٣٤٥٦٧٨٩") {
			t.Errorf("%s has digits that are not Persian (write them in Persian, or put the Latin text between \\u2066 and \\u2069): %q", key, message)
		}
	}
}

var (
	placeholder = regexp.MustCompile(`\{([a-z][a-z0-9_]*)\}`)
	isolated    = regexp.MustCompile("\u2066[^\u2069]*\u2069")
)

// families are the messages of a language with key.one and key.other as one
// key: languages differ in how they count.
func families(lang Lang) map[string]string {
	words := maps.Clone(catalogs[lang])
	for key := range catalogs[lang] {
		base, counted := strings.CutSuffix(key, ".one")
		if other, ok := words[base+".other"]; counted && ok {
			delete(words, key)
			delete(words, base+".other")
			words[base] = other
		}
	}
	return words
}

func placeholders(message string) []string {
	var names []string
	for _, match := range placeholder.FindAllStringSubmatch(message, -1) {
		names = append(names, match[1])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// keysInOrder reads the keys of a flat JSON file, repeated ones included.
func keysInOrder(t *testing.T, name string) []string {
	t.Helper()
	content, err := files.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	tokens := json.NewDecoder(bytes.NewReader(content))
	for tokens.More() {
		token, err := tokens.Token()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		key, ok := token.(string)
		if !ok {
			continue // the opening brace
		}
		keys = append(keys, key)
		if value, err := tokens.Token(); err != nil {
			t.Fatalf("%s: %s: %v", name, key, err)
		} else if _, text := value.(string); !text {
			t.Fatalf("%s: %s is not a text", name, key)
		}
	}
	return keys
}
