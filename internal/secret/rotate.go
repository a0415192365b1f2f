package secret

import (
	"bytes"
	"os"
	"path/filepath"

	"relance/internal/ground/fault"
)

// Rotate changes the key of a file. It writes a new one above those that are there, so that everything opens whatever
// happens next; reseal then seals every secret again with it; the older keys are taken out of the file once that is
// done. A rotation that was cut goes on where it was: no third key is made.
//
// A key of the environment is not ours to write: it changes when two are given there, the new one first.
func Rotate(path string, reseal func(*Box) error) (*Box, error) {
	b, err := Open(path)
	if err != nil {
		return nil, err
	}
	given := os.Getenv(Env) != ""
	if len(b.keys) == 1 {
		if given {
			return nil, fault.New(fault.Invalid, "secret.rotate-env", Env)
		}
		if err := replace(path, append(newKey(), b.lines(1)...)); err != nil {
			return nil, err
		}
		if b, err = Open(path); err != nil {
			return nil, err
		}
	}
	if err := reseal(b); err != nil {
		return nil, err
	}
	if given {
		return b, nil // whoever gives the keys takes the older ones out
	}
	return b, replace(path, b.lines(1))
}

// lines are the first n keys as a file holds them.
func (b *Box) lines(n int) []byte {
	var out bytes.Buffer
	for _, k := range b.keys[:n] {
		out.Write(k.text)
		out.WriteByte('\n')
	}
	return out.Bytes()
}

// replace writes a file anew, whole or not at all, and waits until its name is on the disk.
func replace(path string, text []byte) error {
	name, err := written(path, text)
	if err != nil {
		return err
	}
	if err := os.Rename(name, path); err != nil {
		_ = os.Remove(name) // the first error is the one to tell
		return unreadable(path, err)
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return unreadable(path, err)
	}
	defer dir.Close()
	_ = dir.Sync() // not every system syncs a folder: the file itself is on the disk
	return nil
}
