package devdb

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// fakeServer writes an installation that says it is of a version.
func fakeServer(t *testing.T, dir, version string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	say := "#!/bin/sh\n[ \"$1\" = --version ] && echo 'postgres (PostgreSQL) " + version + "'\n"
	for _, program := range []string{"postgres", "initdb", "pg_ctl"} {
		if err := os.WriteFile(filepath.Join(dir, program), []byte(say), 0o755); err != nil {
			t.Fatal(err)
		}
	}
}

func TestChoose(t *testing.T) {
	old, fifteen, seventeen := binaries{"/old", 13}, binaries{"/15", 15}, binaries{"/17", 17}
	for _, c := range []struct {
		name      string
		installed []binaries
		major     int
		want      string
	}{
		{"the first that will do", []binaries{fifteen, seventeen}, 0, "/15"},
		{"not one too old", []binaries{old, seventeen}, 0, "/17"},
		{"that of the data", []binaries{seventeen, fifteen}, 15, "/15"},
		{"never another than that of the data", []binaries{seventeen}, 15, ""},
		{"none", []binaries{old}, 0, ""},
	} {
		got, ok := choose(c.installed, c.major)
		if got.dir != c.want || ok != (c.want != "") {
			t.Errorf("%s: %v, %v, want %q", c.name, got, ok, c.want)
		}
	}
}

func TestInspect(t *testing.T) {
	for version, want := range map[string]int{
		"15.18 (Debian 15.18-1.pgdg12+1)": 15, "18beta1": 18, "17.5 (Homebrew)": 17, "9.6.24": 9,
	} {
		dir := t.TempDir()
		fakeServer(t, dir, version)
		got, err := inspect(t.Context(), dir)
		if err != nil || got.major != want {
			t.Errorf("%s: %v, %v, want %d", version, got, err, want)
		}
	}
	dir := t.TempDir()
	fakeServer(t, dir, "17.5")
	if err := os.Remove(filepath.Join(dir, "initdb")); err != nil {
		t.Fatal(err)
	}
	if got, err := inspect(t.Context(), dir); err == nil {
		t.Errorf("without initdb: %v", got)
	}
}

func TestInstallationsFollowsLinksOnPath(t *testing.T) {
	real, links := filepath.Join(t.TempDir(), "real"), t.TempDir()
	fakeServer(t, real, "16.4")
	if err := os.Symlink(filepath.Join(real, "postgres"), filepath.Join(links, "postgres")); err != nil {
		t.Fatal(err)
	}
	real, err := filepath.EvalSymlinks(real)
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", links)
	if got := installations(t.Context()); len(got) == 0 || got[0] != (binaries{real, 16}) {
		t.Errorf("installations: %v, want first %s", got, real)
	}
}

func TestMissingSaysWhatToInstall(t *testing.T) {
	text := missing([]binaries{{"/opt/pg13", 13}}, 0).Error()
	for _, want := range []string{"/opt/pg13 has version 13", "15 or newer", "apt install postgresql`", "dnf install postgresql-server", "brew install", "DATABASE_URL"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q lacks %q", text, want)
		}
	}
	if text := missing(nil, 16).Error(); !strings.Contains(text, "apt install postgresql-16`") {
		t.Errorf("%q does not name the version of the data", text)
	}
}

// TestDownload has the module fetch a release from a repository of ours.
func TestDownload(t *testing.T) {
	if _, err := exec.LookPath("xz"); err != nil {
		t.Skip("no xz to pack a release with")
	}
	release := t.TempDir()
	fakeServer(t, filepath.Join(release, "bin"), "17.5")
	jar := pack(t, release)
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "-17.5.0.jar") {
			http.NotFound(w, r) // the module takes a release without a checksum file
			return
		}
		asked++
		_, _ = w.Write(jar)
	}))
	defer server.Close()
	useRepository(t, server.URL)

	user, err := chooseAccount("")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		bin, err := download(t.Context(), 17, user, io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		if bin.major != 17 {
			t.Errorf("fetched %v", bin)
		}
	}
	if asked != 1 {
		t.Errorf("downloaded %d times, want once", asked)
	}
	if left, _ := filepath.Glob(filepath.Join(cacheDir(), "download-*")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestDownloadFails(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	useRepository(t, server.URL)
	if _, err := download(t.Context(), 17, account{}, io.Discard); err == nil || !strings.Contains(err.Error(), "17.5") {
		t.Errorf("error %v does not say what was not there", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := download(ctx, 17, account{}, io.Discard); err == nil {
		t.Error("a download that was called off succeeded")
	}
	if _, err := download(t.Context(), 14, account{}, io.Discard); err == nil {
		t.Error("a version that is not served was fetched")
	}
}

func useRepository(t *testing.T, url string) {
	t.Helper()
	cache, err := os.MkdirTemp("/tmp", "pishkhan-cache-") // reachable for whom root runs Postgres as
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(cache, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(cache) })
	wasRepository, wasCache := repository, cacheDir
	repository, cacheDir = url, func() string { return cache }
	t.Cleanup(func() { repository, cacheDir = wasRepository, wasCache })
}

// pack makes a release as the repository has it: a tar.xz in a jar.
func pack(t *testing.T, dir string) []byte {
	t.Helper()
	archive := filepath.Join(t.TempDir(), "release.txz")
	if out, err := exec.Command("tar", "-cJf", archive, "-C", dir, "bin").CombinedOutput(); err != nil {
		t.Skipf("cannot pack a release: %v %s", err, out)
	}
	packed, err := os.ReadFile(archive)
	if err != nil {
		t.Fatal(err)
	}
	var jar bytes.Buffer
	w := zip.NewWriter(&jar)
	entry, err := w.Create("postgres-linux-x86_64.txz")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := entry.Write(packed); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return jar.Bytes()
}

func TestDefaultDir(t *testing.T) {
	if os.Geteuid() == 0 {
		if got := DefaultDir(); got != "/var/lib/pishkhan" {
			t.Errorf("as root: %s", got)
		}
		return
	}
	t.Setenv("XDG_DATA_HOME", "/data")
	if got := DefaultDir(); got != "/data/pishkhan" {
		t.Errorf("with XDG_DATA_HOME: %s", got)
	}
	t.Setenv("XDG_DATA_HOME", "relative") // to be ignored, says the XDG specification
	t.Setenv("HOME", "")
	if got := DefaultDir(); !strings.HasPrefix(got, "/var/tmp/pishkhan-") {
		t.Errorf("without a home: %s", got)
	}
}
