package customers

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/customers/internal/sqlq"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/inet"
	"pishkhan/internal/iran"
	"pishkhan/internal/jalali"
	"pishkhan/internal/seal"
)

// Level is how much an identity case proves.
type Level string

// The levels, each with all that is below it.
const (
	Basic    Level = "basic"    // details that a reviewer has checked
	Document Level = "document" // and a picture of a document
)

// IdentityForm is what a customer says of themselves at checkout, as typed.
type IdentityForm struct {
	Name         string
	NationalCode string
	BirthDate    string // Jalali
	Mobile       string
	Email        string
	DocumentID   int64 // an attachment; 0: none
}

// Identity is a checked IdentityForm.
type Identity struct {
	Name         string
	NationalCode iran.NationalCode
	BirthDate    time.Time
	Mobile       string
	Email        string
	DocumentID   int64 // an attachment; 0: none
	ClientID     int64 // the client of the API that the document came with; 0: the browser
}

// Verdict is a reviewer's decision on an identity case; empty while it is open.
type Verdict string

// The verdicts.
const (
	Approved Verdict = "approved"
	Rejected Verdict = "rejected"
)

// Case is one submission of who somebody is.
type Case struct {
	ID          int64
	CustomerID  int64
	VisitorID   int64
	Name        string
	Email       string
	Mobile      string
	Lang        i18n.Lang
	BirthDate   time.Time
	Level       Level
	DocumentID  int64 // an attachment; 0: none
	NeedsCare   bool  // the national code was issued, but looks made up
	SubmittedAt time.Time
	Verdict     Verdict
	Reason      string
	DecidedAt   *time.Time
	sealed      []byte
}

// Check reads the form. It returns an Invalid fault that names each wrong
// field: name, national_code, birth_date, mobile, email.
func (f IdentityForm) Check(now time.Time) (Identity, error) {
	var wrong fault.Fields
	id := Identity{Name: strings.Join(strings.Fields(iran.MendText(f.Name)), " "), DocumentID: f.DocumentID}
	switch {
	case iran.WithoutMarks(id.Name) == "":
		wrong.Add("name", "customers.error.name_empty")
	case utf8.RuneCountInString(id.Name) > 100:
		wrong.Add("name", "customers.error.name_long", "max", 100)
	case strings.ContainsFunc(id.Name, func(r rune) bool { return unicode.IsDigit(r) || unicode.IsControl(r) }):
		wrong.Add("name", "customers.error.name_letters")
	}
	var err error
	if id.NationalCode, err = iran.ParseNationalCode(f.NationalCode); err != nil {
		wrong.AddErr("national_code", err)
	}
	if id.BirthDate, err = birthDate(f.BirthDate, now); err != nil {
		wrong.AddErr("birth_date", err)
	}
	if mobile, err := iran.ParseMobile(f.Mobile); err != nil {
		wrong.AddErr("mobile", err)
	} else {
		id.Mobile = mobile.String()
	}
	if email, ok := inet.ReadEmail(f.Email); ok {
		id.Email = strings.ToLower(email)
	} else {
		wrong.Add("email", "customers.error.email")
	}
	return id, wrong.Err()
}

// birthDate reads a Jalali date of somebody between 12 and 120 years old.
func birthDate(typed string, now time.Time) (time.Time, error) {
	date, err := jalali.Parse(typed)
	if err != nil {
		return time.Time{}, err
	}
	year, month, day := date.ToTime().Date()
	born := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	if born.After(now.AddDate(-12, 0, 0)) || born.Before(now.AddDate(-120, 0, 0)) {
		return time.Time{}, fault.New(fault.Invalid, "customers.error.birth_date_age")
	}
	return born, nil
}

// File submits an identity for review and returns its case, of level Document
// when a document comes along. The same details from the same browser, or from
// one in which the customer is signed in, are the same case, with its verdict,
// when it proves as much and was not rejected. NotFound: the document is not
// this browser's.
func (c *Customers) File(ctx context.Context, tx pgx.Tx, now time.Time, visitorID int64, id Identity, lang i18n.Lang) (Case, error) {
	q := sqlq.New(tx)
	level, document := Basic, (*int64)(nil)
	if id.DocumentID != 0 {
		level, document = Document, &id.DocumentID
		if err := c.ownPaper(ctx, tx, visitorID, id); err != nil {
			return Case{}, err
		}
	}
	customerID, err := customer(ctx, q, now, id.Mobile)
	if err != nil {
		return Case{}, fmt.Errorf("file identity: %w", err)
	}
	mac, err := c.keyring.MAC(ctx, tx, "identity_cases.national_code", id.NationalCode.String())
	if err != nil {
		return Case{}, fmt.Errorf("file identity: %w", err)
	}
	same, err := q.SameCase(ctx, sqlq.SameCaseParams{
		VisitorID: visitorID, CustomerID: customerID, NationalCodeMac: mac,
		BirthDate: id.BirthDate, Name: id.Name, Email: id.Email, DocumentID: document,
	})
	if err == nil {
		return c.Case(ctx, tx, same.ID)
	}
	if !errors.Is(err, pgx.ErrNoRows) {
		return Case{}, fmt.Errorf("file identity: %w", err)
	}
	caseID, err := q.InsertCase(ctx, sqlq.InsertCaseParams{
		CustomerID: customerID, VisitorID: visitorID, Name: id.Name, Email: id.Email, Lang: string(lang),
		NationalCodeMac: mac, BirthDate: id.BirthDate, NeedsCare: id.NationalCode.NeedsReview(), SubmittedAt: now,
		Level: string(level), DocumentID: document,
	})
	if err != nil {
		return Case{}, fmt.Errorf("file identity: %w", err)
	}
	sealed, err := c.keyring.Seal(ctx, tx, owner(caseID), purpose, nationalCodeOf(caseID), []byte(id.NationalCode.String()))
	if err != nil {
		return Case{}, fmt.Errorf("file identity: %w", err)
	}
	if err := q.SealCase(ctx, caseID, sealed); err != nil {
		return Case{}, fmt.Errorf("file identity: %w", err)
	}
	return c.Case(ctx, tx, caseID)
}

func (c *Customers) ownPaper(ctx context.Context, tx pgx.Tx, visitorID int64, id Identity) error {
	if id.ClientID != 0 {
		return c.papers.OwnByClient(ctx, tx, id.ClientID, []int64{id.DocumentID})
	}
	return c.papers.Own(ctx, tx, visitorID, []int64{id.DocumentID})
}

// NationalCode opens the sealed national code of a case, for its reviewer.
func (c *Customers) NationalCode(ctx context.Context, tx pgx.Tx, filed Case) (string, error) {
	code, err := c.keyring.Open(ctx, tx, owner(filed.ID), purpose, nationalCodeOf(filed.ID), filed.sealed)
	if err != nil {
		return "", fmt.Errorf("national code of case %d: %w", filed.ID, err)
	}
	return string(code), nil
}

const purpose = "identity"

// owner names the keyset of one case: destroying it destroys the papers of
// that case, and the customer can hand in others.
func owner(caseID int64) string { return fmt.Sprintf("identity:%d", caseID) }

func nationalCodeOf(caseID int64) seal.AssociatedData {
	return seal.AssociatedData{Table: "identity_cases", Row: caseID, Column: "national_code_sealed", Version: 1}
}
