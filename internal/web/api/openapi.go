package api

import (
	"encoding/json"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"pishkhan/internal/web"
)

// bearer names the way in which keys are shown.
const bearer = "key"

// config is the API's description, less its operations. Only JSON is spoken.
func config(baseURL string) huma.Config {
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title: "Pishkhan", Version: "1",
				Description: "For a shop front of your own: describe the services, quote prices, place orders, follow them. " +
					"Amounts of money in rials are whole numbers, a multiple of 10 (1 toman = 10 rials); foreign amounts are decimals as text. " +
					"Times are RFC 3339 in UTC. Each change of an order's state is also posted to your webhook, " +
					"signed as https://www.standardwebhooks.com says.\n\n" +
					"Each key may ask 60 times at once, and 10 times a second in the long run, in each of our processes; " +
					"beyond that the answer is 429 with Retry-After.",
			},
			Servers: []*huma.Server{{URL: baseURL + web.APIHome}},
			Components: &huma.Components{SecuritySchemes: map[string]*huma.SecurityScheme{
				bearer: {Type: "http", Scheme: "bearer", Description: "An API key, issued at the desk. Its scopes say what it may do."},
			}},
			Tags: []*huma.Tag{{Name: "Services"}, {Name: "Quotes"}, {Name: "Orders"}},
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

// complete adds what the operations' Go types cannot say.
func complete(o *huma.OpenAPI) {
	place := o.Paths["/orders"].Post.RequestBody.Content
	delete(place, "application/octet-stream") // huma's word for reading the body as it came
	place["application/json"].Example = json.RawMessage(orderExample)
	o.Paths["/quotes"].Post.RequestBody.Content["application/json"].Example = json.RawMessage(quoteExample)
	o.Paths["/orders/{code}/receipts/{id}"].Get.Responses["200"].Content = map[string]*huma.MediaType{
		"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
	}
	for _, item := range o.Paths {
		for _, operation := range []*huma.Operation{item.Get, item.Post} {
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
