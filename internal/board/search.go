package board

import (
	"context"
	"fmt"
	"strings"

	"pishkhan/internal/board/internal/sqlq"
	"pishkhan/internal/iran"
)

// Search finds orders by the customer's name, mobile, or the site of the
// payment page, at most one page of the newest. Codes are not its business.
func (b *Board) Search(ctx context.Context, typed string) ([]Row, error) {
	folded := iran.Fold(typed)
	if folded == "" {
		return nil, nil
	}
	find := sqlq.FindOrdersParams{Name: likely(folded), Site: likely(folded), Most: PageSize}
	if mobile, err := iran.ParseMobile(typed); err == nil {
		find = sqlq.FindOrdersParams{Mobile: mobile.String(), Most: PageSize}
	}
	ids, err := sqlq.New(b.pool).FindOrders(ctx, find)
	if err != nil {
		return nil, fmt.Errorf("search orders: %w", err)
	}
	return b.rows(ctx, b.clock.Now(), ids)
}

// likely takes the meaning of a pattern from what was typed.
func likely(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)
}
