package attachments

import (
	"bytes"
	"context"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/attachments/internal/sqlq"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/receipts"
)

// MaxBytes is the largest file that is accepted.
const MaxBytes = receipts.MaxBytes

// quota is what one owner may hand in within a day.
type quota struct {
	files int64
	bytes int64
}

// A person needs few files; a shop front hands in those of all its customers.
var (
	ofVisitor = quota{files: 60, bytes: 200 << 20}
	ofClient  = quota{files: 2_000, bytes: 4 << 30}
	ofMember  = quota{files: 500, bytes: 2 << 30}
	ofAddress = quota{files: 200, bytes: 1 << 30} // an office, or all the browsers that a cheat makes up
)

const day = 24 * time.Hour

// owner is whose a file is: exactly one of the three IDs. A visitor's comes
// from an address.
type owner struct {
	visitorID, clientID, memberID *int64
	address                       *string
	quota                         quota
}

// Keep checks a file from a browser at the address ip and keeps it. The check is that of
// receipts.Inspect: a PDF as it is, a picture encoded anew.
//
// What is wrong with the file is an Invalid fault (attachments.error.empty,
// kind, mismatch, pixels, damaged, size) for whichever input it came from:
// fault.Fields.AddErr puts it there. TooMany says that the browser, or the
// address, has handed in enough for a day.
func (a *Attachments) Keep(ctx context.Context, visitorID int64, ip, name string, content []byte) (Attachment, error) {
	address := network(ip)
	return a.keep(ctx, owner{visitorID: &visitorID, address: &address, quota: ofVisitor}, name, content)
}

// network is what one household has: an IPv4 address, or a /64 of IPv6.
func network(ip string) string {
	addr, err := netip.ParseAddr(ip)
	if err != nil {
		return ip
	}
	addr = addr.Unmap().WithZone("")
	if addr.Is4() {
		return addr.String()
	}
	return netip.PrefixFrom(addr, 64).Masked().String()
}

// KeepForClient is Keep for a client of the API, whose quota is larger.
func (a *Attachments) KeepForClient(ctx context.Context, clientID int64, name string, content []byte) (Attachment, error) {
	return a.keep(ctx, owner{clientID: &clientID, quota: ofClient}, name, content)
}

func (a *Attachments) keep(ctx context.Context, o owner, name string, content []byte) (kept Attachment, err error) {
	s, err := a.store(ctx, o, name, content)
	if err != nil {
		return Attachment{}, err
	}
	err = db.InTx(ctx, a.pool, func(ctx context.Context, tx pgx.Tx) error {
		kept, err = s.add(ctx, tx, a.clock.Now())
		return err
	})
	return kept, err
}

// stored is a checked file that is in the blob store, and in nobody's
// attachments yet.
type stored struct {
	owner owner
	file  receipts.File
	key   string // of its bytes
}

// store checks a file and puts it in the blob store; add then makes it an
// attachment. Where nobody adds it, its sealed bytes are left behind: no row
// leads to them, and the same file takes them up when it is sent again.
func (a *Attachments) store(ctx context.Context, o owner, name string, content []byte) (stored, error) {
	// Asked before as well: what is refused is neither decoded nor written.
	if err := o.spare(ctx, a.pool, a.clock.Now(), int64(len(content))); err != nil {
		return stored{}, err
	}
	file, err := receipts.Inspect(name, content)
	if err != nil {
		return stored{}, refusal(err)
	}
	ref, err := a.blobs.Put(ctx, bytes.NewReader(file.Bytes), int64(len(file.Bytes)))
	if err != nil {
		return stored{}, fmt.Errorf("keep attachment: %w", err)
	}
	return stored{owner: o, file: file, key: ref.Key}, nil
}

// add makes a stored file an attachment of its owner's; TooMany above the quota.
func (s stored) add(ctx context.Context, tx pgx.Tx, now time.Time) (Attachment, error) {
	q, o, size := sqlq.New(tx), s.owner, int64(len(s.file.Bytes))
	if err := q.LockOwner(ctx, o.String()); err != nil {
		return Attachment{}, fmt.Errorf("keep attachment: %w", err)
	}
	if o.address != nil { // always after the owner: no two wait for each other
		if err := q.LockOwner(ctx, "address:"+*o.address); err != nil {
			return Attachment{}, fmt.Errorf("keep attachment: %w", err)
		}
	}
	if err := o.spare(ctx, tx, now, size); err != nil {
		return Attachment{}, err
	}
	kept, err := q.InsertAttachment(ctx, sqlq.InsertAttachmentParams{
		VisitorID: o.visitorID, ClientID: o.clientID, MemberID: o.memberID, Ip: o.address, Name: s.file.Name, Mime: s.file.MIME,
		SizeBytes: size, BlobKey: s.key, AddedAt: now,
	})
	if err != nil {
		return Attachment{}, fmt.Errorf("keep attachment: %w", err)
	}
	return fromRow(kept), nil
}

// spare returns TooMany when another file of that size is more than the quota
// of the owner or of the address.
func (o owner) spare(ctx context.Context, db sqlq.DBTX, now time.Time, size int64) error {
	q, since := sqlq.New(db), now.Add(-day)
	spent, err := q.Spent(ctx, sqlq.SpentParams{Since: since, VisitorID: o.visitorID, ClientID: o.clientID, MemberID: o.memberID})
	if err != nil {
		return fmt.Errorf("quota of %s: %w", o, err)
	}
	if o.quota.exceeded(spent.Files+1, spent.Bytes+size) {
		return fault.New(fault.TooMany, "attachments.error.quota",
			"files", o.quota.files, "megabytes", o.quota.bytes>>20)
	}
	if o.address == nil {
		return nil
	}
	from, err := q.SpentFrom(ctx, since, *o.address)
	if err != nil {
		return fmt.Errorf("quota of the address of %s: %w", o, err)
	}
	if ofAddress.exceeded(from.Files+1, from.Bytes+size) {
		return fault.New(fault.TooMany, "attachments.error.address_quota")
	}
	return nil
}

func (q quota) exceeded(files, bytes int64) bool { return files > q.files || bytes > q.bytes }

func (o owner) String() string {
	if o.visitorID != nil {
		return fmt.Sprintf("visitor:%d", *o.visitorID)
	}
	if o.memberID != nil {
		return fmt.Sprintf("member:%d", *o.memberID)
	}
	return fmt.Sprintf("client:%d", *o.clientID)
}

// refusal turns what receipts says of its own field into a fault about a
// customer's file, in words for a customer.
func refusal(err error) error {
	f := fault.Of(err)
	if f == nil {
		return err
	}
	key, args := f.Key, f.Args
	if len(f.Fields) > 0 {
		key, args = f.Fields[0].Key, f.Fields[0].Args
	}
	return fault.New(fault.Invalid, strings.Replace(key, "receipt.", "attachments.", 1), args...)
}
