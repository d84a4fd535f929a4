package sla

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"pishkhan/internal/fault"
)

func TestDueBatch(t *testing.T) {
	e := must(Prepare(office()))
	start, due := at("2026-11-18 16:00:30").Unix(), at("2026-11-19 10:00:30").Unix()
	var out strings.Builder
	in := fmt.Sprintf("%d 7200\r\n%d\t 0\n%d 7200", start, start, start)
	if err := e.DueBatch(strings.NewReader(in), &out); err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("%d\n%d\n%d\n", due, start, due); out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}

func TestDueBatchNamesTheBadLine(t *testing.T) {
	e := must(Prepare(office()))
	for _, bad := range []string{"", "1", "1 2 3", "x 1", "1 x", "1 -1", "1.5 1", "1 9223372037", "99999999999999999999 1", "9999999999999999 1", strings.Repeat("1", 1000)} {
		var out strings.Builder
		err := e.DueBatch(strings.NewReader("0 1\n"+bad+"\n0 1\n"), &out)
		f := fault.Of(err)
		if f == nil || f.Kind != fault.Invalid || f.Key != "sla.error.batch_line" || f.Args[1] != 2 || !strings.Contains(err.Error(), "line=2") {
			t.Errorf("%q: %v", bad, err)
		}
		if out.String() == "" || strings.Count(out.String(), "\n") != 1 {
			t.Errorf("%q: wrote %q", bad, out.String())
		}
	}
}

func TestDueBatchPassesErrorsOn(t *testing.T) {
	e := must(Prepare(office()))
	broken := errors.New("broken")
	if err := e.DueBatch(iotest.ErrReader(broken), io.Discard); !errors.Is(err, broken) {
		t.Errorf("reading: %v", err)
	}
	r, w := io.Pipe()
	r.CloseWithError(broken)
	if err := e.DueBatch(strings.NewReader("0 1\n"), w); !errors.Is(err, broken) {
		t.Errorf("writing: %v", err)
	}
}

func BenchmarkDueBatchMillion(b *testing.B) {
	e := must(Prepare(busy()))
	in := strings.Repeat(fmt.Sprintf("%d 7200\n", at("2026-11-18 16:00:30").Unix()), 1e6)
	b.ReportAllocs()
	for b.Loop() {
		if err := e.DueBatch(strings.NewReader(in), io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}
