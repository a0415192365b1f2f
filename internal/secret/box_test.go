package secret

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"relance/internal/ground/fault"
)

func open(t testing.TB, path string) *Box {
	t.Helper()
	b, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestSealedTextsOpen(t *testing.T) {
	t.Setenv(Env, "")
	path := filepath.Join(t.TempDir(), "key")
	b := open(t, path)
	for _, plain := range []string{"", "mot de passe", strings.Repeat("é\x00", 5000)} {
		s, err := b.Seal([]byte(plain))
		if err != nil {
			t.Fatal(err)
		}
		if plain != "" && strings.Contains(s, plain) || !strings.HasPrefix(s, "s1."+b.KeyID()+".") {
			t.Errorf("sealed as %q", s)
		}
		// Another process finds the same key.
		if got, err := open(t, path).Unseal(s); err != nil || string(got) != plain {
			t.Errorf("%q opens as %q, %v", plain, got, err)
		}
		if again, _ := b.Seal([]byte(plain)); again == s {
			t.Error("two seals are alike")
		}
	}
}

func TestKeyFileIsPrivate(t *testing.T) {
	t.Setenv(Env, "")
	dir := t.TempDir()
	path := filepath.Join(dir, "key")
	open(t, path)
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v, %v", info.Mode(), err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".key-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path); fault.Key(err) != "secret.key-open" {
		t.Errorf("a key that others read: %v", err)
	}
}

func TestKeysThatAreNone(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "key")
	t.Setenv(Env, "")
	for _, s := range []string{"", "abc", strings.Repeat("0", 63), strings.Repeat("z", 64), strings.Repeat("0", 5000)} {
		if err := os.WriteFile(path, []byte(s), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(path); fault.Key(err) != "secret.key-size" {
			t.Errorf("%d letters: %v", len(s), err)
		}
	}
	if _, err := Open(filepath.Join(dir, "none", "key")); fault.Key(err) != "secret.key-file" {
		t.Errorf("no folder: %v", err)
	}
	t.Setenv(Env, "abc")
	if _, err := Open(path); fault.Key(err) != "secret.key-size" {
		t.Errorf("a short key in the environment: %v", err)
	}
}

func TestEnvironmentComesFirst(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	t.Setenv(Env, strings.Repeat("ab", 32))
	b := open(t, path)
	if _, err := os.Stat(path); err == nil {
		t.Error("a key file was made although the environment has the key")
	}
	s, err := b.Seal([]byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv(Env, "")
	if _, err := open(t, path).Unseal(s); fault.Key(err) != "secret.other-key" {
		t.Errorf("another key opens it: %v", err)
	}
}

func TestDamageIsSeen(t *testing.T) {
	t.Setenv(Env, strings.Repeat("01", 32))
	b := open(t, "")
	s, err := b.Seal([]byte("mot de passe"))
	if err != nil {
		t.Fatal(err)
	}
	head := len("s1.") + len(b.KeyID()) + 1
	for i := range s {
		c := byte('A')
		if s[i] == c {
			c = 'B'
		}
		_, err := b.Unseal(s[:i] + string(c) + s[i+1:])
		if k := fault.Key(err); k != "secret.damaged" && (i >= head || k != "secret.other-key") {
			t.Fatalf("letter %d changed: %v", i, err)
		}
	}
	for _, x := range []string{"", "s1", "s1.", "s2." + s[3:], s[:len(s)-1], s + "A", "s1." + b.KeyID() + ".", "plain password"} {
		if _, err := b.Unseal(x); err == nil {
			t.Errorf("%q opens", x)
		}
	}
}

func TestTwoProcessesStartTogether(t *testing.T) {
	t.Setenv(Env, "")
	path := filepath.Join(t.TempDir(), "key")
	ids := make([]string, 16)
	var wg sync.WaitGroup
	for i := range ids {
		wg.Go(func() {
			b, err := Open(path)
			if err != nil {
				t.Error(err)
				return
			}
			ids[i] = b.KeyID()
		})
	}
	wg.Wait()
	for _, id := range ids {
		if id != ids[0] {
			t.Fatalf("two keys: %v", ids)
		}
	}
}

func FuzzUnseal(f *testing.F) {
	f.Setenv(Env, strings.Repeat("01", 32))
	b := open(f, "")
	s, err := b.Seal([]byte("x"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(s)
	f.Add("s1.." + s[12:])
	f.Fuzz(func(t *testing.T, in string) {
		// Each worker seals its own seed under the same key: what opens can only be that text.
		if plain, err := b.Unseal(in); err == nil && string(plain) != "x" {
			t.Errorf("%q opens as %q", in, plain)
		}
	})
}

// A rotation keeps the old key until everything is sealed with the new one: whatever it is cut by, all of it opens,
// and the next one goes on where it was.
func TestRotate(t *testing.T) {
	t.Setenv(Env, "")
	path := filepath.Join(t.TempDir(), "key")
	old := open(t, path)
	sealed, err := old.Seal([]byte("hush"))
	if err != nil {
		t.Fatal(err)
	}
	cut := errors.New("cut")
	if _, err := Rotate(path, func(*Box) error { return cut }); !errors.Is(err, cut) {
		t.Fatalf("a reseal that fails: %v", err)
	}
	half := open(t, path)
	if half.KeyID() == old.KeyID() || len(half.Older()) != 1 || half.Older()[0] != old.KeyID() {
		t.Fatalf("half way: %s, older %v", half.KeyID(), half.Older())
	}
	if got, err := half.Unseal(sealed); err != nil || string(got) != "hush" {
		t.Fatalf("half way: %q %v", got, err)
	}
	done, err := Rotate(path, func(b *Box) error {
		plain, err := b.Unseal(sealed)
		if err == nil {
			sealed, err = b.Seal(plain)
		}
		return err
	})
	if err != nil || done.KeyID() != half.KeyID() {
		t.Fatalf("a third key was made, or %v", err)
	}
	after := open(t, path)
	if got, err := after.Unseal(sealed); err != nil || string(got) != "hush" || len(after.Older()) != 0 {
		t.Errorf("after: %q %v, older %v", got, err, after.Older())
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file: %v %v", info, err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".key-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	// Keys of the environment are their giver's to change.
	one, two := strings.Repeat("01", keyBytes), strings.Repeat("02", keyBytes)
	t.Setenv(Env, one)
	if _, err := Rotate(path, func(*Box) error { t.Error("resealed"); return nil }); fault.Key(err) != "secret.rotate-env" {
		t.Errorf("a key of the environment: %v", err)
	}
	t.Setenv(Env, two+","+one)
	if b, err := Rotate(path, func(*Box) error { return nil }); err != nil || len(b.Older()) != 1 {
		t.Errorf("two keys of the environment: %v", err)
	}
	t.Setenv(Env, strings.Repeat(one+",", maxKeys+1))
	if _, err := Open(path); fault.Key(err) != "secret.key-size" {
		t.Errorf("too many keys: %v", err)
	}
}
