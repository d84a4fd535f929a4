// Package kavenegar speaks to the SMS provider Kavenegar (REST v1). Client has
// one method for each call that we use. Nothing is sent twice from in here:
// the outcome of a Send may be unknown (see Error), and it is for the caller
// to ask StatusByLocalID before it sends again. Costs are in rials.
//
// The provider wants the API key in the path of every address, so no address
// is ever printed, and the key is cut out of every error's text.
package kavenegar

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
)

// DefaultBaseURL is the provider's own address.
const DefaultBaseURL = "https://api.kavenegar.com"

// maxAnswer bounds what is read of an answer, in bytes. The largest one in
// the protocol, 500 states, is well under it.
const maxAnswer = 1 << 20

// Client makes the provider's calls. It is safe for use by several goroutines.
type Client struct {
	config func() Config // a func, because fmt prints what is in a field, but not what a func returns
	http   *http.Client
}

// New returns a Client for the account of config.
func New(config Config) *Client {
	if config.BaseURL == "" {
		config.BaseURL = DefaultBaseURL
	}
	if config.Timeout == 0 {
		config.Timeout = 10 * time.Second
	}
	config.BaseURL = strings.TrimRight(config.BaseURL, "/")
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxResponseHeaderBytes = 64 << 10
	return &Client{config: func() Config { return config }, http: &http.Client{
		Timeout:   config.Timeout,
		Transport: transport,
		// A redirect would carry the message to wherever it points.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// method is one of the provider's methods.
type method struct {
	path  string
	sends bool // it makes a message
	keyed bool // repeating it makes no second message
}

var (
	send            = method{path: "sms/send", sends: true, keyed: true}
	lookup          = method{path: "verify/lookup", sends: true}
	status          = method{path: "sms/status", keyed: true}
	statusByLocalID = method{path: "sms/statuslocalmessageid", keyed: true}
)

// call posts form to m and returns the entries of its answer. Every error is an *Error.
func (c *Client) call(ctx context.Context, m method, form url.Values) ([]entry, error) {
	config := c.config()
	address := config.BaseURL + "/v1/" + url.PathEscape(config.APIKey) + "/" + m.path + ".json"
	var connected atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { connected.Store(true) },
	})
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, invalid(m, "the base address is no address") // err would show it
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Accept", "application/json")

	response, err := c.http.Do(request)
	if err != nil {
		return nil, c.unanswered(ctx, m, err, connected.Load())
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	if err == nil && len(body) > maxAnswer {
		err = fmt.Errorf("answer of more than %d bytes", maxAnswer)
	}
	if err != nil && response.StatusCode/100 == 2 {
		return nil, c.unanswered(ctx, m, err, true)
	}
	answer, readable := decode(body)
	if e := judge(m, response.StatusCode, answer, readable); e != nil {
		e.Text = c.redact(e.Text)
		return nil, e
	}
	return answer.Entries, nil
}
