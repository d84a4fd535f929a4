package receipts_test

import (
	"bytes"
	"encoding/binary"
	"net/http"
	"strings"
	"testing"

	"pishkhan/internal/fault"
	"pishkhan/internal/receipts"
)

// Whatever is uploaded is either refused with a fault, or kept as a file that
// is what it says and is accepted again.
func FuzzInspect(f *testing.F) {
	f.Add("a.pdf", []byte(pdf))
	f.Add("a.png", asPNG(f, page(4, 2)))
	f.Add("a.jpg", asJPEG(f, page(4, 2)))
	f.Add("a.jpeg", withExif(asJPEG(f, page(4, 2)), binary.LittleEndian, 6, "text"))
	f.Add("a.webp", sample(f, "lossy.webp"))
	f.Add("a.webp", sample(f, "alpha.webp"))
	f.Add("a.webp", sample(f, "lossless.webp"))
	f.Add("a.exe", []byte("MZ"))
	extensions := map[string]string{"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg"}
	f.Fuzz(func(t *testing.T, name string, content []byte) {
		file, err := receipts.Inspect(name, content)
		if err != nil {
			if fault.Of(err) == nil {
				t.Fatalf("not a fault: %v", err)
			}
			return
		}
		ext := extensions[file.MIME]
		if ext == "" || !strings.HasSuffix(file.Name, ext) || http.DetectContentType(file.Bytes) != file.MIME {
			t.Fatalf("%q is kept as %q, %s", name, file.Name, file.MIME)
		}
		again, err := receipts.Inspect(file.Name, file.Bytes)
		if err != nil || again.Name != file.Name || again.MIME != file.MIME {
			t.Fatalf("what is kept of %q is refused: %v", name, err)
		}
		if ext == ".pdf" && !bytes.Equal(file.Bytes, content) {
			t.Fatal("the PDF was changed")
		}
	})
}
