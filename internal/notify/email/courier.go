package email

import (
	"context"
	"crypto/tls"
	"net"

	"github.com/wneessen/go-mail"
)

// courier returns go-mail's client for one message. Its connection closes
// with ctx: go-mail leaves it open after a failed greeting, and does not heed
// a context once it is open.
func (c *Client) courier(ctx context.Context) (*mail.Client, error) {
	config := c.config()
	private := &tls.Config{ServerName: config.Host, RootCAs: config.RootCAs, MinVersion: tls.VersionTLS12}
	dial := (&net.Dialer{}).DialContext
	options := []mail.Option{
		mail.WithPort(config.Port), mail.WithTimeout(config.Timeout), mail.WithHELO(config.domain()),
		mail.WithTLSConfig(private), mail.WithoutSMTPUTF8(), mail.WithoutNoop(), mail.WithoutRset(),
	}
	switch config.TLS {
	case StartTLS:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	case Implicit:
		options = append(options, mail.WithSSL())
		dial = (&tls.Dialer{Config: private}).DialContext
	case NoTLS:
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	}
	if config.User != "" {
		options = append(options, mail.WithUsername(config.User), mail.WithPassword(config.Password),
			mail.WithOpportunisticSMTPAuth(mail.SMTPAuthPlain, mail.SMTPAuthLogin, mail.SMTPAuthSCRAMSHA256, mail.SMTPAuthCramMD5))
	}
	options = append(options, mail.WithDialContextFunc(func(dialCtx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(dialCtx, network, address)
		if err == nil {
			context.AfterFunc(ctx, func() { _ = conn.Close() })
		}
		return conn, err
	}))
	return mail.NewClient(config.Host, options...)
}
