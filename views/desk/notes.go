package desk

import (
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"pishkhan/internal/notes"
)

// newestNotes are the order's, the newest first.
func (p OrderPage) newestNotes() []notes.Note {
	list := slices.Clone(p.Notes)
	slices.Reverse(list)
	return list
}

// draftAttrs keep on the server what is typed into a text, while it is typed.
func (p OrderPage) draftAttrs() templ.Attributes {
	return templ.Attributes{
		"hx-post": string(orderPath(p.Order.Code, "/drafts")), "hx-trigger": "input changed delay:400ms", "hx-swap": "none", "hx-morph-skip": true,
	}
}

// draft is what stood in a text of a refused form, else what was typed before.
func (p OrderPage) draft(typed, field string) string {
	if typed != "" {
		return typed
	}
	return p.Drafts[field]
}

func notePath(p OrderPage, n notes.Note, deed string) string {
	return orderPath(p.Order.Code, "/notes/"+strconv.FormatInt(n.ID, 10)+deed)
}
