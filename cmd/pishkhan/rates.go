package main

import (
	"context"
	"fmt"
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
	Set  rateSet  `cmd:"" help:"Set what one unit of a currency is sold for, from now on."`
	List rateList `cmd:"" help:"List the rates that hold now, in tomans."`
}

type rateSet struct {
	dataFolder `embed:""`
	Currency   string `arg:"" help:"Currency code, such as USD."`
	Toman      string `arg:"" name:"toman-per-unit" help:"Tomans for one unit, such as 92500 or 92,500."`
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
	return r.with(ctx, func(_ config.Config, pool *pgxpool.Pool) error {
		rate, err := pricing.New(pool, clock.System{}, pricing.Terms{}).SetRate(ctx, audit.Machine, currency, sell)
		if err == nil {
			fmt.Printf("one %s is %d tomans from now on\n", rate.Currency, rate.SellRials.Toman())
		}
		return err
	})
}

type rateList struct {
	dataFolder `embed:""`
}

// Run lists the rates.
func (l *rateList) Run(ctx context.Context) error {
	return l.with(ctx, func(_ config.Config, pool *pgxpool.Pool) error {
		rates, err := pricing.New(pool, clock.System{}, pricing.Terms{}).Rates(ctx)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
		for _, r := range rates {
			fmt.Fprintf(table, "%s\t%d\t%s\n", r.Currency, r.SellRials.Toman(), r.SetAt.Format(time.RFC3339))
		}
		return table.Flush()
	})
}
