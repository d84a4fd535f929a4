package email

import (
	"bytes"
	"mime"
	"strings"

	"github.com/wneessen/go-mail"
)

// compose writes m down as the server will get it. The error is an *Error.
func (c *Client) compose(m Message) (*mail.Msg, error) {
	if err := m.check(); err != nil {
		return nil, err
	}
	config := c.config()
	// Base64 suits Persian: quoted-printable would be twice as long.
	letter := mail.NewMsg(mail.WithEncoding(mail.EncodingB64), mail.WithNoDefaultUserAgent())
	letter.FromMailAddress(&config.From)
	to, err := address(m.To)
	if err != nil {
		return nil, err
	}
	letter.ToMailAddress(to)
	if m.ReplyTo != "" {
		replyTo, err := address(m.ReplyTo)
		if err != nil {
			return nil, err
		}
		letter.ReplyToMailAddress(replyTo)
	}
	id := m.ID
	if !strings.Contains(id, "@") {
		id += "@" + config.domain()
	}
	letter.SetMessageIDWithValue(id)
	letter.SetDateWithValue(config.Clock.Now())
	letter.Subject(strings.Join(strings.Fields(m.Subject), " "))
	letter.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no holiday notes in answer
	if m.Lang != "" {
		letter.SetGenHeader(mail.HeaderContentLang, m.Lang)
	}
	letter.SetBodyString(mail.TypeTextPlain, lines(m.Text))
	if m.HTML != "" {
		letter.AddAlternativeString(mail.TypeTextHTML, lines(m.HTML))
	}
	for _, a := range m.Attachments {
		letter.AttachReadSeeker(a.Name, bytes.NewReader(a.Bytes), a.header)
	}
	return letter, nil
}

// lines ends every line as mail does.
func lines(s string) string {
	return strings.NewReplacer("\r\n", "\r\n", "\r", "\r\n", "\n", "\r\n").Replace(s)
}

// header names the attachment twice: as RFC 2231 wants it, and, for older
// programs, as an RFC 2047 word in Content-Type. go-mail itself knows but the
// latter, where the standard does not allow it.
func (a Attachment) header(f *mail.File) {
	name := strings.NewReplacer("/", "_", `\`, "_", `"`, "'").Replace(a.Name)
	old := strings.ReplaceAll(mime.BEncoding.Encode("UTF-8", name), "?= =?", "?=\r\n =?")
	f.Header.Set("Content-Type", a.MIME+";\r\n name=\""+old+`"`)
	f.Header.Set("Content-Disposition", strings.Replace(
		mime.FormatMediaType("attachment", map[string]string{"filename": name}), "; ", ";\r\n ", 1))
}
