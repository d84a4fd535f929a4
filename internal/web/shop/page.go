package shop

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/web"
	"pishkhan/views/parts"
	views "pishkhan/views/shop"
)

// chrome is what a page says about itself; path is where it can be reached
// again, and title the page's name in the reader's language.
func (s *shop) chrome(c *fiber.Ctx, path, title string) (parts.Chrome, error) {
	v := visitor(c)
	chrome := parts.Chrome{Title: title, Path: path, Theme: web.Theme(c), CSRF: web.CSRF(c, v.Token), Signed: v.CustomerID != 0}
	if v.ID == 0 {
		return chrome, nil
	}
	var err error
	chrome.Basket, err = s.Carts.Count(c.UserContext(), owner(c))
	return chrome, err
}

// t returns words in the reader's language.
func t(c *fiber.Ctx, key string, args ...any) string { return i18n.T(c.UserContext(), key, args...) }

// lang is the reader's language.
func lang(c *fiber.Ctx) i18n.Lang { return i18n.LangOf(c.UserContext()) }

// refused is the form to show again when err says what is wrong with it; ok
// is false for any other error.
func refused(err error, values map[string]string) (form views.Form, ok bool) {
	f := fault.Of(err)
	if f == nil || f.Kind != fault.Invalid || len(f.Fields) == 0 {
		return views.Form{}, false
	}
	return views.Form{Values: values, Wrong: f.Fields}, true
}

// and adds what is wrong with a form's files to what else is wrong with it.
func and(files fault.Fields, err error) error {
	f := fault.Of(err)
	if err != nil && (f == nil || f.Kind != fault.Invalid || len(f.Fields) == 0) {
		return err
	}
	all := slices.Clone(files)
	if f != nil {
		for _, field := range f.Fields {
			if !slices.ContainsFunc(files, func(w fault.Field) bool { return w.Name == field.Name }) {
				all = append(all, field)
			}
		}
	}
	return all.Err()
}
