package asanpardakht

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// The gateway quotes its numbers or does not, from one answer to the next.

// integer is a whole number, quoted or not. A null or an empty text is 0;
// 1000.0 is 1000; what is not whole, or does not fit, is an error.
type integer int64

// UnmarshalJSON reads any of the gateway's ways to write a whole number.
func (n *integer) UnmarshalJSON(token []byte) error {
	s := unquote(token)
	if s == "" {
		*n = 0
		return nil
	}
	whole, fraction, _ := strings.Cut(s, ".")
	if strings.Trim(fraction, "0") != "" {
		return fmt.Errorf("not a whole number: %.40q", s)
	}
	i, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return fmt.Errorf("not a whole number: %.40q", s)
	}
	*n = integer(i)
	return nil
}

// seconds is an instant as Unix time, quoted or not; a fraction is dropped.
// What cannot be read is 0: only PaidAt hangs on it.
type seconds int64

// UnmarshalJSON reads what it can.
func (n *seconds) UnmarshalJSON(token []byte) error {
	whole, _, _ := strings.Cut(unquote(token), ".")
	i, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		i = 0
	}
	*n = seconds(i)
	return nil
}

// text is a reference or a date, which may begin with zeros, quoted or not.
// Anything else than a text or a number is empty.
type text string

// UnmarshalJSON keeps digits as they are written.
func (t *text) UnmarshalJSON(token []byte) error {
	var s string
	switch {
	case len(token) > 0 && token[0] >= '0' && token[0] <= '9':
		s = string(token)
	case json.Unmarshal(token, &s) != nil:
		s = ""
	}
	*t = text(s)
	return nil
}

func unquote(token []byte) string {
	s := string(token)
	if s == "null" {
		return ""
	}
	return strings.TrimSpace(strings.Trim(s, `"`))
}
