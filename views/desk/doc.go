// Package desk is the pages of the staff: sign-in, the queue, one order on one
// screen, identity cases, calls, messages and payments. A page takes what it
// shows as values; the fragments that htmx fetches are parts of the same pages.
package desk
