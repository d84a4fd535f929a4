package catalog_test

import (
	"strings"
	"testing"

	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
)

func TestABoundIsToldInTheDigitsOfTheReader(t *testing.T) {
	_, err := testdata(t, "ielts-registration").Check(with(ielts(), "test_date", "2026-10-04"), today)
	field := fault.Of(err).Fields[0]
	if got := i18n.EN.T(field.Key, field.Args...); !strings.Contains(got, "2026/") {
		t.Errorf("English says %q", got)
	}
	if got := i18n.FA.T(field.Key, field.Args...); !strings.Contains(got, "۲۰۲۶/") || strings.ContainsAny(got, "0123456789") {
		t.Errorf("Persian says %q", got)
	}
}
