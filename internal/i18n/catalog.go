package i18n

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
)

//go:embed messages/*/*.json
var files embed.FS

// catalogs are the messages of each language, from all its files.
var catalogs = map[Lang]map[string]string{FA: read(FA), EN: read(EN)}

func read(lang Lang) map[string]string {
	words := map[string]string{}
	for _, name := range messageFiles(lang) {
		content, err := files.ReadFile(name)
		if err != nil {
			panic(err)
		}
		area := map[string]string{}
		if err := json.Unmarshal(content, &area); err != nil {
			panic(fmt.Sprintf("i18n: %s: %v", name, err)) // compiled in: a test fails long before a person sees it
		}
		maps.Copy(words, area)
	}
	return words
}

func messageFiles(lang Lang) []string {
	names, err := fs.Glob(files, "messages/"+string(lang)+"/*.json")
	if err != nil {
		panic(err)
	}
	return names
}
