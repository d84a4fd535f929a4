package desk

import (
	"context"

	"github.com/a-h/templ"

	"pishkhan/internal/i18n"
	"pishkhan/views/parts"
)

// revealButton is a ready reason; the first has a key, as it is nearly always the one.
func revealButton(ctx context.Context, i int, key string) parts.ButtonOptions {
	b := parts.ButtonOptions{Small: true, Name: "ready", Value: i18n.T(ctx, key)}
	if i == 0 {
		b.Icon, b.Key, b.KeyCap = "eye", "KeyE", "E"
	}
	return b
}

// copyAttrs gives the first secret's button the focus when it arrives, and
// each of the first two a key.
func copyAttrs(i int) templ.Attributes {
	switch i {
	case 0:
		return templ.Attributes{"data-focus": true, "data-key": "Digit1"}
	case 1:
		return templ.Attributes{"data-key": "Digit2"}
	}
	return nil
}
