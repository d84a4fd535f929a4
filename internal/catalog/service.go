package catalog

import "time"

// ServiceID identifies a service through all its versions.
type ServiceID int64

// VersionID identifies one version of a service: what an order was placed with.
type VersionID int64

// Service is one entry of the catalogue in one of its versions.
type Service struct {
	ID         ServiceID
	VersionID  VersionID
	Version    int // counted from 1
	Definition Definition
}

// Origin says where a version came from.
type Origin string

// The origins.
const (
	FromProgram  Origin = "program" // it came with the product
	FromDesk     Origin = "desk"    // somebody edited it
	FromImport   Origin = "import"
	FromRollback Origin = "rollback" // an earlier version, published again
)

// VersionInfo is what the history of a service says of one version.
type VersionInfo struct {
	ID          VersionID
	Version     int
	PublishedAt time.Time
	PublishedBy int64 // the staff member; 0 for the program itself
	Note        string
	Origin      Origin
}

// Listing is one service as the desk lists it, on offer or not.
type Listing struct {
	Slug         string
	Service      Service // the newest version; none, version 0, of a service that is only a draft yet
	PublishedAt  time.Time
	PublishedBy  int64 // the staff member; 0 for the program itself
	Origin       Origin
	RetiredAt    *time.Time // nil while it is offered
	DraftSavedAt *time.Time // nil without a draft
}
