package db

// For the tests.
const MigrationLock = migrationLock

var WithoutLimits = withoutLimits
