package desk

import (
	"strconv"

	"pishkhan/internal/catalog"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
)

// orderFile shows a file that the customer handed in with an order's form, on
// the record.
func (d *desk) orderFile(v visit) error {
	o, err := d.house.Orders.ByCode(v.ctx(), d.house.Pool, v.Params("code"))
	if err != nil {
		return err
	}
	id, err := v.id("id")
	if err != nil {
		return err
	}
	belongs, err := d.belongs(v, o, id)
	if err != nil {
		return err
	}
	if !belongs {
		return fault.New(fault.NotFound, "attachments.error.not_found")
	}
	file, content, err := d.house.Attachments.View(v.ctx(), v.actor, o.Subject(), id)
	if err != nil {
		return err
	}
	return showPaper(v, file.Name, file.MIME, content)
}

// belongs reports whether the file is one of the answers to the order's form.
func (d *desk) belongs(v visit, o orders.Order, id int64) (bool, error) {
	service, err := d.house.Catalog.Version(v.ctx(), d.house.Pool, catalog.VersionID(o.ServiceVersionID))
	if err != nil {
		return false, err
	}
	for field := range service.Definition.Fields() {
		if field.Type == catalog.File && o.Answers[field.Name] == strconv.FormatInt(id, 10) {
			return true, nil
		}
	}
	return false, nil
}
