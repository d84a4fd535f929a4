package main

import (
	"context"
	"io"
	"os"
	"strings"
	"testing"

	"pishkhan/internal/testworld"
)

// The command tells what would move, moves it for who may approve, and has
// nothing to do the second time.
func TestCalendarRetime(t *testing.T) {
	w := testworld.New(t)
	t.Setenv("DATABASE_URL", w.DatabaseURL())
	w.Many(t, testworld.Open(50))
	holiday := `{"time_zone": "Asia/Tehran", "week": {"friday": ["10:00-12:00"]}}`
	if got := said(t, holiday, (&calendarImport{}).Run); strings.Contains(got, "error") {
		t.Fatal(got)
	}
	dry := said(t, "", (&calendarRetime{DryRun: true}).Run)
	if !strings.HasPrefix(dry, "of 50 open clocks: ") || strings.Contains(dry, " 0 deadlines move") || strings.Count(dry, "→") != 20 {
		t.Errorf("dry run: %s", dry)
	}
	for email, reason := range map[string]string{"nobody@demo.test": "no member", "operator@demo.test": "access.error.forbidden"} {
		if got := said(t, "", (&calendarRetime{ApprovedBy: email}).Run); !strings.Contains(got, reason) {
			t.Errorf("%s: %s", email, got)
		}
	}
	if n := w.Count(t, "SELECT count(*) FROM retimings"); n != 0 {
		t.Fatalf("%d approved by who may not", n)
	}
	moved := said(t, "", (&calendarRetime{ApprovedBy: "Supervisor@demo.test"}).Run)
	words := strings.TrimPrefix(strings.SplitN(dry, "\n", 2)[0], "of 50 open clocks: ")
	if !strings.Contains(moved, "50 of 50 clocks\n") || !strings.Contains(moved, "done: "+words+"\n") {
		t.Errorf("%s\nforecast %s", moved, words)
	}
	if got := said(t, "", (&calendarRetime{ApprovedBy: "supervisor@demo.test"}).Run); !strings.Contains(got, "retiming.error.nothing") {
		t.Errorf("again: %s", got)
	}
}

// said is what a command prints, and its error after that.
func said(t *testing.T, input string, run func(context.Context) error) string {
	t.Helper()
	in, out := os.Stdin, os.Stdout
	defer func() { os.Stdin, os.Stdout = in, out }()
	file := t.TempDir() + "/input"
	testworld.Must(t, os.WriteFile(file, []byte(input), 0o600))
	stdin, err := os.Open(file)
	testworld.Must(t, err)
	defer stdin.Close()
	read, write, err := os.Pipe()
	testworld.Must(t, err)
	os.Stdin, os.Stdout = stdin, write
	words := make(chan string)
	go func() {
		text, _ := io.ReadAll(read)
		words <- string(text)
	}()
	err = run(t.Context())
	write.Close()
	text := <-words
	if err != nil {
		text += "error: " + err.Error()
	}
	return text
}
