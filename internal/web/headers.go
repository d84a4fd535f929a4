package web

import (
	"bytes"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"pishkhan/internal/fault"
	"pishkhan/internal/token"
	"pishkhan/static"
)

// headers returns what sets the headers that every answer carries, errors
// included. Forms may lead to the gateway's origin besides our own.
func headers(gatewayOrigin string) func(*fasthttp.RequestCtx) {
	csp := strings.Join([]string{
		"default-src 'none'", "script-src 'self'", "style-src 'self'", "font-src 'self'",
		"img-src 'self' data: blob:", "connect-src 'self'", "base-uri 'none'", "frame-ancestors 'none'",
		strings.TrimSpace("form-action 'self' " + gatewayOrigin),
	}, "; ")
	return func(c *fasthttp.RequestCtx) {
		h := &c.Response.Header
		h.Set(fiber.HeaderContentSecurityPolicy, csp)
		h.Set(fiber.HeaderStrictTransportSecurity, "max-age=63072000; includeSubDomains")
		h.Set(fiber.HeaderXContentTypeOptions, "nosniff")
		h.Set(fiber.HeaderReferrerPolicy, "same-origin")
		h.Set(fiber.HeaderXFrameOptions, "DENY")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set(fiber.HeaderPermissionsPolicy, "camera=(), microphone=(), geolocation=(), payment=()")
		if !bytes.HasPrefix(c.Path(), []byte(static.Prefix)) {
			h.Set(fiber.HeaderCacheControl, "no-store")
		}
	}
}

// sameSite refuses requests that change something and come from another
// site's page. Gateways' callbacks come from elsewhere by nature, and prove
// nothing; their routes are mounted before this check applies to them.
func sameSite(baseURL string) fiber.Handler {
	origin := baseURL
	if u, err := url.Parse(baseURL); err == nil {
		origin = u.Scheme + "://" + u.Host
	}
	return func(c *fiber.Ctx) error {
		switch c.Method() {
		case fiber.MethodGet, fiber.MethodHead, fiber.MethodOptions:
			return c.Next()
		}
		if strings.HasPrefix(c.Path(), "/payments/") {
			return c.Next()
		}
		site := c.Get("Sec-Fetch-Site")
		if site != "" && site != "same-origin" && site != "none" {
			return fault.New(fault.Forbidden, "web.error.cross_site")
		}
		if o := c.Get(fiber.HeaderOrigin); site == "" && o != "" && o != origin && o != c.Protocol()+"://"+string(c.Request().Host()) {
			return fault.New(fault.Forbidden, "web.error.cross_site")
		}
		return c.Next()
	}
}

// CSRF returns the word that this page's forms carry. It is the session's
// where there is one, else that of a cookie that only serves this purpose.
func CSRF(c *fiber.Ctx, session token.Token) string {
	if session != "" {
		return session.CSRF()
	}
	if word, ok := c.Locals(csrfKey).(string); ok {
		return word
	}
	t := token.Token(c.Cookies(formCookie))
	if t == "" {
		t = token.New()
		setCookie(c, formCookie, string(t), 0)
	}
	c.Locals(csrfKey, t.CSRF())
	return t.CSRF()
}

// CheckCSRF refuses a request that changes something without the session's
// word, or that of the form cookie: a form that was open before the session
// began still works.
func CheckCSRF(c *fiber.Ctx, session token.Token) error {
	word := c.Get("X-CSRF-Token")
	if word == "" {
		word = c.FormValue("_csrf")
	}
	if session.CSRFMatches(word) || token.Token(c.Cookies(formCookie)).CSRFMatches(word) {
		return nil
	}
	return fault.New(fault.Forbidden, "web.error.stale_form")
}
