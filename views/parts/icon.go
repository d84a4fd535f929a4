package parts

import "github.com/a-h/templ"

// mirrored are the icons that point along the reading direction.
var mirrored = map[string]bool{"back": true, "next": true, "send": true}

// Icon draws the named shape beside a word; screen readers pass over it. It
// panics for a name that is not in shapes: that is a misprint in a template.
func Icon(name string) templ.Component {
	drawn, ok := icons[name]
	if !ok {
		panic("parts: no icon " + name)
	}
	return drawn
}

// icons are all icons as they are drawn: a page of the queue holds hundreds.
var icons = func() map[string]templ.Component {
	all := make(map[string]templ.Component, len(shapes))
	for name := range shapes {
		all[name] = templ.Raw(draw(name, ""))
	}
	return all
}()

// draw is an icon with one more class.
func draw(name, class string) string {
	shape, ok := shapes[name]
	if !ok {
		panic("parts: no icon " + name)
	}
	classes := "icon"
	if mirrored[name] {
		classes += " icon-mirror"
	}
	if class != "" {
		classes += " " + class
	}
	return `<svg class="` + classes + `" viewBox="0 0 24 24" aria-hidden="true" focusable="false">` + shape + `</svg>`
}
