package main

import (
	gocontext "context"

	"relance/internal/app"
	"relance/internal/domain/letter"
	"relance/internal/gateway/pdf"
	"relance/internal/gateway/smtp"
)

// mailer joins the hall's port to the SMTP gateway: neither knows the other.
type mailer struct{}

// Dial opens a held connection.
func (mailer) Dial(ctx gocontext.Context, s app.MailServer) (app.MailConn, error) {
	c, err := smtp.Dial(ctx, smtp.Account{Host: s.Host, Port: s.Port, TLS: s.TLS, User: s.User, Password: s.Password})
	if err != nil {
		return nil, err
	}
	return c, nil
}

// printer cuts the fonts when the first letter is printed: most commands print none, and a desk that
// has just opened answers its first page the sooner.
type printer struct {
	open func() (*pdf.Printer, error)
}

// Letter implements app.Printer.
func (p printer) Letter(d *letter.Document) ([]byte, error) {
	x, err := p.open()
	if err != nil {
		return nil, err
	}
	return x.Letter(d)
}

// Batch implements app.Printer.
func (p printer) Batch(ds []*letter.Document) ([]byte, error) {
	x, err := p.open()
	if err != nil {
		return nil, err
	}
	return x.Batch(ds)
}
