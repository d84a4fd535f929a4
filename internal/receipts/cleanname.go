package receipts

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxStem bounds a name without its extension, in bytes: about 75 Persian
// letters, far below what any file system takes.
const maxStem = 150

// CleanName returns an uploaded file's name made harmless, with the extension
// ext ('.' included) in place of a known one. What is left are letters of any
// script, digits, spaces and - _ . ( ): no folders, no control or direction
// marks, nothing that is decoded later. A name of which nothing is left
// becomes "receipt".
func CleanName(name, ext string) string {
	stem := clean(name)
	if old := path.Ext(stem); mimes[strings.ToLower(old)] != "" {
		stem = trim(strings.TrimSuffix(stem, old))
	}
	if len(stem) > maxStem {
		cut := maxStem
		for !utf8.RuneStart(stem[cut]) {
			cut--
		}
		stem = trim(stem[:cut])
	}
	if stem == "" {
		stem = "receipt"
	}
	return stem + ext
}

// clean returns the last element of the path that name may be, without what
// is not allowed.
func clean(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(allowed, strings.ToValidUTF8(name, ""))
	for strings.Contains(name, "..") {
		name = strings.ReplaceAll(name, "..", ".")
	}
	return trim(name)
}

func trim(name string) string { return strings.Trim(name, ". \u200c") }

func allowed(r rune) rune {
	switch {
	case unicode.In(r, unicode.L, unicode.M, unicode.N), strings.ContainsRune(" -_.()", r):
		return r
	case r == '\u200c': // the half-space inside Persian words
		return r
	}
	return -1
}
