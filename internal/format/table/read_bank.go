package table

import (
	"strings"

	"relance/internal/domain/bank"
	"relance/internal/domain/cash"
	"relance/internal/ground/fault"
	"relance/internal/ground/ident"
	"relance/internal/ground/money"
)

// Limits of a bank's statement in a table.
const (
	maxAccounts     = 1000 // accounts and currencies in one file
	maxBankProblems = 1000
)

// ReadBank streams one entry a line. A table gives one statement for each account and currency that its
// lines name, one in all where they name none; the lines above the header tell the account and its
// balances, and so does a column of running balances that follows from the amounts, in whatever order the
// days stand. An error is what stops the whole file, or what take said.
func (s *Sheet) ReadBank(m *Mapping, take bank.Take) ([]*bank.Statement, error) {
	l, err := s.reader(m)
	if err != nil {
		return nil, err
	}
	top, err := s.preamble()
	if err != nil {
		return nil, err
	}
	b := &bankReader{line: l, top: top, take: take, of: map[string]*account{}, signed: l.signedDebits()}
	if err := l.rows(func() bool { b.err = b.row(); return b.err == nil }); err != nil {
		return b.statements(), err
	}
	return b.statements(), b.err
}

type bankReader struct {
	*line
	top      above
	take     bank.Take
	of       map[string]*account
	order    []*account
	signed   bool // debits are written below zero
	problems int
	err      error
}

// account is a statement under way with its running balance.
type account struct {
	st      *bank.Statement
	run     running
	pending int
}

// signedDebits tells whether the column of debits holds negative amounts, as some banks write them.
func (l *line) signedDebits() bool {
	i, ok := l.at["debit"]
	if !ok {
		return false
	}
	p := l.s.profiles()[l.cols[i].Index]
	return p.negative*2 > p.amounts
}

// row reads one line and hands its entry over.
func (b *bankReader) row() error {
	if b.footer() {
		return nil
	}
	c := b.currency("amount", "credit", "debit", "balance")
	if !b.has("currency") && c == money.EUR && b.top.currency != "" {
		c = b.top.currency
	}
	a, err := b.account(c)
	if err != nil {
		return err
	}
	if pendingStatus[fold(b.text("status"))] {
		a.pending++
		return nil
	}
	e := b.entry(c)
	if e != nil {
		b.follow(a, e)
	}
	b.note(a.st)
	if e == nil {
		return nil
	}
	return b.take(a.st, e)
}

// follow counts an entry with its statement and its balance with the others; a balance that cannot be
// read refuses no movement.
func (b *bankReader) follow(a *account, e *bank.Entry) {
	a.st.Entries++
	a.st.Moved += e.Amount
	e.No = a.st.Entries
	if a.st.From.IsZero() || e.Booked < a.st.From {
		a.st.From = e.Booked
	}
	a.st.To = max(a.st.To, e.Booked)
	if !b.has("balance") {
		return
	}
	balance := b.amount("balance", a.st.Currency)
	if balance == nil {
		a.run.broken = true
		b.notes.Warnings = append(b.notes.Warnings, b.notes.Errors...)
		b.notes.Errors = nil
		return
	}
	a.run.add(e.Booked, e.Amount, balance.Minor)
}

// footer tells whether the line is no movement: a total, or a balance among the lines.
func (b *bankReader) footer() bool {
	first := ""
	for _, c := range b.cells {
		if c != "" {
			first = c
			break
		}
	}
	label, day := b.text("label"), b.text("date")
	if isTotal(first) || isBalance(day) || day == "" && isTotal(label) {
		return true
	}
	nothing := b.text("amount") == "" && b.text("debit") == "" && b.text("credit") == ""
	return nothing && (isBalance(first) || isBalance(label) || isTotal(label))
}

// account is the statement that the line belongs to.
func (b *bankReader) account(c money.Currency) (*account, error) {
	number := b.top.account
	if v := b.text("account"); v != "" {
		number = accountNumber(v)
	}
	key := number + "|" + string(c)
	a := b.of[key]
	if a == nil {
		if len(b.order) >= maxAccounts {
			return nil, fault.New(fault.Invalid, "statement.many", maxAccounts)
		}
		a = &account{st: &bank.Statement{Account: number, Currency: c}}
		b.of[key] = a
		b.order = append(b.order, a)
	}
	return a, nil
}

// note keeps the problems of the line with its statement.
func (b *bankReader) note(st *bank.Statement) {
	if b.problems += len(b.notes.Errors) + len(b.notes.Warnings); b.problems > maxBankProblems {
		return
	}
	st.Errors = append(st.Errors, b.notes.Errors...)
	st.Warnings = append(st.Warnings, b.notes.Warnings...)
}

// entry is the movement of the line, nil when the line is refused.
func (b *bankReader) entry(c money.Currency) *bank.Entry {
	e := &bank.Entry{Line: b.no, Booked: b.date("date"), Value: b.date("value_date"), Ref: b.text("bank_ref")}
	if e.Booked.IsZero() && b.text("date") == "" {
		e.Booked = e.Value
	}
	if e.Value.IsZero() {
		e.Value = e.Booked
	}
	if e.Booked.IsZero() && len(b.notes.Errors) == 0 {
		b.fail("date", "", "format.missing")
	}
	amount, fee := b.moved(c), b.amount("fee", c)
	if len(b.notes.Errors) > 0 {
		return nil
	}
	if e.Ref == "" {
		e.Ref = noReference(b.text("reference"))
	}
	l := bank.Line{EndToEnd: noReference(b.text("end_to_end"))}
	if fee != nil && !b.wholeAmount() { // Revolut writes it beside the amount
		positive(fee)
		amount -= fee.Minor
		if amount > 0 {
			l.Charges = fee.Minor
		}
	}
	e.Amount, l.Amount = amount, amount
	b.say(&l)
	e.Lines = []bank.Line{l}
	return e
}

// moved is the signed amount of the line.
func (b *bankReader) moved(c money.Currency) int64 {
	before := len(b.notes.Errors)
	var sum int64
	found := false
	debit, credit := b.amount("debit", c), b.amount("credit", c)
	if debit != nil && !debit.IsZero() {
		found = true
		if sum += debit.Minor; !b.signed {
			sum -= 2 * debit.Minor
		}
	}
	if credit != nil && !credit.IsZero() {
		sum, found = sum+credit.Minor, true
	}
	if a := b.amount("amount", c); a != nil && !found {
		sum, found = a.Minor, true
		if out, known := outward(b.text("side")); known { // the side alone says it, whatever sign stands beside it
			if sum < 0 != out {
				sum = -sum
			}
		} else if v := b.text("side"); v != "" {
			b.fail("side", v, "statement.table.side")
		}
	}
	if !found && debit == nil && credit == nil && len(b.notes.Errors) == before {
		b.fail("amount", "", "format.missing")
	}
	return sum
}

// wholeAmount tells whether the amount already holds the fee: "Total amount", "Montant total".
func (b *bankReader) wholeAmount() bool {
	i, ok := b.at["amount"]
	return !ok || strings.Contains(fold(b.cols[i].Header), "total")
}

// say fills what the line says of the payment.
func (b *bankReader) say(l *bank.Line) {
	var texts []string
	for _, f := range []string{"label", "label_2", "reference"} {
		t := strings.Join(strings.Fields(b.text(f)), " ")
		known := t == ""
		for _, other := range texts {
			known = known || strings.Contains(other, t)
		}
		if !known {
			texts = append(texts, t)
		}
	}
	l.Text = strings.Join(texts, "\n")
	for _, f := range []string{"reference", "label"} {
		if r := ident.CreditorReference(b.text(f)); r.Valid() && l.Structured == "" {
			l.Structured = r.Value
		}
	}
	l.Payer = bank.Party{Name: strings.Join(strings.Fields(b.text("name")), " "), IBAN: accountNumber(b.text("iban")), BIC: b.text("bic")}
	how, back := bankWords(b.text("label"))
	if how == cash.Unspecified {
		how, _ = bankWords(b.text("method"))
	}
	if m, known := method(b.text("method")); how == cash.Unspecified && known {
		how = m
	}
	l.Method = string(how)
	if back && l.Amount < 0 {
		l.Return = &bank.Return{Text: strings.Join(strings.Fields(b.text("label")), " ")}
	}
}

// statements closes what was read.
func (b *bankReader) statements() []*bank.Statement {
	var out []*bank.Statement
	for _, a := range b.order {
		st := a.st
		if a.pending > 0 {
			st.Warnings = append(st.Warnings, fault.Problem{Field: "status", Key: "statement.table.pending", Args: []any{a.pending}})
		}
		opening, closing, ok := a.run.balances(st.Moved)
		switch {
		case ok:
			st.Opening, st.Closing = &bank.Balance{On: st.From.AddDays(-1), Amount: opening}, &bank.Balance{On: st.To, Amount: closing}
		case len(b.order) == 1: // what stands above the header speaks of one account
			st.Opening, st.Closing = b.top.opening, b.top.closing
			if c := st.Closing; c != nil && c.On.IsZero() {
				c.On = st.To
			}
			if o := st.Opening; o != nil && o.On.IsZero() && !st.From.IsZero() {
				o.On = st.From.AddDays(-1)
			}
		}
		if !ok && a.run.n > 1 {
			st.Warnings = append(st.Warnings, fault.Problem{Field: "balance", Key: "statement.table.balance"})
		}
		out = append(out, st)
	}
	return out
}
