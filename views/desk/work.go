package desk

import (
	"context"
	"strconv"

	"pishkhan/internal/receipts"
)

func receiptPath(p OrderPage, r receipts.Receipt, deed string) string {
	return orderPath(p.Order.Code, "/receipts/"+strconv.FormatInt(r.ID, 10)+deed)
}

func receiptLabel(p OrderPage) string {
	if len(p.Receipts) == 0 {
		return "desk.receipt.first"
	}
	return "desk.receipt.another"
}

// chargedWrong is what is wrong with the amount or its currency, which share a field.
func chargedWrong(ctx context.Context, p OrderPage) string {
	if words := p.wrong(ctx, "charged_amount"); words != "" {
		return words
	}
	return p.wrong(ctx, "charged_currency")
}
