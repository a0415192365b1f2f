package app

import (
	"strings"
	"testing"

	"relance/internal/domain/party"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/money"
	"relance/internal/store"
)

// An invoice of 12,000.00 paid 46 days late is vector P1 of law-fr.md §11: 183.75 of interest and 40.00 may still be
// claimed once it is paid, until a debit note claims them or a person waives them (behaviours.md 16).
func TestMoneyFound(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		s.customers("C1 compta@un.example", "C2 compta@deux.example", "C3 compta@trois.example")
		s.invoice("F-1", "C1", "2026-04-30", "12000.00")
		s.invoice("F-2", "C1", "2026-05-15", "10000.00")
		s.invoice("F-3", "C2", "2026-04-30", "500.00") // paid in time
		s.invoice("F-4", "C3", "2026-04-30", "500.00") // not paid
		s.file(ImportPayments, "customer;date;amount;invoice", "C1;2026-06-15;12000.00;F-1", "C1;2026-08-15;10000.00;F-2", "C2;2026-04-30;500.00;F-3")
		f, err := s.desk.Found(s.ctx)
		s.must(err)
		if f.Count != 2 || f.Penalty[money.EUR] != 18375+30940 || f.Compensation != 8000 || len(f.Customers) != 1 || f.Customers[0].Customer.Code != "C1" {
			t.Fatalf("%+v", f)
		}
		n, err := s.desk.ClaimCharges(s.ctx, "C1", []string{"F-1"})
		s.must(err)
		if n != "ND-2026-0001" {
			t.Errorf("the note is called %s", n)
		}
		note := s.doc(n)
		if note.Payable.Minor != 18375+4000 || openOf(note) != 22375 || note.Kind != "debit-note" {
			t.Errorf("the note: %+v", note.Doc)
		}
		if p, err := s.desk.Penalties(s.ctx, "F-1", 0); err != nil || p.Result.Penalty != 18375 {
			t.Errorf("the invoice itself is untouched: %+v %v", p, err)
		}
		if _, err := s.desk.DebitNotePDF(s.ctx, n); err != nil {
			t.Error(err)
		}
		if _, err := s.desk.ClaimCharges(s.ctx, "C1", []string{"F-1"}); fault.Key(err) != "app.charge.none" {
			t.Errorf("claimed twice: %v", err)
		}
		if k, err := s.desk.WaiveCharges(s.ctx, "C1", nil, ""); k != 0 || fault.Key(err) != "app.payment.why" {
			t.Errorf("waived without a reason: %v", err)
		}
		k, err := s.desk.WaiveCharges(s.ctx, "C1", nil, "geste commercial")
		s.must(err)
		list, err := s.desk.FoundOf(s.ctx, "C1")
		s.must(err)
		if k != 1 || len(list) != 0 {
			t.Errorf("%d waived, %d left", k, len(list))
		}
	})
}

// doc finds an invoice as it is kept.
func (s *stage) doc(number string) (d *store.Doc) {
	s.t.Helper()
	s.must(s.desk.view(s.ctx, func(tx *store.Tx) (err error) {
		d, err = invoiceNamed(s.ctx, tx, number)
		return err
	}))
	return d
}

// A public buyer who paid late owes interest too, by the code de la commande publique (L2192-13): the note says so, and
// can be printed.
func TestMoneyFoundFromPublicBuyer(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		s.customers("C1 compta@un.example")
		s.must(s.desk.Qualify(s.ctx, "C1", party.Public))
		s.invoice("F-1", "C1", "2026-04-30", "12000.00")
		s.file(ImportPayments, "customer;date;amount;invoice", "C1;2026-08-15;12000.00;F-1")
		n, err := s.desk.ClaimCharges(s.ctx, "C1", nil)
		s.must(err)
		pdf, err := s.desk.DebitNotePDF(s.ctx, n)
		if err != nil || len(pdf) == 0 {
			s.t.Errorf("the note cannot be printed: %v", err)
		}
	})
}

// An opening judgment stops interest on its eve and freezes what was born before; what is born after is asked from
// the administrator (C. com. L622-28, L622-7).
func TestInsolvencyOpens(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		s.customers("C1 compta@un.example")
		s.invoice("F-1", "C1", "2026-10-31", "1200.00")
		s.must(s.desk.OpenInsolvency(s.ctx, Insolvency{Customer: "C1", Kind: "redressement", Judgment: cal.MustParse("2026-11-10"), Published: cal.MustParse("2026-11-18"),
			Mandatary: "Me Dubois", Administrator: "aj@etude.example"}))
		p, err := s.desk.Plan(s.ctx, 0)
		s.must(err)
		if len(p.Drafts) != 0 {
			t.Errorf("%d messages to a customer in insolvency", len(p.Drafts))
		}
		if held := p.Decisions[0].Out.Held; len(held) != 1 || held[0].Reason != "insolvency" {
			t.Errorf("%+v", held)
		}
		x, err := s.desk.Penalties(s.ctx, "F-1", 0)
		s.must(err)
		if x.Case.Until != cal.MustParse("2026-11-09") {
			t.Errorf("interest runs to %s", x.Case.Until)
		}
		tasks, err := s.desk.Tasks(s.ctx)
		s.must(err)
		if len(tasks) != 1 || tasks[0].Kind != "declare" || !strings.Contains(tasks[0].Why, "18\u00a0janvier\u00a02027") && !strings.Contains(tasks[0].Why, "18 janvier 2027") {
			t.Errorf("%+v", tasks)
		}
		_, err = s.desk.AddPromise(s.ctx, Promise{Customer: "C1", On: cal.MustParse("2026-12-01")})
		s.must(err)
		_, weeks, err := s.desk.Forecast(s.ctx, 0)
		s.must(err)
		if f := weeks[money.EUR]; f.Uncertain != 120000 || f.Total != 120000 {
			t.Errorf("a promise is counted on in an insolvency: %+v", f)
		}
		s.must(s.desk.DeclareClaim(s.ctx, "C1", 0))
		if tasks, err = s.desk.Tasks(s.ctx); err != nil || len(tasks) != 0 {
			t.Errorf("declared, and still asked: %+v %v", tasks, err)
		}
	})
}

// What is born after the judgment leaves, once, to the administrator; what was born before does not.
func TestBornAfterTheJudgment(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		s.customers("C1 compta@un.example")
		s.invoice("F-1", "C1", "2026-10-31", "1200.00")
		s.must(s.desk.OpenInsolvency(s.ctx, Insolvency{Customer: "C1", Kind: "sauvegarde", Judgment: cal.MustParse("2026-11-02"), Administrator: "aj@etude.example"}))
		s.file(ImportInvoices, "number;issued;due;amount;customer", "F-2;2026-11-02;2026-11-16;80.00;C1")
		for range 2 {
			s.run()
		}
		s.wantStates("reminder-1 sent")
		if to := s.mail.taken[0].to; len(s.mail.taken) != 1 || to[0] != "aj@etude.example" || strings.Contains(s.text(), "F-1") {
			t.Errorf("%d mails, the first to %v:\n%s", len(s.mail.taken), to, s.text())
		}
	})
}

// The declaration to a credit insurer is asked for fifteen days before its last day, once.
func TestInsuranceAlarm(t *testing.T) {
	onStage(t, "2026-11-02", func(s *stage) {
		s.customers("C1 compta@un.example")
		s.invoice("F-1", "C1", "2026-10-15", "1200.00")
		s.must(s.desk.SetInsurance(s.ctx, "C1", &store.Insurance{Insurer: "Assurcrédit", Cover: money.Euros(500000), DeclareDays: 60}))
		asked := func() (n int) {
			_, err := s.desk.Run(s.ctx, RunOptions{})
			s.must(err)
			tasks, err := s.desk.Tasks(s.ctx)
			s.must(err)
			for _, x := range tasks {
				if x.Kind == "insurance" {
					n++
				}
			}
			return n
		}
		s.day("2026-11-27") // due + 60 = 14 December; fifteen days before: 29 November, a Sunday
		if n := asked(); n != 0 {
			t.Errorf("asked %d times too early", n)
		}
		s.day("2026-11-30")
		if n := asked(); n != 1 {
			t.Errorf("asked %d times in time", n)
		}
		s.day("2026-12-01")
		if n := asked(); n != 1 {
			t.Errorf("asked %d times the day after", n)
		}
		s.must(s.desk.DeclareInsurance(s.ctx, "C1"))
		s.day("2026-12-02")
		if n := asked(); n != 0 {
			t.Errorf("asked %d times once it was declared", n)
		}
	})
}

// What was invoiced after the cover's last day is not insured: it is not asked for, and cannot be declared.
func TestInsuranceEnds(t *testing.T) {
	onStage(t, "2026-11-02", func(s *stage) {
		s.customers("C1 compta@un.example")
		s.invoice("F-1", "C1", "2026-10-15", "1200.00")
		policy := &store.Insurance{Insurer: "Assurcrédit", Cover: money.Euros(500000), DeclareDays: 60, EndsOn: cal.MustParse("2026-08-31")}
		s.must(s.desk.SetInsurance(s.ctx, "C1", policy))
		s.day("2026-12-01")
		_, err := s.desk.Run(s.ctx, RunOptions{})
		s.must(err)
		tasks, err := s.desk.Tasks(s.ctx)
		s.must(err)
		for _, x := range tasks {
			if x.Kind == "insurance" {
				t.Errorf("asked for what is not insured: %+v", x)
			}
		}
		if err := s.desk.DeclareInsurance(s.ctx, "C1"); fault.Of(err) != fault.Conflict {
			t.Errorf("what is not insured was declared: %v", err)
		}
		policy.EndsOn = cal.MustParse("2026-10-31")
		s.must(s.desk.SetInsurance(s.ctx, "C1", policy))
		s.must(s.desk.DeclareInsurance(s.ctx, "C1"))
	})
}

// A customer who is a supplier too is shown what is owed to it; a debt is set off against it with a reason.
func TestSetOff(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		const head = "JournalCode|JournalLib|EcritureNum|EcritureDate|CompteNum|CompteLib|CompAuxNum|CompAuxLib|PieceRef|PieceDate|EcritureLib|Debit|Credit|EcritureLet|DateLet|ValidDate|Montantdevise|Idevise"
		s.file(ImportFEC, head,
			"VE|Ventes|1|20261001|411000|Clients|C1|Ateliers Weber|F-1|20261001|Facture F-1|1200,00|0,00|||||",
			"VE|Ventes|1|20261001|706000|Ventes|||F-1|20261001|Facture F-1|0,00|1200,00|||||",
			"AC|Achats|2|20261005|401000|Fournisseurs|F77|ATELIERS WEBER|A-9|20261005|Achat|0,00|500,00|||||",
			"AC|Achats|2|20261005|606000|Achats|||A-9|20261005|Achat|500,00|0,00|||||",
			"AC|Achats|3|20261006|401000|Fournisseurs|F78|Inconnu|A-10|20261006|Achat|0,00|900,00|||||",
			"AC|Achats|3|20261006|606000|Achats|||A-10|20261006|Achat|900,00|0,00|||||")
		a, err := s.desk.Account(s.ctx, "C1")
		s.must(err)
		if len(a.Supplier) != 1 || a.Supplier[0].Owed != money.Euros(50000) {
			t.Fatalf("%+v", a.Supplier)
		}
		if err := s.desk.SetOff(s.ctx, "F-1", 0, 50000, ""); fault.Key(err) != "app.payment.why" {
			t.Errorf("set off without a word: %v", err)
		}
		s.must(s.desk.SetOff(s.ctx, "F-1", 0, 50000, "compensation avec A-9"))
		if d := s.doc("F-1"); openOf(d) != 70000 {
			t.Errorf("%d is open", openOf(d))
		}
	})
}

// The customer who contests is told at once who answers and by when; what is not contested is still asked for.
func TestDisputeIsNoted(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		s.customers("C1 compta@un.example")
		s.invoice("F-1", "C1", "2026-11-16", "1200.00")
		_, err := s.desk.OpenDispute(s.ctx, Dispute{Invoice: "F-1", Amount: 20000, Category: "price", Owner: "Léa Martin", Tell: true})
		s.must(err)
		s.run()
		text := ""
		for _, m := range s.mail.taken {
			if strings.Contains(m.msg.Subject, "réclamation") {
				text = strings.ReplaceAll(strings.Join(strings.Fields(m.msg.Text), " "), "\u00a0", " ")
			}
		}
		for _, want := range []string{"Léa Martin", "30 novembre 2026", "prix convenu", "n’est pas contesté"} {
			if !strings.Contains(text, want) {
				t.Errorf("%q is not said:\n%s", want, text)
			}
		}
	})
}
