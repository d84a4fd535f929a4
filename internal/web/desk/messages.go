package desk

import (
	"math"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/web"
	view "pishkhan/views/desk"
)

const messagesPath = "/desk/messages"

func (d *desk) messages(v visit) error {
	before, err := strconv.ParseInt(v.Query("before"), 10, 64)
	if err != nil || before <= 0 {
		before = math.MaxInt64
	}
	letters, more, err := d.house.Board.Outbox(v.ctx(), before)
	if err != nil {
		return err
	}
	page := view.MessagesPage{Chrome: d.chrome(v, v.words("desk.messages.title")), Letters: letters}
	if more {
		page.Next = messagesPath + "?before=" + strconv.FormatInt(letters[len(letters)-1].ID, 10)
	}
	if before != math.MaxInt64 {
		page.First = messagesPath
	}
	return web.Render(v.Ctx, fiber.StatusOK, view.Messages(page))
}
