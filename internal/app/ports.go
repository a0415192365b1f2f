package app

import (
	"context"

	"relance/internal/domain/letter"
)

// MailServer is how an account reaches its mail server.
type MailServer struct {
	Host     string
	Port     int
	TLS      string // "starttls", "tls" or "none"
	User     string
	Password string
}

// Mailer opens connections to mail servers.
type Mailer interface {
	Dial(ctx context.Context, s MailServer) (MailConn, error)
}

// MailConn is one held connection. Send's error tells by its key what is known: "smtp.uncertain"
// when the server may have taken the message, kind Unavailable when it may be tried again,
// anything else when it is refused for good.
type MailConn interface {
	Send(ctx context.Context, from string, to []string, msg []byte) (reply string, err error)
	Close() error
}

// Printer makes PDF letters; the same document always gives the same bytes.
type Printer interface {
	Letter(d *letter.Document) ([]byte, error)
	Batch(ds []*letter.Document) ([]byte, error)
}

// Sealer encrypts what must not lie readable in the database: passwords of mail accounts.
type Sealer interface {
	Seal(plain []byte) (string, error)
	Unseal(sealed string) ([]byte, error)
}
