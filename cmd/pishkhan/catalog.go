package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/jackc/pgx/v5/pgxpool"

	"pishkhan/internal/audit"
	"pishkhan/internal/catalog"
	"pishkhan/internal/clock"
	"pishkhan/internal/config"
)

type catalogCommands struct {
	List   catalogList   `cmd:"" help:"List the services, retired ones and drafts too."`
	Export catalogExport `cmd:"" help:"Write the services on offer as one JSON file."`
	Import catalogImport `cmd:"" help:"Publish the services of such a file that are new or differ; what would change is shown first."`
}

type catalogList struct {
	dataFolder `embed:""`
}

// Run lists the services in the order of the showcase.
func (l *catalogList) Run(ctx context.Context) error {
	return l.with(ctx, func(_ config.Config, pool *pgxpool.Pool) error {
		list, err := catalog.New(pool, clock.System{}).List(ctx)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
		for _, s := range list {
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", s.Slug, s.Service.Definition.Family, stateOf(s), s.Service.Definition.Title.EN)
		}
		return table.Flush()
	})
}

// stateOf is what is to be said about a service: "version 3 (desk), retired, draft".
func stateOf(s catalog.Listing) string {
	var state []string
	if s.Service.Version > 0 {
		state = append(state, fmt.Sprintf("version %d (%s)", s.Service.Version, s.Origin))
	}
	if s.RetiredAt != nil {
		state = append(state, "retired")
	}
	if s.DraftSavedAt != nil {
		state = append(state, "draft")
	}
	return strings.Join(state, ", ")
}

type catalogExport struct {
	dataFolder `embed:""`
	Out        string `help:"File to write; standard output unless given." type:"path" placeholder:"FILE"`
}

// Run writes the file.
func (e *catalogExport) Run(ctx context.Context) error {
	return e.with(ctx, func(_ config.Config, pool *pgxpool.Pool) error {
		file, err := catalog.New(pool, clock.System{}).Export(ctx)
		if err != nil {
			return err
		}
		if e.Out != "" {
			return os.WriteFile(e.Out, file, 0o644)
		}
		_, err = os.Stdout.Write(file)
		return err
	})
}

type catalogImport struct {
	dataFolder `embed:""`
	File       string `arg:"" help:"File that 'catalog export' wrote, perhaps edited since." type:"existingfile"`
	Note       string `help:"Why, for the history of each service."`
	Yes        bool   `help:"Publish without asking."`
}

// Run shows what would change, asks, and publishes.
func (i *catalogImport) Run(ctx context.Context) error {
	file, err := os.ReadFile(i.File)
	if err != nil {
		return err
	}
	return i.with(ctx, func(_ config.Config, pool *pgxpool.Pool) error {
		services := catalog.New(pool, clock.System{})
		changes, err := services.Compare(ctx, file)
		if err != nil {
			return err
		}
		if len(changes) == 0 {
			fmt.Println("the services are as in the file: there is nothing to publish")
			return nil
		}
		showChanges(os.Stdout, changes)
		if !i.Yes {
			if err := confirm(os.Stdin, os.Stdout); err != nil {
				return err
			}
		}
		published, err := services.Import(ctx, audit.Machine, file, i.Note, changes)
		for _, s := range published {
			fmt.Printf("%s: version %d\n", s.Definition.Slug, s.Version)
		}
		return err
	})
}

var marks = map[catalog.ChangeKind]string{catalog.Added: "+", catalog.Removed: "-", catalog.Changed: "~", catalog.Moved: "↕"}

func showChanges(w io.Writer, changes []catalog.ServiceChange) {
	for _, service := range changes {
		state := ""
		if service.New {
			state = ", new"
		}
		if service.Retired {
			state = ", retired, and stays so"
		}
		fmt.Fprintf(w, "%s (%s%s)\n", service.Slug, service.Title.EN, state)
		for _, c := range service.Changes {
			fmt.Fprintf(w, "  %s %s", marks[c.Kind], c.Path)
			switch c.Kind {
			case catalog.Added:
				fmt.Fprintf(w, ": %s\n", c.After)
			case catalog.Removed:
				fmt.Fprintf(w, ": %s\n", c.Before)
			default:
				fmt.Fprintf(w, ": %s → %s\n", c.Before, c.After)
			}
		}
	}
}

const nobodyToAsk = usageError("nothing was changed: without a terminal to ask on, give --yes")

// confirm asks on a terminal; where there is none nobody can answer.
func confirm(in *os.File, out io.Writer) error {
	info, err := in.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return nobodyToAsk
	}
	fmt.Fprint(out, "Publish these? [y/N] ")
	answer, err := bufio.NewReader(in).ReadString('\n')
	switch answer = strings.ToLower(strings.TrimSpace(answer)); {
	case answer == "y", answer == "yes":
		return nil
	case errors.Is(err, io.EOF): // /dev/null, or Ctrl-D
		return nobodyToAsk
	case err != nil:
		return err
	}
	return errors.New("nothing was changed")
}
