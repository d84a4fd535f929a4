package main

import (
	"strings"
	"testing"

	"pishkhan/internal/audit"
	"pishkhan/internal/clock"
	"pishkhan/internal/db"
	"pishkhan/internal/db/dbtest"
	"pishkhan/internal/money"
	"pishkhan/internal/pricing"
	"pishkhan/internal/staff"
)

// What has no page at the desk is done from the command line: rates are set,
// and a member who leaves is shut out.
func TestCommands(t *testing.T) {
	url := dbtest.NewURL(t)
	t.Setenv("DATABASE_URL", url)
	pool, err := db.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	if err := (&rateSet{Currency: "usd", Toman: "۹۲٬۵۰۰"}).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	rates, err := pricing.New(pool, clock.System{}, pricing.Terms{}).Rates(t.Context())
	if err != nil || len(rates) != 1 || rates[0].Currency != money.USD || rates[0].SellRials != 925_000 || rates[0].SetBy != 0 {
		t.Errorf("%+v, %v", rates, err)
	}
	for _, wrong := range []rateSet{{Currency: "XXX", Toman: "1"}, {Currency: "USD", Toman: "0"}, {Currency: "USD", Toman: "-5"}} {
		if wrong.Run(t.Context()) == nil {
			t.Errorf("%s at %s is taken", wrong.Currency, wrong.Toman)
		}
	}
	members := staff.New(pool, clock.System{})
	sara := staff.NewMember{Email: "sara@example.com", Name: "Sara", Password: "Kabutar bar bam 14", Roles: []audit.Role{audit.Operator}}
	if _, err := members.Add(t.Context(), audit.Machine, sara); err != nil {
		t.Fatal(err)
	}
	if err := (&staffRole{Email: sara.Email, Grant: []string{"finance"}, Revoke: []string{"operator"}}).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	printedToken, err := printed(t, func() error {
		return (&staffToken{Email: sara.Email, Name: "robot", Scope: []string{"read"}, Expires: "30d"}).Run(t.Context())
	})
	if err != nil || !strings.HasPrefix(printedToken, staff.TokenMark) || strings.Count(printedToken, "\n") != 1 {
		t.Fatalf("printed %q: %v", printedToken, err)
	}
	if who, err := members.Bearer(t.Context(), strings.TrimSpace(printedToken), ""); err != nil || len(who.Scopes) != 1 || who.Scopes[0] != staff.Read {
		t.Errorf("%+v, %v", who, err)
	}
	for _, age := range []string{"", "0d", "400d", "-1h", "x", "9000h"} {
		if err := (&staffToken{Email: sara.Email, Name: "robot", Scope: []string{"read"}, Expires: age}).Run(t.Context()); err == nil {
			t.Errorf("a token for %q", age)
		}
	}
	if err := (&staffDisable{Email: sara.Email}).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	list, err := members.List(t.Context())
	if err != nil || len(list) != 1 || len(list[0].Roles) != 1 || list[0].Roles[0] != audit.Finance || list[0].DisabledAt == nil {
		t.Errorf("%+v, %v", list, err)
	}
}
