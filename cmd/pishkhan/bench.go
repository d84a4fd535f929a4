package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"strings"
	"text/tabwriter"
	"time"

	"pishkhan/internal/config"
)

type benchCommands struct {
	Claim benchClaim `cmd:"" help:"Claim orders through the API, beside the bare UPDATE and INSERT in one transaction."`
	Queue benchQueue `cmd:"" help:"Read the queue as a page and through the API, beside the bare query of a page."`

	Complete benchComplete `cmd:"" help:"Complete orders through the API, with receipt and messages, beside the bare UPDATEs in one transaction."`
	Board    benchBoard    `cmd:"" help:"Read the supervisors' board, beside the bare query of its forecast."`
	Quote    benchQuote    `cmd:"" help:"Ask the shop for a price, beside the bare query of the newest rate."`
}

// benchTerms are what all measurements are told. Each has a database of its
// own for each size: of a private Postgres, or beside the one that
// DATABASE_URL names. It is gone afterwards.
type benchTerms struct {
	Sizes   []int         `help:"How many open orders, with commas between." default:"10000,100000,1000000"`
	Clients []int         `help:"How many clients at once, with commas between." default:"1,8,20"`
	Time    time.Duration `help:"How long each measurement takes at most." default:"6s"`
	Out     string        `help:"Keep the figures in this file, as JSON." type:"path" placeholder:"FILE"`
	Profile string        `help:"Keep a CPU profile of the measurements in this file, for go tool pprof." type:"path" placeholder:"FILE"`
}

func (t benchTerms) check() error {
	for _, size := range t.Sizes {
		if size < 1000 || size > 5_000_000 {
			return usageError("--sizes: from 1000 to 5000000 orders")
		}
	}
	for _, n := range t.Clients {
		if n < 1 || n > 200 {
			return usageError("--clients: from 1 to 200")
		}
	}
	if t.Time < 100*time.Millisecond || t.Time > 10*time.Minute || len(t.Sizes)*len(t.Clients) == 0 {
		return usageError("--time: from 100ms to 10m")
	}
	return nil
}

//go:embed bench.sql
var benchSQL string

// bare returns one of the bare statements.
func bare(name string) string {
	_, after, _ := strings.Cut(benchSQL, "-- name: "+name+"\n")
	statement, _, _ := strings.Cut(after, ";")
	return statement
}

// contender is one way to do what is measured; the first is what the others
// are compared to. Do is called with the number of the client and of the call.
type contender struct {
	Name string
	Do   func(ctx context.Context, client, call int) error
	Most int // calls at most; 0: as many as the time allows
}

// measured is a contender's figures.
type measured struct {
	Bench   string  `json:"bench"`
	Orders  int     `json:"orders"`
	Clients int     `json:"clients"`
	What    string  `json:"what"`
	Calls   int     `json:"calls"`
	Seconds float64 `json:"seconds"`
	Rate    float64 `json:"per_second"`
	P50     float64 `json:"p50_ms"`
	P95     float64 `json:"p95_ms"`
	P99     float64 `json:"p99_ms"`
	Ratio   float64 `json:"times_the_bare_p50"`
}

// report is what is kept.
type report struct {
	Go       string     `json:"go"`
	Cores    int        `json:"cores"`
	Platform string     `json:"platform"`
	Postgres string     `json:"postgres"`
	Figures  []measured `json:"figures"`
}

// run stages each size, lets the contenders run and prints the table.
func (t benchTerms) run(ctx context.Context, bench string, contenders func(context.Context, *stage) ([]contender, error)) error {
	if err := t.check(); err != nil {
		return err
	}
	cfg, err := config.Read()
	if err != nil {
		return err
	}
	theatre, err := openTheatre(ctx, cfg)
	if err != nil {
		return err
	}
	defer theatre.close()
	r := report{Go: runtime.Version(), Cores: runtime.NumCPU(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	for _, size := range t.Sizes {
		s, err := theatre.stage(ctx, cfg, size, t.clients())
		if err != nil {
			return err
		}
		figures, err := t.measure(ctx, bench, s, contenders)
		r.Figures, r.Postgres = append(r.Figures, figures...), s.version
		s.close()
		if err != nil {
			return err
		}
	}
	printFigures(r)
	return t.keep(r)
}

func (t benchTerms) clients() int {
	most := 0
	for _, n := range t.Clients {
		most = max(most, n)
	}
	return most
}

func (t benchTerms) measure(ctx context.Context, bench string, s *stage, contenders func(context.Context, *stage) ([]contender, error)) ([]measured, error) {
	list, err := contenders(ctx, s)
	if err != nil {
		return nil, err
	}
	stop, err := t.profile()
	if err != nil {
		return nil, err
	}
	defer stop()
	var all []measured
	for _, clients := range t.Clients {
		var base float64
		for _, c := range list {
			underWay("%s, %d orders, %d clients: %s", bench, s.orders, clients, c.Name)
			m, err := load(ctx, c, clients, t.Time)
			if err != nil {
				return all, fmt.Errorf("%s: %w", c.Name, err)
			}
			if base == 0 {
				base = m.P50
			}
			m.Bench, m.Orders, m.Clients, m.What, m.Ratio = bench, s.orders, clients, c.Name, m.P50/base
			all = append(all, m)
		}
	}
	return all, nil
}

// profile keeps where the processor's time goes, until stop.
func (t benchTerms) profile() (stop func(), err error) {
	if t.Profile == "" {
		return func() {}, nil
	}
	file, err := os.Create(t.Profile)
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(file); err != nil {
		return nil, err
	}
	return func() { pprof.StopCPUProfile(); file.Close() }, nil
}

func (t benchTerms) keep(r report) error {
	if t.Out == "" {
		return nil
	}
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(t.Out, append(text, '\n'), 0o644)
}

func printFigures(r report) {
	fmt.Printf("%s on %d cores of %s, which the load shares; PostgreSQL %s\n\n", r.Go, r.Cores, r.Platform, r.Postgres)
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "orders\tclients\twhat\tper second\tp50 ms\tp95 ms\tp99 ms\t× bare\t")
	for _, m := range r.Figures {
		fmt.Fprintf(table, "%d\t%d\t%s\t%.0f\t%.2f\t%.2f\t%.2f\t%.2f\t\n", m.Orders, m.Clients, m.What, m.Rate, m.P50, m.P95, m.P99, m.Ratio)
	}
	table.Flush()
}

// underWay tells what is under way, beside the table.
func underWay(format string, args ...any) { fmt.Fprintf(os.Stderr, format+" …\n", args...) }
