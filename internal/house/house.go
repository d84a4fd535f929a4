// Package house puts the rooms together: every room once, over one pool, one
// clock and one key. The program and the tests open the same house.
package house

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"pishkhan/internal/access"
	"pishkhan/internal/attachments"
	"pishkhan/internal/audit"
	"pishkhan/internal/blob"
	"pishkhan/internal/board"
	"pishkhan/internal/bulk"
	"pishkhan/internal/campaigns"
	"pishkhan/internal/carts"
	"pishkhan/internal/catalog"
	"pishkhan/internal/checkout"
	"pishkhan/internal/clients"
	"pishkhan/internal/clock"
	"pishkhan/internal/club"
	"pishkhan/internal/contacts"
	"pishkhan/internal/customers"
	"pishkhan/internal/deadlines"
	"pishkhan/internal/fulfil"
	"pishkhan/internal/letters"
	"pishkhan/internal/live"
	"pishkhan/internal/notes"
	"pishkhan/internal/notify"
	"pishkhan/internal/orders"
	"pishkhan/internal/payments"
	"pishkhan/internal/pricing"
	"pishkhan/internal/queue"
	"pishkhan/internal/receipts"
	"pishkhan/internal/refunds"
	"pishkhan/internal/reports"
	"pishkhan/internal/seal"
	"pishkhan/internal/sla"
	"pishkhan/internal/staff"
	"pishkhan/internal/vault"
	"pishkhan/internal/webhooks"
)

// Needs is what a house stands on.
type Needs struct {
	Pool             *pgxpool.Pool
	Clock            clock.Clock
	KEK              seal.KEK
	BlobDir          string
	Gateway          payments.Gateway
	BaseURL          string // where browsers reach us, without a slash at the end
	Terms            pricing.Terms
	LoopbackWebhooks bool // webhooks and rate feeds may be on this machine: for trying things out
	SampleRates      bool // the demo's rates are kept fresh
	OpenOutbox       bool // the desk shows the codes and links of messages that no provider takes: for trying things out
}

// House holds the rooms.
type House struct {
	Pool        *pgxpool.Pool
	Clock       clock.Clock
	Policy      *access.Policy
	Staff       *staff.Staff
	Attachments *attachments.Attachments
	Folder      *attachments.Folder
	Customers   *customers.Customers
	Catalog     *catalog.Catalog
	Pricing     *pricing.Pricing
	RateWatch   *pricing.Watch
	Club        *club.Ledger
	Campaigns   *campaigns.Campaigns
	Calendars   *sla.Calendars
	Vault       *vault.Vault
	Carts       *carts.Carts
	Bulk        *bulk.Bulk
	Orders      *orders.Book
	Payments    *payments.Payments
	Contacts    *contacts.Contacts
	Checkout    *checkout.Checkout
	Queue       *queue.Queue
	Receipts    *receipts.Receipts
	Notices     *notify.Notices
	Letters     *letters.Letters
	Fulfil      *fulfil.Fulfilment
	Refunds     *refunds.Refunds
	Notes       *notes.Notes
	Deadlines   *deadlines.Deadlines
	Board       *board.Board
	Live        *live.Hub
	Reports     *reports.Reports
	Clients     *clients.Clients
	Webhooks    *webhooks.Webhooks
	Counter     *checkout.ClientCounter // where clients order
	OpenOutbox  bool                    // see Needs
}

// Open builds the rooms over a migrated database. Jobs are only inserted
// here; package jobs works them.
func Open(ctx context.Context, n Needs) (*House, error) {
	policy, err := access.Load()
	if err != nil {
		return nil, err
	}
	blobs, err := blob.Open(n.BlobDir, n.KEK)
	if err != nil {
		return nil, err
	}
	queuer, err := river.NewClient(riverpgxv5.New(n.Pool), &river.Config{})
	if err != nil {
		return nil, fmt.Errorf("open house: %w", err)
	}
	h := &House{Pool: n.Pool, Clock: n.Clock, Policy: policy, Calendars: &sla.Calendars{}, OpenOutbox: n.OpenOutbox}
	h.furnish(n, blobs, queuer)
	return h, nil
}

func (h *House) furnish(n Needs, blobs *blob.Store, queuer *river.Client[pgx.Tx]) {
	keyring := seal.NewKeyring(n.KEK, n.Clock)
	h.Staff = staff.New(n.Pool, n.Clock)
	h.Attachments = attachments.New(n.Pool, n.Clock, blobs)
	h.Notices = notify.New(n.Pool, n.Clock, queuer)
	h.Customers = customers.New(n.Pool, n.Clock, keyring, h.Attachments, h.Notices)
	h.Catalog = catalog.New(n.Pool, n.Clock)
	h.Pricing = pricing.New(n.Pool, n.Clock, n.Terms)
	h.RateWatch = pricing.NewWatch(h.Pricing, h.Catalog, h.Staff, h.Notices, pricing.WatchOptions{
		Loopback: n.LoopbackWebhooks, SampleRates: n.SampleRates,
	})
	h.Club = club.New(n.Pool, n.Clock, h.Pricing)
	h.Campaigns = campaigns.New(n.Pool, n.Clock, h.Catalog, h.Customers, h.Pricing)
	h.Vault = vault.New(n.Pool, n.Clock, keyring)
	h.Carts = carts.New(n.Pool, n.Clock, h.Catalog, h.Pricing, h.Vault, h.Attachments, h.Campaigns, h.Club)
	h.Bulk = bulk.New(n.Pool, n.Clock, h.Catalog, h.Pricing, h.Carts, keyring, queuer)
	h.Orders = orders.New(n.Pool, n.Clock, h.Calendars)
	h.Live = live.New(n.Pool)
	h.Orders.Written(h.Live.Wake)
	h.Folder = attachments.NewFolder(n.Pool, n.Clock, h.Attachments, h.Orders)
	h.Clients = clients.New(n.Pool, n.Clock, keyring)
	h.Webhooks = webhooks.New(n.Pool, n.Clock, keyring, queuer, h.Clients, n.LoopbackWebhooks)
	h.Orders.Watch(h.Webhooks.OrderMoved)
	h.Letters = letters.New(n.Pool, n.Clock, keyring, h.Customers, h.Notices)
	h.Orders.Watch(h.Letters.OrderMoved)
	h.Payments = payments.New(n.Pool, n.Clock, n.Gateway, n.BaseURL)
	h.Contacts = contacts.New(n.Pool, n.Clock, h.Orders, h.Calendars)
	h.Queue = queue.New(n.Pool, n.Clock, h.Orders, h.Catalog, h.Calendars, h.Policy, h.Folder)
	h.Orders.Watch(h.Queue.OrderMoved)
	h.Checkout = checkout.New(n.Pool, n.Clock, h.Carts, h.Customers, h.Orders, h.Payments, h.Contacts, h.Campaigns, h.Queue, h.Letters, queuer)
	h.Orders.Watch(h.Checkout.OrderMoved)
	h.Counter = h.Checkout.ForClients(h.Clients, h.Catalog, h.Pricing, h.Vault, h.Attachments)
	h.Receipts = receipts.New(n.Pool, blobs)
	h.Fulfil = fulfil.New(n.Pool, n.Clock, h.Orders, h.Queue, h.Vault, h.Receipts, h.Letters, h.Pricing, h.Club)
	h.Notes = notes.New(n.Pool, n.Clock, h.Orders)
	h.Refunds = refunds.New(n.Pool, n.Clock, keyring, h.Orders, h.Payments, h.Queue, h.Fulfil, h.Contacts, h.Letters)
	h.Deadlines = deadlines.New(n.Pool, n.Clock, h.Orders, h.Calendars, h.Catalog, h.Staff, h.Notices, queuer)
	watchClocks(h.Orders, h.Deadlines)
	h.Board = board.New(n.Pool, n.Clock, h.Calendars)
	h.Reports = reports.New(reports.Needs{
		Pool: n.Pool, Clock: n.Clock, Calendars: h.Calendars, Book: h.Orders, Queue: h.Queue, Staff: h.Staff, Notices: h.Notices,
		MaySee:  func(a audit.Actor) bool { return h.Policy.Allows(a, access.SeeBoard) },
		Figures: h.Board.Summary,
	})
	h.Orders.Watch(h.Reports.OrderMoved)
}
