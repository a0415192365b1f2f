package cfonb

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"relance/internal/domain/bank"
	"relance/internal/format/corpus"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/ground/money"
)

// at lays texts at their places (0-based) in a record of so many characters.
func at(width int, zones ...any) string {
	b := []rune(strings.Repeat(" ", width))
	for i := 0; i < len(zones); i += 2 {
		copy(b[zones[i].(int):], []rune(zones[i+1].(string)))
	}
	return string(b) + "\n"
}

const account1, account2 = "0500013M026", "00012345678"

func balance(code, number, day, amount string) string {
	return at(120, 0, code, 2, "20041", 11, "01005", 16, "EUR2", 21, number, 34, day, 90, amount)
}

func movement(number, op, day, label, amount, ref string) string {
	return at(120, 0, "04", 2, "20041", 7, "1234", 11, "01005", 16, "EUR2", 21, number, 32, op, 34, day, 42, day, 48, label, 81, "0000001", 90, amount, 104, ref)
}

func detail(number, qualifier, text string) string {
	return at(120, 0, "05", 2, "20041", 7, "1234", 11, "01005", 16, "EUR2", 21, number, 32, "05", 34, "051126", 45, qualifier, 48, text)
}

// said is a file as a person would note it: a line a statement, a movement, a problem.
func said(t testing.TB, read func(io.Reader, bank.Take) ([]*bank.Statement, error), text string) string {
	t.Helper()
	var b strings.Builder
	sts, err := read(strings.NewReader(text), func(s *bank.Statement, e *bank.Entry) error {
		sum := int64(0)
		fmt.Fprintf(&b, "%s %d@%d %s/%s %s %s [%s]", s.Account, e.No, e.Line, e.Booked, e.Value, money.Of(e.Amount, s.Currency), e.Code, e.Ref)
		for _, l := range e.Lines {
			sum += l.Amount
			fmt.Fprintf(&b, " %s %q", l.Method, l.Text)
			for _, f := range []struct{ name, value string }{{"from", l.Payer.Name}, {"iban", l.Payer.IBAN}, {"for", l.Ultimate.Name}, {"e2e", l.EndToEnd},
				{"rf", l.Structured}, {"mandate", l.Mandate}, {"original", l.Original}, {"sent", l.Sent.String()}} {
				if f.value != "" {
					fmt.Fprintf(&b, " %s=%s", f.name, f.value)
				}
			}
			if l.Return != nil {
				fmt.Fprintf(&b, " back(%s %s)", l.Return.Code, l.Return.Text)
			}
			if l.Charges != 0 || !l.Instructed.IsZero() {
				fmt.Fprintf(&b, " charges=%d of %s", l.Charges, l.Instructed)
			}
		}
		b.WriteString("\n")
		if sum != e.Amount {
			t.Errorf("line %d: %d in the lines, %d in the entry", e.Line, sum, e.Amount)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sts {
		day := func(x *bank.Balance) string {
			if x == nil {
				return "none"
			}
			return fmt.Sprintf("%s %s", x.On, money.Of(x.Amount, s.Currency))
		}
		fmt.Fprintf(&b, "= %s %s: %s → %s, %d, %d", s.Account, s.Currency, day(s.Opening), day(s.Closing), s.Entries, s.Moved)
		if diff, known := s.Break(); known && diff != 0 {
			fmt.Fprintf(&b, ", %d astray", diff)
		}
		b.WriteString("\n")
		note := func(mark string, list []fault.Problem) {
			for _, p := range list {
				if !i18n.Has(p.Key) {
					t.Errorf("no message %s", p.Key)
				}
				fmt.Fprintf(&b, "%s%d %s %s %q\n", mark, p.Line, p.Key, p.Field, p.Value)
			}
		}
		note("!", s.Errors)
		note("?", s.Warnings)
	}
	return b.String()
}

func same(t *testing.T, got string, want ...string) {
	t.Helper()
	if w := strings.Join(want, "\n") + "\n"; got != w {
		t.Errorf("got\n%s\nwant\n%s", got, w)
	}
}

var sample = balance("01", account1, "041126", "0000000100000{") +
	movement(account1, "05", "051126", "VIR SEPA DUPONT", "0000000012345F", "") +
	detail(account1, "NPY", "DUPONT SARL") + detail(account1, "NPO", "DUPONT HOLDING") + detail(account1, "RCN", "FA-2026-0042                       FACTURE OCTOBRE") +
	detail(account1, "LCC", "FACTURES FA-2026-0042 ET FA-2026-0043 DU MOIS D OCTOBRE CHANTIER DE LA") + detail(account1, "LC2", "RUE VERTE") +
	detail(account1, "REF", "BQ778899") + detail(account1, "LCS", "RF24FAC2026001") + detail(account1, "IPY", "FR7630006000011234567890189") +
	movement(account1, "B3", "051126", "REJET PRLV", "0000000000987}", "REFBANQUE") + detail(account1, "RET", "AM04 PROVISION INSUFFISANTE") + detail(account1, "NPY", "MARTIN") + detail(account1, "NBE", "NOUS") + detail(account1, "RUM", "MANDAT-7") +
	movement(account1, "03", "051126", "CHEQUE IMPAYE", "0000000005000}", "") +
	movement(account1, "08", "051126", "PRLV EDF", "0000000000001J", "") + detail(account1, "NBE", "EDF") + detail(account1, "ZZZ", "AUTRE CHOSE") +
	movement(account1, "45", "051126", "VIR INTL", "0000000009000{", "") + detail(account1, "FEE", "EUR20000000000150{") + detail(account1, "MMO", "USD20000000010000{") +
	balance("07", account1, "051126", "0000000115357E")

func TestRead(t *testing.T) {
	const iban = "FR1420041010050500013M02606"
	same(t, said(t, Read, sample),
		iban+` 1@2 2026-11-05/2026-11-05 1234.56 EUR 05 [BQ778899] transfer "VIR SEPA DUPONT\nFACTURE OCTOBRE\nFACTURES FA-2026-0042 ET FA-2026-0043 DU MOIS D OCTOBRE CHANTIER DE LARUE VERTE" from=DUPONT SARL iban=FR7630006000011234567890189 for=DUPONT HOLDING e2e=FA-2026-0042 rf=RF24FAC2026001`,
		iban+` 2@11 2026-11-05/2026-11-05 -98.70 EUR B3 [REFBANQUE] direct-debit "REJET PRLV" from=MARTIN mandate=MANDAT-7 back(AM04 PROVISION INSUFFISANTE)`,
		iban+` 3@16 2026-11-05/2026-11-05 -500.00 EUR 03 [] cheque "CHEQUE IMPAYE" back( )`,
		iban+` 4@17 2026-11-05/2026-11-05 -0.11 EUR 08 [] direct-debit "PRLV EDF\nAUTRE CHOSE" from=EDF`,
		iban+` 5@20 2026-11-05/2026-11-05 900.00 EUR 45 [] transfer "VIR INTL" charges=1500 of 1000.00 USD`,
		"= "+iban+" EUR: 2026-11-04 10000.00 EUR → 2026-11-05 11535.75 EUR, 5, 153575")
}

// TestAmounts are the vectors I13 of law-fr.md §11, and the letters of the French seven-bit code.
func TestAmounts(t *testing.T) {
	for text, want := range map[string]int64{"0000000012345F": 123456, "0000000000987}": -9870, "0000000000000{": 0, "0000000000000J": -1,
		"0000000000987è": -9870, "0000000000987é": 9870, "00000000009870": 9870} {
		if got, key := amount([]rune(text), '2', money.EUR); got != want || key != "" {
			t.Errorf("%s: %d %s", text, got, key)
		}
	}
	for text, want := range map[string]string{"": "amount.unreadable", "000000000000 {": "amount.unreadable", "00000000000001": "", "9999999999999I": "amount.large", "00000000000X1{": "amount.unreadable", "0000000000001?": "amount.unreadable"} {
		if _, key := amount([]rune(text), '2', money.EUR); key != want {
			t.Errorf("%q: %q, want %q", text, key, want)
		}
	}
	if got, _ := amount([]rune("0000000000012C"), '0', money.EUR); got != 12300 {
		t.Errorf("123 without decimals: %d", got)
	}
	if got, _ := amount([]rune("0000000012300{"), '3', money.EUR); got != 12300 {
		t.Errorf("123.000: %d", got)
	}
	if _, key := amount([]rune("0000000012300A"), '3', money.EUR); key != "amount.precise" {
		t.Errorf("123.001: %s", key)
	}
}

func TestDates(t *testing.T) {
	for text, want := range map[string]string{"311260": "2060-12-31", "010161": "1961-01-01", "290224": "2024-02-29", "290223": "", "000126": "", "01 126": "", "": "", "311326": ""} {
		if d, key := date(text); d.String() != want || (key == "") != (want != "") {
			t.Errorf("%q: %s %s", text, d, key)
		}
	}
}

// TestShapes: the same statement without line ends, with blanks cut or added, in other encodings.
func TestShapes(t *testing.T) {
	accents := strings.ReplaceAll(sample, "DUPONT SARL", "HÉLÈNE & CŒ")
	want := said(t, Read, accents)
	if !strings.Contains(want, "from=HÉLÈNE & CŒ ") {
		t.Fatal(want)
	}
	numbers := func(s string) string { // lines are not the same without line ends
		for i := range 40 {
			s = strings.ReplaceAll(s, fmt.Sprintf("@%d ", i), "@ ")
		}
		return s
	}
	var cp, utf16 strings.Builder
	utf16.WriteString("\xff\xfe")
	for _, r := range accents {
		if c := r; c == 'Œ' {
			cp.WriteByte(0x8c)
		} else {
			cp.WriteByte(byte(c))
		}
		utf16.WriteByte(byte(r))
		utf16.WriteByte(byte(r >> 8))
	}
	lines := strings.Split(strings.TrimSuffix(accents, "\n"), "\n")
	cutEnds, wide := "", ""
	for _, l := range lines {
		cutEnds += strings.TrimRight(l, " ") + "\r\n"
		wide += l + "      \n"
	}
	for name, text := range map[string]string{"without line ends": strings.Join(lines, ""), "with CRLF": strings.Join(lines, "\r\n"), "with CR": strings.Join(lines, "\r"),
		"blanks cut": cutEnds, "blanks added": wide, "blank lines": strings.Join(lines, "\n\n"), "windows-1252": cp.String(), "utf-16": utf16.String(), "a mark": "\ufeff" + accents, "an end mark": accents + "\x1a"} {
		if got := numbers(said(t, Read, text)); name != "blank lines" && got != numbers(want) || !strings.Contains(got, "HÉLÈNE & CŒ") {
			t.Errorf("%s:\n%s", name, got)
		}
	}
}

// TestWrongRecords: each is told with its line, the others are read.
func TestWrongRecords(t *testing.T) {
	text := movement(account1, "05", "051126", "AVANT", "0000000000001{", "") + detail(account1, "LIB", "perdu") +
		balance("01", account1, "041126", "0000000000000{") +
		movement(account1, "05", "311126", "31 NOVEMBRE", "0000000000001{", "") + detail(account1, "LIB", "perdu") +
		movement(account1, "05", "051126", "MONTANT", "00000000000X1{", "") +
		movement(account2, "05", "051126", "AUTRE COMPTE", "0000000000001{", "") +
		"99 N'IMPORTE QUOI\n" +
		movement(account1, "05", "051126", "BON", "0000000000020{", "") +
		balance("01", account2, "0411XX", "0000000000000{") +
		balance("07", account1, "051126", "0000000000020{") +
		balance("07", account2, "051126", "0000000000000{") +
		detail(account2, "LIB", "SEUL")
	same(t, said(t, Read, text),
		`FR1420041010050500013M02606 1@9 2026-11-05/2026-11-05 2.00 EUR 05 [] transfer "BON"`,
		"= FR1420041010050500013M02606 EUR: 2026-11-04 0.00 EUR → none, 1, 200",
		`!1 statement.cfonb.outside account "0500013M026"`,
		`!4 date.impossible date "311126"`,
		`!6 amount.unreadable amount "00000000000X1{"`,
		`!7 statement.cfonb.outside account "00012345678"`,
		`!8 statement.cfonb.record line "99 N'IMPORTE QUOI"`,
		`?10 statement.cfonb.unclosed balance ""`,
		"= FR7620041010050001234567835 EUR: none → 2026-11-05 0.00 EUR, 0, 0",
		`!10 date.unreadable date "0411XX"`,
		`!11 statement.cfonb.closing account "0500013M026"`,
		`!13 statement.cfonb.detail line "`+strings.TrimSpace(detail(account2, "LIB", "SEUL"))+`"`)
}

func TestNotCFONB(t *testing.T) {
	for name, r := range map[string]io.Reader{"nothing": strings.NewReader(""), "blanks": strings.NewReader("   \n\n"), "a table": strings.NewReader("Date;Libellé\n"),
		"zeros": io.LimitReader(pattern(0), 2<<30), "blank lines": io.MultiReader(strings.NewReader(sample), io.LimitReader(pattern('\n'), 2<<30))} {
		if _, err := Read(r, func(*bank.Statement, *bank.Entry) error { return nil }); fault.Of(err) != fault.Invalid || !i18n.Has(fault.Key(err)) {
			t.Errorf("%s: %v", name, err)
		}
	}
	stop := errors.New("stop")
	if _, err := Read(strings.NewReader(sample), func(*bank.Statement, *bank.Entry) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("take's error: %v", err)
	}
}

type pattern byte

func (p pattern) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = byte(p)
	}
	return len(b), nil
}

// repeated gives a text n times.
type repeated struct {
	text string
	n    int
	rest string
}

func (r *repeated) Read(b []byte) (int, error) {
	if r.rest == "" {
		if r.n == 0 {
			return 0, io.EOF
		}
		r.n, r.rest = r.n-1, r.text
	}
	n := copy(b, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// TestMillion: a million movements pass, and nothing of them stays in memory.
func TestMillion(t *testing.T) {
	r := io.MultiReader(strings.NewReader(balance("01", account1, "041126", "0000000000000{")),
		&repeated{text: movement(account1, "05", "051126", "VIR", "0000000000010{", ""), n: 1_000_000},
		strings.NewReader(balance("07", account1, "051126", "0000010000000{")))
	n := 0
	var most uint64
	sts, err := Read(r, func(*bank.Statement, *bank.Entry) error {
		if n++; n%250_000 == 0 {
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapAlloc)
		}
		return nil
	})
	if err != nil || n != 1_000_000 || len(sts) != 1 || sts[0].Moved != 100_000_000 {
		t.Fatalf("%d movements, %v", n, err)
	}
	if diff, known := sts[0].Break(); !known || diff != 0 {
		t.Errorf("%d astray", diff)
	}
	if most > 16<<20 {
		t.Errorf("%d MB held", most>>20)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(sample)
	f.Add(strings.ReplaceAll(sample, "\n", ""))
	f.Add(movement(account1, "B3", "051126", "x", "0000000000001}", "") + balance("07", account1, "051126", "0{"))
	f.Add("\xff\xfe0\x001\x00")
	f.Fuzz(func(t *testing.T, text string) {
		moved := map[*bank.Statement]int64{}
		sts, err := Read(strings.NewReader(text), func(s *bank.Statement, e *bank.Entry) error {
			checkEntry(t, s, e)
			moved[s] += e.Amount
			return nil
		})
		if err != nil && fault.Of(err) != fault.Invalid {
			t.Fatal(err)
		}
		for _, s := range sts {
			if s.Moved != moved[s] {
				t.Errorf("%d moved, %d told", moved[s], s.Moved)
			}
		}
	})
}

func checkEntry(t *testing.T, s *bank.Statement, e *bank.Entry) {
	t.Helper()
	sum := int64(0)
	for _, l := range e.Lines {
		sum += l.Amount
	}
	if len(e.Lines) == 0 || sum != e.Amount || e.Booked.IsZero() || e.Value.IsZero() || !s.Currency.Valid() {
		t.Errorf("taken: %+v of %+v", *e, *s)
	}
}

// samples are the files of other people and what is read of them.
var samples = map[string][]string{
	"pennylane-cfonb/example.txt": {
		`15589 00000 98765432100 1@3 2019-05-16/2019-05-16 -32.21 EUR B1 [REFERENCE] direct-debit "PRLV SEPA TEST CABINET\nMENSUEAUHTR13133\nMENSUEAUHTR13DUP\nPURPOSE\nINTERNETA AAA\nINTERNETA ABB\nINTERNETE BBB\nINTERNETI CCC\nEXAMPLE WITH EMPTY SPACE\nEXAMPLE WITH OTHER COMBINATIONS" from=INTERNET SFR e2e=OTHER REFERENCE`,
		`15589 00000 98765432100 2@16 2019-05-16/2019-05-16 -10.70 EUR B1 [REFERENCE] direct-debit "VIR SEPA DEMONSTRATION" from=ELEC ERDF`,
		`15589 00000 98765432100 3@19 2019-05-15/2019-05-15 -7.90 EUR 62 []  "F COMMISSION D INTERVENTION"`,
		`18706 00000 00123456789 1@26 2019-05-17/2019-05-15 97.49 EUR A3 [] direct-debit "PRLV SEPA GROUPAMA CEN\nP051928612 22793301700040" back( )`,
		`18706 00000 00123456789 2@29 2019-05-15/2019-05-15 -12.10 EUR 62 []  "F FRAIS PRLV IMP 97 49EUR"`,
		`18706 00000 00123456789 3@31 2019-05-16/2019-05-16 -7.90 EUR 62 []  "F COMMISSION D INTERVENTION"`,
		"= 15589 00000 98765432100 EUR: 2019-05-15 -190.40 EUR → 2019-05-16 -241.21 EUR, 3, -5081",
		`?19 statement.cfonb.bank account "15489"`, `?21 statement.cfonb.bank account "15489"`,
		"= 18706 00000 00123456789 EUR: 2019-05-16 -241.21 EUR → 2019-05-17 -163.72 EUR, 3, 7749"},
	"pennylane-cfonb/invalid_date.txt": {
		`15589 00000 98765432100 1@3 2019-05-16/2019-05-16 -10.70 EUR B1 [] direct-debit "VIR SEPA DEMONSTRATION" from=ELEC ERDF`,
		"= 15589 00000 98765432100 EUR: none → 2019-05-16 -241.21 EUR, 1, -1070",
		`!1 date.unreadable date "CART"`, `!9 statement.cfonb.closing account "00123456789"`, `?6 statement.cfonb.bank account "15489"`},
	"pennylane-cfonb/operation.txt": {"=  EUR: none → none, 0, 0", `!1 statement.cfonb.outside account "98765432100"`},
	"pennylane-cfonb/operation_out_of_statement.txt": {
		`15589 00000 98765432100 1@5 2019-05-16/2019-05-16 -10.70 EUR B1 [] direct-debit "VIR SEPA DEMONSTRATION" from=ELEC ERDF`,
		"= 15589 00000 98765432100 EUR: 2019-05-15 -190.40 EUR → 2019-05-16 -241.21 EUR, 1, -1070, 4011 astray",
		`!1 statement.cfonb.outside account "98765432100"`, `?8 statement.cfonb.bank account "15489"`},
	"silarhi-cfonb/simple-test.txt": {"= FR7610278022040001234560307 EUR: 2020-04-03 16695.65 EUR → 2020-04-06 16695.65 EUR, 0, 0"},
	"silarhi-cfonb/test-unused-parts.txt": {"= FR7630087336080001234560156 EUR: 2022-02-11 18.62 EUR → 2022-02-14 18.62 EUR, 0, 0",
		"= FR7630087336080001234570147 EUR: 2022-01-27 0.00 EUR → 2022-01-27 0.00 EUR, 0, 0",
		"= FR7630087336080001234570147 EUR: 2022-01-27 0.00 EUR → 2022-01-27 0.00 EUR, 0, 0",
		"= FR7630087336080001234570147 EUR: 2022-01-27 0.00 EUR → 2022-01-27 0.00 EUR, 0, 0",
		"= FR7630087336080001234570147 EUR: 2022-01-27 0.00 EUR → 2022-01-27 0.00 EUR, 0, 0",
		"= FR7630087336080001234570147 EUR: 2022-01-27 0.00 EUR → 2022-01-27 0.00 EUR, 0, 0",
		"= FR7630087336080001234570147 EUR: 2022-01-27 0.00 EUR → 2022-01-27 0.00 EUR, 0, 0",
		"= FR7630087336000001234580161 EUR: 2022-01-27 19875.72 EUR → 2022-01-28 19875.72 EUR, 0, 0"},
	"ekylibre-AGPL/accountancy/cfonb/import_cfonb.csv": { // cut out of a longer file: its balances do not follow from its movements
		`FR9613306009789837485442I16 1@2 2020-08-03/2020-07-31 50000.00 EUR 71 []  "VER.PRETAGILOR N.10002047556"`,
		`FR9613306009789837485442I16 2@3 2020-08-05/2020-08-05 -54.96 EUR B1 [] direct-debit "AVEM\nFR73ZZZ395135 SEPA\nCYBERDINE SYSTEMS\n2013642193\n151658750 20200805-P0801/R\nOTHR\n/INV/ FOU-62390 27.7.2020/R/\nMON2013642193000000000000001 RCUR\nFR7613306009789837485442I66"`,
		`FR9613306009789837485442I16 3@13 2020-08-06/2020-08-06 200.00 EUR 30 [] card "CARTE 252072501 2053056 05/08"`,
		"= FR9613306009789837485442I16 EUR: 2020-07-31 -3956576.31 EUR → 2020-09-01 -3926135.89 EUR, 3, 5014504, 1970462 astray"},
}

func TestCorpus(t *testing.T) {
	corpus.Run(t, "2-bank", func(t *testing.T, dir string) {
		for file, want := range samples {
			t.Run(file, func(t *testing.T) {
				raw, err := os.ReadFile(filepath.Join(dir, file))
				if err != nil {
					t.Fatal(err)
				}
				same(t, said(t, Read, string(raw)), want...)
			})
		}
	})
}
