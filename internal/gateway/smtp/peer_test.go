package smtp

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"io"
	"math/big"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// peer is a go-smtp server whose answers a test chooses.
type peer struct {
	mu     sync.Mutex
	mail   func(from string) error
	rcpt   func(to string) error
	data   func() error
	login  bool // only LOGIN is offered
	got    []received
	resets int
}

type received struct {
	From string
	To   []string
	Data string
}

type talk struct {
	p *peer
	m received
}

func (p *peer) NewSession(*smtp.Conn) (smtp.Session, error) { return &talk{p: p}, nil }

func (t *talk) Reset() {
	t.p.mu.Lock()
	defer t.p.mu.Unlock()
	t.p.resets++
	t.m = received{}
}
func (t *talk) Logout() error { return nil }
func (t *talk) Mail(from string, _ *smtp.MailOptions) error {
	if t.p.mail != nil {
		if err := t.p.mail(from); err != nil {
			return err
		}
	}
	t.m.From = from
	return nil
}
func (t *talk) Rcpt(to string, _ *smtp.RcptOptions) error {
	if t.p.rcpt != nil {
		if err := t.p.rcpt(to); err != nil {
			return err
		}
	}
	t.m.To = append(t.m.To, to)
	return nil
}
func (t *talk) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if t.p.data != nil {
		if err := t.p.data(); err != nil {
			return err
		}
	}
	t.m.Data = string(b)
	t.p.mu.Lock()
	defer t.p.mu.Unlock()
	t.p.got = append(t.p.got, t.m)
	return nil
}
func (t *talk) AuthMechanisms() []string {
	if t.p.login {
		return []string{"LOGIN"}
	}
	return []string{sasl.Plain}
}
func (t *talk) Auth(mech string) (sasl.Server, error) {
	check := func(user, password string) error {
		if user != "relance" || password != "secret" {
			return smtp.ErrAuthFailed
		}
		return nil
	}
	if mech == "LOGIN" {
		return &loginServer{check: check}, nil
	}
	return sasl.NewPlainServer(func(_, user, password string) error { return check(user, password) }), nil
}

type loginServer struct {
	check func(user, password string) error
	user  string
	step  int
}

func (s *loginServer) Next(in []byte) ([]byte, bool, error) {
	s.step++
	switch s.step {
	case 1:
		return []byte("Username:"), false, nil
	case 2:
		s.user = string(in)
		return []byte("Password:"), false, nil
	}
	return nil, true, s.check(s.user, string(in))
}

func certificate(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tpl := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature}
	der, err := x509.CreateCertificate(rand.Reader, tpl, tpl, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

// serve starts a peer; how changes its server before it listens.
func serve(t *testing.T, p *peer, implicit *tls.Config, how func(*smtp.Server)) Account {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	a := accountOf(l)
	if implicit != nil {
		l = tls.NewListener(l, implicit)
	}
	s := smtp.NewServer(p)
	s.Domain = "test"
	s.AllowInsecureAuth = true
	if how != nil {
		how(s)
	}
	go s.Serve(l)
	t.Cleanup(func() { s.Close() })
	return a
}

func accountOf(l net.Listener) Account {
	_, port, _ := net.SplitHostPort(l.Addr().String())
	n, _ := strconv.Atoi(port)
	return Account{Host: "127.0.0.1", Port: n, TLS: None, Timeout: 2 * time.Second}
}

func dial(t *testing.T, a Account) *Conn {
	t.Helper()
	c, err := Dial(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// script is a server that plays lines: after each command it reads, it writes the next answer; an
// empty answer is silence, "!" hangs up.
func script(t *testing.T, answers ...string) Account {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		r := bufio.NewReader(conn)
		fmt.Fprint(conn, "220 test\r\n")
		inData := false
		for _, a := range answers {
			for {
				line, err := r.ReadString('\n')
				if err != nil {
					return
				}
				if !inData || line == ".\r\n" {
					break
				}
			}
			if a == "!" {
				return
			}
			inData = strings.HasPrefix(a, "354")
			fmt.Fprint(conn, a)
		}
		io.Copy(io.Discard, r) // silent until the client leaves
	}()
	a := accountOf(l)
	a.Timeout = 100 * time.Millisecond
	return a
}
