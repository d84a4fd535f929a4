package catalog

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/catalog/internal/sqlq"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
)

const maxFileBytes = 16 << 20

// ServiceChange is what an import would do to one service.
type ServiceChange struct {
	Slug    string
	Title   i18n.Text
	New     bool // Changes has none of what is new
	Retired bool // it stays off the showcase
	Changes []Change
}

// Export returns the services on offer as one JSON file, family by family and
// by rank, then by their slugs.
func (c *Catalog) Export(ctx context.Context) ([]byte, error) {
	services, err := c.Showcase(ctx)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(services, func(a, b Service) int {
		if order := byFamily(a, b); order != 0 {
			return order
		}
		return strings.Compare(a.Definition.Slug, b.Definition.Slug)
	})
	definitions := make([]Definition, len(services))
	for i, service := range services {
		definitions[i] = service.Definition
	}
	return readable(map[string]any{"services": definitions})
}

// Compare tells what importing a file would add and change, in the order of
// the file; what the file says nothing of stays. Fault: Invalid, with the
// path in the file of each thing wrong in it.
func (c *Catalog) Compare(ctx context.Context, file []byte) ([]ServiceChange, error) {
	definitions, err := readFileOf(file)
	if err != nil {
		return nil, err
	}
	return c.compare(ctx, c.pool, definitions)
}

func (c *Catalog) compare(ctx context.Context, q sqlq.DBTX, definitions []Definition) ([]ServiceChange, error) {
	list, err := c.list(ctx, q)
	if err != nil {
		return nil, err
	}
	var changes []ServiceChange
	for _, d := range definitions {
		change := ServiceChange{Slug: d.Slug, Title: d.Title, New: true}
		for _, listing := range list {
			if listing.Slug == d.Slug && listing.Service.Version > 0 {
				change.New, change.Retired = false, listing.RetiredAt != nil
				change.Changes = Changes(listing.Service.Definition, d)
			}
		}
		if change.New || len(change.Changes) > 0 {
			changes = append(changes, change)
		}
	}
	return changes, nil
}

// Import publishes those services of a file that are new or say something
// else than their newest version, all of them or none, on the record; it
// returns these. Retired ones stay retired. seen are the changes that whoever
// imports has agreed to, as Compare gave them. Faults: Invalid with the field
// note, or as Compare gives it; Conflict (catalog.error.import_moved) when the
// file would change something else by now.
func (c *Catalog) Import(ctx context.Context, actor audit.Actor, file []byte, note string, seen []ServiceChange) ([]Service, error) {
	definitions, err := readFileOf(file)
	if err != nil {
		return nil, err
	}
	if note, err = readNote(note); err != nil {
		return nil, err
	}
	now := c.clock.Now()
	var published []Service
	err = db.InTx(ctx, c.pool, func(ctx context.Context, tx pgx.Tx) error {
		if err := c.unmoved(ctx, tx, now, definitions, seen); err != nil {
			return err
		}
		published, err = c.publishAll(ctx, tx, now, definitions, publication{actor: actor, note: note, origin: FromImport, verb: "catalog.import"})
		return err
	})
	if err != nil {
		return nil, err
	}
	return published, nil
}

// unmoved locks the services of a file, and refuses when it changes something
// else than was seen.
func (c *Catalog) unmoved(ctx context.Context, tx pgx.Tx, now time.Time, definitions []Definition, seen []ServiceChange) error {
	slugs := make([]string, len(definitions))
	for i, d := range definitions {
		slugs[i] = d.Slug
	}
	slices.Sort(slugs) // so that two imports at once wait for each other
	for _, slug := range slugs {
		if _, err := sqlq.New(tx).KeepService(ctx, slug, now); err != nil {
			return fmt.Errorf("import %q: %w", slug, err)
		}
	}
	changes, err := c.compare(ctx, tx, definitions)
	if err != nil {
		return err
	}
	if !reflect.DeepEqual(changes, seen) {
		return fault.New(fault.Conflict, "catalog.error.import_moved")
	}
	return nil
}

func (c *Catalog) publishAll(ctx context.Context, tx pgx.Tx, now time.Time, definitions []Definition, what publication) ([]Service, error) {
	var published []Service
	for _, d := range definitions {
		service, err := c.publish(ctx, tx, now, d, what)
		if fault.Is(err, fault.Conflict) { // it says nothing new
			continue
		}
		if err != nil {
			return nil, err
		}
		published = append(published, service)
	}
	return published, nil
}

// readFileOf reads what Export wrote, strictly.
func readFileOf(file []byte) ([]Definition, error) {
	if len(file) > maxFileBytes {
		return nil, wrongAt("", "catalog.definition.too_large")
	}
	var content struct {
		Services []jsontext.Value `json:"services"`
	}
	if err := json.Unmarshal(file, &content, json.RejectUnknownMembers(true)); err != nil {
		return nil, undecodable(err)
	}
	if len(content.Services) == 0 {
		return nil, wrongAt("/services", "catalog.definition.missing")
	}
	var wrong fault.Fields
	var definitions []Definition
	for i, text := range content.Services {
		path := fmt.Sprintf("/services/%d", i)
		d, err := Decode(text)
		if f := fault.Of(err); f != nil {
			for _, field := range f.Fields {
				wrong.Add(path+field.Name, field.Key, field.Args...)
			}
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", path, err)
		}
		if slices.ContainsFunc(definitions, func(other Definition) bool { return other.Slug == d.Slug }) {
			wrong.Add(path+"/slug", "catalog.definition.duplicate")
		}
		definitions = append(definitions, d)
	}
	return definitions, wrong.Err()
}
