package notify

import "context"

// Outbox stands in where no provider is configured: messages go nowhere, and
// the desk shows what would have gone.
type Outbox struct{}

// OutboxName is the provider of messages that went nowhere.
const OutboxName = "outbox"

// Name is what the desk shows as the provider.
func (Outbox) Name() string { return OutboxName }

// Send keeps the message where it is.
func (Outbox) Send(context.Context, Parcel) (string, error) { return "", nil }
