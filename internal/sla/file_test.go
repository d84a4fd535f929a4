package sla

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"pishkhan/internal/fault"
)

// documented is the example of the package comment.
const documented = `{"time_zone": "Asia/Tehran",
 "week": {"saturday": ["08:30-17:00"], "thursday": ["08:30-12:00", "12:30-13:00"], "friday": []},
 "dates": [{"date": "2026-11-22", "name": "…", "closed": true, "provisional": false},
           {"date": "1405-12-29", "calendar": "jalali", "windows": ["09:00-12:00"]}]}`

func TestParseDocumented(t *testing.T) {
	c := must(Parse([]byte(documented)))
	if !slices.Equal(c.Week[time.Thursday], []Window{{8*3600 + 1800, 12 * 3600}, {12*3600 + 1800, 13 * 3600}}) || c.Week[time.Sunday] != nil {
		t.Errorf("week %v", c.Week)
	}
	if r := c.Dates[0]; r.Date != (Date{Year: 2026, Month: 11, Day: 22}) || r.Name != "…" || !r.Closed() {
		t.Errorf("first date %+v", r)
	}
	r := c.Dates[1]
	if r.Date != (Date{Year: 1405, Month: 12, Day: 29, Jalali: true}) || r.Date.Gregorian() != (Date{Year: 2027, Month: 3, Day: 20}) {
		t.Errorf("second date %+v", r)
	}
	file := string(must(Marshal(c)))
	for _, want := range []string{`{"date":"1405-12-29","calendar":"jalali","windows":["09:00-12:00"]}`, `"friday": []`} {
		if !strings.Contains(file, want) {
			t.Errorf("%s has no %s", file, want)
		}
	}
	var inside struct{ Calendar Calendar }
	if err := json.Unmarshal(must(json.Marshal(struct{ Calendar Calendar }{c})), &inside); err != nil || len(inside.Calendar.Dates) != 2 {
		t.Errorf("inside other JSON: %+v, %v", inside, err)
	}
}

func TestParseRefuses(t *testing.T) {
	week := func(day string) string { return `{"week": {"saturday": [` + day + `]}}` }
	date := func(entry string) string { return `{"week": {"saturday": ["09:00-17:00"]}, "dates": [` + entry + `]}` }
	for _, x := range []struct{ file, path, key string }{
		{``, "$", "json"},
		{`{`, "$", "json"},
		{`{"week": {"friday": ["09:00-10:00"]}} x`, "$", "json"},
		{"{\"time_zone\": \"\xff\"}", "$", "json"},
		{strings.Repeat("[", 100), "$", "json"},
		{`[]`, "$", "type"},
		{`{"week": []}`, "week", "type"},
		{`{"week": null}`, "week", "type"},
		{week(`9`), "week.saturday[0]", "type"},
		{`{"Week": {}}`, "Week", "field_unknown"},
		{`{"week": {"caturday": []}}`, "week.caturday", "field_unknown"},
		{`{"week": {"friday": [], "friday": []}}`, "week.friday", "field_twice"},
		{date(`{"date": "2026-11-22", "closed": true, "note": ""}`), "dates[0].note", "field_unknown"},
		{`{"time_zone": "Asia/Shiraz", "week": {"friday": ["09:00-10:00"]}}`, "time_zone", "time_zone"},
		{`{"time_zone": "Local", "week": {"friday": ["09:00-10:00"]}}`, "time_zone", "time_zone"},
		{`{}`, "week", "never_open"},
		{`{"week": {"friday": []}, "dates": [{"date": "2026-11-22", "closed": true}]}`, "week", "never_open"},
		{week(`"22:00-02:00"`), "week.saturday[0]", "window_midnight"},
		{week(`"22:00-00:00"`), "week.saturday[0]", "window_midnight"},
		{week(`"09:00-09:00"`), "week.saturday[0]", "window_empty"},
		{week(`"24:00-24:00"`), "week.saturday[0]", "window_empty"},
		{week(`"09:00-12:00", "13:00-14:00", "11:59-13:00"`), "week.saturday[2]", "window_overlap"},
		{week(`"09:00-12:00", "09:00-12:00"`), "week.saturday[1]", "window_overlap"},
		{week(`"09:00-24:01"`), "week.saturday[0]", "window_format"},
		{week(`"09:60-11:00"`), "week.saturday[0]", "window_format"},
		{week(`"9:00-11:00"`), "week.saturday[0]", "window_format"},
		{week(`"09:00:30-11:00"`), "week.saturday[0]", "window_format"},
		{week(`"-1:00-11:00"`), "week.saturday[0]", "window_format"},
		{week(`"09:00"`), "week.saturday[0]", "window_format"},
		{week(`""`), "week.saturday[0]", "window_format"},
		{week(strings.Repeat(`"09:00-10:00", `, 50) + `"09:00-10:00"`), "week.saturday", "windows_many"},
		{date(`{"date": "2026-11-22", "closed": true, "name": "a\u0000b"}`), "dates[0].name", "name"},
		{date(`{"date": "2026-11-22", "closed": true, "name": "` + strings.Repeat("نام", 67) + `"}`), "dates[0].name", "name"},
		{date(`{"closed": true}`), "dates[0].date", "required"},
		{date(`{"date": "2026-02-31", "closed": true}`), "dates[0].date", "date_unknown"},
		{date(`{"date": "2026-02-29", "closed": true}`), "dates[0].date", "date_unknown"},
		{date(`{"date": "2026-13-01", "closed": true}`), "dates[0].date", "date_unknown"},
		{date(`{"date": "2026-1-1", "closed": true}`), "dates[0].date", "date_format"},
		{date(`{"date": "yesterday", "closed": true}`), "dates[0].date", "date_format"},
		{date(`{"date": "0000-01-01", "closed": true}`), "dates[0].date", "date_range"},
		{date(`{"date": "1404-12-30", "calendar": "jalali", "closed": true}`), "dates[0].date", "date_unknown"},
		{date(`{"date": "1404-07-31", "calendar": "jalali", "closed": true}`), "dates[0].date", "date_unknown"},
		{date(`{"date": "2026-11-22", "calendar": "jalali", "closed": true}`), "dates[0].date", "date_range"},
		{date(`{"date": "1405-01-01", "calendar": "lunar", "closed": true}`), "dates[0].calendar", "calendar"},
		{date(`{"date": "2026-11-22", "closed": "yes"}`), "dates[0].closed", "type"},
		{date(`{"date": "2026-11-22", "closed": true, "windows": ["09:00-10:00"]}`), "dates[0].closed", "closed_with_windows"},
		{date(`{"date": "2026-11-22"}`), "dates[0]", "rule_empty"},
		{date(`{"date": "2026-11-22", "closed": false, "windows": []}`), "dates[0]", "rule_empty"},
		{date(`{"date": "2026-11-22", "windows": ["09:00-10:00", "09:30-11:00"]}`), "dates[0].windows[1]", "window_overlap"},
		{date(`{"date": "2026-11-22", "closed": true}, {"date": "2026-11-22", "closed": true}`), "dates[1].date", "date_twice"},
		{date(`{"date": "2026-11-22", "closed": true}, {"date": "1405-09-01", "calendar": "jalali", "closed": true}`), "dates[1].date", "date_twice"},
	} {
		_, err := Parse([]byte(x.file))
		if !wantFlaw(t, err, x.path, "sla.error."+x.key) {
			t.Log(x.file)
		}
	}
}

func TestParseTellsEveryFlaw(t *testing.T) {
	_, err := Parse([]byte(`{"zone": "", "week": {"saturday": ["x"]}, "dates": [{"date": "x", "closed": 1}]}`))
	if f := fault.Of(err); f == nil || len(f.Fields) != 4 {
		t.Errorf("%v", err)
	}
}

func TestParseAccepts(t *testing.T) {
	for _, file := range []string{
		`{"week": {"saturday": ["00:00-24:00"]}}`,
		`{"week": {"saturday": ["12:00-13:00", "09:00-12:00"]}}`,
		`{"week": {"saturday": ["۰۸:۳۰-۱۷:۰۰"]}}`,
		`{"dates": [{"date": "۱۴۰۳-۱۲-۳۰", "calendar": "jalali", "windows": ["09:00-12:00"]}]}`,
		`{"dates": [{"date": "2028-02-29", "calendar": "gregorian", "closed": false, "windows": ["09:00-12:00"]}]}`,
	} {
		c, err := Parse([]byte(file))
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		if c.TimeZone != DefaultZone {
			t.Errorf("zone %q", c.TimeZone)
		}
	}
}

func TestDefault(t *testing.T) {
	c := Default()
	solar := 0
	for _, r := range c.Dates {
		if r.Name == "" || !r.Closed() || !r.Date.Jalali || r.Date.Year != 1405 {
			t.Errorf("%+v", r)
		}
		if !r.Provisional {
			solar++
		}
	}
	if len(c.Dates) != 26 || solar != 10 {
		t.Errorf("%d dates, %d of them solar", len(c.Dates), solar)
	}
	if c.Week[time.Friday] != nil || c.Week[time.Thursday][0].String() != "08:30-13:00" {
		t.Errorf("week %v", c.Week)
	}
}

// wantFlaw fails the test unless err is Invalid with that field.
func wantFlaw(t *testing.T, err error, path, key string) bool {
	t.Helper()
	f := fault.Of(err)
	if f == nil || f.Kind != fault.Invalid || !slices.ContainsFunc(f.Fields, func(x fault.Field) bool { return x.Name == path && x.Key == key }) {
		t.Errorf("got %v, want %s at %s", err, key, path)
		return false
	}
	return true
}
