package config_test

import (
	"fmt"
	"strings"
	"testing"

	"pishkhan/internal/config"
)

func TestSecretsAreReadAndNeverShown(t *testing.T) {
	t.Setenv("DATABASE_URL", "postgres://u:hush@db/x")
	t.Setenv("PISHKHAN_SMTP_HOST", "mail.example.ir")
	t.Setenv("PISHKHAN_SMTP_FROM", "a@example.ir")
	t.Setenv("PISHKHAN_SMTP_PASSWORD", "hush-hush")
	c, err := config.Read()
	if err != nil {
		t.Fatal(err)
	}
	if c.SMTP.Password.Reveal() != "hush-hush" || c.DatabaseURL.Reveal() != "postgres://u:hush@db/x" {
		t.Error("a secret was not read")
	}
	if shown := fmt.Sprintf("%v %+v %#v %v", c, c, c, c.Dump()); strings.Contains(shown, "hush") {
		t.Errorf("a secret is shown: %s", shown)
	}
}

func TestWhatIsHalfConfiguredIsRefused(t *testing.T) {
	for name, value := range map[string]string{
		"PISHKHAN_BASE_URL": "shop.example.ir", "PISHKHAN_ASANPARDAKHT_USER": "u",
		"PISHKHAN_SMTP_HOST": "mail.example.ir", "PISHKHAN_QUOTE_LIFE": "2s",
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(name, value)
			if _, err := config.Read(); err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("%s=%s: %v; want an error that names it", name, value, err)
			}
		})
	}
}
