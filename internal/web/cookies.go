package web

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/i18n"
	"pishkhan/internal/token"
)

// The cookies. The __Host- prefix keeps other hosts and plain HTTP from
// planting them; browsers accept it on loopback addresses too.
const (
	VisitorCookie = "__Host-visitor"
	DeskCookie    = "__Host-desk"
	formCookie    = "__Host-form"
	langCookie    = "__Host-lang"
	themeCookie   = "__Host-theme"
)

const year = 365 * 24 * time.Hour

// SetSession gives the browser a session's token; age 0 is until it closes.
func SetSession(c *fiber.Ctx, cookie string, t token.Token, age time.Duration) {
	setCookie(c, cookie, string(t), age)
}

// DropSession takes a session's token from the browser.
func DropSession(c *fiber.Ctx, cookie string) {
	setCookie(c, cookie, "", -time.Hour)
}

// Session returns the token that the browser holds; empty for none.
func Session(c *fiber.Ctx, cookie string) token.Token { return token.Token(c.Cookies(cookie)) }

// Theme returns the theme that the reader chose, or "" to follow the system.
func Theme(c *fiber.Ctx) string {
	if t := c.Cookies(themeCookie); t == "light" || t == "dark" {
		return t
	}
	return ""
}

// SetPreferences keeps the language or theme that the reader chose on a
// form, and goes back to where they were.
func SetPreferences(c *fiber.Ctx) error {
	if lang, ok := i18n.ParseLang(c.FormValue("lang")); ok {
		setCookie(c, langCookie, string(lang), year)
	}
	switch theme := c.FormValue("theme"); theme {
	case "light", "dark":
		setCookie(c, themeCookie, theme, year)
	case "system":
		setCookie(c, themeCookie, "", -time.Hour)
	}
	return c.Redirect(Back(c.FormValue("back"), "/"), fiber.StatusSeeOther)
}

// Back returns a path of our own to return to, or otherwise when what was
// asked for leads elsewhere.
func Back(path, otherwise string) string {
	if len(path) < 1 || path[0] != '/' || len(path) > 1 && (path[1] == '/' || path[1] == '\\') {
		return otherwise
	}
	for _, r := range path {
		if r < 0x20 || r == '\\' {
			return otherwise
		}
	}
	return path
}

func setCookie(c *fiber.Ctx, name, value string, age time.Duration) {
	cookie := &fiber.Cookie{
		Name: name, Value: value, Path: "/", Secure: true, HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode,
	}
	switch {
	case age > 0:
		cookie.MaxAge = int(age / time.Second)
	case age < 0:
		cookie.Expires = time.Unix(0, 0)
	default:
		cookie.SessionOnly = true
	}
	c.Cookie(cookie)
}
