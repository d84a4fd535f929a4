package shop

import (
	"io"
	"mime/multipart"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/attachments"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
	"pishkhan/internal/web"
	views "pishkhan/views/shop"
)

// sendAnswer hands an answer to who asked, with its files. again is the form
// to show once more, with what was typed and the files that have arrived;
// nil when the answer was taken.
func (s *shop) sendAnswer(c *fiber.Ctx, o orders.Order) (again *views.AnswerForm, err error) {
	form := views.AnswerForm{Form: views.Form{Values: web.Typed(c)}}
	var wrong fault.Fields
	if o.State == orders.WaitingCustomer { // nothing is kept for an order that asks nothing
		if form.Kept, err = s.keptBefore(c, form.Values[views.AnswerKept]); err != nil {
			return nil, err
		}
		if wrong, err = s.takeAnswerFiles(c, &form); err != nil {
			return nil, err
		}
	}
	if len(wrong) > 0 && strings.TrimSpace(form.Values["answer"]) != "" {
		err = wrong.Err()
	} else {
		err = and(wrong, s.Queue.Answer(c.UserContext(), actor(c), o.ID, form.Values["answer"], form.IDs()...))
	}
	if fault.Is(err, fault.NotFound) && len(form.Kept) > 0 { // they went with another answer: an old page was sent again
		form.Kept = nil
		wrong.Add(views.AnswerFiles, "attachments.error.not_found")
		err = wrong.Err()
	}
	if refused, ok := refused(err, form.Values); ok {
		form.Form = refused
		for i, field := range form.Wrong {
			if field.Key == "queue.error.answer_empty" { // there it is told to staff
				form.Wrong[i].Key = "shop.answer.empty"
			}
		}
		return &form, nil
	}
	return nil, err
}

// keptBefore are the files that came with an earlier try and are still
// wanted. A number that is not this browser's is passed over.
func (s *shop) keptBefore(c *fiber.Ctx, ids string) (kept []attachments.Attachment, err error) {
	for _, text := range strings.Split(ids, ",") {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil || len(kept) == attachments.MaxEnclosed {
			continue
		}
		if err := s.Attachments.Own(c.UserContext(), s.Pool, visitor(c).ID, []int64{id}); fault.Is(err, fault.NotFound) {
			continue
		} else if err != nil {
			return nil, err
		}
		file, err := s.Attachments.Of(c.UserContext(), s.Pool, []int64{id})
		if err != nil {
			return nil, err
		}
		kept = append(kept, file...)
	}
	return kept, nil
}

// takeAnswerFiles keeps the files that came along: what is wrong elsewhere
// costs nobody an upload. wrong is what is wrong with the files themselves.
func (s *shop) takeAnswerFiles(c *fiber.Ctx, form *views.AnswerForm) (wrong fault.Fields, err error) {
	sent := filesOf(c, views.AnswerFiles)
	var size int64
	for _, header := range sent {
		size += header.Size
	}
	if len(form.Kept)+len(sent) > attachments.MaxEnclosed {
		wrong.Add(views.AnswerFiles, "shop.answer.too_many", "max", attachments.MaxEnclosed)
		return wrong, nil
	}
	if size > views.MaxFileBytes {
		wrong.Add(views.AnswerFiles, "shop.answer.together", "megabytes", views.MaxFileBytes>>20)
		return wrong, nil
	}
	for _, header := range sent {
		kept, err := s.keepFile(c, header)
		if f := fault.Of(err); f != nil && (f.Kind == fault.Invalid || f.Kind == fault.TooMany) {
			name := "\u2068" + header.Filename + "\u2069"
			wrong.Add(views.AnswerFiles, "shop.answer.refused", "name", name, "why", t(c, f.Key, f.Args...))
			continue
		}
		if err != nil {
			return nil, err
		}
		form.Kept = append(form.Kept, kept)
	}
	return wrong, nil
}

func (s *shop) keepFile(c *fiber.Ctx, header *multipart.FileHeader) (attachments.Attachment, error) {
	file, err := header.Open()
	if err != nil {
		return attachments.Attachment{}, err
	}
	defer file.Close()
	content, err := io.ReadAll(file)
	if err != nil {
		return attachments.Attachment{}, err
	}
	return s.Attachments.Keep(c.UserContext(), visitor(c).ID, web.IP(c), header.Filename, content)
}

// filesOf are the files that were chosen in a form's input.
func filesOf(c *fiber.Ctx, input string) (list []*multipart.FileHeader) {
	form, err := c.MultipartForm()
	if err != nil {
		return nil // a form without files
	}
	for _, header := range form.File[input] {
		if header.Filename != "" {
			list = append(list, header)
		}
	}
	return list
}
