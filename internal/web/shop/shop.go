// Package shop is the customers' side of the web: the showcase, services with
// their forms and prices, the basket, checkout, payment and orders. A
// browser's cookie owns its basket and sees its orders; a customer who signs in
// has both in every browser.
package shop

import (
	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/house"
	"pishkhan/internal/web"
)

// shop is the house as its customers' pages reach it.
type shop struct {
	*house.House
}

// Mount adds the shop's routes to app.
func Mount(app *fiber.App, h *house.House) {
	s := &shop{h}
	get := func(path string, handler fiber.Handler) { app.Get(path, s.recognise, handler) }
	post := func(path string, handler fiber.Handler) { app.Post(path, s.recognise, checkForm, handler) }

	get("/", s.showcase)
	get("/calculator", s.calculate)
	get("/services/:slug", s.service)
	post("/services/:slug", s.addToBasket)
	post("/services/:slug/price", s.price)
	get("/services/:slug/bulk", s.bulkOf)
	post("/services/:slug/bulk", s.takeBulk)
	get("/services/:slug/bulk/template.csv", s.bulkCSV)
	get("/services/:slug/bulk/template.xlsx", s.bulkXLSX)
	get("/bulk/:id", s.bulkUpload)
	get("/bulk/:id/progress", s.bulkProgress)
	get("/bulk/:id/findings.csv", s.bulkFindings)

	get("/basket", s.basket)
	post("/basket/reprice", s.repriceBasket)
	get("/basket/lines/:id/edit", s.editLine)
	post("/basket/lines/:id", s.saveLine)
	post("/basket/lines/:id/price", s.priceLine)
	post("/basket/lines/:id/remove", s.removeLine)
	post("/basket/uploads/:id/remove", s.removeUpload)
	post("/basket/code", s.setCode)
	post("/basket/code/remove", s.clearCode)
	get("/checkout", s.checkout)
	post("/checkout", s.placeOrders)

	get("/payments/:gateway/callback", s.callback)
	app.Post("/payments/:gateway/callback", s.callback) // from the gateway's page: no form of ours
	get("/payments/return", s.paymentReturn)

	get("/pay/:token", s.payLink)
	post("/pay/:token", s.payByLink)

	get("/l/:token", s.orderLink)
	post("/l/:token", s.openByLink)
	post("/l/:token/answer", s.answerByLink)
	post("/l/:token/pay", s.payByOrderLink)

	get("/orders", s.orders)
	get("/orders/:code", s.order)
	post("/orders/:code/pay", s.payAgain)
	post("/orders/:code/extra", s.payExtra)
	post("/orders/:code/cancel", s.cancel)
	post("/orders/:code/answer", s.answer)
	post("/orders/:code/identity", s.refileIdentity)
	get("/orders/:code/receipts/:id", s.receipt)
	get("/track", s.trackForm)
	post("/track", s.track)

	get("/sign-in", s.signInForm)
	post("/sign-in", s.askForCode)
	get("/sign-in/code", s.codeForm)
	post("/sign-in/code", s.signIn)
	post("/sign-out", s.signOut)
	post("/account/sign-out-elsewhere", s.signOutElsewhere)
	get("/account", s.account)

	post("/preferences", web.SetPreferences)
}
