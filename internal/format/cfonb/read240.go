package cfonb

import (
	"errors"
	"io"
	"strings"

	"relance/internal/domain/bank"
	"relance/internal/domain/cash"
	"relance/internal/ground/fault"
	"relance/internal/ground/money"
)

// What stands where in 240 characters, 0-based. The brochure ("Opérations au format interbancaire
// restituées à la clientèle", May 2004) is not public any more; the places are those on which two open
// programs agree, and a published sample of transfers [B].
//
//	all      0–1 record: 31 header, 34 operation, 39 total · 8–9 operation · 10–15 day · 16 "E": euros
//	31, 39   21–41 our bank, branch and account · 39 only: 228–239 total in cents
//	34       21–41 and 42–65 one account and its holder · 77–97 and 98–121 the other · 122–127 reference of
//	         the presenter · 128–213 words · 228–239 cents; where something comes back: 226–227 why [B, one
//	         program], 152–182 our own reference, up to a slash [B, one program]
//
// One program takes 214–219 for the day of the return, the other 216–221 for that of the original: neither is
// read. Which of the two accounts is ours is told by the header.

// restored are the operation codes of the 240 format. 20 is in the sample; 21 and 81 are the defaults of an
// open program for what comes back [B]; 61 follows the same order [C]. Of other codes only what says why
// it comes back is taken, as money out: the rest may go either way.
var restored = map[string]struct {
	method cash.Method
	back   bool
	out    bool
}{
	"20": {cash.Transfer, false, false},
	"21": {cash.Transfer, true, false},   // our transfer comes back: money in
	"61": {cash.Bill, true, true},        // our bill is unpaid
	"81": {cash.DirectDebit, true, true}, // our debit is unpaid
}

// Read240 reads the operations that banks hand back in records of 240 characters: unpaid debits and bills
// and returned transfers, each with its reason, and transfers received. They are details of what
// the statement of the account says too: who reads both reads the same money twice. A statement of them has
// no balance. Errors are those of Read.
func Read240(r io.Reader, take bank.Take) ([]*bank.Statement, error) {
	rd := &operations240{rs: newRecords(r, 240), take: take}
	for first := true; ; first = false {
		rec, err := rd.rs.next()
		if errors.Is(err, io.EOF) && !first {
			break
		}
		if errors.Is(err, io.EOF) || err == nil && first && !known240(rec) {
			return nil, fault.New(fault.Invalid, "statement.cfonb240.not")
		}
		if err == nil {
			err = rd.one(rec)
		}
		if err != nil {
			return rd.out, err
		}
	}
	return rd.all(), nil
}

func known240(r *record) bool { c := r.code(); return c == "31" || c == "34" || c == "39" }

type operations240 struct {
	rs   *records
	take bank.Take
	sheaf
	sum int64 // of the operations since the header, without signs
}

func (rd *operations240) one(r *record) error {
	switch r.code() {
	case "31":
		rd.sum, rd.st = 0, nil
		if err := rd.begin(r.zone(21, 26), r.zone(26, 31), r.zone(31, 42), money.EUR); err != nil {
			return err
		}
		if on, key := date(r.zone(10, 16)); key == "" {
			rd.st.From, rd.st.To = on, on
		}
	case "34":
		return rd.operation(r)
	case "39":
		rd.total(r)
	default:
		rd.fail(r.line, "line", cut(r.zone(0, 240)), "statement.cfonb240.record", r.code())
	}
	return nil
}

// total compares the sum that the bank states.
func (rd *operations240) total(r *record) {
	if rd.st == nil {
		rd.fail(r.line, "line", cut(r.zone(0, 240)), "statement.cfonb240.outside")
		return
	}
	if stated, key := amount(r.text[228:240], '2', money.EUR); key != "" || stated != rd.sum {
		rd.warn(r.line, "amount", r.zone(228, 240), "statement.cfonb240.total", money.Euros(rd.sum))
	}
	rd.st = nil
}

// operation reads a record 34 and hands its entry over.
func (rd *operations240) operation(r *record) error {
	if rd.st == nil {
		rd.fail(r.line, "line", cut(r.zone(0, 240)), "statement.cfonb240.outside")
		return nil
	}
	booked, key := date(r.zone(10, 16))
	if key != "" {
		rd.fail(r.line, "date", r.zone(10, 16), key, r.zone(10, 16))
		return nil
	}
	cents, key := amount(r.text[228:240], '2', money.EUR)
	if key != "" {
		rd.fail(r.line, "amount", r.zone(228, 240), key, r.zone(228, 240))
		return nil
	}
	if c := r.zone(16, 17); c != "" && c != "E" {
		rd.fail(r.line, "currency", c, "format.currency.unknown")
		return nil
	}
	rd.sum += max(cents, -cents)
	code := r.zone(8, 10)
	op, listed := restored[code]
	reason := r.zone(226, 228)
	if !listed {
		op.back, op.out = reason != "", true
		if reason == "" {
			rd.fail(r.line, "code", code, "statement.cfonb240.operation")
			return nil
		}
	}
	l := bank.Line{Amount: cents, Method: string(op.method), Text: strings.Join(strings.Fields(r.zone(128, 214)), " "), Payer: rd.other(r)}
	if op.out {
		l.Amount = -cents
	}
	if op.back {
		l.Return = &bank.Return{Code: reason}
		own, _, _ := strings.Cut(r.zone(152, 183), "/")
		l.Original = provided(strings.TrimSpace(own))
	}
	e := &bank.Entry{Line: r.line, Booked: booked, Value: booked, Amount: l.Amount, Code: code, Ref: r.zone(122, 128), Lines: []bank.Line{l}}
	rd.st.From, rd.st.To = min(rd.st.From, booked), max(rd.st.To, booked)
	if rd.st.From.IsZero() {
		rd.st.From = booked
	}
	return rd.give(e, rd.take)
}

// other is the account that is not ours, of the two that the record names.
func (rd *operations240) other(r *record) bank.Party {
	at := 21
	if r.zone(31, 42) == rd.number && r.zone(21, 26) == rd.bank {
		at = 77
	}
	p := bank.Party{Name: r.zone(at+21, at+45)}
	if number := r.zone(at+10, at+21); strings.Trim(number, "0") != "" {
		p.IBAN = account(r.zone(at, at+5), r.zone(at+5, at+10), number)
	}
	return p
}
