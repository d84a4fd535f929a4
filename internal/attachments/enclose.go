package attachments

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
)

// MaxEnclosed is how many files go with one answer at most.
const MaxEnclosed = 3

// Enclosed is a file of an answer as the order's history names it.
type Enclosed struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// Enclose lays files that the customer's browser has handed in with an order,
// which the caller has locked: they go with an answer. It returns NotFound
// for a file that is not that browser's, or lies with an order already, and
// Invalid (field files) above MaxEnclosed, or when the order has MaxOnOrder
// of the customer's.
func (f *Folder) Enclose(ctx context.Context, tx pgx.Tx, now time.Time, from audit.Actor, id orders.ID, files []int64) ([]Enclosed, error) {
	if len(files) == 0 {
		return nil, nil
	}
	if from.Kind != audit.Customer {
		return nil, notFound()
	}
	files = slices.Compact(slices.Sorted(slices.Values(files)))
	if len(files) > MaxEnclosed {
		var wrong fault.Fields
		wrong.Add("files", "attachments.error.too_many", "max", MaxEnclosed)
		return nil, wrong.Err()
	}
	if err := f.files.Own(ctx, tx, from.ID, files); err != nil {
		return nil, err
	}
	if err := f.room(ctx, tx, id, "files", len(files), true); err != nil {
		return nil, err
	}
	kept, err := f.files.Of(ctx, tx, files)
	if err != nil {
		return nil, err
	}
	list := make([]Enclosed, len(kept))
	for i, file := range kept {
		if err := put(ctx, tx, now, id, file.ID, nil, ""); err != nil {
			return nil, err
		}
		list[i] = Enclosed{ID: file.ID, Name: file.Name}
	}
	return list, nil
}

// EnclosedIn returns the files that went with an answer, from its line in the
// order's history.
func EnclosedIn(e orders.Event) []Enclosed {
	lines, _ := e.Detail["files"].([]any)
	var list []Enclosed
	for _, line := range lines {
		file, _ := line.(map[string]any)
		id, _ := file["id"].(float64)
		name, _ := file["name"].(string)
		if name != "" {
			list = append(list, Enclosed{ID: int64(id), Name: name})
		}
	}
	return list
}
