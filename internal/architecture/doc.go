// Package architecture holds the house to its plan: which package may import
// which, where a library may be used, who reads the time, and which room
// writes which table. It is tests alone.
//
// The tests read the sources rather than ask the go command: so what is
// behind a build tag counts too, and no test result is cached past a change.
package architecture
