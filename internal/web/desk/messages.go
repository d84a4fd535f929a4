package desk

import (
	"math"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/board"
	"pishkhan/internal/fault"
	"pishkhan/internal/notify"
	"pishkhan/internal/seal"
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
	if d.house.OpenOutbox {
		if page.Codes, err = d.undelivered(v, letters); err != nil {
			return err
		}
		if page.Links, err = d.strandedLinks(v, letters); err != nil {
			return err
		}
	}
	if more {
		page.Next = messagesPath + "?before=" + strconv.FormatInt(letters[len(letters)-1].ID, 10)
	}
	if before != math.MaxInt64 {
		page.First = messagesPath
	}
	return web.Render(v.Ctx, fiber.StatusOK, view.Messages(page))
}

// undelivered opens the sign-in codes that went nowhere because no provider
// is configured: whoever tries the program out finds them here, while they
// work. In production nobody does. A code that a provider has taken is its owner's alone.
func (d *desk) undelivered(v visit, letters []board.Letter) (map[int64]seal.Secret, error) {
	codes := map[int64]seal.Secret{}
	for _, letter := range letters {
		if letter.Signin == 0 || letter.Provider != notify.OutboxName {
			continue
		}
		code, err := d.house.Customers.Code(v.ctx(), letter.Signin)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		codes[letter.ID] = code
	}
	return codes, nil
}

// strandedLinks opens the links of messages that went nowhere because no
// provider is configured, as undelivered does the codes. A link that was
// delivered is its customer's alone.
func (d *desk) strandedLinks(v visit, letters []board.Letter) (map[int64]seal.Secret, error) {
	links := map[int64]seal.Secret{}
	for _, letter := range letters {
		if letter.Link == 0 || letter.Provider != notify.OutboxName {
			continue
		}
		token, err := d.house.Letters.Token(v.ctx(), letter.Link)
		if fault.Is(err, fault.NotFound) {
			continue // its time is long over
		}
		if err != nil {
			return nil, err
		}
		links[letter.ID] = token
	}
	return links, nil
}
