package e2e_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-message/mail"
	"github.com/emersion/go-smtp"
)

// letter is an e-mail as it arrived.
type letter struct {
	to, subject, text, html string
	files                   map[string][]byte
}

// mailbox is an SMTP server that keeps what it is given.
type mailbox struct {
	mu      sync.Mutex
	letters []letter
	env     []string
}

func newMailbox(t *testing.T) *mailbox {
	t.Helper()
	box := &mailbox{}
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{box: box}, nil }))
	server.Domain, server.AllowInsecureAuth = "mail.test", true
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(listener) }() // ends with Close
	t.Cleanup(func() { _ = server.Close() })
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	box.env = []string{
		"PISHKHAN_SMTP_HOST=127.0.0.1", "PISHKHAN_SMTP_PORT=" + port, "PISHKHAN_SMTP_TLS=none",
		"PISHKHAN_SMTP_FROM=UpCard <orders@upcard.example>",
	}
	return box
}

type session struct {
	box *mailbox
	to  string
}

func (s *session) Mail(string, *smtp.MailOptions) error { return nil }
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = to
	return nil
}
func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

func (s *session) Data(r io.Reader) error {
	l := letter{to: s.to, files: map[string][]byte{}}
	reader, err := mail.CreateReader(r)
	if err != nil {
		return err
	}
	if l.subject, err = reader.Header.Subject(); err != nil {
		return err
	}
	for {
		part, err := reader.NextPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		content, err := io.ReadAll(part.Body)
		if err != nil {
			return err
		}
		switch h := part.Header.(type) {
		case *mail.AttachmentHeader:
			name, err := h.Filename()
			if err != nil {
				return err
			}
			l.files[name] = content
		case *mail.InlineHeader:
			if kind, _, _ := h.ContentType(); kind == "text/html" {
				l.html = string(content)
			} else {
				l.text = string(content)
			}
		}
	}
	s.box.mu.Lock()
	defer s.box.mu.Unlock()
	s.box.letters = append(s.box.letters, l)
	return nil
}

// about waits for the e-mails that mention a word, and returns them.
func (b *mailbox) about(t *testing.T, word string) []letter {
	t.Helper()
	return await(t, func() (found []letter) {
		b.mu.Lock()
		defer b.mu.Unlock()
		for _, l := range b.letters {
			if strings.Contains(l.subject, word) {
				found = append(found, l)
			}
		}
		return found
	})
}

// text is an SMS as it arrived.
type text struct{ to, message, localID string }

// telephone is a double of the SMS provider: one message a localid.
type telephone struct {
	mu    sync.Mutex
	texts []text
	env   []string
}

func newTelephone(t *testing.T) *telephone {
	t.Helper()
	phone := &telephone{}
	server := httptest.NewServer(http.HandlerFunc(phone.answer))
	t.Cleanup(server.Close)
	phone.env = []string{"PISHKHAN_KAVENEGAR_API_KEY=0123456789abcdef", "PISHKHAN_KAVENEGAR_BASE_URL=" + server.URL}
	return phone
}

func (p *telephone) answer(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	entry := map[string]any{"messageid": 1, "status": 100, "statustext": "", "receptor": "", "message": "", "cost": 1}
	localID := r.FormValue("localid")
	at := -1
	for i, seen := range p.texts {
		if seen.localID == localID {
			at = i
		}
	}
	if strings.HasSuffix(r.URL.Path, "/sms/send.json") && at < 0 {
		p.texts = append(p.texts, text{to: r.FormValue("receptor"), message: r.FormValue("message"), localID: localID})
		at = len(p.texts) - 1
	}
	if at >= 0 {
		entry["messageid"], entry["status"], entry["localid"] = 1000+at, 1, localID
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{
		"return": map[string]any{"status": 200, "message": "ok"}, "entries": []any{entry},
	})
}

// about waits for the SMS that mention a word, and returns them.
func (p *telephone) about(t *testing.T, word string) []text {
	t.Helper()
	return await(t, func() (found []text) {
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, seen := range p.texts {
			if strings.Contains(seen.message, word) {
				found = append(found, seen)
			}
		}
		return found
	})
}

// await waits for the first findings, and a little for more than there should be.
func await[T any](t *testing.T, find func() []T) []T {
	t.Helper()
	for limit := time.Now().Add(30 * time.Second); len(find()) == 0; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatal("no message came")
		}
	}
	time.Sleep(300 * time.Millisecond)
	return find()
}

// receiptPDF is a document that is told from every other.
func receiptPDF(mark string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%%PDF-1.4\n%% %s\n1 0 obj\n<< /Type /Catalog >>\nendobj\n", mark)
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 1 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", xref)
	return b.Bytes()
}
