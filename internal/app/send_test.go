package app

import (
	"strings"
	"testing"
	"time"

	"relance/internal/domain/dunning"
	"relance/internal/domain/org"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/store"
)

// One invoice from file to mail, once, whatever runs again.
func TestSentOnce(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		s.customers("C1 compta@un.example")
		s.invoice("F-1", "C1", "2026-11-16", "1200.00")
		if got := s.run(); got.Sent != 1 {
			t.Fatalf("sent %+v", got)
		}
		s.wantStates("reminder-1 sent")
		for range 3 {
			if got := s.run(); got.Sent != 0 {
				t.Fatalf("sent again: %+v", got)
			}
		}
		m := s.mail.taken[0].msg
		if !strings.Contains(m.Subject, "F-1") || !strings.Contains(m.Text, "200,00") || m.To[0].Address != "compta@un.example" {
			t.Fatalf("mail: %q to %v\n%s", m.Subject, m.To, m.Text)
		}
		if v, err := s.desk.VerifyJournal(s.ctx); err != nil || v.Broken != "" {
			t.Fatal(v, err)
		}
	})
}

// The reminders of a debtor make one thread.
func TestThread(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		s.customers("C1 compta@un.example")
		s.invoice("F-1", "C1", "2026-11-16", "1200.00")
		s.run()
		first := s.mail.taken[0].msg.MessageID
		for s.at.Before(time.Date(2027, 1, 20, 0, 0, 0, 0, time.UTC)) && len(s.mail.taken) < 2 {
			s.at = s.at.AddDate(0, 0, 1)
			s.run()
		}
		second := s.mail.taken[1].msg
		if second.InReplyTo != first || len(second.References) != 1 || second.References[0] != first {
			t.Fatalf("second mail answers %q, references %v, want %q", second.InReplyTo, second.References, first)
		}
		if !strings.Contains(second.Text, "23 novembre 2026") && !strings.Contains(second.Text, "23\u00a0novembre\u00a02026") {
			t.Errorf("the second reminder does not cite the first by its date:\n%s", second.Text)
		}
	})
}

// A text cites the reminders of the invoices it asks for, not those of others (PRODUCT.md §4.3).
func TestCitesItsOwn(t *testing.T) {
	onStage(t, "2026-09-07", func(s *stage) {
		s.customers("C1 compta@un.example")
		s.invoice("F-1", "C1", "2026-08-31", "1200.00")
		s.run()
		s.file(ImportPayments, "customer;date;amount;invoice", "C1;2026-09-10;1200.00;F-1")
		s.invoice("F-2", "C1", "2026-10-05", "800.00")
		s.day("2026-10-12")
		s.known()
		s.run()
		s.day("2026-10-26")
		for s.at.Before(time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)) && len(s.mail.taken) < 3 {
			s.known()
			s.run()
			s.at = s.at.AddDate(0, 0, 1)
		}
		text := strings.ReplaceAll(s.mail.taken[2].msg.Text, "\u00a0", " ")
		if strings.Contains(text, "septembre") || !strings.Contains(text, "12 octobre 2026") || strings.Contains(text, "F-1") {
			t.Fatalf("second reminder of F-2:\n%s", text)
		}
	})
}

// A server that says "later" is tried again, later each time; what it refuses for good is a task.
func TestRefusals(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		s.customers("C1 compta@un.example", "C2 compta@deux.example")
		s.invoice("F-1", "C1", "2026-11-16", "1200.00")
		s.mail.answer = refusing(fault.Unavailable, "smtp.temporary")
		if got := s.run(); got.Retried != 1 {
			t.Fatalf("%+v", got)
		}
		s.wantStates("reminder-1 approved")
		if got := s.run(); got.Retried+got.Sent != 0 {
			t.Fatalf("tried again at once: %+v", got)
		}
		s.at = s.at.Add(2 * time.Minute)
		s.mail.answer = nil
		if got := s.run(); got.Sent != 1 {
			t.Fatalf("not tried again: %+v", got)
		}
		s.invoice("F-2", "C2", "2026-11-16", "300.00")
		s.mail.answer = refusing(fault.Invalid, "smtp.recipient")
		if got := s.run(); got.Failed != 1 {
			t.Fatalf("%+v", got)
		}
		s.wantStates("reminder-1 sent, reminder-1 failed")
		tasks, err := s.desk.Tasks(s.ctx)
		s.must(err)
		if len(tasks) != 1 || tasks[0].Kind != dunning.TaskAddress || tasks[0].Customer.Code != "C2" {
			t.Fatalf("tasks: %+v", tasks)
		}
	})
}

// A dead address is that address's fault: the items go back and leave by letter, and only it is
// marked (PRODUCT.md §8).
func TestDeadAddress(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		s.customers("C1 compta@un.example")
		s.file(ImportContacts, "customer;name;role;email", "C1;Anne;accounting;anne@un.example")
		s.invoice("F-1", "C1", "2026-11-16", "1200.00")
		s.mail.answer = refusing(fault.Invalid, "smtp.recipient")
		if got := s.run(); got.Failed != 1 {
			t.Fatalf("%+v", got)
		}
		s.mail.answer = nil
		if got := s.run(); got.Sent != 1 || s.mail.taken[0].to[0] != "compta@un.example" {
			t.Fatalf("%+v to %v", got, s.mail.taken)
		}
		s.wantStates("reminder-1 failed, reminder-1 sent")
		if err := s.desk.Settle(s.ctx, s.ids(store.Failed)[0], false); fault.Key(err) != "app.given-back" {
			t.Fatalf("a message whose items went on was approved again: %v", err)
		}
	})
}

// What a server refuses for good for another reason waits for a person, who mends and sends again.
func TestFailedThenMended(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		s.customers("C1 compta@un.example")
		s.invoice("F-1", "C1", "2026-11-16", "1200.00")
		s.mail.answer = refusing(fault.Invalid, "smtp.refused")
		s.run()
		s.mail.answer = nil
		if got := s.run(); got.Sent != 0 {
			t.Fatalf("sent again without anybody's word: %+v", got)
		}
		s.must(s.desk.Settle(s.ctx, s.ids(store.Failed)[0], false))
		if got := s.run(); got.Sent != 1 {
			t.Fatalf("%+v", got)
		}
	})
}

// A closed server or a wrong password is nobody's attempt: nothing is given up for it.
func TestUnreachable(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		s.customers("C1 compta@un.example")
		s.invoice("F-1", "C1", "2026-11-16", "1200.00")
		s.mail.dial = fault.New(fault.Forbidden, "smtp.auth")
		for range 20 {
			s.run()
			s.at = s.at.Add(2 * time.Minute)
		}
		s.wantStates("reminder-1 approved")
		s.mail.dial = nil
		s.at = s.at.Add(2 * time.Minute)
		if got := s.run(); got.Sent != 1 {
			t.Fatalf("%+v", got)
		}
	})
}

// The instant between acceptance and record: shown as uncertain, settled by a person, never sent
// again in silence.
func TestUncertain(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		s.customers("C1 compta@un.example")
		s.invoice("F-1", "C1", "2026-11-16", "1200.00")
		s.mail.answer = refusing(fault.Unavailable, "smtp.uncertain")
		if got := s.run(); got.Uncertain != 1 {
			t.Fatalf("%+v", got)
		}
		s.mail.answer = nil
		s.at = s.at.Add(time.Hour)
		if got := s.run(); got.Sent != 0 {
			t.Fatalf("sent again in silence: %+v", got)
		}
		s.wantStates("reminder-1 uncertain")
		s.must(s.desk.Settle(s.ctx, s.ids(store.Uncertain)[0], true))
		s.wantStates("reminder-1 sent")
		if len(s.mail.taken) != 0 {
			t.Fatal("settling sent it")
		}
	})
}

// A worker that goes away with a message leaves it uncertain once its lease has ended.
func TestAbandoned(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		s.customers("C1 compta@un.example")
		s.invoice("F-1", "C1", "2026-11-16", "1200.00")
		_, err := s.desk.Run(s.ctx, RunOptions{})
		s.must(err)
		s.must(s.desk.update(s.ctx, org.VerbCollect, func(m *moment) error {
			list, err := m.Claim(s.ctx, "gone", []id.MailAccount{0}, s.at, defaultLease, m.day, 10)
			s.must(err)
			_, err = m.HandOver(s.ctx, "gone", []store.Handover{{Message: list[0].ID, Day: m.day}})
			return err
		}))
		if got := s.run(); got.Sent+got.Uncertain != 0 {
			t.Fatalf("somebody else's lease was broken: %+v", got)
		}
		s.at = s.at.Add(defaultLease + time.Minute)
		if got := s.run(); got.Uncertain != 1 || got.Sent != 0 {
			t.Fatalf("%+v", got)
		}
		s.wantStates("reminder-1 uncertain")
	})
}

// A payment between approval and sending: nothing leaves; a part of it: what leaves is right.
func TestPaidBeforeSending(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		s.customers("C1 compta@un.example", "C2 compta@deux.example")
		s.invoice("F-1", "C1", "2026-11-16", "1200.00")
		s.invoice("F-2", "C2", "2026-11-16", "900.00")
		_, err := s.desk.Run(s.ctx, RunOptions{})
		s.must(err)
		s.wantStates("reminder-1 approved, reminder-1 approved")
		// Told today: cancelled at once. Dated tomorrow: the gate finds it when the message is claimed.
		s.file(ImportPayments, "customer;date;amount;invoice", "C1;2026-11-22;1200.00;F-1", "C2;2026-11-24;400.00;F-2")
		s.wantStates("reminder-1 cancelled, reminder-1 approved")
		s.day("2026-11-24")
		got, err := s.desk.SendDue(s.ctx, SendOptions{})
		s.must(err)
		if got.Sent != 0 || got.Void != 1 {
			t.Fatalf("%+v", got)
		}
		s.wantStates("reminder-1 cancelled, reminder-1 cancelled")
		// The part payment waits seven days, and the text then asks for the balance (rule 5).
		s.day("2026-12-01")
		if got := s.run(); got.Sent != 1 {
			t.Fatalf("%+v", got)
		}
		m := s.mail.taken[0].msg
		if !strings.Contains(m.Text, "500,00") || strings.Contains(m.Text, "F-1") {
			t.Fatalf("mail:\n%s", m.Text)
		}
	})
}

// A hold set while a message waits makes it void at once; lifted, it resumes without a burst.
func TestHoldBeforeSending(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		s.customers("C1 compta@un.example")
		s.invoice("F-1", "C1", "2026-11-16", "1200.00")
		_, err := s.desk.Run(s.ctx, RunOptions{})
		s.must(err)
		holds, err := s.desk.AddHold(s.ctx, HoldDraft{Invoice: "F-1", Reason: dunning.HoldPause, Why: "accord de la direction"})
		s.must(err)
		s.wantStates("reminder-1 cancelled")
		if got := s.run(); got.Sent != 0 {
			t.Fatalf("%+v", got)
		}
		s.must(s.desk.EndHold(s.ctx, holds[0].ID))
		if got := s.run(); got.Sent != 1 {
			t.Fatalf("%+v", got)
		}
		s.wantStates("reminder-1 cancelled, reminder-1 sent")
	})
}

// Above the ceiling two people approve; where only one may, that one confirms twice.
func TestTwoApprovers(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		s.customers("C1 compta@un.example")
		s.invoice("F-1", "C1", "2026-11-16", "50000.00")
		_, err := s.desk.Run(s.ctx, RunOptions{})
		s.must(err)
		ids := s.ids(store.Proposed)
		var desks []*Desk
		for _, email := range []string{"a@vasseur.example", "b@vasseur.example"} {
			u, err := s.desk.AddUser(s.ctx, org.User{Name: email, Email: email, Role: org.Collector}, "motdepasse-long")
			s.must(err)
			desks = append(desks, s.app.As(Actor{Company: s.desk.actor.Company, User: u.ID, Name: u.Name, Role: u.Role}))
		}
		one, two := desks[0], desks[1]
		_, err = one.Approve(s.ctx, ids)
		s.must(err)
		if _, err := one.Approve(s.ctx, ids); fault.Key(err) != "app.second-person" {
			t.Fatalf("the same person approved twice: %v", err)
		}
		s.wantStates("reminder-1 proposed")
		if n, err := two.Approve(s.ctx, ids); err != nil || n != 1 {
			t.Fatal(n, err)
		}
		s.wantStates("reminder-1 approved")
	})
}

// Outside the sending window nothing leaves; trial mode sends to the company's own mailbox only.
func TestWindowAndTrial(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		s.customers("C1 compta@un.example")
		s.invoice("F-1", "C1", "2026-11-16", "1200.00")
		s.at = s.at.Add(12 * time.Hour) // ten in the evening
		if got := s.run(); len(got.Closed) != 1 || got.Closed[0].Name != "window" || len(s.mail.taken) != 0 {
			t.Fatalf("%+v", got)
		}
		s.day("2026-11-24")
		if got := s.run(); got.Sent != 1 {
			t.Fatalf("%+v", got)
		}
	})
}

// The first message to a customer after an import is to confirm, and one that only reached the
// trial mailbox was none (rule 4).
func TestTrialIsNoFirstMessage(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		co, err := s.app.CreateCompany(s.ctx, "TRY", org.Profile{Name: "Essai", IBAN: "FR7630006000011234567890189"})
		s.must(err)
		s.desk = s.app.As(System(co.ID, "Jean"))
		s.must(s.desk.AddMailAccount(s.ctx, MailAccount{Host: "mail.example", TLS: "none", From: "compta@essai.example"}))
		s.must(s.desk.SetTrialMailbox(s.ctx, "jean@essai.example"))
		s.file(ImportCustomers, "code;name;kind;email", "C1;Client;PRO;compta@un.example")
		s.invoice("F-1", "C1", "2026-11-16", "1200.00")
		s.run()
		_, err = s.desk.Approve(s.ctx, s.ids(store.Proposed))
		s.must(err)
		if got := s.run(); got.Sent != 1 || s.mail.taken[0].to[0] != "jean@essai.example" {
			t.Fatalf("%+v to %v", got, s.mail.taken)
		}
		_, err = s.desk.GoLive(s.ctx, true)
		s.must(err)
		if got := s.run(); got.Sent != 0 || len(s.ids(store.Proposed)) != 1 {
			t.Fatalf("after going live %+v left without anybody's word", got)
		}
	})
}

// A letter leaves when its print list is confirmed; a registered one lives through its states.
func TestRegisteredLetter(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		s.customers("C1 compta@un.example")
		s.file(ImportInvoices, "number;issued;due;amount;customer;last_level;last_reminded_on", "F-1;2026-08-25;2026-09-25;1200.00;C1;3;2026-11-02")
		_, err := s.desk.Run(s.ctx, RunOptions{})
		s.must(err)
		s.wantStates("formal-notice proposed")
		ids := s.ids(store.Proposed)
		if _, err := s.desk.Approve(s.ctx, ids); err != nil {
			t.Fatal(err)
		}
		pdf, err := s.desk.Print(s.ctx, ids)
		s.must(err)
		if !strings.Contains(string(pdf), "MISE EN DEMEURE") {
			t.Fatalf("printed %q", pdf)
		}
		if err := s.desk.SetPostState(s.ctx, ids[0], store.Delivered, 0, nil); err == nil {
			t.Fatal("delivered before it was posted")
		}
		s.must(s.desk.ConfirmPosted(s.ctx, ids, map[id.Message]string{ids[0]: "1A 234 567 8901 2"}))
		w, err := s.desk.Why(s.ctx, "F-1", 0)
		s.must(err)
		if w.Items[0].Level != 4 {
			t.Fatalf("level %d after the formal notice", w.Items[0].Level)
		}
		// The copy by e-mail leaves the same day.
		out, err := s.desk.SendDue(s.ctx, SendOptions{})
		s.must(err)
		if out.Sent != 1 {
			t.Fatalf("copy: %+v", out)
		}
		m := s.mail.taken[0].msg
		if len(m.Attachments) == 0 || !strings.Contains(string(m.Attachments[0].Data), "MISE EN DEMEURE") || !strings.Contains(strings.NewReplacer("\u00a0", " ", "\n", " ").Replace(m.Text), "1A 234 567 8901 2") {
			t.Fatalf("the copy carries %v and says\n%s", m.Attachments, m.Text)
		}
		s.day("2026-11-25")
		s.must(s.desk.SetPostState(s.ctx, ids[0], store.Presented, 0, nil))
		s.day("2026-12-11")
		s.must(s.desk.SetPostState(s.ctx, ids[0], store.Unclaimed, 0, []byte("scan")))
		list, err := s.desk.Outbox(s.ctx, store.Sent)
		s.must(err)
		if got := list[0].EffectiveOn.String(); got != "2026-11-25" {
			t.Fatalf("takes effect on %s, want its first presentation", got)
		}
	})
}

// "N'habite pas à l'adresse indiquée": no effect, the item goes back, a task asks for the address.
func TestUnknownAddress(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		s.customers("C1 compta@un.example")
		s.file(ImportInvoices, "number;issued;due;amount;customer;last_level;last_reminded_on", "F-1;2026-08-25;2026-09-25;1200.00;C1;3;2026-11-02")
		_, err := s.desk.Run(s.ctx, RunOptions{})
		s.must(err)
		ids := s.ids(store.Proposed)
		_, err = s.desk.Approve(s.ctx, ids)
		s.must(err)
		s.must(s.desk.ConfirmPosted(s.ctx, ids, map[id.Message]string{ids[0]: "1A 234 567 8901 2"}))
		s.day("2026-11-26")
		s.must(s.desk.SetPostState(s.ctx, ids[0], store.UnknownAddress, 0, nil))
		w, err := s.desk.Why(s.ctx, "F-1", 0)
		s.must(err)
		if w.Items[0].Level != 3 || w.Items[0].Status != "held" {
			t.Fatalf("after NPAI: %+v", w.Items[0])
		}
		tasks, err := s.desk.Tasks(s.ctx)
		s.must(err)
		if len(tasks) != 1 || tasks[0].Kind != dunning.TaskAddress {
			t.Fatalf("tasks: %+v", tasks)
		}
	})
}

// An edited text is what leaves; a text that says what it may not is refused.
func TestEdited(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		s.customers("C1 compta@un.example")
		s.invoice("F-1", "C1", "2026-11-16", "1200.00")
		_, err := s.desk.Run(s.ctx, RunOptions{})
		s.must(err)
		n := s.ids(store.Approved)[0]
		p, err := s.desk.Preview(s.ctx, n)
		s.must(err)
		if !strings.Contains(p.Editable.Body, "{{invoices}}") || strings.Contains(p.Editable.Body, "{{.") {
			t.Fatalf("to edit:\n%s", p.Editable.Body)
		}
		if err := s.desk.Edit(s.ctx, n, Words{Subject: "x", Body: "Nous saisirons l’huissier. {{.nothing}}"}); err == nil {
			t.Fatal("an unknown field was taken")
		}
		s.must(s.desk.Edit(s.ctx, n, Words{Subject: "Facture F-1", Body: "Chère Anne,\n\nVoici le point convenu.\n\n{{invoices}}\n\n{{payment}}"}))
		s.wantStates("reminder-1 proposed")
		_, err = s.desk.Approve(s.ctx, []id.Message{n})
		s.must(err)
		if got := s.run(); got.Sent != 1 {
			t.Fatalf("%+v", got)
		}
		if m := s.mail.taken[0].msg; m.Subject != "Facture F-1" || !strings.Contains(m.Text, "Chère Anne") {
			t.Fatalf("mail %q\n%s", m.Subject, m.Text)
		}
	})
}

// A message that the server refused for good is no contact: what would have waited for the gap after it is decided on its day.
func TestRefusedIsNoContact(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		s.customers("C1 compta@un.example")
		s.invoice("F-1", "C1", "2026-11-16", "1200.00")
		s.invoice("F-2", "C1", "2026-11-19", "300.00")
		s.mail.answer = refusing(fault.Invalid, "smtp.refused")
		s.run()
		s.wantStates("reminder-1 failed")
		s.day("2026-11-24")
		plan, err := s.desk.Plan(s.ctx, 0)
		s.must(err)
		got, err := s.desk.Run(s.ctx, RunOptions{})
		s.must(err)
		if len(plan.Drafts) != 1 || len(got.Drafts) != 1 {
			t.Errorf("the plan has %d messages, the run %d", len(plan.Drafts), len(got.Drafts))
		}
	})
}
