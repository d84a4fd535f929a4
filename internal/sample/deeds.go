package sample

import (
	"context"
	"strconv"
	"time"

	"pishkhan/internal/audit"
	"pishkhan/internal/checkout"
	"pishkhan/internal/contacts"
	"pishkhan/internal/money"
	"pishkhan/internal/orders"
	"pishkhan/internal/refunds"
)

// Where sample refunds go; nobody's account and nobody's card.
const (
	sampleSheba = "IR062960000000100324200001"
	sampleCard  = "6037997551234561"
)

func (s *story) finance() audit.Actor { return s.people[audit.Finance][0] }

// colleague is an operator who is not the one of this order.
func (s *story) colleague() audit.Actor {
	operators := s.people[audit.Operator]
	return operators[(s.turn+1)%len(operators)]
}

// called is a customer whose papers are awaited, and who was called about
// them in vain: the next call is due by now, or tomorrow.
func (s *story) called(ctx context.Context) error {
	o, err := s.payFor(ctx)
	if err != nil {
		return err
	}
	s.Clock.Advance(8 * time.Minute)
	report := contacts.Report{Outcome: contacts.NoAnswer, Next: contacts.Next{When: contacts.Soon}}
	if s.serial%2 == 0 {
		report = contacts.Report{
			Outcome: contacts.CallLater, Note: "سر کار بود؛ گفت فردا صبح عکس کارت ملی را می‌فرستد.", Next: contacts.Next{When: contacts.Morning},
		}
	}
	return s.House.Contacts.Log(ctx, s.reviewer(), o.Code, report)
}

// answered asked its customer something, and has the answer.
func (s *story) answered(ctx context.Context) error {
	o, err := s.claim(ctx)
	if err != nil {
		return err
	}
	s.Clock.Advance(4 * time.Minute)
	if err := s.House.Queue.Hold(ctx, s.operator(), o.Code, "نام دارنده‌ی حساب روی سایت با نام شما یکی است؟"); err != nil {
		return err
	}
	s.until(11 * time.Minute)
	if err := s.House.Queue.Answer(ctx, audit.Actor{Kind: audit.Customer, Name: "customer"}, o.ID, "بله، حساب به نام خودم است."); err != nil {
		return err
	}
	s.Clock.Advance(3 * time.Minute)
	err = s.House.Contacts.Log(ctx, s.operator(), o.Code, contacts.Report{
		Outcome: contacts.Reached, Note: "هنگام پرداخت دوباره زنگ می‌زنم تا کد ورود را بگوید.", Next: contacts.Next{When: contacts.Soon},
	})
	if err != nil {
		return err
	}
	return s.keepMessages(ctx, o)
}

// short asked its customer for the difference to what the site charges.
func (s *story) short(ctx context.Context) error {
	_, err := s.askExtra(ctx)
	return err
}

func (s *story) askExtra(ctx context.Context) (orders.Order, error) {
	o, err := s.claim(ctx)
	if err != nil {
		return o, err
	}
	s.Clock.Advance(6 * time.Minute)
	_, err = s.House.Checkout.AskExtra(ctx, s.operator(), o.Code, checkout.ExtraDraft{
		Amount: "380000", Reason: "سایت هنگام پرداخت مالیات محلی را به مبلغ افزود.",
	})
	if err != nil {
		return o, err
	}
	return o, s.keepMessages(ctx, o)
}

// topped has been paid the difference.
func (s *story) topped(ctx context.Context) error {
	o, err := s.askExtra(ctx)
	if err != nil {
		return err
	}
	s.until(7 * time.Minute)
	attempt, err := s.House.Checkout.PayExtra(ctx, o)
	if err != nil {
		return err
	}
	_, err = s.Pay(ctx, attempt)
	return err
}

// handed was handed over to a colleague, with a note.
func (s *story) handed(ctx context.Context) error {
	o, err := s.enqueue(ctx)
	if err != nil {
		return err
	}
	s.until(19 * time.Minute)
	if o, err = s.House.Queue.Claim(ctx, s.colleague(), o.Code); err != nil {
		return err
	}
	s.Clock.Advance(5 * time.Minute)
	if err := s.House.Notes.Add(ctx, s.colleague(), o.Code, "سایت از این شبکه باز نمی‌شود؛ با شبکه‌ی دوم امتحان شود."); err != nil {
		return err
	}
	s.Clock.Advance(time.Minute)
	return s.House.Queue.HandOver(ctx, s.colleague(), o.Code, s.operator().ID, "تو دسترسی شبکه‌ی دوم را داری.")
}

// calledOff are paid orders that were cancelled, with their money in each
// state of its way back.
func (s *story) calledOff(ctx context.Context) error {
	o, err := s.claim(ctx)
	if err != nil {
		return err
	}
	s.Clock.Advance(10 * time.Minute)
	stage := s.serial % 3
	draft := refunds.Draft{Amount: tomans(o.Total)}
	if stage > 0 {
		draft.Destination = sampleSheba
	}
	err = s.House.Refunds.Cancel(ctx, s.operator(), o.Code, refunds.Cancellation{
		Why: refunds.Impossible, Note: "سایت این سفارش را نمی‌پذیرد و جایگزینی هم ندارد.", Refund: &draft,
	})
	if err != nil {
		return err
	}
	if stage > 0 {
		err = s.giveBack(ctx, o, stage == 2)
	}
	if err != nil {
		return err
	}
	return s.keepMessages(ctx, o)
}

// givenBack is done, and a part of its price went back.
func (s *story) givenBack(ctx context.Context) error {
	o, err := s.askRefund(ctx, refunds.Draft{Amount: tomans(part), Reason: "سایت کم‌تر از برآورد گرفت.", Destination: sampleCard})
	if err != nil {
		return err
	}
	if err := s.giveBack(ctx, o, true); err != nil {
		return err
	}
	return s.keepMessages(ctx, o)
}

// refundAsked is done, and awaits the approval of what is to go back.
func (s *story) refundAsked(ctx context.Context) error {
	_, err := s.askRefund(ctx, refunds.Draft{Amount: tomans(2 * part), Reason: "سایت بخشی از پول را به کارت ما برگرداند.", Destination: sampleSheba})
	return err
}

// refundRefused is done, and what was asked for does not go back.
func (s *story) refundRefused(ctx context.Context) error {
	o, err := s.askRefund(ctx, refunds.Draft{Amount: tomans(part), Reason: "مشتری می‌گوید دیر رسید.", Destination: sampleCard})
	if err != nil {
		return err
	}
	s.Clock.Advance(20 * time.Minute)
	list, err := s.House.Refunds.Of(ctx, s.House.Pool, o.ID)
	if err != nil {
		return err
	}
	return s.House.Refunds.Fail(ctx, s.finance(), list[0].ID, "رسید نشان می‌دهد که به‌موقع انجام شده است.")
}

// part is an amount that is a small part of any sample order.
const part money.Rials = 1_500_000

// askRefund completes the order, and asks for some of its price back.
func (s *story) askRefund(ctx context.Context, d refunds.Draft) (orders.Order, error) {
	o, err := s.claim(ctx)
	if err != nil {
		return o, err
	}
	s.Clock.Advance(6 * time.Minute)
	if err := s.Finish(ctx, s.operator(), o); err != nil {
		return o, err
	}
	s.Clock.Advance(25 * time.Minute)
	if _, err := s.House.Refunds.Ask(ctx, s.operator(), o.Code, d); err != nil {
		return o, err
	}
	return o, s.keepMessages(ctx, o)
}

// giveBack approves the refund of an order, and may send it.
func (s *story) giveBack(ctx context.Context, o orders.Order, send bool) error {
	list, err := s.House.Refunds.Of(ctx, s.House.Pool, o.ID)
	if err != nil {
		return err
	}
	s.Clock.Advance(12 * time.Minute)
	if err := s.House.Refunds.Approve(ctx, s.finance(), list[0].ID); err != nil || !send {
		return err
	}
	s.Clock.Advance(9 * time.Minute)
	return s.House.Refunds.Sent(ctx, s.finance(), list[0].ID, "PAYA-"+strconv.Itoa(140508230000+s.serial))
}

// tomans is an amount as somebody types it.
func tomans(r money.Rials) string { return strconv.FormatInt(r.Toman(), 10) }
