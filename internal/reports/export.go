package reports

import (
	"context"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/db"
)

// Export is a table of the board that somebody takes away as a file.
type Export struct {
	Table  string // "people"
	Format string // "csv" or "xlsx"
	Filter string // what was asked for, as the page's address says it
	Rows   int
}

// RecordExport puts an export on record, before the file leaves.
func (r *Reports) RecordExport(ctx context.Context, by audit.Actor, e Export) error {
	return db.InTx(ctx, r.Pool, func(ctx context.Context, tx pgx.Tx) error {
		return audit.Record(ctx, tx, audit.Entry{
			At: r.Clock.Now(), Actor: by, Verb: "report.export", Subject: "board:" + e.Table,
			Detail: map[string]any{"format": e.Format, "filter": e.Filter, "rows": e.Rows},
		})
	})
}
