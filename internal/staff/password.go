package staff

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"pishkhan/internal/fault"
)

// The cost of a password hash, as OWASP's Password Storage Cheat Sheet asks
// for as a minimum.
const (
	argonTime    = 2
	argonMemory  = 19 * 1024 // KiB
	argonThreads = 1
	argonKeyLen  = 32
)

// seats bound the memory that hashing takes in all: 4 × 19 MiB.
var seats = make(chan struct{}, 4)

// takeSeat waits until a password may be hashed; leave gives the seat back.
// It returns Unavailable when ctx is over before.
func takeSeat(ctx context.Context) (leave func(), err error) {
	select {
	case seats <- struct{}{}:
		return func() { <-seats }, nil
	case <-ctx.Done():
		return nil, fault.New(fault.Unavailable, "staff.error.busy").Because(ctx.Err())
	}
}

// hash returns the argon2id hash of a password in the PHC string format. It
// needs a seat.
func hash(password string) string {
	var salt [16]byte
	rand.Read(salt[:])
	key := argon2.IDKey([]byte(password), salt[:], argonTime, argonMemory, argonThreads, argonKeyLen)
	enc := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonThreads,
		enc.EncodeToString(salt[:]), enc.EncodeToString(key))
}

// matches reports whether password is the one that was hashed. It needs a seat.
func matches(password, phc string) (bool, error) {
	var version, memory, time uint32
	var threads uint8
	var salt64, key64 string
	_, err := fmt.Sscanf(phc, "$argon2id$v=%d$m=%d,t=%d,p=%d$%22s$%43s", &version, &memory, &time, &threads, &salt64, &key64)
	if err != nil || version != argon2.Version {
		return false, fmt.Errorf("a password hash is not argon2id: %w", err)
	}
	salt, err := base64.RawStdEncoding.DecodeString(salt64)
	if err != nil {
		return false, fmt.Errorf("salt of a password hash: %w", err)
	}
	want, err := base64.RawStdEncoding.DecodeString(key64)
	if err != nil {
		return false, fmt.Errorf("key of a password hash: %w", err)
	}
	got := argon2.IDKey([]byte(password), salt, time, memory, threads, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1, nil
}

// checkPassword refuses what is too short, too long to hash in good time, or
// among the first that anybody would try.
func checkPassword(password string) error {
	n := utf8.RuneCountInString(password)
	switch {
	case n < 8:
		return fault.New(fault.Invalid, "staff.error.password_short", "min", 8)
	case n > 256:
		return fault.New(fault.Invalid, "staff.error.password_long", "max", 256)
	case common[strings.ToLower(password)]:
		return fault.New(fault.Invalid, "staff.error.password_common")
	}
	return nil
}

// common holds the passwords of eight letters and more that lead every list
// of leaked ones.
var common = map[string]bool{
	"password": true, "password1": true, "password123": true, "12345678": true, "123456789": true,
	"1234567890": true, "11111111": true, "00000000": true, "88888888": true, "87654321": true,
	"qwertyui": true, "qwerty123": true, "1q2w3e4r": true, "1qaz2wsx": true, "iloveyou": true,
	"sunshine": true, "princess": true, "football": true, "baseball": true, "superman": true,
	"welcome1": true, "passw0rd": true, "admin123": true, "letmein1": true, "trustno1": true,
	"pishkhan": true, "123123123": true, "987654321": true, "asdfghjkl": true, "zxcvbnm123": true,
}
