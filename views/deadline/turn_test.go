package deadline_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"pishkhan/internal/orders"
	"pishkhan/internal/sla"
	"pishkhan/views/deadline"
)

// story is an order whose clock is turned by the engine alone, and noted as
// the order book does.
type story struct {
	past    deadline.Past
	version int64
	clock   sla.Clock
	holds   []sla.Hold
}

func newStory(c sla.Calendar) *story {
	s := &story{}
	s.past.Calendars = map[int64]sla.Version{}
	s.publish(c)
	return s
}

func (s *story) publish(c sla.Calendar) {
	s.version++
	s.past.Calendars[s.version] = sla.Version{ID: s.version, Calendar: c, Engine: must(sla.Prepare(c))}
}

func (s *story) engine() *sla.Engine { return s.past.Calendars[s.version].Engine }

// happens turns the clock, and returns the sentences of staff and customer in
// Persian, then in English.
func (s *story) happens(t *testing.T, verb orders.Verb, when string, detail map[string]any, turn func(sla.Clock) (sla.Clock, error)) [2]string {
	t.Helper()
	before := s.clock
	s.clock = must(turn(before))
	now, state := at(when), "running"
	switch {
	case s.clock.Stopped():
		state = "stopped"
	case s.clock.OnHold():
		state = "held"
	}
	if detail == nil {
		detail = map[string]any{}
	}
	if verb == orders.Extend || verb == orders.Retime {
		detail["from"], detail["to"] = before.DueAt, s.clock.DueAt
	}
	detail["clock"] = map[string]any{
		"calendar": s.version, "state": state, "due": s.clock.DueAt.UTC(), "first_due": s.clock.FirstDueAt.UTC(),
		"used_seconds": int64(s.clock.UsedAt(s.engine(), now) / time.Second), "left_seconds": int64(s.clock.Remaining(s.engine(), now) / time.Second),
	}
	event := orders.Event{At: now, Verb: verb}
	if err := json.Unmarshal(must(json.Marshal(detail)), &event.Detail); err != nil {
		t.Fatal(err)
	}
	s.past.Events = append(s.past.Events, event)
	kept := orders.Clock{Clock: s.clock, VersionID: s.version, Calendar: s.engine(), Holds: s.holds}
	if verb == orders.Settle || verb == orders.Reopen {
		s.past.Clocks = append(s.past.Clocks, kept)
	} else {
		s.past.Clocks[len(s.past.Clocks)-1] = kept
	}
	told, ok := s.past.Turn(len(s.past.Events) - 1)
	if !ok {
		t.Fatalf("%s tells nothing", verb)
	}
	fa, en := in(t)
	return [2]string{
		strings.Join(told.Staff(fa), " | ") + "\n" + told.Customer(fa),
		strings.Join(told.Staff(en), " | ") + "\n" + told.Customer(en),
	}
}

func (s *story) starts(t *testing.T, when string) [2]string {
	t.Helper()
	return s.happens(t, orders.Settle, when, nil, func(sla.Clock) (sla.Clock, error) { return sla.Start(s.engine(), at(when), 2*time.Hour) })
}

func (s *story) isHeld(t *testing.T, when string) [2]string {
	t.Helper()
	s.holds = append(s.holds, sla.Hold{From: at(when)})
	return s.happens(t, orders.Hold, when, nil, func(c sla.Clock) (sla.Clock, error) { return c.Hold(s.engine(), at(when)) })
}

func (s *story) answers(t *testing.T, when string) [2]string {
	t.Helper()
	s.holds[len(s.holds)-1].To = at(when)
	return s.happens(t, orders.Answer, when, nil, func(c sla.Clock) (sla.Clock, error) { return c.Resume(s.engine(), at(when)) })
}

func (s *story) extends(t *testing.T, when, until string) [2]string {
	t.Helper()
	return s.happens(t, orders.Extend, when, map[string]any{"agreed": "phone"},
		func(c sla.Clock) (sla.Clock, error) { return c.Extend(s.engine(), at(when), at(until)) })
}

func (s *story) ends(t *testing.T, when string) [2]string {
	t.Helper()
	return s.happens(t, orders.Complete, when, nil, func(c sla.Clock) (sla.Clock, error) { return c.Stop(s.engine(), at(when)) })
}

func (s *story) reopens(t *testing.T, when string) [2]string {
	t.Helper()
	s.holds = nil
	return s.happens(t, orders.Reopen, when, nil, func(c sla.Clock) (sla.Clock, error) { return c.Reopen(s.engine(), at(when)) })
}

func (s *story) retimes(t *testing.T, when string, c sla.Calendar) [2]string {
	t.Helper()
	was := s.clock.Breached(at(when))
	s.publish(c)
	next := must(sla.Replay(s.engine(), s.clock.StartedAt, s.clock.Budget, s.clock.Extra, s.holds))
	return s.happens(t, orders.Retime, when, map[string]any{"was_late": was, "is_late": next.Breached(at(when))},
		func(sla.Clock) (sla.Clock, error) { return next, nil })
}

// told compares what was told with the Persian and English words: a line to
// staff, a line to the customer.
func told(t *testing.T, got [2]string, fa, en string) {
	t.Helper()
	same(t, [2]string{fa, en}, got[0], got[1])
}

func TestAHoldOverAWeekend(t *testing.T) {
	s := newStory(office())
	told(t, s.starts(t, "2026-11-18 16:00:00"),
		"۱۲۰ دقیقه وقت کاری: چهارشنبه ۱۶:۰۰ تا ۱۷:۰۰ = ۶۰ دقیقه؛ پنجشنبه ۰۹:۰۰ تا ۱۰:۰۰ = ۶۰ دقیقه؛ مهلت پنجشنبه ۱۰:۰۰\n"+
			"قول ما: تا پنجشنبه ساعت ۱۰:۰۰.",
		"120 min of working time: Wed 16:00–17:00 = 60 min; Thu 09:00–10:00 = 60 min; due Thu 10:00\n"+
			"Our promise: Thursday until 10:00.")
	told(t, s.isHeld(t, "2026-11-18 16:30:00"),
		"زمان سفارش ایستاد؛ ۹۰ دقیقه از وقت مانده است\n"+
			"شمارش زمان قول ما تا رسیدن پاسخ شما ایستاد؛ ۱ ساعت و ۳۰ دقیقه از آن مانده بود.",
		"The clock stopped with 90 min left\n"+
			"The clock of our promise stopped until your answer, with 1 hour 30 minutes left.")
	told(t, s.answers(t, "2026-11-21 09:30:00"),
		"زمان سفارش با ۹۰ دقیقه مانده به راه افتاد: شنبه ۰۹:۳۰ تا ۱۱:۰۰ = ۹۰ دقیقه؛ مهلت شنبه ۱۱:۰۰\n"+
			"شمارش زمان قول ما دوباره به راه افتاد؛ ۱ ساعت و ۳۰ دقیقه از آن مانده بود. قول ما: تا شنبه ساعت ۱۱:۰۰.",
		"The clock runs again with 90 min left: Sat 09:30–11:00 = 90 min; due Sat 11:00\n"+
			"The clock of our promise went on, with 1 hour 30 minutes left. Our promise: Saturday until 11:00.")
	told(t, s.ends(t, "2026-11-21 10:40:00"),
		"به‌موقع انجام شد: شنبه ۱۰:۴۰، مهلت شنبه ۱۱:۰۰\n"+
			"به قولمان (شنبه ۱۱:۰۰) رسیدیم.",
		"Done in time: Sat 10:40, due Sat 11:00\n"+
			"We kept our promise (Sat 11:00).")
}

func TestAHoldAfterTheDeadline(t *testing.T) {
	s := newStory(office())
	s.starts(t, "2026-11-18 14:00:00")
	told(t, s.isHeld(t, "2026-11-18 16:30:00"),
		"زمان سفارش ایستاد؛ مهلت (چهارشنبه ۱۶:۰۰) پیش از آن گذشته بود\n"+
			"زمانی که قول داده بودیم (چهارشنبه ۱۶:۰۰) گذشته بود؛ پوزش می‌خواهیم.",
		"The clock stopped after the deadline (Wed 16:00) had passed\n"+
			"The time that we had promised (Wed 16:00) had passed already; we are sorry.")
	told(t, s.answers(t, "2026-11-21 09:30:00"),
		"زمان سفارش به راه افتاد؛ مهلتی که گذشته بود (چهارشنبه ۱۶:۰۰) می‌ماند\n"+
			"زمانی که قول داده بودیم (چهارشنبه ۱۶:۰۰) گذشته است؛ پوزش می‌خواهیم.",
		"The clock runs again; the deadline that had passed (Wed 16:00) stays\n"+
			"The time that we promised (Wed 16:00) has passed; we are sorry.")
	told(t, s.ends(t, "2026-11-21 10:40:00"),
		"دیر انجام شد: شنبه ۱۰:۴۰، مهلت چهارشنبه ۱۶:۰۰ (۱۰۰ دقیقه کاری دیرکرد)\n"+
			"۱ ساعت و ۴۰ دقیقه کاری پس از زمانی که قول داده بودیم (چهارشنبه ۱۶:۰۰) انجام شد؛ پوزش می‌خواهیم.",
		"Done late: Sat 10:40, due Wed 16:00 (100 min of working time late)\n"+
			"It was done 1 hour 40 minutes of working time after the time that we had promised (Wed 16:00); we are sorry.")
}

func TestAnExtension(t *testing.T) {
	s := newStory(office())
	s.starts(t, "2026-11-18 14:00:00")
	told(t, s.extends(t, "2026-11-18 15:00:00", "2026-11-22 14:00:00"),
		"مهلت از چهارشنبه ۱۶:۰۰ به یکشنبه ۱۴:۰۰ رسید؛ تلفنی با مشتری هماهنگ شد | چهارشنبه ۱۵:۰۰ تا ۱۷:۰۰ = ۱۲۰ دقیقه؛ پنجشنبه ۰۹:۰۰ تا ۱۳:۰۰ = ۴ ساعت؛ شنبه ۰۹:۰۰ تا ۱۷:۰۰ = ۸ ساعت؛ یکشنبه ۰۹:۰۰ تا ۱۴:۰۰ = ۵ ساعت؛ مهلت یکشنبه ۱۴:۰۰\n"+
			"با هماهنگی شما: تا یکشنبه ساعت ۱۴:۰۰. پیش از آن قول ما چهارشنبه ۱۶:۰۰ بود.",
		"From Wed 16:00 to Sun 14:00, agreed by phone | Wed 15:00–17:00 = 120 min; Thu 09:00–13:00 = 4 h; Sat 09:00–17:00 = 8 h; Sun 09:00–14:00 = 5 h; due Sun 14:00\n"+
			"Agreed with you: Sunday until 14:00. Before, we had promised Wed 16:00.")
	told(t, s.extends(t, "2026-11-18 15:30:00", "2026-11-28 10:00:00"),
		"مهلت از یکشنبه ۱۴:۰۰ به شنبه ۷ آذر ۱۰:۰۰ رسید؛ تلفنی با مشتری هماهنگ شد | چهارشنبه ۱۵:۳۰ تا ۱۷:۰۰ = ۹۰ دقیقه؛ پنجشنبه ۰۹:۰۰ تا ۱۳:۰۰ = ۴ ساعت؛ شنبه ۰۹:۰۰ تا ۱۷:۰۰ = ۸ ساعت؛ در ۳ بازهٔ دیگر = ۲۴ ساعت؛ چهارشنبه ۴ آذر ۰۹:۰۰ تا ۱۷:۰۰ = ۸ ساعت؛ پنجشنبه ۵ آذر ۰۹:۰۰ تا ۱۳:۰۰ = ۴ ساعت؛ شنبه ۷ آذر ۰۹:۰۰ تا ۱۰:۰۰ = ۶۰ دقیقه؛ مهلت شنبه ۷ آذر ۱۰:۰۰ | قول نخست: چهارشنبه ۱۶:۰۰\n"+
			"با هماهنگی شما: تا شنبه ۷ آذر ۱۴۰۵، ساعت ۱۰:۰۰. پیش از آن قول ما یکشنبه ۱۴:۰۰ بود.",
		"From Sun 14:00 to Sat 28 November 10:00, agreed by phone | Wed 15:30–17:00 = 90 min; Thu 09:00–13:00 = 4 h; Sat 09:00–17:00 = 8 h; in 3 more stretches = 24 h; Wed 25 November 09:00–17:00 = 8 h; Thu 26 November 09:00–13:00 = 4 h; Sat 28 November 09:00–10:00 = 60 min; due Sat 28 November 10:00 | First promise: Wed 16:00\n"+
			"Agreed with you: Saturday 28 November 2026, until 10:00. Before, we had promised Sun 14:00.")
	told(t, s.ends(t, "2026-11-28 09:00:00"),
		"در زمانی که با مشتری هماهنگ شد انجام شد: شنبه ۰۹:۰۰، مهلت شنبه ۱۰:۰۰؛ به قول نخست (چهارشنبه ۲۷ آبان ۱۶:۰۰) نرسید\n"+
			"در زمانی که با شما هماهنگ شده بود (شنبه ۱۰:۰۰) انجام شد.",
		"Done in time as agreed with the customer: Sat 09:00, due Sat 10:00; the first promise (Wed 18 November 16:00) was not kept\n"+
			"It was done by the time that was agreed with you (Sat 10:00).")
}

func TestReopening(t *testing.T) {
	s := newStory(office())
	s.starts(t, "2026-11-18 14:00:00")
	s.ends(t, "2026-11-18 15:40:30")
	told(t, s.reopens(t, "2026-11-19 12:00:00"),
		"۱۲۰ دقیقه وقت کاری: پنجشنبه ۱۲:۰۰ تا ۱۳:۰۰ = ۶۰ دقیقه؛ شنبه ۰۹:۰۰ تا ۱۰:۰۰ = ۶۰ دقیقه؛ مهلت شنبه ۱۰:۰۰ | بار پیش: به‌موقع انجام شد: چهارشنبه ۱۵:۴۰:۳۰، مهلت چهارشنبه ۱۶:۰۰\n"+
			"سفارش شما را دوباره در دست گرفتیم. قول تازهٔ ما: تا شنبه ساعت ۱۰:۰۰، به دلیل تعطیلی بعدازظهر پنجشنبه و جمعه. بار پیش به قولمان (چهارشنبه ۱۶:۰۰) رسیده بودیم.",
		"120 min of working time: Thu 12:00–13:00 = 60 min; Sat 09:00–10:00 = 60 min; due Sat 10:00 | The time before: done in time: Wed 15:40:30, due Wed 16:00\n"+
			"We took your order up again. Our new promise: Saturday until 10:00, because Thursday afternoon and Friday are closed. The time before, we had kept our promise (Wed 16:00).")
	s.ends(t, "2026-11-21 12:00:00")
	told(t, s.reopens(t, "2026-11-21 14:00:00"),
		"۱۲۰ دقیقه وقت کاری: شنبه ۱۴:۰۰ تا ۱۶:۰۰ = ۱۲۰ دقیقه؛ مهلت شنبه ۱۶:۰۰ | بار پیش: دیر انجام شد: شنبه ۱۲:۰۰، مهلت شنبه ۱۰:۰۰\n"+
			"سفارش شما را دوباره در دست گرفتیم. قول تازهٔ ما: تا شنبه ساعت ۱۶:۰۰. بار پیش به قول نخستمان (شنبه ۱۰:۰۰) نرسیده بودیم.",
		"120 min of working time: Sat 14:00–16:00 = 120 min; due Sat 16:00 | The time before: done late: Sat 12:00, due Sat 10:00\n"+
			"We took your order up again. Our new promise: Saturday until 16:00. The time before, we had not kept our first promise (Sat 10:00).")
}

func TestAHolidayInTheMiddle(t *testing.T) {
	declared := office(
		sla.DateRule{Date: sla.Date{Year: 1405, Month: 8, Day: 28, Jalali: true}, Name: "سوگواری"},
		sla.DateRule{Date: sla.Date{Year: 2026, Month: 12, Day: 1}, Name: "far away"},
	)
	s := newStory(office())
	s.starts(t, "2026-11-18 16:00:00")
	told(t, s.retimes(t, "2026-11-18 16:30:00", declared),
		"تقویم کاری عوض شد: پنجشنبه ۲۸ آبان (\u2068سوگواری\u2069) تعطیل است | مهلت از پنجشنبه ۱۰:۰۰ به شنبه ۱۰:۰۰ رفت | چهارشنبه ۱۶:۳۰ تا ۱۷:۰۰ = ۳۰ دقیقه؛ شنبه ۰۹:۰۰ تا ۱۰:۰۰ = ۶۰ دقیقه؛ مهلت شنبه ۱۰:۰۰\n"+
			"ساعت‌های کاری ما عوض شد: پنجشنبه ۲۸ آبان (\u2068سوگواری\u2069) تعطیل است. قول ما از پنجشنبه ۱۰:۰۰ جابه‌جا شد: تا شنبه ساعت ۱۰:۰۰، به دلیل تعطیلی پنجشنبه (\u2068سوگواری\u2069) و جمعه.",
		"The working calendar changed: Thursday 19 November (\u2068سوگواری\u2069) is closed | The deadline moved from Thu 10:00 to Sat 10:00 | Wed 16:30–17:00 = 30 min; Sat 09:00–10:00 = 60 min; due Sat 10:00\n"+
			"Our working hours changed: Thursday 19 November (\u2068سوگواری\u2069) is closed. Our promise moved from Thu 10:00: Saturday until 10:00, because Thursday (\u2068سوگواری\u2069) and Friday are closed.")
	late := newStory(office())
	late.starts(t, "2026-11-18 16:00:00")
	told(t, late.retimes(t, "2026-11-19 10:30:00", declared),
		"تقویم کاری عوض شد: پنجشنبه ۲۸ آبان (\u2068سوگواری\u2069) تعطیل است | مهلت از پنجشنبه ۱۰:۰۰ به شنبه ۱۰:۰۰ رفت | شنبه ۰۹:۰۰ تا ۱۰:۰۰ = ۶۰ دقیقه؛ مهلت شنبه ۱۰:۰۰ | دیگر دیرکرد ندارد\n"+
			"ساعت‌های کاری ما عوض شد: پنجشنبه ۲۸ آبان (\u2068سوگواری\u2069) تعطیل است. قول ما از پنجشنبه ۱۰:۰۰ جابه‌جا شد: تا شنبه ساعت ۱۰:۰۰، به دلیل تعطیلی پنجشنبه (\u2068سوگواری\u2069) و جمعه.",
		"The working calendar changed: Thursday 19 November (\u2068سوگواری\u2069) is closed | The deadline moved from Thu 10:00 to Sat 10:00 | Sat 09:00–10:00 = 60 min; due Sat 10:00 | It is not late any more\n"+
			"Our working hours changed: Thursday 19 November (\u2068سوگواری\u2069) is closed. Our promise moved from Thu 10:00: Saturday until 10:00, because Thursday (\u2068سوگواری\u2069) and Friday are closed.")
	told(t, late.retimes(t, "2026-11-19 11:30:00", office()),
		"تقویم کاری عوض شد: پنجشنبه ۲۸ آبان (\u2068سوگواری\u2069) از ساعت ۰۹:۰۰ تا ۱۳:۰۰ باز است | مهلت از شنبه ۱۰:۰۰ به پنجشنبه ۱۰:۰۰ رفت | اکنون دیرکرد دارد\n"+
			"ساعت‌های کاری ما عوض شد: پنجشنبه ۲۸ آبان (\u2068سوگواری\u2069) از ساعت ۰۹:۰۰ تا ۱۳:۰۰ باز است. زمانی که قول داده بودیم (پنجشنبه ۱۰:۰۰) گذشته است؛ پوزش می‌خواهیم.",
		"The working calendar changed: Thursday 19 November (\u2068سوگواری\u2069) is open 09:00–13:00 | The deadline moved from Sat 10:00 to Thu 10:00 | It is late now\n"+
			"Our working hours changed: Thursday 19 November (\u2068سوگواری\u2069) is open 09:00–13:00. The time that we promised (Thu 10:00) has passed; we are sorry.")
	held := newStory(office())
	held.starts(t, "2026-11-18 16:00:00")
	held.isHeld(t, "2026-11-19 09:30:00")
	told(t, held.retimes(t, "2026-11-19 10:00:00", declared),
		"تقویم کاری عوض شد: پنجشنبه ۲۸ آبان (\u2068سوگواری\u2069) تعطیل است | زمان سفارش متوقف است؛ ۶۰ دقیقه از وقت مانده است\n"+
			"ساعت‌های کاری ما عوض شد: پنجشنبه ۲۸ آبان (\u2068سوگواری\u2069) تعطیل است. ۱ ساعت از وقت قول ما مانده است.",
		"The working calendar changed: Thursday 19 November (\u2068سوگواری\u2069) is closed | The clock stands still with 60 min left\n"+
			"Our working hours changed: Thursday 19 November (\u2068سوگواری\u2069) is closed. 1 hour of our promised time is left.")
	week := office()
	week.Week[time.Wednesday] = hours("09:00-12:00", "13:00-16:00")
	other := newStory(office())
	other.starts(t, "2026-11-18 15:30:00")
	told(t, other.retimes(t, "2026-11-18 15:40:00", week),
		"تقویم کاری عوض شد: هر چهارشنبه از ساعت ۰۹:۰۰ تا ۱۲:۰۰ و ۱۳:۰۰ تا ۱۶:۰۰ باز است | مهلت از پنجشنبه ۰۹:۳۰ به پنجشنبه ۱۰:۳۰ رفت | چهارشنبه ۱۵:۴۰ تا ۱۶:۰۰ = ۲۰ دقیقه؛ پنجشنبه ۰۹:۰۰ تا ۱۰:۳۰ = ۹۰ دقیقه؛ مهلت پنجشنبه ۱۰:۳۰\n"+
			"ساعت‌های کاری ما عوض شد: هر چهارشنبه از ساعت ۰۹:۰۰ تا ۱۲:۰۰ و ۱۳:۰۰ تا ۱۶:۰۰ باز است. قول ما از پنجشنبه ۰۹:۳۰ جابه‌جا شد: تا پنجشنبه ساعت ۱۰:۳۰، به دلیل تعطیلی بعدازظهر چهارشنبه.",
		"The working calendar changed: every Wednesday is open 09:00–12:00 and 13:00–16:00 | The deadline moved from Thu 09:30 to Thu 10:30 | Wed 15:40–16:00 = 20 min; Thu 09:00–10:30 = 90 min; due Thu 10:30\n"+
			"Our working hours changed: every Wednesday is open 09:00–12:00 and 13:00–16:00. Our promise moved from Thu 09:30: Thursday until 10:30, because Wednesday afternoon is closed.")
}

// What an event from before histories told did to the clock is not made up.
func TestOldEvents(t *testing.T) {
	past := deadline.Past{Events: []orders.Event{{Verb: orders.Settle, At: at("2026-11-18 16:00:00")}}}
	if _, ok := past.Turn(0); ok {
		t.Error("an event without a note is explained")
	}
}

// The account of a clock goes through its holds.
func TestAccount(t *testing.T) {
	e := must(sla.Prepare(office()))
	c := orders.Clock{Calendar: e, Clock: must(sla.Start(e, at("2026-11-18 16:00:00"), 2*time.Hour))}
	fa, en := in(t)
	now := at("2026-11-18 16:30:00")
	c.Clock = must(c.Hold(e, now))
	c.Holds = []sla.Hold{{From: now}}
	same(t, [2]string{
		"۱۲۰ دقیقه وقت کاری قول داده شده است | چهارشنبه ۱۶:۰۰ تا ۱۶:۳۰ = ۳۰ دقیقه | از چهارشنبه ۱۶:۳۰ در انتظار مشتری؛ زمان سفارش متوقف است",
		"120 min of working time were promised | Wed 16:00–16:30 = 30 min | Waiting for the customer since Wed 16:30; the clock stands still",
	}, strings.Join(deadline.Account(fa, c, now), " | "), strings.Join(deadline.Account(en, c, now), " | "))
	now = at("2026-11-21 09:30:00")
	c.Clock = must(c.Resume(e, now))
	c.Clock = must(c.Extend(e, now, at("2026-11-21 12:00:00")))
	c.Holds[0].To = now
	same(t, [2]string{
		"۱۲۰ دقیقه وقت کاری قول داده شده و سپس ۶۰ دقیقه با مشتری هماهنگ شده است | چهارشنبه ۱۶:۰۰ تا ۱۶:۳۰ = ۳۰ دقیقه | در انتظار مشتری: چهارشنبه ۱۶:۳۰ تا شنبه ۰۹:۳۰ | شنبه ۰۹:۳۰ تا ۱۲:۰۰ = ۲ ساعت و ۳۰ دقیقه",
		"120 min of working time were promised, and 60 min more agreed with the customer | Wed 16:00–16:30 = 30 min | Waiting for the customer: Wed 16:30 to Sat 09:30 | Sat 09:30–12:00 = 2 h 30 min",
	}, strings.Join(deadline.Account(fa, c, now), " | "), strings.Join(deadline.Account(en, c, now), " | "))
}
