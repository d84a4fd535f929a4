package jobs_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"testing"
	"time"

	"pishkhan/internal/db/dbtest"
	"pishkhan/internal/fulfil"
	"pishkhan/internal/jobs"
	"pishkhan/internal/notify"
	"pishkhan/internal/orders"
	"pishkhan/internal/testworld"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// The moments at which the child kills itself.
const (
	afterCommit   = "after the completion's commit"
	afterAccepted = "after the provider's yes"
)

// mission is what the parent tells the child.
type mission struct {
	When     string
	Database string
	Dir      string
	Now      time.Time
	Code     string // of the order to complete
	Provider string // the provider's address
}

// provider is the SMS and e-mail provider, in the parent's process: it
// outlives the child, and sends once what comes twice under one key.
type provider struct {
	mu     sync.Mutex
	tries  map[string][]int64 // channel → the keys of all tries
	kept   map[int64]string   // key → recipient: what the customer gets
	server *httptest.Server
}

func newProvider(t *testing.T) *provider {
	p := &provider{tries: map[string][]int64{}, kept: map[int64]string{}}
	p.server = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var parcel struct {
			Channel, To string
			Key         int64
		}
		if err := json.NewDecoder(r.Body).Decode(&parcel); err != nil {
			t.Error(err)
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		p.tries[parcel.Channel] = append(p.tries[parcel.Channel], parcel.Key)
		p.kept[parcel.Key] = parcel.To
	}))
	t.Cleanup(p.server.Close)
	return p
}

// sender takes parcels to the provider.
type sender struct {
	channel, url string
	accepted     func() // what happens once the provider said yes
}

func (s sender) Name() string { return s.channel }

func (s sender) Send(ctx context.Context, p notify.Parcel) (string, error) {
	body, err := json.Marshal(map[string]any{"Channel": s.channel, "To": p.To, "Key": p.Key})
	if err != nil {
		return "", err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url, bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	response.Body.Close()
	if s.accepted != nil {
		s.accepted()
	}
	return fmt.Sprint(p.Key), nil
}

// kill -9 between the completion's commit and the sending, and between the
// provider's yes and our note of it: after a restart each message has gone
// out once.
func TestKilled(t *testing.T) {
	t.Parallel()
	for _, when := range []string{afterCommit, afterAccepted} {
		t.Run(when, func(t *testing.T) {
			t.Parallel()
			w, p := testworld.New(t), newProvider(t)
			o := w.Claimed(t)
			testworld.Must(t, w.House.Fulfil.StartPurchase(t.Context(), w.Operator, o.Code))
			w.AddReceipt(t, o)
			die(t, mission{
				When: when, Database: w.DatabaseURL(), Dir: w.Dir, Now: w.Clock.Now(), Code: o.Code, Provider: p.server.URL,
			})
			if got := w.Order(t, o); got.State != orders.Done {
				t.Fatalf("the completion is lost: %s", got.State)
			}
			if n := w.Count(t, "SELECT count(*) FROM messages WHERE state = 'sent'"); n != 0 {
				t.Fatalf("%d messages are known to be sent: the child was killed too late", n)
			}
			tried := len(p.tries["sms"]) + len(p.tries["email"])
			if (tried == 0) != (when == afterCommit) {
				t.Fatalf("%d tries before the kill", tried)
			}
			// A killed worker's job looks as if it ran, until it is rescued. Nobody waits minutes here.
			_, err := w.House.Pool.Exec(t.Context(), "UPDATE river_job SET attempted_at = now() - interval '1 hour' WHERE state = 'running'")
			testworld.Must(t, err)

			work(t, w, p.server.URL)
			sent := func() int { return w.Count(t, "SELECT count(*) FROM messages WHERE state = 'sent'") }
			for range 600 { // a minute at most, and as a rule seconds
				if sent() == 2 {
					break
				}
				time.Sleep(100 * time.Millisecond)
			}
			if n := sent(); n != 2 {
				t.Fatalf("%d of 2 messages are sent", n)
			}
			p.mu.Lock()
			defer p.mu.Unlock()
			if len(p.kept) != 2 {
				t.Errorf("the customer got %d messages: %v", len(p.kept), p.kept)
			}
			for channel, keys := range p.tries {
				for _, key := range keys {
					if key != keys[0] {
						t.Errorf("%s: tried under the keys %v", channel, keys)
					}
				}
			}
			if again := len(p.tries["sms"]) + len(p.tries["email"]) - 2; (again > 0) != (when == afterAccepted) {
				t.Errorf("tries: %v", p.tries)
			}
		})
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
	suicide := func() { _ = syscall.Kill(os.Getpid(), syscall.SIGKILL); select {} }
	if m.When == afterAccepted {
		desk := notify.NewDesk(w.House.Notices, jobs.NewComposer(w.House, testworld.BaseURL),
			sender{"sms", m.Provider, suicide}, sender{"email", m.Provider, suicide})
		_, err := jobs.Start(t.Context(), w.House, jobs.Options{Log: slog.New(slog.DiscardHandler), Desk: desk})
		testworld.Must(t, err)
	}
	testworld.Must(t, w.House.Fulfil.Complete(t.Context(), w.Operator, m.Code, &fulfil.Report{Outcome: fulfil.Paid, Amount: "50", Currency: "USD"}))
	if m.When == afterCommit {
		suicide()
	}
	time.Sleep(time.Minute) // the worker dies before
	t.Error("nothing was sent")
}

// die runs the child until it is killed.
func die(t *testing.T, m mission) {
	t.Helper()
	orders, err := json.Marshal(m)
	testworld.Must(t, err)
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestChild$", "-test.timeout=2m")
	child.Env = append(os.Environ(), "PISHKHAN_TEST_MISSION="+string(orders))
	said, err := child.CombinedOutput()
	status, ok := child.ProcessState.Sys().(syscall.WaitStatus)
	if err == nil || !ok || !status.Signaled() || status.Signal() != syscall.SIGKILL {
		t.Fatalf("the child was not killed: %v\n%s", err, said)
	}
}

// work starts the workers of the house, as a restart does, until the test ends.
func work(t *testing.T, w *testworld.World, providerURL string) {
	t.Helper()
	desk := notify.NewDesk(w.House.Notices, jobs.NewComposer(w.House, testworld.BaseURL),
		sender{channel: "sms", url: providerURL}, sender{channel: "email", url: providerURL})
	client, err := jobs.Start(context.WithoutCancel(t.Context()), w.House, jobs.Options{Log: slog.New(slog.DiscardHandler), Desk: desk})
	testworld.Must(t, err)
	t.Cleanup(func() {
		if err := client.StopAndCancel(context.Background()); err != nil {
			t.Error(err)
		}
	})
}
