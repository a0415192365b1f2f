package app

import (
	"strings"
	"testing"

	"relance/internal/store"
)

// plainSeal seals by turning a text round.
type plainSeal struct{}

func turned(s string) string {
	var b strings.Builder
	for i := len(s) - 1; i >= 0; i-- {
		b.WriteByte(s[i])
	}
	return b.String()
}

// Seal implements Sealer.
func (plainSeal) Seal(plain []byte) (string, error) { return turned(string(plain)), nil }

// Unseal implements Sealer.
func (plainSeal) Unseal(sealed string) ([]byte, error) { return []byte(turned(sealed)), nil }

// An account keeps its password when only other things change, and never hands it to another server or another user.
func TestPasswordStays(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		s.app.seal = plainSeal{}
		account := MailAccount{Name: "main", Host: "mail.example", User: "compta", TLS: "none", From: "compta@vasseur.example", Password: "secret"}
		s.must(s.desk.AddMailAccount(s.ctx, account))
		account.Password = ""
		password := func(change func(a *MailAccount)) string {
			t.Helper()
			a := account
			change(&a)
			s.must(s.desk.AddMailAccount(s.ctx, a))
			var list []openAccount
			s.must(s.desk.view(s.ctx, func(tx *store.Tx) (err error) { list, err = accounts(s.ctx, tx); return err }))
			m, err := s.app.server(list[0].keptAccount)
			s.must(err)
			return m.Password
		}
		if got := password(func(a *MailAccount) { a.FromName, a.Connections = "Comptabilité", 4 }); got != "secret" {
			t.Errorf("another sender name: the password is %q", got)
		}
		if got := password(func(a *MailAccount) { a.User = "autre" }); got != "" {
			t.Errorf("another user is given the password %q", got)
		}
		account.Password = "secret"
		password(func(*MailAccount) {})
		account.Password = ""
		if got := password(func(a *MailAccount) { a.Host = "mail.evil.example" }); got != "" {
			t.Errorf("another server is given the password %q", got)
		}
	})
}
