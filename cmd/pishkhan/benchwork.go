package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"

	"github.com/gofiber/fiber/v2"
	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/sample"
	"pishkhan/internal/web"
)

type benchComplete struct {
	benchTerms `embed:""`
}

// Run completes orders whose purchase is under way: each call hands in a
// receipt and the outcome of another one, which queues the SMS and the e-mail.
func (b *benchComplete) Run(ctx context.Context) error {
	return b.run(ctx, "complete", func(ctx context.Context, s *stage) ([]contender, error) {
		most := min(s.orders/(4*len(b.Clients)), 2_000) // for each contender at each number of clients
		codes, err := s.codes(ctx, most*2*len(b.Clients))
		if err != nil {
			return nil, err
		}
		underWay("taking %d orders and starting their purchases", len(codes))
		for i, code := range codes {
			if err := s.buy(ctx, s.members[i%len(s.members)], code); err != nil {
				return nil, err
			}
		}
		var taken atomic.Int64
		next := func() (string, int) { i := int(taken.Add(1)) - 1; return codes[i], i % len(s.members) }
		return []contender{
			{Name: "UPDATE + UPDATE", Most: most, Do: func(ctx context.Context, _, _ int) error {
				code, _ := next()
				return s.completeBare(ctx, code)
			}},
			{Name: "POST complete", Most: most, Do: func(_ context.Context, _, _ int) error {
				code, member := next()
				return s.complete(code, member)
			}},
		}, nil
	})
}

func (s *stage) buy(ctx context.Context, member audit.Actor, code string) error {
	if _, err := s.house.Queue.Claim(ctx, member, code); err != nil {
		return err
	}
	return s.house.Fulfil.StartPurchase(ctx, member, code)
}

// completeBare is the least that a completion can be: the order is done, and
// nobody's any more. No receipt is kept, and nobody is told.
func (s *stage) completeBare(ctx context.Context, code string) error {
	return pgx.BeginFunc(ctx, s.bare, func(tx pgx.Tx) error {
		var id int64
		if err := tx.QueryRow(ctx, bare("done"), code).Scan(&id); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, bare("end"), id)
		return err
	})
}

func (s *stage) complete(code string, member int) error {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	file, err := form.CreateFormFile("receipt", "receipt.pdf")
	if err != nil {
		return err
	}
	if _, err := file.Write(sample.PDF(code)); err != nil {
		return err
	}
	for name, value := range map[string]string{"charged_amount": "50.00", "charged_currency": "USD", "reference": code} {
		if err := form.WriteField(name, value); err != nil {
			return err
		}
	}
	if err := form.Close(); err != nil {
		return err
	}
	return s.send(ask{
		method: "POST", path: "/api/v1/orders/" + code + "/complete", header: "Authorization", value: "Bearer " + s.tokens[member],
		kind: form.FormDataContentType(), body: body.Bytes(), status: http.StatusOK, holds: `"done"`, times: 1,
	})
}

type benchBoard struct {
	benchTerms `embed:""`
}

// Run reads the supervisors' board as a signed-in supervisor's browser does.
func (b *benchBoard) Run(ctx context.Context) error {
	return b.run(ctx, "board", func(ctx context.Context, s *stage) ([]contender, error) {
		cookie, err := s.signIn(ctx, audit.Supervisor)
		if err != nil {
			return nil, err
		}
		return []contender{
			{Name: "SELECT of the forecast", Do: func(ctx context.Context, _, _ int) error {
				rows, err := s.bare.Query(ctx, bare("running"))
				if err != nil {
					return err
				}
				for rows.Next() {
				}
				return rows.Err()
			}},
			{Name: "GET /desk/board", Do: func(_ context.Context, _, _ int) error {
				return s.get("/desk/board", cookie, "<main", 1)
			}},
		}, nil
	})
}

type benchQuote struct {
	benchTerms `embed:""`
}

// Run asks for a price as the form of a service does while its amount is typed.
func (b *benchQuote) Run(ctx context.Context) error {
	return b.run(ctx, "quote", func(_ context.Context, s *stage) ([]contender, error) {
		cookie, word, err := s.form("/services/steam-wallet")
		if err != nil {
			return nil, err
		}
		return []contender{
			{Name: "SELECT of the rate", Do: func(ctx context.Context, _, _ int) error {
				var id int64
				return s.bare.QueryRow(ctx, bare("rate")).Scan(&id, nil, nil, nil)
			}},
			{Name: "POST price", Do: func(_ context.Context, _, call int) error {
				return s.send(ask{
					method: "POST", path: "/services/steam-wallet/price", header: "Cookie", value: cookie, fragment: true, kind: fiber.MIMEApplicationForm,
					body: fmt.Appendf(nil, "_csrf=%s&amount=%d.50&amount_currency=USD", word, 10+call%90), status: http.StatusOK, holds: "data-line", times: 1,
				})
			}},
		}, nil
	})
}

var formWord = regexp.MustCompile(`name="_csrf" value="([^"]+)"`)

// form reads a page with a form: the cookie that comes with it, and the word that the form carries.
func (s *stage) form(path string) (cookie, word string, err error) {
	response, err := http.Get(s.base + path)
	if err != nil {
		return "", "", err
	}
	defer response.Body.Close()
	page, err := io.ReadAll(response.Body)
	if err != nil {
		return "", "", err
	}
	found := formWord.FindSubmatch(page)
	if found == nil {
		return "", "", fmt.Errorf("GET %s: %s without a form", path, response.Status)
	}
	var cookies []string
	for _, c := range response.Cookies() {
		cookies = append(cookies, c.Name+"="+c.Value)
	}
	return strings.Join(cookies, "; "), url.QueryEscape(string(found[1])), nil
}

// signIn is the cookie of a sample person who has the role.
func (s *stage) signIn(ctx context.Context, role audit.Role) (string, error) {
	for _, p := range s.people {
		if strings.HasPrefix(p.Email, string(role)+"@") {
			signed, err := s.house.Staff.SignIn(ctx, p.Email, p.Password, "127.0.0.1", "bench")
			return web.DeskCookie + "=" + string(signed.Token), err
		}
	}
	return "", fmt.Errorf("no sample person is %s", role)
}
