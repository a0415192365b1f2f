package secret_test

import (
	"bytes"
	"io"
	"testing"

	"filippo.io/age"

	"relance/internal/ground/fault"
	"relance/internal/secret"
)

func encrypted(t *testing.T, text []byte, recipients []string, passphrase string) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := secret.Encrypt(&b, recipients, passphrase)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func decrypted(b []byte, identities, passphrase string) ([]byte, error) {
	r, n, err := secret.Decrypt(bytes.NewReader(b), int64(len(b)), identities, passphrase)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.NewSectionReader(r, 0, n))
}

// What is encrypted for two holders is opened by each of them, and by nobody else.
func TestRecipients(t *testing.T) {
	anne, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	paul, err := age.GenerateHybridIdentity()
	if err != nil {
		t.Fatal(err)
	}
	eve, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	text := bytes.Repeat([]byte("qui doit combien "), 20_000) // several chunks
	b := encrypted(t, text, []string{"# the office\n" + anne.Recipient().String() + "\n"}, "")
	if lock, err := secret.LockOf(bytes.NewReader(b)); err != nil || lock != secret.ByIdentity {
		t.Errorf("it asks for %v, %v", lock, err)
	}
	marie, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	both := encrypted(t, text, []string{anne.Recipient().String(), marie.Recipient().String()}, "")
	hybrid := encrypted(t, text, []string{paul.Recipient().String()}, "") // keys that a quantum computer does not open
	for _, x := range []struct {
		b  []byte
		id string
	}{{b, anne.String()}, {both, anne.String()}, {both, "# key\n" + marie.String() + "\n"}, {hybrid, eve.String() + "\n" + paul.String()}} {
		if got, err := decrypted(x.b, x.id, ""); err != nil || !bytes.Equal(got, text) {
			t.Errorf("%d bytes of %d, %v", len(got), len(text), err)
		}
	}
	if _, err := decrypted(both, eve.String(), ""); fault.Key(err) != "secret.wrong-identity" {
		t.Errorf("a stranger's key: %v", err)
	}
	if _, err := decrypted(both, "not a key", ""); fault.Key(err) != "secret.identity" {
		t.Errorf("no key: %v", err)
	}
	if _, err := secret.Encrypt(io.Discard, []string{"age1nobody"}, ""); fault.Key(err) != "secret.recipient" {
		t.Errorf("no recipient: %v", err)
	}
	if _, err := secret.Encrypt(io.Discard, []string{anne.Recipient().String()}, "and a passphrase"); fault.Key(err) != "secret.one-way" {
		t.Errorf("two ways: %v", err)
	}
	for _, n := range []int{30, len(b) / 2, len(b) - 1} {
		if _, err := decrypted(b[:n], anne.String(), ""); err == nil {
			t.Errorf("a file cut after %d bytes of %d was taken", n, len(b))
		}
	}
	changed := bytes.Clone(b)
	changed[len(b)/2] ^= 1
	if _, err := decrypted(changed, anne.String(), ""); err == nil {
		t.Error("an altered file was taken")
	}
}

// A passphrase opens what it closed; another one does not.
func TestPassphrase(t *testing.T) {
	b := encrypted(t, []byte("qui doit combien"), nil, "cheval batterie agrafe")
	if lock, err := secret.LockOf(bytes.NewReader(b)); err != nil || lock != secret.ByPassphrase {
		t.Errorf("it asks for %v, %v", lock, err)
	}
	if got, err := decrypted(b, "", "cheval batterie agrafe"); err != nil || string(got) != "qui doit combien" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := decrypted(b, "", "cheval batterie"); fault.Key(err) != "secret.wrong-passphrase" {
		t.Errorf("another passphrase: %v", err)
	}
	for _, plain := range []string{"", "PK\x03\x04"} {
		if lock, err := secret.LockOf(bytes.NewReader([]byte(plain))); err != nil || lock != secret.Unlocked {
			t.Errorf("%q asks for %v, %v", plain, lock, err)
		}
	}
}
