package kavenegar

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// However the provider writes an answer, it reads the same.
func TestDecodeReadsAllWaysToWriteAnAnswer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.Int64Range(1, 1<<62).Draw(t, "id")
		state := rapid.IntRange(0, 120).Draw(t, "state")
		cost := rapid.IntRange(0, 1<<30).Draw(t, "cost")
		verdict := rapid.IntRange(1, 999).Draw(t, "verdict")
		write := func(n any) string {
			return rapid.SampledFrom([]string{fmt.Sprintf(`%d`, n), fmt.Sprintf(`"%d"`, n), fmt.Sprintf(`" %d "`, n)}).Draw(t, "as")
		}
		one := fmt.Sprintf(`{"messageid":%s,"status":%s,"cost":%s}`, write(id), write(state), write(cost))
		body := fmt.Sprintf(`{"entries":%s,"return":{"status":%s}}`,
			rapid.SampledFrom([]string{one, "[" + one + "]", "[null," + one + "]"}).Draw(t, "entries"), write(verdict))
		got, readable := decode([]byte(body))
		if !readable || int(got.Return.Status) != verdict || len(got.Entries) != 1 {
			t.Fatalf("%s reads as %+v, %v", body, got, readable)
		}
		if e := got.Entries[0]; e.id() != fmt.Sprint(id) || int(e.Status) != state || int(e.Cost) != cost {
			t.Fatalf("%s reads as %+v", body, e)
		}
	})
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"return":{"status":200,"message":"تایید شد"},"entries":[{"messageid":8792343,"status":1,"statustext":"","sender":"","receptor":"09121231231","date":1356619709,"cost":120}]}`,
		`{"return":{"status":"200"},"entries":{"messageid":"8792343"}}`,
		`{"return":{"status":418,"message":null},"entries":null}`,
		`{"return":[],"entries":[[],{},1,"x",null]}`,
		`<html>`, `null`, `[]`, ``, "\xef\xbb\xbf{}", `{"return":{"status":1e3}}`, `{"return":{"status":-1}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		answer, readable := decode(body)
		if readable == (answer.Return.Status == 0) {
			t.Errorf("readable %v with verdict %d", readable, answer.Return.Status)
		}
		for _, e := range answer.Entries {
			if id := e.id(); id != "" && !numeric(id) {
				t.Errorf("id %q", id)
			}
		}
		for _, m := range []method{send, lookup, status} {
			for _, http := range []int{200, 302, 404, 500} {
				e := judge(m, http, answer, readable)
				if (e == nil) != (readable && http == 200 && answer.Return.Status == 200) {
					t.Errorf("HTTP %d, verdict %d: %v", http, answer.Return.Status, e)
				}
				if e != nil && (e.Unknown() && (e.Retryable() && !m.keyed || !m.sends) || strings.ContainsAny(e.Text, "\r\n") || !utf8.ValidString(e.Text)) {
					t.Errorf("HTTP %d, %s: %#v", http, m.path, e)
				}
			}
		}
	})
}
