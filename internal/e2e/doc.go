// Package e2e holds the tests that use the program as people do: the real
// binary, a real browser, a real SMTP server, and a double of the SMS
// provider that speaks its protocol.
package e2e
