package receipts

import (
	"bytes"
	"encoding/binary"
	"image"
)

// turn returns the picture the way it is meant to be seen. A phone stores the
// picture as its sensor lies and notes the orientation, 1 to 8, beside it;
// that note is dropped with the other metadata.
func turn(picture image.Image, orientation int) image.Image {
	src, ok := picture.(image.RGBA64Image)
	if !ok || orientation < 2 || orientation > 8 {
		return picture
	}
	bounds := picture.Bounds()
	w, h := bounds.Dx(), bounds.Dy()
	turned := image.Rect(0, 0, w, h)
	if orientation >= 5 {
		turned = image.Rect(0, 0, h, w)
	}
	dst := image.NewRGBA(turned)
	for y := range turned.Dy() {
		for x := range turned.Dx() {
			sx, sy := source(orientation, x, y, w, h)
			dst.SetRGBA64(x, y, src.RGBA64At(bounds.Min.X+sx, bounds.Min.Y+sy))
		}
	}
	return dst
}

// source tells where the turned picture's (x, y) lies in the stored one,
// which is w wide and h high.
func source(orientation, x, y, w, h int) (sx, sy int) {
	switch orientation {
	case 2: // mirrored
		return w - 1 - x, y
	case 3: // upside down
		return w - 1 - x, h - 1 - y
	case 4: // upside down, mirrored
		return x, h - 1 - y
	case 5: // mirrored, then a quarter turn to the left
		return y, x
	case 6: // a quarter turn to the right puts it upright
		return y, h - 1 - x
	case 7: // mirrored, then a quarter turn to the right
		return w - 1 - y, h - 1 - x
	case 8: // a quarter turn to the left puts it upright
		return w - 1 - y, x
	}
	return x, y
}

// orientation reads tag 0x0112 of a JPEG's Exif segment (CIPA DC-008, 4.6);
// it is 1, as stored, where there is none.
func orientation(content []byte) int {
	tiff := exif(content)
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder
	switch string(tiff[:2]) {
	case "II":
		order = binary.LittleEndian
	case "MM":
		order = binary.BigEndian
	default:
		return 1
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 1
	}
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(entries) < 12 {
			return 1
		}
		if order.Uint16(entries) == 0x0112 {
			return int(order.Uint16(entries[8:]))
		}
		entries = entries[12:]
	}
	return 1
}

// exif returns the TIFF structure in the first Exif segment, or nil.
func exif(content []byte) []byte {
	rest := content[min(2, len(content)):] // after the start-of-image marker
	for len(rest) >= 4 && rest[0] == 0xFF && rest[1] != 0xDA {
		end := 2 + int(binary.BigEndian.Uint16(rest[2:]))
		if end < 4 || end > len(rest) {
			return nil
		}
		if tiff, ok := bytes.CutPrefix(rest[4:end], []byte("Exif\x00\x00")); ok && rest[1] == 0xE1 {
			return tiff
		}
		rest = rest[end:]
	}
	return nil
}
