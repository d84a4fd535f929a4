package asanpardakht

import "net/http"

// Endpoint is the last part of a call's address.
type Endpoint string

// The calls.
const (
	Time              Endpoint = "Time"
	Token             Endpoint = "Token"
	TransactionResult Endpoint = "TranResult"
	Verify            Endpoint = "Verify"
	Settlement        Endpoint = "Settlement"
	Reverse           Endpoint = "Reverse"
	Cancel            Endpoint = "Cancel"
)

// answersWithBody tells the calls that ask something from those that do
// something, whose status is the whole answer.
func (e Endpoint) answersWithBody() bool {
	return e == Time || e == Token || e == TransactionResult
}

// kind is what a code means for the caller; each has a predicate in error.go.
type kind int

const (
	unknown kind = iota
	done
	notPaid
	reversed
	verified
	settled
	refusal
	misconfigured
)

type meaning struct {
	kind kind
	text string
}

// meaningOf reads the status of an answer other than 200. A status that is
// in no table leaves the outcome unknown.
func meaningOf(endpoint Endpoint, status int) meaning {
	if m, ok := codes[endpoint][status]; ok {
		return m
	}
	switch status {
	case http.StatusBadRequest:
		return meaning{misconfigured, "bad request"}
	case http.StatusUnauthorized:
		return meaning{misconfigured, "user or password missing or wrong"}
	}
	return meaning{unknown, "undocumented status"}
}

// codes are the gateway's own, which mean other things at each endpoint.
var codes = map[Endpoint]map[int]meaning{
	Token: {
		471: {misconfigured, "merchant not trusted"},
		473: {misconfigured, "wrong user or password"},
		474: {misconfigured, "caller's address not allowed"},
		475: {refusal, "invoice not numeric"},
		476: {refusal, "amount not numeric"},
		477: {refusal, "local date of the wrong length"},
		478: {refusal, "local date of the wrong form"},
		479: {misconfigured, "wrong service type"},
		482: {refusal, "slices do not add up to the amount"},
		483: {refusal, "IBAN not registered"},
		484: {unknown, "internal error"},
		485: {refusal, "wrong local date"},
		486: {refusal, "amount out of range"},
		487: {unknown, "service unavailable"},
		488: {misconfigured, "callback address not accepted"},
		489: {refusal, "invoice number used before"},
		490: {misconfigured, "merchant disabled"},
		571: {misconfigured, "misconfigured (571)"},
		572: {misconfigured, "misconfigured (572)"},
		573: {misconfigured, "misconfigured (573)"},
		574: {misconfigured, "misconfigured (574)"},
		575: {misconfigured, "misconfigured (575)"},
		576: {misconfigured, "misconfigured (576)"},
		577: {misconfigured, "misconfigured (577)"},
		578: {misconfigured, "misconfigured (578)"},
		579: {misconfigured, "misconfigured (579)"},
		580: {misconfigured, "misconfigured (580)"},
	},
	TransactionResult: {
		471: {misconfigured, "merchant not trusted"},
		472: {notPaid, "no such payment"},
		571: {unknown, "processing error"},
	},
	Verify: {
		471: {notPaid, "the payment failed"},
		472: {done, "already verified"},
		473: {done, "settlement already asked for"},
		474: {reversed, "reversal already asked for"},
		475: {done, "listed for settlement"},
		476: {reversed, "listed for reversal"},
		477: {misconfigured, "merchant not trusted"},
		478: {refusal, "verification was cancelled"},
		571: {unknown, "not yet processed"},
		572: {unknown, "undetermined"},
		573: {unknown, "internal error"},
	},
	Settlement: {
		471: {notPaid, "the payment failed"},
		472: {refusal, "not verified"},
		473: {reversed, "reversal already asked for"},
		474: {done, "settlement already asked for"},
		475: {reversed, "listed for reversal"},
		476: {done, "listed for settlement"},
		477: {misconfigured, "merchant not trusted"},
		478: {refusal, "verification was cancelled"},
		571: {unknown, "not yet processed"},
		572: {unknown, "undetermined"},
		573: {unknown, "internal error"},
	},
	Reverse: {
		471: {notPaid, "the payment failed"},
		472: {verified, "verified: cancel it first"},
		473: {done, "reversal already asked for"},
		474: {settled, "settlement already asked for"},
		475: {done, "listed for reversal"},
		476: {settled, "listed for settlement"},
		477: {misconfigured, "merchant not trusted"},
		571: {unknown, "not yet processed"},
		572: {unknown, "undetermined"},
		573: {unknown, "internal error"},
	},
	Cancel: {
		801: {unknown, "being processed"},
		802: {unknown, "undetermined"},
		803: {notPaid, "the payment failed"},
		804: {refusal, "not verified"},
		805: {settled, "settlement already made"},
		806: {reversed, "reversal already made"},
		807: {settled, "listed for settlement"},
		808: {reversed, "listed for reversal"},
		809: {unknown, "internal error"},
		810: {misconfigured, "merchant not trusted"},
		811: {refusal, "a bill payment"},
		812: {refusal, "details missing"},
		813: {done, "verification already cancelled"},
		814: {refusal, "past the time allowed"},
	},
}
