package catalog

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"pishkhan/internal/catalog/internal/sqlq"
	"pishkhan/internal/fault"
)

// List returns every service in its newest version, retired ones too, in the
// order of the showcase; then those that are only drafts yet.
func (c *Catalog) List(ctx context.Context) ([]Listing, error) { return c.list(ctx, c.pool) }

func (c *Catalog) list(ctx context.Context, db sqlq.DBTX) ([]Listing, error) {
	q := sqlq.New(db)
	rows, err := q.ListServices(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the services: %w", err)
	}
	var list []Listing
	for _, row := range rows {
		service, err := c.Version(ctx, db, VersionID(row.ID))
		if err != nil {
			return nil, err
		}
		list = append(list, Listing{
			Slug: service.Definition.Slug, Service: service, PublishedAt: row.PublishedAt, PublishedBy: idOf(row.PublishedBy),
			Origin: Origin(row.Origin), RetiredAt: row.RetiredAt, DraftSavedAt: row.DraftSavedAt,
		})
	}
	slices.SortStableFunc(list, func(a, b Listing) int { return byFamily(a.Service, b.Service) })
	drafts, err := q.ListNewDrafts(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the drafts: %w", err)
	}
	for _, draft := range drafts {
		list = append(list, Listing{Slug: draft.Slug, DraftSavedAt: draft.SavedAt})
	}
	return list, nil
}

// Versions returns the history of a service, newest first. Fault: NotFound.
func (c *Catalog) Versions(ctx context.Context, slug string) ([]VersionInfo, error) {
	rows, err := sqlq.New(c.pool).ListVersions(ctx, slug)
	if err != nil {
		return nil, fmt.Errorf("list the versions of %q: %w", slug, err)
	}
	if len(rows) == 0 {
		return nil, fault.New(fault.NotFound, "catalog.error.service")
	}
	versions := make([]VersionInfo, len(rows))
	for i, row := range rows {
		versions[i] = VersionInfo{
			ID: VersionID(row.ID), Version: int(row.Version), PublishedAt: row.PublishedAt,
			PublishedBy: idOf(row.PublishedBy), Note: row.Note, Origin: Origin(row.Origin),
		}
	}
	return versions, nil
}

func byFamily(a, b Service) int {
	return cmp.Or(
		cmp.Compare(slices.Index(Families, a.Definition.Family), slices.Index(Families, b.Definition.Family)),
		cmp.Compare(a.Definition.place(), b.Definition.place()),
	)
}

func idOf(member *int64) int64 {
	if member == nil {
		return 0
	}
	return *member
}

// VersionLabel is a published version, with what lists of orders sort it by.
type VersionLabel struct {
	ID     VersionID
	Slug   string
	Family Family
}

// AllVersions returns every version that was ever published.
func (c *Catalog) AllVersions(ctx context.Context) ([]VersionLabel, error) {
	rows, err := sqlq.New(c.pool).VersionLabels(ctx)
	if err != nil {
		return nil, fmt.Errorf("versions of all services: %w", err)
	}
	labels := make([]VersionLabel, len(rows))
	for i, r := range rows {
		labels[i] = VersionLabel{ID: VersionID(r.ID), Slug: r.Slug, Family: Family(r.Family)}
	}
	return labels, nil
}
