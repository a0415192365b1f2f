package app

import (
	"context"
	"reflect"
	"strings"
	"testing"

	"relance/internal/domain/org"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/store"
)

// reading are the methods of a desk that change nothing: whoever may read may call them. GoLive only shows what it means
// until it is confirmed; Seal gives facts their place and says nothing new; a password is its person's own.
var reading = strings.Fields(`Account Aging AgingPage AwaitingCommitments Insolvency Insurance Bank BankLine Blocked CallSheet ChangeOwnPassword Clocks Comebacks Commitments Company CustomerMoney CustomersPage Dispute DisputeCategories DisputeTally Disputes ExportScenario
	AcknowledgementPDF Collectors DSO DebitNotePDF Effectiveness Forecast Found FoundLately FoundOf Reckoning ProposeEntry GoLive Holds Imports InvoicesPage
	JournalEntries Letter LinesTable MailAccounts Original Owed Outbox OutboxPage Overview Payment Penalties Plan Preview Proof SampleLetter Scenario
	ScenarioChange ScenarioNames Scenarios Seal SearchBank SignedAcknowledgement Simulate Statement StatementPDF Tasks TasksPage ToAnswer ToApprove ToPost Today UserNamed Users
	VerifyJournal Why`)

// free are those that touch no company: they sit somebody down, or print what was read already.
var free = strings.Fields(`Actor As On LetterPDF PenaltiesPDF`)

// Every verb asks before anything else whether the person may: somebody without a role gets nothing
// at all, a reader nothing that changes.
func TestEveryVerbAsks(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		nobody := s.app.As(Actor{Company: s.desk.actor.Company, Name: "Nobody"})
		reader := s.app.As(Actor{Company: s.desk.actor.Company, Name: "Reader", Role: org.ReadOnly})
		before := s.entries()
		house := reflect.TypeFor[*App]()
		for m := range reflect.TypeFor[*Desk]().Methods() {
			if _, of := house.MethodByName(m.Name); of || has(free, m.Name) {
				continue
			}
			if err := s.call(nobody, m); fault.Of(err) != fault.Forbidden {
				t.Errorf("%s lets somebody without a role in: %v", m.Name, err)
			}
			if err := s.call(reader, m); has(reading, m.Name) == (fault.Of(err) == fault.Forbidden) {
				t.Errorf("%s for a reader: %v", m.Name, err)
			}
		}
		if _, err := reader.GoLive(s.ctx, true); fault.Of(err) != fault.Forbidden {
			t.Errorf("a reader goes live: %v", err)
		}
		if got := s.entries(); got != before {
			t.Errorf("%d facts after the walk, %d before", got, before)
		}
	})
}

func has(list []string, s string) bool { return contains(list, s) }

func (s *stage) entries() int {
	s.t.Helper()
	list, err := s.desk.JournalEntries(s.ctx, 1000)
	s.must(err)
	return len(list)
}

// call gives a method the plainest arguments there are.
func (s *stage) call(d *Desk, m reflect.Method) error {
	args := []reflect.Value{reflect.ValueOf(d)}
	for i := 1; i < m.Type.NumIn(); i++ {
		switch t := m.Type.In(i); {
		case t == reflect.TypeFor[context.Context]():
			args = append(args, reflect.ValueOf(s.ctx))
		case m.Type.IsVariadic() && i == m.Type.NumIn()-1:
		default:
			args = append(args, reflect.Zero(t))
		}
	}
	out := m.Func.Call(args)
	err, ok := out[len(out)-1].Interface().(error)
	if out[len(out)-1].Type() != reflect.TypeFor[error]() {
		s.t.Errorf("%s cannot say no", m.Name)
	}
	if !ok {
		return nil
	}
	return err
}

// An administrator of one company does not get into another by way of a person who works in both.
func TestPasswordsOfOthers(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		other, err := s.app.CreateCompany(s.ctx, "XX", org.Profile{Name: "Other"})
		s.must(err)
		const secret = "a long enough secret"
		ours, err := s.desk.AddUser(s.ctx, org.User{Name: "Anne", Email: "anne@un.example", Role: org.Admin}, secret)
		s.must(err)
		theirs := s.app.As(System(other.ID, "owner"))
		_, err = theirs.AddUser(s.ctx, org.User{Name: "Paul", Email: "paul@deux.example", Role: org.Admin}, secret)
		s.must(err)
		anne := s.app.As(Actor{Company: s.desk.actor.Company, User: ours.ID, Name: "Anne", Role: org.Admin})
		if err := anne.SetPassword(s.ctx, "paul@deux.example", secret); fault.Of(err) != fault.NotFound {
			t.Errorf("the password of a stranger: %v", err)
		}
		_, err = anne.AddUser(s.ctx, org.User{Email: "paul@deux.example", Role: org.Collector}, "")
		s.must(err)
		if err := anne.SetPassword(s.ctx, "paul@deux.example", secret); fault.Key(err) != "app.user.elsewhere" {
			t.Errorf("the password of a guest: %v", err)
		}
		s.must(anne.SetPassword(s.ctx, "anne@un.example", secret+"!"))
		if _, err := s.app.SignIn(s.ctx, "anne@un.example", secret+"!", "test"); err != nil {
			t.Error(err)
		}
		s.must(s.desk.SetPassword(s.ctx, "paul@deux.example", secret)) // the owner of the machine
		if _, err := anne.AddUser(s.ctx, org.User{Email: "anne@un.example", Role: org.ReadOnly}, ""); fault.Key(err) != "app.user.last-admin" {
			t.Errorf("the last administrator gave the keys away: %v", err)
		}
		if _, err := anne.AddUser(s.ctx, org.User{Email: "Eve <eve@un.example>", Role: org.ReadOnly}, secret); fault.Key(err) != "app.user.email" {
			t.Errorf("a name before an address: %v", err)
		}
	})
}

// What a dead address gave back is no longer the failed message's to pass over.
func TestSkippedAfterGivenBack(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		s.customers("C1 compta@un.example")
		s.invoice("F-1", "C1", "2026-11-16", "1200.00")
		s.mail.answer = refusing(fault.Invalid, "smtp.recipient")
		s.run()
		s.mail.answer = nil
		_, err := s.desk.Run(s.ctx, RunOptions{})
		s.must(err)
		s.wantStates("reminder-1 failed, reminder-1 approved") // now by letter
		s.must(s.desk.Skip(s.ctx, s.ids(store.Failed), "mailbox is gone"))
		s.must(s.desk.view(s.ctx, func(tx *store.Tx) error {
			docs, err := tx.DocsByNumber(s.ctx, []string{"F-1"})
			if err != nil {
				return err
			}
			item := docs[0].Items[0].ID
			at, err := tx.States(s.ctx, []id.Instalment{item})
			if at[item].Pending != "reminder-1" || at[item].Step != "" {
				t.Errorf("the letter waits, the item stands at %+v", at[item])
			}
			return err
		}))
		if err := s.desk.Decide(s.ctx, s.task(), "go-on", ""); fault.Key(err) != "app.review.not" {
			t.Errorf("a decision on a task that is no review: %v", err)
		}
	})
}

func (s *stage) task() id.Task {
	s.t.Helper()
	list, err := s.desk.Tasks(s.ctx)
	s.must(err)
	return list[0].ID
}
