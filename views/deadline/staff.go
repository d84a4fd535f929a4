package deadline

import (
	"context"
	"unicode"
	"unicode/utf8"

	"pishkhan/internal/i18n"
	"pishkhan/internal/orders"
)

// Staff explains to staff what the event did to the clock, a sentence a line.
func (t Turn) Staff(ctx context.Context) []string { return sentences(t.staff(ctx)) }

func (t Turn) staff(ctx context.Context) []string {
	say := func(key string, args ...any) string { return i18n.T(ctx, "clockwords.staff."+key, args...) }
	due := When(ctx, t.Due, t.Event.At)
	made := Explanation(ctx, t.segments(), t.Due, t.Event.At)
	switch t.Event.Verb {
	case orders.Settle, orders.Verify:
		return []string{say("start", "length", Length(ctx, t.whole()), "made", made)}
	case orders.Hold, orders.AskExtra:
		if t.late() {
			return []string{say("hold_late", "due", due)}
		}
		return []string{say("hold", "left", Length(ctx, t.Left))}
	case orders.Answer, orders.ExtraPaid, orders.ExtraEnded:
		if t.late() {
			return []string{say("answer_late", "due", due)}
		}
		return []string{say("answer", "left", Length(ctx, t.Left), "made", made)}
	case orders.Extend:
		return t.staffExtend(ctx, made)
	case orders.Reopen:
		lines := []string{say("start", "length", Length(ctx, t.whole()), "made", made)}
		if t.Before != nil {
			lines = append(lines, i18n.T(ctx, "clockwords.staff.before", "outcome", Outcome(ctx, *t.Before, t.Event.At)))
		}
		return lines
	case orders.Complete:
		return []string{t.staffDone(ctx)}
	case orders.Retime:
		return t.staffRetimed(ctx, made)
	}
	return nil
}

func (t Turn) staffExtend(ctx context.Context, made string) []string {
	from := When(ctx, t.From, t.Event.At)
	lines := []string{
		i18n.T(ctx, "clockwords.staff.extend", "from", from, "to", When(ctx, t.Due, t.Event.At), "how", i18n.Key("clockwords.agreed."+t.agreed())),
		made,
	}
	if !t.FirstDue.Equal(t.From) {
		lines = append(lines, i18n.T(ctx, "clockwords.first", "due", When(ctx, t.FirstDue, t.Event.At)))
	}
	return lines
}

func (t Turn) staffDone(ctx context.Context) string {
	words := outcome(ctx, t.Event.At.In(t.Due.Location()), t.Due, t.FirstDue, t.Event.At)
	if t.late() && t.Left < 0 {
		return i18n.T(ctx, "clockwords.staff.late_by", "outcome", words, "length", Length(ctx, t.Left))
	}
	return words
}

func (t Turn) staffRetimed(ctx context.Context, made string) []string {
	lines := []string{i18n.T(ctx, "clockwords.staff.retimed")}
	if changes := changed(ctx, t.changes, t.Event.At); changes != "" {
		lines[0] = i18n.T(ctx, "clockwords.staff.retimed_by", "changes", changes)
	}
	switch {
	case t.State == orders.ClockHeld:
		lines = append(lines, i18n.T(ctx, "clockwords.staff.held", "left", Length(ctx, t.Left)))
	case !t.From.IsZero():
		lines = append(lines, i18n.T(ctx, "clockwords.staff.moved", "from", When(ctx, t.From, t.Event.At), "to", When(ctx, t.Due, t.Event.At)))
		if len(t.segments()) > 0 {
			lines = append(lines, made)
		}
	}
	switch was, is := t.told("was_late"), t.told("is_late"); {
	case was && !is:
		lines = append(lines, i18n.T(ctx, "clockwords.staff.cured"))
	case !was && is:
		lines = append(lines, i18n.T(ctx, "clockwords.staff.broken"))
	}
	return lines
}

// sentences begin with a capital letter, where there are any.
func sentences(lines []string) []string {
	for i, line := range lines {
		first, size := utf8.DecodeRuneInString(line)
		lines[i] = string(unicode.ToUpper(first)) + line[size:]
	}
	return lines
}
