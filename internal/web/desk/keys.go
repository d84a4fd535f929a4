package desk

import "github.com/gofiber/fiber/v2"

// saveKeys switches single keys off or on for the reader.
func (d *desk) saveKeys(v visit) error {
	if err := d.house.Staff.SaveKeysOff(v.ctx(), v.actor.ID, v.FormValue("keys_off") == "yes"); err != nil {
		return err
	}
	return v.SendStatus(fiber.StatusNoContent)
}
