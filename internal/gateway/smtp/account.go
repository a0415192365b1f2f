package smtp

import (
	"crypto/x509"
	"time"
)

// How an account protects its connection.
const (
	StartTLS = "starttls" // begins in the clear, must become TLS
	TLS      = "tls"      // TLS from the first byte
	None     = "none"     // in the clear: a relay on the same machine or network
)

// Account is a mail server and how to be let in.
type Account struct {
	Host     string
	Port     int
	TLS      string // StartTLS, TLS or None
	User     string // "" : no authentication
	Password string
	Hello    string         // our name in EHLO; "" is localhost
	Timeout  time.Duration  // of one exchange; 0 is 30 s. The last one, after the message, waits ten times as long
	RootCAs  *x509.CertPool // nil is the machine's
}

const defaultTimeout = 30 * time.Second

// patience multiplies the timeout of the last exchange: giving up there leaves a message
// uncertain, so that RFC 5321 (4.5.3.2.6) asks for ten minutes.
const patience = 10
