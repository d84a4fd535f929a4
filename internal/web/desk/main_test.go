package desk_test

import (
	"testing"

	"pishkhan/internal/db/dbtest"
	"pishkhan/internal/orders"
	"pishkhan/internal/pricing"
	"pishkhan/internal/sample"
)

type person = sample.Person

func TestMain(m *testing.M) { dbtest.Main(m) }

func quoteID(o orders.Order) pricing.QuoteID { return pricing.QuoteID(o.QuoteID) }
