package main

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"net"
	"regexp"
	"strings"
	"sync"
	"time"
)

// rogue is a mail server as bad as they come: it takes, dawdles, says "later" to whom it does not know, refuses, and hangs
// up before or after it has read a message whole. It remembers what it truly took.
type rogue struct {
	l    net.Listener
	kind bool // it only takes

	mu     sync.Mutex
	random *rand.Rand
	known  map[string]bool // recipients that were told to come back
	taken  map[string]int  // by Message-ID
	mute   map[string]bool // Message-IDs that were read whole, and never answered
	held   int             // connections open now
	most   int             // and the most there ever were
}

func newRogue(seed uint64) (*rogue, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r := &rogue{l: l, random: rand.New(rand.NewPCG(seed, 1)), known: map[string]bool{}, taken: map[string]int{}, mute: map[string]bool{}}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go r.talk(c)
		}
	}()
	return r, nil
}

func (r *rogue) address() (host, port string) {
	host, port, _ = net.SplitHostPort(r.l.Addr().String())
	return host, port
}

// calm makes it a good server from now on.
func (r *rogue) calm() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.kind = true
}

// chance is true once in n times, as long as the server is bad.
func (r *rogue) chance(n int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return !r.kind && r.random.IntN(n) == 0
}

func (r *rogue) connected(n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.held += n
	r.most = max(r.most, r.held)
}

// met tells whether a recipient has come back after it was told to.
func (r *rogue) met(to string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	before := r.known[to]
	r.known[to] = true
	return before
}

func (r *rogue) talk(c net.Conn) {
	defer c.Close()
	r.connected(1)
	defer r.connected(-1)
	in, say := bufio.NewScanner(c), func(s string) { fmt.Fprint(c, s+"\r\n") }
	in.Buffer(nil, 4<<20)
	if r.chance(40) {
		say("421 too busy")
		return
	}
	say("220 rogue")
	for in.Scan() {
		verb, rest, _ := strings.Cut(in.Text(), " ")
		switch strings.ToUpper(verb) {
		case "EHLO", "HELO":
			say("250 rogue")
		case "RCPT":
			if r.chance(20) && !r.met(rest) {
				say("451 greylisted, come back")
				continue
			}
			say("250 ok")
		case "DATA":
			if r.chance(40) {
				return // before anything was said
			}
			say("354 go on")
			id, whole := read(in)
			if !whole || !r.judge(id, say) {
				return
			}
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

var messageID = regexp.MustCompile(`(?i)^Message-ID: *<([^>]+)>`)

// read takes one message, and says which and whether it came whole.
func read(in *bufio.Scanner) (id string, whole bool) {
	for in.Scan() {
		l := in.Text()
		if m := messageID.FindStringSubmatch(l); m != nil && id == "" {
			id = m[1]
		}
		if l == "." {
			return id, true
		}
	}
	return id, false
}

// judge answers a message that was read whole; false hangs up.
func (r *rogue) judge(id string, say func(string)) bool {
	switch {
	case r.chance(25):
		say("452 no room")
		return true
	case r.chance(50):
		say("554 not for us")
		return true
	case r.chance(60): // it has it, or has lost it, and says nothing
		r.take(id, r.pick(2), true)
		return false
	}
	if r.chance(10) {
		time.Sleep(time.Duration(1+r.pick(40)) * time.Millisecond)
	}
	r.take(id, 1, false)
	say("250 taken as " + id)
	return true
}

func (r *rogue) pick(n int) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.random.IntN(n)
}

func (r *rogue) take(id string, copies int, mute bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.taken[id] += copies
	if mute {
		r.mute[id] = true
	}
}
