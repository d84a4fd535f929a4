package pricing_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pishkhan/internal/audit"
	"pishkhan/internal/fault"
	"pishkhan/internal/pricing"
)

var finance = audit.Actor{Kind: audit.Staff, ID: 1, Name: "Finance", Roles: []audit.Role{audit.Finance}}

// hire gives finance, who sets and publishes, a row of their own.
func (b bench) hire(t testing.TB) {
	t.Helper()
	if _, err := b.pool.Exec(t.Context(), `INSERT INTO staff_members (email, name, password_hash, created_at)
		VALUES ('finance@demo.test', 'Finance', 'x', $1)`, noon); err != nil {
		t.Fatal(err)
	}
}

// draft saves the tariff of the hand-worked prices, its last minimum changed.
func (b bench) draft(t testing.TB, minimum string) pricing.Draft {
	t.Helper()
	before, err := b.pricing.TariffDraft(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	draft, err := b.pricing.SaveTariffDraft(t.Context(), finance, before.Revision, other(t, minimum))
	if err != nil {
		t.Fatal(err)
	}
	return draft
}

func other(t testing.TB, minimum string) []byte {
	t.Helper()
	text, err := handTariff(t).JSON()
	if err != nil {
		t.Fatal(err)
	}
	return []byte(strings.Replace(string(text), `"min_rials": 4000000`, `"min_rials": `+minimum, 1))
}

func conflict(t testing.TB, err error, key string) {
	t.Helper()
	if f := fault.Of(err); f == nil || f.Kind != fault.Conflict || f.Key != key {
		t.Errorf("got %v, want %s", err, key)
	}
}

func TestADraftIsSeenSavedAndThrownAway(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.hire(t)
	none, err := b.pricing.TariffDraft(t.Context())
	if err != nil || none.Begun || len(none.Tariff.Fees) == 0 {
		t.Fatalf("%+v, %v", none, err)
	}
	first := b.draft(t, "4000010")
	if !first.Begun || first.SavedBy != 1 || first.Revision == none.Revision {
		t.Errorf("%+v", first)
	}
	if _, err := b.pricing.SaveTariffDraft(t.Context(), finance, first.Revision, []byte(`{"fees": []}`)); !fault.Is(err, fault.Invalid) {
		t.Errorf("kept what is no tariff: %v", err)
	}
	_, err = b.pricing.SaveTariffDraft(t.Context(), finance, none.Revision, other(t, "4000020"))
	conflict(t, err, "pricing.error.draft_changed")
	read, err := b.pricing.TariffDraft(t.Context())
	if err != nil || read.Revision != first.Revision || !read.SavedAt.Equal(noon) || read.Tariff.Fees[len(read.Tariff.Fees)-1].MinRials != 4_000_010 {
		t.Errorf("%+v, %v", read, err)
	}

	conflict(t, b.pricing.DiscardTariffDraft(t.Context(), finance, none.Revision), "pricing.error.draft_changed")
	if err := b.pricing.DiscardTariffDraft(t.Context(), finance, first.Revision); err != nil {
		t.Fatal(err)
	}
	conflict(t, b.pricing.DiscardTariffDraft(t.Context(), finance, first.Revision), "pricing.error.draft_changed")
	if n := b.count(t, "audit_entries WHERE verb = 'tariff.discard' AND actor_id = 1"); n != 1 {
		t.Errorf("%d audit entries", n)
	}
	_, err = b.pricing.PublishTariff(t.Context(), finance, first.Revision, "")
	conflict(t, err, "pricing.error.draft_changed")
	// Who still looks at the old draft does not overwrite the next one.
	if second := b.draft(t, "4000030"); second.Revision == first.Revision {
		t.Error("a revision was given twice")
	}
}

func TestPublishingChangesWhatIsQuotedNext(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.hire(t)
	old := b.freeze(t, usd("50"))
	draft := b.draft(t, "4000010")
	under, err := b.pricing.PriceUnder(t.Context(), draft.Tariff, b.steam, usd("50"), pricing.Alone)
	if err != nil || under.TariffID != 0 || under.ID != 0 {
		t.Fatalf("%+v, %v", under, err)
	}
	if again := b.freeze(t, usd("50")); again.TariffID != old.TariffID || again.TotalRials != old.TotalRials {
		t.Error("a draft changed a price")
	}

	b.clock.Advance(time.Minute)
	published, err := b.pricing.PublishTariff(t.Context(), finance, draft.Revision, " Lira \n")
	if err != nil {
		t.Fatal(err)
	}
	if published.Version != 2 || published.Origin != pricing.FromDesk || published.Note != "Lira" ||
		published.PublishedBy != 1 || !published.PublishedAt.Equal(noon.Add(time.Minute)) {
		t.Errorf("%+v", published)
	}
	fresh := b.freeze(t, usd("50"))
	if fresh.TariffID != published.ID || fresh.TotalRials != under.TotalRials {
		t.Errorf("%+v", fresh)
	}
	if read, err := b.pricing.Quote(t.Context(), b.pool, old.ID); err != nil || read.TariffID != old.TariffID {
		t.Errorf("the frozen quote moved: %+v, %v", read, err)
	}
	if after, err := b.pricing.TariffDraft(t.Context()); err != nil || after.Begun {
		t.Errorf("the draft is still there: %v", err)
	}
	if err := b.pricing.LoadTariff(t.Context()); err != nil { // leaves it alone
		t.Fatal(err)
	}

	back, err := b.pricing.RollBackTariff(t.Context(), finance, 1, "Too dear")
	if err != nil || back.Version != 3 || back.Origin != pricing.FromRollback {
		t.Fatalf("%+v, %v", back, err)
	}
	if again := b.freeze(t, usd("50")); again.TariffID != back.ID || again.TotalRials != old.TotalRials {
		t.Errorf("%+v", again)
	}
	_, err = b.pricing.RollBackTariff(t.Context(), finance, 1, "")
	conflict(t, err, "pricing.error.same_tariff")
	if _, err := b.pricing.RollBackTariff(t.Context(), finance, 9, ""); !fault.Is(err, fault.NotFound) {
		t.Errorf("no such version: %v", err)
	}
	if _, err := b.pricing.RollBackTariff(t.Context(), finance, 2, strings.Repeat("x", 501)); !fault.Is(err, fault.Invalid) {
		t.Errorf("a long note: %v", err)
	}

	versions, err := b.pricing.TariffVersions(t.Context())
	if err != nil || len(versions) != 3 {
		t.Fatalf("%d versions, %v", len(versions), err)
	}
	origins := []pricing.Origin{versions[0].Origin, versions[1].Origin, versions[2].Origin}
	if !slices.Equal(origins, []pricing.Origin{pricing.FromRollback, pricing.FromDesk, pricing.FromProgram}) {
		t.Errorf("%v", origins)
	}
	if n := b.count(t, "audit_entries WHERE verb IN ('tariff.publish', 'tariff.rollback') AND actor_id = 1 AND subject IN ('tariff:2', 'tariff:3')"); n != 2 {
		t.Errorf("%d audit entries", n)
	}
	current, err := b.pricing.CurrentTariff(t.Context())
	if err != nil || current.ID != back.ID {
		t.Errorf("%+v, %v", current, err)
	}
}

func TestPublishingWhatHoldsAlreadyIsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.hire(t)
	none, err := b.pricing.TariffDraft(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	text, err := none.Tariff.JSON()
	if err != nil {
		t.Fatal(err)
	}
	draft, err := b.pricing.SaveTariffDraft(t.Context(), finance, none.Revision, text)
	if err != nil {
		t.Fatal(err)
	}
	_, err = b.pricing.PublishTariff(t.Context(), finance, draft.Revision, "")
	conflict(t, err, "pricing.error.same_tariff")
	if after, err := b.pricing.TariffDraft(t.Context()); err != nil || !after.Begun {
		t.Errorf("the draft is gone: %v", err)
	}
}

func TestOfManyWhoPublishOneWins(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.hire(t)
	draft := b.draft(t, "4000010")
	var won, told atomic.Int32
	var all sync.WaitGroup
	for range 12 {
		all.Go(func() {
			_, err := b.pricing.PublishTariff(t.Context(), finance, draft.Revision, "")
			switch {
			case err == nil:
				won.Add(1)
			case fault.Of(err) != nil && fault.Of(err).Key == "pricing.error.draft_changed":
				told.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	all.Wait()
	if won.Load() != 1 || told.Load() != 11 || b.count(t, "tariffs") != 2 {
		t.Errorf("%d won, %d were told, %d versions", won.Load(), told.Load(), b.count(t, "tariffs"))
	}
}

// Processes that start together, before or after somebody has published.
func TestLoadsAtOnceMakeOneTariff(t *testing.T) {
	t.Parallel()
	b := setup(t)
	if _, err := b.pool.Exec(t.Context(), `ALTER TABLE tariffs DISABLE TRIGGER USER; DELETE FROM tariffs; ALTER TABLE tariffs ENABLE TRIGGER USER`); err != nil {
		t.Fatal(err)
	}
	if _, err := b.pricing.Preview(t.Context(), b.steam, usd("50"), pricing.Alone); !fault.Is(err, fault.Unavailable) {
		t.Errorf("a price without a tariff: %v", err)
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if err := b.pricing.LoadTariff(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := b.count(t, "tariffs WHERE origin = 'program' AND published_by IS NULL"); n != 1 {
		t.Errorf("%d tariffs", n)
	}
}

func TestPublishedTariffsAreNeverChanged(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, sql := range []string{"UPDATE tariffs SET note = 'x'", "DELETE FROM tariffs", "TRUNCATE tariffs CASCADE"} {
		if _, err := b.pool.Exec(t.Context(), sql); err == nil || !strings.Contains(err.Error(), "append-only") {
			t.Errorf("%s: %v", sql, errors.Unwrap(err))
		}
	}
}
