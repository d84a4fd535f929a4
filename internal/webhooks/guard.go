package webhooks

import (
	"net/http"
	"net/netip"
	"time"

	"pishkhan/internal/inet"
)

// timeout is what one try may take in all.
const timeout = 10 * time.Second

// errPrivate says that an endpoint is in a network that is not the public one.
var errPrivate = inet.ErrPrivate

func newHTTP(loopback bool) *http.Client { return inet.NewClient(timeout, loopback) }

func (w *Webhooks) mayDial(addr netip.Addr) bool { return inet.MayDial(addr, w.loopback) }
