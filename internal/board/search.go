package board

import (
	"context"
	"fmt"
	"strings"

	"pishkhan/internal/board/internal/sqlq"
	"pishkhan/internal/iran"
)

// mostWords is more than a name and a site have.
const mostWords = 8

// Search finds orders by the customer's name, mobile (or its last four or
// seven digits), the site of the payment page, or the code: the newest that
// have a word with each of the typed beginnings, at most one page.
func (b *Board) Search(ctx context.Context, typed string) ([]Row, error) {
	query := searchQuery(typed)
	if query == "" {
		return nil, nil
	}
	ids, err := sqlq.New(b.pool).FindOrders(ctx, query, PageSize)
	if err != nil {
		return nil, fmt.Errorf("search orders: %w", err)
	}
	return b.rows(ctx, b.clock.Now(), ids)
}

// searchQuery is a tsquery for words that begin as typed. Names are compared
// as iran.Fold writes them.
func searchQuery(typed string) string {
	if mobile, err := iran.ParseMobile(typed); err == nil {
		typed = mobile.String()
	}
	var words []string
	for _, word := range strings.Fields(iran.Fold(typed)) {
		if len(words) < mostWords {
			words = append(words, "'"+strings.NewReplacer(`\`, `\\`, `'`, `''`).Replace(word)+"':*")
		}
	}
	return strings.Join(words, " & ")
}
