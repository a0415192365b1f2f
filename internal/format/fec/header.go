package fec

import (
	"strings"

	"relance/internal/format/charset"
	"relance/internal/ground/fault"
)

// The columns that are used, in the order of LPF A47 A-1 VII-1°.
const (
	colJournal = iota
	colJournalLib
	colNum
	colDate
	colAccount
	colAccountLib
	colAux
	colAuxLib
	colRef
	colRefDate
	colLabel
	colDebit
	colCredit
	colLetter
	colLetterDate
	colAmount // the variant: one amount and its side
	colSide
	columnCount
)

var columnNames = map[string]int{
	"journalcode": colJournal, "journallib": colJournalLib, "ecriturenum": colNum, "ecrituredate": colDate,
	"comptenum": colAccount, "comptelib": colAccountLib, "compauxnum": colAux, "compauxlib": colAuxLib,
	"pieceref": colRef, "piecedate": colRefDate, "ecriturelib": colLabel, "debit": colDebit,
	"credit": colCredit, "ecriturelet": colLetter, "datelet": colLetterDate,
	"montant": colAmount, "sens": colSide,
}

// layout is how the lines of one file are cut.
type layout struct {
	sep   byte
	at    [columnCount]int // place of each column, -1 when absent
	count int
}

// separators: tab or | by law; ; and , are met.
const separators = "\t|;,"

// parseHeader reads the first line; ok is false when it is not that of a FEC.
func parseHeader(line string) (lay layout, ok bool) {
	for i := range len(separators) {
		if n := strings.Count(line, separators[i:i+1]); n > lay.count {
			lay.sep, lay.count = separators[i], n
		}
	}
	if lay.count < 10 || len(line) > 2000 {
		return lay, false
	}
	for i := range lay.at {
		lay.at[i] = -1
	}
	cols := strings.Split(line, string(lay.sep))
	lay.count = len(cols)
	for i, c := range cols {
		if col, known := columnNames[columnName(c)]; known && lay.at[col] < 0 {
			lay.at[col] = i
		}
	}
	has := func(cols ...int) bool {
		for _, c := range cols {
			if lay.at[c] < 0 {
				return false
			}
		}
		return true
	}
	money := has(colDebit, colCredit) || has(colAmount, colSide)
	return lay, money && has(colJournal, colDate, colAccount, colRef, colLabel)
}

// columnName drops quotes, blanks, accents ("Débit") and case.
func columnName(s string) string {
	s = strings.Trim(s, " \"'\u00a0\ufeff\r\n")
	s = strings.ToLower(strings.Join(strings.Fields(s), ""))
	return strings.NewReplacer("é", "e", "è", "e", "_", "").Replace(s)
}

// IsHeader tells whether a line is the first line of a FEC.
func IsHeader(line string) bool {
	_, ok := parseHeader(strings.TrimPrefix(charset.Line([]byte(line), charset.UTF8), "\ufeff"))
	return ok
}

func notFEC() error { return fault.New(fault.Invalid, "NOT_A_FEC") }
