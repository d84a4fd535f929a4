package sandbox

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

var callbackClient = &http.Client{
	Timeout:       5 * time.Second,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// callBack posts the callback once from the gateway itself, ahead of the
// browser's. What the merchant answers does not matter.
func (s *Server) callBack(ctx context.Context, t Transaction) {
	fields := url.Values{}
	if !t.PaidAt.IsZero() {
		fields.Set("PaygateTranId", strconv.FormatInt(t.TranID, 10))
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, t.CallbackURL, strings.NewReader(fields.Encode()))
	if err != nil {
		return
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := callbackClient.Do(request)
	if err != nil {
		return
	}
	_, _ = io.CopyN(io.Discard, response.Body, maxBody)
	_ = response.Body.Close()
}
