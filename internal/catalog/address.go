package catalog

import (
	"net/url"
	"slices"
	"strings"

	"pishkhan/internal/inet"
)

// readURL accepts an http or https address of a public host. It is kept as
// it was pasted: some payment pages sign theirs.
func (f Field) readURL(text string) (string, error) {
	address, err := url.Parse(text)
	if err != nil || strings.ContainsAny(text, " \\\"<>") {
		return "", invalid("catalog.error.url")
	}
	switch {
	case address.Scheme != "http" && address.Scheme != "https":
		return "", invalid("catalog.error.url_scheme")
	case address.User != nil:
		return "", invalid("catalog.error.url_user")
	case !inet.IsHostName(host(address)):
		return "", invalid("catalog.error.url_host")
	case len(f.Hosts) > 0 && !slices.ContainsFunc(f.Hosts, within(host(address))):
		return "", invalid("catalog.error.url_other_host", "hosts", strings.Join(f.Hosts, ", "))
	}
	return text, nil
}

// host is the name of the machine, without port, in small letters.
func host(address *url.URL) string {
	return strings.TrimSuffix(strings.ToLower(address.Hostname()), ".")
}

// within reports of an allowed host whether name is it or lies under it.
func within(name string) func(allowed string) bool {
	return func(allowed string) bool {
		return name == allowed || strings.HasSuffix(name, "."+allowed)
	}
}
