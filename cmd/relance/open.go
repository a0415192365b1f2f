package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"relance/internal/app"
	"relance/internal/domain/org"
	"relance/internal/gateway/pdf"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/secret"
	"relance/internal/store"
)

// dataFolder is where a person's data lie by the custom of the system.
func dataFolder() (string, error) {
	if d := os.Getenv("XDG_DATA_HOME"); d != "" {
		return filepath.Join(d, "relance"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", err
	}
	switch runtime.GOOS {
	case "windows":
		if d := os.Getenv("LOCALAPPDATA"); d != "" {
			return filepath.Join(d, "Relance"), nil
		}
	case "darwin":
		return filepath.Join(home, "Library", "Application Support", "Relance"), nil
	}
	return filepath.Join(home, ".local", "share", "relance"), nil
}

// database is the address of the database that the flags name.
func (c *context) database() (string, error) {
	if c.DB != "" {
		return c.DB, nil
	}
	dir, err := dataFolder()
	if err != nil {
		return "", err
	}
	return "sqlite:" + filepath.Join(dir, "relance.db"), nil
}

// house opens the database and the pipes. create lets a SQLite file that does not exist begin.
func (c *context) house(create bool) (a *app.App, closer func() error, err error) {
	url, err := c.database()
	if err != nil {
		return nil, nil, err
	}
	st, err := store.Open(c.ctx, url, create)
	if err != nil {
		return nil, nil, err
	}
	return c.over(st), st.Close, nil
}

// over puts the pipes on an open store.
func (c *context) over(st *store.Store) *app.App {
	return app.New(app.Options{Store: st, Now: clock, Pace: pace, Mail: mailer{}, Print: printer{sync.OnceValues(pdf.New)}, Seal: sealer{}})
}

// sealer opens the key of stored passwords each time one is needed: to read, or to try, asks for
// no key and makes none, and a key that has changed meanwhile serves at once.
type sealer struct{}

func (sealer) Seal(plain []byte) (string, error) {
	b, err := box()
	if err != nil {
		return "", err
	}
	return b.Seal(plain)
}

func (sealer) Unseal(sealed string) ([]byte, error) {
	b, err := box()
	if err != nil {
		return nil, err
	}
	return b.Unseal(sealed)
}

// box is the key of stored passwords, beside the data unless RELANCE_KEY gives it.
func box() (*secret.Box, error) {
	path, err := keyPath()
	if err != nil {
		return nil, err
	}
	return secret.Open(path)
}

// keyPath is where the key's file lies: where RELANCE_KEY_FILE says (a secret that systemd or a
// container lends), else beside the data; its folder is then made.
func keyPath() (string, error) {
	if path := setting("RELANCE_KEY_FILE"); path != "" {
		return path, nil
	}
	dir, err := dataFolder()
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "relance.key"), os.MkdirAll(dir, 0o700)
}

// desk opens the house and sits at the desk of the company that the flags name, as the owner of
// the machine or as the user that --as names.
func (c *context) desk(create bool) (*app.Desk, func() error, error) {
	a, closer, err := c.house(create)
	if err != nil {
		return nil, nil, err
	}
	d, err := c.sit(a, create)
	if err != nil {
		_ = closer() // the first error is the one to tell
		return nil, nil, err
	}
	return d, closer, nil
}

func (c *context) sit(a *app.App, create bool) (*app.Desk, error) {
	list, err := a.Companies(c.ctx)
	if err != nil {
		return nil, err
	}
	co, err := c.choose(list)
	if fault.Key(err) == "app.no-company" && create {
		code := c.Company
		if code == "" {
			code = "MAIN"
		}
		if co, err = a.CreateCompany(c.ctx, code, org.Profile{Language: string(i18n.FR)}); err == nil {
			fmt.Fprintln(c.errOut, "relance:", c.t("cmd.company.unnamed", co.Code))
		}
	}
	if err != nil {
		return nil, err
	}
	d := a.As(app.System(co.ID, machineUser()))
	if c.As == "" {
		return d, nil
	}
	u, err := d.UserNamed(c.ctx, c.As)
	if err != nil {
		return nil, err
	}
	return a.As(app.Actor{Company: co.ID, User: u.ID, Name: u.Name, Role: u.Role, Bound: u.Bound}), nil
}

// choose is the company that the flags mean: the one they name, else the only one.
func (c *context) choose(list []org.Company) (org.Company, error) {
	for _, co := range list {
		if co.Code == c.Company {
			return co, nil
		}
	}
	switch {
	case c.Company != "" && len(list) > 0:
		return org.Company{}, fault.New(fault.NotFound, "app.company.unknown", c.Company)
	case len(list) == 0:
		return org.Company{}, fault.New(fault.NotFound, "app.no-company")
	case len(list) > 1:
		return org.Company{}, usage(fault.New(fault.Invalid, "cmd.company.which"))
	}
	return list[0], nil
}

// machineUser is who runs the program, for the journal.
func machineUser() string {
	for _, v := range []string{"RELANCE_USER", "USER", "USERNAME", "LOGNAME"} {
		if s := os.Getenv(v); s != "" {
			return s
		}
	}
	return "cli"
}

// withDesk runs fn at the desk and closes the house.
func (c *context) withDesk(create bool, fn func(d *app.Desk) error) (err error) {
	d, closer, err := c.desk(create)
	if err != nil {
		return err
	}
	defer func() {
		if e := closer(); err == nil {
			err = e
		}
	}()
	return fn(d)
}

// withHouse runs fn in the house, at nobody's desk: it is the machine's owner's to do, not a user's.
func (c *context) withHouse(create bool, fn func(*app.App) error) (err error) {
	if err := c.owner(); err != nil {
		return err
	}
	a, closer, err := c.house(create)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closer()) }()
	return fn(a)
}

// owner refuses a user what is the machine's owner's to do.
func (c *context) owner() error {
	if c.As != "" {
		return fault.New(fault.Forbidden, "cmd.owner", c.As)
	}
	return nil
}
