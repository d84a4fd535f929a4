package desk

import (
	"context"
	"slices"

	"github.com/a-h/templ"

	"pishkhan/internal/i18n"
	"pishkhan/views/parts"
)

// revealButton is a ready reason; the first has a key, as it is nearly always the one.
func revealButton(i int, key string) parts.ButtonOptions {
	b := parts.ButtonOptions{Small: true, Name: "ready", Value: key}
	if i == 0 {
		b.Icon, b.Key, b.KeyCap = "eye", "KeyE", "E"
	}
	return b
}

// revealReason says why the login was revealed: a ready reason, kept as its
// key, in the reader's language; another one as it was typed.
func revealReason(ctx context.Context, reason string) string {
	if slices.Contains(readyReasons, reason) {
		return i18n.T(ctx, reason)
	}
	return reason
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
