package main

import (
	"fmt"
	"io"
	"os"

	"golang.org/x/term"
)

// bar tells how far long work is, on the standard error when a person watches it.
type bar struct {
	w     io.Writer
	label string
	shown bool
}

// progress begins a bar; it shows nothing when the standard error is no terminal.
func (c *context) progress(label string) *bar {
	f, ok := c.errOut.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return &bar{}
	}
	return &bar{w: f, label: label}
}

func (b *bar) count(n int) {
	if b.w != nil {
		b.shown = true
		fmt.Fprintf(b.w, "\r%s %d", b.label, n)
	}
}

func (b *bar) done() {
	if b.shown {
		fmt.Fprint(b.w, "\r\033[K")
	}
}
