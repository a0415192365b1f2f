package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kong"

	"relance/internal/ground/fault"
	"relance/internal/ground/ident"
	"relance/internal/wire"
)

// calcIdentifier looks at an identifier, or makes one.
type calcIdentifier struct {
	SIREN lookAt    `cmd:"" name:"siren" help:"Nine digits of a French business."`
	SIRET lookAt    `cmd:"" name:"siret" help:"Fourteen digits of an establishment."`
	VAT   lookAt    `cmd:"" name:"vat" help:"VAT number of a member state of the Union."`
	IBAN  lookAt    `cmd:"" name:"iban" help:"Bank account number, with its RIB key in France."`
	RF    lookAt    `cmd:"" name:"rf" help:"Creditor reference (ISO 11649)."`
	Make  calcMakes `cmd:"" help:"Make an identifier: its control figures are computed."`
}

type lookAt struct {
	Value []string `arg:"" help:"The identifier; spaces and dots are allowed."`
}

// finders is the one list of the identifiers that can be looked at.
var finders = map[string]func(string) ident.Finding{
	"siren": ident.SIREN, "siret": ident.SIRET, "vat": ident.VAT, "iban": ident.IBAN, "rf": ident.CreditorReference,
}

// Run answers {"valid":true,"formatted":"…","reason":""}; an identifier that is not valid is an
// answer too, not a failure.
func (q lookAt) Run(c *context, k *kong.Context) error {
	f := finders[k.Selected().Name](strings.Join(q.Value, " "))
	reason := ""
	if !f.Valid() {
		reason = c.t(f.Reason)
	}
	return c.answer(wire.IdentifierOf(f, reason), func(w io.Writer) {
		if f.Valid() {
			fmt.Fprintln(w, c.t("calc.identifier.valid", f.Formatted))
		} else {
			fmt.Fprintln(w, c.t("calc.identifier.invalid", reason))
		}
	})
}

// calcMakes lists what can be made.
type calcMakes struct {
	VAT  makeVAT  `cmd:"" name:"vat" help:"French VAT number of a SIREN."`
	IBAN makeIBAN `cmd:"" name:"iban" help:"French IBAN of a bank, a branch and an account."`
	RF   makeRF   `cmd:"" name:"rf" help:"Creditor reference (ISO 11649) of an invoice number or any text."`
}

type makeVAT struct {
	SIREN []string `arg:"" help:"SIREN."`
}

// Run answers {"value":"FR44732829320"}.
func (q makeVAT) Run(c *context) error {
	v, err := ident.MakeVAT(strings.Join(q.SIREN, ""))
	return c.made(v, err, ident.VAT)
}

type makeIBAN struct {
	Parts []string `arg:"" help:"Bank (5), branch (5), account (11)."`
}

// Run answers {"value":"FR14…"}; the parts may come as one text of 21 signs.
func (q makeIBAN) Run(c *context) error {
	parts := q.Parts
	if all := strings.Join(parts, ""); len(all) == 21 {
		parts = []string{all[:5], all[5:10], all[10:]}
	}
	if len(parts) != 3 {
		return usage(fault.New(fault.Invalid, "calc.identifier.parts"))
	}
	v, err := ident.MakeIBAN(parts[0], parts[1], parts[2])
	return c.made(v, err, ident.IBAN)
}

type makeRF struct {
	Text []string `arg:"" help:"Invoice number or reference."`
}

// Run answers {"value":"RF24FAC2026001"}.
func (q makeRF) Run(c *context) error {
	v, err := ident.MakeCreditorReference(strings.Join(q.Text, ""))
	return c.made(v, err, ident.CreditorReference)
}

func (c *context) made(v string, err error, look func(string) ident.Finding) error {
	if err != nil {
		return err
	}
	a := wire.Made{Value: v, Formatted: look(v).Formatted}
	return c.answer(a, func(w io.Writer) { fmt.Fprintln(w, v) })
}
