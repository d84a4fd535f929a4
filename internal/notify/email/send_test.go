package email_test

import (
	"bytes"
	"crypto/x509"
	"io"
	"mime"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-message/mail"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"pishkhan/internal/clock"
	"pishkhan/internal/notify/email"
)

// receipt is a file with every byte in it, and lines that a mail server could trip over.
var receipt = append(func() (all []byte) {
	for i := range 3000 {
		all = append(all, byte(i), byte(i>>8))
	}
	return all
}(), "\r\n.\r\n..\n\rFrom x\r\n--boundary\r\n"...)

var done = email.Message{
	ID: "order-41-done", To: "sara@example.com", ReplyTo: "پشتیبانی <help@pishkhan.example>", Lang: "fa",
	Subject: "سفارش P-4821 شما انجام شد: ثبت‌نام آزمون آیلتس، رسید آن پیوست همین نامه است",
	Text:    "سلام سارا\n.\nسفارش شما انجام شد.\n",
	HTML:    `<p dir="rtl">سفارش شما <b>انجام</b> شد.</p>`,
	Attachments: []email.Attachment{
		{Name: "رسید ثبت‌نام آیلتس ۱۴۰۵، نسخهٔ نهایی برای خانم سارا محمدی.pdf", MIME: "application/pdf", Bytes: receipt},
		{Name: `re"ceipt; a=b, 100%.png`, MIME: "image/png", Bytes: []byte{}},
	},
}

func TestSendDeliversTheMessageWhole(t *testing.T) {
	s := newServer(t, email.NoTLS)
	config := s.config(email.NoTLS)
	at := time.Date(2026, 9, 26, 10, 15, 0, 0, time.UTC)
	config.Clock = clock.At(at)
	send(t, config, done)

	got := s.letters()
	if len(got) != 1 || got[0].from != "desk@pishkhan.example" || got[0].to != "sara@example.com" || got[0].helo != "pishkhan.example" {
		t.Fatalf("accepted %d: %+v", len(got), got)
	}
	header, parts := read(t, got[0].content)
	if subject, err := header.Subject(); err != nil || subject != done.Subject {
		t.Errorf("subject %q, %v", subject, err)
	}
	for name, want := range map[string]string{
		"From": "پیشخان <desk@pishkhan.example>", "To": " <sara@example.com>", "Reply-To": "پشتیبانی <help@pishkhan.example>",
	} {
		list, err := header.AddressList(name)
		if err != nil || len(list) != 1 || list[0].Name+" <"+list[0].Address+">" != want {
			t.Errorf("%s: %v, %v", name, list, err)
		}
	}
	for name, want := range map[string]string{
		"Message-Id": "<order-41-done@pishkhan.example>", "Auto-Submitted": "auto-generated", "Content-Language": "fa",
	} {
		if header.Get(name) != want {
			t.Errorf("%s: %q", name, header.Get(name))
		}
	}
	if date, err := header.Date(); err != nil || !date.Equal(at) {
		t.Errorf("date %v, %v", date, err)
	}
	want := []part{
		{"text/plain", "", []byte(strings.ReplaceAll(done.Text, "\n", "\r\n"))},
		{"text/html", "", []byte(done.HTML)},
		{"application/pdf", done.Attachments[0].Name, receipt},
		{"image/png", `re'ceipt; a=b, 100%.png`, nil},
	}
	if diff := cmp.Diff(want, parts, cmp.AllowUnexported(part{})); diff != "" {
		t.Error(diff)
	}
}

// No line may be longer than 998 characters, and the header is plain ASCII.
func TestTheMessageKeepsToTheRulesOfMail(t *testing.T) {
	s := newServer(t, email.NoTLS)
	m := done
	m.Attachments = []email.Attachment{{Name: strings.Repeat("ر", 125) + ".pdf", MIME: "text/plain; charset=utf-8", Bytes: receipt}}
	m.Subject = strings.Repeat("ن", 255)
	send(t, s.config(email.NoTLS), m)
	content := s.letters()[0].content
	for line := range bytes.Lines(content) {
		if len(line) > 1000 || !bytes.HasSuffix(line, []byte("\r\n")) {
			t.Errorf("line of %d bytes: %.80q", len(line), line)
		}
		if bytes.ContainsFunc(line, func(r rune) bool { return r > 126 }) {
			t.Errorf("not ASCII: %.80q", line)
		}
	}
	structure := string(content)
	for _, want := range []string{"multipart/mixed", "multipart/alternative", `filename*=utf-8''%D8%B1`, `name="=?UTF-8?b?`} {
		if !strings.Contains(structure, want) {
			t.Errorf("no %q in\n%.3000s", want, structure)
		}
	}
	// Older programs take the name from Content-Type, as RFC 2047 words.
	_, after, _ := strings.Cut(structure, `name="`)
	words, _, _ := strings.Cut(after, `"`)
	name, err := new(mime.WordDecoder).DecodeHeader(strings.ReplaceAll(words, "\r\n", ""))
	if err != nil || name != m.Attachments[0].Name {
		t.Errorf("the old way to name it: %q, %v", name, err)
	}
}

func TestAPlainMessageAndAGivenDomain(t *testing.T) {
	s := newServer(t, email.NoTLS)
	send(t, s.config(email.NoTLS), email.Message{ID: "7@elsewhere.example", To: "Sara M <sara@example.com>", Subject: "Done", Text: "Your order is done."})
	header, parts := read(t, s.letters()[0].content)
	if header.Get("Message-Id") != "<7@elsewhere.example>" || header.Get("Subject") != "Done" || header.Has("Content-Language") {
		t.Errorf("header %+v", header)
	}
	if diff := cmp.Diff([]part{{"text/plain", "", []byte("Your order is done.")}}, parts, cmp.AllowUnexported(part{})); diff != "" {
		t.Error(diff)
	}
}

// Whatever the subject, the names and the bytes are, they arrive as they are.
func TestAnyMessageArrivesAsItIs(t *testing.T) {
	s := newServer(t, email.NoTLS)
	client, err := email.New(s.config(email.NoTLS))
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(r *rapid.T) {
		m := email.Message{
			ID: "x", To: "sara@example.com", Text: "x",
			Subject:     rapid.StringMatching(`[آ-ی۰-۹a-z.:,!()-]{1,30}( [آ-ی‌😀a-z0-9&%]{1,60}){0,4}`).Draw(r, "subject"),
			Attachments: []email.Attachment{{Name: rapid.StringMatching(`[آ-ی‌😀a-z0-9 '(),;=%*]{1,50}\.pdf`).Draw(r, "name"), MIME: "application/pdf", Bytes: rapid.SliceOf(rapid.Byte()).Draw(r, "bytes")}},
		}
		if err := client.Send(t.Context(), m); err != nil {
			r.Fatal(err)
		}
		letters := s.letters()
		header, parts := read(t, letters[len(letters)-1].content)
		subject, err := header.Subject()
		if err != nil || subject != m.Subject {
			r.Fatalf("subject %q, %v, want %q", subject, err, m.Subject)
		}
		if parts[1].name != m.Attachments[0].Name || !bytes.Equal(parts[1].content, m.Attachments[0].Bytes) {
			r.Fatalf("attachment %q, want %q", parts[1].name, m.Attachments[0].Name)
		}
	})
}

func TestSendOverTLSAndSignedIn(t *testing.T) {
	for _, mode := range []email.TLS{email.StartTLS, email.Implicit, email.NoTLS} {
		t.Run(string(mode), func(t *testing.T) {
			s := newServer(t, mode)
			config := s.config(mode)
			config.User, config.Password = user, password
			send(t, config, done)
			if got := s.letters()[0]; got.tls != (mode != email.NoTLS) || got.user != user {
				t.Errorf("TLS %v, user %q", got.tls, got.user)
			}
			if mode == email.NoTLS {
				return
			}
			config.RootCAs = x509.NewCertPool() // nobody vouches for the server
			if e := failure(t, config, done); !e.Temporary() || e.Unknown() || e.Stage != "connect" {
				t.Errorf("a stranger's server: %v", e)
			}
			if len(s.letters()) != 1 {
				t.Error("a stranger's server was given the message")
			}
		})
	}
}

func TestStartTLSIsNotOptional(t *testing.T) {
	s := newServer(t, email.NoTLS)
	config := s.config(email.StartTLS)
	config.User, config.Password = user, password
	if e := failure(t, config, done); !e.Temporary() || e.Unknown() || len(s.letters()) != 0 {
		t.Errorf("a server without STARTTLS: %v", e)
	}
}

func TestNewRefusesAWrongConfig(t *testing.T) {
	good := email.Config{Host: "mail.example.com", From: netmail.Address{Address: "desk@pishkhan.example"}}
	if _, err := email.New(good); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*email.Config){
		"no host":                 func(c *email.Config) { c.Host = "" },
		"clear text to elsewhere": func(c *email.Config) { c.TLS = email.NoTLS },
		"an unknown TLS":          func(c *email.Config) { c.TLS = "ssl" },
		"no sender":               func(c *email.Config) { c.From.Address = "" },
		"a name in the address":   func(c *email.Config) { c.From.Address = "Desk <desk@pishkhan.example>" },
		"no domain":               func(c *email.Config) { c.From.Address = "desk" },
		"a line in the name":      func(c *email.Config) { c.From.Name = "a\r\nBcc: b@c.d" },
		"a line in the address":   func(c *email.Config) { c.From.Address = "a@b.c\r\nBcc: b@c.d" },
		"a password and no user":  func(c *email.Config) { c.Password = password },
	} {
		config := good
		change(&config)
		if _, err := email.New(config); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

// part is one part of a message: the words in one form, or a file.
type part struct {
	kind, name string
	content    []byte
}

// read takes a message apart.
func read(t *testing.T, content []byte) (mail.Header, []part) {
	t.Helper()
	r, err := mail.CreateReader(bytes.NewReader(content))
	if err != nil {
		t.Fatalf("%v in\n%s", err, content)
	}
	var parts []part
	for {
		p, err := r.NextPart()
		if err == io.EOF {
			return r.Header, parts
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, content)
		}
		var read part
		switch h := p.Header.(type) {
		case *mail.InlineHeader:
			read.kind, _, err = h.ContentType()
		case *mail.AttachmentHeader:
			read.kind, _, _ = h.ContentType()
			read.name, err = h.Filename()
		}
		if err != nil {
			t.Fatal(err)
		}
		if b, err := io.ReadAll(p.Body); err != nil {
			t.Fatal(err)
		} else if len(b) > 0 {
			read.content = b
		}
		parts = append(parts, read)
	}
}

func send(t *testing.T, config email.Config, m email.Message) {
	t.Helper()
	client, err := email.New(config)
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
}
