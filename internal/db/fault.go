package db

import (
	"context"
	"errors"
	"io"
	"net"

	"github.com/jackc/pgx/v5/pgconn"

	"pishkhan/internal/fault"
)

// Postgres's names for what can go wrong:
// https://www.postgresql.org/docs/current/errcodes-appendix.html
const (
	notNullViolation    = "23502"
	foreignKeyViolation = "23503"
	uniqueViolation     = "23505"
	checkViolation      = "23514"
	exclusionViolation  = "23P01"
	serializationFailed = "40001"
	deadlockDetected    = "40P01"
	undefinedTable      = "42P01"
	lockNotAvailable    = "55P03"
	queryCanceled       = "57014"
)

// Faults names the fault of each constraint that a person can run into.
type Faults map[string]*fault.Fault

// Fault turns a refusal of the database into a fault that wraps it.
// constraints says which fault a constraint stands for; any other unique or
// exclusion constraint is a Conflict, any other foreign key, check or missing
// value is Invalid. Outages, deadlocks, and locks or statements that took too
// long are Unavailable. Everything else, and what is a fault already, comes
// back as it is; nil stays nil.
func Fault(err error, constraints Faults) error {
	if err == nil || fault.Of(err) != nil {
		return err
	}
	var refused *pgconn.PgError
	if !errors.As(err, &refused) {
		return outage(err)
	}
	if known := constraints[refused.ConstraintName]; known != nil && refused.ConstraintName != "" {
		return known.Because(err)
	}
	switch refused.Code {
	case uniqueViolation, exclusionViolation:
		return fault.New(fault.Conflict, "fault.conflict").Because(err)
	case checkViolation, foreignKeyViolation, notNullViolation:
		return fault.New(fault.Invalid, "fault.invalid").Because(err)
	}
	return outage(err)
}

// outage makes err Unavailable when the database did not answer, or had to
// give up; trying again may work. Other errors come back as they are.
func outage(err error) error {
	if fault.Of(err) != nil || !isOutage(err) {
		return err
	}
	return unavailable.Because(err)
}

func isOutage(err error) bool {
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		switch refused.Code {
		case serializationFailed, deadlockDetected, lockNotAvailable, queryCanceled:
			return true
		}
		// Connection lost, out of resources, being shut down, system error.
		switch refused.Code[:2] {
		case "08", "53", "57", "58":
			return true
		}
		return false
	}
	if errors.Is(err, context.Canceled) { // the caller left: nobody is there to be told
		return false
	}
	var connect *pgconn.ConnectError
	return errors.As(err, &connect) || pgconn.Timeout(err) || pgconn.SafeToRetry(err) || closed(err)
}

// closed recognises a connection that broke while in use.
func closed(err error) bool {
	var network *net.OpError
	return errors.Is(err, pgconn.ErrConnClosed) || errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &network)
}
