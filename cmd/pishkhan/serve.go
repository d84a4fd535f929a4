package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"net/url"
	"os"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jackc/pgx/v5/pgxpool"

	"pishkhan/internal/clock"
	"pishkhan/internal/config"
	"pishkhan/internal/house"
	"pishkhan/internal/jobs"
	"pishkhan/internal/notify"
	"pishkhan/internal/notify/email"
	"pishkhan/internal/notify/sms/kavenegar"
	"pishkhan/internal/payments"
	"pishkhan/internal/payments/asanpardakht"
	"pishkhan/internal/pricing"
	"pishkhan/internal/seal"
	"pishkhan/internal/web"
	"pishkhan/internal/web/api"
	"pishkhan/internal/web/desk"
	"pishkhan/internal/web/shop"
)

type serveCommand struct {
	Addr      string `help:"Where to listen." default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
	Surface   string `help:"What this process shows: shop, desk, api, with commas between." default:"shop,desk,api"`
	NoWorkers bool   `help:"Do not work the jobs here."`
}

// Run serves until it is told to stop.
func (s *serveCommand) Run(ctx context.Context) error {
	return inProduction(ctx, func(ctx context.Context, cfg config.Config, h *house.House) error {
		listener, err := net.Listen("tcp", s.Addr)
		if err != nil {
			return err
		}
		app, err := newApp(cfg, h, cfg.AsanPardakht.PayPage, s.Surface)
		if err != nil {
			return err
		}
		if !s.NoWorkers {
			stop, err := startJobs(ctx, cfg, h)
			if err != nil {
				return err
			}
			defer stop()
		}
		fmt.Printf("pishkhan serves %s on http://%s as %s\n", s.Surface, listener.Addr(), cfg.BaseURL)
		return serve(ctx, app, listener)
	})
}

type workCommand struct{}

// Run works the jobs until it is told to stop.
func (workCommand) Run(ctx context.Context) error {
	return inProduction(ctx, func(ctx context.Context, cfg config.Config, h *house.House) error {
		stop, err := startJobs(ctx, cfg, h)
		if err != nil {
			return err
		}
		defer stop()
		fmt.Println("pishkhan works the jobs")
		<-ctx.Done()
		return nil
	})
}

// inProduction opens the house with what the environment names; nothing is
// made up.
func inProduction(ctx context.Context, fn func(context.Context, config.Config, *house.House) error) error {
	cfg, err := config.Read()
	if err != nil {
		return err
	}
	var missing []error
	for name, value := range map[string]string{
		"DATABASE_URL": cfg.DatabaseURL.Reveal(), "PISHKHAN_BASE_URL": cfg.BaseURL, "PISHKHAN_KEK_FILE": cfg.KEKFile,
		"PISHKHAN_BLOB_DIR": cfg.BlobDir, "PISHKHAN_ASANPARDAKHT_USER": cfg.AsanPardakht.User,
	} {
		if value == "" {
			missing = append(missing, fmt.Errorf("%s is not set", name))
		}
	}
	if err := errors.Join(missing...); err != nil {
		return err
	}
	for name, value := range map[string]string{"PISHKHAN_KAVENEGAR_API_KEY": cfg.Kavenegar.APIKey.Reveal(), "PISHKHAN_SMTP_HOST": cfg.SMTP.Host} {
		if value == "" {
			fmt.Fprintf(os.Stderr, "pishkhan: %s is not set: such messages reach nobody\n", name)
		}
	}
	if _, err := os.Stat(cfg.KEKFile); err != nil {
		return fmt.Errorf("the key-encryption key: %w", err) // a new one would open nothing that is stored
	}
	d := dataFolder{}
	pool, err := d.open(ctx, cfg)
	if err != nil {
		return err
	}
	defer pool.Close()
	needs, err := needsOf(cfg, pool, cfg.KEKFile, cfg.BlobDir)
	if err != nil {
		return err
	}
	needs.Gateway, needs.BaseURL = gateway(cfg), cfg.BaseURL
	h, err := house.Open(ctx, needs)
	if err != nil {
		return err
	}
	return fn(ctx, cfg, h)
}

func needsOf(cfg config.Config, pool *pgxpool.Pool, kekFile, blobDir string) (house.Needs, error) {
	kek, err := seal.OpenKEKFile(kekFile)
	if err != nil {
		return house.Needs{}, err
	}
	return house.Needs{
		Pool: pool, Clock: clock.System{}, KEK: kek, BlobDir: blobDir, Terms: pricing.Terms{QuoteLife: cfg.QuoteLife},
	}, nil
}

func gateway(cfg config.Config) payments.Gateway {
	a := cfg.AsanPardakht
	return asanpardakht.NewGateway(asanpardakht.New(asanpardakht.Config{
		APIHost: a.APIHost, PayPage: a.PayPage, User: seal.NewSecret(a.User), Password: a.Password,
		MerchantConfigurationID: a.Merchant, ServiceTypeID: a.Service,
	}))
}

// newApp mounts the surfaces that this process shows.
func newApp(cfg config.Config, h *house.House, payPage, surface string) (*fiber.App, error) {
	page, err := url.Parse(payPage)
	if err != nil {
		return nil, fmt.Errorf("pay page: %w", err)
	}
	app := web.New(web.Config{
		BaseURL: cfg.BaseURL, GatewayOrigin: page.Scheme + "://" + page.Host, TrustedProxies: cfg.TrustedProxies, Log: logger(),
	})
	web.MountCommon(app, h.Pool)
	for name := range split(surface) {
		switch name {
		case "shop":
			shop.Mount(app, h)
		case "desk":
			desk.Mount(app, h)
		case "api":
			api.Mount(app, h, cfg.BaseURL)
		default:
			return nil, usageError(fmt.Sprintf("no surface is called %q: shop, desk, api", name))
		}
	}
	return app, nil
}

// startJobs works the jobs until stop, which returns when none is under way.
func startJobs(ctx context.Context, cfg config.Config, h *house.House) (stop func(), err error) {
	sms, mail, err := senders(cfg)
	if err != nil {
		return nil, err
	}
	outgoing := notify.NewDesk(h.Notices, jobs.NewComposer(h, cfg.BaseURL), sms, mail)
	// The workers outlive the signal: they are stopped in order, below.
	client, err := jobs.Start(context.WithoutCancel(ctx), h, jobs.Options{Log: logger(), Desk: outgoing})
	if err != nil {
		return nil, err
	}
	return func() { stopJobs(client.Stop, client.StopAndCancel, 10*time.Second) }, nil
}

// stopJobs lets the jobs under way finish. Those that take longer than
// patience are cancelled, so that none runs on while the database is closed
// under it.
func stopJobs(finish, cancel func(context.Context) error, patience time.Duration) {
	ctx, done := context.WithTimeout(context.Background(), patience)
	defer done()
	if finish(ctx) == nil {
		return
	}
	fmt.Fprintln(os.Stderr, "pishkhan: some jobs are cut off, and will be done again")
	ctx, done = context.WithTimeout(context.Background(), 5*time.Second)
	defer done()
	if err := cancel(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "pishkhan: some jobs do not stop:", err)
	}
}

// senders returns the providers that are configured, and the outbox for the rest.
func senders(cfg config.Config) (sms, mail notify.Sender, err error) {
	sms, mail = notify.Outbox{}, notify.Outbox{}
	if cfg.Kavenegar.APIKey.Reveal() != "" {
		sms = kavenegar.NewSender(kavenegar.New(kavenegar.Config{
			BaseURL: cfg.Kavenegar.BaseURL, APIKey: cfg.Kavenegar.APIKey.Reveal(), Sender: cfg.Kavenegar.Sender,
		}))
	}
	if cfg.SMTP.Host == "" {
		return sms, mail, nil
	}
	from, err := netmail.ParseAddress(cfg.SMTP.From)
	if err != nil {
		return nil, nil, fmt.Errorf("PISHKHAN_SMTP_FROM: %w", err)
	}
	client, err := email.New(email.Config{
		Host: cfg.SMTP.Host, Port: cfg.SMTP.Port, User: cfg.SMTP.User, Password: cfg.SMTP.Password.Reveal(),
		From: *from, TLS: email.TLS(cfg.SMTP.TLS),
	})
	return sms, email.NewSender(client), err
}

// serve answers requests until ctx ends, then lets those under way finish.
func serve(ctx context.Context, app *fiber.App, listener net.Listener) error {
	failed := make(chan error, 1)
	go func() { failed <- app.Listener(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
		return app.ShutdownWithTimeout(10 * time.Second)
	}
}
