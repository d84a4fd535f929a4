package api_test

import (
	"net/http"
	"strings"
	"testing"

	"pishkhan/internal/sample"
	"pishkhan/internal/testworld"
)

// The files that lie with an order are listed with their facts, the desk's
// and the customer's, and nothing leads to what is in them.
func TestAttachmentsAreListed(t *testing.T) {
	b := setup(t)
	o, visitor := b.Claimed(t), b.Visitor(t)
	p := b.robot(t, b.Auditor)
	if none := p.get("/orders/" + o.Code).want(http.StatusOK); !strings.Contains(none.text, `"attachments":[]`) {
		t.Errorf("none are told as %s", none.text)
	}
	content := sample.PDF("PLANTED-IN-A-MAIL")
	testworld.Must(t, b.House.Folder.Attach(t.Context(), b.Operator, o.Code, "mail.pdf", content))
	testworld.Must(t, b.House.Queue.Hold(t.Context(), b.Operator, o.Code, "which page?"))
	kept, err := b.House.Attachments.Keep(t.Context(), visitor.ID, "192.0.2.1", "page.pdf", sample.PDF("page"))
	testworld.Must(t, err)
	testworld.Must(t, b.House.Queue.Answer(t.Context(), sample.Browser(visitor), o.ID, "this one", kept.ID))

	got := p.get("/orders/" + o.Code).want(http.StatusOK)
	for path, want := range map[string]any{
		"attachments.0.name": "mail.pdf", "attachments.0.content_type": "application/pdf", "attachments.0.size": float64(len(content)),
		"attachments.0.from": "desk", "attachments.0.by": b.Operator.Name,
		"attachments.1.name": "page.pdf", "attachments.1.from": "customer", "attachments.1.by": nil,
	} {
		if is := got.at(path); is != want {
			t.Errorf("%s is %v, want %v", path, is, want)
		}
	}
	if strings.Contains(got.text, "PLANTED") || strings.Contains(got.text, "blob") {
		t.Errorf("it tells too much: %s", got.text)
	}
}
