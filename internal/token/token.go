// Package token makes the bearer tokens that browsers keep in cookies. Only
// a token's hash is stored, so that a stolen database opens no session.
package token

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
)

// Token is what the browser keeps: 256 random bits, in base64url.
type Token string

// New draws a token.
func New() Token {
	var random [32]byte
	rand.Read(random[:])
	return Token(base64.RawURLEncoding.EncodeToString(random[:]))
}

// Hash returns what is stored of the token: its SHA-256.
func (t Token) Hash() []byte {
	sum := sha256.Sum256([]byte(t))
	return sum[:]
}

// CSRF returns the word that forms of this session carry. It is derived from
// the token and does not lead back to it.
func (t Token) CSRF() string {
	mac := hmac.New(sha256.New, []byte(t))
	mac.Write([]byte("csrf"))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// CSRFMatches reports, in constant time, whether word is the session's.
func (t Token) CSRFMatches(word string) bool {
	return t != "" && subtle.ConstantTimeCompare([]byte(t.CSRF()), []byte(word)) == 1
}

// String keeps tokens out of logs.
func (Token) String() string { return "***" }
