package desk

import (
	"strconv"
	"strings"
	"time"
)

// cursor names the last row of a page, behind which the next one begins: an
// instant in microseconds, as exact as the database keeps it, and an id.
func cursor(at time.Time, id int64) string {
	return strconv.FormatInt(at.UnixMicro(), 10) + "-" + strconv.FormatInt(id, 10)
}

// parseCursor reads a cursor. What cannot be read is the list's beginning.
func parseCursor(text string) (at time.Time, id int64) {
	instant, number, _ := strings.Cut(text, "-")
	micros, err := strconv.ParseInt(instant, 10, 64)
	if err != nil {
		return time.Time{}, 0
	}
	if id, err = strconv.ParseInt(number, 10, 64); err != nil || id < 0 {
		return time.Time{}, 0
	}
	return time.UnixMicro(micros), id
}
