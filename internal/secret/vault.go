package secret

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"filippo.io/age"

	"relance/internal/ground/fault"
)

// Whole files, backups, are encrypted in the age format (age-encryption.org/v1): any age program
// opens them, with the identity of one recipient or with the passphrase. They are written and read
// as a stream, and no part of a file that was altered or cut is given as true.

// Encrypt writes to w what is encrypted for everybody in recipients, each "age1…" or the lines of a
// file of them, or with a passphrase; never both. What was written counts once it is closed.
func Encrypt(w io.Writer, recipients []string, passphrase string) (io.WriteCloser, error) {
	var to []age.Recipient
	for _, text := range recipients {
		list, err := age.ParseRecipients(strings.NewReader(text))
		if err != nil {
			return nil, &fault.Error{Kind: fault.Invalid, Op: "secret.encrypt", Key: "secret.recipient", Err: err}
		}
		to = append(to, list...)
	}
	switch {
	case passphrase != "" && len(to) > 0:
		return nil, fault.New(fault.Invalid, "secret.one-way")
	case passphrase != "":
		r, err := age.NewScryptRecipient(passphrase)
		if err != nil {
			return nil, err
		}
		to = append(to, r)
	}
	return age.Encrypt(w, to...)
}

// Lock is what an encrypted file asks for.
type Lock int

// The locks of a file.
const (
	Unlocked Lock = iota // it is not encrypted
	ByIdentity
	ByPassphrase
)

const ageIntro = "age-encryption.org/v1\n"

// LockOf tells by a file's first bytes what opens it.
func LockOf(r io.ReaderAt) (Lock, error) {
	head := make([]byte, 64)
	n, err := r.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return Unlocked, err
	}
	rest, encrypted := bytes.CutPrefix(head[:n], []byte(ageIntro))
	switch {
	case !encrypted:
		return Unlocked, nil
	case bytes.HasPrefix(rest, []byte("-> scrypt ")):
		return ByPassphrase, nil
	}
	return ByIdentity, nil
}

// Decrypt opens an encrypted file of size bytes, with the identities of a file (the lines
// "AGE-SECRET-KEY-1…") or a passphrase, and gives its content and the size of that. Its end is
// checked at once, each part when it is read.
func Decrypt(r io.ReaderAt, size int64, identities, passphrase string) (io.ReaderAt, int64, error) {
	var ids []age.Identity
	if passphrase != "" {
		id, err := age.NewScryptIdentity(passphrase)
		if err != nil {
			return nil, 0, err
		}
		ids = append(ids, id)
	} else {
		list, err := age.ParseIdentities(strings.NewReader(identities))
		if err != nil {
			return nil, 0, &fault.Error{Kind: fault.Invalid, Op: "secret.decrypt", Key: "secret.identity", Err: err}
		}
		ids = list
	}
	out, n, err := age.DecryptReaderAt(r, size, ids...)
	var none *age.NoIdentityMatchError
	switch {
	case errors.As(err, &none) && passphrase != "":
		return nil, 0, fault.New(fault.Forbidden, "secret.wrong-passphrase")
	case errors.As(err, &none):
		return nil, 0, fault.New(fault.Forbidden, "secret.wrong-identity")
	case err != nil:
		return nil, 0, &fault.Error{Kind: fault.Invalid, Op: "secret.decrypt", Key: "secret.file-damaged", Err: err}
	}
	return out, n, nil
}
