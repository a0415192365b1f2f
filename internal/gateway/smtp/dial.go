package smtp

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"relance/internal/ground/fault"
	"relance/internal/ground/watch"
)

// Conn is one held connection; it is used by one goroutine at a time.
type Conn struct {
	account Account
	net     net.Conn
	r       *bufio.Reader
	ext     map[string]string // what EHLO announced, by upper-case keyword
	ctx     context.Context   // of the call being made
	dead    error             // why nothing more can be said, nil while it lives
	dirty   bool              // a transaction was begun and not ended
	buf     []byte
}

// Dial connects, protects the connection as the account says (never less) and authenticates.
func Dial(ctx context.Context, a Account) (c *Conn, err error) {
	ctx, work := watch.Begin(ctx, watch.Dial)
	defer func() { work.End(err) }()
	defer fault.Wrap(&err, "smtp.dial")
	if a.Timeout <= 0 {
		a.Timeout = defaultTimeout
	}
	if a.Hello == "" {
		a.Hello = "localhost"
	}
	switch {
	case a.TLS != StartTLS && a.TLS != TLS && a.TLS != None:
		return nil, fault.New(fault.Invalid, "smtp.bad-tls", a.TLS)
	case a.Host == "" || a.Port < 1 || a.Port > 65535 || !clean(a.Host) || !clean(a.Hello):
		return nil, fault.New(fault.Invalid, "smtp.bad-host", a.Host, a.Port)
	}
	d := net.Dialer{Timeout: a.Timeout}
	conn, err := d.DialContext(ctx, "tcp", net.JoinHostPort(a.Host, strconv.Itoa(a.Port)))
	if err != nil {
		return nil, broken(err)
	}
	c = &Conn{account: a, net: conn}
	stop := c.watch(ctx)
	defer stop()
	if err := c.open(); err != nil {
		_ = conn.Close() // the first error is the one to tell
		return nil, err
	}
	return c, nil
}

// clean tells whether a word may stand in a command.
func clean(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f || r == '<' || r == '>' })
}

// watch ends what is being waited for when the context ends.
func (c *Conn) watch(ctx context.Context) (stop func() bool) {
	c.ctx = ctx
	conn := c.net // TLS, begun later, ends with what carries it
	return context.AfterFunc(ctx, func() {
		conn.SetDeadline(past) // closed already: nothing to end
	})
}

var past = time.Unix(1, 0)

func (c *Conn) open() error {
	if c.account.TLS == TLS {
		if err := c.secure(); err != nil {
			return err
		}
	}
	c.r = bufio.NewReaderSize(c.net, maxReplyLine)
	c.deadline(c.account.Timeout)
	hi, err := readReply(c.r)
	if err != nil {
		return broken(err)
	}
	if hi.code != 220 {
		return refused(hi)
	}
	if err := c.hello(); err != nil {
		return err
	}
	if c.account.TLS == StartTLS {
		if err := c.startTLS(); err != nil {
			return err
		}
	}
	return c.login()
}

// deadline gives the next exchange its time; an ended connection says so at the next read.
func (c *Conn) deadline(d time.Duration) {
	c.net.SetDeadline(time.Now().Add(d))
	if c.ctx.Err() != nil {
		c.net.SetDeadline(past) // the context ended just before
	}
}

func (c *Conn) hello() error {
	r, err := c.ask("EHLO " + c.account.Hello)
	if err != nil {
		return broken(err)
	}
	if r.code != 250 {
		if r, err = c.ask("HELO " + c.account.Hello); err != nil {
			return broken(err)
		}
		if r.code != 250 {
			return refused(r)
		}
		r.text = ""
	}
	c.ext = map[string]string{}
	_, rest, _ := strings.Cut(r.text, "\n")
	for l := range strings.SplitSeq(rest, "\n") {
		k, v, _ := strings.Cut(l, " ")
		c.ext[strings.ToUpper(k)] = v
	}
	return nil
}

// startTLS is never optional: a server, or somebody before it, that does not offer it gets neither
// password nor message.
func (c *Conn) startTLS() error {
	if _, ok := c.ext["STARTTLS"]; !ok {
		return fault.New(fault.Unavailable, "smtp.no-starttls", c.account.Host)
	}
	r, err := c.ask("STARTTLS")
	if err != nil {
		return broken(err)
	}
	if r.code != 220 {
		return refused(r)
	}
	// What came in the clear behind the answer was not said by the server (CVE-2011-0411).
	if c.r.Buffered() > 0 {
		return fault.New(fault.Unavailable, "smtp.no-starttls", c.account.Host)
	}
	if err := c.secure(); err != nil {
		return err
	}
	c.r = bufio.NewReaderSize(c.net, maxReplyLine)
	return c.hello()
}

func (c *Conn) secure() error {
	t := tls.Client(c.net, &tls.Config{ServerName: c.account.Host, RootCAs: c.account.RootCAs, MinVersion: tls.VersionTLS12})
	c.deadline(c.account.Timeout)
	if err := t.Handshake(); err != nil {
		var cert *tls.CertificateVerificationError
		if errors.As(err, &cert) {
			return &fault.Error{Kind: fault.Unavailable, Key: "smtp.certificate", Args: []any{c.account.Host}, Err: err}
		}
		return broken(err)
	}
	c.net = t
	return nil
}

func (c *Conn) login() error {
	if c.account.User == "" {
		return nil
	}
	offered := strings.Fields(strings.ToUpper(c.ext["AUTH"]))
	has := func(m string) bool {
		for _, o := range offered {
			if o == m {
				return true
			}
		}
		return false
	}
	b64 := base64.StdEncoding.EncodeToString
	var steps []string
	switch {
	case has("PLAIN"):
		steps = []string{"AUTH PLAIN " + b64([]byte("\x00"+c.account.User+"\x00"+c.account.Password))}
	case has("LOGIN"):
		steps = []string{"AUTH LOGIN", b64([]byte(c.account.User)), b64([]byte(c.account.Password))}
	default:
		return fault.New(fault.Forbidden, "smtp.auth", fmt.Sprint("AUTH ", strings.Join(offered, " ")))
	}
	var r reply
	for _, s := range steps {
		var err error
		if r, err = c.ask(s); err != nil {
			return broken(err)
		}
		if r.code != 334 {
			break
		}
	}
	switch {
	case r.code == 235:
		return nil
	case r.code >= 500 || r.code == 334:
		return fault.New(fault.Forbidden, "smtp.auth", r.String())
	}
	return refused(r)
}

// ask says one line and reads the answer.
func (c *Conn) ask(line string) (reply, error) {
	c.deadline(c.account.Timeout)
	if _, err := c.net.Write([]byte(line + "\r\n")); err != nil {
		return reply{}, err
	}
	return readReply(c.r)
}
