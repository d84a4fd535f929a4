package kavenegar

import (
	"context"
	"fmt"
	"net/url"
	"strings"
)

// MaxStatus is how many messages one Status call may ask about.
const MaxStatus = 500

// Delivery is how far a message has come.
type Delivery struct {
	ProviderID string
	State      State
}

// Status asks how far messages have come, by the provider's ids (sms/status).
// The provider remembers them for 48 hours; what it does not know is Unknown.
// The answer may leave some out.
func (c *Client) Status(ctx context.Context, providerIDs ...string) ([]Delivery, error) {
	if len(providerIDs) == 0 {
		return nil, nil
	}
	if len(providerIDs) > MaxStatus {
		return nil, invalid(status, fmt.Sprintf("more than %d messages", MaxStatus))
	}
	for _, id := range providerIDs {
		if !numeric(id) {
			return nil, invalid(status, "a message id is not a number")
		}
	}
	entries, err := c.call(ctx, status, url.Values{"messageid": {strings.Join(providerIDs, ",")}})
	if err != nil {
		return nil, err
	}
	var deliveries []Delivery
	for _, e := range entries {
		if id := e.id(); id != "" {
			deliveries = append(deliveries, Delivery{ProviderID: id, State: e.state()})
		}
	}
	return deliveries, nil
}

// StatusByLocalID asks what became of our own message localID
// (sms/statuslocalmessageid): found is false when the provider never accepted
// it, and sending it, with the same id, is right. The provider remembers our
// ids for about 12 hours.
func (c *Client) StatusByLocalID(ctx context.Context, localID string) (d Delivery, found bool, err error) {
	if !numeric(localID) {
		return Delivery{}, false, invalid(statusByLocalID, "the local id is not a number")
	}
	entries, err := c.call(ctx, statusByLocalID, url.Values{"localid": {localID}})
	if err != nil {
		return Delivery{}, false, err
	}
	for _, e := range entries {
		const unknownID = 100
		other := e.LocalID != "" && string(e.LocalID) != localID
		if e.id() != "" && e.Status != unknownID && !other {
			return Delivery{ProviderID: e.id(), State: e.state()}, true, nil
		}
	}
	return Delivery{}, false, nil
}
