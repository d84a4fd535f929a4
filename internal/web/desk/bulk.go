package desk

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/fault"
	"pishkhan/internal/queue"
	"pishkhan/internal/web"
	view "pishkhan/views/desk"
)

// bulkDeeds are the forms of the queue's bulk bar: what each does, and which
// field holds its words.
var bulkDeeds = map[string]struct {
	verb   queue.BulkVerb
	reason string
}{
	"handover": {queue.BulkHandOver, "handover_reason"},
	"release":  {queue.BulkRelease, "release_reason"},
	"note":     {queue.BulkNote, "note"},
}

// bulk does one deed to the orders that were picked, and lists those that
// were refused with the reason; after an outage in the middle also those that
// it may have been done to, and those that were not tried.
func (d *desk) bulk(v visit) error {
	deed := bulkDeeds[v.FormValue("deed")]
	to, _ := strconv.ParseInt(v.FormValue("to"), 10, 64) // what is no number is nobody
	var codes []string
	for _, code := range v.Request().PostArgs().PeekMulti("code") {
		codes = append(codes, string(code))
	}
	results, err := d.house.Queue.Bulk(v.ctx(), v.actor, codes, deed.verb, queue.BulkArgs{To: to, Reason: v.FormValue(deed.reason)})
	f := fault.Of(err)
	if err != nil && len(results) == 0 && (f == nil || f.Kind != fault.Invalid) {
		return err
	}
	page := view.BulkPage{Chrome: d.chrome(v, v.words("hands.bulk.title")), Back: web.Back(v.FormValue("back"), "/desk")}
	status := fiber.StatusOK
	switch {
	case len(results) > 0 && err != nil:
		status, page.Refusal = web.Told(v.Ctx, err)
		page.Again = map[string]string{"deed": v.FormValue("deed"), "to": v.FormValue("to"), deed.reason: v.FormValue(deed.reason)}
	case f != nil:
		page.Refusal, status = v.why(f), f.Kind.Status()
	}
	page.Chrome.Failed = page.Refusal != ""
	v.sortResults(&page, results)
	return web.Render(v.Ctx, status, view.Bulk(page))
}

// sortResults lists the orders by what became of them.
func (v visit) sortResults(page *view.BulkPage, results []queue.BulkResult) {
	for _, r := range results {
		f := fault.Of(r.Err)
		switch {
		case r.Untried:
			page.Untried = append(page.Untried, r.Code)
		case r.Unsure:
			page.Unsure = append(page.Unsure, r.Code)
		case f != nil:
			page.Refused = append(page.Refused, view.Refused{Code: r.Code, Why: v.why(f)})
		default:
			page.Done = append(page.Done, r.Code)
		}
	}
}

// why returns the words of a fault: of its first field, when it has any.
func (v visit) why(f *fault.Fault) string {
	if len(f.Fields) > 0 {
		return v.words(f.Fields[0].Key, f.Fields[0].Args...)
	}
	return v.said(f)
}
