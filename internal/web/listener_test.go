package web_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/web"
)

// listen serves an app on a loopback port, as production does, and returns
// its address.
func listen(t *testing.T, log *slog.Logger) string {
	t.Helper()
	app := newAppThatLogs(log)
	length := func(c *fiber.Ctx) error { return c.SendString(strconv.Itoa(len(c.Body()))) }
	app.Post("/length", length)
	app.Post("/desk/orders/:code/receipts", length)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- app.Listener(listener) }()
	t.Cleanup(func() {
		listener.Close()
		<-served
	})
	return listener.Addr().String()
}

func dial(t *testing.T, addr string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	// A server that waits for the rest of a request is not waited for.
	if err := conn.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	return conn
}

// send writes what may be no whole request, and reads the answer.
func send(t *testing.T, addr string, parts ...string) (*http.Response, string) {
	t.Helper()
	conn := dial(t, addr)
	for _, part := range parts {
		if _, err := io.WriteString(conn, part); err != nil {
			t.Fatal(err)
		}
	}
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(body)
}

func TestOnlyUploadsAtTheDeskMayBeLarge(t *testing.T) {
	const (
		mega    = 1 << 20
		session = "Cookie: " + web.DeskCookie + "=abc\r\n"
		upload  = "/desk/orders/UC-1/receipts"
	)
	addr := listen(t, slog.New(slog.DiscardHandler))
	for name, c := range map[string]struct {
		path, header string
		length       int
		status       int
	}{
		"anonymous":                     {"/length", "", 8*mega + 1, 413},
		"anonymous, as much as may be":  {"/length", "", 8 * mega, 200},
		"an upload without a session":   {upload, "", 8*mega + 1, 413},
		"an upload with another cookie": {upload, "Cookie: " + web.VisitorCookie + "=abc\r\n", 8*mega + 1, 413},
		"a session, but no upload":      {"/length", session, 8*mega + 1, 413},
		"another path of the desk":      {"/desk/sign-in", session, 8*mega + 1, 413},
		"an upload":                     {upload, session, 33 * mega, 200},
		"an upload that is too large":   {upload, session, 40*mega + 1, 413},
	} {
		t.Run(name, func(t *testing.T) {
			request := []string{fmt.Sprintf("POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n%s\r\n", c.path, c.length, c.header)}
			if c.status == 200 { // what is refused is refused for its length alone
				request = append(request, strings.Repeat("a", c.length))
			}
			answer, body := send(t, addr, request...)
			if answer.StatusCode != c.status || c.status == 200 && body != strconv.Itoa(c.length) {
				t.Errorf("%d, want %d: %.200s", answer.StatusCode, c.status, body)
			}
		})
	}
	t.Run("in chunks", func(t *testing.T) {
		answer, _ := send(t, addr, fmt.Sprintf("POST /length HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n", 8*mega+1))
		if answer.StatusCode != 413 {
			t.Errorf("%d, want 413", answer.StatusCode)
		}
	})
	t.Run("the limit is the request's, not the connection's", func(t *testing.T) {
		large := strings.Repeat("a", 9*mega)
		conn := dial(t, addr)
		answers := bufio.NewReader(conn)
		for _, c := range []struct {
			request string
			status  int
		}{
			{fmt.Sprintf("POST %s HTTP/1.1\r\nHost: localhost\r\n%sContent-Length: %d\r\n\r\n%s", upload, session, len(large), large), 200},
			{fmt.Sprintf("POST /length HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n", len(large)), 413},
		} {
			if _, err := io.WriteString(conn, c.request); err != nil {
				t.Fatal(err)
			}
			answer, err := http.ReadResponse(answers, nil)
			if err != nil {
				t.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, answer.Body)
			if answer.StatusCode != c.status {
				t.Errorf("%d, want %d", answer.StatusCode, c.status)
			}
		}
	})
	t.Run("a form with 1 MB of text", func(t *testing.T) {
		text := strings.Repeat("%D9%BE", mega) // Persian, 2 bytes a letter
		answer, _ := send(t, addr, fmt.Sprintf("POST /form HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\ntext=", len(text)+5), text)
		if answer.StatusCode != 200 {
			t.Errorf("%d, want 200", answer.StatusCode)
		}
	})
}

func TestWhatIsNoRequestIsAnsweredLikeEverythingElse(t *testing.T) {
	const secret = "Cookie: " + web.DeskCookie + "=hush\r\n"
	for name, c := range map[string]struct {
		request string
		status  int
		logged  bool
	}{
		"too large":      {"POST /form HTTP/1.1\r\nHost: localhost\r\n" + secret + "Content-Length: 99999999\r\n\r\n", 413, true},
		"a large header": {"GET /ip?hush HTTP/1.1\r\nHost: localhost\r\n" + secret + "X: " + strings.Repeat("hush", 5000) + "\r\n\r\n", 431, true},
		"no request":     {"hush\r\n" + secret + "\r\n", 400, true},
		"a broken line":  {"GET /ip?hush HTTP/1.1\r\n" + secret + "Host localhost\r\n\r\n", 400, true},
		"unknown method": {"HUSH /ip HTTP/1.1\r\nHost: localhost\r\n" + secret + "\r\n", 400, false},
	} {
		t.Run(name, func(t *testing.T) {
			var log journal
			addr := listen(t, slog.New(slog.NewTextHandler(&log, nil)))
			answer, body := send(t, addr, c.request)
			if answer.StatusCode != c.status {
				t.Errorf("%d, want %d", answer.StatusCode, c.status)
			}
			for name, want := range map[string]string{
				"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "X-Frame-Options": "DENY",
				"Strict-Transport-Security": "max-age=63072000; includeSubDomains", "Set-Cookie": "",
			} {
				if got := answer.Header.Get(name); got != want {
					t.Errorf("%s is %q, want %q", name, got, want)
				}
			}
			if csp := answer.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") {
				t.Errorf("policy %q", csp)
			}
			if logged := strings.Contains(log.String(), "level=WARN") && strings.Contains(log.String(), fmt.Sprint("status=", c.status)); logged != c.logged {
				t.Errorf("the log: %q", log.String())
			}
			if strings.Contains(strings.ToLower(log.String()+body), "hush") {
				t.Errorf("what came is told: %s %s", log.String(), body)
			}
		})
	}
}

// journal is what was logged, read while others may still write.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(b []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(b)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}
