package shop

import (
	"context"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/carts"
	"pishkhan/internal/fault"
	"pishkhan/internal/web"
	views "pishkhan/views/shop"
)

// basket shows what the visitor gathered.
func (s *shop) basket(c *fiber.Ctx) error {
	return s.showBasket(c, fiber.StatusOK, views.BasketPage{})
}

// repriceBasket renews the prices that ran out, and shows both.
func (s *shop) repriceBasket(c *fiber.Ctx) error {
	repriced, err := s.Carts.Reprice(c.UserContext(), owner(c))
	if f := fault.Of(err); fault.Is(err, fault.Conflict) {
		return s.showBasket(c, fiber.StatusConflict, views.BasketPage{Refusal: t(c, f.Key, f.Args...)})
	}
	if err != nil {
		return err
	}
	return s.showBasket(c, fiber.StatusOK, views.BasketPage{Repriced: repriced})
}

// removeLine takes a line out of the basket.
func (s *shop) removeLine(c *fiber.Ctx) error {
	return s.takeOut(c, s.Carts.Remove)
}

// removeUpload takes all lines out of the basket that came with one file.
func (s *shop) removeUpload(c *fiber.Ctx) error {
	return s.takeOut(c, s.Carts.RemoveUpload)
}

// setCode brings a campaign code into the basket.
func (s *shop) setCode(c *fiber.Ctx) error {
	values := web.Typed(c)
	err := s.Carts.SetCode(c.UserContext(), owner(c), values["code"])
	if form, ok := refused(err, values); ok {
		return s.showBasket(c, fiber.StatusUnprocessableEntity, views.BasketPage{CodeForm: form})
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/basket")
}

// clearCode takes it out again.
func (s *shop) clearCode(c *fiber.Ctx) error {
	if err := s.Carts.ClearCode(c.UserContext(), owner(c)); err != nil {
		return err
	}
	return web.Redirect(c, "/basket")
}

func (s *shop) takeOut(c *fiber.Ctx, remove func(context.Context, carts.Owner, int64) error) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	if err := remove(c.UserContext(), owner(c), id); err != nil {
		return err
	}
	return web.Redirect(c, "/basket")
}

func (s *shop) showBasket(c *fiber.Ctx, status int, page views.BasketPage) error {
	if err := s.gather(c, &page); err != nil {
		return err
	}
	if page.Page > page.LastPage() {
		page.Page = page.LastPage()
	}
	chrome, err := s.chrome(c, "/basket", t(c, "shop.basket.title"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.Basket(chrome, page))
}

// gather fills in the basket as it stands.
func (s *shop) gather(c *fiber.Ctx, page *views.BasketPage) (err error) {
	ctx := c.UserContext()
	page.Now, page.Page = s.Clock.Now(), max(c.QueryInt("page"), 1)
	if page.Lines, err = s.Carts.Lines(ctx, owner(c)); err != nil || len(page.Lines) == 0 {
		return err
	}
	if page.Code, err = s.Carts.Code(ctx, owner(c), page.Lines); err != nil {
		return err
	}
	if page.Step, err = s.nextStep(c, len(page.Lines)); err != nil {
		return err
	}
	page.Uploads, err = s.uploadsOf(c, page.Lines)
	return err
}

// nextStep is the next step of the tariff for orders placed together, if it is
// in reach: not further than twice as many.
func (s *shop) nextStep(c *fiber.Ctx, orders int) (hint views.BulkHint, err error) {
	current, err := s.Pricing.CurrentTariff(c.UserContext())
	if fault.Is(err, fault.Unavailable) {
		return hint, nil
	}
	if err != nil {
		return hint, err
	}
	for _, step := range current.Tariff.Bulk {
		if more := step.From - orders; more > 0 {
			if more <= orders+1 && orders+more <= carts.MaxLines {
				hint = views.BulkHint{More: more, Percent: step.Percent}
			}
			return hint, nil
		}
	}
	return hint, nil
}

// uploadsOf are the files that some of the lines came with.
func (s *shop) uploadsOf(c *fiber.Ctx, lines []carts.Line) ([]views.BasketUpload, error) {
	var uploads []views.BasketUpload
	at := map[int64]int{}
	for _, line := range lines {
		if line.UploadID == 0 {
			continue
		}
		i, known := at[line.UploadID]
		if !known {
			upload, err := s.Bulk.Upload(c.UserContext(), owner(c), line.UploadID)
			if err != nil {
				return nil, err
			}
			i = len(uploads)
			at[line.UploadID] = i
			uploads = append(uploads, views.BasketUpload{ID: upload.ID, Name: upload.FileName})
		}
		uploads[i].Lines++
	}
	return uploads, nil
}

// number is the address's id of a line or an upload.
func number(c *fiber.Ctx) (int64, error) {
	id, err := strconv.ParseInt(c.Params("id"), 10, 64)
	if err != nil {
		return 0, fiber.ErrNotFound
	}
	return id, nil
}
