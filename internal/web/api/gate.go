package api

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/access"
	"pishkhan/internal/audit"
	"pishkhan/internal/clients"
	"pishkhan/internal/fault"
	"pishkhan/internal/meter"
	"pishkhan/internal/staff"
	"pishkhan/internal/web"
)

// doorOf is where an operation keeps who may take it.
const doorOf = "door"

// door says who may take an operation: shop fronts whose key has the scope,
// members who have the permission and whose token has the scope, or either.
type door struct {
	client     clients.Scope // "": no shop front
	permission access.Permission
	member     staff.Scope // "": no member
}

func client(scope clients.Scope) door { return door{client: scope} }

func member(permission access.Permission, scope staff.Scope) door {
	return door{permission: permission, member: scope}
}

func anybody(scope clients.Scope, permission access.Permission, of staff.Scope) door {
	return door{client: scope, permission: permission, member: of}
}

type visitKey struct{}

// visit is one request: of a shop front, or of a member of the staff.
type visit struct {
	clients.Access
	actor audit.Actor // of a member; none of a shop front
	c     *fiber.Ctx
}

// register adds a route that a key with the scope may take.
func register[I, O any](r huma.API, scope clients.Scope, o huma.Operation, answer func(context.Context, visit, *I) (*O, error)) {
	registerFor(r, client(scope), o, answer)
}

// registerFor adds a route behind a door. Errors of answer are told as problems.
func registerFor[I, O any](r huma.API, d door, o huma.Operation, answer func(context.Context, visit, *I) (*O, error)) {
	o.Metadata = map[string]any{doorOf: d}
	if d.client != "" {
		o.Security = append(o.Security, map[string][]string{bearer: {string(d.client)}})
		o.Description += "\n\nA shop front's key needs the scope `" + string(d.client) + "`."
	}
	if d.member != "" {
		o.Security = append(o.Security, map[string][]string{memberBearer: {string(d.member)}})
		o.Description += "\n\nA member's token needs the scope `" + string(d.member) + "`, and its owner the permission `" + string(d.permission) + "`."
	}
	huma.Register(r, o, func(ctx context.Context, in *I) (*O, error) {
		v, _ := ctx.Value(visitKey{}).(visit)
		out, err := answer(ctx, v, in)
		if err != nil {
			return nil, problem(v.c, err)
		}
		return out, nil
	})
}

// letIn asks for the key, whether it opens this door, and its allowance, in
// this order.
func (a *api) letIn(ctx huma.Context, next func(huma.Context)) {
	c := humafiber.Unwrap(ctx)
	d, _ := ctx.Operation().Metadata[doorOf].(door) // none: nobody is let in
	secret := tokenOf(ctx.Header(fiber.HeaderAuthorization))
	var v visit
	var left meter.Allowance
	var err error
	if strings.HasPrefix(secret, staff.TokenMark) {
		v, left, err = a.memberIn(ctx.Context(), d, secret, web.IP(c))
	} else {
		v, left, err = a.clientIn(ctx.Context(), d, secret)
	}
	if err == nil {
		err = tellAllowance(ctx, v, left)
	}
	if err != nil {
		refuse(ctx, problem(c, err))
		return
	}
	v.c = c
	next(huma.WithValue(ctx, visitKey{}, v))
}

func (a *api) clientIn(ctx context.Context, d door, secret string) (visit, meter.Allowance, error) {
	who, err := a.Clients.Authenticate(ctx, secret)
	if err == nil && d.client == "" {
		err = fault.New(fault.Forbidden, "tokens.error.members_only")
	}
	if err == nil {
		err = who.May(d.client)
	}
	if err != nil {
		return visit{}, meter.Allowance{}, err
	}
	return visit{Access: who}, a.Clients.Meter(who.KeyID), nil
}

// memberIn asks the token's scope and the permission of the member, by the
// roles of this moment.
func (a *api) memberIn(ctx context.Context, d door, secret, ip string) (visit, meter.Allowance, error) {
	who, err := a.Staff.Bearer(ctx, secret, ip)
	if err == nil && d.member == "" {
		err = fault.New(fault.Forbidden, "tokens.error.clients_only")
	}
	if err == nil {
		err = a.Policy.Check(who.Actor, d.permission)
	}
	if err == nil {
		err = who.May(d.member)
	}
	if err != nil {
		return visit{}, meter.Allowance{}, err
	}
	return visit{actor: who.Actor}, a.Staff.MeterToken(who.TokenID), nil
}

func tokenOf(authorization string) string {
	scheme, token, _ := strings.Cut(authorization, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// tellAllowance tells what is left in the header fields of
// draft-ietf-httpapi-ratelimit-headers, and refuses what is too much.
func tellAllowance(ctx huma.Context, v visit, left meter.Allowance) error {
	burst, window := clients.Burst, clients.BurstWindow
	if v.actor.ID != 0 {
		burst, window = staff.TokenTerms.Burst, staff.TokenTerms.Window
	}
	ctx.SetHeader("RateLimit-Policy", fmt.Sprintf(`"key";q=%d;w=%d`, burst, seconds(window)))
	ctx.SetHeader("RateLimit", fmt.Sprintf(`"key";r=%d;t=%d`, left.Remaining, seconds(left.Full)))
	if !left.Refused {
		return nil
	}
	ctx.SetHeader(fiber.HeaderRetryAfter, strconv.Itoa(max(1, seconds(left.Wait))))
	return fault.New(fault.TooMany, "clients.error.too_many")
}

func seconds(d time.Duration) int { return int(math.Ceil(d.Seconds())) }

// problem tells an error; what is worth another try says when.
func problem(c *fiber.Ctx, err error) error {
	p := web.ProblemOf(c, err)
	switch {
	case p.Status == http.StatusUnauthorized:
		c.Set(fiber.HeaderWWWAuthenticate, "Bearer")
	case p.Key == "clients.error.in_progress", p.Status == http.StatusServiceUnavailable:
		c.Set(fiber.HeaderRetryAfter, "5")
	}
	return p
}

func refuse(ctx huma.Context, err error) {
	p := err.(*web.Problem)
	body, err := json.Marshal(p)
	if err != nil {
		panic(err) // text and numbers alone
	}
	ctx.SetStatus(p.Status)
	ctx.SetHeader(fiber.HeaderContentType, p.ContentType(""))
	_, _ = ctx.BodyWriter().Write(body)
}
