package web

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/fault"
	"pishkhan/static"
)

// Pinger answers whether the database is there.
type Pinger interface {
	Ping(ctx context.Context) error
}

// MountCommon mounts what every surface needs: the files that pages fetch,
// and the answers for whoever watches the process.
func MountCommon(app *fiber.App, database Pinger) {
	app.Get(static.Prefix+":name", Static)
	app.Get("/favicon.ico", func(c *fiber.Ctx) error {
		return c.Redirect(static.Path("favicon.svg"), fiber.StatusMovedPermanently)
	})
	app.Get("/healthz", func(c *fiber.Ctx) error { return c.SendString("ok") })
	app.Get("/readyz", func(c *fiber.Ctx) error {
		ctx, cancel := context.WithTimeout(c.UserContext(), 2*time.Second)
		defer cancel()
		if err := database.Ping(ctx); err != nil {
			return fault.New(fault.Unavailable, "fault.unavailable").Because(err)
		}
		return c.SendString("ready")
	})
}
