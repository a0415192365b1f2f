//go:build unix

package main

import (
	"bytes"
	gocontext "context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"relance/internal/app"
	"relance/internal/ground/id"
	"relance/internal/store"
	"relance/internal/store/storetest"
)

// What the true program reads when a test puts it on another clock: "the instant it is, in milliseconds, when the machine
// says this one". Its leases are then short, for a test to outlive them.
const testClock = "RELANCE_TEST_CLOCK"

const shortLease = 4 * time.Second

// onTestClock puts the program on the test's clock.
func onTestClock() {
	at, machine, ok := strings.Cut(os.Getenv(testClock), "@")
	if !ok {
		return
	}
	from, _ := strconv.ParseInt(at, 10, 64)
	since, _ := strconv.ParseInt(machine, 10, 64)
	clock = func() time.Time { return time.UnixMilli(from).Add(time.Since(time.UnixMilli(since))) }
	pace = app.Pace{Lease: shortLease, Retry: 50 * time.Millisecond}
}

// house is a database that true programs work on.
type house struct {
	t   *testing.T
	env []string
	url string
}

// newHouse makes a company that writes to so many customers by a mail server, in the middle of a working day.
func newHouse(t *testing.T, url string, r *rogue, customers, connections int) *house {
	t.Helper()
	dir := t.TempDir()
	host, port := r.address()
	from := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	h := &house{t: t, url: url, env: append(os.Environ(), "HOME="+dir, "XDG_DATA_HOME="+dir, "LC_ALL=C", "RELANCE_DB="+url, "RELANCE_PASSWORD=motdepasse123",
		fmt.Sprintf("%s=%d@%d", testClock, from.UnixMilli(), time.Now().UnixMilli()))}
	var c, f bytes.Buffer
	fmt.Fprintln(&c, "code,name,kind,address,postcode,city,email")
	fmt.Fprintln(&f, "number,issued,due,amount,customer")
	for i := range customers {
		fmt.Fprintf(&c, "C%05d,Client %d,PRO,1 rue Haute,75001,Paris,compta@c%05d.example\n", i, i, i)
		fmt.Fprintf(&f, "F-%05d,2026-10-15,2026-11-15,%d.00,C%05d\n", i, 100+i, i)
	}
	for name, b := range map[string][]byte{"customers.csv": c.Bytes(), "invoices.csv": f.Bytes()} {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	h.must("init", "--name", "Atelier Vasseur", "--code", "AV", "--email", "claire@vasseur.example", "--iban", "FR7630006000011234567890189",
		"--siren", "732829320", "--address", "12 rue des Forges", "--postcode", "44000", "--city", "Nantes", "--signatory", "Claire Vasseur")
	h.must("mail-account", "add", "--host", host, "--port", port, "--tls", "none", "--from", "compta@vasseur.example", "--connections", strconv.Itoa(connections))
	h.must("import", "customers", filepath.Join(dir, "customers.csv"))
	h.must("import", "invoices", filepath.Join(dir, "invoices.csv"))
	h.must("go-live", "--yes")
	return h
}

func (h *house) command(args ...string) *exec.Cmd {
	c := exec.Command("relance", args...)
	c.Env = h.env
	return c
}

func (h *house) must(args ...string) {
	h.t.Helper()
	if out, err := h.command(args...).CombinedOutput(); err != nil {
		h.t.Fatalf("relance %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// node is one process that serves; killed, it is begun again.
type node struct {
	h     *house
	cmd   *exec.Cmd
	said  bytes.Buffer
	ended chan struct{}
}

func (h *house) serve() *node {
	n := &node{h: h}
	n.start()
	return n
}

func (n *node) start() {
	n.cmd = n.h.command("serve", "--listen", "127.0.0.1:0", "--log-level", "warn")
	n.cmd.Stderr = &n.said
	if err := n.cmd.Start(); err != nil {
		n.h.t.Fatal(err)
	}
	n.ended = make(chan struct{})
	go func(c *exec.Cmd, ended chan struct{}) {
		_ = c.Wait() // killed, as it is meant to be
		close(ended)
	}(n.cmd, n.ended)
}

// kill is the end of a process that does not see it come.
func (n *node) kill() {
	_ = n.cmd.Process.Kill() // ended already: all the same
	<-n.ended
}

// sleep stops the process for a while, as a machine that swaps or a laptop that is closed.
func (n *node) sleep(d time.Duration) {
	_ = n.cmd.Process.Signal(syscall.SIGSTOP)
	time.Sleep(d)
	_ = n.cmd.Process.Signal(syscall.SIGCONT)
}

// harm is what was done to the processes.
type harm struct{ kills, stops atomic.Int64 }

// TestChaos kills and stops the true program again and again while a bad mail server does what it wants, and counts: no
// message is lost, none is delivered twice, and only what was in a connection's hand is ever in doubt.
// RELANCE_CHAOS is how many messages it takes; "make chaos" takes ten thousand on each database.
func TestChaos(t *testing.T) {
	messages := 400
	if s := os.Getenv("RELANCE_CHAOS"); s != "" {
		var err error
		if messages, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	}
	storetest.Each(t, func(t *testing.T, url string) {
		seed := rand.Uint64()
		t.Logf("seed %d", seed)
		r, err := newRogue(seed)
		if err != nil {
			t.Fatal(err)
		}
		defer r.l.Close()
		const connections = 5
		nodes := 1
		if strings.HasPrefix(url, "postgres") {
			nodes, url = 3, storetest.Postgres(t)
		}
		h := newHouse(t, url, r, messages, connections)
		done := h.torment(nodes, r, rand.New(rand.NewPCG(seed, 2)))
		h.count(r, done, messages, connections)
	})
}

// torment lets nodes decide and send, and people approve, while processes are killed and stopped; then lets them finish.
func (h *house) torment(nodes int, r *rogue, random *rand.Rand) *harm {
	h.t.Helper()
	done := &harm{}
	ctx, stop := gocontext.WithCancel(gocontext.Background())
	var wg sync.WaitGroup
	wg.Go(func() { // somebody at the command line, killed too: what a script does in the night
		hand := rand.New(rand.NewPCG(random.Uint64(), 3))
		for ctx.Err() == nil {
			for _, line := range [][]string{{"run"}, {"outbox", "approve", "--all"}, {"run"}} {
				c := h.command(line...)
				if err := c.Start(); err != nil {
					h.t.Error(err)
					return
				}
				if hand.IntN(4) == 0 {
					time.AfterFunc(time.Duration(hand.IntN(400))*time.Millisecond, func() { _ = c.Process.Kill() })
					done.kills.Add(1)
				}
				_ = c.Wait() // it may find the database busy, or be killed
			}
		}
	})
	var list []*node
	for range nodes {
		list = append(list, h.serve())
	}
	for h.left() > 0 {
		time.Sleep(time.Duration(100+random.IntN(900)) * time.Millisecond)
		n := list[random.IntN(nodes)]
		if nodes > 1 && (random.IntN(6) == 0 || done.stops.Load() == 0) {
			n.sleep(shortLease * 3 / 2)
			done.stops.Add(1)
			continue
		}
		n.kill()
		done.kills.Add(1)
		n.start()
	}
	stop()
	wg.Wait()
	for _, n := range list {
		n.kill()
		if s := n.said.String(); strings.Contains(s, "panic") {
			h.t.Errorf("a node said:\n%s", s)
		}
	}
	done.kills.Add(int64(nodes))
	r.calm()
	time.Sleep(shortLease)
	h.must("run")
	h.must("outbox", "approve", "--all")
	h.must("outbox", "send")
	return done
}

// messages reads every message, however many, and looks at the journal's chain when it is asked to.
func (h *house) messages(verify bool) (list []*store.Message, journal app.Verified) {
	h.t.Helper()
	ctx := h.t.Context()
	st, err := store.Open(ctx, h.url, false)
	if err != nil {
		h.t.Fatal(err)
	}
	defer st.Close()
	a := app.New(app.Options{Store: st})
	companies, err := a.Companies(ctx)
	if err != nil || len(companies) != 1 {
		h.t.Fatal(len(companies), err)
	}
	if err := st.View(ctx, companies[0].ID, func(tx *store.Tx) (err error) {
		list, err = tx.MessagesIn(ctx, 1_000_000, store.Proposed, store.Approved, store.Sending, store.Sent, store.Failed, store.Uncertain)
		return err
	}); err != nil {
		h.t.Fatal(err)
	}
	if !verify {
		return list, journal
	}
	if journal, err = a.As(app.System(companies[0].ID, "witness")).VerifyJournal(ctx); err != nil {
		h.t.Fatal(err)
	}
	return list, journal
}

// left is how many messages are on their way, and one when nothing has left yet.
func (h *house) left() (n int) {
	list, _ := h.messages(false)
	if len(list) == 0 {
		return 1
	}
	for _, m := range list {
		if m.State == store.Proposed || m.State == store.Approved || m.State == store.Sending {
			n++
		}
	}
	return n
}

// count checks what must hold whatever happened.
func (h *house) count(r *rogue, done *harm, messages, connections int) {
	h.t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	states, asked := map[string]int{}, map[id.Customer]string{}
	list, journal := h.messages(true)
	for _, m := range list {
		name := mailIDOf(1, m.ID)
		states[m.State]++
		if before := asked[m.Customer]; before != "" && before != store.Failed {
			h.t.Errorf("customer %d is asked twice, %s and %s", m.Customer, before, m.State)
		}
		asked[m.Customer] = m.State
		switch took := r.taken[name]; m.State {
		case store.Sent:
			if took != 1 {
				h.t.Errorf("message %d is sent, and the server took it %d times", m.ID, took)
			}
		case store.Failed:
			if took != 0 {
				h.t.Errorf("message %d failed, and the server took it %d times", m.ID, took)
			}
		case store.Uncertain:
			if took > 1 {
				h.t.Errorf("message %d is uncertain, and the server took it %d times", m.ID, took)
			}
		default:
			h.t.Errorf("message %d is still %s", m.ID, m.State)
		}
		delete(r.taken, name)
	}
	for name, n := range r.taken {
		if n > 0 {
			h.t.Errorf("the server took %s %d times, and no message says so", name, n)
		}
	}
	if len(asked) != messages {
		h.t.Errorf("%d customers were written to, of %d", len(asked), messages)
	}
	if journal.Broken != "" || journal.Unsealed != 0 {
		h.t.Errorf("the journal: %+v", journal)
	}
	kills, stops := int(done.kills.Load()), int(done.stops.Load())
	if bound := (kills+stops)*connections + len(r.mute); states[store.Uncertain] > bound {
		h.t.Errorf("%d uncertain, at most %d could be", states[store.Uncertain], bound)
	}
	h.t.Logf("%d kills, %d stops, %d answers that never came: %v", kills, stops, len(r.mute), states)
}

// mailIDOf begins as the message's Message-ID does.
func mailIDOf(c id.Company, m id.Message) string {
	return strconv.FormatInt(int64(c), 36) + "." + strconv.FormatInt(int64(m), 36) + ".relance@vasseur.example"
}
