package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/web"
)

// Several answers to one question have commas between, in the order of the page.
func TestTyped(t *testing.T) {
	t.Parallel()
	app := fiber.New()
	var got map[string]string
	app.Post("/", func(c *fiber.Ctx) error { got = web.Typed(c); return nil })
	request := httptest.NewRequest(http.MethodPost, "/", strings.NewReader("a=1&b=&a=2&c=x%2Cy"))
	request.Header.Set("Content-Type", fiber.MIMEApplicationForm)
	if _, err := app.Test(request, -1); err != nil {
		t.Fatal(err)
	}
	if got["a"] != "1,2" || got["b"] != "" || got["c"] != "x,y" || len(got) != 3 {
		t.Errorf("typed %v", got)
	}
}
