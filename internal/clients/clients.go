// Package clients knows the shop fronts of others that order through the
// API: who they are, the keys they show, what each key may do and how often,
// and what they were answered before.
package clients

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"pishkhan/internal/audit"
	"pishkhan/internal/clients/internal/sqlq"
	"pishkhan/internal/clock"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/meter"
	"pishkhan/internal/seal"
)

// Client is a shop front of somebody else's.
type Client struct {
	ID            int64
	Name          string
	ReturnOrigins []string // scheme://host[:port] that its customers may be sent back to
	CreatedAt     time.Time
	DisabledAt    *time.Time
}

// Subject names the client in the audit record.
func (c Client) Subject() string { return subject(c.ID) }

func subject(clientID int64) string { return fmt.Sprintf("client:%d", clientID) }

// MayReturnTo reports whether the client's customers may be sent to address
// after paying: an absolute one at an origin that the client has named.
func (c Client) MayReturnTo(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.User == nil && slices.Contains(c.ReturnOrigins, u.Scheme+"://"+strings.ToLower(u.Host))
}

// Clients is the room's door.
type Clients struct {
	pool    *pgxpool.Pool
	clock   clock.Clock
	keyring *seal.Keyring
	meter   *meter.Meter
}

// New returns the clients kept in pool; what they were answered is sealed by
// keyring.
func New(pool *pgxpool.Pool, c clock.Clock, keyring *seal.Keyring) *Clients {
	return &Clients{
		pool: pool, clock: c, keyring: keyring, meter: meter.New(meter.Terms{Burst: Burst, Window: BurstWindow}),
	}
}

// Form is what the staff say of a client.
type Form struct {
	Name          string
	ReturnOrigins string // one a line
}

// maxName is how many characters a client's or a key's name takes.
const maxName = 80

// Create takes a new client on. Faults: Invalid with the fields name and
// return_origins.
func (c *Clients) Create(ctx context.Context, actor audit.Actor, form Form) (Client, error) {
	name, origins, err := form.check()
	if err != nil {
		return Client{}, err
	}
	client := Client{Name: name, ReturnOrigins: origins, CreatedAt: c.clock.Now()}
	err = db.InTx(ctx, c.pool, func(ctx context.Context, tx pgx.Tx) error {
		client.ID, err = sqlq.New(tx).InsertClient(ctx, sqlq.InsertClientParams{
			Name: name, ReturnOrigins: origins, CreatedAt: client.CreatedAt, CreatedBy: member(actor),
		})
		if err != nil {
			return fmt.Errorf("new client: %w", err)
		}
		return audit.Record(ctx, tx, audit.Entry{
			At: client.CreatedAt, Actor: actor, Verb: "client.create", Subject: client.Subject(),
			Detail: map[string]any{"name": name, "return_origins": origins},
		})
	})
	return client, err
}

// Change corrects a client's name and return origins. Faults: those of
// Create; NotFound.
func (c *Clients) Change(ctx context.Context, actor audit.Actor, id int64, form Form) error {
	name, origins, err := form.check()
	if err != nil {
		return err
	}
	return db.InTx(ctx, c.pool, func(ctx context.Context, tx pgx.Tx) error {
		changed, err := sqlq.New(tx).UpdateClient(ctx, name, origins, id)
		if err != nil {
			return fmt.Errorf("change client %d: %w", id, err)
		}
		if changed == 0 {
			return notFound
		}
		return audit.Record(ctx, tx, audit.Entry{
			At: c.clock.Now(), Actor: actor, Verb: "client.change", Subject: subject(id),
			Detail: map[string]any{"name": name, "return_origins": origins},
		})
	})
}

// Disable shuts a client out from its next request on, with all its keys. To
// do it again changes nothing. Fault: NotFound.
func (c *Clients) Disable(ctx context.Context, actor audit.Actor, id int64) error {
	return db.InTx(ctx, c.pool, func(ctx context.Context, tx pgx.Tx) error {
		client, err := c.find(ctx, tx, id)
		if err != nil || client.DisabledAt != nil {
			return err
		}
		now := c.clock.Now()
		if err := sqlq.New(tx).DisableClient(ctx, &now, id); err != nil {
			return fmt.Errorf("disable client %d: %w", id, err)
		}
		return audit.Record(ctx, tx, audit.Entry{At: now, Actor: actor, Verb: "client.disable", Subject: subject(id)})
	})
}

// Client returns a client, disabled or not. Fault: NotFound.
func (c *Clients) Client(ctx context.Context, id int64) (Client, error) {
	return c.find(ctx, c.pool, id)
}

// Enabled reports whether a client is not shut out. q is the pool, or the
// transaction that the caller is in. Fault: NotFound.
func (c *Clients) Enabled(ctx context.Context, q sqlq.DBTX, id int64) (bool, error) {
	client, err := c.find(ctx, q, id)
	return err == nil && client.DisabledAt == nil, err
}

// List returns all clients in the order in which they came.
func (c *Clients) List(ctx context.Context) ([]Client, error) {
	rows, err := sqlq.New(c.pool).Clients(ctx)
	if err != nil {
		return nil, fmt.Errorf("list clients: %w", err)
	}
	list := make([]Client, len(rows))
	for i, row := range rows {
		list[i] = fromRow(row)
	}
	return list, nil
}

var notFound = fault.New(fault.NotFound, "clients.error.not_found")

func (c *Clients) find(ctx context.Context, q sqlq.DBTX, id int64) (Client, error) {
	row, err := sqlq.New(q).ClientByID(ctx, id)
	if errors.Is(err, pgx.ErrNoRows) {
		return Client{}, notFound
	}
	if err != nil {
		return Client{}, fmt.Errorf("client %d: %w", id, err)
	}
	return fromRow(row), nil
}

func fromRow(r sqlq.ApiClient) Client {
	return Client{ID: r.ID, Name: r.Name, ReturnOrigins: r.ReturnOrigins, CreatedAt: r.CreatedAt, DisabledAt: r.DisabledAt}
}

func (f Form) check() (name string, origins []string, err error) {
	var wrong fault.Fields
	name = checkName(&wrong, f.Name)
	origins = []string{}
	for _, line := range strings.Fields(f.ReturnOrigins) {
		origin, ok := readOrigin(line)
		if !ok {
			wrong.Add("return_origins", "clients.error.origin", "origin", line)
			break
		}
		if !slices.Contains(origins, origin) {
			origins = append(origins, origin)
		}
	}
	return name, origins, wrong.Err()
}

func checkName(wrong *fault.Fields, typed string) string {
	name := strings.Join(strings.Fields(typed), " ")
	switch {
	case name == "":
		wrong.Add("name", "clients.error.name_empty")
	case utf8.RuneCountInString(name) > maxName:
		wrong.Add("name", "clients.error.name_long", "max", maxName)
	}
	return name
}

// readOrigin reads scheme://host[:port], and nothing after it. Plain http is
// for a developer's own machine.
func readOrigin(typed string) (string, bool) {
	u, err := url.Parse(strings.TrimSuffix(typed, "/"))
	if err != nil || u.Host == "" || u.User != nil || u.Path != "" || u.RawQuery != "" || u.Fragment != "" {
		return "", false
	}
	if u.Scheme != "https" && !(u.Scheme == "http" && isLoopback(u.Hostname())) {
		return "", false
	}
	return u.Scheme + "://" + strings.ToLower(u.Host), true
}

func isLoopback(host string) bool { return host == "localhost" || host == "127.0.0.1" || host == "::1" }

// member is who of the staff did it; nil for the command line.
func member(actor audit.Actor) *int64 {
	if actor.Kind != audit.Staff {
		return nil
	}
	return &actor.ID
}
