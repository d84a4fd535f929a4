package desk_test

import (
	"os"
	"path/filepath"
	"testing"

	"pishkhan/internal/attachments"
	"pishkhan/internal/orders"
	"pishkhan/internal/testworld"
)

// saved returns the path of a file for a browser to send.
func saved(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	testworld.Must(t, os.WriteFile(path, content, 0o600))
	return path
}

func mustFiles(t *testing.T, w *testworld.World, o orders.Order) []attachments.OrderFile {
	t.Helper()
	list, err := w.House.Folder.Of(t.Context(), w.House.Pool, o.ID)
	testworld.Must(t, err)
	return list
}
