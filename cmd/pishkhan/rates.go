package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"text/tabwriter"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"pishkhan/internal/audit"
	"pishkhan/internal/clock"
	"pishkhan/internal/config"
	"pishkhan/internal/money"
	"pishkhan/internal/pricing"
)

type rateCommands struct {
	Set     rateSet     `cmd:"" help:"Set what one unit of a currency is sold for, from now on."`
	List    rateList    `cmd:"" help:"List the newest rate of each currency, in tomans."`
	History rateHistory `cmd:"" help:"List the rates of a currency, the newest first, in tomans."`
}

type rateSet struct {
	dataFolder `embed:""`
	Currency   string `arg:"" help:"Currency code, such as USD."`
	Toman      string `arg:"" name:"toman-per-unit" help:"Tomans for one unit, such as 92500 or 92,500."`
	Buy        string `help:"Tomans that one unit is bought for." placeholder:"TOMAN"`
}

// Run sets a rate. Quotes that were given keep theirs.
func (r *rateSet) Run(ctx context.Context) error {
	currency, err := money.ParseCurrency(r.Currency)
	if err != nil {
		return err
	}
	sell, err := money.ParseToman(r.Toman)
	if err != nil {
		return err
	}
	var buy money.Rials
	if r.Buy != "" {
		if buy, err = money.ParseToman(r.Buy); err != nil {
			return fmt.Errorf("--buy: %w", err)
		}
	}
	return r.with(ctx, func(_ config.Config, pool *pgxpool.Pool) error {
		setting, err := pricing.New(pool, clock.System{}, pricing.Terms{}).SetRate(ctx, audit.Machine, currency, buy, sell)
		switch {
		case err != nil:
			return err
		case setting.Proposal != nil:
			fmt.Printf("one %s at %d tomans is too far from the rate that holds: it waits at the desk, under /desk/rates, for somebody of finance to approve\n",
				currency, sell.Toman())
		default:
			fmt.Printf("one %s is %d tomans from now on\n", currency, sell.Toman())
		}
		return nil
	})
}

type rateList struct {
	dataFolder `embed:""`
}

// Run lists the rates.
func (l *rateList) Run(ctx context.Context) error {
	return l.with(ctx, func(_ config.Config, pool *pgxpool.Pool) error {
		rates, err := pricing.New(pool, clock.System{}, pricing.Terms{}).NewestRates(ctx)
		if err != nil {
			return err
		}
		return printRates(rates, clock.System{}.Now())
	})
}

type rateHistory struct {
	dataFolder `embed:""`
	Currency   string `arg:"" help:"Currency code, such as USD."`
	Limit      int    `help:"How many, at most." default:"50"`
}

// Run lists the rates of one currency.
func (h *rateHistory) Run(ctx context.Context) error {
	currency, err := money.ParseCurrency(h.Currency)
	if err != nil {
		return err
	}
	if h.Limit < 1 || h.Limit > 10_000 {
		return usageError("--limit: from 1 to 10000")
	}
	return h.with(ctx, func(_ config.Config, pool *pgxpool.Pool) error {
		rates, err := pricing.New(pool, clock.System{}, pricing.Terms{}).RateHistory(ctx, currency, math.MaxInt64, h.Limit)
		if err != nil {
			return err
		}
		return printRates(rates, clock.System{}.Now())
	})
}

// printRates prints currency, sell, buy, since when, source, and whether the
// rate is too old for new quotes.
func printRates(rates []pricing.Rate, now time.Time) error {
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	for _, r := range rates {
		buy, old := "-", ""
		if r.BuyRials != 0 {
			buy = fmt.Sprint(r.BuyRials.Toman())
		}
		if r.MaxAge != 0 && r.Stale(now) {
			old = "stale"
		}
		fmt.Fprintf(table, "%s\t%d\t%s\t%s\t%s\t%s\n", r.Currency, r.SellRials.Toman(), buy, r.SetAt.Format(time.RFC3339), r.Source, old)
	}
	return table.Flush()
}
