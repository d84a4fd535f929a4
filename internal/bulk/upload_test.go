package bulk_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/bulk"
	"pishkhan/internal/carts"
	"pishkhan/internal/catalog"
	"pishkhan/internal/customers"
	"pishkhan/internal/db"
	"pishkhan/internal/db/dbtest"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/jobs"
	"pishkhan/internal/sample"
	"pishkhan/internal/testworld"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

func steam(t testing.TB, w *testworld.World) catalog.Service {
	t.Helper()
	s, err := w.House.Catalog.Service(t.Context(), "steam-wallet")
	testworld.Must(t, err)
	return s
}

// topUps is a file of n orders, no two alike.
func topUps(t testing.TB, n int) []byte {
	t.Helper()
	d := services(t)["steam-wallet"]
	rows := [][]string{inputs(d)}
	for i := range n {
		values := answers(d)
		values["site_login"] = fmt.Sprintf("player_%d", i+1)
		rows = append(rows, cells(d, values, i18n.FA))
	}
	return csvOf(t, ',', rows...)
}

func take(t testing.TB, w *testworld.World, visitor customers.Visitor, content []byte) int64 {
	t.Helper()
	id, err := w.House.Bulk.Take(t.Context(), sample.Owner(visitor), steam(t, w), "orders.csv", content)
	testworld.Must(t, err)
	return id
}

func upload(t testing.TB, w *testworld.World, visitor customers.Visitor, id int64) bulk.Upload {
	t.Helper()
	u, err := w.House.Bulk.Upload(t.Context(), sample.Owner(visitor), id)
	testworld.Must(t, err)
	return u
}

// A thousand lines get into the basket, each once, at the price that a
// thousand cost, with a login each, and nothing of the file is left.
func TestAThousandLines(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	visitor := w.Visitor(t)
	begun := time.Now()
	id := take(t, w, visitor, topUps(t, bulk.MaxLines))
	checked := time.Since(begun)
	if u := upload(t, w, visitor, id); u.State != bulk.Checked || u.Total != bulk.MaxLines || u.Done != 0 {
		t.Fatalf("%+v", u)
	}
	begun = time.Now()
	testworld.Must(t, w.House.Bulk.Add(t.Context(), id))
	t.Logf("checked and kept in %s, added in %s", checked, time.Since(begun))
	if u := upload(t, w, visitor, id); u.State != bulk.Added || u.Done != bulk.MaxLines {
		t.Fatalf("%+v", u)
	}
	whole(t, w, visitor)
	if n := w.Count(t, "SELECT count(*) FROM bulk_uploads WHERE sealed IS NOT NULL"); n != 0 {
		t.Error("what was typed is still kept")
	}
	testworld.Must(t, w.House.Bulk.Add(t.Context(), id)) // a job that comes twice
	begun = time.Now()
	lines, err := w.House.Carts.Lines(t.Context(), sample.Owner(visitor))
	testworld.Must(t, err)
	t.Logf("read in %s", time.Since(begun))
	var agreed = lines[0].Quote.TotalRials * bulk.MaxLines
	begun = time.Now()
	who := w.Someone()
	placed, err := w.House.Checkout.Place(t.Context(), sample.Browser(visitor), sample.Owner(visitor), who.Lang, who.Identity, agreed)
	testworld.Must(t, err)
	t.Logf("placed in %s", time.Since(begun))
	if len(placed.Orders) != bulk.MaxLines || placed.Attempt.Amount != agreed {
		t.Errorf("%d orders, %d to pay", len(placed.Orders), placed.Attempt.Amount)
	}
}

// whole says what is wrong with a basket that should hold the thousand lines.
func whole(t *testing.T, w *testworld.World, visitor customers.Visitor) {
	t.Helper()
	lines, err := w.House.Carts.Lines(t.Context(), sample.Owner(visitor))
	testworld.Must(t, err)
	if len(lines) != bulk.MaxLines {
		t.Fatalf("%d lines", len(lines))
	}
	credentials := map[int64]bool{}
	for _, line := range lines {
		credentials[line.CredentialID] = true
		if line.Quote.TotalRials != lines[0].Quote.TotalRials || line.Quote.Inputs.BulkPercent.IsZero() {
			t.Fatalf("a line costs %d, the first %d", line.Quote.TotalRials, lines[0].Quote.TotalRials)
		}
	}
	if len(credentials) != bulk.MaxLines || credentials[0] {
		t.Errorf("%d logins", len(credentials))
	}
	if n := w.Count(t, "SELECT count(*) FROM credentials"); n != bulk.MaxLines {
		t.Errorf("%d logins are kept", n)
	}
}

// Passwords are nowhere in plain: neither while the file waits nor after.
func TestPasswordsAreSealed(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	visitor := w.Visitor(t)
	id := take(t, w, visitor, topUps(t, 3))
	secret := sample.Answers("steam-wallet", noon)["site_password"]
	find := func() int {
		return w.Count(t, `SELECT (SELECT count(*) FROM bulk_uploads u WHERE u::text LIKE '%' || $1 || '%' OR encode(sealed, 'escape') LIKE '%' || $1 || '%')
			+ (SELECT count(*) FROM river_job j WHERE j::text LIKE '%' || $1 || '%')
			+ (SELECT count(*) FROM cart_lines l WHERE l::text LIKE '%' || $1 || '%')`, secret)
	}
	if n := find(); n != 0 {
		t.Errorf("%d rows show a password while the file waits", n)
	}
	testworld.Must(t, w.House.Bulk.Add(t.Context(), id))
	if n := find(); n != 0 {
		t.Errorf("%d rows show a password", n)
	}
}

// A file with a fault adds nothing; its faults are kept for its owner alone,
// until the next file.
func TestARefusedFile(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	visitor := w.Visitor(t)
	d := services(t)["steam-wallet"]
	wrong := answers(d)
	wrong["amount"] = "-1"
	content := csvOf(t, ',', inputs(d), cells(d, answers(d), i18n.FA), cells(d, wrong, i18n.FA))
	id := take(t, w, visitor, content)
	u := upload(t, w, visitor, id)
	if u.State != bulk.Refused || len(u.Findings) != 1 || u.Findings[0].Row != 3 || u.Findings[0].Column == "" {
		t.Fatalf("%+v", u)
	}
	testworld.Must(t, w.House.Bulk.Add(t.Context(), id))
	if n := w.Count(t, "SELECT (SELECT count(*) FROM cart_lines) + (SELECT count(*) FROM river_job) + (SELECT count(*) FROM credentials)"); n != 0 {
		t.Errorf("%d rows of a refused file", n)
	}
	if _, err := w.House.Bulk.Upload(t.Context(), sample.Owner(w.Visitor(t)), id); !fault.Is(err, fault.NotFound) {
		t.Errorf("another's: %v", err)
	}
	take(t, w, visitor, topUps(t, 1))
	if _, err := w.House.Bulk.Upload(t.Context(), sample.Owner(visitor), id); !fault.Is(err, fault.NotFound) {
		t.Errorf("after the next file: %v", err)
	}
}

// Room is counted before anything is promised; who fills the basket
// meanwhile sees why the rest stayed out.
func TestRoom(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	visitor := w.Visitor(t)
	first := take(t, w, visitor, topUps(t, bulk.MaxLines-100))
	_, err := w.House.Bulk.Take(t.Context(), sample.Owner(visitor), steam(t, w), "more.csv", topUps(t, 101))
	refused(t, "more than there is room for", err, "bulk.error.no_room")
	second := take(t, w, visitor, topUps(t, 100))
	testworld.Must(t, w.House.Bulk.Add(t.Context(), first))
	testworld.Must(t, w.House.Carts.Add(t.Context(), sample.Owner(visitor), steam(t, w), sample.Answers("steam-wallet", w.Clock.Now())))
	testworld.Must(t, w.House.Bulk.Add(t.Context(), second))
	u := upload(t, w, visitor, second)
	if u.State != bulk.Failed || u.Done != 0 || !strings.Contains(u.Failure.EN, "full") {
		t.Errorf("%+v", u)
	}
}

// Several workers at once add each line once; so does one that signs in the
// browser meanwhile, and the lines are all in the customer's basket.
func TestWorkersAtOnceAndASignIn(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	visitor := w.Visitor(t)
	id := take(t, w, visitor, topUps(t, 450))
	customer := w.Count(t, "INSERT INTO customers (mobile, created_at) VALUES ('09120001122', now()) RETURNING id")
	var work sync.WaitGroup
	for range 4 {
		work.Go(func() {
			if err := w.House.Bulk.Add(t.Context(), id); err != nil {
				t.Error(err)
			}
		})
	}
	for w.Count(t, "SELECT done FROM bulk_uploads") == 0 {
		time.Sleep(time.Millisecond)
	}
	err := db.InTx(t.Context(), w.House.Pool, func(ctx context.Context, tx pgx.Tx) error {
		return w.House.Welcome(ctx, tx, w.Clock.Now(), visitor.ID, int64(customer))
	})
	work.Wait()
	testworld.Must(t, err)
	n, err := w.House.Carts.Count(t.Context(), carts.Owner{VisitorID: visitor.ID, CustomerID: int64(customer)})
	if err != nil || n != 450 {
		t.Errorf("%d lines, %v", n, err)
	}
}

// kill -9 in the middle of the job: another worker goes on where it was left.
func TestKilled(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	visitor := w.Visitor(t)
	id := take(t, w, visitor, topUps(t, bulk.MaxLines))
	killed(t, w, id)
	done := w.Count(t, "SELECT done FROM bulk_uploads")
	if lines := w.Count(t, "SELECT count(*) FROM cart_lines"); done == 0 || done == bulk.MaxLines || lines != done {
		t.Fatalf("killed with %d of %d lines, %d noted", lines, bulk.MaxLines, done)
	}
	_, err := w.House.Pool.Exec(t.Context(), "UPDATE river_job SET attempted_at = now() - interval '1 hour' WHERE state = 'running'")
	testworld.Must(t, err)
	client, err := jobs.Start(context.WithoutCancel(t.Context()), w.House, jobs.Options{Log: slog.New(slog.DiscardHandler)})
	testworld.Must(t, err)
	t.Cleanup(func() { _ = client.StopAndCancel(context.Background()) })
	for range 600 { // a minute at most, and as a rule seconds
		if upload(t, w, visitor, id).Ended() {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	if u := upload(t, w, visitor, id); u.State != bulk.Added || u.Done != bulk.MaxLines {
		t.Fatalf("%+v", u)
	}
	whole(t, w, visitor)
}

// mission is what the parent tells the child.
type mission struct {
	Database, Dir string
	Now           time.Time
}

// killed runs the job in a child, and kills it once some of the lines are in.
func killed(t *testing.T, w *testworld.World, id int64) {
	t.Helper()
	order, err := json.Marshal(mission{w.DatabaseURL(), w.Dir, w.Clock.Now()})
	testworld.Must(t, err)
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestChild$", "-test.timeout=2m")
	child.Env = append(os.Environ(), "PISHKHAN_TEST_MISSION="+string(order))
	testworld.Must(t, child.Start())
	for w.Count(t, "SELECT done FROM bulk_uploads WHERE id = $1", id) < 200 {
		time.Sleep(5 * time.Millisecond)
	}
	testworld.Must(t, child.Process.Signal(syscall.SIGKILL))
	if err := child.Wait(); err == nil {
		t.Fatal("the child was not killed")
	}
	for w.Count(t, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'") > 0 {
		time.Sleep(5 * time.Millisecond) // the server hears of the death
	}
}

// TestChild is the process that dies. It is run by TestKilled alone.
func TestChild(t *testing.T) {
	orderedBy := os.Getenv("PISHKHAN_TEST_MISSION")
	if orderedBy == "" {
		t.Skip("run by TestKilled")
	}
	var m mission
	testworld.Must(t, json.Unmarshal([]byte(orderedBy), &m))
	w := testworld.Reopen(t, m.Database, m.Dir, m.Now)
	_, err := jobs.Start(t.Context(), w.House, jobs.Options{Log: slog.New(slog.DiscardHandler)})
	testworld.Must(t, err)
	time.Sleep(time.Minute) // killed before
	t.Error("nobody killed it")
}
