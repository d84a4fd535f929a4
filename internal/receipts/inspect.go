package receipts

import (
	"bytes"
	"net/http"
	"path"
	"strings"

	"pishkhan/internal/fault"
)

// MaxBytes is the largest receipt that is accepted: 20 MB.
const MaxBytes = 20 << 20

// File is a receipt's file as it is kept: checked, and rid of what a customer
// must not see of the one who took the picture.
type File struct {
	Name  string // fit for a header and a folder; its extension tells the truth
	MIME  string // application/pdf, image/jpeg or image/png
	Bytes []byte
}

// Inspect checks an uploaded receipt and returns what is kept of it. A PDF is
// kept byte for byte. A picture is decoded and encoded anew, which drops its
// metadata (place, camera) and whatever else was hidden in the file; a WebP
// becomes a PNG.
//
// It returns an Invalid fault for the field "receipt": receipt.error.empty,
// .kind (neither PDF, JPEG, PNG nor WebP), .mismatch (the content is not what
// the name says), .pixels (the picture is too large to open), .damaged; or a
// TooLarge fault, receipt.error.size (megabytes).
func Inspect(name string, content []byte) (File, error) {
	if len(content) == 0 {
		return File{}, refused("receipt.error.empty")
	}
	if len(content) > MaxBytes {
		return File{}, tooLarge()
	}
	mime, ok := mimes[extension(name)]
	if !ok {
		return File{}, refused("receipt.error.kind")
	}
	if http.DetectContentType(content) != mime {
		return File{}, refused("receipt.error.mismatch")
	}
	if mime == "application/pdf" {
		if err := inspectPDF(content); err != nil {
			return File{}, err
		}
		return File{CleanName(name, ".pdf"), mime, content}, nil
	}
	return inspectPicture(name, mime, content)
}

var mimes = map[string]string{
	".pdf":  "application/pdf",
	".jpg":  "image/jpeg",
	".jpeg": "image/jpeg",
	".png":  "image/png",
	".webp": "image/webp",
}

// extension is the extension of the cleaned name, in lower case.
func extension(name string) string {
	return strings.ToLower(path.Ext(clean(name)))
}

// inspectPDF demands the first and the last line of a PDF and where its table
// of contents is (ISO 32000-2, 7.5), and that it is no web page to a browser
// that looks only at the beginning. Readers find the last line within the
// last 1024 bytes; so do we.
func inspectPDF(content []byte) error {
	head := bytes.ToLower(content[:min(len(content), 1024)])
	tail := content[max(0, len(content)-1024):]
	for _, tag := range []string{"<html", "<!doctype", "<head", "<body", "<script", "<svg", "<iframe", "<img"} {
		if bytes.Contains(head, []byte(tag)) {
			return refused("receipt.error.mismatch")
		}
	}
	start := bytes.LastIndex(tail, []byte("startxref"))
	end := bytes.LastIndex(tail, []byte("%%EOF"))
	if start < 0 || end < start {
		return refused("receipt.error.damaged")
	}
	return nil
}

func refused(key string, args ...any) error {
	var wrong fault.Fields
	wrong.Add("receipt", key, args...)
	return wrong.Err()
}

func tooLarge() error {
	return fault.New(fault.TooLarge, "receipt.error.size", "megabytes", MaxBytes>>20)
}
