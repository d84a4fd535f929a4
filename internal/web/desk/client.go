package desk

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/clients"
	"pishkhan/internal/fault"
	"pishkhan/internal/web"
	view "pishkhan/views/desk"
)

// client shows a shop front with its keys, webhook and delivery log.
func (d *desk) client(v visit) error {
	page, err := d.clientPage(v)
	if err != nil {
		return err
	}
	return web.Render(v.Ctx, fiber.StatusOK, view.Client(page))
}

func (d *desk) changeClient(v visit) error {
	return d.onClient(v, func(id int64, page *view.ClientPage) error {
		page.Said = v.words("clients.saved")
		return d.house.Clients.Change(v.ctx(), v.actor, id, clientForm(v))
	})
}

func (d *desk) disableClient(v visit) error {
	return d.onClient(v, func(id int64, _ *view.ClientPage) error {
		return d.house.Clients.Disable(v.ctx(), v.actor, id)
	})
}

// issueKey shows the new key in its answer, and nowhere else: it is not kept.
func (d *desk) issueKey(v visit) error {
	return d.onClient(v, func(id int64, page *view.ClientPage) error {
		age, ok := view.KeyAge(v.FormValue("expires"))
		if !ok {
			age = -1 // which is refused, with all else that is wrong
		}
		var err error
		_, page.Token, err = d.house.Clients.IssueKey(v.ctx(), v.actor, id, v.FormValue("key_name"), scopes(v), age)
		return renamed(err, "name", "key_name")
	})
}

func (d *desk) revokeKey(v visit) error {
	return d.onClient(v, func(id int64, _ *view.ClientPage) error {
		key, err := v.id("key")
		if err != nil {
			return err
		}
		return d.house.Clients.Revoke(v.ctx(), v.actor, id, key)
	})
}

// setWebhook shows a new endpoint's secret in its answer, and nowhere else.
func (d *desk) setWebhook(v visit) error {
	return d.onClient(v, func(id int64, page *view.ClientPage) error {
		page.Said = v.words("clients.saved")
		var err error
		page.Secret, err = d.house.Webhooks.Set(v.ctx(), v.actor, id, v.FormValue("url"))
		return err
	})
}

func (d *desk) rotateWebhook(v visit) error {
	return d.onClient(v, func(id int64, page *view.ClientPage) error {
		var err error
		page.Secret, err = d.house.Webhooks.Rotate(v.ctx(), v.actor, id)
		return err
	})
}

func (d *desk) disableWebhook(v visit) error {
	return d.onClient(v, func(id int64, _ *view.ClientPage) error {
		return d.house.Webhooks.Disable(v.ctx(), v.actor, id)
	})
}

func (d *desk) resendEvent(v visit) error {
	return d.onClient(v, func(id int64, page *view.ClientPage) error {
		event, err := v.id("event")
		if err != nil {
			return err
		}
		page.Said = v.words("clients.log.resent")
		return d.house.Webhooks.Resend(v.ctx(), v.actor, id, event)
	})
}

// onClient does something to the shop front that the address names, and shows
// its page as it is then: with what was done, or with why not.
func (d *desk) onClient(v visit, deed func(id int64, page *view.ClientPage) error) error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	var news view.ClientPage
	done := deed(id, &news)
	f := fault.Of(done)
	if done != nil && (f == nil || f.Kind != fault.Invalid && f.Kind != fault.Conflict) {
		return done
	}
	page, err := d.clientPage(v)
	if err != nil {
		return err
	}
	page.Chrome.Path = view.ClientPath(id, "")
	if done == nil {
		page.Said, page.Token, page.Secret = news.Said, news.Token, news.Secret
		return web.Render(v.Ctx, fiber.StatusOK, view.Client(page))
	}
	page.Wrong, page.Typed, page.Chrome.Failed = f.Fields, web.Typed(v.Ctx), true
	for _, scope := range scopes(v) {
		page.Scopes = append(page.Scopes, string(scope))
	}
	if len(f.Fields) == 0 {
		page.Refusal = v.said(f)
	}
	return web.Render(v.Ctx, f.Kind.Status(), view.Client(page))
}

func (d *desk) clientPage(v visit) (view.ClientPage, error) {
	id, err := v.id("id")
	if err != nil {
		return view.ClientPage{}, err
	}
	client, err := d.house.Clients.Client(v.ctx(), id)
	if err != nil {
		return view.ClientPage{}, err
	}
	page := view.ClientPage{Chrome: d.chrome(v, client.Name), Client: client, Now: d.house.Clock.Now(), MayManage: d.manages(v)}
	if page.Keys, err = d.house.Clients.Keys(v.ctx(), id); err != nil {
		return view.ClientPage{}, err
	}
	endpoint, err := d.house.Webhooks.Endpoint(v.ctx(), id)
	switch {
	case err == nil:
		page.Endpoint = &endpoint
	case !fault.Is(err, fault.NotFound):
		return view.ClientPage{}, err
	}
	page.Events, err = d.house.Webhooks.Events(v.ctx(), id)
	return page, err
}

// scopes are those that were ticked.
func scopes(v visit) []clients.Scope {
	var ticked []clients.Scope
	for _, value := range v.Request().PostArgs().PeekMulti("scopes") {
		if scope := clients.Scope(value); slices.Contains(clients.Scopes, scope) {
			ticked = append(ticked, scope)
		}
	}
	return ticked
}
