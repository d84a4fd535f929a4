package catalog

import (
	"strings"

	"pishkhan/internal/iran"
)

// Search returns the services that each word of query is found in: in the
// title, the summary, the keywords or the site, in either language, however
// it is typed. An empty query finds all.
func Search(services []Service, query string) []Service {
	words := strings.Fields(iran.Fold(query))
	var found []Service
	for _, service := range services {
		if text := service.Definition.searchText(); containsAll(text, words) {
			found = append(found, service)
		}
	}
	return found
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
