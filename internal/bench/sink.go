package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"strconv"
	"sync/atomic"
)

// sink is a mail server that takes everything at once and keeps nothing: what is measured is who hands over.
type sink struct {
	l     net.Listener
	taken atomic.Int64
	bytes atomic.Int64
}

func newSink() (*sink, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &sink{l: l}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go s.talk(c)
		}
	}()
	return s, nil
}

func (s *sink) port() int { return s.l.Addr().(*net.TCPAddr).Port }

func (s *sink) talk(c net.Conn) {
	defer c.Close()
	r := bufio.NewReaderSize(c, 64<<10)
	say := func(code int) {
		_, _ = io.WriteString(c, strconv.Itoa(code)+" ok\r\n") // whoever hung up is not read again
	}
	say(220)
	for {
		line, err := r.ReadSlice('\n')
		if err != nil {
			return
		}
		if !bytes.HasPrefix(line, []byte("DATA")) {
			say(250)
			continue
		}
		say(354)
		for n, fresh := 0, true; ; { // a dot alone on a line that begins in this slice
			line, err := r.ReadSlice('\n')
			if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
				return
			}
			n += len(line)
			if fresh && string(line) == ".\r\n" {
				s.bytes.Add(int64(n))
				break
			}
			fresh = err == nil
		}
		s.taken.Add(1)
		say(250)
	}
}
