package catalog

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
