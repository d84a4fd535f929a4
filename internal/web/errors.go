package web

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/views/parts"
)

// errorHandler turns every error into a page, or into a notice for htmx. What
// is not a fault is logged with the request's id, and never shown.
func errorHandler(log *slog.Logger, secure func(*fasthttp.RequestCtx)) fiber.ErrorHandler {
	return func(c *fiber.Ctx, err error) error {
		secure(c.Context())
		c.Set(fiber.HeaderCacheControl, "no-store")
		if c.Locals(logKey) == nil { // no middleware has seen it
			return refuse(c, log, err)
		}
		return explain(c, err)
	}
}

// refuse answers what the server could not read as a request. Nothing of it
// is logged: the parser's words quote what came, cookies included.
func refuse(c *fiber.Ctx, log *slog.Logger, err error) error {
	status := fiber.StatusBadRequest
	var fe *fiber.Error
	if errors.As(err, &fe) {
		status = fe.Code
	}
	log.Warn("request refused", "status", status, "peer", c.Context().RemoteAddr().String())
	setLanguage(c)
	key, args := statusKey(status, "")
	if isAPI(c) {
		return sendProblem(c, NewProblem(c.UserContext(), status, key, args...))
	}
	err = showError(c, status, i18n.T(c.UserContext(), key, args...), nil)
	c.Response().Header.DelAllCookies() // the page's, for its forms: this browser has its own, or none
	return err
}

func explain(c *fiber.Ctx, err error) error {
	t := classify(c, err)
	if isAPI(c) {
		return sendProblem(c, t.problem(c.UserContext()))
	}
	if t.fault != nil && t.fault.Kind == fault.Unauthenticated && strings.HasPrefix(c.Path(), parts.DeskHome) {
		return Redirect(c, parts.DeskHome+"/sign-in?next="+url.QueryEscape(c.OriginalURL()))
	}
	return showError(c, t.status, i18n.T(c.UserContext(), t.key, t.args...), faultFields(t.fault))
}

// Told returns the status and the words of an error, for a page that has more
// to say than those; it logs what is our own fault.
func Told(c *fiber.Ctx, err error) (status int, words string) {
	t := classify(c, err)
	return t.status, i18n.T(c.UserContext(), t.key, t.args...)
}

// trouble is an error as somebody is told of it.
type trouble struct {
	status int
	key    string
	args   []any
	fault  *fault.Fault // nil: a defect or an outage
	id     string       // of the request
}

// classify says what to tell of an error, and logs what is our own fault.
func classify(c *fiber.Ctx, err error) trouble {
	f := fault.Of(err)
	if f == nil && (errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)) {
		f = fault.New(fault.Unavailable, "fault.unavailable")
	}
	id, _ := c.Locals("requestid").(string)
	status, key, args := fiber.StatusInternalServerError, "web.error.internal", []any{"id", id}
	if f != nil {
		status, key, args = f.Kind.Status(), f.Key, f.Args
	}
	var fe *fiber.Error
	if errors.As(err, &fe) && f == nil {
		status = fe.Code
		key, args = statusKey(status, id)
	}
	if status >= fiber.StatusInternalServerError {
		Report(c, err)
	}
	return trouble{status: status, key: key, args: args, fault: f, id: id}
}

// Report logs what went wrong with a request, under the request's id: for
// what is answered with more than an error page.
func Report(c *fiber.Ctx, err error) {
	if log, ok := c.Locals(logKey).(*slog.Logger); ok {
		log.Error("request failed", "id", c.Locals("requestid"), "method", c.Method(), "route", c.Route().Path, "error", err)
	}
}

// logging brings the log to where requests are answered.
func logging(log *slog.Logger) fiber.Handler {
	return func(c *fiber.Ctx) error {
		c.Locals(logKey, log)
		return c.Next()
	}
}

func showError(c *fiber.Ctx, status int, words string, fields []fault.Field) error {
	if IsFragment(c) {
		c.Set("HX-Retarget", "#notices")
		c.Set("HX-Reswap", "innerHTML")
		return Render(c, status, parts.ErrorNotice(words, fields))
	}
	chrome := parts.Chrome{Title: words, Theme: Theme(c), CSRF: CSRF(c, ""), Path: "/"}
	return Render(c, status, parts.ErrorPage(chrome, strings.HasPrefix(c.Path(), parts.DeskHome), status, words, fields))
}

func faultFields(f *fault.Fault) []fault.Field {
	if f == nil {
		return nil
	}
	return f.Fields
}

// statusKey returns the words for what Fiber itself refuses.
func statusKey(status int, id string) (string, []any) {
	switch status {
	case fiber.StatusNotFound:
		return "web.error.not_found", nil
	case fiber.StatusMethodNotAllowed:
		return "web.error.method", nil
	case fiber.StatusRequestEntityTooLarge:
		return "web.error.too_large", nil
	case fiber.StatusUnsupportedMediaType:
		return "web.error.media_type", nil
	}
	if status < 500 {
		return "web.error.bad_request", nil
	}
	return "web.error.internal", []any{"id", id}
}
