package catalog

import (
	"strings"

	"pishkhan/internal/iran"
)

// Search returns the services that each word of query is found in: in the
// title, the summary, the keywords or the site, in either language, however
// it is typed: first those with all of them in the title. An empty query
// finds all.
func Search(services []Service, query string) []Service {
	words := strings.Fields(iran.Fold(query))
	var titled, others []Service
	for _, service := range services {
		title := iran.Fold(service.Definition.Title.FA + " " + service.Definition.Title.EN)
		switch {
		case containsAll(title, words):
			titled = append(titled, service)
		case containsAll(service.Definition.searchText(), words):
			others = append(others, service)
		}
	}
	return append(titled, others...)
}

func (d Definition) searchText() string {
	return iran.Fold(strings.Join([]string{
		d.Title.FA, d.Title.EN, d.Keywords.FA, d.Keywords.EN, d.Summary.FA, d.Summary.EN, d.Site.Host, d.Slug,
	}, " "))
}

func containsAll(text string, words []string) bool {
	for _, word := range words {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}
