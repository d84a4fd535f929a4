package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// change alters a transaction and writes it down before anybody is told;
// what cannot be written has not happened. The lock is held.
func (s *Server) change(t *Transaction, alter func(*Transaction)) error {
	before := *t
	alter(t)
	if err := s.save(); err != nil {
		*t = before
		return err
	}
	return nil
}

// add writes down a new transaction. The lock is held.
func (s *Server) add(t *Transaction) error {
	s.transactions = append(s.transactions, t)
	if err := s.save(); err != nil {
		s.transactions = s.transactions[:len(s.transactions)-1]
		return err
	}
	return nil
}

// save replaces the state file in one step: whoever is killed meanwhile
// leaves the old one or the new one.
func (s *Server) save() error {
	if s.options.StateFile == "" {
		return nil
	}
	state, err := json.Marshal(s.transactions)
	if err != nil {
		return fmt.Errorf("sandbox state: %w", err)
	}
	draft := s.options.StateFile + ".tmp"
	if err := os.WriteFile(draft, state, 0o600); err != nil {
		return fmt.Errorf("sandbox state: %w", err)
	}
	if err := os.Rename(draft, s.options.StateFile); err != nil {
		return fmt.Errorf("sandbox state: %w", err)
	}
	return nil
}

func (s *Server) load() error {
	if s.options.StateFile == "" {
		return nil
	}
	state, err := os.ReadFile(s.options.StateFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("sandbox state: %w", err)
	}
	if err := json.Unmarshal(state, &s.transactions); err != nil {
		return fmt.Errorf("sandbox state %s: %w", s.options.StateFile, err)
	}
	return nil
}
