package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/alecthomas/kong"
)

type configCmd struct {
	serveFlags
}

// Help implements kong's detailed help.
func (configCmd) Help() string {
	return `Each setting, its value, and where that value comes from: a flag, a variable of the
environment, or the program's own default. Secrets are never shown, only whether they
are given. It takes the flags of "serve", and says what serve would make of them.

    relance config
    systemd-run --pipe -p EnvironmentFile=/etc/relance/relance.env relance config
    relance config --json | jq '.settings[] | select(.origin != "default")'`
}

// settingShape is one setting as it stands.
type settingShape struct {
	Name   string `json:"name"` // of the flag, or of the variable where there is no flag
	Value  string `json:"value"`
	Origin string `json:"origin"` // "flag", "default", or the variable's name
	Env    string `json:"env,omitempty"`
	What   string `json:"what"`
}

const hidden = "••••"

// Run prints them.
func (configCmd) Run(c *context, k *kong.Context) error {
	list, err := c.settings(k)
	if err != nil {
		return err
	}
	return c.answer(map[string]any{"settings": list}, func(w io.Writer) {
		t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
		for _, s := range list {
			fmt.Fprintf(t, "%s\t%s\t%s\n", s.Name, s.Value, s.Origin)
		}
		_ = t.Flush() // to a person's terminal
	})
}

// settings are the flags that say how the program works, those of other commands that the
// environment may give, then what only the environment gives.
func (c *context) settings(k *kong.Context) (list []settingShape, err error) {
	given := map[*kong.Flag]bool{}
	for _, p := range k.Path {
		if p.Flag != nil {
			given[p.Flag] = true
		}
	}
	seen := map[string]bool{}
	add := func(name string, f *kong.Flag, value string) {
		s := settingShape{Name: name, Value: value, Origin: "default", What: f.Help}
		if len(f.Envs) > 0 {
			s.Env = f.Envs[0]
			if _, ok := os.LookupEnv(s.Env); ok {
				s.Origin = s.Env
			}
		}
		if given[f] {
			s.Origin = "flag"
		}
		if isSecret(s.Env) && value != "" {
			s.Value = hidden
		}
		seen[s.Env] = s.Env != ""
		list = append(list, s)
	}
	for _, f := range k.Flags() {
		if f.Name == "help" {
			continue
		}
		value := fmt.Sprint(f.Target.Interface())
		if f.Name == "db" {
			url, err := c.database()
			if err != nil {
				return nil, err
			}
			value = redacted(url)
		}
		add("--"+f.Name, f, value)
	}
	_ = kong.Visit(k.Model.Node, func(n kong.Visitable, next kong.Next) error { // no visitor fails
		if f, ok := n.(*kong.Flag); ok && len(f.Envs) > 0 && !seen[f.Envs[0]] {
			add(f.Envs[0], f, os.Getenv(f.Envs[0]))
		}
		return next(nil)
	})
	for _, v := range variables {
		s := settingShape{Name: v.name, Value: redacted(setting(v.name)), Origin: "default", Env: v.name, What: c.t(v.what)}
		if s.Value != "" {
			s.Origin = v.name
		}
		if v.secret && s.Value != "" {
			s.Value = hidden
		}
		list = append(list, s)
	}
	return list, nil
}

// isSecret tells the variables of flags whose value is nobody's to read.
func isSecret(env string) bool { return strings.Contains(env, "PASSWORD") }
