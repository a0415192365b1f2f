package smtp

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"relance/internal/ground/fault"
	"relance/internal/ground/watch"
)

// Send hands one message to the server and returns what it answered.
//
// The error tells what is known of the message, by its kind and key:
//
//	Unavailable smtp.temporary   it did not leave; it may be tried again
//	Unavailable smtp.uncertain   it was given whole and no answer came: a person settles it
//	Invalid     smtp.refused     refused for good
//	Invalid     smtp.recipient   one recipient is refused for good, the message left for nobody
//	Invalid     smtp.too-big     larger than the server takes
//	Forbidden   smtp.auth        the server wants to know us better
//
// A message whose lines do not end with CR LF is refused: it would not arrive as it is recorded.
func (c *Conn) Send(ctx context.Context, from string, to []string, msg []byte) (_ string, err error) {
	ctx, work := watch.Begin(ctx, watch.Hand)
	defer func() { work.End(err) }()
	defer fault.Wrap(&err, "smtp.send")
	if err := c.check(from, to, msg); err != nil {
		return "", err
	}
	if c.dead != nil {
		return "", broken(c.dead)
	}
	if err := ctx.Err(); err != nil {
		return "", broken(err)
	}
	stop := c.watch(ctx)
	defer stop()
	if err := c.envelope(from, to, len(msg)); err != nil {
		return "", err
	}
	if err := c.data(msg); err != nil {
		return "", err
	}
	stop()
	return c.verdict(ctx)
}

func (c *Conn) check(from string, to []string, msg []byte) error {
	if len(to) == 0 {
		return fault.New(fault.Invalid, "smtp.no-recipient")
	}
	for _, a := range append([]string{from}, to...) {
		if !isAddress(a) {
			return fault.New(fault.Invalid, "smtp.address", a)
		}
	}
	if !wholeLines(msg) {
		return fault.New(fault.Invalid, "smtp.line-ends")
	}
	if most, err := strconv.Atoi(strings.TrimSpace(c.ext["SIZE"])); err == nil && most > 0 && len(msg) > most {
		return fault.New(fault.Invalid, "smtp.too-big", len(msg)>>10, most>>10)
	}
	return nil
}

// isAddress takes what may stand between < and >. Addresses in other letters than ASCII need
// an extension that few servers have; format/mime refuses them too.
func isAddress(a string) bool {
	i := strings.LastIndexByte(a, '@')
	if i < 1 || i == len(a)-1 || len(a) > 254 || !clean(a) {
		return false
	}
	return !strings.ContainsFunc(a, func(r rune) bool { return r >= 0x7f })
}

// wholeLines: every line ends with CR LF and neither stands alone. A lone one is how one message
// smuggles another (CVE-2023-51764).
func wholeLines(msg []byte) bool {
	if !bytes.HasSuffix(msg, []byte("\r\n")) {
		return false
	}
	n := bytes.Count(msg, []byte("\r\n"))
	return bytes.Count(msg, []byte{'\r'}) == n && bytes.Count(msg, []byte{'\n'}) == n
}

// envelope says from whom and to whom, in one go where the server allows it (RFC 2920). One
// refused recipient ends the whole: a message to a company and to its accountant is one message.
func (c *Conn) envelope(from string, to []string, size int) error {
	mail := "MAIL FROM:<" + from + ">"
	if _, ok := c.ext["SIZE"]; ok {
		mail += fmt.Sprintf(" SIZE=%d", size)
	}
	var lines []string
	if c.dirty {
		lines = append(lines, "RSET")
	}
	lines = append(lines, mail)
	for _, a := range to {
		lines = append(lines, "RCPT TO:<"+a+">")
	}
	c.dirty = true
	_, pipe := c.ext["PIPELINING"]
	if pipe {
		c.deadline(c.account.Timeout)
		if _, err := c.net.Write([]byte(strings.Join(lines, "\r\n") + "\r\n")); err != nil {
			return c.die(err)
		}
	}
	var first *fault.Error
	for i, l := range lines {
		var r reply
		var err error
		if pipe {
			r, err = readReply(c.r)
		} else {
			r, err = c.ask(l)
		}
		if err != nil {
			return c.die(err)
		}
		if r.code/100 == 2 {
			continue
		}
		if r.code == 421 {
			return c.close421(r)
		}
		if first == nil {
			first = refused(r)
			if who := i - (len(lines) - len(to)); who >= 0 && first.Key == "smtp.refused" {
				first = fault.New(fault.Invalid, "smtp.recipient", to[who], r.String())
			}
		}
		if !pipe {
			break
		}
	}
	if first != nil {
		return first
	}
	return nil
}

// close421: the server says goodbye, whatever was asked (RFC 5321, 3.8).
func (c *Conn) close421(r reply) error {
	_ = c.die(refused(r))
	return fault.New(fault.Unavailable, "smtp.temporary", r.String())
}

func (c *Conn) die(err error) *fault.Error {
	c.dead = err
	_ = c.net.Close()
	return broken(err)
}

// data gives the message itself. Until its last byte is written the server cannot have taken it.
func (c *Conn) data(msg []byte) error {
	r, err := c.ask("DATA")
	if err != nil {
		return c.die(err)
	}
	if r.code == 421 {
		return c.close421(r)
	}
	if r.code != 354 {
		return refused(r)
	}
	c.buf = append(stuff(c.buf[:0], msg), ".\r\n"...)
	// A large message may take longer than one exchange on a slow line: 64 kB/s at least.
	c.deadline(c.account.Timeout + time.Duration(len(c.buf)>>16)*time.Second)
	if _, err := c.net.Write(c.buf); err != nil {
		return c.die(err)
	}
	return nil
}

// verdict waits for the answer that alone tells whether the server took the message. A context
// that ends leaves it the time of one more exchange: hanging up would only make a doubt.
func (c *Conn) verdict(ctx context.Context) (string, error) {
	c.net.SetDeadline(time.Now().Add(patience * c.account.Timeout))
	stop := context.AfterFunc(ctx, func() { c.net.SetDeadline(time.Now().Add(c.account.Timeout)) })
	defer stop()
	r, err := readReply(c.r)
	if err != nil {
		_ = c.die(err)
		return "", &fault.Error{Kind: fault.Unavailable, Key: "smtp.uncertain", Err: err}
	}
	if r.code == 421 {
		return "", c.close421(r) // an answer, and it is no
	}
	if r.code/100 != 2 {
		return "", refused(r)
	}
	c.dirty = false // the server is ready for the next MAIL without RSET
	return r.String(), nil
}

// stuff doubles the dots that begin a line (RFC 5321, 4.5.2).
func stuff(out, msg []byte) []byte {
	if len(msg) > 0 && msg[0] == '.' {
		out = append(out, '.')
	}
	for {
		i := bytes.Index(msg, []byte("\n."))
		if i < 0 {
			return append(out, msg...)
		}
		out = append(out, msg[:i+2]...)
		out = append(out, '.')
		msg = msg[i+2:]
	}
}

// Close says goodbye and ends the connection; a server that does not answer is not waited for.
func (c *Conn) Close() error {
	if c.dead != nil {
		return nil
	}
	c.net.SetDeadline(time.Now().Add(min(c.account.Timeout, 2*time.Second)))
	_, err := c.net.Write([]byte("QUIT\r\n"))
	if err == nil {
		_, err = readReply(c.r)
	}
	_ = c.die(fmt.Errorf("closed"))
	return err
}
