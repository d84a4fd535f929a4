package web_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/web"
)

// Nobody ever gets a piece of somebody else's page. The pages are larger than
// what a socket takes at once, so that one is still on its way when the next is made.
func TestPagesDoNotMix(t *testing.T) {
	app := newApp()
	app.Get("/page/:n", func(c *fiber.Ctx) error {
		page := strings.Repeat(c.Params("n")+" ", 8_000_000)
		return web.Render(c, fiber.StatusOK, templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
			_, err := io.WriteString(w, page)
			return err
		}))
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = app.Listener(listener) }()
	defer func() { _ = app.Shutdown() }()
	var readers sync.WaitGroup
	for n := range 8 {
		readers.Go(func() {
			want := strings.Repeat(fmt.Sprint(n)+" ", 8_000_000)
			for range 3 {
				answer, err := http.Get(fmt.Sprintf("http://%s/page/%d", listener.Addr(), n))
				if err != nil {
					t.Error(err)
					return
				}
				body, err := io.ReadAll(answer.Body)
				answer.Body.Close()
				if err != nil || string(body) != want {
					t.Errorf("page %d came as %.20q… (%d bytes, %v)", n, body, len(body), err)
					return
				}
			}
		})
	}
	readers.Wait()
}
