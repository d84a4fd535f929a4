package asanpardakht

import (
	"encoding/json"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

func TestWholeNumbersReadTheSameQuotedOrNot(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.Int64().Draw(t, "n")
		plain := strconv.FormatInt(want, 10)
		for _, written := range []string{plain, `"` + plain + `"`, plain + ".0", `"` + plain + `.00"`, `" ` + plain + ` "`} {
			var got integer
			if err := json.Unmarshal([]byte(written), &got); err != nil || int64(got) != want {
				t.Fatalf("%s reads %d, %v", written, got, err)
			}
		}
	})
}

func TestWhatIsNotWholeIsRefused(t *testing.T) {
	for _, written := range []string{`1.5`, `"1.5"`, `"x"`, `true`, `{}`, `[1]`, `1e3`, `"1e3"`, `9223372036854775808`, `"۱۲"`, `"1,000"`, `"0x10"`} {
		var got integer
		if err := json.Unmarshal([]byte(written), &got); err == nil {
			t.Errorf("%s reads %d", written, got)
		}
	}
}

// FuzzTranResult: whatever arrives is read without a panic; and an amount
// that is read is the one that was written.
func FuzzTranResult(f *testing.F) {
	for _, seed := range []string{`"3168000"`, `3168000`, `3168000.0`, `null`, `""`, `"`, `-1`, `1e400`, `{"a":1}`, `"\u0031"`, `"1\"2"`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		var raw rawTranResult
		body := `{"amount":` + token + `,"rrn":` + token + `,"payGateTranDateEpoch":` + token + `,"payGateTranDate":` + token + `}`
		if err := json.Unmarshal([]byte(body), &raw); err != nil {
			return
		}
		raw.paidAt()
		var number json.Number
		if json.Unmarshal([]byte(token), &number) != nil {
			return
		}
		if exact, err := strconv.ParseInt(number.String(), 10, 64); err == nil && exact != int64(raw.Amount) {
			t.Errorf("%s reads %d", token, raw.Amount)
		}
	})
}
