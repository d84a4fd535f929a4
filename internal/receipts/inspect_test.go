package receipts_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pishkhan/internal/fault"
	"pishkhan/internal/receipts"
)

const pdf = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n" +
	"xref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n" +
	"trailer<</Size 3/Root 1 0 R>>\nstartxref\n95\n%%EOF\n"

// page is 4 by 2: red on the left, blue on the right.
func page(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{R: 255, A: 255}
			if x >= w/2 {
				c = color.RGBA{B: 255, A: 255}
			}
			m.SetRGBA(x, y, c)
		}
	}
	return m
}

func asPNG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, m); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func asJPEG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, m, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func sample(t testing.TB, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func inspect(t *testing.T, name string, content []byte) receipts.File {
	t.Helper()
	file, err := receipts.Inspect(name, content)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return file
}

// refusal is the message key of the answer, "" when the file is accepted.
func refusal(name string, content []byte) string {
	_, err := receipts.Inspect(name, content)
	switch f := fault.Of(err); {
	case err == nil:
		return ""
	case f == nil:
		return "not a fault: " + err.Error()
	case f.Kind == fault.TooLarge:
		return f.Key
	case f.Kind == fault.Invalid && len(f.Fields) == 1 && f.Fields[0].Name == "receipt":
		return f.Fields[0].Key
	}
	return "another fault: " + err.Error()
}

func TestPDFIsKeptAsItIs(t *testing.T) {
	for _, content := range []string{pdf, pdf + strings.Repeat("\n", 900), strings.ReplaceAll(pdf, "\n", "\r\n")} {
		file := inspect(t, "رسید آزمون.PDF", []byte(content))
		if file.MIME != "application/pdf" || file.Name != "رسید آزمون.pdf" || string(file.Bytes) != content {
			t.Errorf("got %s %s %q", file.Name, file.MIME, file.Bytes)
		}
	}
}

func TestPicturesAreEncodedAnew(t *testing.T) {
	hidden := "GPS 35.7 N <script>alert(1)</script>"
	for name, test := range map[string]struct {
		content          []byte
		wantName, wantMI string
	}{
		"shot.png":      {append(asPNG(t, page(24, 12)), hidden...), "shot.png", "image/png"},
		"photo.jpg":     {append(asJPEG(t, page(24, 12)), hidden...), "photo.jpg", "image/jpeg"},
		"photo.JPEG":    {withExif(asJPEG(t, page(24, 12)), binary.BigEndian, 1, hidden), "photo.jpg", "image/jpeg"},
		"lossy.webp":    {append(sample(t, "lossy.webp"), hidden...), "lossy.png", "image/png"},
		"alpha.webp":    {sample(t, "alpha.webp"), "alpha.png", "image/png"},
		"lossless.webp": {sample(t, "lossless.webp"), "lossless.png", "image/png"},
	} {
		t.Run(name, func(t *testing.T) {
			file := inspect(t, name, test.content)
			if file.Name != test.wantName || file.MIME != test.wantMI || http.DetectContentType(file.Bytes) != test.wantMI {
				t.Errorf("got %s, %s, really %s", file.Name, file.MIME, http.DetectContentType(file.Bytes))
			}
			if bytes.Contains(file.Bytes, []byte("GPS")) || bytes.Contains(file.Bytes, []byte("Exif")) || bytes.Contains(file.Bytes, []byte("ICC")) {
				t.Error("metadata survived")
			}
			m, _, err := image.Decode(bytes.NewReader(file.Bytes))
			if err != nil || m.Bounds().Dx() != 24 || m.Bounds().Dy() != 12 {
				t.Fatalf("bounds %v, %v", m, err)
			}
			if !red(m.At(3, 2)) || red(m.At(20, 2)) {
				t.Errorf("it shows something else: %v, %v", m.At(3, 2), m.At(20, 2))
			}
			again := inspect(t, file.Name, file.Bytes)
			if again.Name != file.Name {
				t.Errorf("inspected again it is called %s", again.Name)
			}
		})
	}
}

func TestPicturesAreSeenUpright(t *testing.T) {
	// A red corner block tells each orientation: where it lies in the stored
	// picture, so that it ends up at the top left.
	corners := map[uint16][2]int{ // orientation → stored corner (right, bottom)
		1: {0, 0}, 2: {1, 0}, 3: {1, 1}, 4: {0, 1}, 5: {0, 0}, 6: {0, 1}, 7: {1, 1}, 8: {1, 0},
	}
	const w, h, block = 64, 32, 16
	for orientation, corner := range corners {
		stored := image.NewRGBA(image.Rect(0, 0, w, h))
		for y := range block {
			for x := range block {
				stored.SetRGBA(corner[0]*(w-block)+x, corner[1]*(h-block)+y, color.RGBA{R: 255, A: 255})
			}
		}
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			file := inspect(t, "a.jpg", withExif(asJPEG(t, stored), order, orientation, ""))
			m, err := jpeg.Decode(bytes.NewReader(file.Bytes))
			if err != nil {
				t.Fatal(err)
			}
			if upright := m.Bounds().Dx() == w; upright != (orientation < 5) {
				t.Errorf("orientation %d: bounds %v", orientation, m.Bounds())
			}
			if !red(m.At(4, 4)) || red(m.At(m.Bounds().Dx()-4, 4)) || red(m.At(4, m.Bounds().Dy()-4)) {
				t.Errorf("orientation %d: not upright", orientation)
			}
		}
	}
}

func TestWrongFilesAreRefused(t *testing.T) {
	exe := append([]byte("MZ\x90\x00\x03\x00\x00\x00"), make([]byte, 500)...)
	html := []byte("<!DOCTYPE html><html><script>alert(1)</script></html>")
	svg := []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`)
	shot, photo := asPNG(t, page(24, 12)), asJPEG(t, page(24, 12))
	for _, test := range []struct {
		name    string
		content []byte
		want    string
	}{
		{"a.pdf", nil, "receipt.error.empty"},
		{"a.exe", nil, "receipt.error.empty"},
		{"a.exe", exe, "receipt.error.kind"},
		{"a.svg", svg, "receipt.error.kind"},
		{"a.html", html, "receipt.error.kind"},
		{"a.gif", []byte("GIF89a"), "receipt.error.kind"},
		{"pdf", []byte(pdf), "receipt.error.kind"},
		{"", []byte(pdf), "receipt.error.kind"},
		{"a.pdf\x00.exe", []byte(pdf), "receipt.error.kind"},
		{"\u202efdp.exe", exe, "receipt.error.kind"},
		{"a.pdf", exe, "receipt.error.mismatch"},
		{"a.png", html, "receipt.error.mismatch"},
		{"a.png", svg, "receipt.error.mismatch"},
		{"a.pdf", append(html, pdf...), "receipt.error.mismatch"},
		{"a.pdf", append([]byte("\n"), pdf...), "receipt.error.mismatch"},
		{"a.pdf", []byte("%PDF-1.4\n<HTML><script>alert(1)</script>" + pdf), "receipt.error.mismatch"},
		{"a.pdf", []byte("%PDF-1.4\n<Svg onload=alert(1)>" + pdf), "receipt.error.mismatch"},
		{"a.jpg", shot, "receipt.error.mismatch"},
		{"a.png", photo, "receipt.error.mismatch"},
		{"a.png", []byte(pdf), "receipt.error.mismatch"},
		{"a.pdf", shot, "receipt.error.mismatch"},
		{"a.webp", shot, "receipt.error.mismatch"},
		{"a.pdf", []byte("%PDF-1.4\nnothing else"), "receipt.error.damaged"},
		{"a.pdf", []byte(pdf[:len(pdf)-6]), "receipt.error.damaged"},
		{"a.pdf", []byte(pdf + strings.Repeat("x", 1100)), "receipt.error.damaged"},
		{"a.png", shot[:len(shot)-20], "receipt.error.damaged"},
		{"a.png", shot[:20], "receipt.error.damaged"},
		{"a.jpg", photo[:len(photo)/2], "receipt.error.damaged"},
		{"a.webp", sample(t, "lossless.webp")[:520], "receipt.error.damaged"},
		{"a.webp", append([]byte("RIFF\x00\x00\x00\x00WEBPVP8 "), html...), "receipt.error.damaged"},
		{"a.png", append(shot, make([]byte, receipts.MaxBytes)...), "receipt.error.size"},
		{"a.exe", make([]byte, receipts.MaxBytes+1), "receipt.error.size"},
	} {
		if got := refusal(test.name, test.content); got != test.want {
			t.Errorf("%q %.40q: %q, want %q", test.name, test.content, got, test.want)
		}
	}
}

// The header alone claims the size: nothing of that size may be made.
func TestPixelFloodsAreRefusedUnopened(t *testing.T) {
	flood := asPNG(t, page(4, 4))
	binary.BigEndian.PutUint32(flood[16:], 60_000)
	binary.BigEndian.PutUint32(flood[20:], 60_000)
	binary.BigEndian.PutUint32(flood[29:], crc32.ChecksumIEEE(flood[12:29]))
	jpegFlood := asJPEG(t, page(16, 16))
	frame := bytes.Index(jpegFlood, []byte{0xFF, 0xC0})
	binary.BigEndian.PutUint16(jpegFlood[frame+5:], 60_000)
	binary.BigEndian.PutUint16(jpegFlood[frame+7:], 60_000)
	canvas := sample(t, "lossy.webp")
	copy(canvas[24:30], "\x00\x30\x00\x00\x30\x00")
	for name, content := range map[string][]byte{"a.png": flood, "a.jpg": jpegFlood, "a.webp": canvas} {
		if got := refusal(name, content); got != "receipt.error.pixels" {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// A canvas that is small and a picture in it that is not.
func TestWebPFloodBehindASmallCanvasIsRefused(t *testing.T) {
	content := sample(t, "lossless.webp")
	frame := bytes.Index(content, []byte("VP8L"))
	content[frame+9], content[frame+10], content[frame+11] = 0xFF, 0xFF, 0xFF
	if got := refusal("a.webp", content); got != "receipt.error.damaged" {
		t.Errorf("%q", got)
	}
}

func red(c color.Color) bool {
	r, g, b, _ := c.RGBA()
	return r > 0xC000 && g < 0x4000 && b < 0x4000
}

// withExif puts an Exif segment with an orientation, and a text, into a JPEG.
func withExif(content []byte, order binary.AppendByteOrder, orientation uint16, text string) []byte {
	tiff := []byte("MM")
	if order == binary.AppendByteOrder(binary.LittleEndian) {
		tiff = []byte("II")
	}
	tiff = order.AppendUint16(tiff, 42)
	tiff = order.AppendUint32(tiff, 8)
	tiff = order.AppendUint16(tiff, 2)
	for tag, value := range map[uint16]uint16{0x0103: 6, 0x0112: orientation} {
		tiff = order.AppendUint16(tiff, tag)
		tiff = order.AppendUint16(tiff, 3)
		tiff = order.AppendUint32(tiff, 1)
		tiff = order.AppendUint16(tiff, value)
		tiff = order.AppendUint16(tiff, 0)
	}
	segment := append([]byte("Exif\x00\x00"), tiff...)
	segment = append(segment, text...)
	out := append([]byte{0xFF, 0xD8, 0xFF, 0xE1}, binary.BigEndian.AppendUint16(nil, uint16(len(segment)+2))...)
	return append(append(out, segment...), content[2:]...)
}
