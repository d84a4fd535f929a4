package desk

import (
	"fmt"
	"io"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/fault"
	"pishkhan/internal/receipts"
	"pishkhan/internal/web"
	view "pishkhan/views/desk"
)

// addReceipt keeps the receipt that was chosen or dropped. What else is typed
// on the page stays: htmx changes the list alone, and a browser without it
// gets the form back as it was.
func (d *desk) addReceipt(v visit) error {
	name, content, err := upload(v)
	if err == nil && content == nil {
		return d.noFile(v)
	}
	if err == nil {
		err = d.house.Fulfil.AddReceipt(v.ctx(), v.actor, v.Params("code"), name, content)
	}
	return d.showReceipts(v, besideField(err))
}

func (d *desk) removeReceipt(v visit) error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	return d.showReceipts(v, d.house.Fulfil.RemoveReceipt(v.ctx(), v.actor, v.Params("code"), id))
}

// showReceipts answers with the receipts as they are now, and what was wrong
// with the last one.
func (d *desk) showReceipts(v visit, err error) error {
	f := fault.Of(err)
	if err != nil && (f == nil || len(f.Fields) == 0 || !web.IsFragment(v.Ctx)) {
		return d.refuse(v, err, typedWork(v))
	}
	page, lost := d.dossier(v)
	if lost != nil {
		return lost
	}
	page.Typed = typedWork(v)
	status := fiber.StatusOK
	if f != nil {
		page.Wrong, page.InPlace, status = f.Fields, web.IsFragment(v.Ctx), f.Kind.Status()
	}
	if web.IsFragment(v.Ctx) {
		return web.Render(v.Ctx, status, view.ReceiptsChanged(page))
	}
	return web.Render(v.Ctx, status, view.Order(page))
}

// noFile: a script has refused the file before it was sent, and said so; or
// the form was sent without one.
func (d *desk) noFile(v visit) error {
	if web.IsFragment(v.Ctx) {
		return v.SendStatus(fiber.StatusNoContent)
	}
	var wrong fault.Fields
	wrong.Add("receipt", "desk.error.no_file")
	return d.refuse(v, wrong.Err(), typedWork(v))
}

// upload reads the receipt of a form; nil content when none was chosen.
func upload(v visit) (name string, content []byte, err error) {
	name, content, err = uploaded(v, "receipt")
	return name, content, besideField(err)
}

// uploaded reads the file of a form's input; nil content when none was
// chosen, TooLarge above what is kept.
func uploaded(v visit, input string) (name string, content []byte, err error) {
	header, err := v.FormFile(input)
	if err != nil || header.Filename == "" {
		return "", nil, nil
	}
	if header.Size > receipts.MaxBytes {
		return "", nil, tooLarge()
	}
	file, err := header.Open()
	if err != nil {
		return "", nil, fmt.Errorf("open upload: %w", err)
	}
	defer file.Close()
	content, err = io.ReadAll(file)
	if err != nil {
		return "", nil, fmt.Errorf("read upload: %w", err)
	}
	if content == nil {
		content = []byte{}
	}
	return header.Filename, content, nil
}

func (d *desk) receipt(v visit) error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	o, err := d.house.Orders.ByCode(v.ctx(), d.house.Pool, v.Params("code"))
	if err != nil {
		return err
	}
	paper, content, err := d.house.Receipts.Read(v.ctx(), int64(o.ID), id)
	if err != nil {
		return err
	}
	return showPaper(v, paper.Name, paper.MIME, content)
}

// showPaper shows a picture that we have encoded ourselves; a PDF, which is as
// its author made it, is only for saving.
func showPaper(v visit, name, mime string, content []byte) error {
	if mime == "image/png" || mime == "image/jpeg" {
		return web.Picture(v.Ctx, mime, content)
	}
	return web.Attachment(v.Ctx, name, mime, content)
}
