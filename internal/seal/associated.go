package seal

import (
	"encoding/binary"
	"errors"
)

// AssociatedData says where a sealed value belongs. It is not secret and not
// stored in the sealed value, but the value opens only with the same one: a
// value copied to another row or column, or an older version put back, does
// not open.
type AssociatedData struct {
	Table   string
	Row     int64
	Column  string
	Version int64 // goes up each time the value is replaced
}

// The first part of all associated data: what is sealed for one use does not
// open in another.
const (
	domainKeyset = "pishkhan/keyset/1"
	domainValue  = "pishkhan/value/1"
	domainFile   = "pishkhan/file/1"
	domainMAC    = "pishkhan/mac/1"
)

func (ad AssociatedData) bytes() ([]byte, error) {
	if ad.Table == "" || ad.Column == "" {
		return nil, errors.New("seal: associated data without table or column")
	}
	b := encode(domainValue, ad.Table, ad.Column)
	b = binary.BigEndian.AppendUint64(b, uint64(ad.Row))
	return binary.BigEndian.AppendUint64(b, uint64(ad.Version)), nil
}

// encode writes each part after its length: no two lists of parts read alike.
func encode(parts ...string) []byte {
	var b []byte
	for _, part := range parts {
		b = binary.BigEndian.AppendUint64(b, uint64(len(part)))
		b = append(b, part...)
	}
	return b
}
