package desk

import (
	"context"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/access"
	"pishkhan/internal/audit"
	"pishkhan/internal/board"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/token"
	"pishkhan/internal/web"
	"pishkhan/views/parts"
)

// visit is one request of somebody who is signed in and let in.
type visit struct {
	*fiber.Ctx
	actor   audit.Actor
	session token.Token
}

// guard lets those in who are signed in, bring the session's word with what
// changes something, and have the route's permission.
func (d *desk) guard(r route) fiber.Handler {
	return func(c *fiber.Ctx) error {
		session := web.Session(c, web.DeskCookie)
		actor, err := d.house.Staff.Actor(c.UserContext(), session, web.IP(c))
		if err != nil {
			return err
		}
		if r.Method != fiber.MethodGet {
			if err := web.CheckCSRF(c, session); err != nil {
				return err
			}
		}
		if err := d.house.Policy.Check(actor, r.Permission); err != nil {
			return err
		}
		return r.Answer(visit{Ctx: c, actor: actor, session: session})
	}
}

func (v visit) ctx() context.Context { return v.UserContext() }

func (v visit) lang() i18n.Lang { return i18n.LangOf(v.ctx()) }

func (v visit) words(key string, args ...any) string { return i18n.T(v.ctx(), key, args...) }

// said returns the words of a fault, or of a defect none.
func (v visit) said(f *fault.Fault) string { return v.words(f.Key, f.Args...) }

// id reads a number from the address; what is no number names nothing.
func (v visit) id(name string) (int64, error) {
	id, err := strconv.ParseInt(v.Params(name), 10, 64)
	if err != nil {
		return 0, fault.New(fault.NotFound, "fault.not_found")
	}
	return id, nil
}

// chrome is what each page says of itself and of its reader.
func (d *desk) chrome(v visit, title string) parts.Chrome {
	c := parts.Chrome{
		Title: title, Path: v.here(), Theme: web.Theme(v.Ctx), CSRF: web.CSRF(v.Ctx, v.session),
		Person: v.actor.Name, Role: v.roles(), Nav: d.nav(v),
	}
	reader, err := d.reader(v)
	if err == nil {
		c.KeysOff = reader.KeysOff
		err = d.addPresence(v, reader, &c)
	}
	if err != nil { // a page without it is better than none
		web.Report(v.Ctx, err)
	}
	return c
}

const readerLocal = "desk.reader"

// reader is what the page needs to know of whom it is for. It is read once.
func (d *desk) reader(v visit) (board.Reader, error) {
	if known, ok := v.Locals(readerLocal).(board.Reader); ok {
		return known, nil
	}
	reader, err := d.house.Board.Reader(v.ctx(), v.actor.ID)
	if err == nil {
		v.Locals(readerLocal, reader)
	}
	return reader, err
}

// here is the page to come back to: what answers a form has none of its own.
func (v visit) here() string {
	if v.Method() == fiber.MethodGet {
		return v.OriginalURL()
	}
	return parts.DeskHome
}

func (v visit) roles() string {
	var words string
	for i, role := range v.actor.Roles {
		if i > 0 {
			words += v.words("desk.list_comma") + " "
		}
		words += v.words("staff.role." + string(role))
	}
	return words
}

// places are what the bar leads to, with the key of each; those without one
// are in its menu.
var places = []struct {
	permission access.Permission
	path       string
	label      string
	icon       string
	key        string
}{
	{access.SeeQueue, "/desk", "desk.queue.title", "queue", "KeyQ"},
	{access.SeeBoard, "/desk/board", "board.title", "board", "KeyD"},
	{access.SeeIdentity, "/desk/identities", "desk.identities.title", "id-card", "KeyI"},
	{access.CloseContact, "/desk/contacts", "desk.calls.title", "phone", "KeyC"},
	{access.SeePayments, "/desk/payments", "desk.payments.title", "wallet", "KeyP"},
	{access.SeeRefunds, "/desk/refunds", "orderdesk.refunds.title", "undo", ""},
	{access.SeeMessages, "/desk/messages", "desk.messages.title", "mail", "KeyM"},
	{access.SeeCatalog, "/desk/catalog", "catalogue.title", "book", ""},
	{access.SeeCalendar, "/desk/calendar", "calendar.title", "calendar", ""},
	{access.SeePrices, "/desk/rates", "rates.title", "chart", ""},
	{access.SeePrices, "/desk/prices", "prices.title", "money", ""},
	{access.SeeCampaigns, "/desk/campaigns", "campaigns.title", "campaign", ""},
	{access.SeeStaff, "/desk/staff", "staffdesk.title", "user", ""},
	{access.ManageAlerts, "/desk/alerts", "alerts.title", "bell", ""},
	{access.SeeClients, "/desk/clients", "clients.title", "store", ""},
	{access.IssueTokens, "/desk/tokens", "tokens.title", "key", ""},
}

// isIn reports whether this page is the place, or belongs to it: orders to
// the queue, all others to what their address begins with.
func (v visit) isIn(place string) bool {
	path := v.Path()
	if place == parts.DeskHome {
		return path == place || strings.HasPrefix(path, "/desk/orders/")
	}
	return path == place || strings.HasPrefix(path, place+"/")
}

func (d *desk) nav(v visit) []parts.NavItem {
	var items []parts.NavItem
	for _, place := range places {
		if d.house.Policy.Allows(v.actor, place.permission) {
			items = append(items, parts.NavItem{
				Label: v.words(place.label), Href: place.path, Icon: place.icon, Key: place.key, Current: v.isIn(place.path), Minor: place.key == "",
			})
		}
	}
	return items
}
