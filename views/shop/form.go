// Package shop is what customers see: the showcase, a service with its form
// and live price, the basket, checkout, payment and the page of an order.
// Each page is a struct beside its template; web/shop fills it.
package shop

import (
	"context"

	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/money"
	"pishkhan/views/parts"
)

// Form is what somebody typed into a form, by input name, and what is wrong
// with it.
type Form struct {
	Values map[string]string
	Wrong  []fault.Field
}

// refused reports whether the form was sent and not accepted.
func (f Form) refused() bool { return len(f.Wrong) > 0 }

// field is a question of the form as it stands.
func (f Form) field(ctx context.Context, name, label, help string) parts.Field {
	return parts.Field{
		Name: name, Label: label, Help: help, Value: f.Values[name], Error: parts.ErrorFor(ctx, f.Wrong, name),
	}
}

// failed is the chrome of a page whose form was refused.
func failed(c parts.Chrome, f Form) parts.Chrome {
	c.Failed = f.refused()
	return c
}

func toman(ctx context.Context, r money.Rials) string { return i18n.LangOf(ctx).Toman(r) }

func in(ctx context.Context, text i18n.Text) string { return text.In(i18n.LangOf(ctx)) }
