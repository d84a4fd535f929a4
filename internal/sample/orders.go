package sample

import (
	"context"
	"fmt"
	"os"
	"sort"
	"time"

	"pishkhan/internal/audit"
	"pishkhan/internal/clock"
	"pishkhan/internal/customers"
	"pishkhan/internal/fulfil"
	"pishkhan/internal/house"
	"pishkhan/internal/i18n"
	"pishkhan/internal/iran"
	"pishkhan/internal/jobs"
	"pishkhan/internal/notify"
	"pishkhan/internal/orders"
	"pishkhan/internal/payments"
	"pishkhan/internal/payments/sandbox"
	"pishkhan/internal/pricing"
	"pishkhan/internal/sla"
)

// ending is what becomes of some of the sample orders. The first began
// longest ago, the last latest, the others evenly between, in working time:
// at whatever hour the samples are told, some are late and some have time.
type ending struct {
	count       int
	first, last time.Duration // of working time ago
	make        func(s *story, ctx context.Context) error
	kept        bool // an operator has it in hand: they take turns, and each has room for more
}

// endings holds the samples: at least three orders in each state.
var endings = []ending{
	{7, 40 * time.Hour, 6 * time.Hour, (*story).done, false},
	{3, 160 * time.Minute, 40 * time.Minute, (*story).done, false},
	{2, 20 * time.Hour, 8 * time.Hour, (*story).doneLate, false},
	{2, 30 * time.Hour, 6 * time.Hour, (*story).givenBack, false},
	{1, 12 * time.Hour, 0, (*story).refundRefused, false},
	{2, 5 * time.Hour, 3 * time.Hour, (*story).refundAsked, false},
	{3, 20 * time.Hour, 3 * time.Hour, (*story).calledOff, false},
	{4, 9 * time.Hour, 2 * time.Hour, (*story).expired, false},
	{3, 8 * time.Hour, time.Hour, (*story).cancelled, false},
	{1, 105 * time.Minute, 0, (*story).handed, true},
	{2, 110 * time.Minute, 60 * time.Minute, (*story).waiting, true},
	{1, 100 * time.Minute, 50 * time.Minute, (*story).short, true},
	{1, 70 * time.Minute, 0, (*story).topped, true},
	{1, 75 * time.Minute, 0, (*story).answered, true},
	{1, 100 * time.Minute, 45 * time.Minute, (*story).purchasing, true},
	{1, 80 * time.Minute, 0, (*story).unknown, true},
	{1, 124 * time.Minute, 50 * time.Minute, (*story).claimed, true},
	{2, 120 * time.Minute, 90 * time.Minute, (*story).called, false},
	{2, 90 * time.Minute, 15 * time.Minute, (*story).unproven, false},
	{3, 3 * time.Hour, time.Hour, (*story).refused, false},
	{14, 134 * time.Minute, 2 * time.Minute, (*story).paid, false},
	{4, 18 * time.Minute, 2 * time.Minute, (*story).unpaid, false},
}

// begin is when the ith order of an ending entered the queue, or would have.
func (e ending) begin(engine *sla.Engine, now time.Time, i int) time.Time {
	worked := e.first - (e.first-e.last)*time.Duration(i)/time.Duration(e.count)
	// The latest second from which so much working time has passed until now.
	before := sort.Search(int(60*24*time.Hour/time.Second), func(ago int) bool {
		return engine.Elapsed(now.Add(-time.Duration(ago)*time.Second), now) >= worked
	})
	return now.Add(-time.Duration(before) * time.Second)
}

// Orders fills the house with about sixty orders, told from some days ago
// until now. It works on a house of its own over the same pool, whose clock
// it sets, and pays at a simulator of its own. n is that of the real house.
func Orders(ctx context.Context, n house.Needs, people []Person) error {
	simulator, err := StartSandbox("127.0.0.1:0", sandbox.Options{})
	if err != nil {
		return err
	}
	defer simulator.Close()
	now := n.Clock.Now()
	fixed := clock.At(now)
	n.Clock, n.Gateway = fixed, apart{simulator.Gateway}
	h, err := house.Open(ctx, n)
	if err != nil {
		return err
	}
	members, err := actors(ctx, h, people)
	if err != nil {
		return err
	}
	n.Terms = pricing.Terms{QuoteLife: 30 * 24 * time.Hour}
	patient, err := house.Open(ctx, n)
	if err != nil {
		return err
	}
	calendar, err := h.Calendars.Newest(ctx, n.Pool)
	if err != nil {
		return err
	}
	serial, kept := 0, 0
	for _, e := range endings {
		for i := range e.count {
			turn := serial
			if e.kept {
				turn, kept = kept, kept+1
			}
			s := &story{
				Maker: Maker{House: h, Clock: fixed}, patient: Maker{House: patient, Clock: fixed},
				people: members, serial: serial, turn: turn, now: now, baseURL: n.BaseURL,
			}
			fixed.Set(e.begin(calendar.Engine, now, i).Add(-untilQueued))
			if err := e.make(s, ctx); err != nil {
				return fmt.Errorf("sample order %d: %w", serial, err)
			}
			serial++
		}
	}
	return nil
}

// apart files the samples' payments under a name of their own: their
// transactions are not those of the gateway that real ones go to.
type apart struct{ payments.Gateway }

// Name is what attempts are filed under.
func (apart) Name() string { return "sample" }

// How long after its placing a sample order is paid, and enters the queue.
const (
	untilPaid   = 3 * time.Minute
	untilQueued = 9 * time.Minute
)

// story is one sample order from its beginning to its ending.
type story struct {
	Maker
	patient Maker // whose quotes hold for a month
	people  map[audit.Role][]audit.Actor
	baseURL string // of the links in messages
	serial  int
	turn    int // of the operators
	now     time.Time
}

func (s *story) operator() audit.Actor {
	operators := s.people[audit.Operator]
	return operators[s.turn%len(operators)]
}

func (s *story) reviewer() audit.Actor { return s.people[audit.Reviewer][0] }

func (s *story) slug() string { return Slugs[s.serial%len(Slugs)] }

func (s *story) unpaid(ctx context.Context) error {
	_, err := s.patient.Place(ctx, Someone(s.serial), s.slug())
	return err
}

func (s *story) expired(ctx context.Context) error {
	placed, err := s.Place(ctx, Someone(s.serial), s.slug())
	if err != nil {
		return err
	}
	if _, err := s.House.Checkout.Pay(ctx, placed.Attempt); err != nil {
		return err
	}
	s.Clock.Advance(50 * time.Minute)
	if _, err := s.House.Checkout.Resolve(ctx, placed.Attempt.ID); err != nil {
		return err
	}
	return s.House.Checkout.Expire(ctx)
}

func (s *story) cancelled(ctx context.Context) error {
	placed, err := s.Place(ctx, Someone(s.serial), s.slug())
	if err != nil {
		return err
	}
	s.Clock.Advance(7 * time.Minute)
	by := audit.Actor{Kind: audit.Customer, Name: "customer"}
	return s.House.Checkout.Cancel(ctx, by, placed.Orders[0], "")
}

func (s *story) unproven(ctx context.Context) error {
	_, err := s.payFor(ctx)
	return err
}

func (s *story) refused(ctx context.Context) error {
	o, err := s.payFor(ctx)
	if err != nil {
		return err
	}
	s.Clock.Advance(10 * time.Minute)
	return s.Judge(ctx, s.reviewer(), o, customers.Rejected, "نام با کد ملی هم‌خوان نیست")
}

func (s *story) paid(ctx context.Context) error {
	_, err := s.enqueue(ctx)
	return err
}

// claimed was taken a moment ago: who holds an order and does nothing about
// it for long loses it.
func (s *story) claimed(ctx context.Context) error {
	o, err := s.enqueue(ctx)
	if err != nil {
		return err
	}
	s.until(time.Duration(4+s.serial%3*4) * time.Minute)
	_, err = s.House.Queue.Claim(ctx, s.operator(), o.Code)
	return err
}

// until lets time pass until so long ago, unless it is later already.
func (s *story) until(ago time.Duration) {
	if at := s.now.Add(-ago); at.After(s.Clock.Now()) {
		s.Clock.Set(at)
	}
}

func (s *story) waiting(ctx context.Context) error {
	o, err := s.claim(ctx)
	if err != nil {
		return err
	}
	s.Clock.Advance(5 * time.Minute)
	if err := s.House.Queue.Hold(ctx, s.operator(), o.Code, "کد تأییدی که سایت به تلفن شما فرستاده است چیست؟"); err != nil {
		return err
	}
	return s.keepMessages(ctx, o)
}

func (s *story) purchasing(ctx context.Context) error {
	o, err := s.claim(ctx)
	if err != nil {
		return err
	}
	s.Clock.Advance(6 * time.Minute)
	return s.House.Fulfil.StartPurchase(ctx, s.operator(), o.Code)
}

func (s *story) unknown(ctx context.Context) error {
	o, err := s.claim(ctx)
	if err != nil {
		return err
	}
	if err := s.House.Fulfil.StartPurchase(ctx, s.operator(), o.Code); err != nil {
		return err
	}
	s.Clock.Advance(8 * time.Minute)
	return s.House.Fulfil.EndPurchase(ctx, s.operator(), o.Code, fulfil.Report{
		Outcome: fulfil.Unknown, Note: "صفحه‌ی سایت پس از پرداخت باز نشد؛ از پشتیبانی‌شان پرسیده‌ام.",
	})
}

func (s *story) done(ctx context.Context) error {
	o, err := s.claim(ctx)
	if err != nil {
		return err
	}
	s.Clock.Advance(6 * time.Minute)
	if err := s.Finish(ctx, s.operator(), o); err != nil {
		return err
	}
	return s.keepMessages(ctx, o)
}

// doneLate is done after it was due.
func (s *story) doneLate(ctx context.Context) error {
	o, err := s.enqueue(ctx)
	if err != nil {
		return err
	}
	if o, err = s.House.Orders.ByID(ctx, s.House.Pool, o.ID); err != nil {
		return err
	}
	s.Clock.Set(o.DueAt.Add(10 * time.Minute))
	if o, err = s.House.Queue.Claim(ctx, s.operator(), o.Code); err != nil {
		return err
	}
	if err := s.Finish(ctx, s.operator(), o); err != nil {
		return err
	}
	return s.keepMessages(ctx, o)
}

// keepMessages puts what an order's customer is told into the outbox at once,
// whatever is configured: sample customers' addresses are nobody's. The queued
// jobs find it sent.
func (s *story) keepMessages(ctx context.Context, o orders.Order) error {
	messages, err := s.House.Notices.Of(ctx, int64(o.ID))
	if err != nil {
		return err
	}
	desk := notify.NewDesk(s.House.Notices, jobs.NewComposer(s.House, s.baseURL), notify.Outbox{}, notify.Outbox{})
	for _, m := range messages {
		if err := desk.Send(ctx, m.ID); err != nil {
			return err
		}
	}
	return nil
}

func (s *story) payFor(ctx context.Context) (orders.Order, error) {
	placed, err := s.Place(ctx, Someone(s.serial), s.slug())
	if err != nil {
		return orders.Order{}, err
	}
	s.Clock.Advance(untilPaid)
	if _, err := s.Pay(ctx, placed.Attempt); err != nil {
		return orders.Order{}, err
	}
	return s.House.Orders.ByID(ctx, s.House.Pool, placed.Orders[0].ID)
}

func (s *story) enqueue(ctx context.Context) (orders.Order, error) {
	o, err := s.payFor(ctx)
	if err != nil {
		return o, err
	}
	s.Clock.Advance(untilQueued - untilPaid)
	return o, s.Judge(ctx, s.reviewer(), o, customers.Approved, "")
}

func (s *story) claim(ctx context.Context) (orders.Order, error) {
	o, err := s.enqueue(ctx)
	if err != nil {
		return o, err
	}
	s.Clock.Advance(9 * time.Minute)
	return s.House.Queue.Claim(ctx, s.operator(), o.Code)
}

func actors(ctx context.Context, h *house.House, people []Person) (map[audit.Role][]audit.Actor, error) {
	members, err := h.Staff.List(ctx)
	if err != nil {
		return nil, err
	}
	demo := map[string]bool{}
	for _, p := range people {
		demo[p.Email] = true
	}
	byRole := map[audit.Role][]audit.Actor{}
	for _, member := range members {
		if !demo[member.Email] {
			continue
		}
		for _, role := range member.Roles {
			byRole[role] = append(byRole[role], audit.Actor{Kind: audit.Staff, ID: member.ID, Name: member.Name, Roles: member.Roles})
		}
	}
	for _, role := range []audit.Role{audit.Operator, audit.Reviewer, audit.Finance} {
		if len(byRole[role]) == 0 {
			return nil, fmt.Errorf("no demo person is %s: %w", role, os.ErrNotExist)
		}
	}
	return byRole, nil
}

// names are common ones; any likeness is chance.
var names = []string{
	"سارا احمدی", "رضا کریمی", "آرش قاسمی", "لیلا راد", "محمد اکبری", "زهرا موسوی", "نیما فرهادی", "الهام صالحی",
	"پویا نادری", "شیرین بهرامی", "حسین جعفری", "نازنین کاظمی",
}

// Someone returns the nth sample customer. The mobile numbers end in ranges
// that look like samples, the addresses are of example.com.
func Someone(n int) Customer {
	lang := i18n.FA
	if n%9 == 4 {
		lang = i18n.EN
	}
	return Customer{Lang: lang, Identity: customers.IdentityForm{
		Name: names[n%len(names)], NationalCode: NationalCode(100000000 + n*7919), BirthDate: fmt.Sprintf("13%02d/%02d/%02d", 50+n%35, 1+n%12, 1+n%28),
		Mobile: fmt.Sprintf("0912000%04d", n), Email: fmt.Sprintf("customer%d@example.com", n+1),
	}}
}

// NationalCode returns the national code that begins with these nine digits.
func NationalCode(nine int) string {
	for check := range 10 {
		code := fmt.Sprintf("%09d%d", nine, check)
		if _, err := iran.ParseNationalCode(code); err == nil {
			return code
		}
	}
	panic(fmt.Sprintf("sample: no national code begins with %09d", nine)) // one of ten digits always fits
}
