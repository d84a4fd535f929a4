package parts

import (
	"context"
	"io"

	"github.com/a-h/templ"
)

// mirrored are the icons that point along the reading direction.
var mirrored = map[string]bool{"back": true, "next": true, "send": true}

// Icon draws the named shape beside a word; screen readers pass over it. It
// panics for a name that is not in shapes: that is a misprint in a template.
func Icon(name string) templ.Component { return icon(name, "") }

// icon is Icon with one more class.
func icon(name, class string) templ.Component {
	shape, ok := shapes[name]
	if !ok {
		panic("parts: no icon " + name)
	}
	classes := "icon"
	if mirrored[name] {
		classes += " icon-mirror"
	}
	if class != "" {
		classes += " " + class
	}
	svg := `<svg class="` + classes + `" viewBox="0 0 24 24" aria-hidden="true" focusable="false">` + shape + `</svg>`
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, svg)
		return err
	})
}
