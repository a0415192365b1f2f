package main

import (
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// freeAddress is an address of this machine that nobody listens on.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// patience is how long a script waits for what the program does in the background.
const patience = 60 * time.Second

// httpCmd asks the desk for a page and wants a status: "http PATH STATUS [TEXT]", TEXT being
// somewhere in the page. It waits for a server that is still starting.
func httpCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: http PATH STATUS [TEXT]")
	}
	client := &http.Client{Timeout: 10 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	var last error
	for start := time.Now(); time.Since(start) < patience; time.Sleep(100 * time.Millisecond) {
		r, err := client.Get("http://" + ts.Getenv("HTTP_ADDR") + args[0])
		if err != nil {
			last = err
			continue
		}
		body, err := io.ReadAll(r.Body)
		ts.Check(err)
		ts.Check(r.Body.Close())
		if strconv.Itoa(r.StatusCode) != args[1] {
			ts.Fatalf("%s answers %s, want %s", args[0], r.Status, args[1])
		}
		if len(args) > 2 && !strings.Contains(string(body), args[2]) {
			ts.Fatalf("%s does not say %q", args[0], args[2])
		}
		return
	}
	ts.Fatalf("nobody answers: %v", last)
}

// waitMailsCmd waits until the mail server has taken so many mails.
func waitMailsCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: waitmails N")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	box := ts.Value(boxKey).(*mailbox)
	got := 0
	for start := time.Now(); time.Since(start) < patience; time.Sleep(50 * time.Millisecond) {
		box.mu.Lock()
		got = len(box.list)
		box.mu.Unlock()
		if got >= want {
			return
		}
	}
	ts.Fatalf("%d mails, want %d", got, want)
}
