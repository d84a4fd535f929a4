// Package migrations holds the schema of the database, in goose's form: one
// file a room, applied in order.
package migrations

import "embed"

// Files are the migrations.
//
//go:embed *.sql
var Files embed.FS
