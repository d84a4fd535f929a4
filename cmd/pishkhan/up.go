package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"text/tabwriter"

	"github.com/jackc/pgx/v5/pgxpool"

	"pishkhan/internal/config"
	"pishkhan/internal/db"
	"pishkhan/internal/devdb"
	"pishkhan/internal/house"
	"pishkhan/internal/payments"
	"pishkhan/internal/payments/sandbox"
	"pishkhan/internal/sample"
	"pishkhan/internal/seal"
)

type upCommand struct {
	dataFolder `embed:""`
	Addr       string `help:"Where to listen; port 0 picks a free one." default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
	Fresh      bool   `help:"Start over: remove the data folder's contents first."`
}

// Run brings everything up, and takes it down again when it is told to stop.
func (u *upCommand) Run(ctx context.Context) error {
	cfg, err := config.Read()
	if err != nil {
		return err
	}
	if u.Fresh {
		if err := u.clear(cfg); err != nil {
			return err
		}
	}
	listener, err := net.Listen("tcp", u.Addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%w\nSomething else listens there: choose another address with --addr, as 127.0.0.1:0 for any free port", err)
	}
	if err != nil {
		return usageError("--addr: " + err.Error())
	}
	defer listener.Close()
	if cfg.BaseURL == "" {
		cfg.BaseURL = "http://" + listener.Addr().String()
	}
	stop, err := u.database(ctx, &cfg)
	if err != nil {
		return err
	}
	defer stop()
	pool, err := db.Open(ctx, cfg.DatabaseURL.Reveal())
	if err != nil {
		return err
	}
	defer pool.Close()
	return u.run(ctx, cfg, pool, listener)
}

func (u *upCommand) run(ctx context.Context, cfg config.Config, pool *pgxpool.Pool, listener net.Listener) error {
	say("preparing the database")
	if err := migrate(ctx, pool); err != nil {
		return err
	}
	needs, err := needsOf(cfg, pool, u.file("kek.json"), u.file("files"))
	if err != nil {
		return err
	}
	needs.BaseURL, needs.LoopbackWebhooks, needs.SampleRates, needs.OpenOutbox = cfg.BaseURL, true, true, true
	payPage, stopSandbox, err := u.gateway(cfg, &needs.Gateway)
	if err != nil {
		return err
	}
	defer stopSandbox()
	h, err := house.Open(ctx, needs)
	if err != nil {
		return err
	}
	people, err := u.furnish(ctx, h, needs)
	if err != nil {
		return err
	}
	app, err := newApp(cfg, h, payPage, "shop,desk,api")
	if err != nil {
		return err
	}
	stopJobs, err := startJobs(ctx, cfg, h)
	if err != nil {
		return err
	}
	defer stopJobs()
	u.greet(os.Stdout, cfg, people, payPage)
	err = serve(ctx, app, listener)
	say("stopping")
	return err
}

// database starts the private Postgres unless DATABASE_URL names another.
func (u *upCommand) database(ctx context.Context, cfg *config.Config) (stop func(), err error) {
	if cfg.DatabaseURL.Reveal() != "" {
		return func() {}, os.MkdirAll(u.Data, 0o700)
	}
	server, err := devdb.Start(ctx, devdb.Options{Dir: u.Data, Log: os.Stdout})
	if err != nil {
		return nil, err
	}
	cfg.DatabaseURL = seal.NewSecret(server.URL(devdb.Database))
	return func() {
		if err := server.Stop(); err != nil {
			fmt.Fprintln(os.Stderr, "pishkhan: stop Postgres:", err)
		}
	}, nil
}

// gateway pays at the account that is configured, or at a simulator on a
// loopback port of its own; the adapter does not know.
func (u *upCommand) gateway(cfg config.Config, g *payments.Gateway) (payPage string, stop func(), err error) {
	if cfg.AsanPardakht.User != "" {
		*g = gateway(cfg)
		return cfg.AsanPardakht.PayPage, func() {}, nil
	}
	simulator, err := sample.StartSandbox("127.0.0.1:0", sandbox.Options{MerchantName: "UpCard", StateFile: u.file("gateway.json")})
	if err != nil {
		return "", nil, err
	}
	*g = simulator.Gateway
	return simulator.PayPage, func() { simulator.Close() }, nil
}

// furnish brings the demo's people, rates and orders, once.
func (u *upCommand) furnish(ctx context.Context, h *house.House, needs house.Needs) ([]sample.Person, error) {
	people, err := sample.People(ctx, h.Staff, u.file("people.json"))
	if err != nil {
		return nil, err
	}
	if err := h.Pricing.LoadSampleRates(ctx); err != nil {
		return nil, err
	}
	empty, err := h.Orders.Empty(ctx)
	if err != nil || !empty {
		return people, err
	}
	say("placing sample orders")
	return people, sample.Orders(ctx, needs, people)
}

func (u *upCommand) greet(w io.Writer, cfg config.Config, people []sample.Person, payPage string) {
	fmt.Fprintf(w, "\nPishkhan is up.\n\n  shop     %s/\n  desk     %s/desk\n  gateway  %s\n  data     %s\n\n", cfg.BaseURL, cfg.BaseURL, payPage, u.Data)
	table := tabwriter.NewWriter(w, 2, 0, 2, ' ', 0)
	for _, p := range people {
		fmt.Fprintf(table, "  %s\t%s\t%s\n", p.Email, p.Password, p.Role)
	}
	table.Flush()
	fmt.Fprintf(w, "\nCtrl-C stops everything.\n")
}

// clear removes what an earlier run left in the data folder, and nothing else.
func (u *upCommand) clear(cfg config.Config) error {
	if cfg.DatabaseURL.Reveal() != "" {
		return usageError("--fresh does not empty the database that DATABASE_URL names: give an empty one")
	}
	if err := devdb.Remove(u.Data); err != nil {
		return err
	}
	for _, name := range []string{"files", "kek.json", "people.json", "gateway.json"} {
		if err := os.RemoveAll(u.file(name)); err != nil {
			return fmt.Errorf("start over: %w", err)
		}
	}
	return nil
}

func (u *upCommand) file(name string) string { return filepath.Join(u.Data, name) }

func say(line string) { fmt.Println(line) }

// split yields the parts of a list with commas.
func split(list string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for part := range strings.SplitSeq(list, ",") {
			if !yield(strings.TrimSpace(part)) {
				return
			}
		}
	}
}
