package customers

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"regexp"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/customers/internal/sqlq"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/iran"
	"pishkhan/internal/notify"
	"pishkhan/internal/seal"
)

// codeLife is how long a code may be typed.
const codeLife = 5 * time.Minute

// AskForCode sends a code to a mobile number, by SMS, with which this browser
// and no other may sign in within five minutes. The answer is the same
// whether the number is known or not.
//
// It returns an Invalid fault of the field "mobile" (iran.error.mobile), and
// TooMany (customers.error.code_throttled, minutes: until the next try) for a
// number or a network that has asked for too many.
func (c *Customers) AskForCode(ctx context.Context, visitorID int64, typedMobile string, lang i18n.Lang, ip string) error {
	mobile, err := iran.ParseMobile(typedMobile)
	if err != nil {
		var wrong fault.Fields
		wrong.AddErr("mobile", err)
		return wrong.Err()
	}
	return db.InTx(ctx, c.pool, func(ctx context.Context, tx pgx.Tx) error {
		now, from := c.clock.Now(), network(ip)
		if err := throttle(ctx, tx, now, mobile, from); err != nil {
			return err
		}
		q := sqlq.New(tx)
		if err := q.DropSpentCodes(ctx, now); err != nil {
			return fmt.Errorf("ask for a code: %w", err)
		}
		id, err := q.InsertCode(ctx, sqlq.InsertCodeParams{
			VisitorID: visitorID, Mobile: mobile.String(), Ip: from, RequestedAt: now, ExpiresAt: now.Add(codeLife),
		})
		if err != nil {
			return fmt.Errorf("ask for a code: %w", err)
		}
		if err := c.draw(ctx, tx, id); err != nil {
			return fmt.Errorf("ask for a code: %w", err)
		}
		return c.notices.Enqueue(ctx, tx, now, notify.Message{
			BusinessKey: fmt.Sprintf("signin:%d:sms", id), Kind: notify.SigninCode, Channel: notify.SMS,
			Recipient: mobile.String(), Lang: lang, Detail: notify.Detail{Signin: id},
		})
	})
}

// draw makes up a code. What is kept of it is a tag, by which the typed one
// is checked, and the code itself, sealed, until it is used or over: the SMS
// is composed of it when it is sent.
func (c *Customers) draw(ctx context.Context, tx pgx.Tx, id int64) error {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return err
	}
	code := fmt.Sprintf("%06d", n)
	mac, err := c.codeMAC(ctx, tx, id, code)
	if err != nil {
		return err
	}
	sealed, err := c.keyring.Seal(ctx, tx, codeOwner, codePurpose, codeAt(id), []byte(code))
	if err != nil {
		return err
	}
	return sqlq.New(tx).SealCode(ctx, mac, sealed, id)
}

func (c *Customers) codeMAC(ctx context.Context, tx pgx.Tx, id int64, code string) ([]byte, error) {
	return c.keyring.MAC(ctx, tx, "signin_codes.code", fmt.Sprintf("%d:%s", id, code))
}

// Code opens a sign-in code for who sends it, or shows what would have been
// sent. It is NotFound once it was used, mistyped too often or has run out.
func (c *Customers) Code(ctx context.Context, id int64) (seal.Secret, error) {
	var code []byte
	err := db.InTx(ctx, c.pool, func(ctx context.Context, tx pgx.Tx) error {
		row, err := sqlq.New(tx).CodeByID(ctx, id)
		if errors.Is(err, pgx.ErrNoRows) || err == nil && (!live(row, c.clock.Now()) || row.CodeSealed == nil) {
			return fault.New(fault.NotFound, "customers.error.code_over")
		}
		if err != nil {
			return fmt.Errorf("sign-in code %d: %w", id, err)
		}
		code, err = c.keyring.Open(ctx, tx, codeOwner, codePurpose, codeAt(id), row.CodeSealed)
		return err
	})
	if err != nil {
		return seal.Secret{}, err
	}
	return seal.NewSecret(string(code)), nil
}

// Asked is the request for a code that a browser made last.
type Asked struct {
	Mobile    string
	ExpiresAt time.Time
	AgainAt   time.Time // when the next code for that number may be asked for
}

// Asked returns what this browser waits for: NotFound when it asked for no
// code, or the last one was used or has run out.
func (c *Customers) Asked(ctx context.Context, visitorID int64) (Asked, error) {
	row, err := sqlq.New(c.pool).LatestCode(ctx, visitorID)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && (row.UsedAt != nil || !c.clock.Now().Before(row.ExpiresAt)) {
		return Asked{}, fault.New(fault.NotFound, "customers.error.code_over")
	}
	if err != nil {
		return Asked{}, fmt.Errorf("code of visitor %d: %w", visitorID, err)
	}
	return Asked{Mobile: row.Mobile, ExpiresAt: row.ExpiresAt, AgainAt: row.RequestedAt.Add(perPair[0].within)}, nil
}

// One keyset seals all codes: they live for minutes.
const (
	codeOwner   = "system"
	codePurpose = "signin"
)

func codeAt(id int64) seal.AssociatedData {
	return seal.AssociatedData{Table: "signin_codes", Row: id, Column: "code_sealed", Version: 1}
}

var sixDigits = regexp.MustCompile(`^[0-9]{6}$`)

func isCode(s string) bool { return sixDigits.MatchString(s) }
