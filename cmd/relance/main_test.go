package main

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"relance/internal/format/mime"
	"relance/internal/gateway/smtp/catch"
	"relance/internal/store/storetest"
)

// TestMain makes the true program a command of the scripts.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"relance": func() { onTestClock(); main() }, "half-restore": halfRestore, "half-move": halfMove})
}

// TestScripts runs testdata/script/*.txtar on each database: what a person types and what the
// program answers. Each script has a mail server of its own at $SMTP_HOST:$SMTP_PORT; "mails"
// tells what it took, "json" looks into the last answer, "keep" keeps a value of it.
func TestScripts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, url string) {
		testscript.Run(t, testscript.Params{
			Dir:                 "testdata/script",
			RequireExplicitExec: true,
			RequireUniqueNames:  true,
			Setup:               func(e *testscript.Env) error { return setUp(t, e, url) },
			Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
				"mails": mailsCmd,
				"json":  jsonCmd,
				"keep":  keepCmd,
				"http":  httpCmd,

				"waitmails": waitMailsCmd,
				"refuse":    refuseCmd,
				"waitfile":  waitFileCmd,
				"cut":       cutCmd,
			},
			UpdateScripts: os.Getenv("UPDATE") != "",
		})
	})
}

// setUp gives a script its home, its database and its mail server.
func setUp(t *testing.T, e *testscript.Env, url string) error {
	e.Setenv("LC_ALL", "en_GB.UTF-8")
	e.Setenv("HOME", e.WorkDir)
	e.Setenv("XDG_DATA_HOME", e.WorkDir+"/data")
	e.Setenv("RELANCE_USER", "tester")
	if strings.HasPrefix(url, "postgres") {
		e.Setenv("RELANCE_DB", storetest.Postgres(t)) // a schema of its own
	}
	// A second database, of the other kind where there is one.
	e.Setenv("OTHER_DB", "sqlite:"+filepath.Join(e.WorkDir, "other.db"))
	if !strings.HasPrefix(url, "postgres") && os.Getenv(storetest.Server) != "" {
		e.Setenv("OTHER_DB", storetest.Postgres(t))
	}
	box := &mailbox{}
	s, err := catch.Listen("127.0.0.1:0", box.take)
	if err != nil {
		return err
	}
	e.Defer(func() { _ = s.Close() })
	host, port, err := net.SplitHostPort(s.Addr())
	if err != nil {
		return err
	}
	e.Setenv("SMTP_HOST", host)
	e.Setenv("SMTP_PORT", port)
	address, err := freeAddress()
	if err != nil {
		return err
	}
	e.Setenv("HTTP_ADDR", address)
	e.Values[boxKey] = box
	return nil
}

type boxName struct{}

var boxKey = boxName{}

// mailbox keeps what a script's mail server took.
type mailbox struct {
	mu     sync.Mutex
	list   []taken
	refuse string // what it answers instead of taking
}

type taken struct {
	to   []string
	data []byte
}

func (b *mailbox) take(_ string, to []string, data []byte) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.refuse != "" {
		return errors.New(b.refuse)
	}
	b.list = append(b.list, taken{to, bytes.Clone(data)})
	return nil
}

// refuseCmd makes the mail server refuse what comes: "refuse ANSWER".
func refuseCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: refuse ANSWER")
	}
	box := ts.Value(boxKey).(*mailbox)
	box.mu.Lock()
	defer box.mu.Unlock()
	box.refuse = args[0]
}

// mailsCmd writes the mails taken so far to a file, as a person sees them, in the order of their
// first recipient: "mails FILE". Attachments are saved beside it under their names.
func mailsCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: mails FILE")
	}
	box := ts.Value(boxKey).(*mailbox)
	box.mu.Lock()
	defer box.mu.Unlock()
	sort.SliceStable(box.list, func(i, j int) bool { return box.list[i].to[0] < box.list[j].to[0] })
	var out strings.Builder
	for _, x := range box.list {
		m, err := mime.Read(bytes.NewReader(x.data))
		ts.Check(err)
		fmt.Fprintf(&out, "== to %s\nfrom: %s <%s>\nreply-to: %s\nsubject: %s\nid: %s\nreferences: %s\n", strings.Join(x.to, ", "), m.From.Name,
			m.From.Address, m.ReplyTo.Address, m.Subject, m.MessageID, strings.Join(m.References, " "))
		for _, c := range m.Cc {
			fmt.Fprintf(&out, "cc: %s\n", c.Address)
		}
		for _, a := range m.Attachments {
			fmt.Fprintf(&out, "attached: %s %s %d bytes\n", a.Name, a.MediaType, len(a.Data))
			ts.Check(os.WriteFile(filepath.Join(ts.MkAbs("."), "attached-"+a.Name), a.Data, 0o600))
		}
		fmt.Fprintf(&out, "html: %t\n\n%s\n", m.HTML != "", m.Text)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(out.String()), 0o600))
}
