package desk

import (
	"log/slog"

	"github.com/gofiber/fiber/v2"

	"pishkhan/views/parts"
)

// addKeys says whether single keys work for the reader. A page without that
// answer is better than none.
func (d *desk) addKeys(v visit, c *parts.Chrome) {
	off, err := d.house.Staff.KeysOff(v.ctx(), v.actor.ID)
	if err != nil {
		slog.WarnContext(v.ctx(), "whether keys are off is not known", "err", err)
	}
	c.KeysOff = off
}

// saveKeys switches single keys off or on for the reader.
func (d *desk) saveKeys(v visit) error {
	if err := d.house.Staff.SaveKeysOff(v.ctx(), v.actor.ID, v.FormValue("keys_off") == "yes"); err != nil {
		return err
	}
	return v.SendStatus(fiber.StatusNoContent)
}
