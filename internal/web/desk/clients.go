package desk

import (
	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/access"
	"pishkhan/internal/clients"
	"pishkhan/internal/fault"
	"pishkhan/internal/web"
	view "pishkhan/views/desk"
)

func (d *desk) clients(v visit) error {
	list, err := d.house.Clients.List(v.ctx())
	if err != nil {
		return err
	}
	page := view.ClientsPage{Chrome: d.chrome(v, v.words("clients.title")), Clients: list, MayManage: d.manages(v)}
	return web.Render(v.Ctx, fiber.StatusOK, view.Clients(page))
}

func (d *desk) newClient(v visit) error {
	return web.Render(v.Ctx, fiber.StatusOK, view.NewClient(view.NewClientPage{Chrome: d.chrome(v, v.words("clients.new"))}))
}

func (d *desk) createClient(v visit) error {
	form := clientForm(v)
	client, err := d.house.Clients.Create(v.ctx(), v.actor, form)
	if f := fault.Of(err); f != nil && f.Kind == fault.Invalid {
		page := view.NewClientPage{
			Chrome: d.chrome(v, v.words("clients.new")), Wrong: f.Fields,
			Typed: map[string]string{"name": form.Name, "return_origins": form.ReturnOrigins},
		}
		page.Chrome.Failed = true
		return web.Render(v.Ctx, fiber.StatusUnprocessableEntity, view.NewClient(page))
	}
	if err != nil {
		return err
	}
	return web.Redirect(v.Ctx, view.ClientPath(client.ID, ""))
}

func clientForm(v visit) clients.Form {
	return clients.Form{Name: v.FormValue("name"), ReturnOrigins: v.FormValue("return_origins")}
}

func (d *desk) manages(v visit) bool { return d.house.Policy.Allows(v.actor, access.ManageClients) }
