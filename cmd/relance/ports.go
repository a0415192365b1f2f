package main

import (
	gocontext "context"

	"relance/internal/app"
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
