package desk

import (
	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/access"
	"pishkhan/internal/attachments"
	"pishkhan/internal/fault"
	"pishkhan/internal/web"
	view "pishkhan/views/desk"
)

// attach puts a file on the order for colleagues. What else is typed on the
// page stays: htmx changes the place to drop files and the list alone.
func (d *desk) attach(v visit) error {
	name, content, err := uploaded(v, view.AttachmentField)
	if fault.Is(err, fault.TooLarge) {
		err = wrongAttachment("attachments.error.size", "megabytes", attachments.MaxBytes>>20)
	}
	if err == nil && content == nil {
		if web.IsFragment(v.Ctx) { // a script has refused the file, and said so
			return v.SendStatus(fiber.StatusNoContent)
		}
		err = wrongAttachment("attachdesk.no_file")
	}
	if err == nil {
		err = d.house.Folder.Attach(v.ctx(), v.actor, v.Params("code"), name, content)
	}
	if f := fault.Of(err); f != nil && f.Kind == fault.TooMany {
		err = wrongAttachment(f.Key, f.Args...)
	}
	return d.showAttachments(v, err, view.AttachmentAdded)
}

func wrongAttachment(key string, args ...any) error {
	return fault.Fields{{Name: view.AttachmentField, Key: key, Args: args}}.Err()
}

// detach takes a file off the order.
func (d *desk) detach(v visit) error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	why := view.DetachField(id)
	err = d.house.Folder.Remove(v.ctx(), v.actor, v.Params("code"), id, attachments.Removal{
		Why: v.FormValue(why), Any: d.house.Policy.Allows(v.actor, access.RemoveAnyFile),
	})
	return d.showAttachments(v, renamed(err, "why", why), view.AttachmentRemoved)
}

// showAttachments answers with the files as they are now, and what was wrong
// with the last deed.
func (d *desk) showAttachments(v visit, err error, deed view.AttachmentDeed) error {
	f := fault.Of(err)
	switch {
	case err != nil && (f == nil || len(f.Fields) == 0):
		return err
	case !web.IsFragment(v.Ctx) && err != nil:
		return d.refuse(v, err, typedForm(v))
	case !web.IsFragment(v.Ctx):
		return d.back(v)
	}
	page, lost := d.dossier(v)
	if lost != nil {
		return lost
	}
	status := fiber.StatusOK
	if f != nil {
		page.Wrong, page.Typed, status = f.Fields, typedForm(v), f.Kind.Status()
	}
	return web.Render(v.Ctx, status, view.AttachmentsChanged(page, deed))
}

// attachment hands a file of the order out for saving, on the record: what
// the customer sent only to whoever works on orders, as with the form's files.
func (d *desk) attachment(v visit) error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	file, content, err := d.house.Folder.View(v.ctx(), v.actor, d.sight(v), v.Params("code"), id)
	if err != nil {
		return err
	}
	return web.Attachment(v.Ctx, file.Name, file.MIME, content)
}

func (d *desk) sight(v visit) attachments.Sight {
	return attachments.Sight{
		Desk:     d.house.Policy.Allows(v.actor, access.AttachFiles),
		Customer: d.house.Policy.Allows(v.actor, access.WorkOnOrder),
	}
}

// addAttachments adds the files that lie with the order.
func (d *desk) addAttachments(v visit, p *view.OrderPage) (err error) {
	p.Files, err = d.house.Folder.Of(v.ctx(), d.house.Pool, p.Order.ID)
	return err
}
