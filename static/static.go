// Package static holds the files that browsers fetch as they are: style,
// scripts and the font, built from src by npm and committed, so that Go alone
// builds and runs the product. Serving them is web's work.
package static

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"path"
)

//go:embed app.css app.js htmx.min.js hx-sse.min.js vazirmatn.woff2 favicon.svg
var files embed.FS

// Prefix is the address under which web serves the files.
const Prefix = "/static/"

// File is one served file. Its content never changes under one Version.
type File struct {
	Name        string
	ContentType string
	Version     string // the first 12 hex digits of its SHA-256
	Content     []byte
}

var byName = load()

// Get returns the served file of that name; false when there is none.
func Get(name string) (File, bool) {
	f, ok := byName[name]
	return f, ok
}

// Path returns the address of a served file with its version, so that it may
// be cached for ever: "/static/app.css?v=0123456789ab". It panics for a name
// that is not served: that is a misprint in a template.
func Path(name string) string {
	f, ok := byName[name]
	if !ok {
		panic("static: no file " + name)
	}
	return Prefix + name + "?v=" + f.Version
}

func load() map[string]File {
	names, err := fs.Glob(files, "*")
	if err != nil {
		panic(err)
	}
	loaded := make(map[string]File, len(names))
	for _, name := range names {
		content, err := files.ReadFile(name)
		if err != nil {
			panic(err)
		}
		sum := sha256.Sum256(content)
		loaded[name] = File{
			Name:        name,
			ContentType: contentType(name),
			Version:     hex.EncodeToString(sum[:])[:12],
			Content:     content,
		}
	}
	return loaded
}

// contentType does not ask the machine's own tables, which differ.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".woff2":
		return "font/woff2"
	case ".svg":
		return "image/svg+xml"
	}
	panic("static: no content type for " + name)
}
