package email_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"pishkhan/internal/notify/email"
)

func TestRefusalsAtEachStage(t *testing.T) {
	for _, stage := range []string{"MAIL", "RCPT", "DATA"} {
		for _, code := range []int{421, 450, 452, 550, 552, 554} {
			t.Run(fmt.Sprint(stage, code), func(t *testing.T) {
				s := newServer(t, email.NoTLS)
				s.fail(stage, &smtp.SMTPError{Code: code, Message: "mailbox\r\nof sara"})
				e := failure(t, s.config(email.NoTLS), done)
				if e.Code != code || e.Temporary() != (code < 500) || e.Unknown() || !strings.Contains(e.Error(), "mailbox") {
					t.Errorf("%v: code %d, temporary %v, unknown %v", e, e.Code, e.Temporary(), e.Unknown())
				}
				if want := map[string]string{"DATA": "end of DATA"}[stage]; e.Stage != stage && e.Stage != want {
					t.Errorf("stage %q", e.Stage)
				}
				if len(s.letters()) != 0 || strings.Contains(e.Error(), done.To) || strings.ContainsAny(e.Error(), "\r\n") {
					t.Errorf("accepted %d; %q", len(s.letters()), e.Error())
				}
			})
		}
	}
}

// A server that will not talk to us has not refused the message.
func TestRefusalsBeforeTheMessageAreTemporary(t *testing.T) {
	for _, stage := range []string{"EHLO", "AUTH"} {
		for _, code := range []int{421, 535, 554} {
			s := newServer(t, email.NoTLS)
			s.fail(stage, &smtp.SMTPError{Code: code, Message: "go away"})
			config := s.config(email.NoTLS)
			config.User, config.Password = user, password
			if e := failure(t, config, done); e.Stage != "connect" || !e.Temporary() || e.Unknown() {
				t.Errorf("%s %d: %v: temporary %v, unknown %v", stage, code, e, e.Temporary(), e.Unknown())
			}
		}
	}
	for _, greeting := range []string{"421 too busy", "554 no service", "what?"} {
		port, _ := script(t, false, greeting)
		if e := failure(t, at(port), done); e.Stage != "connect" || !e.Temporary() || e.Unknown() {
			t.Errorf("%s: %v", greeting, e)
		}
	}
	nobody, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = nobody.Close()
	if e := failure(t, at(nobody.Addr().(*net.TCPAddr).Port), done); e.Stage != "connect" || !e.Temporary() || e.Unknown() {
		t.Errorf("nobody listens: %v", e)
	}
}

func TestABrokenConnectionAfterDataIsUnknown(t *testing.T) {
	for _, where := range []string{"DATA", "end of DATA"} {
		s := newServer(t, email.NoTLS)
		s.drops = where
		m := done
		m.Attachments = []email.Attachment{{Name: "a.bin", MIME: "application/octet-stream", Bytes: make([]byte, 4<<20)}}
		for range 2 {
			if e := failure(t, s.config(email.NoTLS), m); !e.Unknown() || !e.Temporary() {
				t.Errorf("%s: %v: unknown %v, temporary %v", where, e, e.Unknown(), e.Temporary())
			}
		}
		if where == "DATA" {
			if len(s.letters()) != 0 {
				t.Error("half a message was accepted")
			}
			continue
		}
		// Both tries arrived, and can be told to be the same.
		first, _ := read(t, s.letters()[0].content)
		second, _ := read(t, s.letters()[1].content)
		if id := first.Get("Message-Id"); id == "" || id != second.Get("Message-Id") {
			t.Errorf("the tries are %q and %q", id, second.Get("Message-Id"))
		}
	}
}

func TestScriptedEnds(t *testing.T) {
	const greeting, hello, ok, goOn = "220 hi", "250 hi", "250 ok", "354 go on"
	for name, c := range map[string]struct {
		silent             bool
		replies            []string
		temporary, unknown bool
	}{
		"silent before MAIL":   {true, []string{greeting, hello}, true, false},
		"silent after DATA":    {true, []string{greeting, hello, ok, ok, goOn}, true, true},
		"hangs up after RCPT":  {false, []string{greeting, hello, ok, ok}, true, false},
		"refuses DATA":         {false, []string{greeting, hello, ok, ok, "451 later"}, true, false},
		"refuses DATA at last": {false, []string{greeting, hello, ok, ok, "554 no"}, false, false},
		"babbles at the end":   {false, []string{greeting, hello, ok, ok, goOn, "what?"}, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			port, heard := script(t, c.silent, c.replies...)
			config := at(port)
			config.Timeout = 300 * time.Millisecond
			if e := failure(t, config, done); e.Temporary() != c.temporary || e.Unknown() != c.unknown {
				t.Errorf("%v: temporary %v, unknown %v; heard\n%.200s", e, e.Temporary(), e.Unknown(), heard)
			}
		})
	}
	// Once it has accepted the message, the server may do as it pleases.
	port, _ := script(t, false, greeting, hello, ok, ok, goOn, ok)
	send(t, at(port), done)
	port, _ = script(t, true, greeting, hello, ok, ok, goOn, ok)
	send(t, at(port), done)
}

func TestSendEndsWithItsContext(t *testing.T) {
	port, _ := script(t, true, "220 hi", "250 hi", "250 ok")
	client, err := email.New(at(port))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := client.Send(ctx, done); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestNoFieldBendsTheHeader(t *testing.T) {
	s := newServer(t, email.NoTLS)
	for _, poison := range []string{"a\r\nBcc: eve@example.com", "a\nBcc: eve@example.com", "a\rb", "a\x00b", "a\xffb", "a\r\n\r\nbody"} {
		for name, change := range map[string]func(*email.Message){
			"id":       func(m *email.Message) { m.ID = poison },
			"to":       func(m *email.Message) { m.To = poison + "@example.com" },
			"to name":  func(m *email.Message) { m.To = `"` + poison + `" <sara@example.com>` },
			"to after": func(m *email.Message) { m.To = "sara@example.com" + poison[1:] },
			"reply to": func(m *email.Message) { m.ReplyTo = `"` + poison + `" <sara@example.com>` },
			"subject":  func(m *email.Message) { m.Subject = poison },
			"lang":     func(m *email.Message) { m.Lang = poison },
			"file":     func(m *email.Message) { m.Attachments = []email.Attachment{{Name: poison, MIME: "image/png"}} },
			"type":     func(m *email.Message) { m.Attachments = []email.Attachment{{Name: "a", MIME: "image/" + poison}} },
		} {
			m := done
			change(&m)
			if e := failure(t, s.config(email.NoTLS), m); e.Temporary() || e.Unknown() || e.Stage != "message" {
				t.Errorf("%s %q: %v", name, poison, e)
			}
		}
	}
	for name, change := range map[string]func(*email.Message){
		"no id":                func(m *email.Message) { m.ID = "" },
		"an id with a space":   func(m *email.Message) { m.ID = "a b" },
		"an id with a bracket": func(m *email.Message) { m.ID = "a>b" },
		"nobody":               func(m *email.Message) { m.To = "" },
		"two people":           func(m *email.Message) { m.To = "a@example.com, b@example.com" },
		"not ASCII":            func(m *email.Message) { m.To = "سارا@example.com" },
		"no subject":           func(m *email.Message) { m.Subject = " " },
		"a long subject":       func(m *email.Message) { m.Subject = strings.Repeat("x", 256) },
		"no text":              func(m *email.Message) { m.Text = "" },
		"a nameless file":      func(m *email.Message) { m.Attachments = []email.Attachment{{MIME: "image/png"}} },
		"a file of no type":    func(m *email.Message) { m.Attachments = []email.Attachment{{Name: "a"}} },
		"a multipart file":     func(m *email.Message) { m.Attachments = []email.Attachment{{Name: "a", MIME: "multipart/mixed"}} },
	} {
		m := done
		change(&m)
		if e := failure(t, s.config(email.NoTLS), m); e.Temporary() || e.Stage != "message" {
			t.Errorf("%s: %v", name, e)
		}
	}
	if len(s.letters()) != 0 {
		t.Errorf("%d messages were accepted", len(s.letters()))
	}
}

func TestThePasswordIsNotShown(t *testing.T) {
	plain := base64.StdEncoding.EncodeToString([]byte("\x00" + user + "\x00" + password))
	alone := base64.StdEncoding.EncodeToString([]byte(password))
	var seen bytes.Buffer
	show := func(v any) {
		fmt.Fprintf(&seen, "%v %+v %#v %s %q\n", v, v, v, v, v)
		slog.New(slog.NewTextHandler(&seen, nil)).Error("failed", "v", v)
		slog.New(slog.NewJSONHandler(&seen, nil)).Error("failed", "v", v)
		marshalled, _ := json.Marshal(v)
		seen.Write(marshalled)
	}
	for _, echo := range []string{password, plain, alone} {
		port, _ := script(t, false, "220 hi", "250-hi\r\n250 AUTH PLAIN", "535 wrong: "+echo)
		config := at(port)
		config.User, config.Password = user, password
		client, err := email.New(config)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range []any{config, &config, struct{ Mail email.Config }{config}, client, *client} {
			show(v)
		}
		for err := client.Send(t.Context(), done); err != nil; err = errors.Unwrap(err) {
			show(err)
		}
	}
	if !strings.Contains(seen.String(), `535 "wrong: ***"`) {
		t.Errorf("no reply in %s", seen.String())
	}
	for _, secret := range []string{password, plain, alone} {
		if strings.Contains(seen.String(), secret) {
			t.Errorf("%q is in %s", secret, seen.String())
		}
	}
}

// at is a Config for a scripted server.
func at(port int) email.Config {
	return (&server{port: port}).config(email.NoTLS)
}

// failure sends m and returns the *email.Error that every error is.
func failure(t *testing.T, config email.Config, m email.Message) *email.Error {
	t.Helper()
	client, err := email.New(config)
	if err != nil {
		t.Fatal(err)
	}
	var e *email.Error
	if err := client.Send(t.Context(), m); !errors.As(err, &e) {
		t.Fatalf("got %v, want an *email.Error", err)
	}
	return e
}
