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
// were refused with the reason.
func (d *desk) bulk(v visit) error {
	deed := bulkDeeds[v.FormValue("deed")]
	to, _ := strconv.ParseInt(v.FormValue("to"), 10, 64) // what is no number is nobody
	var codes []string
	for _, code := range v.Request().PostArgs().PeekMulti("code") {
		codes = append(codes, string(code))
	}
	results, err := d.house.Queue.Bulk(v.ctx(), v.actor, codes, deed.verb, queue.BulkArgs{To: to, Reason: v.FormValue(deed.reason)})
	f := fault.Of(err)
	if err != nil && (f == nil || f.Kind != fault.Invalid) {
		return err
	}
	page := view.BulkPage{Chrome: d.chrome(v, v.words("hands.bulk.title")), Back: web.Back(v.FormValue("back"), "/desk")}
	status := fiber.StatusOK
	if f != nil {
		page.Refusal, page.Chrome.Failed, status = v.why(f), true, f.Kind.Status()
	}
	for _, r := range results {
		if f := fault.Of(r.Err); f != nil {
			page.Refused = append(page.Refused, view.Refused{Code: r.Code, Why: v.why(f)})
		} else {
			page.Done = append(page.Done, r.Code)
		}
	}
	return web.Render(v.Ctx, status, view.Bulk(page))
}

// why returns the words of a fault: of its first field, when it has any.
func (v visit) why(f *fault.Fault) string {
	if len(f.Fields) > 0 {
		return v.words(f.Fields[0].Key, f.Fields[0].Args...)
	}
	return v.said(f)
}
