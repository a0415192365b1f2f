package app

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"relance/internal/domain/org"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/money"
	"relance/internal/store"
)

// slip is a file of a month.
type slip struct {
	kind ImportKind
	name string
	text string
}

// inOrder imports files one after the other, then all of them again, and gives the books.
func inOrder(t *testing.T, fresh func(*testing.T) *letterbox, files []slip) (books string) {
	t.Helper()
	told := t.Run(namesOf(files), func(t *testing.T) { // a database for as long as it is needed
		l := fresh(t)
		for round := range 2 {
			for _, f := range files {
				r := l.put(f.kind, f.name, f.text)
				if r.Failure != nil || len(r.Errors) > 0 {
					t.Fatalf("%s: %v %+v", f.name, r.Failure, r.Errors)
				}
				if round > 0 && r.Created > 0 {
					t.Errorf("%s again: %d new", f.name, r.Created)
				}
			}
		}
		l.sound()
		books = l.books()
	})
	if !told {
		t.FailNow()
	}
	return books
}

func namesOf(files []slip) string {
	var out []string
	for _, f := range files {
		out = append(out, f.name)
	}
	return strings.Join(out, ", ")
}

const novemberInvoices = "number,issued,due,amount,customer,customer_name\n" +
	"F-26-101,2026-10-01,2026-10-31,1200.00,C1,Menuiserie Durand\n" +
	"F-26-102,2026-10-05,2026-11-05,350.00,C1,Menuiserie Durand\n" +
	"F-26-103,2026-10-06,2026-11-05,800.00,C2,Garage Lefebvre\n" +
	"F-26-104,2026-10-07,2026-11-06,800.00,C2,Garage Lefebvre\n" + // a tie
	"F-26-105,2026-10-08,2026-11-07,99.90,C3,Boulangerie Morel\n" +
	"F-26-106,2026-10-09,2026-11-08,640.00,C4,Transports Girard\n" +
	"F-26-107,2026-11-12,2026-12-12,75.00,C3,Boulangerie Morel\n" // paid before it is issued

var november = []movedOnce{
	{day: "2026-11-03", amount: 120000, name: "MENUISERIE DURAND", iban: "FR7630006000011234567890189", text: "FACTURE F-26-101", ref: "BQ1"},
	{day: "2026-11-04", amount: 20000, name: "MENUISERIE DURAND", iban: "FR7630006000011234567890189", text: "ACOMPTE F-26-102", ref: "BQ2"},
	{day: "2026-11-05", amount: 80000, name: "GARAGE LEFEBVRE", text: "VIREMENT", ref: "BQ3"},
	{day: "2026-11-06", amount: 9990, name: "BOULANGERIE MOREL", text: "F-26-105", ref: "BQ4"},
	{day: "2026-11-06", amount: 9990, name: "BOULANGERIE MOREL", text: "F-26-105", ref: "BQ5"}, // paid twice
	{day: "2026-11-09", amount: 7500, name: "BOULANGERIE MOREL", text: "F-26-107", ref: "BQ6"},
	{day: "2026-11-10", amount: 5500, name: "INCONNU SARL", text: "SANS MOTIF", ref: "BQ7"},
	{day: "2026-11-12", amount: -4510, name: "EDF", text: "PRELEVEMENT EDF", ref: "BQ8"},
	{day: "2026-11-13", amount: 64000, name: "TRANSPORTS GIRARD", text: "F-26-106", ref: "BQ9"},
}

// A month of statements in any two formats, overlapping, with the invoices and a list of payments, ends in the
// same ledger whatever came first; everything once more adds nothing.
func TestAnyOrderOfFiles(t *testing.T) {
	onBoth(t, func(t *testing.T, fresh func(*testing.T) *letterbox) {
		payments := slip{ImportPayments, "règlements.csv", "customer,date,amount,invoice,reference,method\nC4,2026-11-12,640.00,F-26-106,VIR,transfer\n"}
		files := []slip{{ImportInvoices, "factures.csv", novemberInvoices}, payments,
			{ImportBank, tellers[0].name, tellers[0].tell(november[:6]...)},
			{ImportBank, tellers[2].name, tellers[2].tell(november[3:]...)},
			{ImportBank, tellers[3].name, tellers[3].tell(november[2:8]...)}}
		customers := slip{ImportCustomers, "clients.csv", "code,name\nC1,Menuiserie Durand\nC2,Garage Lefebvre\nC3,Boulangerie Morel\nC4,Transports Girard\n"}
		want, first := "", ""
		permute(files, func(order []slip) {
			if testing.Short() && want != "" && order[0].name == files[0].name {
				return
			}
			got := inOrder(t, fresh, append([]slip{customers}, order...))
			if want == "" {
				want, first = got, namesOf(order)
			}
			if got != want {
				t.Fatalf("%s\n%s\n\n%s\n%s", namesOf(order), got, first, want)
			}
		})
		for _, line := range []string{"C1 F-26-101/1 open 0.00 of 1200.00", "C1 F-26-102/1 open 150.00 of 350.00", "C2 F-26-103/1 open 800.00 of 800.00",
			"C2 F-26-104/1 open 800.00 of 800.00", "C3 F-26-105/1 open 0.00 of 99.90", "C3 credit 99.90", "C3 F-26-107/1 open 0.00 of 75.00",
			"C4 F-26-106/1 open 0.00 of 640.00", "C4 credit 0.00"} {
			if !strings.Contains(want, line) {
				t.Errorf("the books lack %q:\n%s", line, want)
			}
		}
	})
}

// permute gives every order of files.
func permute(files []slip, do func([]slip)) {
	var walk func(n int)
	list := slices.Clone(files)
	walk = func(n int) {
		if n == len(list) {
			do(list)
			return
		}
		for i := n; i < len(list); i++ {
			list[n], list[i] = list[i], list[n]
			walk(n + 1)
			list[n], list[i] = list[i], list[n]
		}
	}
	walk(0)
}

// world is a random month of a company.
type world struct {
	customers, invoices, payments strings.Builder
	moves                         []movedOnce
}

var trades = []string{"MENUISERIE", "GARAGE", "BOULANGERIE", "TRANSPORTS", "IMPRIMERIE", "PHARMACIE", "CLINIQUE", "LIBRAIRIE"}
var ibans = []string{"FR7630006000011234567890189", "FR7630001007941234567890185", "DE89370400440532013000", "BE68539007547034", "NL02ABNA0123456789",
	"LU280019400644750000", "AT611904300234573201", "ES9121000418450200051332"}
var families = []string{"DURAND", "LEFEBVRE", "MOREL", "GIRARD", "ROUSSEL", "FONTAINE", "CHEVALIER", "GAUTHIER"}

func randomWorld(r *rand.Rand) *world {
	w := &world{}
	w.customers.WriteString("code,name,parent\n")
	w.invoices.WriteString("number,issued,due,amount,customer\n")
	w.payments.WriteString("customer,date,amount,invoice,reference,method\n")
	name := func(c int) string { return trades[c] + " " + families[(c*3+1)%8] }
	n := 3 + r.IntN(5)
	for c := range n {
		parent := ""
		if c > 0 && r.IntN(4) == 0 {
			parent = "C0"
		}
		fmt.Fprintf(&w.customers, "C%d,%s,%s\n", c, name(c), parent)
	}
	first := cal.MustParse("2026-11-01")
	amounts := []int64{12000, 12000, 45050, 99999, 33300, 150000}
	for i := range 6 + r.IntN(10) {
		c := r.IntN(n)
		issued := first.AddDays(-r.IntN(40) + 5)
		amount := amounts[r.IntN(len(amounts))]
		number := fmt.Sprintf("F-26-%03d", 101+i)
		fmt.Fprintf(&w.invoices, "%s,%s,%s,%s,C%d\n", number, issued, issued.AddDays(30), euros(amount), c)
		m := movedOnce{day: first.AddDays(r.IntN(20)).String(), amount: amount, name: name(c), text: "FACTURE " + number}
		if r.IntN(2) == 0 {
			m.iban = ibans[c]
		}
		switch r.IntN(9) {
		case 0:
			continue
		case 1:
			m.amount = amount / 3
		case 2:
			m.text = "VIREMENT"
		case 3:
			m.name, m.iban = name(0), "" // a parent, or a stranger, pays
		case 4:
			m.name, m.iban, m.text = "SOCIETE GENERALE", "", "REMISE"
		case 5:
			w.moves = append(w.moves, m) // twice
		case 6:
			m.amount += 5000
		case 7:
			fmt.Fprintf(&w.payments, "C%d,%s,%s,%s,VIR %s,transfer\n", c, m.day, euros(m.amount), number, number)
		}
		w.moves = append(w.moves, m)
	}
	slices.SortStableFunc(w.moves, func(a, b movedOnce) int { return strings.Compare(a.day, b.day) })
	for i := range w.moves {
		w.moves[i].ref = fmt.Sprintf("BQ%03d", i)
	}
	return w
}

// files cuts the month into overlapping statements of random formats.
func (w *world) files(r *rand.Rand) []slip {
	list := []slip{{ImportInvoices, "factures.csv", w.invoices.String()}}
	if strings.Count(w.payments.String(), "\n") > 1 {
		list = append(list, slip{ImportPayments, "règlements.csv", w.payments.String()})
	}
	days := map[string]bool{}
	var order []string
	for _, m := range w.moves {
		if !days[m.day] {
			days[m.day] = true
			order = append(order, m.day)
		}
	}
	for i := range 3 {
		from, to := r.IntN(len(order)), len(order)
		if i == 0 {
			from = 0
		} else {
			to = from + 1 + r.IntN(len(order)-from)
		}
		var part []movedOnce
		for _, m := range w.moves {
			if slices.Contains(order[from:to], m.day) {
				part = append(part, m)
			}
		}
		t := tellers[r.IntN(len(tellers))]
		list = append(list, slip{ImportBank, fmt.Sprintf("%d-%s", i, t.name), t.tell(part...)})
	}
	return list
}

// Random months of random customers: ties, parts, parents who pay, payments before the invoice, doubles; in random
// orders the ledger is always the same.
func TestRandomMonths(t *testing.T) {
	worlds := 30
	if testing.Short() {
		worlds = 6
	}
	onBoth(t, func(t *testing.T, fresh func(*testing.T) *letterbox) {
		for seed := range uint64(worlds) {
			r := rand.New(rand.NewPCG(seed, 5))
			w := randomWorld(r)
			if len(w.moves) == 0 {
				continue
			}
			files := w.files(r)
			customers := slip{ImportCustomers, "clients.csv", w.customers.String()}
			want, first := "", ""
			for range 4 {
				order := slices.Clone(files)
				r.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
				got := inOrder(t, fresh, append([]slip{customers}, order...))
				if want == "" {
					want, first = got, namesOf(order)
				}
				if got != want {
					t.Fatalf("world %d\n%s\n%s\n\n%s\n%s\n\n%s%s%s%+v", seed, namesOf(order), got, first, want, w.customers.String(), w.invoices.String(), w.payments.String(), w.moves)
				}
			}
		}
	})
}

// Undoing a statement re-opens what it paid where it stood, its step and its level kept, and takes its lines away;
// importing it again pays it again.
func TestUndoOfStatement(t *testing.T) {
	onStage(t, "2026-11-18", func(s *stage) {
		s.reminded()
		s.day("2026-11-25")
		move := movedOnce{day: "2026-11-24", amount: 120000, name: "CLIENT C1", text: "F-26-001", ref: "BQ1"}
		r := s.statement("1.xml", camt053, move)
		s.wantOwed("F-26-001 0.00")
		_, err := s.desk.UndoImport(s.ctx, r.ID)
		s.must(err)
		s.wantOwed("F-26-001 1200.00")
		if n := s.level("F-26-001"); n != 1 {
			s.t.Errorf("level %d", n)
		}
		v, err := s.desk.Bank(s.ctx, "", 0, 10)
		s.must(err)
		if len(v.Lines)+len(v.Statements) > 0 || len(s.payments("C1")) > 0 {
			s.t.Errorf("left: %d lines, %d statements, %d payments", len(v.Lines), len(v.Statements), len(s.payments("C1")))
		}
		s.sums("C1")
		s.statement("1.xml", camt053, move)
		s.wantOwed("F-26-001 0.00")
		// What another file tells too is not lost with the first one: the second is undone before.
		second := s.statement("1.cfo", asCFONB, move)
		imports, err := s.desk.Imports(s.ctx, 2)
		s.must(err)
		if _, err := s.desk.UndoImport(s.ctx, imports[1].ID); fault.Key(err) != "import.undo.later" {
			s.t.Errorf("a statement on which another stands was undone: %v", err)
		}
		_, err = s.desk.UndoImport(s.ctx, second.ID)
		s.must(err)
		s.wantOwed("F-26-001 0.00")
		if l := s.line(120000); l.Text != "F-26-001" {
			s.t.Errorf("the line says %q still", l.Text)
		}
		s.sums("C1")
	})
}

// Undoing invoices frees the lines that paid them; importing them again pays them again.
func TestUndoOfPaidInvoices(t *testing.T) {
	onBoth(t, func(t *testing.T, fresh func(*testing.T) *letterbox) {
		l := fresh(t)
		l.put(ImportCustomers, "c.csv", "code,name\nC1,Menuiserie Durand\nC2,Garage Lefebvre\nC3,Boulangerie Morel\nC4,Transports Girard\n")
		l.put(ImportBank, "1.xml", camt053(november...))
		f := l.put(ImportInvoices, "f.csv", novemberInvoices)
		want := l.books()
		if _, err := l.d.UndoImport(t.Context(), f.ID); err != nil {
			t.Fatal(err)
		}
		if got := l.books(); strings.Contains(got, "F-26-") {
			t.Errorf("invoices are left:\n%s", got)
		}
		l.sound()
		l.put(ImportInvoices, "f.csv", novemberInvoices)
		if got := l.books(); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
		l.sound()
	})
}

// The payments of a batch take the place of its sum, whichever file came first.
func TestBatch(t *testing.T) {
	batch := movedOnce{day: "2026-11-05", amount: 129990, text: "REMISE", ref: "BQ1", parts: []movedOnce{
		{amount: 120000, name: "MENUISERIE DURAND", text: "F-26-101"}, {amount: 9990, name: "BOULANGERIE MOREL", text: "F-26-105"}}}
	onBoth(t, func(t *testing.T, fresh func(*testing.T) *letterbox) {
		files := []slip{{ImportInvoices, "f.csv", novemberInvoices}, {ImportBank, "sum.xml", camt053(batch)}, {ImportBank, "detail.xml", asCAMT("054", batch)}}
		want := ""
		permute(files, func(order []slip) {
			got := inOrder(t, fresh, order)
			if want == "" {
				want = got
			}
			if got != want || !strings.Contains(got, "C1 F-26-101/1 open 0.00") || !strings.Contains(got, "C3 F-26-105/1 open 0.00") {
				t.Errorf("%s\n%s\nwant\n%s", namesOf(order), got, want)
			}
		})
		l := fresh(t)
		for _, f := range files[:2] {
			l.put(f.kind, f.name, f.text)
		}
		before := l.books()
		if _, err := l.d.UndoImport(t.Context(), l.put(ImportBank, "detail.xml", files[2].text).ID); err != nil {
			t.Fatal(err)
		}
		if got := l.books(); got != before {
			t.Errorf("after the undo of the detail\n%s\nwant\n%s", got, before)
		}
	})
}

// A person says what a line pays: a customer, parts over a group, a proposal; takes it back, and nothing applies it by
// itself again. Nobody but who may post payments does so.
func TestLineByHand(t *testing.T) {
	onStage(t, "2026-11-25", func(s *stage) {
		s.customers("C1 compta@un.example", "C2 compta@deux.example")
		s.invoice("F-26-001", "C1", "2026-11-13", "800.00")
		s.invoice("F-26-002", "C1", "2026-11-14", "800.00")
		s.invoice("F-26-003", "C2", "2026-11-14", "200.00")
		s.statement("1.xml", camt053, movedOnce{day: "2026-11-24", amount: 80000, name: "CLIENT C1", text: "VIREMENT"},
			movedOnce{day: "2026-11-24", amount: 100100, name: "HOLDING", text: "GROUPE"})
		tie, group := s.line(80000), s.line(100100)
		if tie.State != store.LineOpen || len(tie.Proposals) < 2 {
			s.t.Fatalf("a tie: %s, %d proposals", tie.State, len(tie.Proposals))
		}
		anne := s.app.As(Actor{Company: s.desk.actor.Company, Name: "Anne", Role: org.Collector})
		if err := anne.SettleLine(s.ctx, tie.ID, LineAnswer{Proposal: 1}); fault.Of(err) != fault.Forbidden {
			s.t.Errorf("a collector settled a line: %v", err)
		}
		if _, err := anne.AddPayment(s.ctx, PaymentDraft{Customer: "C1", Amount: money.Of(1, money.EUR)}); fault.Of(err) != fault.Forbidden {
			s.t.Errorf("a collector posted a payment: %v", err)
		}
		paul := s.app.As(Actor{Company: s.desk.actor.Company, Name: "Paul", Role: org.Accountant})
		s.must(paul.SettleLine(s.ctx, tie.ID, LineAnswer{Proposal: 2}))
		number := tie.Proposals[1].Settles[0].Invoice
		s.wantOwed(number + " 0.00")
		s.must(paul.ReopenLine(s.ctx, tie.ID, "the other one"))
		s.wantOwed("F-26-001 800.00, F-26-002 800.00")
		if again := s.line(80000); len(again.Proposals) != len(tie.Proposals) { // both readings, not the wrong one alone
			s.t.Errorf("%d proposals once re-opened, %d before", len(again.Proposals), len(tie.Proposals))
		}
		s.must(paul.SettleLine(s.ctx, group.ID, LineAnswer{Parts: []PaymentPart{{Invoice: "F-26-001"}, {Invoice: "F-26-003", Amount: 20000}}}))
		s.wantOwed("F-26-001 0.00, F-26-002 800.00, F-26-003 0.00")
		if got := s.aged("2026-11-25"); got != "799.00" { // one euro stays C1's credit
			s.t.Errorf("the balance: %s", got)
		}
		s.sums("C1")
		s.sums("C2")
		if _, err := paul.Match(s.ctx); err != nil { // only F-26-002 is left for the first line, and Paul has re-opened it
			s.t.Fatal(err)
		}
		s.wantOwed("F-26-002 800.00")
		s.must(paul.SettleLine(s.ctx, tie.ID, LineAnswer{Customer: "C1"}))
		s.wantOwed("F-26-002 0.00")
		s.must(paul.ReopenLine(s.ctx, group.ID, "no"))
		s.wantOwed("F-26-001 800.00, F-26-003 200.00")
		for _, c := range []string{"C1", "C2"} {
			s.sums(c)
		}
		if err := paul.SettleLine(s.ctx, group.ID, LineAnswer{Parts: []PaymentPart{{Invoice: "F-26-002"}}}); fault.Of(err) != fault.Conflict {
			s.t.Errorf("paid twice: %v", err)
		}
	})
}

// Two people settle two lines on one invoice at once: one of them is told so, and it is never paid twice.
func TestLinesAtOnce(t *testing.T) {
	onStage(t, "2026-11-25", func(s *stage) {
		for i := range 5 {
			customer, number := fmt.Sprintf("C%d", i), fmt.Sprintf("F-26-%03d", i)
			amount := int64(10000 + i)
			s.customers(customer + " compta@un.example")
			s.invoice(number, customer, "2026-11-13", euros(amount))
			s.statement(number+".xml", camt053, movedOnce{day: "2026-11-24", amount: amount, name: "HOLDING A" + number, text: "A"},
				movedOnce{day: "2026-11-24", amount: amount, name: "HOLDING B" + number, text: "B"})
			v, err := s.desk.Bank(s.ctx, store.LineOpen, 0, 10)
			s.must(err)
			if len(v.Lines) < 2 {
				s.t.Fatalf("%d lines await an answer", len(v.Lines))
			}
			settle := func(n int) func() error {
				return func() error {
					return s.desk.SettleLine(s.ctx, v.Lines[n].ID, LineAnswer{Parts: []PaymentPart{{Invoice: number, Amount: amount}}})
				}
			}
			last := len(v.Lines) - 1
			if err := atOnceDo(settle(last-1), settle(last)); fault.Of(err) != fault.Conflict {
				s.t.Errorf("both settled: %v", err)
			}
			s.wantOwed(number + " 0.00")
			s.sums(customer)
		}
	})
}

// A statement that comes in while runs decide is not lost, and no reminder leaves on what it paid.
func TestStatementDuringRuns(t *testing.T) {
	onStage(t, "2026-11-25", func(s *stage) {
		var who []string
		var moves []movedOnce
		lines := []string{"number;issued;due;amount;customer"}
		for i := range 40 {
			who = append(who, fmt.Sprintf("C%02d compta@c%02d.example", i, i))
			lines = append(lines, fmt.Sprintf("F-26-%03d;2026-10-13;2026-11-13;%d.00;C%02d", 100+i, 100+i, i))
			if i%2 == 0 {
				moves = append(moves, movedOnce{day: "2026-11-24", amount: int64(100+i) * 100, name: fmt.Sprintf("CLIENT C%02d", i), text: fmt.Sprintf("F-26-%03d", 100+i)})
			}
		}
		s.customers(who...)
		s.file(ImportInvoices, lines...)
		run := func() error {
			err := retry(s.ctx, func() error { _, err := s.desk.Run(s.ctx, RunOptions{}); return err })
			if fault.Key(err) == "app.run.importing" {
				return nil // the next run sees what the file brought
			}
			return err
		}
		s.must(atOnceDo(run, run, func() error {
			return retry(s.ctx, func() error {
				_, err := s.desk.Import(s.ctx, []ImportFile{FileIn("1.xml", []byte(camt053(moves...)))}, ImportOptions{Kind: ImportBank})
				return err
			})
		}))
		s.must(run())
		out, err := s.desk.SendDue(s.ctx, SendOptions{})
		s.must(err)
		if out.Sent != 20 {
			s.t.Errorf("%d reminders left for 20 customers who owe", out.Sent)
		}
		for i := range 40 {
			want := fmt.Sprintf("F-26-%03d 0.00", 100+i)
			if i%2 == 1 {
				want = fmt.Sprintf("F-26-%03d %d.00", 100+i, 100+i)
			}
			s.wantOwed(want)
		}
	})
}

// A list of payments that names no invoice comes after the statement that told the payment: it is the same one, and
// what it paid stays paid. A payment that a person has released is not given back by another import.
func TestPaymentAfterItsLine(t *testing.T) {
	onStage(t, "2026-11-25", func(s *stage) {
		s.customers("C1 compta@un.example")
		s.invoice("F-26-001", "C1", "2026-11-13", "1200.00")
		s.statement("1.xml", camt053, movedOnce{day: "2026-11-24", amount: 120000, name: "CLIENT C1", text: "F-26-001"})
		s.file(ImportPayments, "customer;date;amount", "C1;2026-11-24;1200.00")
		s.wantOwed("F-26-001 0.00")
		s.wantAged("2026-11-25", "0.00")
		if l := s.line(120000); l.State != store.LineSettled || len(s.payments("C1")) != 1 {
			s.t.Errorf("the line is %s, %d payments", l.State, len(s.payments("C1")))
		}
		s.sums("C1")
		s.must(s.desk.ReleasePayment(s.ctx, s.payments("C1")[0].ID))
		s.file(ImportPayments, "customer;date;amount;invoice", "C1;2026-11-20;1.00;F-99")
		s.wantOwed("F-26-001 1200.00")
		s.sums("C1")
	})
}
