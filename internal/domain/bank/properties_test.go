package bank_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"relance/internal/domain/bank"
	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
)

// town is a small ledger with many coincidences: few names, few amounts, numbers that resemble one another.
type town struct {
	rules   bank.Rules
	debtors []bank.Debtor
	open    []bank.Open
	known   []bank.Known
}

var (
	someNames   = []string{"Dupont SARL", "SAS Dupont", "Martin", "Brasserie Kerguelen Plougastel", "Kerguelen Plougastel", "Mme Moreau Hélène", "Groupe Alpha"}
	someIBANs   = []string{"FR7630006000011234567890189", "FR7612345", "DE89370400440532013000", "US123456"}
	someAmounts = []int64{12000, 12000, 7500, 5000, 19500, 24000, 11999, 30000, 1, 123456}
	someDays    = rapid.IntRange(0, 90)
	today       = cal.Of(2026, 11, 3)
)

func drawTown(t *rapid.T) *town {
	w := &town{rules: bank.Rules{Sure: rapid.SampledFrom([]int{0, 60, 80, 95}).Draw(t, "sure"), Tolerance: rapid.Int64Range(0, 5).Draw(t, "tolerance"), MaxCharges: 3500,
		DiscountBP: rapid.SampledFrom([]int{0, 200}).Draw(t, "bp"), DiscountDays: 30}}
	n := rapid.IntRange(1, 5).Draw(t, "customers")
	for i := range n {
		d := bank.Debtor{ID: id.Customer(i + 1), Code: fmt.Sprintf("C-%03d", i), Names: []string{rapid.SampledFrom(someNames).Draw(t, "name")}}
		if rapid.Bool().Draw(t, "has account") {
			d.IBANs = []string{rapid.SampledFrom(someIBANs).Draw(t, "iban")}
		}
		if i > 0 && rapid.IntRange(0, 3).Draw(t, "has parent") == 0 {
			d.Parent = id.Customer(rapid.IntRange(1, i).Draw(t, "parent"))
		}
		w.debtors = append(w.debtors, d)
	}
	docs := map[string]bank.Open{}
	for i := range rapid.IntRange(0, 12).Draw(t, "items") {
		number := rapid.SampledFrom([]string{"F-2026-%03d", "2026%03d", "%d", "F%d", "A-%04d"}).Draw(t, "form")
		number = fmt.Sprintf(number, rapid.IntRange(1, 15).Draw(t, "n"))
		amount := rapid.SampledFrom(someAmounts).Draw(t, "amount")
		if strings.HasPrefix(number, "A") {
			amount = -amount
		}
		o := bank.Open{Item: id.Instalment(i + 1), Invoice: id.Invoice(i + 1), Number: number, Seq: 1, Customer: id.Customer(rapid.IntRange(1, n).Draw(t, "owner")),
			Issued: today.AddDays(10 - someDays.Draw(t, "issued")), Currency: money.EUR, Amount: amount, Rest: amount}
		o.Due = o.Issued.AddDays(30)
		if rapid.IntRange(0, 9).Draw(t, "dollars") == 0 {
			o.Currency = "USD"
		}
		if first, ok := docs[number]; ok { // another instalment
			o.Invoice, o.Customer, o.Issued, o.Seq, o.Due = first.Invoice, first.Customer, first.Issued, i+1, o.Due.AddDays(30)
			o.Currency = first.Currency
		}
		docs[number] = o
		w.open = append(w.open, o)
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "known") {
		w.known = append(w.known, bank.Known{Payment: id.Payment(i + 1), Customer: id.Customer(rapid.IntRange(1, n).Draw(t, "who")), Date: today.AddDays(rapid.IntRange(-9, 9).Draw(t, "day")),
			Currency: money.EUR, Amount: rapid.SampledFrom(someAmounts).Draw(t, "amount")})
	}
	return w
}

func (w *town) drawLine(t *rapid.T) bank.Line {
	l := bank.Line{Amount: rapid.SampledFrom(someAmounts).Draw(t, "line")}
	var text []string
	for range rapid.IntRange(0, 4).Draw(t, "words") {
		word := rapid.SampledFrom([]string{"FACTURE", "VIR", "12", "2026", "12/10/2026", "1 200,00", "et", "à", "013", "F-2026-099", "RUE"}).Draw(t, "word")
		if len(w.open) > 0 && rapid.Bool().Draw(t, "cites") {
			o := rapid.SampledFrom(w.open).Draw(t, "item")
			word = strings.ReplaceAll(o.Number, "-", rapid.SampledFrom([]string{"-", "", " ", "/"}).Draw(t, "mark"))
			if rapid.Bool().Draw(t, "pays it") {
				l.Amount = max(1, o.Rest+rapid.Int64Range(-2, 2).Draw(t, "off")/2)
			}
		}
		text = append(text, word)
	}
	l.Text = strings.Join(text, rapid.SampledFrom([]string{" ", "\n", "/", ", "}).Draw(t, "between"))
	if rapid.Bool().Draw(t, "named") {
		l.Payer.Name = rapid.SampledFrom(someNames).Draw(t, "payer")
	}
	if rapid.Bool().Draw(t, "from account") {
		l.Payer.IBAN = rapid.SampledFrom(someIBANs).Draw(t, "account")
	}
	return l
}

// fault says what is wrong with a verdict on its face, "" for nothing; rests are what is open.
func (w *town) fault(v bank.Verdict, l *bank.Line, rests map[id.Instalment]int64) string {
	sure := w.rules.Sure
	if sure == 0 {
		sure = 80
	}
	switch {
	case len(v.Proposals) > 5:
		return "more than five proposals"
	case v.Sure && (len(v.Proposals) == 0 || v.Proposals[0].Score < sure):
		return "sure below the rule"
	case v.Sure && v.Customer, v.Customer && (len(v.Proposals[0].Parts) > 0 || v.Proposals[0].Customer == 0):
		return "the customer alone is certain, and yet something else is said"
	}
	for i, p := range v.Proposals {
		if i > 0 && p.Score > v.Proposals[i-1].Score {
			return "the best is not first"
		}
		if bad := w.faultOf(p, l, rests); bad != "" {
			return bad
		}
	}
	return ""
}

func (w *town) faultOf(p bank.Proposal, l *bank.Line, rests map[id.Instalment]int64) string {
	if p.Score < 1 || p.Score > 100 || p.Rest < 0 || len(p.Reasons) == 0 {
		return fmt.Sprintf("score %d, rest %d, %d reasons", p.Score, p.Rest, len(p.Reasons))
	}
	for _, r := range p.Reasons {
		if !i18n.Has(r.Key) {
			return "no message " + r.Key
		}
		for _, a := range r.Args {
			if _, ok := a.(string); !ok {
				return r.Key + ": an argument that is no string"
			}
		}
		if said := i18n.T(i18n.FR, r.Key, r.Args...); strings.Contains(said, "%!") {
			return said
		}
	}
	sum, seen := p.Rest, map[id.Instalment]bool{}
	paid := map[id.Customer]int64{}
	for _, x := range p.Parts {
		rest, n := rests[x.Item], x.Settles()
		switch {
		case seen[x.Item] || rest == 0:
			return "an item twice, or settled already"
		case rest > 0 && (n <= 0 || n > rest || x.Paid <= 0), rest < 0 && (n < rest || n >= 0):
			return fmt.Sprintf("settles %d of %d", n, rest)
		case x.Discount < 0 || x.Charges < 0 || x.Charges > w.rules.MaxCharges || x.Rounded < 0 || x.Rounded > w.rules.Tolerance || w.rules.DiscountBP == 0 && x.Discount != 0:
			return fmt.Sprintf("discount %d, charges %d, rounded %d", x.Discount, x.Charges, x.Rounded)
		}
		seen[x.Item] = true
		sum += x.Paid
		paid[x.Customer] += x.Paid
	}
	for _, n := range paid {
		if n <= 0 {
			return "a customer's credit notes pay for another"
		}
	}
	if p.Same == 0 && sum != l.Amount || p.Same != 0 && (len(p.Parts) > 0 || p.Rest != 0) {
		return fmt.Sprintf("parts and rest are %d of %d", sum, l.Amount)
	}
	return ""
}

func restsOf(open []bank.Open) map[id.Instalment]int64 {
	m := map[id.Instalment]int64{}
	for _, o := range open {
		if o.Currency == money.EUR {
			m[o.Item] = o.Rest
		}
	}
	return m
}

// TestNothingIsSettledTwice: parts never take more than is open, parts and rest are the line, line after line; a
// line that comes again is never sure on what it settled.
func TestNothingIsSettledTwice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawTown(t)
		book, rests := bank.NewBook(w.rules, w.debtors, w.open, w.known), restsOf(w.open)
		same := map[id.Payment]bool{}
		for range rapid.IntRange(1, 4).Draw(t, "lines") {
			l := w.drawLine(t)
			for range 2 {
				v := book.Match(today, money.EUR, &l)
				if bad := w.fault(v, &l, rests); bad != "" {
					t.Fatalf("%s: %+v", bad, v)
				}
				if !v.Sure {
					continue
				}
				p := v.Proposals[0]
				if p.Same != 0 && same[p.Same] {
					t.Fatalf("payment %d is recognised twice", p.Same)
				}
				same[p.Same] = true
				for _, x := range p.Parts {
					rests[x.Item] -= x.Settles()
				}
				book.Apply(p)
			}
		}
	})
}

// TestOrderChangesNothing: the verdict does not depend on the order in which the ledger is given.
func TestOrderChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawTown(t)
		l := w.drawLine(t)
		one := bank.NewBook(w.rules, w.debtors, w.open, w.known).Match(today, money.EUR, &l)
		other := bank.NewBook(w.rules, rapid.Permutation(w.debtors).Draw(t, "debtors"), rapid.Permutation(w.open).Draw(t, "open"),
			rapid.Permutation(w.known).Draw(t, "known")).Match(today, money.EUR, &l)
		if diff := cmp.Diff(one, other); diff != "" {
			t.Fatal(diff)
		}
	})
}

// names tells whether a reason says which invoice a line pays.
func names(r bank.Reason) bool {
	for _, k := range []string{"bank.reason.number", "bank.reason.reference", "bank.reason.listed", "bank.reason.tail", "bank.reason.order"} {
		if strings.HasPrefix(r.Key, k) {
			return true
		}
	}
	return false
}

// TestSureHasNoEqual: when no number decides, no other item of the customer has the amount; and nothing that
// speaks for another customer stands beside a sure proposal.
func TestSureHasNoEqual(t *testing.T) {
	sures := 0
	rapid.Check(t, func(t *rapid.T) {
		w := drawTown(t)
		l := w.drawLine(t)
		v := bank.NewBook(w.rules, w.debtors, w.open, w.known).Match(today, money.EUR, &l)
		if !v.Sure {
			return
		}
		sures++
		p := v.Proposals[0]
		if slices.ContainsFunc(p.Reasons, func(r bank.Reason) bool { return r.Key == "bank.reason.conflict" || r.Key == "bank.reason.tie" }) {
			t.Fatalf("sure although doubted: %+v", p)
		}
		if len(p.Parts) != 1 || slices.ContainsFunc(p.Reasons, names) {
			return
		}
		for _, o := range w.open {
			if o.Item != p.Parts[0].Item && o.Customer == p.Customer && o.Rest == l.Amount && o.Currency == money.EUR && o.Issued <= today {
				t.Fatalf("sure of %+v although %+v is as good", p, o)
			}
		}
	})
	if sures == 0 {
		t.Error("no line was ever sure: the ledgers prove nothing")
	}
}

// TestStrangersAreNeverSure: a payer who is somebody else than the owner of what is named, known by an account of
// its own, leaves it to a person.
func TestStrangersAreNeverSure(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawTown(t)
		w.debtors = append(w.debtors, bank.Debtor{ID: 99, Code: "C-099", Names: []string{"Étranger"}, IBANs: []string{"FR0099"}})
		l := w.drawLine(t)
		l.Payer = bank.Party{IBAN: "FR0099"}
		v := bank.NewBook(w.rules, w.debtors, w.open, nil).Match(today, money.EUR, &l)
		if v.Sure && v.Proposals[0].Customer != 99 {
			t.Fatalf("%+v", v)
		}
	})
}
