//go:build unix

package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// service is the true program, started as systemd starts it.
type service struct {
	t       *testing.T
	env     []string
	cmd     *exec.Cmd
	address string
	said    chan string // what it tells systemd
	log     bytes.Buffer
}

// newService is a program with a company, that is not started yet.
func newService(t *testing.T, env ...string) *service {
	t.Helper()
	dir := t.TempDir()
	address, err := freeAddress()
	if err != nil {
		t.Fatal(err)
	}
	s := &service{t: t, address: address, said: make(chan string, 10), env: append(os.Environ(), "XDG_DATA_HOME="+dir, "HOME="+dir, "LC_ALL=C",
		"RELANCE_PASSWORD=motdepasse123", "RELANCE_LISTEN="+address)}
	s.env = append(s.env, env...)
	s.run("init", "--name", "Atelier Vasseur", "--email", "claire@vasseur.example")
	return s
}

func (s *service) command(args ...string) *exec.Cmd {
	c := exec.Command("relance", args...)
	c.Env = s.env
	return c
}

// run runs a command of the program beside the service.
func (s *service) run(args ...string) string {
	s.t.Helper()
	out, err := s.command(args...).CombinedOutput()
	if err != nil {
		s.t.Fatalf("relance %v: %v: %s", args, err, out)
	}
	return string(out)
}

// start serves, and waits until the desk is open.
func (s *service) start(flags ...string) {
	s.t.Helper()
	s.cmd = s.command(append([]string{"serve", "--log-format", "json"}, flags...)...)
	s.cmd.Env = append(s.cmd.Env, "NOTIFY_SOCKET="+s.listen(s.t.TempDir()))
	s.cmd.Stderr = &s.log
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = s.cmd.Process.Kill() })
	s.wants("READY=1")
}

// listen is systemd's end of the conversation.
func (s *service) listen(dir string) string {
	s.t.Helper()
	name := filepath.Join(dir, "n")
	c, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: name, Net: "unixgram"})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = c.Close() })
	go func() {
		b := make([]byte, 100)
		for {
			n, err := c.Read(b)
			if err != nil {
				return
			}
			s.said <- string(b[:n])
		}
	}()
	return name
}

func (s *service) wants(state string) {
	s.t.Helper()
	select {
	case got := <-s.said:
		if got != state {
			s.t.Fatalf("systemd is told %q, want %q", got, state)
		}
	case <-time.After(patience):
		s.t.Fatalf("systemd is not told %q: %s", state, s.log.String())
	}
}

func (s *service) signal() { _ = s.cmd.Process.Signal(syscall.SIGTERM) } // gone already: Wait says how

const slowBody = "email=eve%40un.example&password=not+the+one"

// slow begins a request and leaves it half way: its handler is known to wait for the rest.
func (s *service) slow() (net.Conn, *bufio.Reader) {
	s.t.Helper()
	c, err := net.Dial("tcp", s.address)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = c.Close() })
	fmt.Fprintf(c, "POST /signin HTTP/1.1\r\nHost: desk\r\nExpect: 100-continue\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n", len(slowBody))
	r := bufio.NewReader(c)
	if line, err := r.ReadString('\n'); err != nil || !strings.Contains(line, "100 Continue") {
		s.t.Fatalf("%q, %v", line, err)
	}
	if _, err := r.ReadString('\n'); err != nil {
		s.t.Fatal(err)
	}
	return c, r
}

// TestStopsInOrder: told to stop, the program says that it is not ready, lets nobody in any more,
// answers who was in already, and ends well.
func TestStopsInOrder(t *testing.T) {
	s := newService(t)
	s.start("--drain", "3s")
	c, r := s.slow()
	s.signal()
	s.wants("STOPPING=1")
	ready := func() int {
		res, err := http.Get("http://" + s.address + "/readyz")
		if err != nil {
			return 0
		}
		defer res.Body.Close()
		_, _ = io.Copy(io.Discard, res.Body)
		return res.StatusCode
	}
	if got := ready(); got != http.StatusServiceUnavailable {
		t.Errorf("/readyz answers %d while the program leaves", got)
	}
	for end := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		n, err := net.Dial("tcp", s.address)
		if err != nil {
			break
		}
		_ = n.Close()
		if time.Now().After(end) {
			t.Fatal("people are still let in")
		}
	}
	if _, err := io.WriteString(c, slowBody); err != nil {
		t.Fatal(err)
	}
	res, err := http.ReadResponse(r, nil)
	if err != nil {
		t.Fatalf("who was in was not answered: %v\n%s", err, s.log.String())
	}
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode >= 500 || !strings.Contains(string(body), "</html>") {
		t.Errorf("%s, %v", res.Status, err)
	}
	if err := s.cmd.Wait(); err != nil {
		t.Errorf("the program ends with %v: %s", err, s.log.String())
	}
	for _, line := range []string{`"msg":"listening"`, `"msg":"stopping"`, `"route":"/signin"`, `"msg":"stopped"`} {
		if !strings.Contains(s.log.String(), line) {
			t.Errorf("the log does not say %s:\n%s", line, s.log.String())
		}
	}
}

// TestSecondSignal: who does not want to wait for the end of what is in hand asks twice.
func TestSecondSignal(t *testing.T) {
	s := newService(t)
	s.start()
	s.slow()
	s.signal()
	s.wants("STOPPING=1")
	ended := make(chan error, 1)
	go func() { ended <- s.cmd.Wait() }()
	for {
		s.signal()
		select {
		case <-ended:
			if w, ok := s.cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || w.Signal() != syscall.SIGTERM {
				t.Errorf("it ended by itself: %v", s.cmd.ProcessState)
			}
			return
		case <-time.After(50 * time.Millisecond):
		}
	}
}
