package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
	"github.com/valyala/fasthttp"

	"pishkhan/internal/audit"
)

type benchClaim struct {
	benchTerms `embed:""`
}

// Run claims orders: each call another one, by code, as a program of an
// operator does who picks from the queue.
func (b *benchClaim) Run(ctx context.Context) error {
	return b.run(ctx, "claim", func(ctx context.Context, s *stage) ([]contender, error) {
		most := min(s.orders/(2*len(b.Clients)+1), 20_000) // for each contender at each number of clients
		codes, err := s.codes(ctx, most*2*len(b.Clients))
		if err != nil {
			return nil, err
		}
		var taken atomic.Int64
		next := func() string { return codes[taken.Add(1)-1] }
		return []contender{
			{Name: "UPDATE + INSERT", Most: most, Do: func(ctx context.Context, client, call int) error {
				return s.claimBare(ctx, s.member(client, call), next())
			}},
			{Name: "POST claim", Most: most, Do: func(_ context.Context, client, call int) error {
				return s.call("POST", "/api/v1/orders/"+next()+"/claim", s.member(client, call), http.StatusOK, "")
			}},
		}, nil
	})
}

// claimBare is the least that a claim can be: who owns the order, and nothing
// of its history, its clock or the record. The driver's own transaction sends
// one statement after the other.
func (s *stage) claimBare(ctx context.Context, member int, code string) error {
	return pgx.BeginFunc(ctx, s.bare, func(tx pgx.Tx) error {
		var id int64
		if err := tx.QueryRow(ctx, bare("claim"), code).Scan(&id); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, bare("hold"), id, s.members[member].ID, s.members[member].Name)
		return err
	})
}

type benchQueue struct {
	benchTerms `embed:""`
}

// Run reads the first page of the queue: as a signed-in operator's browser
// does, with all its HTML, and as a program does.
func (b *benchQueue) Run(ctx context.Context) error {
	return b.run(ctx, "queue", func(ctx context.Context, s *stage) ([]contender, error) {
		cookie, err := s.signIn(ctx, audit.Operator)
		if err != nil {
			return nil, err
		}
		return []contender{
			{Name: "SELECT of a page", Do: func(ctx context.Context, _, _ int) error { return s.pageBare(ctx) }},
			{Name: "GET /desk", Do: func(_ context.Context, _, _ int) error {
				return s.get("/desk?view=free", cookie, "<tr id=\"", 50)
			}},
			{Name: "GET /api/v1/queue", Do: func(_ context.Context, client, call int) error {
				return s.call("GET", "/api/v1/queue", s.member(client, call), http.StatusOK, `"next"`)
			}},
		}, nil
	})
}

func (s *stage) pageBare(ctx context.Context) error {
	rows, err := s.bare.Query(ctx, bare("page"))
	if err != nil {
		return err
	}
	n := 0
	for rows.Next() {
		n++
	}
	if n != 50 && rows.Err() == nil {
		return fmt.Errorf("%d rows", n)
	}
	return rows.Err()
}

// browser keeps its connections, as those of operators do.
var browser = fasthttp.Client{MaxConnsPerHost: 256, NoDefaultUserAgentHeader: true}

// call asks the API in the name of a member, and wants an answer that holds something.
func (s *stage) call(method, path string, member, status int, holds string) error {
	return s.send(ask{method: method, path: path, header: "Authorization", value: "Bearer " + s.tokens[member], status: status, holds: holds, times: 1})
}

// get reads a page, and wants something in it so often.
func (s *stage) get(path, cookie, holds string, times int) error {
	return s.send(ask{method: "GET", path: path, header: "Cookie", value: cookie, status: http.StatusOK, holds: holds, times: times})
}

// ask is a request, and what its answer has to hold how often.
type ask struct {
	method, path  string
	header, value string
	fragment      bool   // asked for by htmx
	kind          string // of the body
	body          []byte
	status        int
	holds         string
	times         int
}

func (s *stage) send(a ask) error {
	request, response := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(request)
	defer fasthttp.ReleaseResponse(response)
	request.SetRequestURI(s.base + a.path)
	request.Header.SetMethod(a.method)
	request.Header.Set(a.header, a.value)
	if a.fragment {
		request.Header.Set("HX-Request", "true")
	}
	if a.kind != "" {
		request.Header.SetContentType(a.kind)
		request.SetBodyRaw(a.body)
	}
	if err := browser.Do(request, response); err != nil {
		return fmt.Errorf("%s %s: %w", a.method, a.path, err)
	}
	body := string(response.Body())
	if response.StatusCode() != a.status || a.holds != "" && strings.Count(body, a.holds) < a.times {
		return fmt.Errorf("%s %s: %d with %d of %s: %.300s", a.method, a.path, response.StatusCode(), strings.Count(body, a.holds), a.holds, body)
	}
	return nil
}
