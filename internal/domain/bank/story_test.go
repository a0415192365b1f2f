package bank_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"relance/internal/domain/bank"
	"relance/internal/domain/cash"
	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/ground/ident"
	"relance/internal/ground/money"
)

// TestStories plays testdata/match/*.txt: a ledger, bank lines, and under each line what the matcher says of it.
// Indented lines are its answers; UPDATE=1 writes them anew. The words are explained in testdata/match/README.md.
func TestStories(t *testing.T) {
	files, err := filepath.Glob("testdata/match/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no stories: %v", err)
	}
	lines := 0
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got, n := tell(t, string(want))
			lines += n
			if os.Getenv("UPDATE") != "" {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
				t.Errorf("(-story +matcher)\n%s", diff)
			}
		})
	}
	if lines < 60 {
		t.Errorf("only %d lines are told", lines)
	}
}

// tell plays a file and writes it with the matcher's answers.
func tell(t *testing.T, text string) (string, int) {
	t.Helper()
	var out strings.Builder
	l, n := newLedger(), 0
	for _, line := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		words := fields(line)
		if strings.HasPrefix(line, "  ") {
			continue // the old answer
		}
		fmt.Fprintln(&out, line)
		if len(words) == 0 || line[0] == '#' {
			continue
		}
		if words[0] == "==" {
			l = newLedger()
			continue
		}
		answers := l.play(t, words)
		if len(answers) > 0 {
			n++
		}
		for _, said := range answers {
			fmt.Fprintln(&out, "  "+said)
		}
	}
	return out.String(), n
}

// fields cuts a line into words; a word between quotes may hold blanks and \n.
func fields(line string) (out []string) {
	for line = strings.TrimSpace(line); line != ""; line = strings.TrimSpace(line) {
		if line[0] == '"' {
			word, err := strconv.QuotedPrefix(line)
			if err == nil {
				text, _ := strconv.Unquote(word)
				out, line = append(out, text), line[len(word):]
				continue
			}
		}
		word, _, _ := strings.Cut(line, " ")
		out, line = append(out, word), line[len(word):]
	}
	return out
}

// ledger is the ledger of one story. Names stand for ids.
type ledger struct {
	rules    bank.Rules
	debtors  []bank.Debtor
	open     []bank.Open
	known    []bank.Known
	past     []bank.Past
	codes    map[string]id.Customer
	invoices map[string]id.Invoice
	payments map[string]id.Payment
	book     *bank.Book
}

func newLedger() *ledger {
	return &ledger{rules: bank.Rules{Tolerance: 1, MaxCharges: 3500}, codes: map[string]id.Customer{}, invoices: map[string]id.Invoice{}, payments: map[string]id.Payment{}}
}

func (l *ledger) play(t *testing.T, words []string) []string {
	t.Helper()
	switch o := options(words); words[0] {
	case "rules":
		l.rules.Sure, l.rules.DiscountBP, l.rules.DiscountDays = o.int("sure"), o.int("discount"), o.int("days")
	case "customer":
		l.customer(t, words, o)
	case "open":
		l.owes(t, words, o)
	case "known":
		l.payments[words[1]] = id.Payment(len(l.payments) + 1)
		l.known = append(l.known, bank.Known{Payment: l.payments[words[1]], Customer: l.code(t, words[2]), Date: cal.MustParse(words[3]), Currency: money.EUR,
			Amount: cents(t, words[4]), Method: cash.Method(o["method"]), Reference: o["reference"]})
	case "past":
		l.payments[words[1]] = id.Payment(len(l.payments) + 1)
		l.past = append(l.past, bank.Past{Payment: l.payments[words[1]], Customer: l.code(t, words[2]), Date: cal.MustParse(words[3]), Currency: money.EUR,
			Amount: cents(t, words[4]), Method: cash.Method(o["method"]), References: strings.Fields(o["references"]), Numbers: strings.Fields(o["paid"])})
	case "line", "booked":
		return l.line(t, words, o)
	case "returned":
		return l.returned(t, words, o)
	default:
		t.Fatalf("unknown word %q", words[0])
	}
	l.book = nil
	return nil
}

// option holds what follows the fixed words of a line, by name.
type option map[string]string

func options(words []string) option {
	o := option{}
	for i, w := range words {
		if i+1 < len(words) {
			o[w] = words[i+1]
		}
	}
	return o
}

func (o option) int(name string) int {
	n, _ := strconv.Atoi(o[name])
	return n
}

func (o option) date(name string) (d cal.Date) {
	if o[name] != "" {
		d = cal.MustParse(o[name])
	}
	return d
}

func (l *ledger) customer(t *testing.T, words []string, o option) {
	d := bank.Debtor{ID: id.Customer(len(l.debtors) + 1), Code: words[1], Names: []string{words[2]}, SIREN: o["siren"]}
	if o["legal"] != "" {
		d.Names = append(d.Names, o["legal"])
	}
	if o["iban"] != "" {
		d.IBANs = []string{o["iban"]}
	}
	if o["called"] != "" {
		d.Called = []string{o["called"]}
	}
	if o["parent"] != "" {
		d.Parent = l.code(t, o["parent"])
	}
	if o["payer"] != "" {
		d.Payer = l.code(t, o["payer"])
	}
	l.codes[words[1]] = d.ID
	l.debtors = append(l.debtors, d)
}

func (l *ledger) code(t *testing.T, code string) id.Customer {
	t.Helper()
	if l.codes[code] == 0 {
		t.Fatalf("no customer %q", code)
	}
	return l.codes[code]
}

// owes reads "open NUMBER CUSTOMER AMOUNT due D"; NUMBER/2 is a second instalment.
func (l *ledger) owes(t *testing.T, words []string, o option) {
	number, seq, isSecond := strings.Cut(words[1], "#")
	x := bank.Open{Item: id.Instalment(len(l.open) + 1), Number: number, Seq: 1, Customer: l.code(t, words[2]), Currency: money.EUR,
		Amount: cents(t, words[3]), Due: o.date("due"), Issued: o.date("issued"), Order: o["order"]}
	if isSecond {
		x.Seq, _ = strconv.Atoi(seq)
	}
	if l.invoices[number] == 0 {
		l.invoices[number] = id.Invoice(len(l.invoices) + 1)
	}
	x.Invoice, x.Rest = l.invoices[number], x.Amount
	if x.Issued.IsZero() {
		x.Issued = x.Due.AddDays(-30)
	}
	if o["rest"] != "" {
		x.Rest = cents(t, o["rest"])
	}
	if o["currency"] != "" {
		x.Currency = money.Currency(o["currency"])
	}
	l.open = append(l.open, x)
}

func cents(t *testing.T, s string) int64 {
	t.Helper()
	a, err := money.ParseDecimal(s, money.EUR)
	if err != nil {
		t.Fatal(err)
	}
	return a.Minor
}

func bankLine(t *testing.T, words []string, o option) (cal.Date, bank.Line) {
	l := bank.Line{Amount: cents(t, words[2]), Text: o["text"], EndToEnd: o["e2e"], Structured: o["structured"], Method: o["method"],
		Payer: bank.Party{Name: o["from"], IBAN: o["iban"]}, Ultimate: bank.Party{Name: o["for"]}, Original: o["original"], Sent: o.date("sent")}
	if o["rf"] != "" {
		l.Structured, _ = ident.MakeCreditorReference(o["rf"])
	}
	if o["charges"] != "" {
		l.Charges = cents(t, o["charges"])
	}
	if o["instructed"] != "" {
		l.Instructed = money.Of(cents(t, o["instructed"]), money.EUR)
	}
	return cal.MustParse(words[1]), l
}

// line asks what a line says; "booked" applies the answer when it is sure.
func (l *ledger) line(t *testing.T, words []string, o option) (out []string) {
	on, x := bankLine(t, words, o)
	cur := money.EUR
	if o["currency"] != "" {
		cur = money.Currency(o["currency"])
	}
	if l.book == nil {
		l.book = bank.NewBook(l.rules, l.debtors, l.open, l.known)
	}
	v := l.book.Match(on, cur, &x)
	if v.Sure && words[0] == "booked" {
		l.book.Apply(v.Proposals[0])
	}
	if len(v.Proposals) == 0 {
		return []string{"nothing"}
	}
	for i, p := range v.Proposals {
		word := "perhaps"
		switch {
		case i == 0 && v.Sure:
			word = "sure"
		case i == 0 && v.Customer:
			word = "credit"
		}
		out = append(out, fmt.Sprintf("%s %d, %s: %s", word, p.Score, l.nameOf(p.Customer), l.settles(p)))
		var why []string
		for _, r := range p.Reasons {
			why = append(why, i18n.T(i18n.FR, r.Key, r.Args...))
		}
		out = append(out, "  "+strings.Join(why, " ; "))
	}
	return out
}

func (l *ledger) nameOf(c id.Customer) string {
	for code, x := range l.codes {
		if x == c {
			return code
		}
	}
	return "nobody"
}

func (l *ledger) paymentOf(p id.Payment) string {
	for name, x := range l.payments {
		if x == p {
			return name
		}
	}
	return "?"
}

// settles writes the parts of a proposal.
func (l *ledger) settles(p bank.Proposal) string {
	var out []string
	if p.Same != 0 {
		out = append(out, "is "+l.paymentOf(p.Same))
	}
	euros := func(n int64) string { return money.Euros(n).Decimal() }
	for _, part := range p.Parts {
		o := l.open[part.Item-1]
		s := o.Number
		if o.Seq > 1 {
			s += "#" + strconv.Itoa(o.Seq)
		}
		s += " " + euros(part.Paid)
		for _, x := range []struct {
			name string
			n    int64
		}{{"discount", part.Discount}, {"charges", part.Charges}, {"rounded", part.Rounded}} {
			if x.n != 0 {
				s += " + " + x.name + " " + euros(x.n)
			}
		}
		out = append(out, s)
	}
	if p.Rest != 0 {
		out = append(out, "credit "+euros(p.Rest))
	}
	return strings.Join(out, ", ")
}

// returned asks which payment comes back.
func (l *ledger) returned(t *testing.T, words []string, o option) (out []string) {
	on, x := bankLine(t, words, o)
	x.Return = &bank.Return{Code: o["code"]}
	r := bank.NewBook(l.rules, l.debtors, l.open, l.known).Returned(on, money.EUR, &x, l.past)
	if len(r.Comebacks) == 0 {
		return []string{"nothing"}
	}
	for i, c := range r.Comebacks {
		word := "perhaps"
		if i == 0 && r.Sure {
			word = "sure"
		}
		out = append(out, fmt.Sprintf("%s %d, %s: %s", word, c.Score, l.nameOf(c.Customer), l.paymentOf(c.Payment)))
		var why []string
		for _, y := range c.Reasons {
			why = append(why, i18n.T(i18n.FR, y.Key, y.Args...))
		}
		out = append(out, "  "+strings.Join(why, " ; "))
	}
	return out
}
