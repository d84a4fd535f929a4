package desk

import "pishkhan/internal/token"

// Lines are the open lines of each session.
type Lines = lines

// LinesMost is how many a session may hold.
const LinesMost = linesMost

// Enter counts a line in.
func Enter(l *Lines, session token.Token) (displaced <-chan struct{}, leave func()) {
	return l.enter(session)
}

// Sessions is how many sessions have lines.
func Sessions(l *Lines) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.open)
}
