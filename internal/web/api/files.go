package api

import (
	"context"
	"io"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"pishkhan/internal/fault"
)

// FileInput is a file on its way in.
type FileInput struct {
	RawBody huma.MultipartFormFiles[struct {
		File huma.FormFile `form:"file" required:"true" doc:"A PDF, JPEG or PNG"`
	}]
}

// File is a file that was taken in.
type File struct {
	ID          string `json:"id" example:"4711" doc:"The answer to a question of type file"`
	Name        string `json:"name" example:"passport.jpg"`
	ContentType string `json:"content_type" example:"image/jpeg"`
	Size        int64  `json:"size" example:"183004" doc:"Bytes"`
}

// FileOutput is the file that was taken in.
type FileOutput struct{ Body File }

func (a *api) file(ctx context.Context, v visit, in *FileInput) (*FileOutput, error) {
	upload := in.RawBody.Data().File
	defer upload.Close()
	content, err := io.ReadAll(upload)
	if err != nil {
		return nil, err
	}
	kept, err := a.Attachments.KeepForClient(ctx, v.Client.ID, upload.Filename, content)
	if fault.Is(err, fault.Invalid) {
		var wrong fault.Fields
		wrong.AddErr("/file", err)
		return nil, wrong.Err()
	}
	if err != nil {
		return nil, err
	}
	return &FileOutput{Body: File{
		ID: strconv.FormatInt(kept.ID, 10), Name: kept.Name, ContentType: kept.MIME, Size: kept.Size,
	}}, nil
}
