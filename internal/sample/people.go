package sample

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"pishkhan/internal/audit"
	"pishkhan/internal/fault"
	"pishkhan/internal/staff"
)

// Person is a member of the demo's staff.
type Person struct {
	Email    string     `json:"email"`
	Name     string     `json:"name"`
	Role     audit.Role `json:"role"`
	Password string     `json:"password"`
}

// cast is who works at the demo's desk.
var cast = []Person{
	{Email: "operator@demo.test", Name: "سارا محمدی", Role: audit.Operator},
	{Email: "operator2@demo.test", Name: "علی رضایی", Role: audit.Operator},
	{Email: "operator3@demo.test", Name: "نگار حسینی", Role: audit.Operator},
	{Email: "reviewer@demo.test", Name: "مریم کریمی", Role: audit.Reviewer},
	{Email: "finance@demo.test", Name: "حمید نوری", Role: audit.Finance},
	{Email: "finance2@demo.test", Name: "شیوا مقدم", Role: audit.Finance},
	{Email: "supervisor@demo.test", Name: "رضا صادقی", Role: audit.Supervisor},
	{Email: "admin@demo.test", Name: "لیلا شریفی", Role: audit.Admin},
	{Email: "auditor@demo.test", Name: "کاوه امینی", Role: audit.Auditor},
}

// People returns the demo's staff with their passwords, which are drawn once
// and kept in file, readable by its owner alone. Whoever is not in the staff
// yet joins it.
func People(ctx context.Context, s *staff.Staff, file string) ([]Person, error) {
	people, err := readPeople(file)
	if errors.Is(err, os.ErrNotExist) {
		people, err = drawPasswords(file)
	}
	if err != nil {
		return nil, fmt.Errorf("demo people: %w", err)
	}
	members, err := s.List(ctx)
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, member := range members {
		known[member.Email] = true
	}
	for _, p := range people {
		if known[p.Email] {
			continue
		}
		_, err := s.Add(ctx, audit.Machine, staff.NewMember{
			Email: p.Email, Name: p.Name, Password: p.Password, Roles: []audit.Role{p.Role},
		})
		if err != nil && !fault.Is(err, fault.Conflict) {
			return nil, fmt.Errorf("demo people: %w", err)
		}
	}
	return people, nil
}

func readPeople(file string) ([]Person, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var people []Person
	return people, json.Unmarshal(content, &people)
}

func drawPasswords(file string) ([]Person, error) {
	people := make([]Person, len(cast))
	for i, p := range cast {
		var random [10]byte
		rand.Read(random[:])
		p.Password = strings.ToLower(base32.StdEncoding.EncodeToString(random[:]))
		people[i] = p
	}
	content, err := json.MarshalIndent(people, "", "  ")
	if err != nil {
		return nil, err
	}
	return people, os.WriteFile(file, content, 0o600)
}
