package orders

// State is where an order stands.
type State string

// The states of an order; Done, Cancelled and Expired are final, but that Done can be reopened.
const (
	AwaitingPayment State = "awaiting_payment"
	AwaitingKYC     State = "awaiting_kyc" // paid, but the identity is not verified yet
	Paid            State = "paid"         // in the queue
	InProgress      State = "in_progress"  // claimed
	WaitingCustomer State = "waiting_customer"
	Done            State = "done"
	Cancelled       State = "cancelled"
	Expired         State = "expired"
)

// States lists all states in the order of an order's life.
var States = []State{AwaitingPayment, AwaitingKYC, Paid, InProgress, WaitingCustomer, Done, Cancelled, Expired}

// Verb is what somebody does to an order.
type Verb string

// The verbs that change a state, and those that only leave a note in the history.
const (
	Settle         Verb = "settle"          // the money came; the identity was verified before
	SettleUnproven Verb = "settle_unproven" // the money came; the identity is not verified yet
	Verify         Verb = "verify"          // the identity was verified; the money came before
	Claim          Verb = "claim"
	Release        Verb = "release"
	Skip           Verb = "skip"     // given back, and passed over for a while; of a free order a note
	PutBack        Verb = "put_back" // a supervisor gave a colleague's order back
	Lapse          Verb = "lapse"    // nobody worked on it
	Hold           Verb = "hold"
	Answer         Verb = "answer"
	AskExtra       Verb = "ask_extra"   // the customer is asked for the difference to the price
	ExtraPaid      Verb = "extra_paid"  // and has paid it
	ExtraEnded     Verb = "extra_ended" // or it is not asked any more
	Complete       Verb = "complete"
	Cancel         Verb = "cancel"
	Expire         Verb = "expire"
	Reopen         Verb = "reopen" // what was done is done again, under a new clock

	Place           Verb = "place"
	IdentityFiled   Verb = "identity_filed"
	IdentityOK      Verb = "identity_approved"
	IdentityRefused Verb = "identity_rejected"
	PurchaseStarted Verb = "purchase_started"
	PurchaseEnded   Verb = "purchase_ended"
	ReceiptAdded    Verb = "receipt_added"
	ReceiptRemoved  Verb = "receipt_removed"
	Revealed        Verb = "revealed"
	Contacted       Verb = "contacted"
	PaymentHeld     Verb = "payment_quarantined"
	Extend          Verb = "extend"  // a later time was agreed with the customer
	Retime          Verb = "retimed" // another calendar moved the deadline

	Warned           Verb = "warned"    // so much of the promised time is used
	Breached         Verb = "breached"  // the deadline passed
	Escalated        Verb = "escalated" // somebody further up was told how late it is
	HandOver         Verb = "hand_over"
	Steal            Verb = "steal"
	LeaseWarned      Verb = "lease_warned" // the claimant was told that the order will go back
	Noted            Verb = "noted"        // words for colleagues
	RefundAsked      Verb = "refund_asked"
	RefundApproved   Verb = "refund_approved"
	RefundUnapproved Verb = "refund_unapproved" // it goes to another account: that needs its own approval
	RefundSent       Verb = "refund_sent"
	RefundFailed     Verb = "refund_failed"
	NoteAdded        Verb = "note_added"
	NoteRemoved      Verb = "note_removed"
	NoteRestored     Verb = "note_restored"
	FileAttached     Verb = "file_attached" // for colleagues
	FileRemoved      Verb = "file_removed"
)

// clockAct is what a transition does to the working-time clock.
type clockAct int

const (
	leave clockAct = iota
	start
	pause
	resume
	stop
	reopen
)

// transition is one arrow of the drawing in the design.
type transition struct {
	verb  Verb
	from  State
	to    State
	clock clockAct
}

// transitions holds every arrow; what is not here cannot happen.
var transitions = []transition{
	{Settle, AwaitingPayment, Paid, start},
	{SettleUnproven, AwaitingPayment, AwaitingKYC, leave},
	{Verify, AwaitingKYC, Paid, start},
	{Claim, Paid, InProgress, leave},
	{Release, InProgress, Paid, leave},
	{Skip, InProgress, Paid, leave},
	{PutBack, InProgress, Paid, leave},
	{Lapse, InProgress, Paid, leave},
	{Hold, InProgress, WaitingCustomer, pause},
	{Answer, WaitingCustomer, InProgress, resume},
	{AskExtra, InProgress, WaitingCustomer, pause},
	{ExtraPaid, WaitingCustomer, InProgress, resume},
	{ExtraEnded, WaitingCustomer, InProgress, resume},
	{Complete, InProgress, Done, stop},
	{Cancel, AwaitingPayment, Cancelled, leave},
	{Cancel, AwaitingKYC, Cancelled, leave},
	{Cancel, Paid, Cancelled, stop},
	{Cancel, InProgress, Cancelled, stop},
	{Cancel, WaitingCustomer, Cancelled, stop},
	{Expire, AwaitingPayment, Expired, leave},
	{Reopen, Done, InProgress, reopen},
}

// arrows returns the transitions of verb: more than one when it starts from
// several states.
func arrows(verb Verb) (ways []transition) {
	for _, t := range transitions {
		if t.verb == verb {
			ways = append(ways, t)
		}
	}
	return ways
}
