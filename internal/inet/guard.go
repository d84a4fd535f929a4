package inet

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"syscall"
	"time"
)

// ErrPrivate says that an address leads into a network that is not the
// public one.
var ErrPrivate = errors.New("the address is not a public one")

// reserved are the networks that are no private ones by netip's account, and
// still lead nowhere public, or in disguise to one of our own: carriers'
// shared space, protocol assignments, documentation, benchmarks, the future,
// and IPv6 that carries IPv4.
var reserved = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("::/96"), netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"),
	netip.MustParsePrefix("100::/64"), netip.MustParsePrefix("2001::/23"), netip.MustParsePrefix("2001:db8::/32"),
	netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("fec0::/10"),
}

// NewClient returns a client for addresses that somebody else has chosen: it
// follows no redirects, uses no proxy, and connects to what MayDial allows. An
// address is looked at when the connection is made, after its name was
// resolved: a name cannot lead elsewhere between. Its errors wrap ErrPrivate
// then. timeout is what one request may take in all.
func NewClient(timeout time.Duration, loopback bool) *http.Client {
	dialer := net.Dialer{Timeout: timeout, Control: func(_, address string, _ syscall.RawConn) error {
		to, err := netip.ParseAddrPort(address)
		if err != nil || !MayDial(to.Addr(), loopback) {
			return ErrPrivate
		}
		return nil
	}}
	return &http.Client{
		Timeout:       timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext:            dialer.DialContext,
			TLSHandshakeTimeout:    timeout,
			ResponseHeaderTimeout:  timeout,
			MaxResponseHeaderBytes: 64 << 10,
			DisableKeepAlives:      true,
			DisableCompression:     true,
		},
	}
}

// MayDial reports whether an address is of the public Internet, or of this
// machine where loopback allows it.
func MayDial(addr netip.Addr, loopback bool) bool {
	addr = addr.Unmap()
	if addr.IsLoopback() {
		return loopback
	}
	return addr.IsGlobalUnicast() && !addr.IsPrivate() &&
		!slices.ContainsFunc(reserved, func(p netip.Prefix) bool { return p.Contains(addr) })
}
