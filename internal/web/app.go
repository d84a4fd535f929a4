// Package web is what shop and desk share of HTTP: the Fiber app with its
// limits and headers, one error handler, sessions, request forgery checks and
// rendering. It knows no business; web/shop and web/desk bring the routes.
package web

import (
	"bytes"
	"context"
	"log/slog"
	"net/netip"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/recover"
	"github.com/gofiber/fiber/v2/middleware/requestid"
	"github.com/valyala/fasthttp"

	"pishkhan/internal/i18n"
	"pishkhan/internal/staff"
	"pishkhan/views/parts"
)

// Config is what the app is told from outside.
type Config struct {
	BaseURL        string         // how browsers reach us: links and origins are built from it, never from Host
	GatewayOrigin  string         // where forms may lead besides ourselves
	TrustedProxies []netip.Prefix // whose X-Forwarded-For is believed
	Log            *slog.Logger
}

// Bodies are held in memory before anybody is asked who they are.
const (
	// maxBody is above what a form's text may be when it is percent-encoded,
	// so that a longer one is told so beside its field instead of being cut off.
	maxBody = 8 << 20
	// maxUpload is above what a receipt may be, for the same reason.
	maxUpload = 40 << 20
	// maxForm is above what a form with a photograph may be.
	maxForm = 12 << 20
	// maxInputs is above what any form of ours has.
	maxInputs = 5000
)

// requestTime is what a request may take in all.
const requestTime = 20 * time.Second

// New returns the app without any route.
func New(cfg Config) *fiber.App {
	secure := headers(cfg.GatewayOrigin)
	app := fiber.New(fiber.Config{
		AppName:               "pishkhan",
		Immutable:             true,
		BodyLimit:             maxBody,
		ReadTimeout:           60 * time.Second,
		WriteTimeout:          60 * time.Second,
		IdleTimeout:           2 * time.Minute,
		ReadBufferSize:        16 << 10,
		DisableStartupMessage: true,
		ErrorHandler:          errorHandler(cfg.Log, secure),
	})
	app.Server().HeaderReceived = bodyLimit
	routed := app.Server().Handler
	app.Server().Handler = func(c *fasthttp.RequestCtx) {
		secure(c) // here, since Fiber answers unknown methods before any middleware
		routed(c)
	}
	app.Use(requestid.New(), recover.New(), logging(cfg.Log), plainBodies, plainText, deadline, preferences, clientIP(cfg.TrustedProxies), sameSite(cfg.BaseURL))
	return app
}

// bodyLimit lets uploads be larger than other requests: with the shop's
// forms, and more so with orders that are worked on, for browsers that have
// been at the desk and programs of the staff. Whether the session or the token
// holds is checked later.
func bodyLimit(h *fasthttp.RequestHeader) fasthttp.RequestConfig {
	if h.IsPost() && bytes.HasPrefix(h.RequestURI(), []byte(APIHome+"/orders/")) &&
		bytes.Contains(h.Peek(fiber.HeaderAuthorization), []byte(" "+staff.TokenMark)) {
		return fasthttp.RequestConfig{MaxRequestBodySize: maxUpload}
	}
	if h.IsPost() && bytes.HasPrefix(h.ContentType(), []byte(fiber.MIMEMultipartForm)) &&
		!bytes.HasPrefix(h.RequestURI(), []byte(parts.DeskHome)) {
		return fasthttp.RequestConfig{MaxRequestBodySize: maxForm}
	}
	if h.IsPost() && bytes.HasPrefix(h.RequestURI(), []byte(parts.DeskHome+"/orders/")) && len(h.Cookie(DeskCookie)) > 0 {
		return fasthttp.RequestConfig{MaxRequestBodySize: maxUpload}
	}
	return fasthttp.RequestConfig{} // maxBody
}

// plainBodies refuses compressed requests: Fiber would inflate them without limit.
func plainBodies(c *fiber.Ctx) error {
	if e := c.Get(fiber.HeaderContentEncoding); e != "" && !strings.EqualFold(e, "identity") {
		return fiber.ErrUnsupportedMediaType
	}
	return c.Next()
}

// plainText refuses input that is no text, or more of it than a form has:
// Postgres keeps neither NUL nor broken UTF-8, and nobody types them.
func plainText(c *fiber.Ctx) error {
	whole := func(b []byte) bool { return utf8.Valid(b) && bytes.IndexByte(b, 0) < 0 }
	ok, inputs := whole(c.Request().URI().Path()), 0
	check := func(name, value []byte) {
		inputs++
		ok = ok && inputs <= maxInputs && whole(name) && whole(value)
	}
	for name, value := range c.Context().QueryArgs().All() {
		check(name, value)
	}
	if strings.HasPrefix(c.Get(fiber.HeaderContentType), fiber.MIMEMultipartForm) {
		form, err := c.MultipartForm()
		if err != nil {
			return fiber.ErrBadRequest
		}
		for name, values := range form.Value {
			for _, value := range values {
				check([]byte(name), []byte(value))
			}
		}
	} else {
		for name, value := range c.Context().PostArgs().All() {
			check(name, value)
		}
	}
	if !ok {
		return fiber.ErrBadRequest
	}
	return c.Next()
}

// deadline gives each request a context that ends.
func deadline(c *fiber.Ctx) error {
	ctx, cancel := context.WithTimeout(c.UserContext(), requestTime)
	defer cancel()
	c.SetUserContext(ctx)
	return c.Next()
}

// preferences brings the reader's language into the context.
func preferences(c *fiber.Ctx) error {
	setLanguage(c)
	return c.Next()
}

func setLanguage(c *fiber.Ctx) {
	if lang, ok := i18n.ParseLang(c.Cookies(langCookie)); ok {
		c.SetUserContext(i18n.WithLang(c.UserContext(), lang))
	}
}

// clientIP finds the address of the browser: right to left through the
// proxies that are trusted, and no further.
func clientIP(trusted []netip.Prefix) fiber.Handler {
	isTrusted := func(a netip.Addr) bool {
		for _, p := range trusted {
			if p.Contains(a) {
				return true
			}
		}
		return false
	}
	return func(c *fiber.Ctx) error {
		addr, _ := netip.AddrFromSlice(c.Context().RemoteIP())
		addr = addr.Unmap()
		// A proxy may append to the line that came or add one of its own.
		lines := c.Request().Header.PeekAll(fiber.HeaderXForwardedFor)
		hops := strings.Split(string(bytes.Join(lines, []byte(","))), ",")
		for i := len(hops) - 1; i >= 0 && isTrusted(addr); i-- {
			hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
			if err != nil {
				break
			}
			addr = hop.Unmap()
		}
		c.Locals(ipKey, addr.String())
		return c.Next()
	}
}

type localKey int

const (
	ipKey localKey = iota
	visitorKey
	actorKey
	csrfKey
	logKey
)

// IP returns the address of the browser.
func IP(c *fiber.Ctx) string {
	ip, _ := c.Locals(ipKey).(string)
	return ip
}
