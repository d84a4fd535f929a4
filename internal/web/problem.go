package web

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
)

// APIHome is where the API for programs begins. What is below it is answered
// in JSON, errors included.
const APIHome = "/api/v1"

// Problem is an error as programs are told of it: RFC 9457, with the key of
// the words and, for input that is wrong, where.
type Problem struct {
	Type    string         `json:"type" example:"about:blank" doc:"Always about:blank: the status says what kind of problem it is"`
	Title   string         `json:"title" example:"Unprocessable Entity" doc:"The status in words"`
	Status  int            `json:"status" example:"422" doc:"The HTTP status"`
	Detail  string         `json:"detail" example:"Some answers need another look." doc:"What is wrong, in the language of Accept-Language (fa or en)"`
	Key     string         `json:"key" example:"fault.invalid" doc:"What is wrong, for programs; the same in both languages"`
	Request string         `json:"request_id,omitempty" example:"0c1c3f6e-6a3f-4a05-9c2b-0a7f0d0c9d55" doc:"Quote it when you ask us about a problem"`
	Holder  string         `json:"holder,omitempty" example:"Sara Karimi" doc:"With 409: who holds the order that you wanted"`
	Since   *time.Time     `json:"since,omitempty" doc:"With 409: since when"`
	Errors  []ProblemField `json:"errors,omitempty" nullable:"false" doc:"Each part of the input that is wrong"`
}

// ProblemField is what is wrong with one part of the input.
type ProblemField struct {
	Location string `json:"location" example:"/lines/0/answers/amount/amount" doc:"A JSON pointer into the body; header:NAME, query:NAME or path:NAME elsewhere"`
	Message  string `json:"message" example:"At least 5 US dollars." doc:"What is wrong, in the language of Accept-Language"`
	Key      string `json:"key" example:"catalog.error.amount_min" doc:"What is wrong, for programs"`
}

// Error returns the words.
func (p *Problem) Error() string { return p.Detail }

// GetStatus returns the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType says that problems are application/problem+json.
func (p *Problem) ContentType(string) string { return problemJSON }

const problemJSON = "application/problem+json"

// NewProblem returns a problem in the language of ctx.
func NewProblem(ctx context.Context, status int, key string, args ...any) *Problem {
	return &Problem{
		Type: "about:blank", Title: http.StatusText(status), Status: status, Key: key, Detail: i18n.T(ctx, key, args...),
	}
}

// ProblemOf tells an error to a program. What is not a fault is logged with
// the request's id, and never shown.
func ProblemOf(c *fiber.Ctx, err error) *Problem {
	return classify(c, err).problem(c.UserContext())
}

func (t trouble) problem(ctx context.Context) *Problem {
	p := NewProblem(ctx, t.status, t.key, t.args...)
	p.Request = t.id
	p.Holder, p.Since = holder(t.fault)
	for _, field := range faultFields(t.fault) {
		p.Errors = append(p.Errors, ProblemField{
			Location: location(field.Name), Message: i18n.T(ctx, field.Key, field.Args...), Key: field.Key,
		})
	}
	return p
}

// holder is whom a lost race was lost to, where the fault's words name them.
func holder(f *fault.Fault) (name string, since *time.Time) {
	if f == nil || f.Kind != fault.Conflict {
		return "", nil
	}
	for i := 0; i+1 < len(f.Args); i += 2 {
		switch value := f.Args[i+1].(type) {
		case string:
			if f.Args[i] == "name" {
				name = value
			}
		case time.Time:
			if f.Args[i] == "at" {
				since = &value
			}
		}
	}
	if name == "" || since == nil {
		return "", nil
	}
	return name, since
}

// location is where a field is: rooms that know the API name JSON pointers
// and headers, the others the members of the body.
func location(name string) string {
	if strings.HasPrefix(name, "/") || strings.Contains(name, ":") {
		return name
	}
	return "/" + name
}

// isAPI reports whether a program asks.
func isAPI(c *fiber.Ctx) bool { return c.Path() == APIHome || strings.HasPrefix(c.Path(), APIHome+"/") }

func sendProblem(c *fiber.Ctx, p *Problem) error {
	body, err := json.Marshal(p)
	if err != nil {
		return err
	}
	if p.Status == fiber.StatusUnauthorized {
		c.Set(fiber.HeaderWWWAuthenticate, "Bearer")
	}
	c.Status(p.Status).Set(fiber.HeaderContentType, problemJSON)
	return c.Send(body)
}
