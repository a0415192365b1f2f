package camt

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"relance/internal/domain/bank"
	"relance/internal/format/charset"
	"relance/internal/ground/fault"
	"relance/internal/ground/money"
)

// Limits of a file. An entry with one transaction is about 2 kB; a collection of direct debits that
// is booked as one entry holds some thousands.
const (
	maxBytes        = 16 << 30
	maxToken        = 1 << 20 // bytes between two marks
	maxText         = 4 << 10 // bytes kept of one text; the longest of the schemas has 500 characters
	maxDepth        = 40
	maxNodes        = 20_000 // elements of one entry or transaction
	maxTransactions = 30_000 // of one entry that are kept
	maxStatements   = 100_000
	maxEntries      = 10_000_000
	maxProblems     = 1000
)

// parts are the elements that are statements, below a message whose name begins with "BkToCstmr".
const parts = "Stmt|Rpt|Ntfctn"

// Read reads every statement of a file and hands its booked entries to take, one by one. An entry
// that cannot be read stands in its statement's Errors and leaves the others alone. The error is
// take's own, or fault.Invalid: no CAMT, no statement in it, malformed, or beyond the limits.
func Read(r io.Reader, take bank.Take) ([]*bank.Statement, error) {
	in := bufio.NewReaderSize(r, 64<<10)
	head, _ := in.Peek(4096)
	e, bom := charset.Detect(head)
	src := &source{src: in, left: maxToken, all: maxBytes}
	if e == charset.UTF16LE || e == charset.UTF16BE {
		src.src = charset.UTF16(in, e)
	} else {
		if _, err := in.Discard(bom); err != nil {
			return nil, fault.New(fault.Invalid, "format.unreadable", err.Error())
		}
		if !bytes.HasPrefix(bytes.TrimLeft(head[bom:], " \t\r\n"), []byte("<")) {
			return nil, fault.New(fault.Invalid, "format.xml.not")
		}
	}
	rd := &reader{src: src, dec: xml.NewDecoder(src), take: take}
	rd.dec.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // already UTF-8
	if err := rd.document(); err != nil {
		return nil, err
	}
	if len(rd.list) == 0 {
		return nil, fault.New(fault.Invalid, "bank.camt.empty")
	}
	return rd.list, nil
}

type reader struct {
	src      *source
	dec      *xml.Decoder
	take     bank.Take
	list     []*bank.Statement
	nodes    int // elements of what is under way
	entries  int
	problems int
	line     int // where what is being read begins
	current
}

// current is what a statement under way needs until its end.
type current struct {
	st      *bank.Statement
	interim money.Currency // of an interim balance: the account's own, when nothing else says it
	opening string         // code of the balance that was taken, "" for none
	pending int
}

// document finds the statements wherever the message stands: alone, or in a bank's envelope.
func (rd *reader) document() error {
	var open []string
	for {
		tok, err := rd.token()
		switch {
		case errors.Is(err, io.EOF) && len(open) > 0:
			return rd.malformed("<" + open[len(open)-1] + ">")
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			if len(open) > 0 && named(parts, tok.Name.Local) && strings.HasPrefix(open[len(open)-1], "BkToCstmr") {
				if err := rd.statement(tok.Name.Local); err != nil {
					return err
				}
				continue
			}
			if open = append(open, tok.Name.Local); len(open) > maxDepth {
				return fault.New(fault.Invalid, "format.xml.too-deep", rd.at())
			}
		case xml.EndElement:
			if len(open) == 0 {
				return rd.malformed("</" + tok.Name.Local + ">")
			}
			if err := rd.closes(open[len(open)-1], tok.Name.Local); err != nil {
				return err
			}
			open = open[:len(open)-1]
		}
	}
}

// statement reads one Stmt, Rpt or Ntfctn, child by child.
func (rd *reader) statement(name string) error {
	if len(rd.list) >= maxStatements {
		return fault.New(fault.Invalid, "statement.many", maxStatements)
	}
	rd.current = current{st: &bank.Statement{}}
	rd.list = append(rd.list, rd.st)
	for {
		tok, err := rd.token()
		switch {
		case errors.Is(err, io.EOF):
			return rd.malformed("<" + name + ">")
		case err != nil:
			return err
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			rd.nodes, rd.line = 0, rd.at()
			if tok.Name.Local == "Ntry" {
				err = rd.booked(tok)
			} else {
				err = rd.heading(tok)
			}
			if err != nil {
				return err
			}
		case xml.EndElement:
			rd.end()
			return rd.closes(name, tok.Name.Local)
		}
	}
}

// booked reads an entry and hands it over, unless it is pending or cannot be read.
func (rd *reader) booked(start xml.StartElement) error {
	if rd.entries++; rd.entries > maxEntries {
		return fault.New(fault.Invalid, "statement.entries", maxEntries)
	}
	if rd.st.Currency == "" {
		rd.st.Currency = rd.interim
	}
	p := &entry{rd: rd, st: rd.st}
	n, err := rd.element(start, 1, p.transaction)
	if err != nil {
		return err
	}
	e := p.read(n)
	if e == nil {
		return nil
	}
	rd.st.Entries++
	rd.st.Moved += e.Amount
	e.No, e.Line = rd.st.Entries, rd.line
	return rd.take(rd.st, e)
}

func (rd *reader) end() {
	if rd.st.Currency == "" {
		rd.st.Currency = rd.interim
	}
	if rd.pending > 0 {
		rd.line = 0
		rd.warn(rd.bad("status", "", "bank.pending", rd.pending))
	}
}

// bad is a problem at the place that is being read.
func (rd *reader) bad(field, value, key string, args ...any) fault.Problem {
	return fault.Problem{Line: rd.line, Field: field, Value: cut(value), Key: key, Args: args}
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

func cut(s string) string {
	if r := []rune(s); len(r) > 80 {
		return string(r[:80]) + "…"
	}
	return s
}
