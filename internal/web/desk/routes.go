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
		{"GET", "/desk/live", access.SeeQueue, d.live},
		{"GET", "/desk/find", access.SeeOrder, d.find},
		{"POST", "/desk/queue/views", access.SeeQueue, d.saveView},
		{"POST", "/desk/queue/views/:id/remove", access.SeeQueue, d.dropView},
		{"POST", "/desk/queue/look", access.SeeQueue, d.saveLook},
		{"POST", "/desk/queue/export", access.SeeOrder, d.exportPicked},

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
		{"GET", "/desk/orders/:code/files/:id", access.WorkOnOrder, d.orderFile},
		{"POST", "/desk/orders/:code/receipts/:id/remove", access.WorkOnOrder, d.removeReceipt},
		{"POST", "/desk/orders/:code/complete", access.WorkOnOrder, d.complete},
		{"POST", "/desk/orders/:code/extend", access.ExtendOrder, d.extend},
		{"POST", "/desk/orders/:code/reopen", access.ReopenOrder, d.reopen},

		{"GET", "/desk/identities", access.SeeIdentity, d.identities},
		{"GET", "/desk/identities/:id", access.SeeIdentity, d.identity},
		{"GET", "/desk/identities/:id/document", access.SeeIdentity, d.document},
		{"POST", "/desk/identities/:id/verdict", access.DecideIdentity, d.verdict},
		{"GET", "/desk/contacts", access.CloseContact, d.calls},
		{"POST", "/desk/contacts/:id/close", access.CloseContact, d.closeCall},
		{"GET", "/desk/messages", access.SeeMessages, d.messages},
		{"GET", "/desk/payments", access.SeePayments, d.payments},

		{"GET", "/desk/catalog", access.SeeCatalog, d.catalog},
		{"POST", "/desk/catalog", access.EditCatalog, d.createService},
		{"GET", "/desk/catalog/new", access.EditCatalog, d.newService},
		{"GET", "/desk/catalog/export", access.SeeCatalog, d.exportCatalog},
		{"GET", "/desk/catalog/import", access.EditCatalog, d.importForm},
		{"POST", "/desk/catalog/import", access.EditCatalog, d.compareFile},
		{"POST", "/desk/catalog/import/confirm", access.EditCatalog, d.importFile},
		{"GET", "/desk/catalog/:slug", access.SeeCatalog, d.about},
		{"POST", "/desk/catalog/:slug", access.EditCatalog, d.saveAbout},
		{"GET", "/desk/catalog/:slug/form", access.SeeCatalog, d.structure},
		{"POST", "/desk/catalog/:slug/form", access.EditCatalog, d.restructure},
		{"GET", "/desk/catalog/:slug/form/:place", access.SeeCatalog, d.part},
		{"POST", "/desk/catalog/:slug/form/:place", access.EditCatalog, d.savePart},
		{"GET", "/desk/catalog/:slug/json", access.SeeCatalog, d.text},
		{"POST", "/desk/catalog/:slug/json", access.EditCatalog, d.saveText},
		{"GET", "/desk/catalog/:slug/preview/:lang", access.SeeCatalog, d.preview},
		{"POST", "/desk/catalog/:slug/preview/:lang", access.SeeCatalog, d.checkPreview},
		{"POST", "/desk/catalog/:slug/preview/:lang/price", access.SeeCatalog, d.previewPrice},
		{"GET", "/desk/catalog/:slug/publish", access.EditCatalog, d.beforePublishing},
		{"POST", "/desk/catalog/:slug/publish", access.EditCatalog, d.publish},
		{"POST", "/desk/catalog/:slug/discard", access.EditCatalog, d.discardDraft},
		{"POST", "/desk/catalog/:slug/retire", access.EditCatalog, d.retire},
		{"POST", "/desk/catalog/:slug/restore", access.EditCatalog, d.restore},
		{"GET", "/desk/catalog/:slug/history", access.SeeCatalog, d.serviceHistory},
		{"POST", "/desk/catalog/:slug/rollback", access.EditCatalog, d.rollBack},

		{"GET", "/desk/prices", access.SeePrices, d.prices},
		{"GET", "/desk/prices/draft", access.EditTariff, d.draft},
		{"GET", "/desk/prices/draft/rules/new", access.EditTariff, d.newRule},
		{"POST", "/desk/prices/draft/rules", access.EditTariff, d.addRule},
		{"GET", "/desk/prices/draft/rules/:n", access.EditTariff, d.editRule},
		{"POST", "/desk/prices/draft/rules/:n", access.EditTariff, d.saveRule},
		{"POST", "/desk/prices/draft/rules/:n/move", access.EditTariff, d.moveRule},
		{"POST", "/desk/prices/draft/rules/:n/remove", access.EditTariff, d.removeRule},
		{"GET", "/desk/prices/draft/discounts", access.EditTariff, d.editDiscounts},
		{"POST", "/desk/prices/draft/discounts", access.EditTariff, d.saveDiscounts},
		{"POST", "/desk/prices/draft/publish", access.EditTariff, d.publishPrices},
		{"POST", "/desk/prices/draft/discard", access.EditTariff, d.discardPrices},
		{"POST", "/desk/prices/versions/:version/rollback", access.EditTariff, d.rollBackPrices},

		{"GET", "/desk/rates", access.SeePrices, d.rates},
		{"POST", "/desk/rates", access.SetRates, d.setRates},
		{"POST", "/desk/rates/terms", access.SetRates, d.setRateTerms},
		{"POST", "/desk/rates/proposals/:id/approve", access.SetRates, d.approveRate},
		{"POST", "/desk/rates/proposals/:id/reject", access.SetRates, d.rejectRate},
		{"GET", "/desk/rates/:currency", access.SeePrices, d.rate},
		{"POST", "/desk/rates/:currency/feed", access.SetRates, d.setFeed},

		{"GET", "/desk/calendar", access.SeeCalendar, d.calendar},
		{"POST", "/desk/calendar/days/:date", access.EditCalendar, d.saveDay},
		{"POST", "/desk/calendar/days/:date/confirm", access.EditCalendar, d.confirmDay},
		{"POST", "/desk/calendar/days/:date/move", access.EditCalendar, d.moveDay},
		{"GET", "/desk/calendar/week", access.EditCalendar, d.week},
		{"POST", "/desk/calendar/week", access.EditCalendar, d.saveWeek},
		{"GET", "/desk/calendar/check", access.EditCalendar, d.checkCalendar},
		{"POST", "/desk/calendar/publish", access.EditCalendar, d.publishCalendar},
		{"GET", "/desk/calendar/clocks", access.EditCalendar, d.clocks},
		{"POST", "/desk/calendar/clocks", access.EditCalendar, d.moveClocks},
		{"POST", "/desk/calendar/discard", access.EditCalendar, d.discardCalendar},
		{"GET", "/desk/calendar/export", access.SeeCalendar, d.exportCalendar},
		{"GET", "/desk/calendar/import", access.EditCalendar, d.importCalendar},
		{"POST", "/desk/calendar/import", access.EditCalendar, d.readCalendar},
		{"POST", "/desk/calendar/import/confirm", access.EditCalendar, d.takeFile},
		{"GET", "/desk/calendar/history", access.SeeCalendar, d.calendarHistory},
		{"POST", "/desk/calendar/versions/:id/reuse", access.EditCalendar, d.reuseCalendar},

		{"GET", "/desk/campaigns", access.SeeCampaigns, d.campaigns},
		{"GET", "/desk/campaigns/new", access.RunCampaigns, d.newCampaign},
		{"POST", "/desk/campaigns", access.RunCampaigns, d.createCampaign},
		{"GET", "/desk/campaigns/:id", access.SeeCampaigns, d.campaign},
		{"POST", "/desk/campaigns/:id/end", access.RunCampaigns, d.endCampaign},

		{"GET", "/desk/clients", access.SeeClients, d.clients},
		{"POST", "/desk/clients", access.ManageClients, d.createClient},
		{"GET", "/desk/clients/new", access.ManageClients, d.newClient},
		{"GET", "/desk/clients/:id", access.SeeClients, d.client},
		{"POST", "/desk/clients/:id", access.ManageClients, d.changeClient},
		{"POST", "/desk/clients/:id/disable", access.ManageClients, d.disableClient},
		{"POST", "/desk/clients/:id/keys", access.ManageClients, d.issueKey},
		{"POST", "/desk/clients/:id/keys/:key/revoke", access.ManageClients, d.revokeKey},
		{"POST", "/desk/clients/:id/webhook", access.ManageClients, d.setWebhook},
		{"POST", "/desk/clients/:id/webhook/rotate", access.ManageClients, d.rotateWebhook},
		{"POST", "/desk/clients/:id/webhook/disable", access.ManageClients, d.disableWebhook},
		{"POST", "/desk/clients/:id/events/:event/resend", access.ManageClients, d.resendEvent},

		{"GET", "/desk/tokens", access.IssueTokens, d.tokens},
		{"POST", "/desk/tokens", access.IssueTokens, d.issueToken},
		{"POST", "/desk/tokens/:id/revoke", access.IssueTokens, d.revokeToken},
	}
}
