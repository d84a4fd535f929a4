package parts

import (
	"context"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"pishkhan/internal/i18n"
)

// Level is how pressing a deadline is.
type Level string

// The levels, by the working time that is left: over 60 minutes, 60 to 30,
// under 30, none; and a clock that a hold has stopped.
const (
	Calm   Level = "calm"
	Soon   Level = "soon"
	Urgent Level = "urgent"
	Late   Level = "late"
	Paused Level = "paused"
)

// TimeLeft is an order's promise as it stood at Now.
type TimeLeft struct {
	What   string        // the order's code, named when it becomes urgent or late; "" says nothing
	Due    time.Time     // the deadline on the wall
	Until  string        // Due in words, as the reader writes it: «۱۶:۴۰»
	Now    time.Time     // when Left was worked out
	Left   time.Duration // working time to the deadline; below zero: late by so much working time
	Open   time.Duration // for how long after Now working time runs; 0: the desk is closed
	Paused bool          // a hold has stopped the clock
}

// Level returns how pressing it is.
func (t TimeLeft) Level() Level {
	switch {
	case t.Paused:
		return Paused
	case t.Left <= 0:
		return Late
	case t.Left < 30*time.Minute:
		return Urgent
	case t.Left <= time.Hour:
		return Soon
	}
	return Calm
}

// words says the time left; app.js fills in the same sentences as it counts.
func (t TimeLeft) words(ctx context.Context) string {
	minutes := int(t.Left.Abs() / time.Minute)
	h, m := minutes/60, minutes%60
	key := "parts.time.left_m"
	switch level := t.Level(); {
	case level == Paused:
		return i18n.T(ctx, "parts.time.paused")
	case level == Late && minutes == 0:
		key = "parts.time.late_now"
	case level == Late && h == 0:
		key = "parts.time.late_m"
	case level == Late && m == 0:
		key = "parts.time.late_h"
	case level == Late:
		key = "parts.time.late_hm"
	case level == Urgent && minutes == 0:
		key = "parts.time.urgent_now"
	case level == Urgent:
		key = "parts.time.urgent_m"
	case h > 0 && m == 0:
		key = "parts.time.calm_h"
	case h > 0:
		key = "parts.time.calm_hm"
	}
	return i18n.T(ctx, key, "h", h, "m", m)
}

// levelIcons are the shapes of all levels; the style sheet shows the one that is meant.
var levelIcons = templ.Raw(draw("clock", "icon-soon") + draw("urgent", "icon-urgent") + draw("late", "icon-late") + draw("pause", "icon-paused"))

// levelAttributes are how each level is marked.
var levelAttributes = func() map[Level]templ.OrderedAttributes {
	all := map[Level]templ.OrderedAttributes{}
	for _, level := range []Level{Calm, Soon, Urgent, Late, Paused} {
		all[level] = templ.OrderedAttributes{{Key: "class", Value: "badge time-" + string(level)}, {Key: "data-level", Value: string(level)}}
	}
	return all
}()

func epoch(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) }

func seconds(d time.Duration) string { return strconv.FormatInt(int64(d/time.Second), 10) }
