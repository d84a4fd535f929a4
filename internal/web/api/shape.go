package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"pishkhan/internal/i18n"
	"pishkhan/internal/web"
)

// What huma finds wrong with a request's shape is told as a problem like all
// others: in the reader's language, and without the value, which may be a
// login.
func init() {
	huma.NewErrorWithContext = func(ctx huma.Context, status int, _ string, errs ...error) huma.StatusError {
		return misshapen(ctx.Context(), status, errs)
	}
	huma.NewError = func(status int, _ string, errs ...error) huma.StatusError {
		return misshapen(context.Background(), status, errs)
	}
}

func misshapen(ctx context.Context, status int, errs []error) *web.Problem {
	p := web.NewProblem(ctx, status, statusKey(status))
	for _, err := range errs {
		var detail huma.ErrorDetailer
		if !errors.As(err, &detail) {
			continue
		}
		d := detail.ErrorDetail()
		key, args := shapeKey(d.Message)
		at := locationOf(d.Location)
		if key == missing {
			at += fmt.Sprintf("/%s", args[1])
		}
		p.Errors = append(p.Errors, web.ProblemField{Location: at, Message: i18n.T(ctx, key, args...), Key: key})
	}
	return p
}

func statusKey(status int) string {
	switch status {
	case http.StatusUnprocessableEntity:
		return "api.error.shape"
	case http.StatusRequestEntityTooLarge:
		return "web.error.too_large"
	case http.StatusUnsupportedMediaType:
		return "web.error.media_type"
	}
	return "api.error.unreadable"
}

// missing is the key of a member that is not there: it is located where it
// should be.
const missing = "api.error.required"

// shapes are huma's words for what is wrong with a value, and our keys for
// it; what the words hold fills the placeholders a and b.
var shapes = []struct{ words, key string }{
	{validation.MsgExpectedRequiredProperty, missing},
	{validation.MsgUnexpectedProperty, "api.error.unexpected"},
	{validation.MsgExpectedString, "api.error.string"},
	{validation.MsgExpectedInteger, "api.error.integer"},
	{validation.MsgExpectedNumber, "api.error.integer"},
	{validation.MsgExpectedObject, "api.error.object"},
	{validation.MsgExpectedArray, "api.error.array"},
	{validation.MsgExpectedOneOf, "api.error.one_of"},
	{validation.MsgExpectedMinLength, "api.error.min_length"},
	{validation.MsgExpectedMaxLength, "api.error.max_length"},
	{validation.MsgExpectedMinItems, "api.error.min_items"},
	{validation.MsgExpectedMaxItems, "api.error.max_items"},
	{validation.MsgExpectedMinimumNumber, "api.error.minimum"},
	{validation.MsgExpectedMaximumNumber, "api.error.maximum"},
	{validation.MsgExpectedMatchPattern, "api.error.pattern"},
	{"required %s parameter is missing", "api.error.parameter"},
	{"File required", "api.error.file"},
}

var verb = regexp.MustCompile(`%[svd]`)

var patterns = func() []*regexp.Regexp {
	list := make([]*regexp.Regexp, len(shapes))
	for i, shape := range shapes {
		parts := verb.Split(shape.words, -1)
		for j := range parts {
			parts[j] = regexp.QuoteMeta(parts[j])
		}
		list[i] = regexp.MustCompile("^" + strings.Join(parts, "(.+)") + "$")
	}
	return list
}()

func shapeKey(words string) (key string, args []any) {
	for i, pattern := range patterns {
		if found := pattern.FindStringSubmatch(words); found != nil {
			for j, value := range found[1:] {
				args = append(args, string(rune('a'+j)), placed(value))
			}
			return shapes[i].key, args
		}
	}
	return "api.error.value", nil
}

// placed is a number where the words hold one, so that it is written with the
// reader's digits.
func placed(text string) any {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n
	}
	return text
}

var index = regexp.MustCompile(`\[(\d+)\]`)

// locationOf turns huma's body.lines[0].quote into /lines/0/quote, and
// header.Name into header:Name.
func locationOf(path string) string {
	where, rest, _ := strings.Cut(path, ".")
	if where == "body" || strings.HasPrefix(where, "body[") {
		pointer := strings.TrimPrefix(path, "body")
		pointer = index.ReplaceAllString(pointer, ".$1")
		return strings.ReplaceAll(pointer, ".", "/")
	}
	return fmt.Sprintf("%s:%s", where, rest)
}
