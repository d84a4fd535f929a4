package email

import (
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/mail"
	"strconv"
	"strings"
	"time"

	"pishkhan/internal/clock"
)

// TLS says how the connection to the server is made private.
type TLS string

// The ways to make it private.
const (
	StartTLS TLS = "starttls" // begins in the clear, and goes no further without TLS; port 587
	Implicit TLS = "tls"      // TLS from the first byte; port 465
	NoTLS    TLS = "none"     // in the clear: to this machine only
)

// Config is one account at an SMTP server. It holds the password, and however
// it is printed, logged or marshalled it reads ***.
type Config struct {
	Host     string
	Port     int    // that of the TLS mode when zero
	User     string // no sign-in when empty
	Password string // a secret
	From     mail.Address
	TLS      TLS            // StartTLS when empty
	RootCAs  *x509.CertPool // who may vouch for the server; the system's when nil
	Timeout  time.Duration  // of one message, from dialling to acceptance: 25 seconds when zero
	Clock    clock.Clock    // for the Date of messages: the system's when nil
}

const mask = "***"

// Format writes *** for every verb.
func (Config) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, mask) }

// LogValue returns ***, for log/slog.
func (Config) LogValue() slog.Value { return slog.StringValue(mask) }

// MarshalJSON returns "***".
func (Config) MarshalJSON() ([]byte, error) { return []byte(`"` + mask + `"`), nil }

func (c Config) withDefaults() Config {
	if c.TLS == "" {
		c.TLS = StartTLS
	}
	if c.Port == 0 {
		c.Port = map[TLS]int{StartTLS: 587, Implicit: 465, NoTLS: 25}[c.TLS]
	}
	if c.Timeout == 0 {
		c.Timeout = 25 * time.Second
	}
	if c.Clock == nil {
		c.Clock = clock.System{}
	}
	return c
}

func (c Config) check() error {
	switch {
	case c.Host == "" || strings.ContainsAny(c.Host, "/ \r\n"):
		return errors.New("email: the server's name is missing or wrong")
	case c.TLS != StartTLS && c.TLS != Implicit && c.TLS != NoTLS:
		return errors.New("email: TLS is neither starttls, tls nor none")
	case c.TLS == NoTLS && !loopback(c.Host):
		return errors.New("email: without TLS, only a server on this machine may be used")
	case c.User == "" && c.Password != "":
		return errors.New("email: a password without a user")
	}
	if from, err := address(c.From.Address); err != nil || from.Address != c.From.Address || unclean(c.From.Name) {
		return errors.New("email: the sender's address is wrong")
	}
	return nil
}

// domain is the part of the sender's address after the @: what we greet with
// and where our Message-IDs live.
func (c Config) domain() string { return c.From.Address[strings.LastIndex(c.From.Address, "@")+1:] }

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// redact replaces the password: as it is, as it goes over the wire, and as
// net/textproto quotes it.
func (c Config) redact(s string) string {
	if c.Password == "" {
		return s
	}
	encode := base64.StdEncoding.EncodeToString
	quoted := strconv.Quote(c.Password)
	return strings.NewReplacer(
		encode([]byte("\x00"+c.User+"\x00"+c.Password)), mask,
		encode([]byte(c.Password)), mask,
		quoted[1:len(quoted)-1], mask,
		c.Password, mask,
	).Replace(s)
}
