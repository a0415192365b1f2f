package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
)

// writeFile writes a file whole, or not at all: under another name beside it first, on the disk
// before it takes its name.
func (c *context) writeFile(name string, fn func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".relance-*") // 0600
	if err != nil {
		return err
	}
	err = fn(f)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		_ = os.Remove(f.Name()) // the first error is the one to tell
		return err
	}
	return syncFolder(filepath.Dir(name))
}

// syncFolder makes a name that was given last beyond a power loss. Windows does so by itself.
func syncFolder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
