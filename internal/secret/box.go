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
	"strings"

	"relance/internal/ground/fault"
)

// Env is the variable that holds the key, 64 hexadecimal digits, instead of a file.
const Env = "RELANCE_KEY"

const (
	keyBytes = 32
	prefix   = "s1" // of the format: AES-256-GCM, random nonce first
)

// Box seals and opens with one key. It may be used by several goroutines.
type Box struct {
	aead cipher.AEAD
	id   string // of the key, says nothing of it
}

// Open reads the key from the environment or from its file; where there is neither, it makes the
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
	case info.Mode().Perm()&0o077 != 0:
		return nil, fault.New(fault.Forbidden, "secret.key-open", path)
	case !info.Mode().IsRegular() || info.Size() > 1024:
		return nil, fault.New(fault.Invalid, "secret.key-size", path)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, unreadable(path, err)
	}
	return b, nil
}

func unreadable(path string, err error) error {
	return &fault.Error{Kind: fault.Unavailable, Op: "secret.open", Key: "secret.key-file", Args: []any{path}, Err: err}
}

// makeKey writes a new key whole or not at all; when two processes start together, the first one's
// key is everybody's.
func makeKey(path string) ([]byte, error) {
	key := make([]byte, keyBytes)
	rand.Read(key) // never fails: it ends the program instead
	text := []byte(hex.EncodeToString(key) + "\n")
	f, err := os.CreateTemp(filepath.Dir(path), ".key-*") // 0600
	if err != nil {
		return nil, unreadable(path, err)
	}
	defer func() { _ = os.Remove(f.Name()) }() // its other name stays
	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, unreadable(path, err)
	}
	// A link does not replace what is there, as a rename would.
	if err := os.Link(f.Name(), path); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return readKey(path)
		}
		return nil, unreadable(path, err)
	}
	return text, nil
}

func newBox(text []byte, where string) (*Box, error) {
	key, err := hex.DecodeString(string(bytes.TrimSpace(text)))
	if err != nil || len(key) != keyBytes {
		return nil, fault.New(fault.Invalid, "secret.key-size", where)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(append([]byte("relance key id\x00"), key...))
	return &Box{aead: aead, id: hex.EncodeToString(sum[:4])}, nil
}

// KeyID names the key.
func (b *Box) KeyID() string { return b.id }

// Seal encrypts; the same text sealed twice gives two texts. The result is "s1.KEY.base64".
func (b *Box) Seal(plain []byte) (string, error) {
	nonce := make([]byte, b.aead.NonceSize(), b.aead.NonceSize()+len(plain)+b.aead.Overhead())
	rand.Read(nonce) // never fails
	head := prefix + "." + b.id + "."
	return head + base64.RawURLEncoding.EncodeToString(b.aead.Seal(nonce, nonce, plain, []byte(head))), nil
}

// Unseal opens what Seal made. A text of another key or a damaged one is an error that says which.
func (b *Box) Unseal(sealed string) ([]byte, error) {
	version, rest, _ := strings.Cut(sealed, ".")
	key, data, ok := strings.Cut(rest, ".")
	raw, err := base64.RawURLEncoding.Strict().DecodeString(data)
	n := b.aead.NonceSize()
	if version != prefix || !ok || err != nil || len(raw) < n {
		return nil, fault.New(fault.Invalid, "secret.damaged")
	}
	if key != b.id {
		return nil, fault.New(fault.Forbidden, "secret.other-key", clip(key), b.id)
	}
	plain, err := b.aead.Open(nil, raw[:n], raw[n:], []byte(prefix+"."+key+"."))
	if err != nil {
		return nil, fault.New(fault.Invalid, "secret.damaged")
	}
	return plain, nil
}

// clip keeps an error readable.
func clip(s string) string { return s[:min(len(s), 8)] }
