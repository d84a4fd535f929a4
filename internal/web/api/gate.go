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

	"pishkhan/internal/clients"
	"pishkhan/internal/fault"
	"pishkhan/internal/web"
)

// scopeOf is where an operation keeps its scope.
const scopeOf = "scope"

type visitKey struct{}

// visit is one request of a client.
type visit struct {
	clients.Access
	c *fiber.Ctx
}

// register adds a route that a key with the scope may take. Errors of answer
// are told as problems.
func register[I, O any](r huma.API, scope clients.Scope, o huma.Operation, answer func(context.Context, visit, *I) (*O, error)) {
	o.Metadata = map[string]any{scopeOf: scope}
	o.Security = []map[string][]string{{bearer: {string(scope)}}}
	o.Description += "\n\nNeeds the scope `" + string(scope) + "`."
	huma.Register(r, o, func(ctx context.Context, in *I) (*O, error) {
		v, _ := ctx.Value(visitKey{}).(visit)
		out, err := answer(ctx, v, in)
		if err != nil {
			return nil, problem(v.c, err)
		}
		return out, nil
	})
}

// letIn asks for the key, its scope and its allowance, in this order.
func (a *api) letIn(ctx huma.Context, next func(huma.Context)) {
	c := humafiber.Unwrap(ctx)
	access, err := a.Clients.Authenticate(ctx.Context(), tokenOf(ctx.Header(fiber.HeaderAuthorization)))
	if err == nil {
		scope, _ := ctx.Operation().Metadata[scopeOf].(clients.Scope) // none: no key has it
		err = access.May(scope)
	}
	if err == nil {
		err = a.meter(ctx, access.KeyID)
	}
	if err != nil {
		refuse(ctx, problem(c, err))
		return
	}
	next(huma.WithValue(ctx, visitKey{}, visit{Access: access, c: c}))
}

func tokenOf(authorization string) string {
	scheme, token, _ := strings.Cut(authorization, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// meter counts the request, and tells what is left in the header fields of
// draft-ietf-httpapi-ratelimit-headers.
func (a *api) meter(ctx huma.Context, keyID int64) error {
	left := a.Clients.Meter(keyID)
	ctx.SetHeader("RateLimit-Policy", fmt.Sprintf(`"key";q=%d;w=%d`, clients.Burst, seconds(clients.BurstWindow)))
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
