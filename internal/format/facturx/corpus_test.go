package facturx_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"relance/internal/format/cii"
	"relance/internal/format/corpus"
	"relance/internal/format/en16931"
	"relance/internal/format/facturx"
	"relance/internal/format/ubl"
	"relance/internal/ground/fault"
)

// read reads a file of any e-invoice kind.
func read(t *testing.T, name string) (*en16931.Reading, error) {
	t.Helper()
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	switch {
	case strings.EqualFold(filepath.Ext(name), ".pdf"):
		return facturx.Read(bytes.NewReader(raw))
	case bytes.Contains(raw[:min(len(raw), 2000)], []byte("urn:oasis:names:specification:ubl")):
		return ubl.Read(bytes.NewReader(raw))
	}
	return cii.Read(bytes.NewReader(raw))
}

// say is a reading as the tests note it.
func say(r *en16931.Reading, err error) string {
	if err != nil {
		return fault.Key(err)
	}
	d := r.Draft
	var due []string
	for _, i := range d.Instalments {
		due = append(due, i.Due.String())
	}
	s := fmt.Sprintf("%s %s %s due %s payable %s", d.Kind, d.Number, d.Issued, strings.Join(due, ","), d.Payable)
	if d.Prepaid.Minor != 0 {
		s += " prepaid " + d.Prepaid.Decimal()
	}
	for _, p := range r.Errors {
		s += " !" + p.Field + ":" + p.Key
	}
	for _, p := range r.Warnings {
		s += " ?" + p.Field + ":" + p.Key
	}
	return s
}

// TestEdgeCases asserts what each README of facturx-cas-limites expects, as far as it is this
// program's business: what it calls "acceptation" is taken without a word, what it calls
// "avertissement" is taken with a warning, and what it calls "rejet" is either refused (nothing
// can be read) or told by field, since a debt that is written must not be lost over a rule of form.
func TestEdgeCases(t *testing.T) {
	const ok = "invoice FA-2026-0001 2026-08-15 due 2026-09-14 payable 3042.00 EUR"
	want := map[string]string{
		"OK-001":    ok,
		"IDENT-001": ok,
		"CALC-001":  ok + " ?payable:format.totals.differ ?total:format.totals.tax",
		"CALC-004":  "invoice FA-2026-0001 2026-08-15 due 2026-09-14 payable 120.00 EUR ?line:format.line.decimals",
		"DATA-001":  ok + " ?issued:format.date.strange",
		"DATA-003":  "invoice FA-2026-0001 2026-08-15 due 2026-07-01 payable 3042.00 EUR ?due:format.due.before-issue",
		"DATA-005":  ok + " ?line:format.amount.comma",
		"PDF-001":   "format.pdf.no-xml",
		"PDF-002":   ok + " ?file:format.pdf.name",
		"PDF-003":   ok + " ?file:format.pdf.relationship",
		"PRF-001":   ok + " ?profile:format.profile.minimum",
		"RBT-002":   "format.xml.malformed",
		"XML-001":   "format.xml.malformed",
		"XML-003":   ok + " ?encoding:format.encoding.lies",
	}
	corpus.Run(t, "1-einvoice/facturx-cas-limites/cas", func(t *testing.T, dir string) {
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		if len(entries) != len(want) {
			t.Errorf("%d cases, want %d", len(entries), len(want))
		}
		for _, e := range entries {
			t.Run(e.Name(), func(t *testing.T) {
				got := say(read(t, filepath.Join(dir, e.Name(), "facture.pdf")))
				if got != want[e.Name()] {
					t.Errorf("got  %s\nwant %s", got, want[e.Name()])
				}
				readme, err := os.ReadFile(filepath.Join(dir, e.Name(), "README.md"))
				if err != nil {
					t.Fatal(err)
				}
				told := strings.ContainsAny(got, "?!") || strings.HasPrefix(got, "format.")
				if silent := bytes.Contains(readme, []byte("**acceptation**")); silent == told {
					t.Errorf("the case expects acceptance: %v, it was told: %v", silent, told)
				}
			})
		}
	})
}

// TestSameInvoiceInEachSyntax: the corpora hold the same invoices as CII, UBL and PDF.
func TestSameInvoiceInEachSyntax(t *testing.T) {
	corpus.Run(t, "1-einvoice", func(t *testing.T, dir string) {
		for _, set := range [][]string{
			{"xp-z12-014/UC1/UC1_F202500003_00-INV_20250701_CII_EN16931.xml", "xp-z12-014/UC1/UC1_F202500003_00-INV_20250701_UBL_EN16931.xml", "xp-z12-014/UC1/UC1_F202500003_00-INV_20250701_FX_EN16931.pdf"},
			{"xp-z12-014/UC5/UC5b_F202500011_00-CN_20250703/UC5b_F202500011_00-CN_20250703_CII_EN16931.xml", "xp-z12-014/UC5/UC5b_F202500011_00-CN_20250703/UC5b_F202500011_00-CN_20250703_UBL_EN16931.xml", "xp-z12-014/UC5/UC5b_F202500011_00-CN_20250703/UC5b_F202500011_00-CN_20250703_FX_EN16931.pdf"},
			{"zugferd-corpus/XML-Rechnung/CII/EN16931_Einfach_DueDate.cii.xml", "zugferd-corpus/XML-Rechnung/UBL/EN16931_Einfach_DueDate.ubl.xml", "zugferd-corpus/XML-Rechnung/FX/EN16931_Einfach_DueDate.pdf"},
			{"zugferd-corpus/XML-Rechnung/CII/EN16931_Einfach_negativePaymentDue.cii.xml", "zugferd-corpus/XML-Rechnung/UBL/EN16931_Einfach_negativePaymentDue.ubl.xml"},
			{"zugferd-corpus/XML-Rechnung/CII/EN16931_1_Teilrechnung.cii.xml", "zugferd-corpus/XML-Rechnung/UBL/EN16931_1_Teilrechnung.ubl.xml", "zugferd-corpus/XML-Rechnung/FX/EN16931_1_Teilrechnung.pdf"},
		} {
			first := ""
			for _, f := range set {
				r, err := read(t, filepath.Join(dir, f))
				if err != nil {
					t.Errorf("%s: %v", f, err)
					continue
				}
				s := say(&en16931.Reading{Draft: r.Draft}, nil)
				if first == "" {
					first = s
				}
				if s != first {
					t.Errorf("%s\n%s\nelsewhere\n%s", f, s, first)
				}
			}
		}
	})
}

// TestCorpus pins what is read of every file: amounts and dates were checked against the files.
func TestCorpus(t *testing.T) {
	corpus.Run(t, "1-einvoice", func(t *testing.T, dir string) {
		for _, f := range corpus.Files(t, dir, ".pdf", ".xml") {
			r, err := read(t, filepath.Join(dir, f))
			got := say(r, err)
			if strings.Contains(f, "-CDV-") {
				if fault.Key(err) != "CDAR_NOT_AN_INVOICE" {
					t.Errorf("%s is a status message: %s", f, got)
				}
				continue
			}
			if strings.HasPrefix(f, "facturx-cas-limites") {
				continue // TestEdgeCases
			}
			want, listed := expected[f]
			if !listed {
				t.Errorf("not listed: %q: %q,", f, got)
			} else if got != want {
				t.Errorf("%s\ngot  %s\nwant %s", f, got, want)
			}
		}
	})
}
