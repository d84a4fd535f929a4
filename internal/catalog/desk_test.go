package catalog_test

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgxpool"

	"pishkhan/internal/audit"
	"pishkhan/internal/catalog"
	"pishkhan/internal/clock"
	"pishkhan/internal/db/dbtest"
	"pishkhan/internal/fault"
)

// desk returns a catalogue that offers the order form and no other service,
// and somebody who may edit it.
func desk(t *testing.T) (*catalog.Catalog, audit.Actor, *pgxpool.Pool) {
	t.Helper()
	pool := dbtest.New(t)
	c := catalog.New(pool, clock.At(today))
	if err := c.Load(t.Context(), []catalog.Definition{orderForm(t)}); err != nil {
		t.Fatal(err)
	}
	sara := audit.Actor{Kind: audit.Staff, Name: "Sara"}
	err := pool.QueryRow(t.Context(), `INSERT INTO staff_members (email, name, password_hash, created_at)
		VALUES ('sara@example.com', 'Sara', '-', $1) RETURNING id`, today).Scan(&sara.ID)
	if err != nil {
		t.Fatal(err)
	}
	return c, sara, pool
}

// edited is the order form with another title.
func edited(title string) []byte {
	return []byte(strings.Replace(order, `"en": "Order"}, "summary"`, `"en": "`+title+`"}, "summary"`, 1))
}

// published saves and publishes the order form with another title.
func published(t *testing.T, c *catalog.Catalog, by audit.Actor, title string) catalog.Service {
	t.Helper()
	draft, err := c.Draft(t.Context(), "order")
	if err != nil {
		t.Fatal(err)
	}
	if draft, err = c.SaveDraft(t.Context(), by, "order", draft.Revision, edited(title)); err != nil {
		t.Fatal(err)
	}
	service, err := c.Publish(t.Context(), by, "order", draft.Revision, title)
	if err != nil {
		t.Fatal(err)
	}
	return service
}

func isConflict(t *testing.T, err error, key string) {
	t.Helper()
	if f := fault.Of(err); f == nil || f.Kind != fault.Conflict || f.Key != key {
		t.Errorf("want %s, got %v", key, err)
	}
	assertTold(t, err)
}

func TestADraftIsEditedAndPublished(t *testing.T) {
	t.Parallel()
	c, sara, pool := desk(t)
	draft, err := c.Draft(t.Context(), "order")
	if err != nil || draft.Begun || draft.Base != 1 {
		t.Fatalf("%+v, %v", draft, err)
	}
	if d, err := catalog.Decode(draft.Definition); err != nil || len(catalog.Changes(orderForm(t), d)) != 0 {
		t.Errorf("an editor begins with %s, %v", draft.Definition, err)
	}
	half, err := c.SaveDraft(t.Context(), sara, "order", draft.Revision, []byte(`{"slug": `))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Publish(t.Context(), sara, "order", half.Revision, ""); !fault.Is(err, fault.Invalid) {
		t.Errorf("half a definition: %v", err)
	}
	whole, err := c.SaveDraft(t.Context(), sara, "order", half.Revision, edited("Purchase"))
	if err != nil {
		t.Fatal(err)
	}
	read, err := c.Draft(t.Context(), "order")
	if diff := cmp.Diff(whole, read); err != nil || diff != "" || read.SavedBy != sara.ID || !read.Begun {
		t.Errorf("%v %s", err, diff)
	}
	if service, err := c.Service(t.Context(), "order"); err != nil || service.Version != 1 {
		t.Errorf("a draft is offered: %+v, %v", service, err)
	}
	service, err := c.Publish(t.Context(), sara, "order", whole.Revision, " simpler ")
	if err != nil || service.Version != 2 {
		t.Fatalf("%+v, %v", service, err)
	}
	offered, err := c.Service(t.Context(), "order")
	if diff := cmp.Diff(service, offered); err != nil || diff != "" || offered.Definition.Title.EN != "Purchase" {
		t.Errorf("%v %s", err, diff)
	}
	versions, err := c.Versions(t.Context(), "order")
	if err != nil || len(versions) != 2 {
		t.Fatalf("%+v, %v", versions, err)
	}
	want := catalog.VersionInfo{ID: service.VersionID, Version: 2, PublishedAt: today, PublishedBy: sara.ID, Note: "simpler", Origin: catalog.FromDesk}
	utc := cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) })
	if diff := cmp.Diff(want, versions[0], utc); diff != "" || versions[1].Origin != catalog.FromProgram || versions[1].PublishedBy != 0 {
		t.Errorf("%s %+v", diff, versions[1])
	}
	entries, err := audit.About(t.Context(), pool, "service:order", 9)
	if err != nil || len(entries) != 1 || entries[0].Verb != "catalog.publish" || entries[0].Actor.ID != sara.ID || entries[0].Detail["version"] != 2.0 {
		t.Errorf("%+v, %v", entries, err)
	}
	if after, err := c.Draft(t.Context(), "order"); err != nil || after.Begun || after.Base != 2 {
		t.Errorf("%+v, %v", after, err)
	}
}

// Two people edit the same service: the second never overwrites the first.
func TestWhatWasReadBeforeIsNotSavedOverWhatCameAfter(t *testing.T) {
	t.Parallel()
	c, sara, _ := desk(t)
	first, err := c.Draft(t.Context(), "order")
	if err != nil {
		t.Fatal(err)
	}
	saved, err := c.SaveDraft(t.Context(), sara, "order", first.Revision, edited("A"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.SaveDraft(t.Context(), sara, "order", first.Revision, edited("B"))
	isConflict(t, err, "catalog.error.draft_changed")
	_, err = c.Publish(t.Context(), sara, "order", first.Revision, "")
	isConflict(t, err, "catalog.error.draft_changed")
	isConflict(t, c.DiscardDraft(t.Context(), sara, "order", first.Revision), "catalog.error.draft_changed")
	if err := c.DiscardDraft(t.Context(), sara, "order", saved.Revision); err != nil {
		t.Fatal(err)
	}
	_, err = c.SaveDraft(t.Context(), sara, "order", saved.Revision, edited("C"))
	isConflict(t, err, "catalog.error.draft_changed")
	_, err = c.Publish(t.Context(), sara, "order", saved.Revision, "")
	isConflict(t, err, "catalog.error.draft_changed")

	// Nor what was published meanwhile, be it by no draft at all.
	published(t, c, sara, "D")
	read, err := c.Draft(t.Context(), "order")
	if err != nil {
		t.Fatal(err)
	}
	draft, err := c.SaveDraft(t.Context(), sara, "order", read.Revision, edited("E"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.RollBack(t.Context(), sara, "order", 1, "it was better"); err != nil {
		t.Fatal(err)
	}
	_, err = c.Publish(t.Context(), sara, "order", draft.Revision, "")
	isConflict(t, err, "catalog.error.draft_changed")
	kept, err := c.Draft(t.Context(), "order")
	if err != nil || !kept.Begun || kept.Base != 2 {
		t.Errorf("the draft is gone: %+v, %v", kept, err)
	}
	if _, err := c.Publish(t.Context(), sara, "order", kept.Revision, ""); err != nil {
		t.Errorf("who has seen what was published: %v", err)
	}
}

func TestWhatIsNoDraftIsRefused(t *testing.T) {
	t.Parallel()
	c, sara, _ := desk(t)
	for slug, raw := range map[string]string{"Order": "{}", "a b": "{}", "order": "a\x00b", "order2": "\xff", "order3": strings.Repeat(" ", 1<<20+1)} {
		if _, err := c.SaveDraft(t.Context(), sara, slug, 0, []byte(raw)); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", slug, err)
		}
	}
	for text, want := range map[string]string{
		order: "", strings.Replace(order, `"slug": "order"`, `"slug": "other"`, 1): "/slug",
		strings.Replace(order, `"max_rows": 3`, `"max_rows": 300`, 1): "/groups/0/fields/6/max_rows",
	} {
		draft, err := c.Draft(t.Context(), "order")
		if err != nil {
			t.Fatal(err)
		}
		if draft, err = c.SaveDraft(t.Context(), sara, "order", draft.Revision, []byte(text)); err != nil {
			t.Fatal(err)
		}
		_, err = c.Publish(t.Context(), sara, "order", draft.Revision, "")
		if want == "" {
			isConflict(t, err, "catalog.error.same_definition")
		} else if wrong(t, err)[want] == "" {
			t.Errorf("want a fault at %s, got %v", want, err)
		}
		_, err = c.Publish(t.Context(), sara, "order", draft.Revision, strings.Repeat("x", 501))
		if wrong(t, err)["note"] == "" {
			t.Errorf("a long note: %v", err)
		}
	}
	if versions, err := c.Versions(t.Context(), "order"); err != nil || len(versions) != 1 {
		t.Errorf("%+v, %v", versions, err)
	}
	if _, err := c.Draft(t.Context(), "nothing"); !fault.Is(err, fault.NotFound) {
		t.Errorf("%v", err)
	}
}

func TestOfManyWhoPublishOneDoes(t *testing.T) {
	t.Parallel()
	c, sara, _ := desk(t)
	draft, err := c.Draft(t.Context(), "order")
	if err != nil {
		t.Fatal(err)
	}
	saves := winners(t, "catalog.error.draft_changed", func() error {
		_, err := c.SaveDraft(t.Context(), sara, "order", draft.Revision, edited("Purchase"))
		return err
	})
	if draft, err = c.Draft(t.Context(), "order"); err != nil || !draft.Begun {
		t.Fatal(err)
	}
	publications := winners(t, "catalog.error.draft_changed", func() error {
		_, err := c.Publish(t.Context(), sara, "order", draft.Revision, "")
		return err
	})
	rollbacks := winners(t, "catalog.error.same_definition", func() error {
		_, err := c.RollBack(t.Context(), sara, "order", 1, "")
		return err
	})
	retirements := winners(t, "catalog.error.retired", func() error { return c.Retire(t.Context(), sara, "order") })
	if saves != 1 || publications != 1 || rollbacks != 1 || retirements != 1 {
		t.Errorf("%d saved, %d published, %d rolled back, %d retired", saves, publications, rollbacks, retirements)
	}
	if versions, err := c.Versions(t.Context(), "order"); err != nil || len(versions) != 3 {
		t.Errorf("%+v, %v", versions, err)
	}
}

// winners lets many do the same at once, and counts who did not lose.
func winners(t *testing.T, loser string, act func() error) int32 {
	t.Helper()
	var won atomic.Int32
	var all sync.WaitGroup
	for range 12 {
		all.Go(func() {
			if err := act(); err == nil {
				won.Add(1)
			} else {
				isConflict(t, err, loser)
			}
		})
	}
	all.Wait()
	return won.Load()
}

func TestANewServiceIsMadeAtTheDesk(t *testing.T) {
	t.Parallel()
	c, sara, pool := desk(t)
	text := []byte(strings.Replace(order, `"slug": "order"`, `"slug": "gift"`, 1))
	draft, err := c.SaveDraft(t.Context(), sara, "gift", 0, text)
	if err != nil || draft.Base != 0 {
		t.Fatalf("%+v, %v", draft, err)
	}
	if err := c.DiscardDraft(t.Context(), sara, "gift", draft.Revision); err != nil {
		t.Fatal(err)
	}
	isConflict(t, c.DiscardDraft(t.Context(), sara, "gift", draft.Revision), "catalog.error.draft_changed")
	entries, err := audit.About(t.Context(), pool, "service:gift", 9)
	if err != nil || len(entries) != 1 || entries[0].Verb != "catalog.discard" || entries[0].Actor.ID != sara.ID {
		t.Errorf("%+v, %v", entries, err)
	}
	if _, err := c.Draft(t.Context(), "gift"); !fault.Is(err, fault.NotFound) {
		t.Errorf("a discarded draft: %v", err)
	}
	if draft, err = c.SaveDraft(t.Context(), sara, "gift", 0, text); err != nil {
		t.Fatalf("begun anew: %v", err)
	}
	_, err = c.SaveDraft(t.Context(), sara, "gift", 0, text)
	isConflict(t, err, "catalog.error.draft_changed")
	list, err := c.List(t.Context())
	if err != nil || len(list) != 2 || list[1].Slug != "gift" || list[1].Service.Version != 0 || list[1].DraftSavedAt == nil {
		t.Fatalf("%+v, %v", list, err)
	}
	if _, err := c.Service(t.Context(), "gift"); !fault.Is(err, fault.NotFound) {
		t.Errorf("it is offered: %v", err)
	}
	if service, err := c.Publish(t.Context(), sara, "gift", draft.Revision, ""); err != nil || service.Version != 1 {
		t.Errorf("%+v, %v", service, err)
	}
	list, err = c.List(t.Context())
	if err != nil || len(list) != 2 || list[1].Origin != catalog.FromDesk || list[1].DraftSavedAt != nil || list[1].PublishedBy != sara.ID {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestRetiredAndRestored(t *testing.T) {
	t.Parallel()
	c, sara, pool := desk(t)
	if err := c.Retire(t.Context(), sara, "order"); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Service(t.Context(), "order"); !fault.Is(err, fault.NotFound) {
		t.Errorf("it is offered: %v", err)
	}
	published(t, c, sara, "Still retired")
	if list, err := c.List(t.Context()); err != nil || len(list) != 1 || list[0].RetiredAt == nil {
		t.Errorf("%+v, %v", list, err)
	}
	if err := c.Restore(t.Context(), sara, "order"); err != nil {
		t.Fatal(err)
	}
	if service, err := c.Service(t.Context(), "order"); err != nil || service.Version != 2 {
		t.Errorf("%+v, %v", service, err)
	}
	isConflict(t, c.Restore(t.Context(), sara, "order"), "catalog.error.offered")
	for _, err := range []error{c.Retire(t.Context(), sara, "nothing"), c.Restore(t.Context(), sara, "nothing")} {
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("%v", err)
		}
	}
	var verbs []string
	entries, err := audit.About(t.Context(), pool, "service:order", 9)
	for _, entry := range entries {
		verbs = append(verbs, entry.Verb)
	}
	if diff := cmp.Diff([]string{"catalog.restore", "catalog.publish", "catalog.retire"}, verbs); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
}

// A new release brings other definitions: what the desk wrote, and what it
// rolled back to, stays.
func TestTheProgramNeverOverwritesTheDesk(t *testing.T) {
	t.Parallel()
	c, sara, _ := desk(t)
	published(t, c, sara, "Ours")
	release := orderForm(t)
	release.Title.EN = "Theirs"
	load := func() catalog.Service {
		t.Helper()
		if err := c.Load(t.Context(), []catalog.Definition{release}); err != nil {
			t.Fatal(err)
		}
		service, err := c.Service(t.Context(), "order")
		if err != nil {
			t.Fatal(err)
		}
		return service
	}
	if service := load(); service.Definition.Title.EN != "Ours" || service.Version != 2 {
		t.Errorf("%+v", service)
	}
	if _, err := c.RollBack(t.Context(), sara, "order", 1, ""); err != nil {
		t.Fatal(err)
	}
	if service := load(); service.Definition.Title.EN != "Order" || service.Version != 3 {
		t.Errorf("%+v", service)
	}
	if _, err := c.RollBack(t.Context(), sara, "order", 9, ""); !fault.Is(err, fault.NotFound) {
		t.Errorf("%v", err)
	}
}
