package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"pishkhan/internal/db/dbtest"
)

// asProgram makes the test's own file be the program.
const asProgram = "PISHKHAN_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	dbtest.Main(m)
}

// run runs the program on a machine in the given zone.
func run(t *testing.T, zone string, args ...string) (printed string, code int) {
	t.Helper()
	command := exec.CommandContext(t.Context(), os.Args[0], args...)
	command.Env = append(os.Environ(), asProgram+"=1", "TZ="+zone)
	command.Stdin = bytes.NewBufferString("1795005030 7200\n1795075230 3000\n")
	out, err := command.Output()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return string(out), command.ProcessState.ExitCode()
}

// The clock goes by its calendar, wherever the machine believes to be; the
// exit code says who is at fault.
func TestTheClockOnAnyMachine(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	calendar, broken := filepath.Join(dir, "calendar.json"), filepath.Join(dir, "broken.json")
	for name, text := range map[string]string{
		calendar: `{"time_zone": "Asia/Tehran", "week": {"wednesday": ["08:30-17:00"], "thursday": ["08:30-12:00", "12:30-13:00"]},
			"dates": [{"date": "2026-11-25", "name": "closed", "closed": true}]}`,
		broken: `{"time_zone": "Asia/Tehran", "week": {"wednesday": ["08:30-25:00"]}}`,
	} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, zone := range []string{"", "UTC", "Asia/Tehran", "America/St_Johns", "Pacific/Kiritimati", "Europe/Berlin", "Nowhere/At_All"} {
		for _, c := range []struct {
			args []string
			want string
			code int
		}{
			{[]string{"--start", "2026-11-18T16:00:30+03:30", "--calendar", calendar}, "2026-11-19T09:30:30+03:30\n", 0},
			{[]string{"--start", "2026-11-18T12:30:30Z", "--calendar", calendar}, "2026-11-19T09:30:30+03:30\n", 0},
			{[]string{"--start", "2026-11-19T12:45:00+03:30", "--calendar", calendar}, "2026-11-26T10:15:00+03:30\n", 0},
			{[]string{"--batch", "--calendar", calendar}, "1795068030\n1795080030\n", 0},
			{[]string{"--start", "2026-11-18T16:00:30+03:30", "--calendar", broken}, "", exitFailed},
			{[]string{"--start", "yesterday", "--calendar", calendar}, "", exitUsage},
			{[]string{"--calendar", calendar}, "", exitUsage},
		} {
			got, code := run(t, zone, append([]string{"sla", "due"}, c.args...)...)
			if code != c.code || c.code != exitUsage && got != c.want {
				t.Errorf("TZ=%s %v: %q, exit %d; want %q, exit %d", zone, c.args, got, code, c.want, c.code)
			}
		}
	}
}
