// Package api is what programs reach of us: the shop fronts of others, each
// with keys of its own, and those of staff members, with tokens by which they
// do what the members may. Its description is at /api/v1/openapi.json.
package api

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/access"
	"pishkhan/internal/clients"
	"pishkhan/internal/house"
	"pishkhan/internal/i18n"
	"pishkhan/internal/staff"
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
	registerFor(r, anybody(clients.ReadOrders, access.SeeOrder, staff.Read), op(http.MethodGet, "/orders/{code}", "get-order", "Orders",
		"Tells everything about an order, except logins. A shop front sees its own as `ShopOrder`, the staff any as `DeskOrder`."), a.orderOfEither)
	register(r, clients.ReadOrders, op(http.MethodGet, "/orders/{code}/receipts/{id}", "get-receipt", "Orders",
		"Downloads a receipt of a completed order."), a.receipt)
	a.deskRoutes(r)
}

// deskRoutes are for the programs of staff members.
func (a *api) deskRoutes(r huma.API) {
	registerFor(r, member(access.SeeQueue, staff.Read), op(http.MethodGet, "/queue", "list-queue", "Desk",
		"Lists the orders that anybody may claim, the earliest due first."), a.queue)
	registerFor(r, member(access.ClaimOrder, staff.Work), deed("/queue/next", "claim-next",
		"Claims the order that is due first among those that you may work on. 204: there is none."), a.next)
	registerFor(r, member(access.ClaimOrder, staff.Work), deed("/orders/{code}/claim", "claim-order",
		"Claims a free order; it never takes one from a colleague. 409 says who was first."), a.claim)
	registerFor(r, member(access.WorkOnOrder, staff.Work), op(http.MethodDelete, "/orders/{code}/claim", "release-order", "Desk",
		"Gives an order that you hold back to the queue. 409 while a purchase is under way or its outcome unknown."), a.release)
	registerFor(r, member(access.WorkOnOrder, staff.Work), deed("/orders/{code}/purchase", "start-purchase",
		"Writes down, before you pay at the destination, that you are about to. Nothing takes the order away until the outcome is known."), a.startPurchase)
	registerFor(r, member(access.WorkOnOrder, staff.Work), deed("/orders/{code}/purchase/outcome", "end-purchase",
		"Writes down what became of the purchase under way."), a.endPurchase)
	registerFor(r, member(access.WorkOnOrder, staff.Work), deed("/orders/{code}/complete", "complete-order",
		"Completes an order that you hold: hands in the receipt, and that the purchase is paid, all or nothing. The customer is told by SMS and e-mail. "+
			"What is on the order already may be left out: a receipt that was added at the desk, a purchase that was reported as paid."), a.complete)
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
