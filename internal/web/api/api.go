// Package api is what programs reach of us: the shop fronts of others, each
// with keys of its own. Its description is at /api/v1/openapi.json.
package api

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/clients"
	"pishkhan/internal/house"
	"pishkhan/internal/i18n"
	"pishkhan/internal/web"
)

// api is the house as programs reach it.
type api struct {
	*house.House
	baseURL string
}

// Mount adds the API's routes to app. Pages that customers are sent to are
// below baseURL.
func Mount(app *fiber.App, h *house.House, baseURL string) {
	a := &api{h, baseURL}
	app.Use(web.APIHome, language)
	routes := humafiber.NewWithGroup(app, app.Group(web.APIHome), config(baseURL))
	routes.UseMiddleware(a.letIn)
	a.routes(routes)
	describe(app, routes.OpenAPI())
}

// routes is the API's site map.
func (a *api) routes(r huma.API) {
	register(r, clients.ReadServices, op(http.MethodGet, "/services", "list-services", "Services",
		"Lists what can be ordered."), a.services)
	register(r, clients.ReadServices, op(http.MethodGet, "/services/{slug}", "get-service", "Services",
		"Describes a service: what to prepare, and the JSON Schema of its order form's answers."), a.service)
	register(r, clients.WriteQuotes, op(http.MethodPost, "/quotes", "create-quote", "Quotes",
		"Freezes a price for a while. An order is placed at a quote; each serves once."), a.quote)
	register(r, clients.WriteOrders, op(http.MethodPost, "/files", "upload-file", "Orders",
		"Takes a file (PDF, JPEG or PNG) for an answer of type file, or a customer's identity document."), a.file)
	register(r, clients.WriteOrders, op(http.MethodPost, "/orders", "place-orders", "Orders",
		"Places orders that one payment pays for. Send the customer to payment.url. "+
			"The same Idempotency-Key with the same body gives the same answer for at least 48 hours."), a.place)
	register(r, clients.ReadOrders, op(http.MethodGet, "/orders", "list-orders", "Orders",
		"Lists the orders that were placed with this client's keys, oldest first."), a.orders)
	register(r, clients.ReadOrders, op(http.MethodGet, "/orders/{code}", "get-order", "Orders",
		"Tells everything about an order, except logins."), a.order)
	register(r, clients.ReadOrders, op(http.MethodGet, "/orders/{code}/receipts/{id}", "get-receipt", "Orders",
		"Downloads a receipt of a completed order."), a.receipt)
}

// language brings the reader's language into the context.
func language(c *fiber.Ctx) error {
	for wanted := range strings.SplitSeq(c.Get(fiber.HeaderAcceptLanguage), ",") {
		tag, _, _ := strings.Cut(wanted, ";")
		if lang, ok := i18n.ParseLang(tag); ok {
			c.SetUserContext(i18n.WithLang(c.UserContext(), lang))
			break
		}
	}
	return c.Next()
}

// describe serves the description of the API, which needs no key.
func describe(app *fiber.App, o *huma.OpenAPI) {
	complete(o)
	asJSON, err := json.MarshalIndent(o, "", "  ")
	if err != nil {
		panic(err) // a defect in the routes, which every test would see
	}
	asYAML, err := o.YAML()
	if err != nil {
		panic(err)
	}
	serve := func(contentType string, content []byte) fiber.Handler {
		return func(c *fiber.Ctx) error {
			c.Set(fiber.HeaderContentType, contentType)
			return c.Send(content)
		}
	}
	app.Get(web.APIHome+"/openapi.json", serve("application/openapi+json", asJSON))
	app.Get(web.APIHome+"/openapi.yaml", serve("application/openapi+yaml", asYAML))
}
