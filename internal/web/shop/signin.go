package shop

import (
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/fault"
	"pishkhan/internal/web"
	"pishkhan/views/parts"
	views "pishkhan/views/shop"
)

// signInForm asks for a mobile number.
func (s *shop) signInForm(c *fiber.Ctx) error {
	if visitor(c).CustomerID != 0 {
		return web.Redirect(c, afterSignIn(c.Query("next")))
	}
	return s.showSignIn(c, fiber.StatusOK, views.SignInPage{Next: c.Query("next")})
}

// askForCode has a code sent to the number. Whether we know the number shows
// nowhere.
func (s *shop) askForCode(c *fiber.Ctx) error {
	if visitor(c).CustomerID != 0 {
		return web.Redirect(c, parts.ShopAccount)
	}
	v, err := s.arrive(c)
	if err != nil {
		return err
	}
	values := web.Typed(c)
	page := views.SignInPage{Next: values["next"], Form: views.Form{Values: values}}
	err = s.Customers.AskForCode(c.UserContext(), v.ID, values["mobile"], lang(c), web.IP(c))
	if form, ok := refused(err, values); ok {
		page.Form = form
		return s.showSignIn(c, fiber.StatusUnprocessableEntity, page)
	}
	if f := fault.Of(err); f != nil && f.Kind == fault.TooMany {
		page.Answer = t(c, f.Key, f.Args...)
		return s.showSignIn(c, fiber.StatusTooManyRequests, page)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, codePath(values["next"]))
}

// codeForm asks for the code that this browser waits for.
func (s *shop) codeForm(c *fiber.Ctx) error {
	if visitor(c).CustomerID != 0 {
		return web.Redirect(c, afterSignIn(c.Query("next")))
	}
	return s.showCode(c, fiber.StatusOK, c.Query("next"), views.Form{})
}

// signIn opens the account whose code was typed, in a session of its own.
func (s *shop) signIn(c *fiber.Ctx) error {
	values := web.Typed(c)
	v, err := s.Customers.SignIn(c.UserContext(), visitor(c).ID, values["code"], web.IP(c), s.Welcome)
	if form, ok := refused(err, nil); ok {
		return s.showCode(c, fiber.StatusUnprocessableEntity, values["next"], form)
	}
	if err != nil {
		return err
	}
	web.SetSession(c, web.VisitorCookie, v.Token, cookieAge)
	return web.Redirect(c, afterSignIn(values["next"]))
}

// signOut closes the account; what comes next from this browser comes from a
// stranger.
func (s *shop) signOut(c *fiber.Ctx) error {
	if v := visitor(c); v.ID != 0 {
		if err := s.Customers.SignOut(c.UserContext(), v, web.IP(c)); err != nil {
			return err
		}
	}
	web.DropSession(c, web.VisitorCookie)
	return web.Redirect(c, parts.ShopHome)
}

func (s *shop) showSignIn(c *fiber.Ctx, status int, page views.SignInPage) error {
	chrome, err := s.chrome(c, parts.ShopSignIn, t(c, "shop.signin.title"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.SignIn(chrome, page))
}

// showCode asks for the code, unless there is none to ask for: then for the
// number, with what is wrong with the code that was typed.
func (s *shop) showCode(c *fiber.Ctx, status int, next string, form views.Form) error {
	asked, err := s.Customers.Asked(c.UserContext(), visitor(c).ID)
	if fault.Is(err, fault.NotFound) {
		page := views.SignInPage{Next: next}
		if len(form.Wrong) > 0 {
			page.Answer = t(c, form.Wrong[0].Key, form.Wrong[0].Args...)
		}
		return s.showSignIn(c, status, page)
	}
	if err != nil {
		return err
	}
	chrome, err := s.chrome(c, codePath(next), t(c, "shop.code.title"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.Code(chrome, views.CodePage{Asked: asked, Next: next, Form: form}))
}

func codePath(next string) string {
	if next == "" {
		return parts.ShopSignIn + "/code"
	}
	return parts.ShopSignIn + "/code?next=" + url.QueryEscape(next)
}

// afterSignIn is where a sign-in leads: to a page of the shop.
func afterSignIn(next string) string {
	path := web.Back(next, parts.ShopAccount)
	if strings.HasPrefix(path, parts.ShopSignIn) || strings.HasPrefix(path, parts.DeskHome) {
		return parts.ShopAccount
	}
	return path
}
