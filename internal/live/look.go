package live

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"pishkhan/internal/clock"
)

const (
	lookEvery = 8 * time.Second  // how often a process says who looks at what
	lookLife  = 20 * time.Second // what it said holds, in case it dies
	lookBytes = 6000             // of looks in one message, below what Postgres takes
	lookMost  = 20               // people who are told of one order to other processes
)

// Person is a member who looks at an order.
type Person struct {
	ID   int64  `json:"i"`
	Name string `json:"n"`
}

// Look is who looks at an order now.
type Look struct {
	Code   string
	People []Person // by name
}

// looks is who looks at what: here, and as the other processes said.
type looks struct {
	here  map[string]map[Person]int // by code: on how many screens
	there map[string]map[string]said
}

type said struct {
	people []Person
	until  time.Time
}

func newLooks() looks {
	return looks{here: map[string]map[Person]int{}, there: map[string]map[string]said{}}
}

// Look says that somebody looks at an order, until leave. The order's
// listeners, they themselves included, are told who does now.
func (h *Hub) Look(code string, who Person) (leave func()) {
	h.turn(code, who, 1)
	return func() { h.turn(code, who, -1) }
}

func (h *Hub) turn(code string, who Person, by int) {
	h.mu.Lock()
	if h.looks.here[code] == nil {
		h.looks.here[code] = map[Person]int{}
	}
	screens := h.looks.here[code]
	screens[who] += by
	if screens[who] <= 0 {
		delete(screens, who)
	}
	if len(screens) == 0 {
		delete(h.looks.here, code)
	}
	people := h.looks.local(code)
	h.mu.Unlock()
	h.tellLook(code)
	go h.sayLooks(map[string][]Person{code: people})
}

// Lookers returns who looks at an order now, by name.
func (h *Hub) Lookers(code string) []Person {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.looks.all(code)
}

func (h *Hub) tellLook(code string) {
	h.handOut(Order(code), Message{Look: &Look{Code: code, People: h.Lookers(code)}})
}

// gossip says who looks at what here, and forgets who has not said so for long.
func (h *Hub) gossip() {
	h.mu.Lock()
	all := map[string][]Person{}
	for code := range h.looks.here {
		all[code] = h.looks.local(code)
	}
	gone := h.looks.forget(clock.System{}.Now())
	h.mu.Unlock()
	for _, code := range gone {
		h.tellLook(code)
	}
	h.sayLooks(all)
}

// sayLooks tells the other processes who looks at what here.
func (h *Hub) sayLooks(all map[string][]Person) {
	for _, part := range lookParts(all) {
		h.send(message{Kind: look, Looks: part})
	}
}

// lookParts cuts what is to be told into messages that Postgres takes: of one
// that is too long, nobody would hear anything.
func lookParts(all map[string][]Person) []map[string][]Person {
	var parts []map[string][]Person
	size := lookBytes
	for code, people := range all {
		people = people[:min(len(people), lookMost)]
		text, err := json.Marshal(people)
		if err != nil {
			continue // names and numbers alone
		}
		if size += len(code) + len(text) + 4; size > lookBytes { // with quotes, colon and comma
			parts, size = append(parts, map[string][]Person{}), len(code)+len(text)+4
		}
		parts[len(parts)-1][code] = people
	}
	return parts
}

// elsewhere keeps what another process said.
func (h *Hub) elsewhere(process string, seen map[string][]Person) {
	until := clock.System{}.Now().Add(lookLife)
	for code, people := range seen {
		h.mu.Lock()
		before := h.looks.all(code)
		if h.looks.there[code] == nil {
			h.looks.there[code] = map[string]said{}
		}
		h.looks.there[code][process] = said{people, until}
		if len(people) == 0 {
			delete(h.looks.there[code], process)
		}
		changed := !slices.Equal(before, h.looks.all(code))
		h.mu.Unlock()
		if changed {
			h.tellLook(code)
		}
	}
}

// What follows is with the hub's lock held.

func (l looks) local(code string) []Person {
	people := []Person{}
	for who := range l.here[code] {
		people = append(people, who)
	}
	return sorted(people)
}

func (l looks) all(code string) []Person {
	people := l.local(code)
	for _, s := range l.there[code] {
		people = append(people, s.people...)
	}
	return slices.Compact(sorted(people))
}

// forget drops what is too old, and returns the orders that it was about.
func (l looks) forget(now time.Time) (gone []string) {
	for code, processes := range l.there {
		for process, s := range processes {
			if now.After(s.until) {
				delete(processes, process)
				gone = append(gone, code)
			}
		}
		if len(processes) == 0 {
			delete(l.there, code)
		}
	}
	return gone
}

func sorted(people []Person) []Person {
	slices.SortFunc(people, func(a, b Person) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return people
}
