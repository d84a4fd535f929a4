package desk

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/fault"
	"pishkhan/internal/seal"
	"pishkhan/internal/web"
	view "pishkhan/views/desk"
)

// reveal opens the destination login for who works on the order, on the
// record. It is in this one answer and nowhere else.
func (d *desk) reveal(v visit) error {
	reason := v.FormValue("ready")
	if reason == "" {
		reason = v.FormValue("reason")
	}
	secrets, err := d.house.Fulfil.Reveal(v.ctx(), v.actor, v.Params("code"), reason)
	if err != nil {
		return d.refuseReveal(v, err, reason)
	}
	page, err := d.dossier(v)
	if err != nil {
		return err
	}
	page.Secrets = labelled(page, v, secrets)
	if web.IsFragment(v.Ctx) {
		return web.Render(v.Ctx, fiber.StatusOK, view.Revealed(page))
	}
	return web.Render(v.Ctx, fiber.StatusOK, view.Order(page))
}

// refuseReveal changes the panel alone where that is enough: what is typed
// elsewhere on the page stays.
func (d *desk) refuseReveal(v visit, err error, reason string) error {
	typed := view.Typed{Reason: reason}
	if !web.IsFragment(v.Ctx) || !fault.Is(err, fault.Invalid) {
		return d.refuse(v, err, typed)
	}
	page, lost := d.dossier(v)
	if lost != nil {
		return lost
	}
	page.Typed, page.Wrong, page.InPlace = typed, fault.Of(err).Fields, true
	return web.Render(v.Ctx, fiber.StatusUnprocessableEntity, view.Credential(page))
}

// labelled puts the secrets under the labels of the service's form, in its order.
func labelled(p view.OrderPage, v visit, secrets map[string]seal.Secret) []view.Secret {
	var list []view.Secret
	for field := range p.Service.Definition.Fields() {
		if secret, ok := secrets[field.Name]; ok && secret.Reveal() != "" {
			list = append(list, view.Secret{
				ID: "secret-" + strings.ReplaceAll(field.Name, "_", "-"), Label: field.Label.In(v.lang()), Value: secret,
			})
		}
	}
	return list
}
