package pricing

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"
	"github.com/theory/jsonpath"

	"pishkhan/internal/inet"
	"pishkhan/internal/iran"
	"pishkhan/internal/money"
)

const (
	feedTimeout = 10 * time.Second // what one reading may take in all
	maxAnswer   = 1 << 20          // bytes of an answer

	// maxFed is more than one unit of any currency has ever cost: a feed that
	// says more speaks of something else.
	maxFed = money.Rials(1_000_000_000)
)

// trouble is why a feed gave no rate: a message key, and what the message
// tells besides. It holds nothing of how our network looks inside.
type trouble struct {
	key    string
	detail string
}

func (t trouble) Error() string { return t.key + " " + t.detail }

// fetch reads what a feed offers now.
func (w *Watch) fetch(ctx context.Context, feed Feed) (Offer, error) {
	answer, err := w.get(ctx, feed.URL)
	if err != nil {
		return Offer{}, err
	}
	return feed.read(answer)
}

func (w *Watch) get(ctx context.Context, address string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, feedTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, trouble{key: "rates.feed.error.unreachable"}
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("User-Agent", "Pishkhan-Rates/1")
	response, err := w.http.Do(request)
	if err != nil {
		return nil, unanswered(err)
	}
	defer response.Body.Close()
	switch code := response.StatusCode; {
	case code >= 300 && code < 400:
		return nil, trouble{key: "rates.feed.error.moved", detail: strconv.Itoa(code)}
	case code != http.StatusOK:
		return nil, trouble{key: "rates.feed.error.status", detail: strconv.Itoa(code)}
	}
	answer, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	if err != nil {
		return nil, unanswered(err)
	}
	if len(answer) > maxAnswer {
		return nil, trouble{key: "rates.feed.error.too_large"}
	}
	return answer, nil
}

func unanswered(err error) error {
	var slow interface{ Timeout() bool }
	switch {
	case errors.Is(err, inet.ErrPrivate):
		return trouble{key: "rates.feed.error.private"}
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &slow) && slow.Timeout():
		return trouble{key: "rates.feed.error.slow"}
	}
	return trouble{key: "rates.feed.error.unreachable"}
}

// read finds the rate in an answer, and makes it ours: in rials, with the
// margin.
func (f Feed) read(answer []byte) (Offer, error) {
	var document any
	decoder := json.NewDecoder(bytes.NewReader(answer))
	decoder.UseNumber()
	if err := decoder.Decode(&document); err != nil {
		return Offer{}, trouble{key: "rates.feed.error.json"}
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return Offer{}, trouble{key: "rates.feed.error.json"}
	}
	offer := Offer{Currency: f.Currency}
	sell, err := f.at(document, f.SellPath)
	if err != nil {
		return Offer{}, err
	}
	margin := decimal.New(1, 0).Add(f.MarginPercent.Shift(-2))
	if offer.SellRials, err = fed(sell.Mul(margin).Shift(-1).Ceil().Shift(1)); err != nil {
		return Offer{}, err
	}
	if f.BuyPath == "" {
		return offer, nil
	}
	buy, err := f.at(document, f.BuyPath)
	if err != nil {
		return Offer{}, err
	}
	if offer.BuyRials, err = fed(buy.Shift(-1).Floor().Shift(1)); err != nil {
		return Offer{}, err
	}
	if offer.BuyRials > offer.SellRials {
		return Offer{}, trouble{key: "rates.feed.error.buy_over_sell"}
	}
	return offer, nil
}

// at returns the number that a path leads to, in rials.
func (f Feed) at(document any, path string) (decimal.Decimal, error) {
	query, err := jsonpath.Parse(path)
	if err != nil {
		return decimal.Zero, trouble{key: "rates.feed.error.path", detail: path}
	}
	nodes := query.Select(document)
	if len(nodes) != 1 {
		return decimal.Zero, trouble{key: "rates.feed.error.path", detail: path}
	}
	number, ok := readNumber(nodes[0])
	if !ok {
		return decimal.Zero, trouble{key: "rates.feed.error.number", detail: path}
	}
	if f.Unit == InToman {
		number = number.Shift(1)
	}
	return number, nil
}

var (
	plainNumber   = regexp.MustCompile(`^[0-9]{1,15}(?:\.[0-9]{1,15})?(?:[eE][+-]?[0-9]{1,2})?$`)
	groupedNumber = regexp.MustCompile(`^[0-9]{1,3}(?:[,٬،][0-9]{3})+(?:[.٫][0-9]{1,15})?$`)
	asPlain       = strings.NewReplacer(",", "", "٬", "", "،", "", "٫", ".")
)

// readNumber takes a JSON number, or a text that holds one as people write
// it: with Persian digits, and with thousands apart.
func readNumber(value any) (decimal.Decimal, bool) {
	var text string
	switch v := value.(type) {
	case json.Number:
		text = v.String()
	case string:
		if len(v) > maxPath {
			return decimal.Zero, false
		}
		text = strings.TrimSpace(iran.ASCIIDigits(iran.WithoutMarks(v)))
		if groupedNumber.MatchString(text) {
			text = asPlain.Replace(text)
		}
		text = strings.Replace(text, "٫", ".", 1)
	}
	if !plainNumber.MatchString(text) {
		return decimal.Zero, false
	}
	number, err := decimal.NewFromString(text)
	return number, err == nil
}

func fed(rials decimal.Decimal) (money.Rials, error) {
	if !rials.IsPositive() || rials.GreaterThan(decimal.New(int64(maxFed), 0)) {
		return 0, trouble{key: "rates.feed.error.range"}
	}
	return money.Rials(rials.IntPart()), nil
}
