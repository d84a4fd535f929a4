package api_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"pishkhan/internal/audit"
	"pishkhan/internal/db"
	"pishkhan/internal/staff"
	"pishkhan/internal/testworld"
	"pishkhan/internal/web"
	"pishkhan/internal/web/api"
)

// A thousand claims of one order come over HTTP to two instances at once: one
// member gets it, and all others are told who and since when.
func TestThousandClaimsOnTwoInstances(t *testing.T) {
	b := setup(t)
	o := b.Paid(t)
	instances := []string{b.instance(t), b.instance(t)}
	members := []audit.Actor{b.Operator, b.Operator2, b.Supervisor}
	var tokens []string
	for _, m := range members {
		_, secret, err := b.House.Staff.IssueToken(t.Context(), m, staff.NewToken{MemberID: m.ID, Name: "robot", Scopes: staff.Scopes, Age: time.Hour})
		testworld.Must(t, err)
		tokens = append(tokens, secret.Reveal())
	}
	client := &http.Client{Transport: &http.Transport{MaxConnsPerHost: 200, MaxIdleConnsPerHost: 200}}
	t.Cleanup(client.CloseIdleConnections)
	const claims = 1000
	statuses, bodies := make([]int, claims), make([]map[string]any, claims)
	start := make(chan struct{})
	var all sync.WaitGroup
	for i := range claims {
		all.Go(func() {
			<-start
			request, err := http.NewRequest(http.MethodPost, instances[i%2]+web.APIHome+"/orders/"+o.Code+"/claim", nil)
			if err != nil {
				t.Error(err)
				return
			}
			request.Header.Set("Authorization", "Bearer "+tokens[i%len(tokens)])
			response, err := client.Do(request)
			if err != nil {
				t.Error(err)
				return
			}
			defer response.Body.Close()
			text, _ := io.ReadAll(response.Body)
			statuses[i] = response.StatusCode
			if err := json.Unmarshal(text, &bodies[i]); err != nil {
				t.Errorf("%d: %s", response.StatusCode, text)
			}
		})
	}
	close(start)
	all.Wait()
	winner := -1
	for i, status := range statuses {
		if status == http.StatusOK {
			if winner >= 0 {
				t.Errorf("claims %d and %d were both told that they won", winner, i)
			}
			winner = i
		}
	}
	if winner < 0 {
		t.Fatalf("nobody won: %v", statuses)
	}
	holder := members[winner%len(members)]
	for i, status := range statuses {
		if i == winner {
			continue
		}
		if status != http.StatusConflict || bodies[i]["holder"] != holder.Name || bodies[i]["since"] != bodies[winner]["since"] {
			t.Errorf("claim %d: %d %v, won by %s", i, status, bodies[i], holder.Name)
		}
	}
	if n := b.Count(t, `SELECT count(*) FROM claims WHERE order_id = $1 AND member_id = $2`, o.ID, holder.ID); n != 1 {
		t.Errorf("%d claims", n)
	}
	if n := b.Count(t, `SELECT count(*) FROM order_events WHERE order_id = $1 AND verb = 'claim'`, o.ID); n != 1 {
		t.Errorf("%d events", n)
	}
	if n := b.Count(t, `SELECT count(*) FROM audit_entries WHERE subject = $1 AND verb = 'order.claim'`, o.Subject()); n != 1 {
		t.Errorf("%d lines on record", n)
	}
}

// instance serves the world's database from a house and a port of its own,
// and returns where.
func (b *bench) instance(t *testing.T) string {
	t.Helper()
	pool, err := db.Open(t.Context(), b.DatabaseURL())
	testworld.Must(t, err)
	t.Cleanup(pool.Close)
	app := web.New(web.Config{BaseURL: testworld.BaseURL, Log: slog.New(slog.DiscardHandler)})
	api.Mount(app, b.HouseOver(t, pool), testworld.BaseURL)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	testworld.Must(t, err)
	go func() { _ = app.Listener(listener) }()
	t.Cleanup(func() { _ = app.ShutdownWithTimeout(5 * time.Second) })
	return "http://" + listener.Addr().String()
}
