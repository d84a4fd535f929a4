package desk

import "pishkhan/internal/access"

// route is one address: what it takes to be let in, and who answers. Only
// signing in, signing out and the preferences are not in the table: they are
// for everybody.
type route struct {
	Method     string
	Path       string
	Permission access.Permission
	Answer     func(visit) error
}

// routes is the desk's site map.
func (d *desk) routes() []route {
	return []route{
		{"GET", "/desk", access.SeeQueue, d.queue},
		{"POST", "/desk/next", access.ClaimOrder, d.next},
		{"GET", "/desk/search", access.SeeOrder, d.search},

		{"GET", "/desk/orders/:code", access.SeeOrder, d.order},
		{"POST", "/desk/orders/:code/claim", access.ClaimOrder, d.claim},
		{"POST", "/desk/orders/:code/release", access.WorkOnOrder, d.release},
		{"POST", "/desk/orders/:code/hold", access.WorkOnOrder, d.hold},
		{"POST", "/desk/orders/:code/answer", access.WorkOnOrder, d.answer},
		{"POST", "/desk/orders/:code/credential", access.RevealCredential, d.reveal},
		{"POST", "/desk/orders/:code/purchase", access.WorkOnOrder, d.startPurchase},
		{"POST", "/desk/orders/:code/purchase/outcome", access.WorkOnOrder, d.endPurchase},
		{"POST", "/desk/orders/:code/receipts", access.WorkOnOrder, d.addReceipt},
		{"GET", "/desk/orders/:code/receipts/:id", access.SeeOrder, d.receipt},
		{"POST", "/desk/orders/:code/receipts/:id/remove", access.WorkOnOrder, d.removeReceipt},
		{"POST", "/desk/orders/:code/complete", access.WorkOnOrder, d.complete},

		{"GET", "/desk/identities", access.SeeIdentity, d.identities},
		{"GET", "/desk/identities/:id", access.SeeIdentity, d.identity},
		{"GET", "/desk/identities/:id/document", access.SeeIdentity, d.document},
		{"POST", "/desk/identities/:id/verdict", access.DecideIdentity, d.verdict},
		{"GET", "/desk/contacts", access.CloseContact, d.calls},
		{"POST", "/desk/contacts/:id/close", access.CloseContact, d.closeCall},
		{"GET", "/desk/messages", access.SeeMessages, d.messages},
		{"GET", "/desk/payments", access.SeePayments, d.payments},

		{"GET", "/desk/campaigns", access.SeeCampaigns, d.campaigns},
		{"GET", "/desk/campaigns/new", access.RunCampaigns, d.newCampaign},
		{"POST", "/desk/campaigns", access.RunCampaigns, d.createCampaign},
		{"GET", "/desk/campaigns/:id", access.SeeCampaigns, d.campaign},
		{"POST", "/desk/campaigns/:id/end", access.RunCampaigns, d.endCampaign},
	}
}
