// Package sla is the working-time clock: it turns "done in at most two working
// hours" into an instant, and says why it is that instant. It is pure: no
// database, no present time.
//
// # Open time
//
// A Calendar says which wall-clock readings of its time zone are open. An
// instant is open when the local date and time that a clock on the wall shows
// at that instant lie in a window of that date; a window holds its first
// second and not its last. Nothing else is defined, so that:
//
//   - an hour that the zone repeats (Tehran, 2022-09-21 23:00–24:00) counts
//     twice when it is open, and one that it skips (Tehran, 2022-03-22
//     00:00–01:00) not at all;
//   - a window boundary that comes twice opens or closes twice, and a window
//     whose first reading is skipped opens at the first reading after it;
//   - the offset that counts is the one in force at the instant, for the past
//     and for the future as far as the zone's rules go.
//
// Lengths are exact: nothing is truncated to minutes, or to seconds. The
// server's own zone plays no part.
//
// # The calendar file
//
// Calendars are stored, exported and imported as JSON:
//
//	{"time_zone": "Asia/Tehran",
//	 "week": {"saturday": ["08:30-17:00"], "thursday": ["08:30-12:00", "12:30-13:00"], "friday": []},
//	 "dates": [{"date": "2026-11-22", "name": "…", "closed": true, "provisional": false},
//	           {"date": "1405-12-29", "calendar": "jalali", "windows": ["09:00-12:00"]}]}
//
// time_zone is an IANA name; left out, it is Asia/Tehran. week lists each
// weekday's windows in HH:MM, to the minute, 24:00 being a legal end; a
// weekday left out is closed. An entry of dates replaces the week on its date
// and has either closed: true or at least one window; calendar is gregorian
// (left out) or jalali. Unknown and repeated fields are refused.
package sla
