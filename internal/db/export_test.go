package db

// MigrationLock is for the tests.
const MigrationLock = migrationLock
