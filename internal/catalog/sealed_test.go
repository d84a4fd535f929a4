package catalog_test

import (
	"strings"
	"testing"

	"pishkhan/internal/audit"
	"pishkhan/internal/fault"
)

// A question whose answers were sealed stays sealed under its name.
func TestASealedQuestionStaysSealed(t *testing.T) {
	t.Parallel()
	c, _, _ := setup(t)
	actor := audit.Actor{Kind: audit.System}
	draft, err := c.Draft(t.Context(), "steam-wallet")
	if err != nil {
		t.Fatal(err)
	}
	raw := string(draft.Definition)
	open := strings.Replace(raw, `"type": "login"`, `"type": "text"`, 1)
	i := strings.Index(open, `"name": "site_login"`)
	open = open[:i] + strings.Replace(open[i:], `"sealed": true`, `"sealed": false`, 1)
	if open == raw {
		t.Fatal("nothing was changed")
	}
	file := `{"services": [` + open + `]}`
	_, err = c.Import(t.Context(), actor, []byte(file), "", seen(t, c, file))
	if f := fault.Of(err); f == nil || len(f.Fields) == 0 || !strings.HasSuffix(f.Fields[0].Name, "/sealed") || f.Fields[0].Key != "catalog.definition.unsealed" {
		t.Errorf("an import that opens the login: %v", err)
	}
}
