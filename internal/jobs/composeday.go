package jobs

import (
	"context"
	"fmt"

	"pishkhan/internal/catalog"
	"pishkhan/internal/notify"
	"pishkhan/views/mail"
)

// dayReport tells the figures of the day as they were when it was over.
func (c *Composer) dayReport(ctx context.Context, m notify.Message) (notify.Parcel, error) {
	if m.Detail.Day == nil {
		return notify.Parcel{}, fmt.Errorf("message %d has no figures: %w", m.ID, notify.ErrPermanent)
	}
	words := mail.Day{Name: m.Detail.Name, DaySummary: *m.Detail.Day, Services: map[int64]string{}, Board: c.baseURL + "/desk/board"}
	for _, line := range m.Detail.Day.ByService {
		service, err := c.house.Catalog.Version(ctx, c.house.Pool, catalog.VersionID(line.Version))
		if err != nil {
			return notify.Parcel{}, err
		}
		words.Services[line.Version] = service.Definition.Title.In(m.Lang)
	}
	return notify.Parcel{Subject: words.Subject(m.Lang), Text: words.Text(m.Lang)}, nil
}
