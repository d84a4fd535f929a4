package api

import (
	"encoding/json"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"pishkhan/internal/web"
)

// How keys and tokens are shown, by name.
const (
	bearer       = "key"
	memberBearer = "token"
)

// config is the API's description, less its operations. Only JSON is spoken.
func config(baseURL string) huma.Config {
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title: "Pishkhan", Version: "1",
				Description: "For a shop front of your own: describe the services, quote prices, place orders, follow them. " +
					"For the programs of staff members: take orders from the queue and carry them out, as at the desk. " +
					"Amounts of money in rials are whole numbers, a multiple of 10 (1 toman = 10 rials); foreign amounts are decimals as text. " +
					"Times are RFC 3339 in UTC. Each change of an order's state is also posted to your webhook, " +
					"signed as https://www.standardwebhooks.com says.\n\n" +
					"Each key may ask 60 times at once, and 10 times a second in the long run, in each of our processes; " +
					"beyond that the answer is 429 with Retry-After. A member's token may ask far more often.\n\n" +
					"409 with `holder` and `since` says who holds an order that you wanted.",
			},
			Servers: []*huma.Server{{URL: baseURL + web.APIHome}},
			Components: &huma.Components{SecuritySchemes: map[string]*huma.SecurityScheme{
				bearer:       {Type: "http", Scheme: "bearer", Description: "An API key, issued at the desk. Its scopes say what it may do."},
				memberBearer: {Type: "http", Scheme: "bearer", Description: "A staff member's token, issued at /desk/tokens. It may do what its owner may, within its scopes."},
			}},
			Tags: []*huma.Tag{{Name: "Services"}, {Name: "Quotes"}, {Name: "Orders"}, {Name: "Desk"}},
		},
		Formats:       map[string]huma.Format{"application/json": huma.DefaultJSONFormat, "json": huma.DefaultJSONFormat}, // …+json
		DefaultFormat: "application/json",
	}
}

// op is an operation that answers with problems as all do. What creates
// something answers 201.
func op(method, path, id, tag, summary string) huma.Operation {
	o := huma.Operation{
		Method: method, Path: path, OperationID: id, Tags: []string{tag}, Summary: summary, Description: summary,
		Errors: []int{
			http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict,
			http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity,
			http.StatusTooManyRequests, http.StatusServiceUnavailable,
		},
	}
	if method == http.MethodPost {
		o.DefaultStatus = http.StatusCreated
	}
	return o
}

// deed is an operation of the desk that changes an order, and answers with
// the order as it is then.
func deed(path, id, summary string) huma.Operation {
	o := op(http.MethodPost, path, id, "Desk", summary)
	o.DefaultStatus = http.StatusOK
	return o
}

// complete adds what the operations' Go types cannot say.
func complete(o *huma.OpenAPI) {
	place := o.Paths["/orders"].Post.RequestBody.Content
	delete(place, "application/octet-stream") // huma's word for reading the body as it came
	place["application/json"].Example = json.RawMessage(orderExample)
	o.Paths["/quotes"].Post.RequestBody.Content["application/json"].Example = json.RawMessage(quoteExample)
	o.Paths["/orders/{code}/receipts/{id}"].Get.Responses["200"].Content = map[string]*huma.MediaType{
		"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
	}
	o.Paths["/orders/{code}"].Get.Responses["200"].Content["application/json"].Schema = &huma.Schema{OneOf: []*huma.Schema{
		o.Components.Schemas.Schema(reflect.TypeFor[ShopOrder](), true, ""), o.Components.Schemas.Schema(reflect.TypeFor[DeskOrder](), true, ""),
	}}
	o.Paths["/queue/next"].Post.Responses["204"] = &huma.Response{Description: "The queue holds no order that you may claim."}
	for _, item := range o.Paths {
		for _, operation := range []*huma.Operation{item.Get, item.Post, item.Delete} {
			if operation == nil {
				continue
			}
			for _, header := range []string{"RateLimit", "RateLimit-Policy"} {
				for _, response := range operation.Responses {
					setHeader(response, header)
				}
			}
			setHeader(operation.Responses["429"], "Retry-After")
		}
	}
}

func setHeader(r *huma.Response, name string) {
	if r.Headers == nil {
		r.Headers = map[string]*huma.Param{}
	}
	r.Headers[name] = &huma.Param{Schema: &huma.Schema{Type: huma.TypeString}}
}

const quoteExample = `{"service": "steam-wallet", "amount": {"amount": "50.00", "currency": "USD"}}`

const orderExample = `{
  "lines": [{
    "quote": "qt_8Jq0vXb3tQ2m9KfYwZ5LrA",
    "answers": {"amount": {"amount": "50.00", "currency": "USD"}, "site_login": "sara_m", "site_password": "…", "region": "tr", "steam_guard": "none"}
  }],
  "customer": {
    "name": "سارا محمدی", "national_code": "0499370899", "birth_date": "1370-05-21",
    "mobile": "09121234567", "email": "sara@example.com"
  },
  "lang": "fa",
  "return_url": "https://shop.example/thanks"
}`
