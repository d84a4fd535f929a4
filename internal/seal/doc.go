// Package seal keeps other people's secrets unreadable to whoever holds the
// database, a backup or a log. It is envelope encryption: a key-encryption
// key (KEK) that lives outside the database wraps one keyset per owner and
// purpose, and that keyset seals the values. Destroying a wrapped keyset
// destroys everything that it sealed (crypto-shredding).
//
// It is the only package that uses Tink (https://developers.google.com/tink).
package seal
