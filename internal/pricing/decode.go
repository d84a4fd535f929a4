package pricing

import (
	"encoding/json"
	"errors"
	"fmt"

	strict "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"pishkhan/internal/fault"
)

const maxTariffBytes = 4 << 20 // thousands of rules

// DecodeTariff reads a tariff from JSON, strictly: a member that it does not
// know is a fault. Fault: Invalid, each field's name the path (a JSON
// pointer, RFC 6901) of something wrong in the tariff.
func DecodeTariff(data []byte) (Tariff, error) {
	if len(data) > maxTariffBytes {
		return Tariff{}, wrongAt("", "pricing.tariff.too_large")
	}
	var t Tariff
	if err := strict.Unmarshal(data, &t, strict.RejectUnknownMembers(true)); err != nil {
		return Tariff{}, undecodable(err)
	}
	if err := t.validate(); err != nil {
		return Tariff{}, err
	}
	t.rules = rulesOf(t.Fees)
	return t, nil
}

func undecodable(err error) error {
	var semantic *strict.SemanticError
	if errors.As(err, &semantic) {
		if errors.Is(err, strict.ErrUnknownName) {
			return wrongAt(string(semantic.JSONPointer), "pricing.tariff.unknown_member")
		}
		return wrongAt(string(semantic.JSONPointer), "pricing.tariff.type")
	}
	var syntactic *jsontext.SyntacticError
	if errors.As(err, &syntactic) {
		return wrongAt(string(syntactic.JSONPointer), "pricing.tariff.syntax")
	}
	return wrongAt("", "pricing.tariff.syntax")
}

func wrongAt(path, key string) error {
	var wrong fault.Fields
	wrong.Add(path, key)
	return wrong.Err()
}

// kept reads a tariff that was kept. Not DecodeTariff: what today's rules
// would refuse was once accepted, and quotes have been made by it.
func kept(data []byte) (Tariff, error) {
	var t Tariff
	if err := json.Unmarshal(data, &t); err != nil {
		return Tariff{}, err
	}
	t.rules = rulesOf(t.Fees)
	return t, nil
}

// JSON is the tariff as DecodeTariff reads it, on many lines.
func (t Tariff) JSON() ([]byte, error) {
	text, err := json.MarshalIndent(t, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the tariff: %w", err)
	}
	return text, nil
}
