// Package inet knows the forms of names on the Internet: of hosts, and of
// mailboxes. It checks form only: whether anybody answers is found out by
// asking.
package inet

import (
	"net/mail"
	"net/netip"
	"regexp"
	"strings"

	"pishkhan/internal/iran"
)

// ReadEmail reads an e-mail address as typed, and reports whether mail can be
// sent to it. Persian and Arabic digits become ASCII; spaces around it and the
// marks that pasted text carries are dropped. Names in other letters than
// Latin ones, quoted mailboxes and host names without a dot exist on paper,
// and bounce.
func ReadEmail(typed string) (string, bool) {
	address := iran.ASCIIDigits(strings.TrimSpace(iran.WithoutMarks(typed)))
	if len(address) > 254 { // RFC 5321, 4.5.3.1.3, less its angle brackets
		return "", false
	}
	parsed, err := mail.ParseAddress(address)
	if err != nil || parsed.Address != address {
		return "", false
	}
	at := strings.LastIndexByte(address, '@')
	if at > 64 || strings.ContainsFunc(address[:at], notInMailbox) || !IsHostName(strings.ToLower(address[at+1:])) {
		return "", false
	}
	return address, true
}

func notInMailbox(r rune) bool { return r > '~' || r <= ' ' || strings.ContainsRune(`"(),:;<>@[\]`, r) }

// hostName is a public name in small Latin letters. Names in other letters
// look like others that they are not; browsers copy their xn-- form.
var hostName = regexp.MustCompile(`^(?:[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z0-9][a-z0-9-]{0,61}[a-z0-9]$`)

// IsHostName reports whether name, in small letters, is the form of a public
// host's name, rather than an IP address or the name of a machine next door.
func IsHostName(name string) bool {
	_, err := netip.ParseAddr(name)
	return err != nil && len(name) <= 253 && hostName.MatchString(name)
}
