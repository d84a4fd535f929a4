package orders

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Codes hold no letter that is misread, do not repeat, and no letter is
// likelier than another.
func TestNewCode(t *testing.T) {
	t.Parallel()
	seen, letters := map[string]bool{}, map[rune]int{}
	const draws = 20_000
	doubles := 0 // one comes in every hundredth run, three in a millionth
	for range draws {
		code := newCode()
		if len(code) != 7 || strings.Trim(code, codeAlphabet) != "" || strings.ContainsAny(code, "01ILOU") {
			t.Fatalf("code %q", code)
		}
		if seen[code] {
			doubles++
		}
		seen[code] = true
		for _, r := range code {
			letters[r]++
		}
	}
	if doubles > 2 {
		t.Errorf("%d codes came again in %d draws", doubles, draws)
	}
	expected := float64(draws*7) / 30
	for r, n := range letters {
		if math.Abs(float64(n)-expected) > 6*math.Sqrt(expected) { // six sigma
			t.Errorf("%c came %d times, about %.0f expected", r, n, expected)
		}
	}
	if len(letters) != 30 {
		t.Errorf("%d letters", len(letters))
	}
}

// Cleaning what was cleaned changes nothing, and every code survives it in
// small letters.
func TestCleanCodeProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		typed := rapid.String().Draw(t, "typed")
		if once := CleanCode(typed); CleanCode(once) != once {
			t.Fatalf("%q: %q, then %q", typed, once, CleanCode(once))
		}
		code := rapid.StringMatching("[2-9A-HJKMNP-TV-Z]{7}").Draw(t, "code")
		if CleanCode(strings.ToLower(code)) != code {
			t.Fatal(code)
		}
	})
}
