package app

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"relance/internal/domain/dunning"
	"relance/internal/domain/org"
	"relance/internal/domain/party"
	"relance/internal/domain/promise"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
	"relance/internal/store"
)

// shared is a company whose customers have two collectors: A is Anna's, B is Boris's. Everything that can happen to a
// customer has happened to both, and nothing that is said of B is said of A.
type shared struct {
	*stage
	anna, boris, free *Desk // bound to their portfolios; free is a collector bound to none
	message           id.Message
	task              id.Task
	hold              id.Hold
	promise           id.Plan
	dispute           id.Dispute
	line              id.Line
	payment           id.Payment
	contact           id.Contact
}

// marks are what only B's rows hold.
var marks = []string{"Zorglub", "zorglub.example", "FB-", "rue Secrète", "7\u202f777", "7 777", "777700", "Chèque de Boris"}

func (s *shared) open() {
	s.file(ImportCustomers, "code;name;kind;address;postcode;city;email;collector;phone",
		"A;Durand;PRO;1 rue Haute;75001;Paris;compta@durand.example;anna;", "B;Zorglub;PRO;2 rue Secrète;75002;Paris;compta@zorglub.example;boris;0102030405",
		"C;Nobody’s;PRO;3 rue Haute;75003;Paris;compta@nobody.example;;")
	s.file(ImportContacts, "customer;name;role;email", "A;Marie;accounting;marie@durand.example", "B;Zorglub Fils;accounting;fils@zorglub.example")
	invoices := []string{"number;issued;due;amount;customer"}
	for _, c := range []string{"A", "B"} {
		for i, due := range []string{"2026-09-20", "2026-11-13", "2026-11-14", "2026-11-15", "2026-11-16", "2026-11-13"} {
			amount := "1200.00"
			if c == "B" {
				amount = "7777.00"
			}
			invoices = append(invoices, fmt.Sprintf("F%s-2600%d;2026-09-01;%s;%s;%s", c, i+1, due, amount, c))
		}
	}
	s.file(ImportInvoices, invoices...)
	for _, c := range []string{"A", "B"} {
		s.must(s.desk.Qualify(s.ctx, c, party.Pro))
	}
	s.bind("anna@un.example", "anna", &s.anna)
	s.bind("boris@un.example", "boris", &s.boris)
	s.bind("libre@un.example", "", &s.free)
}

// bind makes a collector, and sits them at a desk as the doors do.
func (s *shared) bind(email, collector string, at **Desk) {
	s.t.Helper()
	u := org.User{Name: collector, Email: email, Role: org.Collector}
	if collector != "" {
		u.Portfolio = []string{collector}
	}
	_, err := s.desk.AddUser(s.ctx, u, "a long enough secret")
	s.must(err)
	u, err = s.desk.UserNamed(s.ctx, email)
	s.must(err)
	*at = s.app.As(Actor{Company: s.desk.actor.Company, User: u.ID, Name: u.Name, Role: u.Role, Bound: u.Bound})
}

// live lets the months of both customers pass.
func (s *shared) live() {
	s.known()
	for _, c := range []string{"A", "B"} {
		_, err := s.desk.AddHold(s.ctx, HoldDraft{Customer: c, Invoice: "F" + c + "-26003", Reason: dunning.HoldPause, Until: cal.MustParse("2026-12-04"), Why: "Chèque de " + map[string]string{"A": "Anna", "B": "Boris"}[c]})
		s.must(err)
		_, err = s.desk.AddPromise(s.ctx, Promise{Invoice: "F" + c + "-26004", On: cal.MustParse("2026-11-27"), Source: "call"})
		s.must(err)
		_, err = s.desk.OpenDispute(s.ctx, Dispute{Invoice: "F" + c + "-26005", Category: "price", Why: "x"})
		s.must(err)
		s.must(s.desk.SetInsurance(s.ctx, c, &store.Insurance{Insurer: "Coface", Cover: money.Of(100, money.EUR), DeclareDays: 10}))
		_, err = s.desk.AddPayment(s.ctx, PaymentDraft{Invoice: "F" + c + "-26002", Amount: money.Of(100, money.EUR), Method: "cheque"})
		s.must(err)
	}
	rep, err := s.desk.Import(s.ctx, []ImportFile{FileIn("b.xml", []byte(camt053(movedOnce{day: "2026-11-17", amount: 777700, name: "Zorglub", text: "FB-26001"},
		movedOnce{day: "2026-11-17", amount: 555, name: "Inconnu", text: "?"})))}, ImportOptions{Kind: ImportBank})
	s.must(err)
	s.must(rep.Failure())
	_, err = s.desk.Run(s.ctx, RunOptions{})
	s.must(err)
}

// find keeps what Boris finds of B.
func (s *shared) find() {
	out, err := s.boris.Outbox(s.ctx)
	s.must(err)
	holds, err := s.boris.Holds(s.ctx)
	s.must(err)
	tasks, err := s.boris.Tasks(s.ctx)
	s.must(err)
	plans, err := s.boris.Commitments(s.ctx, promise.Running, 0, 9)
	s.must(err)
	disputes, err := s.boris.Disputes(s.ctx, 0, 9)
	s.must(err)
	bank, err := s.boris.Bank(s.ctx, "", 0, 9)
	s.must(err)
	paid, err := s.boris.CustomerMoney(s.ctx, "B")
	s.must(err)
	account, err := s.boris.Account(s.ctx, "B")
	s.must(err)
	if len(out) == 0 || len(holds) == 0 || len(tasks) == 0 || len(plans) != 1 || len(disputes) != 1 || len(bank.Lines) != 1 || len(paid.Payments) == 0 || len(account.Contacts) == 0 {
		s.t.Fatalf("Boris sees %d messages, %d holds, %d tasks, %d promises, %d disputes, %d bank lines, %d payments, %d contacts: the story is not told",
			len(out), len(holds), len(tasks), len(plans), len(disputes), len(bank.Lines), len(paid.Payments), len(account.Contacts))
	}
	s.message, s.hold, s.task, s.promise, s.dispute = out[0].ID, holds[0].ID, tasks[0].ID, plans[0].ID, disputes[0].ID
	s.line, s.payment, s.contact = bank.Lines[0].ID, paid.Payments[0].ID, account.Contacts[0].ID
}

// gesture is a call of a verb about B.
type gesture struct {
	verb string
	call func(d *Desk) (any, error)
}

func just(err error) (any, error) { return nil, err }

// ofB is every verb that names something, said of what is B's: alone, and mixed with what is A's.
func (s *shared) ofB() []gesture {
	ctx, b, fb, day := s.ctx, "B", "FB-26001", cal.MustParse("2026-11-30")
	ids := []id.Message{s.message}
	return []gesture{
		{"Account", func(d *Desk) (any, error) { return d.Account(ctx, b) }},
		{"CustomerMoney", func(d *Desk) (any, error) { return d.CustomerMoney(ctx, b) }},
		{"Statement", func(d *Desk) (any, error) { return d.Statement(ctx, b, 0) }},
		{"StatementPDF", func(d *Desk) (any, error) { return d.StatementPDF(ctx, b, 0) }},
		{"CallSheet", func(d *Desk) (any, error) { return d.CallSheet(ctx, b, 0) }},
		{"CallSheet", func(d *Desk) (any, error) { return d.CallSheet(ctx, "A", s.task) }},
		{"FoundOf", func(d *Desk) (any, error) { return d.FoundOf(ctx, b) }},
		{"Insolvency", func(d *Desk) (any, error) { return d.Insolvency(ctx, b) }},
		{"Insurance", func(d *Desk) (any, error) { return d.Insurance(ctx, b) }},
		{"Owed", func(d *Desk) (any, error) { return d.Owed(ctx, b, "") }},
		{"Owed", func(d *Desk) (any, error) { return d.Owed(ctx, "", fb) }},
		{"Why", func(d *Desk) (any, error) { return d.Why(ctx, fb, 0) }},
		{"Letter", func(d *Desk) (any, error) { return d.Letter(ctx, fb, "reminder-1", 0) }},
		{"Penalties", func(d *Desk) (any, error) { return d.Penalties(ctx, fb, 0) }},
		{"DebitNotePDF", func(d *Desk) (any, error) { return d.DebitNotePDF(ctx, fb) }},
		{"Original", func(d *Desk) (any, error) { return d.Original(ctx, fb) }},
		{"Preview", func(d *Desk) (any, error) { return d.Preview(ctx, s.message) }},
		{"Proof", func(d *Desk) (any, error) { return d.Proof(ctx, s.message) }},
		{"Dispute", func(d *Desk) (any, error) { return d.Dispute(ctx, s.dispute) }},
		{"AcknowledgementPDF", func(d *Desk) (any, error) { return d.AcknowledgementPDF(ctx, s.promise) }},
		{"SignedAcknowledgement", func(d *Desk) (any, error) { return d.SignedAcknowledgement(ctx, s.promise) }},
		{"BankLine", func(d *Desk) (any, error) { return d.BankLine(ctx, s.line) }},
		{"Comebacks", func(d *Desk) (any, error) { return d.Comebacks(ctx, s.line) }},
		{"Payment", func(d *Desk) (any, error) { return d.Payment(ctx, s.payment) }},

		{"AddHold", func(d *Desk) (any, error) {
			return d.AddHold(ctx, HoldDraft{Customer: b, Reason: dunning.HoldPause, Until: day, Why: "x"})
		}},
		{"AddHold", func(d *Desk) (any, error) {
			return d.AddHold(ctx, HoldDraft{Customer: "A", Invoice: fb, Reason: dunning.HoldPause, Until: day, Why: "x"})
		}},
		{"EndHold", func(d *Desk) (any, error) { return just(d.EndHold(ctx, s.hold)) }},
		{"AddPromise", func(d *Desk) (any, error) { return d.AddPromise(ctx, Promise{Invoice: fb, On: day, Source: "call"}) }},
		{"AddPromise", func(d *Desk) (any, error) { return d.AddPromise(ctx, Promise{Customer: b, On: day, Source: "call"}) }},
		{"SignCommitment", func(d *Desk) (any, error) {
			return just(d.SignCommitment(ctx, s.promise, cal.MustParse("2026-11-18"), nil, ""))
		}},
		{"CancelCommitment", func(d *Desk) (any, error) { return just(d.CancelCommitment(ctx, s.promise, "x")) }},
		{"OpenDispute", func(d *Desk) (any, error) {
			return d.OpenDispute(ctx, Dispute{Invoice: fb, Category: "price", Why: "x"})
		}},
		{"AssignDispute", func(d *Desk) (any, error) { return just(d.AssignDispute(ctx, s.dispute, "Anna", day)) }},
		{"AskColleague", func(d *Desk) (any, error) { return d.AskColleague(ctx, s.dispute, "Anna", "", "?") }},
		{"CloseDispute", func(d *Desk) (any, error) {
			return d.CloseDispute(ctx, "FB-26005", Ending{Outcome: "rejected", Cause: "price", Why: "x"})
		}},
		{"Answer", func(d *Desk) (any, error) {
			return just(d.Answer(ctx, Answer{Customer: b, Kind: AnswerWillPay, On: day}))
		}},
		{"Answer", func(d *Desk) (any, error) {
			return just(d.Answer(ctx, Answer{Message: s.message, Kind: AnswerWillPay, On: day}))
		}},
		{"RecordCall", func(d *Desk) (any, error) { return just(d.RecordCall(ctx, Call{Customer: b, Result: CallNoAnswer})) }},
		{"RecordCall", func(d *Desk) (any, error) {
			return just(d.RecordCall(ctx, Call{Customer: "A", Task: s.task, Result: CallNoAnswer}))
		}},
		{"RecordCall", func(d *Desk) (any, error) {
			return just(d.RecordCall(ctx, Call{Customer: "A", Invoice: fb, Result: CallPromise, On: day}))
		}},
		{"Qualify", func(d *Desk) (any, error) { return just(d.Qualify(ctx, b, party.Consumer)) }},
		{"ConfirmTerms", func(d *Desk) (any, error) { return just(d.ConfirmTerms(ctx, b, "net 45")) }},
		{"EditCustomer", func(d *Desk) (any, error) {
			return just(d.EditCustomer(ctx, b, CustomerEdit{Name: "Anna’s", Collector: "anna"}))
		}},
		{"SaveContact", func(d *Desk) (any, error) {
			return just(d.SaveContact(ctx, b, party.Contact{Name: "x", Role: party.Accounting, Email: "x@x.example"}))
		}},
		{"SaveContact", func(d *Desk) (any, error) {
			return just(d.SaveContact(ctx, "A", party.Contact{ID: s.contact, Name: "x", Role: party.Accounting, Email: "x@x.example"}))
		}},
		{"AssignScenario", func(d *Desk) (any, error) { return just(d.AssignScenario(ctx, b, "none")) }},
		{"OfferWithdrawal", func(d *Desk) (any, error) {
			return just(d.OfferWithdrawal(ctx, Withdrawal{Customer: b, Cheque: "1", Amount: money.Of(100, money.EUR), Sent: cal.MustParse("2026-11-02")}))
		}},
		{"OpenInsolvency", func(d *Desk) (any, error) {
			return just(d.OpenInsolvency(ctx, Insolvency{Customer: b, Kind: "liquidation", Judgment: cal.MustParse("2026-11-10")}))
		}},
		{"PublishInsolvency", func(d *Desk) (any, error) { return just(d.PublishInsolvency(ctx, b, cal.MustParse("2026-11-12"))) }},
		{"DeclareClaim", func(d *Desk) (any, error) { return just(d.DeclareClaim(ctx, b, cal.MustParse("2026-11-17"))) }},
		{"CloseInsolvency", func(d *Desk) (any, error) { return just(d.CloseInsolvency(ctx, b, "x")) }},
		{"SetInsurance", func(d *Desk) (any, error) { return just(d.SetInsurance(ctx, b, nil)) }},
		{"DeclareInsurance", func(d *Desk) (any, error) { return just(d.DeclareInsurance(ctx, b)) }},
		{"SendMe", func(d *Desk) (any, error) { return just(d.SendMe(ctx, fb, "reminder-1", "anna@un.example")) }},
		{"Postpone", func(d *Desk) (any, error) { return just(d.Postpone(ctx, s.message, day)) }},
		{"Edit", func(d *Desk) (any, error) { return just(d.Edit(ctx, s.message, Words{"x", "x"})) }},
		{"Approve", func(d *Desk) (any, error) { return d.Approve(ctx, ids) }},
		{"Unapprove", func(d *Desk) (any, error) { return just(d.Unapprove(ctx, ids)) }},
		{"Print", func(d *Desk) (any, error) { return d.Print(ctx, ids) }},
		{"ConfirmPosted", func(d *Desk) (any, error) { return just(d.ConfirmPosted(ctx, ids, nil)) }},
		{"SetPostState", func(d *Desk) (any, error) {
			return just(d.SetPostState(ctx, s.message, "delivered", cal.MustParse("2026-11-18"), nil))
		}},
		{"Settle", func(d *Desk) (any, error) { return just(d.Settle(ctx, s.message, true)) }},
		{"Skip", func(d *Desk) (any, error) { return just(d.Skip(ctx, ids, "x")) }},
		{"Decide", func(d *Desk) (any, error) { return just(d.Decide(ctx, s.task, "go-on", "x")) }},
		{"EndTask", func(d *Desk) (any, error) { return just(d.EndTask(ctx, s.task, true, "x")) }},
	}
}

// wide is every verb that names nothing of a customer's: it reads or does what the person's eyes reach.
func (s *shared) wide() []gesture {
	ctx, day := s.ctx, cal.MustParse("2026-11-30")
	return []gesture{
		{"Overview", func(d *Desk) (any, error) { return d.Overview(ctx) }},
		{"CustomersPage", func(d *Desk) (any, error) {
			_, l, n, err := d.CustomersPage(ctx, ListQuery{Limit: 99})
			return []any{l, n}, err
		}},
		{"CustomersPage", func(d *Desk) (any, error) {
			_, l, n, err := d.CustomersPage(ctx, ListQuery{Sort: "owed", Desc: true, Limit: 99})
			return []any{l, n}, err
		}},
		{"CustomersPage", func(d *Desk) (any, error) {
			_, l, n, err := d.CustomersPage(ctx, ListQuery{Search: "zorg", Limit: 99})
			return []any{l, n}, err
		}},
		{"InvoicesPage", func(d *Desk) (any, error) {
			_, l, n, err := d.InvoicesPage(ctx, ListQuery{Limit: 99})
			return []any{l, n}, err
		}},
		{"InvoicesPage", func(d *Desk) (any, error) {
			_, l, n, err := d.InvoicesPage(ctx, ListQuery{Search: "FB", Limit: 99})
			return []any{l, n}, err
		}},
		{"Aging", func(d *Desk) (any, error) { _, l, err := d.Aging(ctx, 0); return l, err }},
		{"AgingPage", func(d *Desk) (any, error) {
			_, l, err := d.AgingPage(ctx, cal.MustParse("2026-11-17"), money.EUR, 0, 99)
			return l, err
		}},
		{"DSO", func(d *Desk) (any, error) { _, l, err := d.DSO(ctx, 0); return l, err }},
		{"Forecast", func(d *Desk) (any, error) { _, l, err := d.Forecast(ctx, 0); return l, err }},
		{"Effectiveness", func(d *Desk) (any, error) { _, l, err := d.Effectiveness(ctx, 0); return l, err }},
		{"Found", func(d *Desk) (any, error) { return d.Found(ctx) }},
		{"FoundLately", func(d *Desk) (any, error) { return d.FoundLately(ctx) }},
		{"Reckoning", func(d *Desk) (any, error) { return d.Reckoning(ctx) }},
		{"Tasks", func(d *Desk) (any, error) { return d.Tasks(ctx) }},
		{"TasksPage", func(d *Desk) (any, error) { l, n, err := d.TasksPage(ctx, 0, 99); return []any{l, n}, err }},
		{"Holds", func(d *Desk) (any, error) { return d.Holds(ctx) }},
		{"Blocked", func(d *Desk) (any, error) { l, n, err := d.Blocked(ctx, "", 0, 99); return []any{l, n}, err }},
		{"Outbox", func(d *Desk) (any, error) { return d.Outbox(ctx) }},
		{"OutboxPage", func(d *Desk) (any, error) { return d.OutboxPage(ctx, "approve", 0, 0, 99) }},
		{"ToPost", func(d *Desk) (any, error) { return d.ToPost(ctx) }},
		{"ToApprove", func(d *Desk) (any, error) { return d.ToApprove(ctx) }},
		{"ToAnswer", func(d *Desk) (any, error) { return d.ToAnswer(ctx) }},
		{"Bank", func(d *Desk) (any, error) { return d.Bank(ctx, "", 0, 99) }},
		{"SearchBank", func(d *Desk) (any, error) { return d.SearchBank(ctx, "", "zorglub", 0, 99) }},
		{"LinesTable", func(d *Desk) (any, error) {
			b, err := d.LinesTable(ctx, "x.csv", i18n.FR, "", "")
			return string(b), err
		}},
		{"Disputes", func(d *Desk) (any, error) { return d.Disputes(ctx, 0, 99) }},
		{"DisputeTally", func(d *Desk) (any, error) { l, a, b, err := d.DisputeTally(ctx, 0, day); return []any{l, a, b}, err }},
		{"Commitments", func(d *Desk) (any, error) { return d.Commitments(ctx, promise.Running, 0, 99) }},
		{"AwaitingCommitments", func(d *Desk) (any, error) { return d.AwaitingCommitments(ctx) }},
		{"Imports", func(d *Desk) (any, error) { return d.Imports(ctx, 99) }},
		{"JournalEntries", func(d *Desk) (any, error) { return d.JournalEntries(ctx, 999) }},
		{"Collectors", func(d *Desk) (any, error) { return d.Collectors(ctx) }},
		{"GoLive", func(d *Desk) (any, error) { return d.GoLive(ctx, false) }},
		{"ProposeEntry", func(d *Desk) (any, error) { return d.ProposeEntry(ctx, EntryOptions{}) }},
		{"Scenarios", func(d *Desk) (any, error) { l, r, err := d.Scenarios(ctx); return []any{l, r}, err }},
		{"ScenarioChange", func(d *Desk) (any, error) {
			src, err := d.ExportScenario(ctx, "standard", 0)
			if err != nil {
				return nil, err
			}
			c, _, err := d.ScenarioChange(ctx, bytes.Replace(src, []byte("at: 5"), []byte("at: 4"), 1), true)
			return c, err
		}},
		{"Plan", func(d *Desk) (any, error) { return d.Plan(ctx, 0) }},
		{"Simulate", func(d *Desk) (any, error) { return d.Simulate(ctx, cal.MustParse("2026-11-18"), day, nil) }},
		{"AcceptEntry", func(d *Desk) (any, error) {
			return d.AcceptEntry(ctx, EntryOptions{Steps: map[string]string{"FB-26001": "reminder-2"}})
		}},
		{"ApproveAll", func(d *Desk) (any, error) { n, p, err := d.ApproveAll(ctx); return []any{n, p}, err }},
		{"SendDue", func(d *Desk) (any, error) { return d.SendDue(ctx, SendOptions{}) }},
		{"Run", func(d *Desk) (any, error) { return d.Run(ctx, RunOptions{}) }},
	}
}

// blind are the verbs that tell nothing of a customer and take nothing of one's.
var blind = strings.Fields(`ChangeOwnPassword Clocks Company Today Users UserNamed MailAccounts DisputeCategories ExportScenario SampleLetter Scenario ScenarioNames Seal VerifyJournal`)

// rowsOf prints every row that is about a customer.
func (s *shared) rowsOf(code string) string {
	s.t.Helper()
	var out strings.Builder
	s.must(s.app.store.View(s.ctx, s.desk.actor.Company, func(tx *store.Tx) error {
		c, err := tx.CustomerByCode(s.ctx, code)
		if err != nil {
			return err
		}
		of := map[string]bool{}
		for _, table := range store.Tables() {
			var b bytes.Buffer
			if _, err := tx.DumpTable(s.ctx, table, &b); err != nil {
				return err
			}
			head, rest, _ := strings.Cut(b.String(), "\n")
			var names []string
			if err := json.Unmarshal([]byte(head), &names); err != nil {
				return err
			}
			column := map[string]string{"customer": "id", "commitment_part": "commitment", "question": "dispute"}[table]
			if column == "" {
				column = "customer"
			}
			at := slices.Index(names, column)
			if at < 0 {
				continue
			}
			for row := range strings.Lines(rest) {
				var v []json.RawMessage
				if err := json.Unmarshal([]byte(row), &v); err != nil {
					return err
				}
				whose := string(v[at])
				if whose == fmt.Sprint(c.ID) || column != "customer" && of[whose] {
					of[string(v[0])] = true // the parts of what it is are its own
					out.WriteString(table + " " + row)
				}
			}
		}
		return nil
	}))
	return out.String()
}

// answerOf is all that an answer says.
func answerOf(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		b = fmt.Appendf(nil, "%+v", v)
	}
	return string(b)
}

// A collector bound to a portfolio finds nothing of another's and changes nothing of it, by any verb; the other one,
// and a collector bound to nothing, do by the same calls.
func TestPortfolios(t *testing.T) {
	onStage(t, "2026-11-18", func(base *stage) {
		s := &shared{stage: base}
		s.open()
		s.live()
		s.find()
		before := s.rowsOf("B")
		for _, g := range s.ofB() {
			v, err := g.call(s.anna)
			if k := fault.Of(err); k != fault.NotFound && k != fault.Invalid {
				t.Errorf("%s of B’s by Anna: %v", g.verb, err)
			}
			if got := answerOf(v); err == nil && got != "null" {
				t.Errorf("%s tells Anna %.200s", g.verb, got)
			}
			if got := s.rowsOf("B"); got != before {
				t.Fatalf("%s by Anna changes what is B’s:\n%s\nwas:\n%s", g.verb, got, before)
			}
		}
		s.covered()
		for _, g := range s.wide() {
			v, err := g.call(s.anna)
			if err != nil && fault.Key(err) != "app.live.already" {
				t.Errorf("%s by Anna: %v", g.verb, err)
			}
			for _, m := range marks {
				if got := answerOf(v); strings.Contains(got, m) {
					t.Errorf("%s tells Anna of B (%s): %.300s", g.verb, m, got)
				}
			}
			if got := s.rowsOf("B"); got != before {
				t.Fatalf("%s by Anna changes what is B’s:\n%s\nwas:\n%s", g.verb, got, before)
			}
		}
		if len(s.mail.taken) != 1 || s.mail.taken[0].to[0] != "marie@durand.example" {
			t.Errorf("Anna’s own message did not leave alone: %+v", s.mail.taken)
		}
		if err := s.anna.EditCustomer(s.ctx, "A", CustomerEdit{Name: "Durand", Email: "compta@durand.example", Collector: "boris"}); fault.Of(err) != fault.Forbidden {
			t.Errorf("Anna gives a customer away: %v", err)
		}
		if v, err := s.anna.VerifyJournal(s.ctx); err != nil || v.Broken != "" {
			t.Errorf("the journal: %+v %v", v, err)
		}
		// The same calls are answered to the one whose customer it is.
		deaf := map[string]bool{}
		for _, g := range s.ofB() {
			if _, err := g.call(s.boris); fault.Of(err) == fault.NotFound && !strings.Contains(fault.Key(err), ".none") && err.Error() != "app.no-customer[A]" {
				deaf[g.verb+": "+err.Error()] = true
			}
		}
		for e := range deaf {
			t.Errorf("Boris’s own is not found: %s", e)
		}
	})
}

// covered tells whether every verb that a collector may use stands in one of the lists.
func (s *shared) covered() {
	s.t.Helper()
	known := map[string]bool{}
	for _, g := range append(s.ofB(), s.wide()...) {
		known[g.verb] = true
	}
	collector := s.app.As(Actor{Company: s.desk.actor.Company, User: s.free.actor.User, Role: org.Collector})
	house := reflect.TypeFor[*App]()
	for m := range reflect.TypeFor[*Desk]().Methods() {
		if _, of := house.MethodByName(m.Name); of || has(free, m.Name) || known[m.Name] || has(blind, m.Name) {
			continue
		}
		if err := s.call(collector, m); fault.Of(err) != fault.Forbidden {
			s.t.Errorf("%s is open to a collector, and nobody tried it with another’s customer: %v", m.Name, err)
		}
	}
}
