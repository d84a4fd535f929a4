package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"
)

// Typed returns what was typed into a form, by input name. Several answers to
// one question have commas between.
func Typed(c *fiber.Ctx) map[string]string {
	answers := map[string][]string{}
	if form, err := c.MultipartForm(); err == nil {
		answers = form.Value
	} else {
		for name, value := range c.Request().PostArgs().All() {
			answers[string(name)] = append(answers[string(name)], string(value))
		}
	}
	values := make(map[string]string, len(answers))
	for name, all := range answers {
		values[name] = strings.Join(all, ",")
	}
	return values
}
