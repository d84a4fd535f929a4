package receipts

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"image/png"

	_ "golang.org/x/image/webp" // for image.Decode
	"golang.org/x/sync/semaphore"
)

// maxPixels is the largest picture that is opened: the 50 megapixels of a
// phone, at most 400 MB in memory. A few kilobytes can ask for many times
// that.
const maxPixels = 50 << 20

// decoding bounds the memory of all pictures that are open at once; small
// ones hardly ever wait.
var decoding = semaphore.NewWeighted(2 * maxPixels)

func inspectPicture(name, mime string, content []byte) (File, error) {
	config, _, err := image.DecodeConfig(bytes.NewReader(content))
	if err != nil || config.Width <= 0 || config.Height <= 0 {
		return File{}, refused("receipt.error.damaged")
	}
	if int64(config.Width)*int64(config.Height) > maxPixels {
		return File{}, refused("receipt.error.pixels", "megapixels", maxPixels>>20)
	}
	weight := int64(config.Width) * int64(config.Height)
	if err := decoding.Acquire(context.Background(), weight); err != nil {
		return File{}, err
	}
	defer decoding.Release(weight)

	picture, _, err := image.Decode(bytes.NewReader(content))
	if err != nil {
		return File{}, refused("receipt.error.damaged")
	}
	var out bytes.Buffer
	file := File{Name: CleanName(name, ".png"), MIME: "image/png"}
	if mime == "image/jpeg" {
		file = File{Name: CleanName(name, ".jpg"), MIME: mime}
		err = jpeg.Encode(&out, turn(picture, orientation(content)), &jpeg.Options{Quality: 92})
	} else {
		err = png.Encode(&out, picture)
	}
	if err != nil {
		return File{}, refused("receipt.error.damaged")
	}
	if out.Len() > MaxBytes {
		return File{}, tooLarge()
	}
	file.Bytes = out.Bytes()
	return file, nil
}
