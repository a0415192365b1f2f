package cfonb

import (
	"errors"
	"io"
	"strings"

	"relance/internal/domain/bank"
	"relance/internal/ground/fault"
	"relance/internal/ground/ident"
	"relance/internal/ground/money"
)

// Read reads statements of 120 characters: an old balance (01), movements (04) with their details
// (05), a new balance (07), as often as there are accounts and days. The error is fault.Invalid when
// the file holds no such record or goes beyond the limits, else what take said.
func Read(r io.Reader, take bank.Take) ([]*bank.Statement, error) {
	rd := &reader{rs: newRecords(r, 120), take: take}
	for first := true; ; first = false {
		rec, err := rd.rs.next()
		if errors.Is(err, io.EOF) && !first {
			break
		}
		if errors.Is(err, io.EOF) || err == nil && first && !known(rec) {
			return nil, fault.New(fault.Invalid, "statement.cfonb.not")
		}
		if err == nil {
			err = rd.one(rec)
		}
		if err != nil {
			return rd.out, err
		}
	}
	if err := rd.close(); err != nil {
		return rd.out, err
	}
	return rd.all(), nil
}

func known(r *record) bool {
	switch r.code() {
	case "01", "04", "05", "07":
		return true
	}
	return false
}

// reader is the state of a file.
type reader struct {
	rs   *records
	take bank.Take
	sheaf
	entry *bank.Entry // under way: its details may follow
	det   details
	lost  bool // the movement before was refused, and its details with it
}

// sheaf is the statements of a file and their problems.
type sheaf struct {
	out      []*bank.Statement
	st       *bank.Statement // under way, nil outside
	number   string          // account number of st, as the records repeat it
	bank     string          // its bank's code
	orphans  []fault.Problem // met before any statement
	problems int
	entries  int
}

// all gives the statements, with the errors that belong to none.
func (s *sheaf) all() []*bank.Statement {
	if len(s.orphans) > 0 {
		s.out = append(s.out, &bank.Statement{Errors: s.orphans, Currency: money.EUR})
		s.orphans = nil
	}
	return s.out
}

func (s *sheaf) fail(line int, field, value, key string, args ...any) {
	if s.problems++; s.problems > maxProblems {
		return
	}
	p := fault.Problem{Line: line, Field: field, Value: value, Key: key, Args: args}
	switch {
	case s.st != nil:
		s.st.Errors = append(s.st.Errors, p)
	case len(s.out) > 0:
		last := s.out[len(s.out)-1]
		last.Errors = append(last.Errors, p)
	default:
		s.orphans = append(s.orphans, p)
	}
}

func (s *sheaf) warn(line int, field, value, key string, args ...any) {
	if s.problems++; s.problems <= maxProblems && s.st != nil {
		s.st.Warnings = append(s.st.Warnings, fault.Problem{Line: line, Field: field, Value: value, Key: key, Args: args})
	}
}

// begin opens a statement of an account.
func (s *sheaf) begin(bankCode, branch, number string, c money.Currency) error {
	if len(s.out) >= maxStatements {
		return fault.New(fault.Invalid, "statement.many", maxStatements)
	}
	s.st = &bank.Statement{Account: account(bankCode, branch, number), Currency: c, Errors: s.orphans}
	s.orphans, s.number, s.bank = nil, number, bankCode
	s.out = append(s.out, s.st)
	return nil
}

// give hands an entry over.
func (s *sheaf) give(e *bank.Entry, take bank.Take) error {
	if s.entries++; s.entries > maxEntries {
		return fault.New(fault.Invalid, "statement.entries", maxEntries)
	}
	s.st.Entries++
	s.st.Moved += e.Amount
	e.No = s.st.Entries
	return take(s.st, e)
}

// account is the IBAN of an account where its numbers make one: a record has no key, so it is
// computed (law-fr.md §9.3). A bank that leaves its branch at zero does not tell its IBAN.
func account(bankCode, branch, number string) string {
	if branch != "00000" {
		if iban, err := ident.MakeIBAN(bankCode, branch, number); err == nil {
			return iban
		}
	}
	return strings.Join(strings.Fields(bankCode+" "+branch+" "+number), " ")
}

// currency is that of a record; euros where the zone is blank.
func (s *sheaf) currency(r *record) money.Currency {
	c := money.Currency(r.zone(16, 19))
	if c.Valid() {
		return c
	}
	if c == "" {
		s.warn(r.line, "currency", "", "format.currency.assumed")
	} else {
		s.fail(r.line, "currency", string(c), "format.currency.unknown")
	}
	return money.EUR
}

func (rd *reader) one(r *record) error {
	if r.code() == "05" {
		rd.detail(r)
		return nil
	}
	if err := rd.flush(); err != nil {
		return err
	}
	rd.lost = false
	switch r.code() {
	case "01":
		return rd.open(r)
	case "04":
		rd.movement(r)
	case "07":
		return rd.closing(r)
	default:
		rd.fail(r.line, "line", cut(r.zone(0, 120)), "statement.cfonb.record", r.code())
	}
	return nil
}

// open begins a statement. A wrong date or balance leaves it without an opening balance, no more.
func (rd *reader) open(r *record) error {
	if err := rd.close(); err != nil {
		return err
	}
	if err := rd.begin(r.zone(2, 7), r.zone(11, 16), r.zone(21, 32), money.EUR); err != nil {
		return err
	}
	rd.st.Currency = rd.currency(r)
	if b := rd.balance(r); b != nil {
		rd.st.Opening, rd.st.From = b, b.On
	}
	return nil
}

// balance reads the balance of a record 01 or 07, nil when it is wrong.
func (rd *reader) balance(r *record) *bank.Balance {
	on, key := date(r.zone(34, 40))
	if key != "" {
		rd.fail(r.line, "date", r.zone(34, 40), key, r.zone(34, 40))
		return nil
	}
	minor, key := amount(r.text[90:104], r.text[19], rd.st.Currency)
	if key != "" {
		rd.fail(r.line, "balance", r.zone(90, 104), key, r.zone(90, 104))
		return nil
	}
	return &bank.Balance{On: on, Amount: minor}
}

// closing ends the statement of its account.
func (rd *reader) closing(r *record) error {
	if rd.st == nil || rd.number != r.zone(21, 32) {
		rd.fail(r.line, "account", r.zone(21, 32), "statement.cfonb.closing")
		return nil
	}
	rd.strange(r)
	if b := rd.balance(r); b != nil {
		rd.st.Closing, rd.st.To = b, b.On
	}
	rd.st = nil
	return nil
}

// strange warns of a record that names another bank for the same account: published samples do.
func (rd *reader) strange(r *record) {
	if b := r.zone(2, 7); b != rd.bank {
		rd.warn(r.line, "account", b, "statement.cfonb.bank", rd.bank)
	}
}

// close ends what is under way: a new statement or the end of the file comes.
func (rd *reader) close() error {
	if err := rd.flush(); err != nil {
		return err
	}
	if rd.st != nil {
		rd.warn(rd.rs.cur.line, "balance", "", "statement.cfonb.unclosed")
	}
	rd.st = nil
	return nil
}

// movement begins an entry.
func (rd *reader) movement(r *record) {
	rd.lost = true
	if rd.st == nil || rd.number != r.zone(21, 32) {
		rd.fail(r.line, "account", r.zone(21, 32), "statement.cfonb.outside")
		return
	}
	booked, key := date(r.zone(34, 40))
	if key != "" {
		rd.fail(r.line, "date", r.zone(34, 40), key, r.zone(34, 40))
		return
	}
	minor, key := amount(r.text[90:104], r.text[19], rd.st.Currency)
	if key != "" {
		rd.fail(r.line, "amount", r.zone(90, 104), key, r.zone(90, 104))
		return
	}
	if c := r.zone(16, 19); c != "" && money.Currency(c) != rd.st.Currency {
		rd.fail(r.line, "currency", c, "statement.currency", string(rd.st.Currency))
		return
	}
	rd.lost = false
	rd.strange(r)
	value := booked
	if v := r.zone(42, 48); v != "" && v != "000000" {
		if value, key = date(v); key != "" {
			rd.warn(r.line, "value", v, "format.date.ignored")
			value = booked
		}
	}
	rd.entry = &bank.Entry{Line: r.line, Booked: booked, Value: value, Amount: minor, Code: r.zone(32, 34), Ref: r.zone(104, 120)}
	rd.det = details{currency: rd.st.Currency}
	rd.det.say(r.zone(48, 80))
	if reject := r.zone(40, 42); reject != "" && reject != "00" {
		rd.det.reject = reject
	}
}

// detail adds a record 05 to the movement under way.
func (rd *reader) detail(r *record) {
	switch {
	case rd.lost: // told with its movement
	case rd.entry == nil:
		rd.fail(r.line, "line", cut(r.zone(0, 120)), "statement.cfonb.detail")
	case rd.det.n == maxDetails:
		rd.warn(r.line, "line", "", "statement.cfonb.details", maxDetails)
		rd.det.n++
	default:
		rd.det.add(r)
	}
}

// flush completes the entry under way and hands it over.
func (rd *reader) flush() error {
	if rd.entry == nil {
		return nil
	}
	e := rd.entry
	rd.entry = nil
	if e.Ref == "" {
		e.Ref = rd.det.ref
	}
	e.Lines = []bank.Line{rd.det.line(e)}
	return rd.give(e, rd.take)
}

func cut(s string) string {
	if r := []rune(s); len(r) > 80 {
		return string(r[:80]) + "…"
	}
	return s
}
