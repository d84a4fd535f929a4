package desk

import (
	"context"
	"slices"
	"strconv"

	"pishkhan/internal/attachments"
	"pishkhan/internal/i18n"
	"pishkhan/internal/orders"
)

// AttachmentField is the input of the file that is put on an order.
const AttachmentField = "attachment"

// DetachField is the input of the reason for taking a file away.
func DetachField(id int64) string { return "attachment_why_" + strconv.FormatInt(id, 10) }

// AttachmentDeed is what was done, or tried, with the files of an order.
type AttachmentDeed int

// The deeds: each begins at another place of the page, and ends there.
const (
	AttachmentAdded AttachmentDeed = iota
	AttachmentRemoved
)

func attachmentPath(p OrderPage, id int64, deed string) string {
	return orderPath(p.Order.Code, "/attachments/"+strconv.FormatInt(id, 10)+deed)
}

// newestFiles are the order's, the newest first.
func (p OrderPage) newestFiles() []attachments.OrderFile {
	list := slices.Clone(p.Files)
	slices.Reverse(list)
	return list
}

// full reports whether the order has no room for another file of the desk's.
func (p OrderPage) full() bool {
	there := 0
	for _, f := range p.Files {
		if !f.OfCustomer() {
			there++
		}
	}
	return there >= attachments.MaxOnOrder
}

// takesReceipts reports whether the page has a place for receipts: what is
// pasted lands there, and goes to the customer.
func (p OrderPage) takesReceipts() bool {
	_, ok := p.Purchase()
	return ok && p.Working()
}

// mayOpen reports whether the reader may open a file of the order's.
func (p OrderPage) mayOpen(ofCustomer bool) bool {
	if ofCustomer {
		return p.May.Work
	}
	return p.May.Attach
}

// mayDetach reports whether the reader may take a file away.
func (p OrderPage) mayDetach(f attachments.OrderFile) bool {
	return p.May.RemoveAny || p.May.Attach && f.MemberID == p.Me
}

// whose names who put a file there.
func whose(ctx context.Context, f attachments.OrderFile) string {
	if f.OfCustomer() {
		return i18n.T(ctx, "desk.actor.customer")
	}
	return "\u2068" + f.MemberName + "\u2069"
}

// lies reports whether a file that went with an answer is still there.
func (p OrderPage) lies(id int64) bool {
	return slices.ContainsFunc(p.Files, func(f attachments.OrderFile) bool { return f.ID == id })
}

func fileIcon(mime string) string {
	if mime == "application/pdf" {
		return "file"
	}
	return "image"
}

// fileDetail is the name of the file that an event is about, and why it went.
func fileDetail(e orders.Event) string {
	name, _ := e.Detail["name"].(string)
	words := "\u2068" + name + "\u2069"
	if e.Reason != "" {
		words += " · " + e.Reason
	}
	return words
}
