package main

import (
	"fmt"
	"io"
	"os"

	"relance/internal/app"
	"relance/internal/secret"
)

type keyCmd struct {
	Show   keyShow   `cmd:"" default:"1" help:"Which key it is, where it lies, whether it opens every stored password."`
	Rotate keyRotate `cmd:"" help:"Make a new key and seal every stored password with it; one that was cut goes on."`
}

type keyShow struct{}

// Run names the key and says whether it opens everything.
func (keyShow) Run(c *context) error {
	return c.withHouse(false, func(a *app.App) error {
		b, err := box()
		if err != nil {
			return err
		}
		n, err := a.Secrets(c.ctx)
		if err != nil {
			return err
		}
		where := secret.Env
		if os.Getenv(secret.Env) == "" {
			if where, err = keyPath(); err != nil {
				return err
			}
		}
		return c.answer(map[string]any{"key": b.KeyID(), "where": where, "older": append([]string{}, b.Older()...), "secrets": n}, func(w io.Writer) {
			fmt.Fprintln(w, c.t("cmd.key.show", b.KeyID(), where, n))
			for _, k := range b.Older() {
				fmt.Fprintln(w, c.t("cmd.key.older", k))
			}
		})
	})
}

type keyRotate struct{}

// Run changes the key.
func (keyRotate) Run(c *context) error {
	return c.withHouse(false, func(a *app.App) error {
		path, err := keyPath()
		if err != nil {
			return err
		}
		n := 0
		b, err := secret.Rotate(path, func(*secret.Box) (err error) {
			n, err = a.Reseal(c.ctx)
			return err
		})
		if err != nil {
			return err
		}
		return c.answer(map[string]any{"key": b.KeyID(), "secrets": n}, func(w io.Writer) { fmt.Fprintln(w, c.t("cmd.key.rotated", b.KeyID(), n)) })
	})
}
