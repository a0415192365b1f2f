package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/alecthomas/kong"

	"relance/internal/app"
	"relance/internal/domain/rate"
	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/store"
)

// errSaid ends a command whose answer has already said what is wrong: exit code 1, no more words.
var errSaid = errors.New("")

type migrateCmd struct{}

// Run brings the schema up to date.
func (migrateCmd) Run(c *context) error {
	url, err := c.database()
	if err != nil {
		return err
	}
	st, err := store.Open(c.ctx, url, false)
	if err != nil {
		return err
	}
	n, err := st.Migrate(c.ctx)
	if err != nil {
		return errors.Join(err, st.Close())
	}
	return errors.Join(c.answer(map[string]any{"applied": n}, func(w io.Writer) { fmt.Fprintln(w, c.t("cmd.migrate.done")) }), st.Close())
}

type doctorCmd struct{}

// checkShape is one thing that doctor looked at.
type checkShape struct {
	Check string `json:"check"`
	OK    bool   `json:"ok"`
	Told  string `json:"told"`
}

// Run looks at what a working house needs.
func (doctorCmd) Run(c *context) (err error) {
	var list []checkShape
	look := func(name string, err error, told string) {
		if err != nil {
			told = i18n.Error(c.Lang, err)
		}
		list = append(list, checkShape{name, err == nil, told})
	}
	url, err := c.database()
	look("database-url", err, redacted(url))
	d, closer, err := c.desk(false)
	look("database", err, c.t("cmd.doctor.database"))
	today := today()
	if err == nil {
		defer func() { err = errors.Join(err, closer()) }()
		c.examine(d, look)
		if day, err := d.Today(c.ctx); err == nil {
			today = day
		}
	}
	s := cal.SemesterOf(today)
	_, rateErr := rate.Legal().ECB(s)
	look("rates", rateErr, c.t("cmd.doctor.rates", s.String()))
	ok := true
	for _, x := range list {
		ok = ok && x.OK
	}
	if err := c.answer(map[string]any{"ok": ok, "checks": list}, func(w io.Writer) {
		for _, x := range list {
			mark := "✓"
			if !x.OK {
				mark = "✗"
			}
			fmt.Fprintf(w, "%s %-14s %s\n", mark, x.Check, x.Told)
		}
	}); err != nil {
		return err
	}
	if !ok {
		return errSaid
	}
	return nil
}

func today() cal.Date {
	y, m, d := clock().Date()
	return cal.Of(y, m, d)
}

// examine looks at the company, its mail accounts and its journal.
func (c *context) examine(d *app.Desk, look func(string, error, string)) {
	co, err := d.Company(c.ctx)
	look("company", err, co.Code+" "+co.Profile.Name)
	accounts, err := d.MailAccounts(c.ctx)
	if err == nil && len(accounts) == 0 {
		err = errors.New(c.t("app.gate.mail-account"))
	}
	look("mail-account", err, c.t("cmd.doctor.accounts", len(accounts)))
	for _, a := range accounts {
		look("smtp "+a.Name, d.TestMailAccount(c.ctx, a.Name), a.Host)
	}
	secrets, err := d.Secrets(c.ctx)
	look("secrets", err, c.t("cmd.doctor.secrets", secrets))
	v, err := d.VerifyJournal(c.ctx)
	if err == nil && v.Broken != "" {
		err = errors.New(c.t("cmd.journal.broken", int(v.At), c.t("cmd.journal."+v.Broken)))
	}
	look("journal", err, c.t("cmd.journal.valid", int(v.Sealed), v.Unsealed))
}

// redacted hides the passwords of a database address.
func redacted(address string) string {
	scheme, _, remote := strings.Cut(address, "://")
	if !remote {
		return address // a file
	}
	u, err := url.Parse(address)
	if err != nil {
		return scheme + "://…"
	}
	if u.User != nil {
		u.User = url.User(u.User.Username())
	}
	if q := u.Query(); q.Has("password") || q.Has("sslpassword") {
		q.Del("password")
		q.Del("sslpassword")
		u.RawQuery = q.Encode()
	}
	return u.String()
}

type completionCmd struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"${enum}"`
}

// Run writes a completion script for a shell: source it from the shell's own start file.
func (q completionCmd) Run(c *context, k *kong.Kong) error {
	words := map[string][]string{}
	walkCommands(k.Model.Node, "", words)
	out := bufio.NewWriter(c.out)
	switch q.Shell {
	case "fish":
		writeFish(out, words)
	default:
		writeBash(out, words, q.Shell == "zsh")
	}
	return out.Flush()
}

// walkCommands lists what may follow each command path.
func walkCommands(n *kong.Node, path string, words map[string][]string) {
	for _, child := range n.Children {
		if child.Hidden {
			continue
		}
		words[path] = append(words[path], child.Name)
		walkCommands(child, strings.TrimSpace(path+" "+child.Name), words)
	}
	for _, f := range n.Flags {
		if !f.Hidden {
			words[path] = append(words[path], "--"+f.Name)
		}
	}
}

func writeBash(w io.Writer, words map[string][]string, zsh bool) {
	if zsh {
		fmt.Fprintln(w, "autoload -U +X bashcompinit && bashcompinit")
	}
	fmt.Fprint(w, "_relance() {\n  local path=\"\" i w\n  for ((i = 1; i < COMP_CWORD; i++)); do\n    w=\"${COMP_WORDS[i]}\"\n    [[ $w == -* ]] || path=\"${path:+$path }$w\"\n  done\n  local words=\"\"\n  case \"$path\" in\n")
	for path, list := range words {
		fmt.Fprintf(w, "    %q) words=%q ;;\n", path, strings.Join(list, " "))
	}
	fmt.Fprint(w, "  esac\n  COMPREPLY=($(compgen -o default -W \"$words\" -- \"${COMP_WORDS[COMP_CWORD]}\"))\n}\ncomplete -o default -F _relance relance\n")
}

func writeFish(w io.Writer, words map[string][]string) {
	for path, list := range words {
		cond := "__fish_use_subcommand"
		if path != "" {
			cond = "__fish_seen_subcommand_from " + path[strings.LastIndex(path, " ")+1:]
		}
		for _, x := range list {
			if flag, ok := strings.CutPrefix(x, "--"); ok {
				fmt.Fprintf(w, "complete -c relance -n %q -l %s\n", cond, flag)
			} else {
				fmt.Fprintf(w, "complete -c relance -f -n %q -a %s\n", cond, x)
			}
		}
	}
}
