// Package config reads the environment into one checked struct.
package config

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"reflect"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"

	"pishkhan/internal/seal"
)

// Config is everything that the environment decides. Fields of type
// seal.Secret never print.
type Config struct {
	DatabaseURL    seal.Secret    `env:"DATABASE_URL"`
	BaseURL        string         `env:"PISHKHAN_BASE_URL"`
	KEKFile        string         `env:"PISHKHAN_KEK_FILE"`
	BlobDir        string         `env:"PISHKHAN_BLOB_DIR"`
	TrustedProxies []netip.Prefix `env:"PISHKHAN_TRUSTED_PROXIES"`
	QuoteLife      time.Duration  `env:"PISHKHAN_QUOTE_LIFE" envDefault:"30m"`
	AsanPardakht   AsanPardakht   `envPrefix:"PISHKHAN_ASANPARDAKHT_"`
	SMTP           SMTP           `envPrefix:"PISHKHAN_SMTP_"`
	Kavenegar      Kavenegar      `envPrefix:"PISHKHAN_KAVENEGAR_"`
}

// AsanPardakht is the account at the payment gateway. Without a user, `up`
// pays at its simulator.
type AsanPardakht struct {
	APIHost  string      `env:"API_HOST" envDefault:"https://ipgrest.asanpardakht.ir"`
	PayPage  string      `env:"PAY_PAGE" envDefault:"https://asan.shaparak.ir"`
	User     string      `env:"USER"`
	Password seal.Secret `env:"PASSWORD"`
	Merchant int64       `env:"MERCHANT"` // merchantConfigurationId
	Service  int         `env:"SERVICE_TYPE" envDefault:"1"`
}

// SMTP is the mail server. Without a host, e-mails stay in the outbox.
type SMTP struct {
	Host     string      `env:"HOST"`
	Port     int         `env:"PORT"` // that of the TLS mode when 0
	User     string      `env:"USER"`
	Password seal.Secret `env:"PASSWORD"`
	From     string      `env:"FROM"`
	TLS      string      `env:"TLS" envDefault:"starttls"` // starttls, tls, none (loopback only)
}

// Kavenegar is the account at the SMS provider. Without a key, SMS stay in
// the outbox.
type Kavenegar struct {
	APIKey  seal.Secret `env:"API_KEY"`
	Sender  string      `env:"SENDER"`
	BaseURL string      `env:"BASE_URL" envDefault:"https://api.kavenegar.com"`
}

// Read reads and checks the environment.
func Read() (Config, error) {
	var c Config
	err := env.ParseWithOptions(&c, env.Options{FuncMap: map[reflect.Type]env.ParserFunc{
		reflect.TypeFor[seal.Secret](): func(v string) (any, error) { return seal.NewSecret(v), nil },
	}})
	if err != nil {
		return Config{}, fmt.Errorf("configuration: %w", err)
	}
	c.BaseURL = strings.TrimRight(c.BaseURL, "/")
	return c, c.check()
}

func (c Config) check() error {
	var wrong []error
	if c.BaseURL != "" {
		if u, err := url.Parse(c.BaseURL); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.Path != "" {
			wrong = append(wrong, errors.New("PISHKHAN_BASE_URL must be like https://shop.example.ir, without a path"))
		}
	}
	if c.AsanPardakht.User != "" && (c.AsanPardakht.Password.Reveal() == "" || c.AsanPardakht.Merchant == 0) {
		wrong = append(wrong, errors.New("PISHKHAN_ASANPARDAKHT_USER needs PISHKHAN_ASANPARDAKHT_PASSWORD and _MERCHANT too"))
	}
	if c.SMTP.Host != "" && c.SMTP.From == "" {
		wrong = append(wrong, errors.New("PISHKHAN_SMTP_HOST needs PISHKHAN_SMTP_FROM too"))
	}
	if c.QuoteLife < time.Minute || c.QuoteLife > 24*time.Hour {
		wrong = append(wrong, errors.New("PISHKHAN_QUOTE_LIFE must be between 1m and 24h"))
	}
	return errors.Join(wrong...)
}

// Line is one variable as Dump shows it.
type Line struct {
	Name  string
	Value string // "***" for a secret that is set
}

// Dump lists every variable with its value, secrets redacted.
func (c Config) Dump() []Line { return dump(reflect.ValueOf(c), "") }

func dump(v reflect.Value, prefix string) []Line {
	var lines []Line
	for i := range v.NumField() {
		field, value := v.Type().Field(i), v.Field(i)
		name := prefix + field.Tag.Get("env")
		if inner, ok := field.Tag.Lookup("envPrefix"); ok {
			lines = append(lines, dump(value, prefix+inner)...)
			continue
		}
		shown := fmt.Sprint(value.Interface())
		if secret, ok := value.Interface().(seal.Secret); ok && secret.Reveal() == "" {
			shown = ""
		}
		lines = append(lines, Line{Name: name, Value: shown})
	}
	return lines
}
