package app

import (
	"io"
	"path"
	"strings"

	"relance/internal/domain/bill"
	"relance/internal/format"
	"relance/internal/format/cii"
	"relance/internal/format/en16931"
	"relance/internal/format/facturx"
	"relance/internal/format/ubl"
	"relance/internal/ground/fault"
	"relance/internal/ground/ident"
)

// readEInvoice is the slot of each e-invoice.
var readEInvoice = map[format.Kind]func(io.Reader) (*en16931.Reading, error){
	format.UBL: ubl.Read, format.CII: cii.Read, format.FacturX: facturx.Read,
}

// takeEInvoice takes one electronic invoice; the file itself is kept, byte for byte.
func (fi *fileImport) takeEInvoice() error {
	r := fi.einv
	d := r.Draft
	in := &incoming{d: d, errs: r.Errors, warns: r.Warnings}
	in.d.Line = 1
	whole, err := io.ReadAll(io.NewSectionReader(fi.src, 0, fi.file.Size))
	if err != nil {
		return fault.New(fault.Invalid, "format.unreadable", err.Error())
	}
	in.d.Original, in.d.MediaType = whole, "application/xml"
	if fi.slot == format.FacturX {
		in.d.MediaType = "application/pdf"
	}
	in.d.FileName = path.Base(fi.file.Name)
	for _, i := range d.Instalments {
		in.parts = append(in.parts, partOf(&d, i))
	}
	if len(in.parts) == 0 {
		in.parts = []part{{line: 1, amount: d.Payable.Minor}}
	}
	return fi.step(func(m *moment) error {
		if bad := wrongSeller(m, &d); bad != nil {
			in.errs = append(in.errs, *bad)
		}
		return fi.apply(m, []*incoming{in})
	})
}

// wrongSeller refuses an invoice of somebody else: the company has a SIREN or VAT number and it is
// not the seller's. An unnamed company refuses none (PRODUCT.md §7).
func wrongSeller(m *moment, d *bill.Draft) *fault.Problem {
	p, s := m.company.Profile, d.Seller
	own, theirs := ident.SIREN(p.SIREN).Value, ident.SIREN(s.SIREN).Value
	ownVAT, theirVAT := ident.VAT(p.VAT).Value, ident.VAT(s.VAT).Value
	if own == "" && strings.HasPrefix(ownVAT, "FR") {
		own = ownVAT[4:]
	}
	if theirs == "" && strings.HasPrefix(theirVAT, "FR") {
		theirs = theirVAT[4:]
	}
	switch {
	case own == "" && ownVAT == "":
		return nil
	case own != "" && own == theirs, ownVAT != "" && ownVAT == theirVAT:
		return nil
	}
	return &fault.Problem{Line: 1, Field: "seller", Value: strings.TrimSpace(s.Name + " " + s.SIREN + " " + s.VAT), Key: "import.seller",
		Args: []any{p.Name}}
}
