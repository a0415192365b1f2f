package fec

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"relance/internal/format/corpus"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/money"
)

const head = "JournalCode|JournalLib|EcritureNum|EcritureDate|CompteNum|CompteLib|CompAuxNum|CompAuxLib|PieceRef|PieceDate|EcritureLib|Debit|Credit|EcritureLet|DateLet|ValidDate|Montantdevise|Idevise\n"

// entry writes one line of a FEC: journal, date, account, customer, reference, label, debit, credit, letter.
func entry(journal, num, date, account, aux, ref, label, debit, credit, letter string) string {
	return strings.Join([]string{journal, "", num, date, account, "Clients", aux, aux, ref, date, label, debit, credit, letter, "", "", "", ""}, "|") + "\n"
}

func read(t testing.TB, text string) *Ledger {
	t.Helper()
	l, err := Read(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// openOf lists what is open, as an accountant would write it.
func openOf(l *Ledger) string {
	var b strings.Builder
	for _, it := range l.Items {
		if !it.Open.IsZero() {
			fmt.Fprintf(&b, "%s %s %s\n", it.Customer, it.Draft.Number, it.Open.Decimal())
		}
	}
	for _, c := range l.Credits {
		if !c.Open.IsZero() {
			what := "money"
			if c.Note != nil {
				what = "credit note"
			}
			fmt.Fprintf(&b, "%s %s -%s %s\n", c.Customer, c.Ref, c.Open.Decimal(), what)
		}
	}
	return b.String()
}

func TestLettering(t *testing.T) {
	cases := []struct{ name, text, open, net string }{
		{"a letter is unique within an account only",
			entry("VE", "1", "20260105", "411000", "C1", "F1", "Facture", "100,00", "0,00", "A") +
				entry("BQ", "2", "20260205", "411000", "C1", "VIR", "Reglement", "0,00", "100,00", "A") +
				entry("VE", "3", "20260106", "411000", "C2", "F2", "Facture", "70,00", "0,00", "A") +
				entry("VE", "4", "20260107", "411000", "C2", "F3", "Facture", "30,00", "0,00", ""),
			"C2 F2 70.00\nC2 F3 30.00\n", "100.00"},
		{"an unbalanced group is open for its difference",
			entry("VE", "1", "20260105", "411000", "C1", "F1", "Facture", "100,00", "0,00", "A") +
				entry("BQ", "2", "20260205", "411000", "C1", "VIR", "Reglement", "0,00", "60,00", "A"),
			"C1 F1 40.00\n", "40.00"},
		{"an account without auxiliary is its own customer",
			entry("VE", "1", "20260105", "411CAVE", "", "F1", "Facture", "100,00", "0,00", "") +
				entry("VE", "2", "20260105", "411CAVE", "", "F2", "Facture", "50,00", "0,00", "AA") +
				entry("BQ", "3", "20260105", "411CAVE", "", "R", "Reglement", "0,00", "50,00", "AA"),
			"411CAVE F1 100.00\n", "100.00"},
		{"without letters: by reference, then by amount",
			entry("VE", "1", "20260105", "411000", "C1", "F1001", "Facture", "100,00", "0,00", "") +
				entry("VE", "2", "20260106", "411000", "C1", "F1002", "Facture", "80,00", "0,00", "") +
				entry("VE", "3", "20260107", "411000", "C1", "F1003", "Facture", "55,00", "0,00", "") +
				entry("BQ", "4", "20260201", "512000", "", "X", "Banque", "100,00", "0,00", "") +
				entry("BQ", "4", "20260201", "411000", "C1", "F1001", "Vir", "0,00", "100,00", "") +
				entry("BQ", "5", "20260202", "411000", "C1", "VIR2", "Vir", "0,00", "80,00", ""),
			"C1 F1003 55.00\n", "55.00"},
		{"a negative debit is a credit",
			entry("VE", "1", "20260105", "411000", "C1", "F1", "Facture", "100,00", "0,00", "") +
				entry("VE", "2", "20260106", "411000", "C1", "A1", "Avoir", "-30,00", "0,00", "") +
				entry("VE", "2", "20260106", "707000", "", "A1", "Avoir", "25,00", "0,00", ""),
			"C1 F1 100.00\nC1 A1 -30.00 credit note\n", "70.00"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			l := read(t, head+c.text)
			if got := openOf(l); got != c.open {
				t.Errorf("open:\n%swant\n%s", got, c.open)
			}
			if l.NetOpen.Decimal() != c.net {
				t.Errorf("net %s, want %s", l.NetOpen, c.net)
			}
			balanced(t, l)
		})
	}
}

// balanced: what is open on the 411 accounts, credits deducted, is the balance of the ledger.
func balanced(t testing.TB, l *Ledger) {
	t.Helper()
	var sum int64
	for _, it := range l.Items {
		if strings.HasPrefix(it.Account, "411") {
			sum += it.Open.Minor
		}
		if it.Open.Minor < 0 || it.Open.Minor > it.Amount.Minor {
			t.Errorf("%s: open %s of %s", it.Draft.Number, it.Open, it.Amount)
		}
	}
	for _, c := range l.Credits {
		if strings.HasPrefix(c.Account, "411") {
			sum -= c.Open.Minor
		}
	}
	if sum != l.NetOpen.Minor {
		t.Errorf("open items sum to %s, the accounts to %s", money.Euros(sum), l.NetOpen)
	}
}

func TestSpecialAccounts(t *testing.T) {
	l := read(t, head+
		entry("VE", "1", "20260105", "411700", "C1", "F1", "Retenue", "10,00", "0,00", "")+
		entry("OD", "2", "20260106", "413000", "C1", "LCR7", "Effet", "20,00", "0,00", "")+
		entry("OD", "3", "20260107", "416000", "C1", "F3", "Douteux", "30,00", "0,00", "")+
		entry("BQ", "4", "20260108", "419100", "C1", "AC1", "Acompte", "0,00", "40,00", "")+
		entry("AN", "5", "20260101", "411000", "C1", "", "A nouveau", "50,00", "0,00", ""))
	var got []string
	for _, it := range l.Items {
		got = append(got, fmt.Sprintf("%s %+v", it.Open.Decimal(), it.Flags))
	}
	want := []string{
		"10.00 {Opening:false Lump:false Retention:true Bill:false Doubtful:false Returned:false Deposit:false}",
		"20.00 {Opening:false Lump:false Retention:false Bill:true Doubtful:false Returned:false Deposit:false}",
		"30.00 {Opening:false Lump:false Retention:false Bill:false Doubtful:true Returned:false Deposit:false}",
		"50.00 {Opening:true Lump:true Retention:false Bill:false Doubtful:false Returned:false Deposit:false}",
	}
	for _, w := range want {
		found := false
		for _, g := range got {
			found = found || g == w
		}
		if !found {
			t.Errorf("no item %s in\n%s", w, strings.Join(got, "\n"))
		}
	}
	if len(l.Credits) != 1 || !l.Credits[0].Flags.Deposit || l.Credits[0].Open.Decimal() != "40.00" {
		t.Errorf("credits %+v", l.Credits)
	}
	if len(l.Entries) != 2 {
		t.Errorf("%d lines on 411 accounts, want 2", len(l.Entries))
	}
}

func TestWrittenInOtherWays(t *testing.T) {
	line := entry("VE", "1", "20260105", "411000", "C1", "Fé1", "Facture été", "1 234,56", "0,00", "")
	want := "C1 Fé1 1234.56\n"
	var cp, le bytes.Buffer
	le.WriteString("\xff\xfe")
	for _, r := range head + line {
		cp.WriteByte(byte(r))
		le.Write([]byte{byte(r), byte(r >> 8)})
	}
	for name, text := range map[string]string{
		"tab": strings.ReplaceAll(head+line, "|", "\t"), "semicolon": strings.ReplaceAll(head+line, "|", ";"), "windows-1252": cp.String(),
		"utf-16": le.String(), "mark and CRLF": "\ufeff" + strings.ReplaceAll(head+line, "\n", "\r\n"), "a column more": strings.ReplaceAll(head+line, "\n", "|\n"),
		"quoted": strings.ReplaceAll(head+line, "C1", `"C1"`), "dots": head + strings.ReplaceAll(line, "1 234,56", "0000001234.56"),
		"French dates": head + strings.ReplaceAll(line, "20260105", "05/01/2026"),
	} {
		t.Run(name, func(t *testing.T) {
			if got := openOf(read(t, text)); got != want {
				t.Errorf("got %q", got)
			}
		})
	}
	side := "JournalCode|JournalLib|EcritureNum|EcritureDate|CompteNum|CompteLib|CompAuxNum|CompAuxLib|PieceRef|PieceDate|EcritureLib|Montant|Sens|EcritureLet|DateLet|ValidDate\n" +
		"VE||1|20260105|411000|Clients|C1|C1|F1|20260105|Facture|12,00|D||||\nBQ||2|20260106|411000|Clients|C1|C1|R|20260106|Rgt|2,00|C||||\n"
	if got := openOf(read(t, side)); got != "C1 F1 12.00\nC1 R -2.00 money\n" {
		t.Errorf("amount and side: %q", got)
	}
}

func TestBadLinesLeaveTheOthersAlone(t *testing.T) {
	l := read(t, head+entry("VE", "1", "20260231", "411000", "C1", "F1", "x", "1,00", "", "")+
		entry("VE", "2", "20260105", "411000", "C1", "F2", "x", "douze", "", "")+"VE|1|20260105|411000\n"+
		entry("VE", "3", "20260105", "411000", "C1", "F3", "x", "3,00", "", ""))
	var got []string
	for _, p := range l.Errors {
		got = append(got, fmt.Sprintf("%d %s %s", p.Line, p.Field, p.Key))
	}
	if s := strings.Join(got, "; "); s != "2 issued format.date.impossible; 3 debit format.amount.impossible; 4 line format.fec.columns" {
		t.Error(s)
	}
	if got := openOf(l); got != "C1 F3 3.00\n" {
		t.Error(got)
	}
}

// endless gives n bytes without end of line, a few at a time.
type endless struct {
	n int64
	c byte
}

func (e *endless) Read(p []byte) (int, error) {
	if e.n <= 0 {
		return 0, io.EOF
	}
	n := min(int64(len(p)), e.n)
	for i := range p[:n] {
		p[i] = e.c
	}
	e.n -= n
	return int(n), nil
}

func TestHostile(t *testing.T) {
	at := time.Now()
	for name, r := range map[string]io.Reader{
		"2 GB of zeros":         &endless{2 << 30, 0},
		"2 GB of one line":      io.MultiReader(strings.NewReader(head), &endless{2 << 30, 'x'}),
		"2 GB of empty lines":   io.MultiReader(strings.NewReader(head), &endless{2 << 30, '\n'}),
		"a picture":             strings.NewReader("\x89PNG\r\n\x1a\n\x00\x00"),
		"nothing":               strings.NewReader(""),
		"a table of invoices":   strings.NewReader("number;due;amount\n1;2;3\n"),
		"2 GB of columns ahead": io.MultiReader(strings.NewReader("JournalCode"), &endless{2 << 30, '|'}),
	} {
		if _, err := Read(r); fault.Of(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if d := time.Since(at); d > 20*time.Second {
		t.Errorf("refusals took %v", d)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(head + entry("VE", "1", "20260105", "411000", "C1", "F1", "Facture", "100,00", "0,00", "A"))
	f.Add(strings.ReplaceAll(head+entry("BQ", "1", "20260105", "411000", "C1", "", "", "-1", "2", ""), "|", "\t"))
	f.Add("\xff\xfe" + head)
	f.Fuzz(func(t *testing.T, text string) {
		l, err := Read(strings.NewReader(text))
		if err != nil {
			if fault.Of(err) != fault.Invalid {
				t.Fatal(err)
			}
			return
		}
		balanced(t, l)
		numbers := map[string]bool{}
		for _, it := range l.Items {
			if numbers[it.Draft.Number] {
				t.Errorf("number %q twice", it.Draft.Number)
			}
			numbers[it.Draft.Number] = true
		}
	})
}

func TestLedgers(t *testing.T) {
	corpus.Run(t, "3-fec", func(t *testing.T, dir string) {
		for _, c := range []struct {
			file               string
			customers, entries int
			net                string // debits − credits of the 411 accounts, summed by hand below
			lettered           bool
		}{
			{"neolegal-pseudonymised/111111111FEC20221231.TXT", 34, 151, "14416.52", true},
			{"neolegal-pseudonymised/000000000FEC20231231.txt", 4, 153, "27771.70", false},
			{"ekylibre-AGPL/imports/sage/coala/2020.txt", 1, 8, "-363.70", true},
		} {
			t.Run(filepath.Base(c.file), func(t *testing.T) {
				raw, err := os.ReadFile(filepath.Join(dir, c.file))
				if err != nil {
					t.Fatal(err)
				}
				l, err := Read(bytes.NewReader(raw))
				if err != nil {
					t.Fatal(err)
				}
				if len(l.Customers) != c.customers || len(l.Entries) != c.entries || l.NetOpen.Decimal() != c.net || l.Lettered != c.lettered || len(l.Errors) > 0 {
					t.Errorf("%d customers, %d entries, net %s, lettered %v, errors %v", len(l.Customers), len(l.Entries), l.NetOpen, l.Lettered, l.Errors)
				}
				if sum := byHand(t, raw); sum != c.net {
					t.Errorf("the accounts sum to %s by hand", sum)
				}
				balanced(t, l)
			})
		}
		f, err := os.Open(filepath.Join(dir, "ekylibre-AGPL/first_run/v1/epicea/ExportationDesEcritures.Txt"))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if _, err := Read(f); fault.Key(err) != "NOT_A_FEC" {
			t.Errorf("Épicéa export: %v", err)
		}
	})
}

// byHand sums the 411 accounts without this package: split, strip, add.
func byHand(t *testing.T, raw []byte) string {
	t.Helper()
	sum := new(big.Rat)
	lines := strings.Split(strings.ReplaceAll(string(raw), "\r", ""), "\n")
	sep := "|"
	if strings.Count(lines[0], "\t") > 10 {
		sep = "\t"
	}
	for _, l := range lines[1:] {
		c := strings.Split(l, sep)
		if len(c) < 13 || !strings.HasPrefix(strings.TrimSpace(c[4]), "411") {
			continue
		}
		for i, sign := range map[int]int64{11: 1, 12: -1} {
			v := strings.ReplaceAll(strings.TrimSpace(c[i]), ",", ".")
			if v == "" {
				continue
			}
			r, ok := new(big.Rat).SetString(v)
			if !ok {
				t.Fatalf("amount %q", v)
			}
			sum.Add(sum, r.Mul(r, big.NewRat(sign, 1)))
		}
	}
	return sum.FloatString(2)
}

// TestPaymentHistory compares what was settled, and when, with a history computed by others from
// the same ledger: each debit whose letter group balances is settled on the day of its last credit.
func TestPaymentHistory(t *testing.T) {
	corpus.Run(t, "4-late-payment", func(t *testing.T, dir string) {
		raw, err := os.ReadFile(filepath.Join(dir, "../3-fec/neolegal-pseudonymised/111111111FEC20221231.TXT"))
		if err != nil {
			t.Fatal(err)
		}
		l, err := Read(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		f, err := os.Open(filepath.Join(dir, "derived-from-fec/ar_history_111111111.csv"))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		rows, err := csv.NewReader(f).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		type key struct {
			settled cal.Date
			amount  int64
		}
		var wantOpen, gotOpen int64
		want := map[key]int{}
		total := int64(0)
		for _, r := range rows[1:] {
			a, err := money.ParseDecimal(r[5], money.EUR)
			if err != nil {
				t.Fatal(err)
			}
			total += a.Minor
			if r[9] == "0.00" && r[10] != "" {
				d, _ := parseDate([]byte(r[10]))
				want[key{d, a.Minor}]++
			} else if r[10] == "" {
				wantOpen += a.Minor
			}
		}
		if len(rows) != 101 {
			t.Errorf("%d debits, want 100", len(rows)-1)
		}
		var debits int64
		settled := map[cal.Date]int64{}
		for _, e := range l.Entries { // lines: several may make one item
			if e.Debit > 0 && e.open == 0 {
				settled[e.paid] += e.Debit
			}
			debits += e.Debit
			if e.Debit > 0 {
				gotOpen += e.open
			}
		}
		if debits != total {
			t.Errorf("debits %d, the history has %d", debits, total)
		}
		if gotOpen < wantOpen {
			t.Errorf("open %d, at least %d is not lettered", gotOpen, wantOpen)
		}
		byDay := map[cal.Date]int64{}
		for k, n := range want {
			byDay[k.settled] += k.amount * int64(n)
		}
		for d, sum := range byDay {
			if settled[d] != sum {
				t.Errorf("settled on %s: %d, the history has %d", d, settled[d], sum)
			}
		}
	})
}
