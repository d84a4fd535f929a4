package parts_test

import (
	"context"
	"io"

	"github.com/a-h/templ"
)

// tag is a bare element around its children.
func tag(name string, attributes ...string) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		open := "<" + name
		for i := 0; i+1 < len(attributes); i += 2 {
			open += " " + attributes[i] + `="` + templ.EscapeString(attributes[i+1]) + `"`
		}
		if _, err := io.WriteString(w, open+">"); err != nil {
			return err
		}
		children := templ.GetChildren(ctx)
		if err := children.Render(templ.ClearChildren(ctx), w); err != nil {
			return err
		}
		_, err := io.WriteString(w, "</"+name+">")
		return err
	})
}
