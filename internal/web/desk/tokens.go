package desk

import (
	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/access"
	"pishkhan/internal/fault"
	"pishkhan/internal/staff"
	"pishkhan/internal/web"
	view "pishkhan/views/desk"
)

// tokens shows what the reader's programs are let in with; administrators see
// everybody's.
func (d *desk) tokens(v visit) error { return d.showTokens(v, fiber.StatusOK, view.TokensPage{}) }

// issueToken shows the new token in its answer, and nowhere else: it is not kept.
func (d *desk) issueToken(v visit) error {
	age, _ := view.TokenAge(v.FormValue("expires")) // none is refused, with all else that is wrong
	asked := staff.NewToken{Name: v.FormValue("token_name"), Age: age}
	for _, scope := range v.Request().PostArgs().PeekMulti("scopes") {
		asked.Scopes = append(asked.Scopes, staff.Scope(scope))
	}
	_, secret, err := d.house.Staff.IssueOwnToken(v.ctx(), v.actor, v.FormValue("password"), asked)
	if err == nil {
		return d.showTokens(v, fiber.StatusOK, view.TokensPage{Secret: secret})
	}
	f := fault.Of(renamed(err, "name", "token_name"))
	if f == nil || f.Kind != fault.Invalid && f.Kind != fault.TooMany {
		return err
	}
	page := view.TokensPage{Typed: web.Typed(v.Ctx), Wrong: f.Fields}
	if len(f.Fields) == 0 {
		page.Wrong = fault.Fields{{Name: "password", Key: f.Key, Args: f.Args}}
	}
	for _, scope := range asked.Scopes {
		page.Scopes = append(page.Scopes, string(scope))
	}
	return d.showTokens(v, f.Kind.Status(), page)
}

func (d *desk) revokeToken(v visit) error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	if err := d.house.Staff.RevokeToken(v.ctx(), v.actor, id, d.managesTokens(v)); err != nil {
		return err
	}
	return d.showTokens(v, fiber.StatusOK, view.TokensPage{Said: v.words("tokens.revoked_now")})
}

func (d *desk) showTokens(v visit, status int, page view.TokensPage) error {
	page.All = d.managesTokens(v)
	of := v.actor.ID
	if page.All {
		of = 0
	}
	var err error
	if page.Tokens, err = d.house.Staff.Tokens(v.ctx(), of); err != nil {
		return err
	}
	page.Chrome, page.Now = d.chrome(v, v.words("tokens.title")), d.house.Clock.Now()
	page.Chrome.Path, page.Chrome.Failed = view.TokensPath, len(page.Wrong) > 0
	return web.Render(v.Ctx, status, view.Tokens(page))
}

func (d *desk) managesTokens(v visit) bool {
	return d.house.Policy.Allows(v.actor, access.ManageTokens)
}
