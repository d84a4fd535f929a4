package inet_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"pishkhan/internal/inet"
)

func TestMayDial(t *testing.T) {
	for address, want := range map[string]bool{
		"8.8.8.8": true, "2606:4700::1111": true, "::ffff:8.8.8.8": true,
		"10.0.0.1": false, "172.16.9.9": false, "192.168.1.1": false, "169.254.169.254": false, "0.0.0.0": false,
		"100.64.0.1": false, "224.0.0.1": false, "255.255.255.255": false, "::ffff:10.0.0.1": false, "::ffff:127.0.0.1": false,
		"fd00::1": false, "fe80::1": false, "::": false, "64:ff9b::a00:1": false, "2002:a00:1::": false,
		"127.0.0.1": false, "127.9.9.9": false, "::1": false,
	} {
		if got := inet.MayDial(netip.MustParseAddr(address), false); got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
	if !inet.MayDial(netip.MustParseAddr("127.0.0.1"), true) || !inet.MayDial(netip.MustParseAddr("::1"), true) {
		t.Error("loopback is refused where it is allowed")
	}
	if inet.MayDial(netip.MustParseAddr("10.0.0.1"), true) {
		t.Error("a neighbour is taken for this machine")
	}
}

func TestTheClientStaysOutOfOurNetworks(t *testing.T) {
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		http.Redirect(w, r, "/elsewhere", http.StatusFound)
	}))
	defer server.Close()
	for _, address := range []string{server.URL, strings.Replace(server.URL, "127.0.0.1", "localhost", 1)} {
		_, err := inet.NewClient(5*time.Second, false).Get(address)
		if !errors.Is(err, inet.ErrPrivate) || asked != 0 {
			t.Errorf("%s: %v, asked %d times", address, err, asked)
		}
	}
	answer, err := inet.NewClient(5*time.Second, true).Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusFound || asked != 1 {
		t.Errorf("%d, asked %d times", answer.StatusCode, asked)
	}
}
