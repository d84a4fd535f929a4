package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"pishkhan/internal/audit"
	"pishkhan/internal/clock"
	"pishkhan/internal/config"
	"pishkhan/internal/crowd"
	"pishkhan/internal/db"
	"pishkhan/internal/devdb"
	"pishkhan/internal/house"
	"pishkhan/internal/orders"
	"pishkhan/internal/payments/sandbox"
	"pishkhan/internal/sample"
	"pishkhan/internal/staff"
)

// theatre is the server on which databases are made, one a stage.
type theatre struct {
	server *devdb.Server // nil: DATABASE_URL names another
	url    string
	dir    string // for keys and files
}

func openTheatre(ctx context.Context, cfg config.Config) (*theatre, error) {
	dir, err := os.MkdirTemp("", "pishkhan-bench-")
	if err != nil {
		return nil, err
	}
	t := &theatre{dir: dir, url: cfg.DatabaseURL.Reveal()}
	if t.url != "" {
		return t, nil
	}
	underWay("starting a private Postgres")
	if t.server, err = devdb.Start(ctx, devdb.Options{Log: os.Stderr}); err != nil {
		os.RemoveAll(dir)
		return nil, err
	}
	t.url = t.server.URL("postgres")
	return t, nil
}

func (t *theatre) close() {
	if t.server != nil {
		if err := t.server.Stop(); err != nil {
			fmt.Fprintln(os.Stderr, "pishkhan: stop Postgres:", err)
		}
	}
	os.RemoveAll(t.dir)
}

// command runs one statement that no transaction may hold.
func (t *theatre) command(sql string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, t.url)
	if err != nil {
		return fmt.Errorf("connect to the database: %w", err)
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, sql)
	return err
}

// stage is the product at work on a database full of orders.
type stage struct {
	orders  int
	house   *house.House
	bare    *pgxpool.Pool // for the bare statements, of the same size
	base    string        // http://127.0.0.1:port
	people  []sample.Person
	tokens  []string      // each of a member of its own
	members []audit.Actor // their owners
	version string        // of Postgres
	closers []func()
}

func (s *stage) close() {
	for i := len(s.closers) - 1; i >= 0; i-- {
		s.closers[i]()
	}
}

func (s *stage) later(fn func()) { s.closers = append(s.closers, fn) }

// stage makes a database with so many orders in its queue, and serves it.
func (t *theatre) stage(ctx context.Context, cfg config.Config, size, clients int) (_ *stage, err error) {
	s := &stage{orders: size}
	defer func() {
		if err != nil {
			s.close()
		}
	}()
	name := "pishkhan_bench_" + strings.ToLower(rand.Text()[:12])
	if err := t.command("CREATE DATABASE " + name); err != nil {
		return nil, err
	}
	s.later(func() {
		if err := t.command("DROP DATABASE " + name + " WITH (FORCE)"); err != nil {
			fmt.Fprintln(os.Stderr, "pishkhan: drop the database:", err)
		}
	})
	address, err := inDatabase(t.url, name)
	if err != nil {
		return nil, err
	}
	var pools [2]*pgxpool.Pool
	for i := range pools {
		if pools[i], err = db.Open(ctx, address); err != nil {
			return nil, err
		}
		s.later(pools[i].Close)
	}
	s.bare = pools[1]
	needs, err := needsOf(cfg, pools[0], filepath.Join(t.dir, "kek.json"), filepath.Join(t.dir, "files"))
	if err != nil {
		return nil, err
	}
	if err := s.fill(ctx, needs, filepath.Join(t.dir, name+".json"), size, clients); err != nil {
		return nil, err
	}
	return s, s.serve(ctx, cfg, needs)
}

// inDatabase is the address of another database on the same server.
func inDatabase(address, name string) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", errors.New("the database URL cannot be read: write it as postgres://…")
	}
	u.Path = "/" + name
	return u.String(), nil
}

func (s *stage) fill(ctx context.Context, needs house.Needs, people string, size, clients int) error {
	underWay("%d orders: filling a database", size)
	if err := migrate(ctx, needs.Pool); err != nil {
		return err
	}
	simulator, err := sample.StartSandbox("127.0.0.1:0", sandbox.Options{})
	if err != nil {
		return err
	}
	defer simulator.Close()
	needs.Gateway, needs.BaseURL = simulator.Gateway, "http://127.0.0.1"
	h, err := house.Open(ctx, needs)
	if err != nil {
		return err
	}
	if s.people, err = sample.People(ctx, h.Staff, people); err != nil {
		return err
	}
	if err := h.Pricing.LoadSampleRates(ctx); err != nil {
		return err
	}
	plan := crowd.Plan{Size: crowd.Size{Paid: size}, Now: needs.Clock.Now()}
	maker := sample.Maker{House: h, Clock: clock.At(plan.Now)}
	for i, slug := range sample.Slugs {
		placed, err := maker.Place(ctx, sample.Someone(i+1), slug)
		if err != nil {
			return err
		}
		plan.Like = append(plan.Like, placed.Orders[0].ID)
	}
	if err := s.hire(ctx, h, clients); err != nil {
		return err
	}
	for _, m := range s.members {
		plan.Members = append(plan.Members, m.ID)
	}
	return crowd.Fill(ctx, h, plan)
}

// membersAClient is how many operators share a client, one after the other: so
// that none holds as many orders as nobody would.
const membersAClient = 3

// member is the operator in whose name a client calls.
func (s *stage) member(client, call int) int {
	return (client*membersAClient + call%membersAClient) % len(s.members)
}

// hire adds operators with a token each, who may hold any number of orders.
func (s *stage) hire(ctx context.Context, h *house.House, clients int) error {
	terms, err := h.Queue.Terms(ctx)
	if err != nil {
		return err
	}
	terms.Cap = 10_000
	if err := h.Queue.SetTerms(ctx, audit.Machine, terms); err != nil {
		return err
	}
	for i := range clients * membersAClient {
		name := fmt.Sprintf("Operator %d", i+1)
		id, err := h.Staff.Add(ctx, audit.Machine, staff.NewMember{
			Email: fmt.Sprintf("bench%d@demo.test", i+1), Name: name, Password: rand.Text(), Roles: []audit.Role{audit.Operator},
		})
		if err != nil {
			return err
		}
		member := audit.Actor{Kind: audit.Staff, ID: id, Name: name, Roles: []audit.Role{audit.Operator}}
		_, secret, err := h.Staff.IssueToken(ctx, audit.Machine, staff.NewToken{MemberID: id, Name: "bench", Scopes: staff.Scopes, Age: 24 * time.Hour})
		if err != nil {
			return err
		}
		s.members, s.tokens = append(s.members, member), append(s.tokens, secret.Reveal())
	}
	return nil
}

// serve answers over HTTP on a loopback port, as the program does.
func (s *stage) serve(ctx context.Context, cfg config.Config, needs house.Needs) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	s.base = "http://" + listener.Addr().String()
	cfg.BaseURL, needs.BaseURL, needs.Gateway = s.base, s.base, nil
	if s.house, err = house.Open(ctx, needs); err != nil {
		return err
	}
	app, err := newApp(cfg, s.house, s.base, "shop,desk,api")
	if err != nil {
		return err
	}
	go func() { _ = app.Listener(listener) }()
	s.later(func() { stopServing(app) })
	return s.bare.QueryRow(ctx, "SHOW server_version").Scan(&s.version)
}

func stopServing(app *fiber.App) {
	if err := app.ShutdownWithTimeout(5 * time.Second); err != nil {
		fmt.Fprintln(os.Stderr, "pishkhan: stop serving:", err)
	}
}

// codes are orders that wait in the queue, in no particular order.
func (s *stage) codes(ctx context.Context, n int) ([]string, error) {
	rows, err := s.bare.Query(ctx, "SELECT code FROM orders WHERE state = $1 ORDER BY code LIMIT $2", string(orders.Paid), n)
	if err != nil {
		return nil, err
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err == nil && len(list) < n {
		err = fmt.Errorf("only %d of %d orders wait", len(list), n)
	}
	return list, err
}
