// Package i18ntest helps the tests of whoever puts message keys together at
// run time ("order.state." + state): keys written out in code are found by
// i18n's own tests.
package i18ntest

import (
	"testing"

	"pishkhan/internal/i18n"
)

// Has fails the test for each key that lacks words in a language.
func Has(t testing.TB, keys ...string) {
	t.Helper()
	for _, key := range keys {
		for _, lang := range i18n.Langs() {
			if !lang.Has(key) {
				t.Errorf("%s has no words in %s", key, lang)
			}
		}
	}
}
