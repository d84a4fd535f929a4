package web

import (
	"bytes"
	"context"
	"mime"
	"net/url"
	"sync"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"pishkhan/static"
)

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Render answers with a page or fragment. It is rendered whole before the
// first byte leaves: a failure is an error page, not half a page.
func Render(c *fiber.Ctx, status int, page templ.Component) error {
	buffer := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buffer)
	buffer.Reset()
	// An error page is rendered after the request's context has ended.
	if err := page.Render(context.WithoutCancel(c.UserContext()), buffer); err != nil {
		return err
	}
	c.Status(status).Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	// A copy: c.Send would keep the buffer itself until the answer is written,
	// when somebody else's page may already be in it.
	c.Response().SetBody(buffer.Bytes())
	return nil
}

// IsFragment reports whether htmx asks for a part of a page.
func IsFragment(c *fiber.Ctx) bool { return c.Get("HX-Request") == "true" }

// Redirect sends the browser to another page after a deed, with or without htmx.
func Redirect(c *fiber.Ctx, path string) error {
	if IsFragment(c) {
		c.Set("HX-Redirect", path)
		return c.SendStatus(fiber.StatusNoContent)
	}
	return c.Redirect(path, fiber.StatusSeeOther)
}

// Attachment answers with a customer's file: never shown in our pages'
// origin, whatever it contains.
func Attachment(c *fiber.Ctx, name, contentType string, content []byte) error {
	AttachmentHeaders(c, name, contentType)
	return c.Send(content)
}

// AttachmentHeaders is Attachment for who sends the file itself.
func AttachmentHeaders(c *fiber.Ctx, name, contentType string) {
	c.Set(fiber.HeaderContentType, contentType)
	c.Set(fiber.HeaderContentSecurityPolicy, "sandbox; default-src 'none'")
	disposition := mime.FormatMediaType("attachment", map[string]string{"filename": name})
	if disposition == "" {
		disposition = "attachment; filename*=UTF-8''" + url.PathEscape(name)
	}
	c.Set(fiber.HeaderContentDisposition, disposition)
}

// Picture answers with a picture that we have encoded ourselves, for our own
// pages to show.
func Picture(c *fiber.Ctx, contentType string, content []byte) error {
	c.Set(fiber.HeaderContentType, contentType)
	c.Set(fiber.HeaderContentSecurityPolicy, "sandbox; default-src 'none'")
	c.Set(fiber.HeaderContentDisposition, "inline")
	return c.Send(content)
}

// Static serves the files that pages fetch; they may be kept for ever under
// their version.
func Static(c *fiber.Ctx) error {
	file, ok := static.Get(c.Params("name"))
	if !ok {
		return fiber.ErrNotFound
	}
	c.Set(fiber.HeaderContentType, file.ContentType)
	if c.Query("v") == file.Version {
		c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	}
	return c.Send(file.Content)
}
