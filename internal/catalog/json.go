package catalog

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// JSON is the definition as people read and edit it: indented, its members
// always in the same order.
func (d Definition) JSON() ([]byte, error) { return readable(d) }

func readable(v any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(v); err != nil {
		return nil, fmt.Errorf("write a definition: %w", err)
	}
	return b.Bytes(), nil
}
