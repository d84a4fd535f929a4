package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pishkhan/internal/clients"
	"pishkhan/internal/clock"
	"pishkhan/internal/db"
	"pishkhan/internal/db/dbtest"
	"pishkhan/internal/seal"
)

// printed returns what fn writes to standard output.
func printed(t *testing.T, fn func() error) (string, error) {
	t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	was := os.Stdout
	os.Stdout = write
	err = fn()
	os.Stdout = was
	write.Close()
	text, _ := io.ReadAll(read)
	return string(text), err
}

// A shop front is taken on from the command line, for trying things out.
func TestClientAdd(t *testing.T) {
	url := dbtest.NewURL(t)
	t.Setenv("DATABASE_URL", url)
	data := t.TempDir()
	add := clientAdd{dataFolder: dataFolder{Data: data}, Name: "Bazaar", ReturnOrigin: []string{"https://shop.example"}, Webhook: "http://127.0.0.1:3000/hook"}
	if _, err := printed(t, func() error { return add.Run(t.Context()) }); err == nil {
		t.Error("a key-encryption key was made up")
	}
	kek, err := seal.OpenKEKFile(filepath.Join(data, "kek.json"))
	if err != nil {
		t.Fatal(err)
	}
	wrong := add
	wrong.Webhook = "https://10.0.0.1/"
	if text, err := printed(t, func() error { return wrong.Run(t.Context()) }); err == nil || text != "" {
		t.Errorf("a private address is taken: %q", text)
	}
	text, err := printed(t, func() error { return add.Run(t.Context()) })
	lines := strings.Split(text, "\n")
	if err != nil || len(lines) != 3 || !strings.HasPrefix(lines[1], "whsec_") || lines[2] != "" {
		t.Fatalf("%d lines, %v", len(lines), err)
	}
	pool, err := db.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	room := clients.New(pool, clock.System{}, seal.NewKeyring(kek, clock.System{}))
	access, err := room.Authenticate(t.Context(), lines[0])
	if err != nil || access.Client.Name != "Bazaar" || len(access.Scopes) != len(clients.Scopes) {
		t.Errorf("%+v, %v", access, err)
	}
	if list, err := room.List(t.Context()); err != nil || len(list) != 1 {
		t.Errorf("%d clients, %v", len(list), err)
	}
}
