package sla

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math"
	"strconv"
	"time"

	"pishkhan/internal/fault"
)

// DueBatch reads lines "START_EPOCH BUDGET_SECONDS" and writes the due epoch
// of each on its own line. It stops at the first bad line with an Invalid
// fault that names it, counted from 1: sla.error.batch_line for what is not
// two whole numbers with a budget from 0 up, or sla.error.batch_no_opening for
// a budget that the calendar has not enough open time left for. Lines before
// it have been written by then.
func (e *Engine) DueBatch(r io.Reader, w io.Writer) error {
	in := bufio.NewScanner(r)
	out := bufio.NewWriterSize(w, 64<<10)
	var text []byte
	n := 1
	for ; in.Scan(); n++ {
		start, budget, ok := batchLine(in.Bytes())
		if !ok {
			return stop(out, fault.New(fault.Invalid, "sla.error.batch_line", "line", n, "text", clip(in.Text())))
		}
		due, ok := e.Due(time.Unix(start, 0), budget)
		if !ok {
			return stop(out, fault.New(fault.Invalid, "sla.error.batch_no_opening", "line", n, "text", clip(in.Text())))
		}
		text = append(strconv.AppendInt(text[:0], due.Unix(), 10), '\n')
		if _, err := out.Write(text); err != nil {
			return fmt.Errorf("write due times: %w", err)
		}
	}
	if err := in.Err(); err != nil {
		return stop(out, fmt.Errorf("read line %d of starts and budgets: %w", n, err))
	}
	return stop(out, nil)
}

// batchLine reads two whole numbers with blanks between.
func batchLine(line []byte) (start int64, budget time.Duration, ok bool) {
	fields := bytes.Fields(line)
	if len(fields) != 2 {
		return 0, 0, false
	}
	start, err1 := strconv.ParseInt(string(fields[0]), 10, 64)
	seconds, err2 := strconv.ParseInt(string(fields[1]), 10, 64)
	if err1 != nil || err2 != nil || seconds < 0 || seconds > int64(math.MaxInt64/time.Second) || start > maxEpoch || start < -maxEpoch {
		return 0, 0, false
	}
	return start, time.Duration(seconds) * time.Second, true
}

// maxEpoch keeps starts where counting cannot overflow: 300,000 years.
const maxEpoch = 1 << 43

func clip(s string) string {
	if len(s) > 80 {
		return s[:80] + "…"
	}
	return s
}

// stop writes what is buffered and returns err, or the error of writing.
func stop(out *bufio.Writer, err error) error {
	if flushErr := out.Flush(); err == nil && flushErr != nil {
		return fmt.Errorf("write due times: %w", flushErr)
	}
	return err
}
