package desk

import (
	"context"
	"strconv"
	"strings"

	"pishkhan/internal/catalog"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
)

// A fault of a definition names its place by a JSON pointer. partOf splits it
// into the group or question that it lies in ("2-3-1", counted from 1) and
// the rest.
func partOf(pointer string) (place, rest string) {
	segments := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	var numbers []string
	for _, list := range []string{"groups", "fields", "fields"} {
		if len(segments) < 2 || segments[0] != list {
			break
		}
		n, err := strconv.Atoi(segments[1])
		if err != nil {
			break
		}
		numbers = append(numbers, strconv.Itoa(n+1))
		segments = segments[2:]
	}
	return strings.Join(numbers, "-"), strings.Join(segments, "/")
}

// InputAt is the input of the editor's forms that holds what a pointer names
// within its group, its question or the service.
func InputAt(rest string) string {
	segments := strings.Split(rest, "/")
	switch segments[0] {
	case "shown_if", "hosts":
		return segments[0]
	case "site":
		return "site_" + segmentAt(segments, 1, "host")
	case "sum":
		return "sum_" + segmentAt(segments, 1, "rows")
	}
	name, glue := "", ""
	for _, segment := range segments {
		if n, err := strconv.Atoi(segment); err == nil {
			name += "." + strconv.Itoa(n+1) + "."
			glue = ""
			continue
		}
		name, glue = name+glue+segment, "_"
	}
	return name
}

func segmentAt(segments []string, i int, otherwise string) string {
	if i < len(segments) {
		return segments[i]
	}
	return otherwise
}

// Within are the faults of one group or question, by the names of the inputs
// of its form; place "" is the service itself.
func Within(faults []fault.Field, place string) []fault.Field {
	var within []fault.Field
	for _, f := range faults {
		if in, rest := partOf(f.Name); in == place && rest != "" {
			within = append(within, fault.Field{Name: InputAt(rest), Key: f.Key, Args: f.Args})
		}
	}
	return within
}

// faultHref is the form where a fault can be mended.
func (p CatalogEditor) faultHref(pointer string) string {
	place, rest := partOf(pointer)
	input := InputAt(rest)
	switch {
	case !p.Readable, pointer == "", strings.HasPrefix(rest, "slug"):
		return p.path("/json")
	case rest == "groups", strings.HasSuffix(rest, "fields") && strings.Count(place, "-") == 0:
		return p.path("/form")
	case place == "":
		return p.path("#f-" + input)
	}
	return p.partPath(place) + "#f-" + input
}

// faultPlace says where a fault lies: «گروه ۲، پرسش ۳ (site_login): …».
func (p CatalogEditor) faultPlace(ctx context.Context, pointer string) string {
	return placeWords(ctx, p.Definition, pointer)
}

// placeWords says in words what a pointer into a definition names.
func placeWords(ctx context.Context, d catalog.Definition, pointer string) string {
	place, rest := partOf(pointer)
	var words []string
	fields, groups := []catalog.Field(nil), d.Groups
	for depth, number := range strings.Split(place, "-") {
		n, err := strconv.Atoi(number)
		if err != nil {
			break
		}
		if depth == 0 {
			words = append(words, i18n.T(ctx, "catalogue.nth.groups", "n", n))
			if n <= len(groups) {
				fields = groups[n-1].Fields
			}
			continue
		}
		name := i18n.T(ctx, "catalogue.nth.fields", "n", n)
		if n <= len(fields) {
			name += " (\u2066" + fields[n-1].Name + "\u2069)"
			fields = fields[n-1].Fields
		}
		words = append(words, name)
	}
	if rest != "" {
		words = append(words, memberWords(ctx, rest))
	}
	return strings.Join(words, i18n.T(ctx, "desk.list_comma")+" ")
}

func memberWords(ctx context.Context, rest string) string {
	lang := i18n.LangOf(ctx)
	var words []string
	segments := strings.Split(rest, "/")
	for i, segment := range segments {
		n, err := strconv.Atoi(segment)
		switch {
		case err == nil && i > 0 && lang.Has("catalogue.nth."+segments[i-1]):
			words[len(words)-1] = i18n.T(ctx, "catalogue.nth."+segments[i-1], "n", n+1)
		case err == nil:
			words = append(words, lang.Number(int64(n+1)))
		case (segment == "fa" || segment == "en") && len(words) > 0:
			words[len(words)-1] = i18n.T(ctx, "catalogue.in_"+segment, "what", words[len(words)-1])
		case lang.Has("catalogue.f." + segment):
			words = append(words, i18n.T(ctx, "catalogue.f."+segment))
		default:
			words = append(words, "\u2066"+segment+"\u2069")
		}
	}
	return strings.Join(words, i18n.T(ctx, "desk.list_comma")+" ")
}

// changedIn is the definition that a change's path leads into: what was
// removed stood in the earlier one, and is named by the change itself.
func changedIn(c catalog.Change, after catalog.Definition) catalog.Definition {
	if c.Kind == catalog.Removed {
		return catalog.Definition{}
	}
	return after
}

// changeWords is what a change says stood or stands there; of what was moved,
// its place.
func changeWords(ctx context.Context, c catalog.Change, value string) string {
	if n, err := strconv.Atoi(value); err == nil && c.Kind == catalog.Moved {
		return i18n.T(ctx, "catalogue.nth_place", "n", n)
	}
	return value
}
