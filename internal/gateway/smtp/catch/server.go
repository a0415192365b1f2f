package catch

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net"
	"time"

	"github.com/emersion/go-smtp"
)

// Limits of one message.
const (
	MaxBytes      = 32 << 20
	MaxRecipients = 100
	idle          = 2 * time.Minute
)

// Server is a listening catcher.
type Server struct {
	smtp *smtp.Server
	l    net.Listener
	done chan struct{}
}

// Listen receives on an address such as "127.0.0.1:1025"; port 0 takes a free one. Deliver is called
// once a message, from several goroutines; its error refuses the message.
func Listen(addr string, deliver func(from string, to []string, data []byte) error) (*Server, error) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, err
	}
	s := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{deliver: deliver}, nil }))
	s.Domain = "localhost"
	s.MaxMessageBytes, s.MaxRecipients = MaxBytes, MaxRecipients
	s.ReadTimeout, s.WriteTimeout = idle, idle
	s.ErrorLog = quiet{}
	out := &Server{smtp: s, l: l, done: make(chan struct{})}
	go func() {
		defer close(out.done)
		if err := s.Serve(l); err != nil && !errors.Is(err, smtp.ErrServerClosed) {
			slog.Error("mail catcher", "err", err)
		}
	}()
	return out, nil
}

// Addr is where it listens.
func (s *Server) Addr() string { return s.l.Addr().String() }

// Close ends the connections and waits for the end of the listener.
func (s *Server) Close() error {
	err := s.smtp.Close()
	if errors.Is(err, smtp.ErrServerClosed) {
		return nil
	}
	<-s.done
	return err
}

// quiet: a peer that hangs up is not an error of ours.
type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

type session struct {
	deliver func(from string, to []string, data []byte) error
	from    string
	to      []string
}

func (s *session) Reset()        { s.from, s.to = "", nil }
func (s *session) Logout() error { return nil }

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.from = from
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = append(s.to, to)
	return nil
}

// Data: the limit of size is go-smtp's, which ends r with an error.
func (s *session) Data(r io.Reader) error {
	var b bytes.Buffer
	if _, err := b.ReadFrom(r); err != nil {
		return err
	}
	return s.deliver(s.from, s.to, b.Bytes())
}
