package desk

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/web"
	view "pishkhan/views/desk"
	"pishkhan/views/parts"
)

func (d *desk) showSignIn(c *fiber.Ctx) error {
	next := destination(c.Query("next"))
	if _, err := d.house.Staff.Actor(c.UserContext(), web.Session(c, web.DeskCookie), web.IP(c)); err == nil {
		return web.Redirect(c, next)
	}
	return web.Render(c, fiber.StatusOK, view.SignIn(signInPage(c, next)))
}

func (d *desk) signIn(c *fiber.Ctx) error {
	if err := web.CheckCSRF(c, web.Session(c, web.DeskCookie)); err != nil {
		return err
	}
	signed, err := d.house.Staff.SignIn(c.UserContext(), c.FormValue("email"), c.FormValue("password"), web.IP(c), c.Get(fiber.HeaderUserAgent))
	if f := fault.Of(err); f != nil && f.Kind != fault.Unavailable {
		page := signInPage(c, destination(c.FormValue("next")))
		page.Email, page.Refused, page.Chrome.Failed = c.FormValue("email"), i18n.T(c.UserContext(), f.Key, f.Args...), true
		return web.Render(c, f.Kind.Status(), view.SignIn(page))
	}
	if err != nil {
		return err
	}
	if err := d.endSession(c); err != nil { // the one that this browser held before
		return err
	}
	web.SetSession(c, web.DeskCookie, signed.Token, 0)
	return web.Redirect(c, destination(c.FormValue("next")))
}

func (d *desk) signOut(c *fiber.Ctx) error {
	if err := web.CheckCSRF(c, web.Session(c, web.DeskCookie)); err != nil {
		return err
	}
	if err := d.endSession(c); err != nil {
		return err
	}
	web.DropSession(c, web.DeskCookie)
	return web.Redirect(c, "/desk/sign-in")
}

// endSession ends the session that the browser holds, if it holds one.
func (d *desk) endSession(c *fiber.Ctx) error {
	session := web.Session(c, web.DeskCookie)
	actor, err := d.house.Staff.Actor(c.UserContext(), session, web.IP(c))
	if fault.Is(err, fault.Unauthenticated) {
		return nil
	}
	if err != nil {
		return err
	}
	return d.house.Staff.SignOut(c.UserContext(), actor, session)
}

func signInPage(c *fiber.Ctx, next string) view.SignInPage {
	return view.SignInPage{
		Next: next,
		Chrome: parts.Chrome{
			Title: i18n.T(c.UserContext(), "desk.sign_in.title"), Path: "/desk/sign-in", Theme: web.Theme(c),
			CSRF: web.CSRF(c, ""),
		},
	}
}

// destination is where a sign-in leads: only to a page of the desk.
func destination(next string) string {
	if path := web.Back(next, parts.DeskHome); path == parts.DeskHome || strings.HasPrefix(path, parts.DeskHome+"/") || strings.HasPrefix(path, parts.DeskHome+"?") {
		return path
	}
	return parts.DeskHome
}
