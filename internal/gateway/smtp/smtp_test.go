package smtp

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/google/go-cmp/cmp"

	"relance/internal/gateway/smtp/catch"
	"relance/internal/ground/fault"
)

const letterText = "Subject: x\r\n\r\n.dot\r\n..two\r\nend.\r\n"

func want(t *testing.T, err error, kind fault.Kind, key string) {
	t.Helper()
	if fault.Of(err) != kind || fault.Key(err) != key {
		t.Errorf("got %v %q (%v), want %v %q", fault.Of(err), fault.Key(err), err, kind, key)
	}
}

func TestManyMessagesOnOneConnection(t *testing.T) {
	p := &peer{}
	c := dial(t, serve(t, p, nil, nil))
	for range 3 {
		reply, err := c.Send(t.Context(), "us@x.example", []string{"a@y.example", "b@y.example"}, []byte(letterText))
		if err != nil || !strings.HasPrefix(reply, "250 ") {
			t.Fatal(reply, err)
		}
	}
	m := received{"us@x.example", []string{"a@y.example", "b@y.example"}, letterText}
	if d := cmp.Diff([]received{m, m, m}, p.got); d != "" {
		t.Error(d)
	}
}

func TestTLS(t *testing.T) {
	cert, pool := certificate(t)
	conf := &tls.Config{Certificates: []tls.Certificate{cert}}
	for _, c := range []struct {
		name, mode string
		implicit   *tls.Config
		server     func(*smtp.Server)
		roots      *x509.CertPool
		key        string
	}{
		{"starttls", StartTLS, nil, func(s *smtp.Server) { s.TLSConfig = conf; s.AllowInsecureAuth = false }, pool, ""},
		{"tls", TLS, conf, nil, pool, ""},
		{"starttls not offered", StartTLS, nil, nil, pool, "smtp.no-starttls"},
		{"unknown authority", StartTLS, nil, func(s *smtp.Server) { s.TLSConfig = conf }, x509.NewCertPool(), "smtp.certificate"},
		{"unknown authority, tls", TLS, conf, nil, x509.NewCertPool(), "smtp.certificate"},
		{"unknown mode", "ssl", nil, nil, pool, "smtp.bad-tls"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := &peer{}
			a := serve(t, p, c.implicit, c.server)
			a.TLS, a.RootCAs, a.User, a.Password = c.mode, c.roots, "relance", "secret"
			conn, err := Dial(t.Context(), a)
			if fault.Key(err) != c.key {
				t.Fatalf("got %v, want %q", err, c.key)
			}
			if err != nil {
				return
			}
			defer conn.Close()
			if _, err := conn.Send(t.Context(), "us@x.example", []string{"a@y.example"}, []byte(letterText)); err != nil || len(p.got) != 1 {
				t.Error(err, p.got)
			}
		})
	}
}

func TestAuthentication(t *testing.T) {
	for _, login := range []bool{false, true} {
		a := serve(t, &peer{login: login}, nil, nil)
		a.User, a.Password = "relance", "secret"
		dial(t, a)
		a.Password = "wrong"
		_, err := Dial(t.Context(), a)
		want(t, err, fault.Forbidden, "smtp.auth")
		if strings.Contains(err.Error(), "wrong") {
			t.Error("the password is in the error")
		}
	}
}

func TestRefusals(t *testing.T) {
	say := func(code int, words string) error { return &smtp.SMTPError{Code: code, Message: words} }
	for _, c := range []struct {
		name string
		peer *peer
		kind fault.Kind
		key  string
	}{
		{"sender, for good", &peer{mail: func(string) error { return say(550, "no") }}, fault.Invalid, "smtp.refused"},
		{"sender, greylisted", &peer{mail: func(string) error { return say(450, "later") }}, fault.Unavailable, "smtp.temporary"},
		{"authentication wanted", &peer{mail: func(string) error { return say(530, "who?") }}, fault.Forbidden, "smtp.auth"},
		{"recipient, greylisted", &peer{rcpt: func(string) error { return say(451, "later") }}, fault.Unavailable, "smtp.temporary"},
		{"content, for good", &peer{data: func() error { return say(554, "spam") }}, fault.Invalid, "smtp.refused"},
		{"content, full", &peer{data: func() error { return say(452, "full") }}, fault.Unavailable, "smtp.temporary"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := c.peer
			conn := dial(t, serve(t, p, nil, nil))
			_, err := conn.Send(t.Context(), "us@x.example", []string{"a@y.example"}, []byte(letterText))
			want(t, err, c.kind, c.key)
			if len(p.got) != 0 {
				t.Error("the peer has a message that we say it refused")
			}
			// The connection serves the next message.
			p.mail, p.rcpt, p.data = nil, nil, nil
			if _, err := conn.Send(t.Context(), "us@x.example", []string{"b@y.example"}, []byte(letterText)); err != nil {
				t.Error("after it:", err)
			}
			if len(p.got) != 1 || len(p.got[0].To) != 1 {
				t.Errorf("the next message arrived as %+v", p.got)
			}
		})
	}
}

func TestOneRecipientRefusedSendsToNobody(t *testing.T) {
	p := &peer{rcpt: func(to string) error {
		if to == "gone@y.example" {
			return &smtp.SMTPError{Code: 550, Message: "unknown user"}
		}
		return nil
	}}
	c := dial(t, serve(t, p, nil, nil))
	_, err := c.Send(t.Context(), "us@x.example", []string{"a@y.example", "gone@y.example", "b@y.example"}, []byte(letterText))
	want(t, err, fault.Invalid, "smtp.recipient")
	var f *fault.Error
	if !errors.As(err, &f) || f.Args[0] != "gone@y.example" || !strings.Contains(fmt.Sprint(f.Args[1]), "unknown user") {
		t.Errorf("the error does not say which and why: %v", err)
	}
	if len(p.got) != 0 {
		t.Errorf("it left for the others: %+v", p.got)
	}
}

func TestGreylistingPassesOnTheSecondTry(t *testing.T) {
	seen := map[string]bool{}
	p := &peer{rcpt: func(to string) error {
		if !seen[to] {
			seen[to] = true
			return &smtp.SMTPError{Code: 450, Message: "greylisted"}
		}
		return nil
	}}
	c := dial(t, serve(t, p, nil, nil))
	_, err := c.Send(t.Context(), "us@x.example", []string{"a@y.example"}, []byte(letterText))
	want(t, err, fault.Unavailable, "smtp.temporary")
	if _, err := c.Send(t.Context(), "us@x.example", []string{"a@y.example"}, []byte(letterText)); err != nil || len(p.got) != 1 {
		t.Error(err, p.got)
	}
}

func TestNotSentIsSaidBeforeTheServer(t *testing.T) {
	c := dial(t, serve(t, &peer{}, nil, func(s *smtp.Server) { s.MaxMessageBytes = 100 }))
	for _, x := range []struct {
		from, to, msg, key string
	}{
		{"us@x.example", "a@y.example\r\nDATA", letterText, "smtp.address"},
		{"us@x.example> SIZE=1", "a@y.example", letterText, "smtp.address"},
		{"us@x.example", "nobody", letterText, "smtp.address"},
		{"us@x.example", "é@y.example", letterText, "smtp.address"},
		{"us@x.example", "a@y.example", "Subject: x\n\nx\n", "smtp.line-ends"},
		{"us@x.example", "a@y.example", "Subject: x\r\n\r\nx\n.\r\nMAIL FROM:<e@x>\r\n", "smtp.line-ends"},
		{"us@x.example", "a@y.example", letterText + strings.Repeat("long line\r\n", 20), "smtp.too-big"},
	} {
		_, err := c.Send(t.Context(), x.from, []string{x.to}, []byte(x.msg))
		want(t, err, fault.Invalid, x.key)
	}
	if _, err := c.Send(t.Context(), "us@x.example", nil, []byte(letterText)); fault.Key(err) != "smtp.no-recipient" {
		t.Error(err)
	}
}

func TestWhenTheConnectionBreaks(t *testing.T) {
	const ok = "250 ok\r\n"
	for _, c := range []struct {
		name    string
		answers []string
		key     string
	}{
		{"hangs up at MAIL", []string{ok, "!"}, "smtp.temporary"},
		{"silent at MAIL", []string{ok}, "smtp.temporary"},
		{"goodbye at RCPT", []string{ok, ok, "421 bye\r\n"}, "smtp.temporary"},
		{"hangs up at DATA", []string{ok, ok, ok, "!"}, "smtp.temporary"},
		{"silent at DATA", []string{ok, ok, ok}, "smtp.temporary"},
		{"hangs up after the dot", []string{ok, ok, ok, "354 go\r\n", "!"}, "smtp.uncertain"},
		{"silent after the dot", []string{ok, ok, ok, "354 go\r\n"}, "smtp.uncertain"},
		{"nonsense after the dot", []string{ok, ok, ok, "354 go\r\n", "<html>\r\n"}, "smtp.uncertain"},
		{"goodbye after the dot", []string{ok, ok, ok, "354 go\r\n", "421 no\r\n"}, "smtp.temporary"},
	} {
		t.Run(c.name, func(t *testing.T) {
			conn := dial(t, script(t, c.answers...))
			_, err := conn.Send(t.Context(), "us@x.example", []string{"a@y.example"}, []byte(letterText))
			want(t, err, fault.Unavailable, c.key)
			// Nothing more is said on a broken connection.
			_, err = conn.Send(t.Context(), "us@x.example", []string{"a@y.example"}, []byte(letterText))
			want(t, err, fault.Unavailable, "smtp.temporary")
		})
	}
}

func TestCancelledBeforeDataDidNotLeave(t *testing.T) {
	a := script(t, "250 ok\r\n")
	a.Timeout = time.Minute
	conn := dial(t, a)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	start := time.Now()
	_, err := conn.Send(ctx, "us@x.example", []string{"a@y.example"}, []byte(letterText))
	want(t, err, fault.Unavailable, "smtp.temporary")
	if time.Since(start) > 10*time.Second {
		t.Error("the end of the context was not heard")
	}
}

func TestNobodyListens(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	a := accountOf(l)
	l.Close()
	_, err = Dial(t.Context(), a)
	want(t, err, fault.Unavailable, "smtp.temporary")
}

func TestCatch(t *testing.T) {
	var got []received
	s, err := catch.Listen("127.0.0.1:0", func(from string, to []string, data []byte) error {
		if from == "no@x.example" {
			return errors.New("full")
		}
		got = append(got, received{from, to, string(data)})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	host, port, _ := net.SplitHostPort(s.Addr())
	n, _ := strconv.Atoi(port)
	c := dial(t, Account{Host: host, Port: n, TLS: None})
	if _, err := c.Send(t.Context(), "us@x.example", []string{"a@y.example"}, []byte(letterText)); err != nil {
		t.Fatal(err)
	}
	_, err = c.Send(t.Context(), "no@x.example", []string{"a@y.example"}, []byte(letterText))
	if err == nil {
		t.Error("the catcher's refusal was not heard")
	}
	big := []byte("Subject: x\r\n\r\n" + strings.Repeat("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcd\r\n", catch.MaxBytes/64+1))
	_, err = c.Send(t.Context(), "us@x.example", []string{"a@y.example"}, big)
	want(t, err, fault.Invalid, "smtp.too-big")
	if d := cmp.Diff([]received{{"us@x.example", []string{"a@y.example"}, letterText}}, got); d != "" {
		t.Error(d)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Error("closed twice:", err)
	}
}

func FuzzReply(f *testing.F) {
	f.Add("250-a\r\n250 b\r\n")
	f.Add("354\r\n")
	f.Add("250-" + strings.Repeat("x", 5000))
	f.Add(strings.Repeat("250-x\r\n", 200))
	f.Fuzz(func(t *testing.T, s string) {
		r, err := readReply(bufio.NewReaderSize(strings.NewReader(s), maxReplyLine))
		if err == nil && (r.code < 200 || r.code > 599) {
			t.Errorf("code %d", r.code)
		}
		if strings.ContainsAny(r.String(), "\r\n") || len(r.String()) > 510 {
			t.Errorf("%q", r.String())
		}
	})
}

func BenchmarkSend(b *testing.B) {
	s, err := catch.Listen("127.0.0.1:0", func(string, []string, []byte) error { return nil })
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	host, port, _ := net.SplitHostPort(s.Addr())
	n, _ := strconv.Atoi(port)
	c, err := Dial(context.Background(), Account{Host: host, Port: n, TLS: None})
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	msg := []byte("Subject: x\r\n\r\n" + strings.Repeat("une ligne de texte\r\n", 300))
	for b.Loop() {
		if _, err := c.Send(context.Background(), "us@x.example", []string{"a@y.example"}, msg); err != nil {
			b.Fatal(err)
		}
	}
}
