// Package asanpardakht speaks to Asan Pardakht's internet payment gateway
// (REST v1). Client has one method for each of its calls; Gateway is the same
// in the words of package payments. Nothing is sent twice from in here: an
// outcome may be unknown (see Unknown), and it is for the caller to read
// again before it acts. Amounts are in rials.
package asanpardakht

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"pishkhan/internal/clock"
	"pishkhan/internal/seal"
)

// The company's own addresses.
const (
	DefaultAPIHost = "https://ipgrest.asanpardakht.ir"
	DefaultPayPage = "https://asan.shaparak.ir"
)

// maxAnswer bounds what is read of an answer, in bytes; the largest one in
// the protocol is well under 1 KiB.
const maxAnswer = 64 << 10

// Config is what the gateway's contract says.
type Config struct {
	APIHost                 string      // without a trailing path: DefaultAPIHost when empty
	PayPage                 string      // where browsers are sent: DefaultPayPage when empty
	User, Password          seal.Secret // the usr and pwd headers
	MerchantConfigurationID int64
	ServiceTypeID           int           // 1, a purchase, when zero
	Timeout                 time.Duration // of one call: 20 seconds when zero
	Clock                   clock.Clock   // for a token's localDate: the system's when nil
}

// Client makes the gateway's calls. It is safe for use by several goroutines.
type Client struct {
	config Config
	http   *http.Client
}

// New returns a Client for the merchant of config.
func New(config Config) *Client {
	if config.APIHost == "" {
		config.APIHost = DefaultAPIHost
	}
	if config.PayPage == "" {
		config.PayPage = DefaultPayPage
	}
	if config.ServiceTypeID == 0 {
		config.ServiceTypeID = 1
	}
	if config.Timeout == 0 {
		config.Timeout = 20 * time.Second
	}
	if config.Clock == nil {
		config.Clock = clock.System{}
	}
	config.APIHost = strings.TrimRight(config.APIHost, "/")
	return &Client{config: config, http: &http.Client{
		Timeout:   config.Timeout,
		Transport: http.DefaultTransport.(*http.Transport).Clone(),
		// A redirect would carry our password to wherever it points.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// get asks endpoint and returns the body of its answer.
func (c *Client) get(ctx context.Context, endpoint Endpoint, query url.Values) ([]byte, error) {
	return c.call(ctx, http.MethodGet, endpoint, query, nil)
}

// post sends body as JSON to endpoint and returns the body of its answer.
func (c *Client) post(ctx context.Context, endpoint Endpoint, body any) ([]byte, error) {
	encoded, err := json.Marshal(body)
	if err != nil {
		return nil, unsent(endpoint, err)
	}
	return c.call(ctx, http.MethodPost, endpoint, nil, encoded)
}

func (c *Client) call(ctx context.Context, method string, endpoint Endpoint, query url.Values, body []byte) ([]byte, error) {
	address := c.config.APIHost + "/v1/" + string(endpoint)
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	request, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return nil, unsent(endpoint, err)
	}
	// Not Set: the documents write these two in small letters.
	request.Header["usr"] = []string{c.config.User.Reveal()}
	request.Header["pwd"] = []string{c.config.Password.Reveal()}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "application/json")

	response, err := c.http.Do(request)
	if err != nil {
		return nil, unanswered(endpoint, err)
	}
	defer response.Body.Close()
	answer, readErr := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	if response.StatusCode != http.StatusOK {
		return nil, refused(endpoint, response.StatusCode)
	}
	if readErr == nil && len(answer) > maxAnswer {
		readErr = fmt.Errorf("answer of more than %d bytes", maxAnswer)
	}
	if readErr != nil && endpoint.answersWithBody() {
		return nil, unreadable(endpoint, readErr)
	}
	return answer, nil
}
