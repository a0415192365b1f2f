package main

import (
	"fmt"
	"io"
	"strings"

	"relance/internal/app"
	"relance/internal/ground/i18n"
	"relance/internal/ground/ident"
	"relance/internal/ground/money"
	"relance/internal/wire"
)

// importBank puts what a bank's file told into its JSON shape.
func importBank(b *app.BankFigures) *wire.ImportBank {
	if b == nil {
		return nil
	}
	out := &wire.ImportBank{Statements: []wire.BankStatement{}, Lines: b.Lines, New: b.Fresh}
	for i := range b.Statements {
		out.Statements = append(out.Statements, wire.BankStatementOf(&b.Statements[i].Statement))
	}
	return out
}

func matchedOf(m *app.Matched) *wire.Matched {
	if m == nil {
		return nil
	}
	return &wire.Matched{Lines: m.Lines, Applied: m.Applied, Credited: m.Credited, Proposed: m.Proposed, Unknown: m.Unknown,
		Returned: m.Returned, Taken: m.Taken}
}

// tellBank says what a file's statements held and what their lines were found to pay. Balances that do not
// agree come first: something of the account is missing.
func (c *context) tellBank(w io.Writer, b *wire.ImportBank, m *wire.Matched) {
	if b != nil {
		for _, s := range b.Statements {
			c.tellBreak(w, s)
		}
		fmt.Fprintln(w, c.t("cmd.bank.figures", c.t("cmd.n.lines", b.Lines), c.t("cmd.bank.new", b.New)))
	}
	if m != nil && m.Lines > 0 {
		fmt.Fprintln(w, c.matchedSaid(m))
	}
}

func (c *context) tellBreak(w io.Writer, s wire.BankStatement) {
	if s.Break == 0 {
		return
	}
	sum := func(n int64) string { return i18n.Amount(c.Lang, money.Of(n, s.Currency)) }
	fmt.Fprintln(w, c.t("cmd.bank.break", account(s.Account), sum(*s.Opening), sum(s.Moved), sum(*s.Closing), sum(s.Break)))
}

// matchedSaid says what a matching did; what did not happen is left out.
func (c *context) matchedSaid(m *wire.Matched) string {
	var parts []string
	for _, x := range []struct {
		key string
		n   int
	}{{"applied", m.Applied}, {"credited", m.Credited}, {"proposed", m.Proposed}, {"unknown", m.Unknown}, {"returned", m.Returned}, {"taken", m.Taken}} {
		if x.n > 0 {
			parts = append(parts, c.t("cmd.bank.matched."+x.key, x.n))
		}
	}
	if len(parts) == 0 {
		parts = []string{c.t("cmd.bank.matched.nothing")}
	}
	said := c.t("cmd.bank.matched", c.t("cmd.n.lines", m.Lines), strings.Join(parts, ", "))
	if m.Proposed+m.Unknown > 0 {
		said += "\n" + c.t("cmd.bank.matched.next")
	}
	return said
}

// account is an account as people read it: an IBAN in groups of four.
func account(s string) string {
	if f := ident.IBAN(s); f.Valid() {
		return f.Formatted
	}
	return s
}
