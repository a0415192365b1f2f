package table

import (
	"archive/zip"
	"bytes"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"relance/internal/domain/bank"
	"relance/internal/domain/bill"
	"relance/internal/domain/cash"
	"relance/internal/domain/party"
	"relance/internal/ground/fault"
)

// pattern is a file of a size that nobody keeps in memory: head, then one byte for ever.
type pattern struct {
	head string
	c    byte
	size int64
}

func (p pattern) ReadAt(b []byte, off int64) (int, error) {
	if off >= p.size {
		return 0, io.EOF
	}
	n := int(min(int64(len(b)), p.size-off))
	for i := range n {
		if at := off + int64(i); at < int64(len(p.head)) {
			b[i] = p.head[at]
		} else {
			b[i] = p.c
		}
	}
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

func workbook(parts map[string]string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range parts {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, text)
		}
		if err != nil {
			panic(err) // to memory
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// TestHostile: each is refused, or read to its end, within bounded time and memory.
func TestHostile(t *testing.T) {
	head := "number;due;amount;customer\n"
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	at := time.Now()
	for name, p := range map[string]pattern{
		"2 GB of zeros":       {"", 0, 2 << 30},
		"2 GB of blank lines": {head + "F1;2026-01-01;1;C\n", '\n', 2 << 30},
		"2 GB of one line":    {head + "F1;2026-01-01;1;C\nF2", 'x', 2 << 30},
		"2 GB of one quote":   {head + "F1;2026-01-01;1;\"", 'x', 2 << 30},
		"2 GB of delimiters":  {head, ';', 2 << 30},
		"8 GB":                {head, 'x', 8 << 30},
	} {
		s, err := Open("x.csv", p, p.size)
		if err == nil {
			m := Propose(s, Invoices)
			err = s.ReadInvoices(&m, func(*bill.Draft, *Notes) bool { return true })
		}
		if fault.Of(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, raw := range map[string][]byte{
		"no workbook in the zip": workbook(map[string]string{"a.txt": "hello"}),
		"a broken workbook":      workbook(map[string]string{"xl/workbook.xml": "<workbook", "[Content_Types].xml": "<x/>"}),
		"a bomb":                 workbook(map[string]string{"xl/workbook.xml": "<x/>", "xl/worksheets/sheet1.xml": strings.Repeat(" ", 1<<30+1<<20)}),
		"a cut zip":              []byte("PK\x03\x04\x00\x00"),
	} {
		if _, err := Open("x.xlsx", bytes.NewReader(raw), int64(len(raw))); fault.Of(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if d := time.Since(at); d > 60*time.Second {
		t.Errorf("refusals took %v", d)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 32<<20 {
		t.Errorf("%d MB are still held", grown>>20)
	}
}

// TestWideCell: what no honest cell holds is cut, the line is kept.
func TestWideCell(t *testing.T) {
	s := sheet(t, "number;due;amount;customer\nF1;2026-01-01;1,00;"+strings.Repeat("x", 100_000)+"\nF2;2026-01-01;1,00;C\n")
	m := Propose(s, Invoices)
	n := 0
	if err := s.ReadInvoices(&m, func(d *bill.Draft, _ *Notes) bool {
		n++
		if len(d.Customer.Code) > maxCell {
			t.Errorf("a cell of %d bytes", len(d.Customer.Code))
		}
		return true
	}); err != nil || n != 2 {
		t.Errorf("%d lines, %v", n, err)
	}
}

// readsBank reads a statement: what is taken adds up, whatever the file.
func readsBank(t *testing.T, s *Sheet, m *Mapping) error {
	moved := map[*bank.Statement]int64{}
	sts, err := s.ReadBank(m, func(st *bank.Statement, e *bank.Entry) error {
		if len(e.Lines) != 1 || e.Lines[0].Amount != e.Amount || e.Booked.IsZero() || !st.Currency.Valid() {
			t.Errorf("taken: %+v", *e)
		}
		moved[st] += e.Amount
		return nil
	})
	for _, st := range sts {
		if diff, known := st.Break(); st.Moved != moved[st] || known && m.Has("balance") && diff != 0 && st.Opening.On < st.From {
			t.Errorf("%+v: %d taken, %d astray", *st, moved[st], diff)
		}
	}
	return err
}

func FuzzTable(f *testing.F) {
	f.Add("number,issued,due,amount,customer\nF1,2026-01-01,2026-02-01,\"1,234.56\",C1\n")
	f.Add("Client;Montant;Échéance\nX;1 234,56 €;31/12/2026\n\"a\"\"b;c\";(12,00);\n")
	f.Add("code;name;siren\nC1;ACME;732829320\n")
	f.Add("Date;Tiers;Reference;quantité;Prix unitaire HT;Taux TVA\n2026-01-01;X;R1;2;1,5;20\n")
	f.Add("sep=,\r\ncustomer,date,amount,invoice\r\nC1,01/02/2026,12-,F1\r\n")
	f.Add("Compte n° 12345678901;;\nSolde au 31/10/2026;1 234,56 €;\n\nDate;Libellé;Débit;Crédit;Solde\n31/10/2026;VIR;;10,00;30,00\n30/10/2026;PRLV;5,00;;20,00\n")
	f.Add("Type,Product,Started Date,Completed Date,Description,Amount,Fee,Currency,State,Balance\nTRANSFER,Current,2026-10-01 10:00:00,2026-10-02 10:00:00,X,5.00,0.10,EUR,COMPLETED,15.00\n")
	f.Add("\xff\xfea\x00;\x00b\x00\n\x00")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Open("f.csv", strings.NewReader(text), int64(len(text)))
		if err != nil {
			if fault.Of(err) != fault.Invalid {
				t.Fatal(err)
			}
			return
		}
		if k := Guess(s); k == "" {
			t.Error("no kind")
		}
		for _, k := range Kinds {
			m := Propose(s, k)
			switch k {
			case Invoices:
				err = s.ReadInvoices(&m, func(d *bill.Draft, n *Notes) bool {
					if d.Line > 0 && len(n.Errors) == 0 && (d.Payable.Minor < 0 || !d.Kind.Valid() || !d.Currency.Valid() || len(d.Instalments) != 1) {
						t.Errorf("taken: %+v", *d)
					}
					return true
				})
			case Customers:
				err = s.ReadCustomers(&m, func(*party.Draft, *Notes) bool { return true })
			case Contacts:
				err = s.ReadContacts(&m, func(*party.ContactDraft, *Notes) bool { return true })
			case Payments:
				err = s.ReadPayments(&m, func(*cash.Draft, *Notes) bool { return true })
			case Bank:
				err = readsBank(t, s, &m)
			}
			if err != nil && fault.Of(err) != fault.Invalid {
				t.Fatal(err)
			}
		}
	})
}
