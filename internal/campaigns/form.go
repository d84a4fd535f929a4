package campaigns

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"pishkhan/internal/audit"
	"pishkhan/internal/campaigns/internal/sqlq"
	"pishkhan/internal/catalog"
	"pishkhan/internal/fault"
	"pishkhan/internal/iran"
	"pishkhan/internal/jalali"
	"pishkhan/internal/money"
	"pishkhan/internal/pricing"
)

// Form is a new campaign as typed. Its inputs are named code, name, percent,
// off, starts_on, starts_at, ends_on, ends_at, audience, tiers, mobiles,
// services, families, max_uses and max_uses_each.
type Form struct {
	Code        string
	Name        string
	Percent     string // this,
	Off         string // or so many tomans
	StartsOn    string // Jalali
	StartsAt    string // 14:30; empty: the first minute of the day
	EndsOn      string // Jalali
	EndsAt      string // empty: the last minute of the day
	Audience    string
	Tiers       []string
	Mobiles     string // one a line
	Services    []string
	Families    []string
	MaxUses     string // empty: any number
	MaxUsesEach string
}

const (
	maxName    = 100
	maxMobiles = 10_000
	maxUses    = 1_000_000
)

// draft is a checked Form.
type draft struct {
	Campaign
	mobiles []string
}

func (c *Campaigns) check(ctx context.Context, form Form, now time.Time) (draft, error) {
	var wrong fault.Fields
	d := draft{Campaign: Campaign{
		Code: form.readCode(&wrong), Name: form.readName(&wrong),
		MaxUses: readCount("max_uses", form.MaxUses, &wrong), MaxUsesEach: readCount("max_uses_each", form.MaxUsesEach, &wrong),
	}}
	d.Percent, d.Off = form.readOff(&wrong)
	d.StartsAt, d.EndsAt = form.readWindow(now, &wrong)
	if err := c.readAudience(ctx, form, &d, &wrong); err != nil {
		return draft{}, err
	}
	if err := c.readServices(ctx, form, &d, &wrong); err != nil {
		return draft{}, err
	}
	return d, wrong.Err()
}

var code = regexp.MustCompile(`^[A-Z0-9]+(-[A-Z0-9]+)*$`)

func (f Form) readCode(wrong *fault.Fields) string {
	text := strings.ToUpper(strings.TrimSpace(iran.WithoutMarks(iran.ASCIIDigits(f.Code))))
	switch {
	case text == "":
		wrong.Add("code", "campaigns.error.code_empty")
	case !code.MatchString(text):
		wrong.Add("code", "campaigns.error.code_letters")
	case len(text) < 3 || len(text) > 30:
		wrong.Add("code", "campaigns.error.code_length", "min", 3, "max", 30)
	}
	return text
}

func (f Form) readName(wrong *fault.Fields) string {
	name := strings.Join(strings.Fields(iran.MendText(f.Name)), " ")
	switch {
	case iran.WithoutMarks(name) == "":
		wrong.Add("name", "campaigns.error.name_empty")
	case utf8.RuneCountInString(name) > maxName:
		wrong.Add("name", "campaigns.error.name_long", "max", maxName)
	}
	return name
}

var percentage = regexp.MustCompile(`^[%٪]?(\d{1,3}(?:\.\d{1,2})?)[%٪]?$`)

func (f Form) readOff(wrong *fault.Fields) (percent decimal.Decimal, off money.Rials) {
	typed := strings.ReplaceAll(iran.Digits(f.Percent), "٫", ".")
	toman := iran.Digits(f.Off)
	switch {
	case typed != "" && toman != "":
		wrong.Add("off", "campaigns.error.off_both")
	case typed == "" && toman == "":
		wrong.Add("percent", "campaigns.error.off_none")
	case toman != "":
		var err error
		if off, err = money.ParseToman(f.Off); err == nil && off == 0 {
			err = fault.New(fault.Invalid, "money.error.zero")
		}
		if err != nil {
			wrong.AddErr("off", err)
		}
	default:
		parts := percentage.FindStringSubmatch(typed)
		if parts != nil {
			percent = decimal.RequireFromString(parts[1])
		}
		if !percent.IsPositive() || percent.GreaterThan(decimal.New(100, 0)) {
			wrong.Add("percent", "campaigns.error.percent")
		}
	}
	return percent, off
}

// readWindow reads the time of the campaign. The last day counts whole when
// no time is typed.
func (f Form) readWindow(now time.Time, wrong *fault.Fields) (starts, ends time.Time) {
	starts, startsRead := readInstant("starts", f.StartsOn, f.StartsAt, 0, wrong)
	ends, endsRead := readInstant("ends", f.EndsOn, f.EndsAt, 1, wrong)
	switch {
	case endsRead && !ends.After(now):
		wrong.Add("ends_on", "campaigns.error.ends_past")
	case startsRead && endsRead && !ends.After(starts):
		wrong.Add("ends_on", "campaigns.error.ends_early")
	}
	return starts, ends
}

var wall = regexp.MustCompile(`^([01]?\d|2[0-3]):([0-5]\d)$`)

// readInstant reads a Jalali date and a time of that day in Tehran; without
// one it is the first instant of the day that is so many days later.
func readInstant(name, on, at string, later int, wrong *fault.Fields) (t time.Time, ok bool) {
	date, err := jalali.Parse(on)
	if err != nil {
		wrong.AddErr(name+"_on", err)
		return time.Time{}, false
	}
	year, month, day := date.ToTime().Date()
	clock := iran.Digits(at)
	if clock == "" {
		return time.Date(year, month, day+later, 0, 0, 0, 0, jalali.Tehran), true
	}
	parts := wall.FindStringSubmatch(clock)
	if parts == nil {
		wrong.Add(name+"_at", "campaigns.error.time")
		return time.Time{}, false
	}
	hour, _ := strconv.Atoi(parts[1])
	minute, _ := strconv.Atoi(parts[2])
	return time.Date(year, month, day, hour, minute, 0, 0, jalali.Tehran), true
}

func (c *Campaigns) readAudience(ctx context.Context, form Form, d *draft, wrong *fault.Fields) error {
	d.Audience = Audience(form.Audience)
	switch d.Audience {
	case Everyone, Members:
	case Tiers:
		club, err := c.pricing.Club(ctx, c.pool)
		if err != nil {
			return err
		}
		d.Tiers = form.readTiers(club, wrong)
	case Listed:
		d.mobiles = form.readMobiles(wrong)
	default:
		wrong.Add("audience", "campaigns.error.audience")
	}
	return nil
}

func (f Form) readTiers(club pricing.Club, wrong *fault.Fields) []string {
	tiers := unique(f.Tiers)
	if len(tiers) == 0 {
		wrong.Add("tiers", "campaigns.error.tiers_empty")
	}
	for _, key := range tiers {
		if _, ok := club.Tier(key); !ok {
			wrong.Add("tiers", "campaigns.error.tier")
			break
		}
	}
	return tiers
}

func (f Form) readMobiles(wrong *fault.Fields) []string {
	var mobiles []string
	line := 0
	for text := range strings.Lines(f.Mobiles) {
		line++
		if iran.Digits(text) == "" {
			continue
		}
		mobile, err := iran.ParseMobile(text)
		if err != nil {
			wrong.Add("mobiles", "campaigns.error.mobile", "line", line)
			return nil
		}
		mobiles = append(mobiles, mobile.String())
	}
	mobiles = unique(mobiles)
	switch {
	case len(mobiles) == 0:
		wrong.Add("mobiles", "campaigns.error.mobiles_empty")
	case len(mobiles) > maxMobiles:
		wrong.Add("mobiles", "campaigns.error.mobiles_many", "max", maxMobiles)
	}
	return mobiles
}

// readServices checks that what the campaign is for is on offer.
func (c *Campaigns) readServices(ctx context.Context, form Form, d *draft, wrong *fault.Fields) error {
	for _, family := range unique(form.Families) {
		d.Families = append(d.Families, catalog.Family(family))
		if !slices.Contains(catalog.Families, catalog.Family(family)) {
			wrong.Add("families", "campaigns.error.family")
		}
	}
	d.Services = unique(form.Services)
	for _, slug := range d.Services {
		_, err := c.catalog.Service(ctx, slug)
		if fault.Is(err, fault.NotFound) {
			wrong.Add("services", "campaigns.error.service", "service", slug)
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// readCount reads a limit; without one it is 0.
func readCount(name, typed string, wrong *fault.Fields) int {
	text := iran.Digits(typed)
	if text == "" {
		return 0
	}
	n, err := strconv.ParseUint(text, 10, 31)
	if err != nil || n < 1 || n > maxUses {
		wrong.Add(name, "campaigns.error.count", "max", maxUses)
	}
	return int(n)
}

func unique(values []string) []string {
	sorted := slices.Sorted(slices.Values(values))
	return slices.Compact(slices.DeleteFunc(sorted, func(v string) bool { return v == "" }))
}

// row is the draft as it is kept.
func (d draft) row(by audit.Actor, now time.Time) sqlq.InsertCampaignParams {
	row := sqlq.InsertCampaignParams{
		Code: d.Code, Name: d.Name, Percent: decimal.NullDecimal{Decimal: d.Percent, Valid: d.Percent.IsPositive()},
		OffRials: orNull(int64(d.Off)), StartsAt: d.StartsAt, EndsAt: d.EndsAt, Audience: string(d.Audience),
		Tiers: orEmpty(d.Tiers), Services: orEmpty(d.Services), Families: []string{},
		MaxUses: orNull(int32(d.MaxUses)), MaxUsesEach: orNull(int32(d.MaxUsesEach)), CreatedBy: by.ID, CreatedAt: now,
	}
	for _, family := range d.Families {
		row.Families = append(row.Families, string(family))
	}
	return row
}

func orNull[T comparable](value T) *T {
	var zero T
	if value == zero {
		return nil
	}
	return &value
}

// orEmpty: pgx writes a nil slice as NULL.
func orEmpty(values []string) []string { return append([]string{}, values...) }
