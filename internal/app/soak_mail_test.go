package app

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"relance/internal/domain/dunning"
	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
	"relance/internal/store"
)

var invoiceNumber = regexp.MustCompile(`F-\d{5}`)

// mailsTrue looks at each mail that the server has just taken, with what the book knows at that moment.
func (l *life) mailsTrue() {
	l.t.Helper()
	l.post.mu.Lock()
	fresh := l.post.fresh
	l.post.fresh = nil
	l.post.mu.Unlock()
	for _, x := range fresh {
		row, steps := l.messageOf(x.msg.MessageID)
		in, err := readInputs(row)
		l.must(err)
		l.say("  left: %s to %v %v", row.Step, x.to, x.msg.Subject)
		l.sum.mails++
		l.takenOnce(x)
		l.ownCustomers(x, in)
		if row.Scenario == 0 || row.CopyOf != 0 {
			continue // an answer to something that happened: it asks for no step
		}
		l.stepOnce(x, steps)
		l.contactOnce(in.To.Code)
		// While the clock is set back, what is dated after it is not known yet (PRODUCT.md §7): the books are compared on their own day.
		if x.msg.Text != "" && l.todayThere() == l.today {
			l.asksWhatIsOwed(x, row, in)
		}
	}
}

// messageOf finds a mail in the outbox, with the steps that it took.
func (l *life) messageOf(mailID string) (row *store.Message, steps []store.Action) {
	l.t.Helper()
	company, rest, _ := strings.Cut(mailID, ".")
	number, _, _ := strings.Cut(rest, ".")
	if company != strconv.FormatInt(int64(l.desk.actor.Company), 36) {
		l.t.Fatalf("%s is of another company", mailID)
	}
	n, err := strconv.ParseInt(number, 36, 64)
	l.must(err)
	l.must(l.desk.view(l.ctx, func(tx *store.Tx) error {
		if row, err = tx.Message(l.ctx, id.Message(n)); err != nil {
			return err
		}
		steps, err = tx.ActionsOfMessages(l.ctx, []id.Message{row.ID})
		return err
	}))
	return row, steps
}

// No double (PRODUCT.md §3 rule 9): the server takes each message once. A person who settles an uncertain one knows what
// the server has.
func (l *life) takenOnce(x taken) {
	if n := l.post.took[x.msg.MessageID]; n > 1 {
		l.t.Errorf("the server took %s %d times", x.msg.MessageID, n)
	}
}

// Nothing goes to another company's customers, nor tells of another customer's invoices.
func (l *life) ownCustomers(x taken, in *inputs) {
	for _, to := range x.to {
		if to != l.address(in.To.Code) {
			l.t.Errorf("a mail for %s of %s went to %s", in.To.Code, l.code, to)
		}
	}
	given := ""
	for _, d := range in.Deductions { // a bank's text of money that a person gave to this customer
		given += d.Number
	}
	for _, number := range invoiceNumber.FindAllString(x.msg.Text, -1) {
		if o := l.book.bills[number]; (o == nil || o.customer != in.To.Code) && !strings.Contains(given, number) {
			l.t.Errorf("a mail for %s tells of %s: %+v\n%s", in.To.Code, number, o, x.msg.Text)
		}
	}
}

// No double: at most one message takes a step of an item in a cycle.
func (l *life) stepOnce(x taken, steps []store.Action) {
	for _, a := range steps {
		if a.State == "dropped" {
			continue
		}
		key := fmt.Sprint(a.Item, a.Scenario, a.Step, a.Cycle)
		if other := l.book.steps[key]; other != "" && other != x.msg.MessageID {
			l.t.Errorf("step %s of item %d left twice: %s and %s", a.Step, a.Item, other, x.msg.MessageID)
		}
		l.book.steps[key] = x.msg.MessageID
	}
}

// One contact in the contact gap of the shipped scenarios, seven days (PRODUCT.md §3 rules 2 and 8).
func (l *life) contactOnce(code string) {
	day := l.todayThere()
	for _, d := range l.book.written[code] {
		if apart := max(day.Sub(d), d.Sub(day)); apart > 0 && apart < 7 {
			l.t.Errorf("%s was written to on %s and on %s", code, d, day)
		}
	}
	if !slices.Contains(l.book.written[code], day) {
		l.book.written[code] = append(l.book.written[code], day)
	}
}

// todayThere is the company's day at the clock, which may be set back.
func (l *life) todayThere() cal.Date {
	y, m, d := l.at.In(l.zone).Date()
	return cal.Of(y, m, d)
}

// Nothing is asked that is paid, disputed, on hold or frozen on the day it leaves; of what is asked, the amounts are the
// book's (PRODUCT.md §3 rules 1, 6, 8).
func (l *life) asksWhatIsOwed(x taken, row *store.Message, in *inputs) {
	asked := map[string]bool{}
	for _, line := range in.Lines {
		asked[line.Number] = true
	}
	deducted := int64(0)
	for _, d := range in.Deductions {
		deducted += d.Amount
	}
	for _, number := range invoiceNumber.FindAllString(x.msg.Text, -1) {
		o := l.book.bills[number]
		if o == nil || !asked[number] {
			continue
		}
		if why := l.book.blocked(o, l.todayThere()); why != "" {
			l.t.Errorf("%s is asked for in %s, and held: %s\n%s", number, row.Step, why, x.msg.Text)
		}
		if !l.book.sure(o) {
			continue
		}
		open := o.amount - o.paid
		if open <= 0 {
			l.t.Errorf("%s is asked for, and paid", number)
		}
		if told := i18n.Amount(i18n.Lang(row.Language), money.Of(open, o.currency)); o.contested == 0 && !strings.Contains(blanks(x.msg.Text), blanks(told)) {
			l.t.Errorf("%s of %s is open, the mail does not say so:\n%s", told, number, x.msg.Text)
		}
	}
	if net := l.owes(account{in.To.Code, row.Currency}); row.Open-deducted > net && row.Kind != string(dunning.PreDue) {
		l.t.Errorf("%s is asked from %s, who owes %s in all\n%s", euros(row.Open-deducted), in.To.Code, euros(net), x.msg.Text)
	}
	if row.Kind == string(dunning.FormalNotice) && row.ApprovedBy == "scenario" {
		l.t.Errorf("a formal notice left by itself: message %d", row.ID)
	}
}

// blanks makes every blank one space.
func blanks(s string) string { return strings.Join(strings.Fields(s), " ") }
