package app

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"relance/internal/ground/cal"
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
