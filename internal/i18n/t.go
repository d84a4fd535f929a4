package i18n

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"pishkhan/internal/jalali"
	"pishkhan/internal/money"
)

// Key is a message key given as the value of a placeholder: it is replaced
// by its message.
type Key string

// T returns the message of key in the language of ctx. See Lang.T.
func T(ctx context.Context, key string, args ...any) string {
	return LangOf(ctx).T(key, args...)
}

// T returns the message of key, its {name} placeholders filled from args:
// name, value, name, value. Values are shown the way the language writes
// them: integers and decimals with its digits and separators, money.Rials
// in tomans, times in Tehran, durations in words, Text and Key in the
// language; strings stay as they are (so a year or a code is given as a
// string). Where key itself has no message, key.one or key.other is taken,
// by the argument "n". A key without any message is returned itself.
func (l Lang) T(key string, args ...any) string {
	message, ok := l.message(key, args)
	if !ok {
		return key
	}
	if len(args) == 0 || strings.IndexByte(message, '{') < 0 {
		return message
	}
	return l.fill(message, args)
}

// Has reports whether T has words for key, plain or counted.
func (l Lang) Has(key string) bool {
	_, plain := catalogs[l][key]
	_, counted := catalogs[l][key+".other"]
	return plain || counted
}

func (l Lang) message(key string, args []any) (string, bool) {
	words := catalogs[l]
	if message, ok := words[key]; ok {
		return message, true
	}
	if n, ok := integer(value(args, "n")); ok && n == 1 {
		if message, ok := words[key+".one"]; ok {
			return message, true
		}
	}
	message, ok := words[key+".other"]
	return message, ok
}

func (l Lang) fill(message string, args []any) string {
	var b strings.Builder
	b.Grow(len(message) + 32)
	for {
		before, rest, found := strings.Cut(message, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed {
			b.WriteString("{" + rest)
			return b.String()
		}
		if v := value(args, name); v != nil {
			b.WriteString(l.show(v))
		} else {
			b.WriteString("{" + name + "}")
		}
		message = after
	}
}

// show writes the value of a placeholder.
func (l Lang) show(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case money.Rials:
		return l.Toman(v)
	case money.Foreign:
		return l.Foreign(v)
	case decimal.Decimal:
		return l.Decimal(v)
	case time.Time:
		return l.DateLong(v)
	case time.Duration:
		return l.Duration(v)
	case jalali.Date:
		return l.Digits(v.String())
	case Text:
		return v.In(l)
	case Key:
		return l.T(string(v))
	case fmt.Stringer:
		return v.String()
	}
	if n, ok := integer(v); ok {
		return l.Number(n)
	}
	return fmt.Sprint(v)
}

func value(args []any, name string) any {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == name {
			return args[i+1]
		}
	}
	return nil
}

// integer takes any integer type, the rooms' own included.
func integer(v any) (int64, bool) {
	n := reflect.ValueOf(v)
	switch {
	case n.CanInt():
		return n.Int(), true
	case n.CanUint():
		return int64(n.Uint()), true
	}
	return 0, false
}
