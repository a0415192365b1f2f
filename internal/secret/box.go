package secret

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"relance/internal/ground/fault"
)

// Env is the variable that holds the key, 64 hexadecimal digits, instead of a file: several with commas between them
// while keys change, the one that seals first.
const Env = "RELANCE_KEY"

const (
	keyBytes = 32
	prefix   = "s1"    // of the format: AES-256-GCM, random nonce first
	maxKeys  = 8       // of one file
	maxFile  = 1 << 10 // bytes
)

// Box seals with one key and opens with each that it holds. It may be used by several goroutines.
type Box struct {
	keys []key // the one that seals first
}

type key struct {
	aead cipher.AEAD
	id   string // says nothing of it
	text []byte // 64 hexadecimal digits
}

// Open reads the keys from the environment or from their file; where there is neither, it makes the
// file. Whoever loses the key loses what it sealed: it is kept apart from backups of the data.
func Open(keyPath string) (*Box, error) {
	if s := os.Getenv(Env); s != "" {
		return newBox([]byte(s), Env)
	}
	b, err := readKey(keyPath)
	if errors.Is(err, fs.ErrNotExist) {
		b, err = makeKey(keyPath)
	}
	if err != nil {
		return nil, err
	}
	return newBox(b, keyPath)
}

func readKey(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, err
	case err != nil:
		return nil, unreadable(path, err)
	case info.Mode().Perm()&^lent(path)&0o077 != 0:
		return nil, fault.New(fault.Forbidden, "secret.key-open", path)
	case !info.Mode().IsRegular() || info.Size() > maxFile:
		return nil, fault.New(fault.Invalid, "secret.key-size", path)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, unreadable(path, err)
	}
	return b, nil
}

// lent are the rights that a key may show beyond its owner's: systemd lends a credential to the
// service's user by an access list, which the file's mode shows as a right of its group; the folder
// itself is closed to everybody else.
func lent(path string) fs.FileMode {
	if dir := os.Getenv("CREDENTIALS_DIRECTORY"); dir != "" && filepath.Dir(path) == filepath.Clean(dir) {
		return 0o040
	}
	return 0
}

func unreadable(path string, err error) error {
	return &fault.Error{Kind: fault.Unavailable, Op: "secret.open", Key: "secret.key-file", Args: []any{path}, Err: err}
}

// makeKey writes a new key whole or not at all; when two processes start together, the first one's
// key is everybody's.
func makeKey(path string) ([]byte, error) {
	text := newKey()
	name, err := written(path, text)
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.Remove(name) }() // its other name stays
	// A link does not replace what is there, as a rename would.
	if err := os.Link(name, path); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return readKey(path)
		}
		return nil, unreadable(path, err)
	}
	return text, nil
}

func newKey() []byte {
	k := make([]byte, keyBytes)
	rand.Read(k) // never fails: it ends the program instead
	return []byte(hex.EncodeToString(k) + "\n")
}

// written puts a text on the disk beside the key's file, for its owner alone, and names it.
func written(path string, text []byte) (string, error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".key-*") // 0600
	if err != nil {
		return "", unreadable(path, err)
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		_ = os.Remove(f.Name()) // the first error is the one to tell
		return "", unreadable(path, err)
	}
	return f.Name(), nil
}

// newBox reads keys: one a line, or commas between them.
func newBox(text []byte, where string) (*Box, error) {
	b := &Box{}
	for _, word := range bytes.FieldsFunc(text, func(r rune) bool { return r == ',' || unicode.IsSpace(r) }) {
		k, err := hex.DecodeString(string(word))
		if err != nil || len(k) != keyBytes || len(b.keys) == maxKeys {
			return nil, fault.New(fault.Invalid, "secret.key-size", where)
		}
		block, err := aes.NewCipher(k)
		if err != nil {
			return nil, err
		}
		aead, err := cipher.NewGCM(block)
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(append([]byte("relance key id\x00"), k...))
		b.keys = append(b.keys, key{aead, hex.EncodeToString(sum[:4]), bytes.ToLower(word)})
	}
	if len(b.keys) == 0 {
		return nil, fault.New(fault.Invalid, "secret.key-size", where)
	}
	return b, nil
}

// KeyID names the key that seals.
func (b *Box) KeyID() string { return b.keys[0].id }

// Older names the keys that only open: there are some while keys change.
func (b *Box) Older() (ids []string) {
	for _, k := range b.keys[1:] {
		ids = append(ids, k.id)
	}
	return ids
}

// Seal encrypts; the same text sealed twice gives two texts. The result is "s1.KEY.base64".
func (b *Box) Seal(plain []byte) (string, error) {
	k := b.keys[0]
	nonce := make([]byte, k.aead.NonceSize(), k.aead.NonceSize()+len(plain)+k.aead.Overhead())
	rand.Read(nonce) // never fails
	head := prefix + "." + k.id + "."
	return head + base64.RawURLEncoding.EncodeToString(k.aead.Seal(nonce, nonce, plain, []byte(head))), nil
}

// Unseal opens what Seal made. A text of another key or a damaged one is an error that says which.
func (b *Box) Unseal(sealed string) ([]byte, error) {
	version, rest, _ := strings.Cut(sealed, ".")
	name, data, ok := strings.Cut(rest, ".")
	raw, err := base64.RawURLEncoding.Strict().DecodeString(data)
	n := b.keys[0].aead.NonceSize()
	if version != prefix || !ok || err != nil || len(raw) < n {
		return nil, fault.New(fault.Invalid, "secret.damaged")
	}
	i := slices.IndexFunc(b.keys, func(k key) bool { return k.id == name })
	if i < 0 {
		return nil, fault.New(fault.Forbidden, "secret.other-key", clip(name), b.KeyID())
	}
	plain, err := b.keys[i].aead.Open(nil, raw[:n], raw[n:], []byte(prefix+"."+name+"."))
	if err != nil {
		return nil, fault.New(fault.Invalid, "secret.damaged")
	}
	return plain, nil
}

// clip keeps an error readable.
func clip(s string) string { return s[:min(len(s), 8)] }
