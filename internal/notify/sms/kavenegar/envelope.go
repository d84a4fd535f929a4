package kavenegar

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// envelope is the frame of every answer.
type envelope struct {
	Return struct {
		Status  number `json:"status"`
		Message text   `json:"message"`
	} `json:"return"`
	Entries entries `json:"entries"`
}

// entry is what an answer says about one message.
type entry struct {
	MessageID text   `json:"messageid"`
	LocalID   text   `json:"localid"`
	Status    number `json:"status"`
	Cost      number `json:"cost"` // rials
}

// decode reads an answer, and reports whether it carries a verdict.
func decode(body []byte) (envelope, bool) {
	var e envelope
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	if json.Unmarshal(body, &e) != nil || e.Return.Status == 0 {
		return envelope{}, false
	}
	return e, true
}

// id returns the provider's id of the message; empty when there is none.
func (e entry) id() string {
	if !numeric(string(e.MessageID)) {
		return ""
	}
	return string(e.MessageID)
}

// The provider's types waver: entries come as a list, as one object or as
// null, and numbers are quoted or not. An oddity in one field must not turn
// an accepted message into a failed one, so what cannot be read is empty.

type entries []entry

// UnmarshalJSON reads a list, one object, or nothing.
func (es *entries) UnmarshalJSON(token []byte) error {
	var list []json.RawMessage
	if json.Unmarshal(token, &list) != nil {
		list = []json.RawMessage{token}
	}
	*es = nil
	for _, item := range list {
		var e entry
		if len(item) > 0 && item[0] == '{' && json.Unmarshal(item, &e) == nil {
			*es = append(*es, e)
		}
	}
	return nil
}

// number is a whole number, quoted or not; a fraction is dropped.
type number int64

// UnmarshalJSON reads what it can; the rest is 0.
func (n *number) UnmarshalJSON(token []byte) error {
	var t text
	_ = t.UnmarshalJSON(token) // never fails
	whole, _, _ := strings.Cut(string(t), ".")
	i, err := strconv.ParseInt(whole, 10, 32)
	if err != nil {
		i = 0
	}
	*n = number(i)
	return nil
}

// text is a text, or a number as it is written.
type text string

// UnmarshalJSON reads what it can; the rest is empty.
func (t *text) UnmarshalJSON(token []byte) error {
	var s string
	switch {
	case len(token) > 0 && (token[0] == '-' || token[0] >= '0' && token[0] <= '9'):
		s = string(token)
	case json.Unmarshal(token, &s) != nil:
		s = ""
	}
	*t = text(strings.TrimSpace(s))
	return nil
}

// numeric reports whether s is a number above zero of up to 19 digits, as the
// provider's ids and ours are; to the provider, 0 means none.
func numeric(s string) bool {
	return len(s) <= 19 && strings.Trim(s, "0123456789") == "" && strings.Trim(s, "0") != ""
}
