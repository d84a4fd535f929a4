package sla

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/fault"
	"pishkhan/internal/sla/internal/sqlq"
)

// VersionInfo is a version with how it came about.
type VersionInfo struct {
	Version
	Previous  int64 // the version before it; 0: it is the first
	Note      string
	CreatedAt time.Time
	CreatedBy int64 // the staff member; 0: the house itself
}

// Versions returns the versions before one (the newest when it is 0), the
// newest first, at most limit.
func (c *Calendars) Versions(ctx context.Context, db DB, before int64, limit int32) ([]VersionInfo, error) {
	rows, err := sqlq.New(db).VersionsBefore(ctx, before, limit)
	if err != nil {
		return nil, fmt.Errorf("versions of the calendar: %w", err)
	}
	list := make([]VersionInfo, len(rows))
	for i, row := range rows {
		if list[i], err = c.info(ctx, db, sqlq.VersionByIDRow(row)); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Info returns one version, or NotFound.
func (c *Calendars) Info(ctx context.Context, db DB, id int64) (VersionInfo, error) {
	row, err := sqlq.New(db).VersionByID(ctx, id)
	if errors.Is(err, pgx.ErrNoRows) {
		return VersionInfo{}, fault.New(fault.NotFound, "sla.error.no_version")
	}
	if err != nil {
		return VersionInfo{}, fmt.Errorf("version %d of the calendar: %w", id, err)
	}
	return c.info(ctx, db, row)
}

func (c *Calendars) info(ctx context.Context, db DB, row sqlq.VersionByIDRow) (VersionInfo, error) {
	version, err := c.Version(ctx, db, row.ID)
	info := VersionInfo{Version: version, Previous: row.Previous, Note: row.Note, CreatedAt: row.CreatedAt}
	if row.CreatedBy != nil {
		info.CreatedBy = *row.CreatedBy
	}
	return info, err
}
