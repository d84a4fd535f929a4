package email_test

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http/httptest"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"pishkhan/internal/notify/email"
)

const (
	user     = "pishkhan@example.ir"
	password = `raz"-e-\mahramaneh+/=`
)

// server is a real SMTP server that keeps what it is given, and fails where
// it is told to.
type server struct {
	*smtp.Server
	port  int
	roots *x509.CertPool

	mu       sync.Mutex
	fails    map[string]error // by "EHLO", "AUTH", "MAIL", "RCPT", "DATA"
	drops    string           // "DATA", "end of DATA": where the connection breaks
	accepted []letter
}

// letter is what the server was given.
type letter struct {
	helo, from, to, user string
	tls                  bool
	content              []byte
}

// newServer returns a server that speaks TLS as mode says.
func newServer(t *testing.T, mode email.TLS) *server {
	t.Helper()
	s := &server{fails: map[string]error{}, roots: x509.NewCertPool()}
	s.Server = smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		return &session{server: s, conn: c}, s.failure("EHLO")
	}))
	s.ErrorLog = quiet{}
	s.AllowInsecureAuth = mode == email.NoTLS
	if mode != email.NoTLS {
		vouched := httptest.NewTLSServer(nil) // for its self-signed certificate
		vouched.Close()
		s.roots.AddCert(vouched.Certificate())
		s.TLSConfig = vouched.TLS.Clone()
		s.TLSConfig.NextProtos = nil
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.port = listener.Addr().(*net.TCPAddr).Port
	if mode == email.Implicit {
		listener = tls.NewListener(listener, s.TLSConfig)
	}
	go func() { _ = s.Serve(listener) }()
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// config is a Config for s.
func (s *server) config(mode email.TLS) email.Config {
	return email.Config{
		Host: "127.0.0.1", Port: s.port, TLS: mode, RootCAs: s.roots, Timeout: 5 * time.Second,
		From: netmail.Address{Name: "پیشخان", Address: "desk@pishkhan.example"},
	}
}

func (s *server) failure(stage string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fails[stage]
}

// fail makes the server answer stage with err.
func (s *server) fail(stage string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fails[stage] = err
}

// letters returns what the server has accepted.
func (s *server) letters() []letter {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.accepted
}

type session struct {
	server *server
	conn   *smtp.Conn
	letter letter
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, gotUser, gotPassword string) error {
		if err := s.server.failure("AUTH"); err != nil {
			return err
		}
		if gotUser != user || gotPassword != password {
			return smtp.ErrAuthFailed
		}
		s.letter.user = gotUser
		return nil
	}), nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	_, s.letter.tls = s.conn.TLSConnectionState()
	s.letter.helo, s.letter.from = s.conn.Hostname(), from
	return s.server.failure("MAIL")
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.letter.to = to
	return s.server.failure("RCPT")
}

func (s *session) Data(r io.Reader) error {
	if s.server.drops == "DATA" {
		_, _ = io.CopyN(io.Discard, r, 100)
		_ = s.conn.Conn().Close()
		return errors.New("broken")
	}
	content, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if err := s.server.failure("DATA"); err != nil {
		return err
	}
	s.letter.content = content
	s.server.mu.Lock()
	s.server.accepted = append(s.server.accepted, s.letter)
	s.server.mu.Unlock()
	if s.server.drops == "end of DATA" {
		_ = s.conn.Conn().Close()
	}
	return nil
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

// script is a server that answers the n-th line it hears with the n-th of
// replies, the greeting being the first; a message counts as one line. After
// the last reply it hangs up, or falls silent when silent is true.
func script(t *testing.T, silent bool, replies ...string) (port int, heard *bytes.Buffer) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	heard = &bytes.Buffer{}
	done := make(chan struct{})
	go func() {
		defer close(done)
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		lines := bufio.NewScanner(conn)
		for i, reply := range replies {
			if i > 0 {
				inData := strings.HasPrefix(replies[i-1], "354")
				for lines.Scan() {
					fmt.Fprintln(heard, lines.Text())
					if !inData || lines.Text() == "." {
						break
					}
				}
			}
			fmt.Fprintf(conn, "%s\r\n", reply)
		}
		if silent {
			for lines.Scan() {
				fmt.Fprintln(heard, lines.Text())
			}
		}
	}()
	t.Cleanup(func() { _ = listener.Close(); <-done })
	return listener.Addr().(*net.TCPAddr).Port, heard
}
