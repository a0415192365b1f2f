package table

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/ground/money"
)

var written = [][]Cell{
	{Text("F-1"), Day(cal.MustParse("2026-10-31")), Money(money.Euros(123456)), Text("=HYPERLINK(\"http://x\")"), Whole(3)},
	{Text("F;2"), Day(0), Money(money.Euros(-5)), Text("dit \"Le Grand\"\nParis"), Whole(0)},
	{Text("-"), Day(0), Money(money.Of(7, "JPY")), Text("+33 1 02"), Whole(-1)},
}

var writtenHeader = []string{"number", "due", "amount", "customer", "last_level"}

func TestWriteCSV(t *testing.T) {
	for l, want := range map[i18n.Lang]string{
		i18n.FR: "\ufeffnumber;due;amount;customer;last_level\r\nF-1;2026-10-31;1234,56;\"'=HYPERLINK(\"\"http://x\"\")\";3\r\n\"F;2\";;-0,05;\"dit \"\"Le Grand\"\"\nParis\";0\r\n'-;;7;+33 1 02;-1\r\n",
		i18n.EN: "\ufeffnumber,due,amount,customer,last_level\r\nF-1,2026-10-31,1234.56,\"'=HYPERLINK(\"\"http://x\"\")\",3\r\n\"F;2\",,-0.05,\"dit \"\"Le Grand\"\"\nParis\",0\r\n'-,,7,+33 1 02,-1\r\n",
	} {
		var b bytes.Buffer
		if err := WriteCSV(&b, l, writtenHeader, slices.Values(written)); err != nil {
			t.Fatal(err)
		}
		// A decimal comma needs no quotes among semicolons, but is quoted: other readers guess.
		if got := strings.ReplaceAll(strings.ReplaceAll(b.String(), `"1234,56"`, "1234,56"), `"-0,05"`, "-0,05"); got != want {
			t.Errorf("%s\n%q\n%q", l, got, want)
		}
	}
}

// TestWrittenIsRead: a list comes back as it left, guards taken off, as CSV and as a workbook.
func TestWrittenIsRead(t *testing.T) {
	var csv, xlsx bytes.Buffer
	if err := WriteCSV(&csv, i18n.FR, writtenHeader, slices.Values(written)); err != nil {
		t.Fatal(err)
	}
	if err := WriteXLSX(&xlsx, "Balance", writtenHeader, slices.Values(written)); err != nil {
		t.Fatal(err)
	}
	for name, raw := range map[string][]byte{"x.csv": csv.Bytes(), "x.xlsx": xlsx.Bytes()} {
		s, err := Open(name, bytes.NewReader(raw), int64(len(raw)))
		if err != nil {
			t.Fatal(err)
		}
		m := Propose(s, Invoices)
		got := read(t, s, &m)
		if len(got) != 3 || !strings.HasPrefix(got[0], `F-1|invoice||2026-10-31|1234.56 EUR|=HYPERLINK("http://x")/`) ||
			!strings.HasPrefix(got[1], "F;2|credit-note|||0.05 EUR|dit \"Le Grand\"") || !strings.HasPrefix(got[2], "-|") {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestDangerous(t *testing.T) {
	for _, s := range []string{"=1+1", "+cmd|' /C calc'!A0", "-2+3+cmd", "@SUM(A1)", "\tx", "\rx", "-", "+"} {
		if !dangerous(s) {
			t.Errorf("%q passes", s)
		}
	}
	for _, s := range []string{"", "F-1", "-12,50", "+33 1 02", "12", "a=b"} {
		if dangerous(s) {
			t.Errorf("%q is held", s)
		}
	}
}

// FuzzWritten: no cell that is written is run by a spreadsheet, and each is read again as it was.
func FuzzWritten(f *testing.F) {
	for _, s := range []string{"=1+1", "+33 1 02", "-12,50", "@x", "\t=1", "'=1", "a;b", "a\"b", "a\nb", " x ", "＝1", "\ufeff=1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return // the hall keeps no other
		}
		var b bytes.Buffer
		if err := WriteCSV(&b, i18n.FR, []string{"a", "b"}, slices.Values([][]Cell{{Text(text), Text("end")}})); err != nil {
			t.Fatal(err)
		}
		r := csv.NewReader(strings.NewReader(strings.TrimPrefix(b.String(), "\ufeff")))
		r.Comma = ';'
		rows, err := r.ReadAll()
		if err != nil || len(rows) != 2 || rows[1][1] != "end" {
			t.Fatalf("%q is written as %q: %v", text, b.String(), err)
		}
		got := rows[1][0]
		if dangerous(got) {
			t.Errorf("%q is written as %q", text, got)
		}
		// encoding/csv reads CR LF as LF.
		if want := strings.ReplaceAll(text, "\r\n", "\n"); strings.TrimPrefix(got, "'") != strings.TrimPrefix(want, "'") {
			t.Errorf("%q is read again as %q", text, got)
		}
	})
}
