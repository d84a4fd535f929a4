package notify_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"pishkhan/internal/db"
	"pishkhan/internal/db/dbtest"
	"pishkhan/internal/jobs"
	"pishkhan/internal/notify"
	"pishkhan/internal/orders"
	"pishkhan/internal/testworld"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// provider keeps what it is given, once a key, as providers do.
type provider struct {
	mu      sync.Mutex
	answers []error // of the first tries; nil is a yes
	tries   []notify.Parcel
	kept    map[int64]notify.Parcel
	during  func(try int)
}

func (*provider) Name() string { return "recorder" }

func (p *provider) Send(_ context.Context, parcel notify.Parcel) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tries = append(p.tries, parcel)
	if p.during != nil {
		p.during(len(p.tries))
	}
	if n := len(p.tries); n <= len(p.answers) && p.answers[n-1] != nil {
		return "", p.answers[n-1]
	}
	if p.kept == nil {
		p.kept = map[int64]notify.Parcel{}
	}
	p.kept[parcel.Key] = parcel
	return fmt.Sprint("provider-", parcel.Key), nil
}

type bench struct {
	*testworld.World
	sms, email provider
	desk       *notify.Desk
	order      orders.Order
	messages   []notify.Message // the SMS, the e-mail
}

// setup completes an order and returns its messages, not sent yet.
func setup(t *testing.T) *bench {
	t.Helper()
	b := &bench{World: testworld.New(t)}
	b.desk = notify.NewDesk(b.House.Notices, jobs.NewComposer(b.House, testworld.BaseURL), &b.sms, &b.email)
	b.order = b.Done(t)
	b.messages = b.fresh(t)
	if len(b.messages) != 2 {
		t.Fatalf("%d messages", len(b.messages))
	}
	return b
}

func (b *bench) fresh(t *testing.T) []notify.Message {
	t.Helper()
	messages, err := b.House.Notices.Of(t.Context(), int64(b.order.ID))
	testworld.Must(t, err)
	return messages
}

// Each message goes once, however often it is asked for, and is kept as sent.
func TestSend(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for range 3 {
		for _, m := range b.messages {
			testworld.Must(t, b.desk.Send(t.Context(), m.ID))
		}
	}
	if len(b.sms.tries) != 1 || len(b.email.tries) != 1 {
		t.Fatalf("%d SMS, %d e-mails", len(b.sms.tries), len(b.email.tries))
	}
	sms, email := b.sms.tries[0], b.email.tries[0]
	if sms.To != b.messages[0].Recipient || !strings.Contains(sms.Text, b.order.Code) || sms.Attachment != nil || sms.Again {
		t.Errorf("SMS %+v", sms)
	}
	if email.To != b.messages[1].Recipient || !strings.Contains(email.Subject, b.order.Code) || !strings.Contains(email.HTML, b.order.Code) || email.Again {
		t.Errorf("e-mail %+v", email)
	}
	if sms.Key == email.Key || sms.Key <= 0 || email.Key <= 0 {
		t.Errorf("keys %d and %d", sms.Key, email.Key)
	}
	_, content, err := b.House.Receipts.ReadByID(t.Context(), b.messages[1].ReceiptID)
	testworld.Must(t, err)
	if a := email.Attachment; a == nil || a.MIME != "application/pdf" || string(a.Content) != string(content) || !strings.HasSuffix(a.Name, ".pdf") {
		t.Errorf("attached %+v", email.Attachment)
	}
	for i, m := range b.fresh(t) {
		want := []notify.Parcel{sms, email}[i]
		if m.State != notify.Sent || m.SentAt == nil || !m.SentAt.Equal(b.Clock.Now()) || m.Tries != 1 || m.Provider != "recorder" ||
			m.Body != want.Text || m.Subject != want.Subject || m.LastError != "" {
			t.Errorf("%+v", m)
		}
	}
}

// A provider that fails is tried again, under the same key, and told that it
// is again.
func TestSendFailsThenSucceeds(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.sms.answers = []error{errors.New("connection reset"), errors.New("451 slow down")}
	sms := b.messages[0]
	for i := range 2 {
		if err := b.desk.Send(t.Context(), sms.ID); err == nil {
			t.Fatal("a failed try is reported as a success")
		}
		if m := b.fresh(t)[0]; m.State != notify.Sending || m.Tries != i+1 || !strings.Contains(m.LastError, b.sms.answers[i].Error()) {
			t.Errorf("after try %d: %+v", i+1, m)
		}
	}
	testworld.Must(t, b.desk.Send(t.Context(), sms.ID))
	if m := b.fresh(t)[0]; m.State != notify.Sent || m.Tries != 3 || m.LastError != "" {
		t.Errorf("%+v", m)
	}
	if len(b.sms.kept) != 1 {
		t.Errorf("%d messages reached the customer", len(b.sms.kept))
	}
	for i, p := range b.sms.tries {
		if p.Key != b.sms.tries[0].Key || p.Again != (i > 0) {
			t.Errorf("try %d: key %d, again %v", i+1, p.Key, p.Again)
		}
	}
}

// What trying again will not mend is not tried again, and staff see why.
func TestSendFailsForGood(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.email.answers = []error{fmt.Errorf("550 no such mailbox: %w", notify.ErrPermanent)}
	for range 3 {
		if err := b.desk.Send(t.Context(), b.messages[1].ID); err != nil {
			t.Errorf("worth another try: %v", err)
		}
	}
	if m := b.fresh(t)[1]; m.State != notify.Failed || len(b.email.tries) != 1 || !strings.Contains(m.LastError, "550 no such mailbox") {
		t.Errorf("%d tries: %+v", len(b.email.tries), m)
	}
}

// A message that nobody finds words for fails for good, rather than for ever.
func TestComposeFailsForGood(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, err := b.House.Pool.Exec(t.Context(), "UPDATE messages SET kind = 'of_tomorrow' WHERE id = $1", b.messages[0].ID)
	testworld.Must(t, err)
	if err := b.desk.Send(t.Context(), b.messages[0].ID); err != nil {
		t.Errorf("worth another try: %v", err)
	}
	if m := b.fresh(t)[0]; m.State != notify.Failed || m.LastError == "" {
		t.Errorf("%+v", m)
	}
	_, err = b.House.Pool.Exec(t.Context(), "UPDATE messages SET receipt_id = NULL, detail = jsonb_set(detail, '{service_version}', '0') WHERE id = $1", b.messages[1].ID)
	testworld.Must(t, err)
	if err := b.desk.Send(t.Context(), b.messages[1].ID); err == nil {
		t.Error("words that were not found now may be found later: worth another try")
	}
	if m := b.fresh(t)[1]; m.State != notify.Sending || m.LastError == "" {
		t.Errorf("%+v", m)
	}
}

// After the last try a message has failed, and staff see why; before it, there
// is hope. That the job's own time was up does not keep it from the record.
func TestLastTryFails(t *testing.T) {
	t.Parallel()
	b := setup(t)
	if n := b.Count(t, "SELECT count(*) FROM river_job WHERE kind = 'send_message' AND max_attempts = 12"); n != 2 {
		t.Errorf("%d jobs of twelve tries", n)
	}
	ctx, end := context.WithCancel(t.Context())
	defer end()
	b.sms.answers = []error{errors.New("connection reset"), errors.New("451 slow down")}
	b.sms.during = func(try int) {
		if try == 2 {
			end()
		}
	}
	worker := &notify.SendWorker{Desk: b.desk}
	try := func(n int) {
		t.Helper()
		job := &river.Job[notify.SendArgs]{
			JobRow: &rivertype.JobRow{Attempt: n, MaxAttempts: 12}, Args: notify.SendArgs{MessageID: b.messages[0].ID},
		}
		if err := worker.Work(ctx, job); err == nil {
			t.Errorf("try %d is reported as a success", n)
		}
	}
	try(11)
	if m := b.fresh(t)[0]; m.State != notify.Sending {
		t.Errorf("before the last try: %+v", m)
	}
	try(12)
	if m := b.fresh(t)[0]; m.State != notify.Failed || !strings.Contains(m.LastError, "451 slow down") {
		t.Errorf("after the last try: %+v", m)
	}
}

// Workers that send the same message at once, as after a rescue, use one key.
func TestSendInParallel(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if err := b.desk.Send(t.Context(), b.messages[0].ID); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if len(b.sms.kept) != 1 {
		t.Errorf("%d messages reached the customer", len(b.sms.kept))
	}
	if m := b.fresh(t)[0]; m.State != notify.Sent {
		t.Errorf("%s", m.State)
	}
}

// A business key is queued once, with one job.
func TestEnqueueOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	again := b.messages[0]
	again.Recipient = "09129999999"
	testworld.Must(t, db.InTx(t.Context(), b.House.Pool, func(ctx context.Context, tx pgx.Tx) error {
		return b.House.Notices.Enqueue(ctx, tx, b.Clock.Now(), again)
	}))
	if got := b.fresh(t); len(got) != 2 || got[0].Recipient != b.messages[0].Recipient {
		t.Errorf("%+v", got)
	}
	if n := b.Count(t, "SELECT count(*) FROM river_job WHERE kind = 'send_message'"); n != 2 {
		t.Errorf("%d jobs", n)
	}
}

// With nothing configured, messages rest in the outbox, where the desk shows them.
func TestOutbox(t *testing.T) {
	t.Parallel()
	b := setup(t)
	desk := notify.NewDesk(b.House.Notices, jobs.NewComposer(b.House, testworld.BaseURL), notify.Outbox{}, notify.Outbox{})
	worker := &notify.SendWorker{Desk: desk}
	for _, m := range b.messages {
		testworld.Must(t, worker.Work(t.Context(), &river.Job[notify.SendArgs]{Args: notify.SendArgs{MessageID: m.ID}}))
	}
	newest, err := b.House.Notices.Newest(t.Context(), 1<<60, 10)
	testworld.Must(t, err)
	if len(newest) != 2 || newest[0].ID != b.messages[1].ID || newest[0].State != notify.Sent || newest[0].Provider != "outbox" || newest[1].Body == "" {
		t.Errorf("%+v", newest)
	}
	if older, err := b.House.Notices.Newest(t.Context(), newest[0].ID, 10); err != nil || len(older) != 1 {
		t.Errorf("%d older, %v", len(older), err)
	}
	if err := desk.Send(t.Context(), 999_999); err != nil {
		t.Errorf("a message that does not exist: %v", err)
	}
}
