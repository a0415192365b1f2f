package ofx

import (
	"errors"
	"io"

	"relance/internal/domain/bank"
	"relance/internal/ground/fault"
	"relance/internal/ground/money"
)

// Limits of a file; a movement has some 300 bytes.
const (
	maxBytes      = 4 << 30
	maxText       = 4 << 10 // bytes of a value that are kept; the longest of the format has 255 characters
	maxMark       = 1 << 10
	maxHeader     = 16 << 10 // before the first mark
	maxDepth      = 40
	maxValues     = 200 // of one aggregate
	maxStatements = 100_000
	maxEntries    = 10_000_000
	maxProblems   = 1000
)

// aggregates are the marks that hold others and matter here; every other mark is a value, or is passed
// over. In version 1 only aggregates need to be closed.
var aggregates = map[string]bool{
	"STMTRS": true, "CCSTMTRS": true, "BANKACCTFROM": true, "CCACCTFROM": true, "BANKTRANLIST": true, "STMTTRN": true,
	"BANKTRANLISTP": true, "STMTTRNP": true, "PAYEE": true, "BANKACCTTO": true, "CCACCTTO": true, "CURRENCY": true,
	"ORIGCURRENCY": true, "LEDGERBAL": true, "AVAILBAL": true, "BALLIST": true, "BAL": true, "STATUS": true, "SONRS": true,
}

// Read reads every statement of a file and hands its movements to take, one by one. A movement that
// cannot be read stands in its statement's Errors and leaves the others alone. The error is take's own,
// or fault.Invalid: no OFX, no statement in it, an end that is missing, or beyond the limits.
func Read(r io.Reader, take bank.Take) ([]*bank.Statement, error) {
	rd := &reader{lex: newLexer(r), take: take}
	if !rd.lex.begins() {
		return nil, fault.New(fault.Invalid, "bank.ofx.not")
	}
	m, err := rd.lex.next()
	if errors.Is(err, io.EOF) || err == nil && m.name != "OFX" {
		return nil, fault.New(fault.Invalid, "bank.ofx.not")
	}
	for whole := false; err == nil; {
		m, err = rd.lex.next()
		switch {
		case errors.Is(err, io.EOF) && !whole:
			return nil, rd.lex.cut(err)
		case err != nil:
		case m.closes && m.name == "OFX":
			whole, err = true, rd.unwind(0)
		case m.closes:
			err = rd.close(m.name)
		case aggregates[m.name]:
			err = rd.open(m)
		default:
			rd.value(m)
		}
	}
	if !errors.Is(err, io.EOF) {
		return nil, err
	}
	rd.end()
	if len(rd.list) == 0 {
		return nil, fault.New(fault.Invalid, "bank.ofx.empty")
	}
	return rd.list, nil
}

// values are what an aggregate says: "TRNAMT", and "PAYEE.NAME" of an aggregate inside it.
type values map[string]string

type frame struct {
	name string
	line int
	says values
}

type reader struct {
	lex      *lexer
	take     bank.Take
	list     []*bank.Statement
	st       *bank.Statement // under way, nil outside
	path     []frame
	pending  int
	entries  int
	problems int
	line     int // where what is being read begins
}

// open begins an aggregate. A movement that begins inside another one ends it: its closing mark was
// forgotten.
func (rd *reader) open(m mark) error {
	switch m.name {
	case "STMTRS", "CCSTMTRS":
		if err := rd.unwind(0); err != nil {
			return err
		}
		rd.end()
		if err := rd.begin(); err != nil {
			return err
		}
	case "STMTTRN", "STMTTRNP":
		for i, f := range rd.path {
			if f.name == "STMTTRN" || f.name == "STMTTRNP" {
				if err := rd.unwind(i); err != nil {
					return err
				}
				break
			}
		}
	}
	if len(rd.path) >= maxDepth {
		return fault.New(fault.Invalid, "format.xml.too-deep", m.line)
	}
	rd.path = append(rd.path, frame{name: m.name, line: m.line, says: values{}})
	return nil
}

func (rd *reader) begin() error {
	if len(rd.list) >= maxStatements {
		return fault.New(fault.Invalid, "statement.many", maxStatements)
	}
	rd.st = &bank.Statement{}
	rd.list = append(rd.list, rd.st)
	return nil
}

// end closes the statement under way.
func (rd *reader) end() {
	if rd.st == nil {
		return
	}
	if rd.st.Currency == "" {
		rd.currency("")
	}
	if rd.pending > 0 {
		rd.line = 0
		rd.warn(rd.bad("status", "", "bank.pending", rd.pending))
	}
	rd.st, rd.pending = nil, 0
}

// value takes a value of the innermost aggregate. Currency and days are needed before the first
// movement, so they are taken at once.
func (rd *reader) value(m mark) {
	if len(rd.path) == 0 || m.text == "" {
		return
	}
	f := &rd.path[len(rd.path)-1]
	rd.line = m.line
	switch f.name {
	case "STMTRS", "CCSTMTRS":
		if m.name == "CURDEF" {
			rd.currency(m.text)
		}
	case "BANKTRANLIST":
		rd.period(m.name, m.text)
	default:
		if len(f.says) < maxValues {
			f.says[m.name] = m.text
		}
	}
}

// close ends an aggregate, and those inside it that were never closed.
func (rd *reader) close(name string) error {
	for i := len(rd.path) - 1; i >= 0; i-- {
		if rd.path[i].name == name {
			return rd.unwind(i)
		}
	}
	return nil // of a value, or of an aggregate that does not matter
}

// unwind ends the aggregates from the innermost to the one at place i.
func (rd *reader) unwind(i int) error {
	for len(rd.path) > i {
		f := rd.path[len(rd.path)-1]
		rd.path = rd.path[:len(rd.path)-1]
		if err := rd.ended(f); err != nil {
			return err
		}
	}
	return nil
}

func (rd *reader) ended(f frame) error {
	rd.line = f.line
	switch f.name {
	case "STMTRS", "CCSTMTRS":
		rd.end()
	case "STMTTRN":
		return rd.movement(f.says)
	case "STMTTRNP":
		rd.pending++
	case "BANKACCTFROM", "CCACCTFROM":
		if rd.st != nil && rd.st.Account == "" {
			rd.st.Account = account(f.says)
		}
	case "LEDGERBAL":
		rd.balance(f.says)
	case "PAYEE", "BANKACCTTO", "CCACCTTO", "CURRENCY":
		if len(rd.path) > 0 {
			up := rd.path[len(rd.path)-1].says
			for k, v := range f.says {
				if len(up) < maxValues {
					up[f.name+"."+k] = v
				}
			}
		}
	}
	return nil
}

// currency of the statement. CURDEF is mandatory in the format; a file without it is read in euros.
func (rd *reader) currency(text string) {
	if c := money.Currency(text); c.Valid() {
		rd.st.Currency = c
		return
	}
	rd.st.Currency = money.EUR
	rd.warn(rd.bad("currency", text, "format.currency.assumed"))
}

// period widens the days of the statement: some programs write a list for every movement.
func (rd *reader) period(name, text string) {
	if rd.st == nil {
		return
	}
	d, ok := date(text)
	switch {
	case name != "DTSTART" && name != "DTEND":
	case !ok:
		rd.warn(rd.bad("date", text, "format.date.ignored"))
	case name == "DTSTART" && (rd.st.From.IsZero() || d < rd.st.From):
		rd.st.From = d
	case name == "DTEND" && d > rd.st.To:
		rd.st.To = d
	}
}

// balance of the books. The available one (AVAILBAL) is another figure.
func (rd *reader) balance(says values) {
	if rd.st == nil {
		return
	}
	if rd.st.Currency == "" {
		rd.currency("")
	}
	sum, err := amount(says["BALAMT"], rd.st.Currency)
	if err != nil {
		rd.warn(rd.bad("balance", says["BALAMT"], "bank.balance.unreadable"))
		return
	}
	on, ok := date(says["DTASOF"])
	if !ok {
		rd.warn(rd.bad("date", says["DTASOF"], "format.date.ignored"))
	}
	rd.st.Closing = &bank.Balance{On: on, Amount: sum}
}

// bad is a problem at the place that is being read.
func (rd *reader) bad(field, value, key string, args ...any) fault.Problem {
	if r := []rune(value); len(r) > 80 {
		value = string(r[:80]) + "…"
	}
	return fault.Problem{Line: rd.line, Field: field, Value: value, Key: key, Args: args}
}

func (rd *reader) warn(p fault.Problem) {
	if rd.problems++; rd.problems <= maxProblems {
		rd.st.Warnings = append(rd.st.Warnings, p)
	}
}

func (rd *reader) fail(p fault.Problem) {
	if rd.problems++; rd.problems <= maxProblems {
		rd.st.Errors = append(rd.st.Errors, p)
	}
}
