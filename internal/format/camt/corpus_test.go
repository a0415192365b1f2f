package camt

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"relance/internal/domain/bank"
	"relance/internal/format/corpus"
	"relance/internal/ground/fault"
)

// figures says a file in short: each statement with its balances and what they differ by, each line
// of its entries, and what was noted.
func figures(t *testing.T, path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	entries := map[*bank.Statement]string{}
	all, err := Read(f, func(s *bank.Statement, e *bank.Entry) error {
		for _, l := range e.Lines {
			entries[s] += fmt.Sprintf("  %s/%s %d %s %s|%s|%s|%s|%s\n", e.Booked, e.Value, l.Amount, e.Code, l.Method, l.Payer.Name, l.Payer.IBAN, l.Structured, strings.ReplaceAll(l.Text, "\n", "/"))
		}
		return nil
	})
	var b strings.Builder
	for _, s := range all {
		fmt.Fprintf(&b, "%s %s %s %s-%s", s.ID, s.Account, s.Currency, s.From, s.To)
		for _, bal := range []*bank.Balance{s.Opening, s.Closing} {
			if bal != nil {
				fmt.Fprintf(&b, " %s %d", bal.On, bal.Amount)
			} else {
				b.WriteString(" none")
			}
		}
		if diff, known := s.Break(); known {
			fmt.Fprintf(&b, " break %d", diff)
		}
		b.WriteString("\n" + entries[s])
		for _, p := range append(s.Errors, s.Warnings...) {
			fmt.Fprintf(&b, "  ! %s\n", p.Key)
		}
	}
	return b.String(), err
}

// Made-up samples of another library: in some, balances carry four currencies and do not add up.
func TestCorpus(t *testing.T) {
	const strange = "  ! bank.balance.currency\n"
	want := map[string]string{
		"camt052.v4.xml": "AAAASESS-FP-ACCR001 CH2801234000123456789 CHF 2007-10-18-2007-10-18 none none\n  ! bank.pending\n",
		"camt053.v2.all-balance-types.xml": "CAMT0532015012200001 CH2801234000123456789 EUR - 2015-01-21 101 2015-01-22 404 break 582\n" +
			"  2014-12-31/2015-01-02 885 544 ||||Transaction Description\n",
		"camt053.v2.minimal.xml": "253EURNL26VAYB8060476890 NL26VAYB8060476890 EUR 2007-10-18-2007-10-18 2014-12-30 1815 none\n" +
			"  2014-12-31/2015-01-02 885 544 |NAME NAME|NL56AGDH9619008421|4654654654654654|\n" + strange,
		"camt053.v2.multi.statement.xml": "253EURNL26VAYB8060476890 NL26VAYB8060476890 EUR 2007-10-18-2007-10-18 2014-12-30 1815 2014-12-31 2700 break 0\n" +
			"  2014-12-31/2015-01-02 885 544 ||||Transaction Description 1\n" +
			"254EURNL26VAYB8060476890 NL26VAYB8060476890 EUR - 2014-12-30 2700 2014-12-31 2000 break 0\n" +
			"  2014-12-31/2015-01-02 -700 544 |Company Name 2|NL56AGDH9619008421||Transaction Description 2\n",
		"camt053.v2.with-account-name.xml": "253EURCH2801234000123456789 CH2801234000123456789 EUR - none none\n" +
			"  2014-12-31/2014-12-31 885 544 ||||\n",
		"camt053.v4.xml": "253EURNL26VAYB8060476890 NL26VAYB8060476890 EUR 2007-10-18-2007-10-18 2014-12-30 1815 none\n" +
			"  2014-12-31/2015-01-02 885 PAYM-0001-0005 |NAME NAME|NL56AGDH9619008421|4654654654654654|\n" + strange,
		"camt053.v8.xml": "253EURNL26VAYB8060476890 NL26VAYB8060476890 EUR 2007-10-18-2007-10-18 2014-12-30 1815 none\n" +
			"  2014-12-31/2015-01-02 885 PMNT-RCDT-BOOK transfer|NAME NAME|NL56AGDH9619008421|4654654654654654|\n" + strange,
		"camt054.v4.xml": "AAAASESS-FP-ACCR001 CH2801234000123456789 SEK 2007-10-18-2007-10-18 none none\n" +
			"  2007-10-18/2007-10-18 -20000000 PMNT-ICDT-DMCT transfer||||ISR ref number V1/Unstructured Remittance Information V1/Additional Remittance Information V1/" +
			"ISR ref number V2/Additional Remittance Information V2/Ref number V3 block 1/Unstructured Remittance Information V3 block 1/" +
			"Unstructured Remittance Information V3 block 2/Additional Remittance Information V3 block 1/Ref number V3 block 2/Additional Remittance Information V3 block 2/Order\n" +
			"  ! bank.batch.differs\n",
	}
	corpus.Run(t, "2-bank/genkgo-camt", func(t *testing.T, dir string) {
		files := corpus.Files(t, dir, ".xml")
		if len(files) != len(want)+1 {
			t.Errorf("%d files, %d expected", len(files), len(want)+1)
		}
		for _, name := range files {
			got, err := figures(t, filepath.Join(dir, name))
			switch {
			case name == "camt053.v2.wrong.xml":
				if fault.Key(err) != "bank.camt.empty" {
					t.Errorf("%s: %v", name, err)
				}
			case err != nil || got != want[name]:
				t.Errorf("%s: %v\n%swant\n%s", name, err, got, want[name])
			}
		}
	})
}
