package desk

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/catalog"
	"pishkhan/internal/fault"
	"pishkhan/internal/web"
	view "pishkhan/views/desk"
)

func (d *desk) importForm(v visit) error {
	return web.Render(v.Ctx, fiber.StatusOK, view.CatalogImport(d.importPage(v)))
}

func (d *desk) importPage(v visit) view.CatalogImportPage {
	page := view.CatalogImportPage{Chrome: d.chrome(v, v.words("catalogue.import"))}
	page.Chrome.Path = catalogHome + "/import"
	return page
}

// compareFile shows what importing the file would change, before it does.
func (d *desk) compareFile(v visit) error {
	page := d.importPage(v)
	header, err := v.FormFile("file")
	if err != nil {
		page.Chrome.Failed, page.Wrong = true, []fault.Field{{Name: "file", Key: "catalogue.error.no_file"}}
		return web.Render(v.Ctx, fiber.StatusUnprocessableEntity, view.CatalogImport(page))
	}
	file, err := header.Open()
	if err != nil {
		return err
	}
	defer file.Close()
	content, err := io.ReadAll(file) // the body is bounded
	if err != nil {
		return err
	}
	return d.showChanges(v, page, string(content))
}

func (d *desk) showChanges(v visit, page view.CatalogImportPage, file string) error {
	changes, err := d.house.Catalog.Compare(v.ctx(), []byte(file))
	status := fiber.StatusOK
	if f := fault.Of(err); f != nil && f.Kind == fault.Invalid {
		page.Chrome.Failed, page.Wrong, status = true, f.Fields, f.Kind.Status()
	} else if err != nil {
		return err
	} else {
		page.Read, page.Changes, page.File, page.Seen = true, changes, file, wordFor(changes)
	}
	if len(page.NoteBad) > 0 {
		status = fiber.StatusUnprocessableEntity
	}
	return web.Render(v.Ctx, status, view.CatalogImport(page))
}

// importFile publishes what the file changes, when that is still what was
// shown.
func (d *desk) importFile(v visit) error {
	file, page := v.FormValue("file_text"), d.importPage(v)
	page.Note = v.FormValue("note")
	changes, err := d.house.Catalog.Compare(v.ctx(), []byte(file))
	if err == nil && wordFor(changes) != v.FormValue("seen") {
		page.Moved = true
		return d.showChanges(v, page, file)
	}
	note, err2 := readNote(v)
	if err == nil {
		err = err2
	}
	if err == nil {
		_, err = d.house.Catalog.Import(v.ctx(), v.actor, []byte(file), note, changes)
	}
	if err == nil {
		return web.Redirect(v.Ctx, catalogHome)
	}
	f := fault.Of(err)
	if f != nil && f.Key == "catalog.error.import_moved" { // since we compared
		page.Moved = true
		return d.showChanges(v, page, file)
	}
	if f == nil || f.Kind != fault.Invalid {
		return err
	}
	page.NoteBad, page.Chrome.Failed = f.Fields, true
	return d.showChanges(v, page, file)
}

// wordFor stands for changes: others have another word.
func wordFor(changes []catalog.ServiceChange) string {
	text, err := json.Marshal(changes)
	if err != nil {
		panic(err) // texts and numbers
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
