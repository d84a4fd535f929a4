package kavenegar

// State is the fate of a message, as far as the provider tells.
type State string

// The states of a message.
const (
	Queued    State = "queued"    // the provider has it
	Sent      State = "sent"      // it is at the carrier
	Delivered State = "delivered" // it is on the telephone
	Failed    State = "failed"    // it will not arrive
	Blocked   State = "blocked"   // the recipient refuses such messages: an opt-out
	Unknown   State = "unknown"   // the provider does not know, or says what we do not
)

// state returns what the provider's number for a message's state means.
func (e entry) state() State {
	switch e.Status {
	case 1, 2: // queued, scheduled
		return Queued
	case 4, 5: // at the carrier
		return Sent
	case 10:
		return Delivered
	case 6, 11, 13: // failed, undelivered, cancelled
		return Failed
	case 14:
		return Blocked
	}
	return Unknown
}
