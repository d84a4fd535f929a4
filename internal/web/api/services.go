package api

import (
	"context"

	"pishkhan/internal/catalog"
	"pishkhan/internal/i18n"
)

// Text is a text in both languages.
type Text struct {
	FA string `json:"fa" example:"شارژ کیف پول استیم"`
	EN string `json:"en" example:"Steam wallet top-up"`
}

func text(t i18n.Text) Text { return Text{FA: t.FA, EN: t.EN} }

// Limit is a currency that a service takes, and between what amounts.
type Limit struct {
	Currency string `json:"currency" example:"USD" doc:"ISO 4217"`
	Min      string `json:"min" example:"5"`
	Max      string `json:"max" example:"500"`
}

// ServiceSummary is a service in a list.
type ServiceSummary struct {
	Slug            string   `json:"slug" example:"steam-wallet" doc:"Its name in addresses and quotes; it never changes"`
	Family          string   `json:"family" example:"games" enum:"education,travel,games,shopping"`
	Title           Text     `json:"title"`
	Summary         Text     `json:"summary"`
	Currencies      []string `json:"currencies" nullable:"false" example:"[\"USD\"]" doc:"The likeliest first"`
	Limits          []Limit  `json:"limits" nullable:"false"`
	Identity        string   `json:"identity" example:"basic" enum:"basic,document" doc:"document: the customer's identity document is needed"`
	ExpectedMinutes int      `json:"expected_minutes" example:"30" doc:"Working minutes that it usually takes"`
	BudgetMinutes   int      `json:"budget_minutes" example:"120" doc:"Working minutes that are promised"`
}

func summaryOf(d catalog.Definition) ServiceSummary {
	s := ServiceSummary{
		Slug: d.Slug, Family: string(d.Family), Title: text(d.Title), Summary: text(d.Summary), Identity: string(catalog.Basic),
		ExpectedMinutes: int(d.Expected().Minutes()), BudgetMinutes: d.BudgetMinutes,
	}
	if d.Identity != "" {
		s.Identity = string(d.Identity)
	}
	for _, limit := range d.Limits {
		s.Currencies = append(s.Currencies, string(limit.Currency))
		s.Limits = append(s.Limits, Limit{Currency: string(limit.Currency), Min: limit.Min.String(), Max: limit.Max.String()})
	}
	return s
}

// ServiceList is everything that can be ordered.
type ServiceList struct {
	Body struct {
		Services []ServiceSummary `json:"services" nullable:"false"`
	}
}

func (a *api) services(ctx context.Context, _ visit, _ *struct{}) (*ServiceList, error) {
	services, err := a.Catalog.Showcase(ctx)
	if err != nil {
		return nil, err
	}
	list := &ServiceList{}
	list.Body.Services = make([]ServiceSummary, len(services))
	for i, service := range services {
		list.Body.Services[i] = summaryOf(service.Definition)
	}
	return list, nil
}

// ServiceDetail is a service with its form.
type ServiceDetail struct {
	Body struct {
		ServiceSummary
		Version int            `json:"version" example:"3" doc:"Goes up with each change"`
		Guide   Text           `json:"guide" doc:"What to prepare at the destination first; one step a line"`
		Answers map[string]any `json:"answers_schema" doc:"JSON Schema (2020-12) of the answers, with titles in the language of Accept-Language"`
	}
}

func (a *api) service(ctx context.Context, _ visit, in *struct {
	Slug string `path:"slug" example:"steam-wallet" maxLength:"100"`
}) (*ServiceDetail, error) {
	service, err := a.Catalog.Service(ctx, in.Slug)
	if err != nil {
		return nil, err
	}
	d := service.Definition
	detail := &ServiceDetail{}
	detail.Body.ServiceSummary, detail.Body.Version = summaryOf(d), service.Version
	detail.Body.Guide, detail.Body.Answers = text(d.Guide), d.Schema(i18n.LangOf(ctx))
	return detail, nil
}
