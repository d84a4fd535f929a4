package desk

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/access"
	"pishkhan/internal/catalog"
	"pishkhan/internal/fault"
	"pishkhan/internal/iran"
	"pishkhan/internal/queue"
	"pishkhan/internal/web"
	view "pishkhan/views/desk"
	"pishkhan/views/parts"
)

// staff lists who is here, what they hold and what they work on.
func (d *desk) staff(v visit) error {
	terms, err := d.house.Queue.Terms(v.ctx())
	if err != nil {
		return err
	}
	typed := map[string]string{
		"cap": strconv.Itoa(terms.Cap), "lease": inMinutes(terms.Lease), "grace": inMinutes(terms.Grace), "skip": inMinutes(terms.Skip),
	}
	for slug, lease := range terms.Leases {
		typed["lease."+slug] = inMinutes(lease)
	}
	return d.showStaff(v, typed, nil)
}

func (d *desk) showStaff(v visit, typed map[string]string, f *fault.Fault) error {
	people, err := d.house.Queue.People(v.ctx())
	if err != nil {
		return err
	}
	services, err := d.services(v)
	if err != nil {
		return err
	}
	page := view.StaffPage{
		Chrome: d.chrome(v, v.words("staffdesk.title")), People: people, Services: services, Typed: typed,
		Manages: d.house.Policy.Allows(v.actor, access.ManageQueue), Roles: v.rolesOf, Skills: skillsOf(v, services),
	}
	status := fiber.StatusOK
	if f != nil {
		page.Wrong, page.Chrome.Failed, status = f.Fields, true, f.Kind.Status()
	}
	return web.Render(v.Ctx, status, view.Staff(page))
}

// services are the services on offer, to choose from.
func (d *desk) services(v visit) ([]parts.Option, error) {
	list, err := d.house.Catalog.Showcase(v.ctx())
	if err != nil {
		return nil, err
	}
	options := make([]parts.Option, len(list))
	for i, s := range list {
		options[i] = parts.Option{Value: s.Definition.Slug, Label: s.Definition.Title.In(v.lang())}
	}
	return options, nil
}

func (v visit) rolesOf(p queue.Person) string {
	words := make([]string, len(p.Roles))
	for i, role := range p.Roles {
		words[i] = v.words("staff.role." + string(role))
	}
	return strings.Join(words, v.words("desk.list_comma")+" ")
}

// skillsOf names what somebody works on.
func skillsOf(v visit, services []parts.Option) func(queue.Person) string {
	return func(p queue.Person) string {
		if p.WorksOnAll() {
			return v.words("staffdesk.all")
		}
		var words []string
		for _, family := range p.Families {
			words = append(words, v.words("family."+string(family)))
		}
		for _, s := range services {
			if slices.Contains(p.Services, s.Value) {
				words = append(words, s.Label)
			}
		}
		return strings.Join(words, v.words("desk.list_comma")+" ")
	}
}

// setQueueTerms changes how the house hands work out.
func (d *desk) setQueueTerms(v visit) error {
	typed := map[string]string{}
	for _, name := range []string{"cap", "lease", "grace", "skip"} {
		typed[name] = v.FormValue(name)
	}
	terms := queue.Terms{
		Cap: number(typed["cap"]), Lease: asMinutes(typed["lease"]), Grace: asMinutes(typed["grace"]), Skip: asMinutes(typed["skip"]),
		Leases: map[string]time.Duration{},
	}
	services, err := d.services(v)
	if err != nil {
		return err
	}
	for _, s := range services {
		name := "lease." + s.Value
		if typed[name] = v.FormValue(name); strings.TrimSpace(typed[name]) != "" {
			terms.Leases[s.Value] = asMinutes(typed[name])
		}
	}
	err = d.house.Queue.SetTerms(v.ctx(), v.actor, terms)
	if f := fault.Of(err); f != nil && f.Kind == fault.Invalid {
		return d.showStaff(v, typed, f)
	}
	if err != nil {
		return err
	}
	return web.Redirect(v.Ctx, "/desk/staff")
}

// person shows what somebody works on.
func (d *desk) person(v visit) error { return d.showPerson(v, nil, nil) }

func (d *desk) showPerson(v visit, typed *queue.Skills, f *fault.Fault) error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	p, err := d.house.Queue.Person(v.ctx(), id)
	if err != nil {
		return err
	}
	terms, err := d.house.Queue.Terms(v.ctx())
	if err != nil {
		return err
	}
	page := view.PersonPage{
		Chrome: d.chrome(v, p.Name), Person: p, HouseCap: terms.Cap, Chosen: p.Services, Manages: d.house.Policy.Allows(v.actor, access.ManageQueue),
	}
	if p.OwnCap != 0 {
		page.Cap = strconv.Itoa(p.OwnCap)
	}
	families, status := p.Families, fiber.StatusOK
	if f != nil {
		page.Wrong, page.Chrome.Failed, status = f.Fields, true, f.Kind.Status()
		page.Cap, page.Chosen, families = v.FormValue("cap"), typed.Services, typed.Families
	}
	for _, family := range families {
		page.ChosenFamilies = append(page.ChosenFamilies, string(family))
	}
	for _, family := range catalog.Families {
		page.Families = append(page.Families, parts.Option{Value: string(family), Label: v.words("family." + string(family))})
	}
	if page.Services, err = d.services(v); err != nil {
		return err
	}
	return web.Render(v.Ctx, status, view.StaffPerson(page))
}

// setSkills says what somebody works on, and how much at once.
func (d *desk) setSkills(v visit) error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	skills := queue.Skills{}
	for _, slug := range v.Request().PostArgs().PeekMulti("services") {
		skills.Services = append(skills.Services, string(slug))
	}
	for _, family := range v.Request().PostArgs().PeekMulti("families") {
		skills.Families = append(skills.Families, catalog.Family(family))
	}
	if typed := strings.TrimSpace(v.FormValue("cap")); typed != "" {
		if skills.Cap = number(typed); skills.Cap == 0 {
			skills.Cap = -1 // refused, as any number below one
		}
	}
	err = d.house.Queue.SetSkills(v.ctx(), v.actor, id, skills)
	if f := fault.Of(err); f != nil && f.Kind == fault.Invalid {
		return d.showPerson(v, &skills, f)
	}
	if err != nil {
		return err
	}
	return web.Redirect(v.Ctx, "/desk/staff")
}

// number reads a whole number as people type it; what is none is 0.
func number(typed string) int {
	n, _ := strconv.Atoi(strings.TrimSpace(iran.ASCIIDigits(typed)))
	return n
}

func asMinutes(typed string) time.Duration {
	return time.Duration(min(max(number(typed), 0), 1<<20)) * time.Minute
}

func inMinutes(d time.Duration) string { return strconv.Itoa(int(d / time.Minute)) }
