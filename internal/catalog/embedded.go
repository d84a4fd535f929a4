package catalog

import (
	"embed"
	"fmt"
	"io/fs"
)

//go:embed services/*.json
var services embed.FS

// Embedded returns the definitions that come with the product, one file
// each in services/.
func Embedded() ([]Definition, error) {
	names, err := fs.Glob(services, "services/*.json")
	if err != nil {
		return nil, fmt.Errorf("list the embedded services: %w", err)
	}
	defs := make([]Definition, 0, len(names))
	for _, name := range names {
		data, err := services.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read an embedded service: %w", err)
		}
		d, err := Decode(data)
		if err != nil {
			return nil, fmt.Errorf("decode %s: %w", name, err)
		}
		defs = append(defs, d)
	}
	return defs, nil
}
