package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/alecthomas/kong"

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
