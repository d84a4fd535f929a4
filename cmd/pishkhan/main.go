// Command pishkhan is the shop front and the operators' desk of UpCard.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	_ "time/tzdata" // Tehran, on machines without a zone database

	"github.com/alecthomas/kong"

	"pishkhan/internal/devdb"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
)

type commands struct {
	Up       upCommand       `cmd:"" help:"Run everything on this machine, with a private Postgres and sample data."`
	Serve    serveCommand    `cmd:"" help:"Serve the pages, and work the jobs, in production."`
	Work     workCommand     `cmd:"" help:"Work the jobs only."`
	Migrate  migrateCommand  `cmd:"" help:"Bring the database up to date."`
	Staff    staffCommands   `cmd:"" help:"Manage the people at the desk."`
	Rate     rateCommands    `cmd:"" help:"Set and list the exchange rates."`
	Catalog  catalogCommands `cmd:"" help:"List, export and import the services."`
	Client   clientCommands  `cmd:"" help:"Manage the shop fronts of others that order through the API."`
	SLA      slaCommands     `cmd:"" name:"sla" help:"Ask the working-time clock."`
	Calendar calendarCommand `cmd:"" help:"Export or import working hours and holidays."`
	Bench    benchCommands   `cmd:"" help:"Measure what must be quick, beside plain Postgres, on databases of its own."`
	Config   configCommand   `cmd:"" help:"List the environment variables and their values, secrets redacted."`
	Version  versionCommand  `cmd:"" help:"Print the version."`
}

// Exit codes.
const (
	exitFailed = 1
	exitUsage  = 2
)

// leaveGarbage lets more garbage lie than Go does by itself, since a page is
// garbage once it is sent: it saves time, and a process at rest stays below
// 80 MB all the same, a busy one below 250. GOGC and GOMEMLIMIT go before it.
func leaveGarbage() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(300)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(192 << 20)
	}
}

func main() {
	leaveGarbage()
	var c commands
	parser := kong.Must(&c,
		kong.Name("pishkhan"), kong.Description("Pishkhan: the shop front and the operators' desk of UpCard."),
		kong.Vars{"data": devdb.DefaultDir()}, kong.UsageOnError(), kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
	)
	parser.Exit = func(code int) {
		if code != 0 {
			code = exitUsage
		}
		os.Exit(code)
	}
	run, err := parser.Parse(os.Args[1:])
	parser.FatalIfErrorf(err)
	ctx, stop := untilSignal()
	run.BindTo(ctx, (*context.Context)(nil))
	err = run.Run()
	stop()
	if err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, "pishkhan:", explain(err))
		if errors.As(err, new(usageError)) {
			os.Exit(exitUsage)
		}
		os.Exit(exitFailed)
	}
}

// untilSignal returns a context that ends when the program is told to stop.
// Told again, while it stops in order, it ends at once.
func untilSignal() (ctx context.Context, stop func()) {
	ctx, stop = signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}

// usageError is a command given in a way that makes no sense.
type usageError string

func (e usageError) Error() string { return string(e) }

// explain puts a fault in words; any other error speaks for itself.
func explain(err error) string {
	f := fault.Of(err)
	if f == nil {
		return err.Error()
	}
	text := i18n.EN.T(f.Key, f.Args...)
	if len(f.Fields) > 0 {
		text = "this was not accepted, and nothing was changed:" // the key's words are about forms
	}
	for _, field := range f.Fields {
		text += fmt.Sprintf("\n  %s: %s", field.Name, i18n.EN.T(field.Key, field.Args...))
	}
	if cause := errors.Unwrap(f); cause != nil && f.Kind == fault.Unavailable {
		text += "\n  " + cause.Error()
	}
	return text
}

type versionCommand struct{}

// Run prints what was built, and from what.
func (versionCommand) Run() error {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return errors.New("this binary does not know its version")
	}
	revision := "unknown"
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			revision = s.Value
		}
	}
	fmt.Printf("pishkhan %s (%s, %s)\n", info.Main.Version, revision, info.GoVersion)
	return nil
}
