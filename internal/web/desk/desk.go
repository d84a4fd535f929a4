// Package desk is the staff's side over HTTP: which addresses there are, who
// may use each, and what page or fragment answers. The work itself is done by
// the rooms.
package desk

import (
	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/house"
	"pishkhan/internal/web"
	"pishkhan/views/parts"
)

// desk answers with the pages of one house.
type desk struct {
	house *house.House
	lines lines
}

// Mount puts the desk's addresses on the app.
func Mount(app *fiber.App, h *house.House) {
	d := &desk{house: h}
	app.Get("/desk/sign-in", d.showSignIn)
	app.Post("/desk/sign-in", d.signIn)
	app.Post(parts.DeskSignOut, d.signOut)
	app.Post(parts.DeskPreferences, d.preferences)
	for _, r := range d.routes() {
		app.Add(r.Method, r.Path, d.guard(r))
	}
}

func (d *desk) preferences(c *fiber.Ctx) error {
	if err := web.CheckCSRF(c, web.Session(c, web.DeskCookie)); err != nil {
		return err
	}
	return web.SetPreferences(c)
}
