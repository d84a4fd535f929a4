package api

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"pishkhan/internal/catalog"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/orders"
)

// QueuedOrder is an order that anybody may claim.
type QueuedOrder struct {
	Code       string    `json:"code" example:"7KQ2MXA" doc:"What customers and staff call it"`
	Service    string    `json:"service" example:"steam-wallet"`
	Title      string    `json:"title" example:"Steam wallet" doc:"The service in words, in the language of Accept-Language"`
	Site       string    `json:"site" example:"store.steampowered.com" doc:"Host of the destination's page; may be empty"`
	TotalRials int64     `json:"total_rials" example:"58750000"`
	PlacedAt   time.Time `json:"placed_at"`
	QueuedAt   time.Time `json:"queued_at" doc:"In the queue since then"`
	PromisedBy time.Time `json:"promised_by" doc:"When it is due: the order of this list"`
}

// QueuePage is a page of the queue.
type QueuePage struct {
	Body struct {
		Orders []QueuedOrder `json:"orders" nullable:"false"`
		Next   string        `json:"next,omitempty" example:"1790850600000000-4711" doc:"Ask for the next page with after=; absent on the last"`
	}
}

func (a *api) queue(ctx context.Context, _ visit, in *struct {
	Limit int    `query:"limit" example:"50" default:"50" minimum:"1" maximum:"200"`
	After string `query:"after" example:"1790850600000000-4711" maxLength:"60" doc:"The next of the page before"`
}) (*QueuePage, error) {
	after, err := parsePlace(in.After)
	if err != nil {
		return nil, err
	}
	waiting, err := a.Orders.Waiting(ctx, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	page := &QueuePage{}
	page.Body.Orders = make([]QueuedOrder, 0, len(waiting))
	for _, w := range waiting[:min(in.Limit, len(waiting))] {
		service, err := a.Catalog.Version(ctx, a.Pool, catalog.VersionID(w.ServiceVersionID))
		if err != nil {
			return nil, err
		}
		page.Body.Orders = append(page.Body.Orders, QueuedOrder{
			Code: w.Code, Service: service.Definition.Slug, Title: service.Definition.Title.In(i18n.LangOf(ctx)), Site: w.Site,
			TotalRials: int64(w.Total), PlacedAt: w.PlacedAt, QueuedAt: w.Since, PromisedBy: w.DueAt,
		})
		page.Body.Next = place(w)
	}
	if len(waiting) <= in.Limit {
		page.Body.Next = ""
	}
	return page, nil
}

// place names where an order stands: its due time in microseconds, as exact
// as the database keeps it, and its ID.
func place(w orders.Waiting) string {
	return strconv.FormatInt(w.DueAt.UnixMicro(), 10) + "-" + strconv.FormatInt(int64(w.ID), 10)
}

// parsePlace reads what place wrote; nothing is in front of all.
func parsePlace(text string) (orders.Standing, error) {
	if text == "" {
		return orders.Standing{}, nil
	}
	due, id, ok := strings.Cut(text, "-")
	micros, err := strconv.ParseInt(due, 10, 64)
	number, wrong := strconv.ParseInt(id, 10, 64)
	if !ok || err != nil || wrong != nil || micros < 0 || micros > 1e16 || number < 0 {
		var fields fault.Fields
		fields.Add("query:after", "tokens.error.after")
		return orders.Standing{}, fields.Err()
	}
	return orders.Standing{DueAt: time.UnixMicro(micros), ID: orders.ID(number)}, nil
}

// NextOrder is the order that was claimed, or nothing.
type NextOrder struct {
	Status int
	Body   *Task
}

func (a *api) next(ctx context.Context, v visit, _ *struct{}) (*NextOrder, error) {
	o, err := a.Queue.Next(ctx, v.actor)
	if fault.Is(err, fault.NotFound) {
		return &NextOrder{Status: http.StatusNoContent}, nil
	}
	if err != nil {
		return nil, err
	}
	task, err := a.taken(ctx, o)
	return &NextOrder{Status: http.StatusOK, Body: task}, err
}

func (a *api) claim(ctx context.Context, v visit, in *struct{ OrderCode }) (*TaskOutput, error) {
	o, err := a.Queue.Claim(ctx, v.actor, in.Code)
	if err != nil {
		return nil, err
	}
	task, err := a.taken(ctx, o)
	return &TaskOutput{Body: task}, err
}

// taken tells an order that was just claimed. Its claim is read, not supposed:
// the purchase of who had the order before may guard it.
func (a *api) taken(ctx context.Context, o orders.Order) (*Task, error) {
	held, err := a.holderOf(ctx, o)
	if err != nil {
		return nil, err
	}
	return a.task(ctx, o, held)
}

func (a *api) release(ctx context.Context, v visit, in *struct {
	OrderCode
	Body *struct {
		Reason string `json:"reason,omitempty" example:"The site needs a card that I do not have" maxLength:"1000" doc:"For colleagues; a word that it came through the API otherwise"`
	}
}) (*TaskOutput, error) {
	reason := i18n.T(ctx, "tokens.released")
	if in.Body != nil && strings.TrimSpace(in.Body.Reason) != "" {
		reason = in.Body.Reason
	}
	if err := a.Queue.Release(ctx, v.actor, in.Code, reason); err != nil {
		return nil, err
	}
	return a.taskNow(ctx, in.Code)
}
