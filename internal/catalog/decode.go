package catalog

import (
	"errors"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"pishkhan/internal/fault"
)

const (
	defaultBudgetMinutes = 120
	maxDefinitionBytes   = 1 << 20
)

// Decode reads a definition from JSON, strictly: a member that it does not
// know is a fault. Fault: Invalid, each field's name the path (a JSON
// pointer, RFC 6901) of something wrong in the definition.
func Decode(data []byte) (Definition, error) {
	var d Definition
	if len(data) > maxDefinitionBytes {
		return d, wrongAt("", "catalog.definition.too_large")
	}
	if err := json.Unmarshal(data, &d, json.RejectUnknownMembers(true)); err != nil {
		return Definition{}, undecodable(err)
	}
	if d.BudgetMinutes == 0 {
		d.BudgetMinutes = defaultBudgetMinutes
	}
	if err := d.validate(); err != nil {
		return Definition{}, err
	}
	return d, nil
}

func undecodable(err error) error {
	var semantic *json.SemanticError
	if errors.As(err, &semantic) {
		if errors.Is(err, json.ErrUnknownName) {
			return wrongAt(string(semantic.JSONPointer), "catalog.definition.unknown_member")
		}
		return wrongAt(string(semantic.JSONPointer), "catalog.definition.type")
	}
	var syntactic *jsontext.SyntacticError
	if errors.As(err, &syntactic) {
		return wrongAt(string(syntactic.JSONPointer), "catalog.definition.syntax")
	}
	return wrongAt("", "catalog.definition.syntax")
}

func wrongAt(path, key string) error {
	var wrong fault.Fields
	wrong.Add(path, key)
	return wrong.Err()
}
