package seal

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"
)

// Two places have the same encoding only if they are the same place, even
// where names run into each other ("ab"+"c", "a"+"bc").
func TestAssociatedDataIsUnambiguous(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`[ab\x00\x01]{1,4}`)
		number := rapid.Int64Range(0, 2)
		place := rapid.Custom(func(t *rapid.T) AssociatedData {
			return AssociatedData{name.Draw(t, "table"), number.Draw(t, "row"), name.Draw(t, "column"), number.Draw(t, "version")}
		})
		a, b := place.Draw(t, "a"), place.Draw(t, "b")
		encodedA, errA := a.bytes()
		encodedB, errB := b.bytes()
		if errA != nil || errB != nil {
			t.Fatal(errA, errB)
		}
		if bytes.Equal(encodedA, encodedB) != (a == b) {
			t.Fatalf("%+v and %+v: %x and %x", a, b, encodedA, encodedB)
		}
	})
}

func TestAssociatedDataNeedsItsPlace(t *testing.T) {
	for _, ad := range []AssociatedData{{}, {Table: "t", Row: 1}, {Column: "c", Row: 1}} {
		if _, err := ad.bytes(); err == nil {
			t.Errorf("%+v was accepted", ad)
		}
	}
}
