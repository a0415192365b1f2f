package fec

import (
	"bufio"
	"bytes"
	"errors"
	"hash/maphash"
	"io"
	"strings"

	"relance/internal/format/charset"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/money"
)

// Limits of a ledger: a big company's year has some millions of lines.
const (
	maxBytes    = 4 << 30
	maxLine     = 64 << 10
	maxEmpty    = 10_000 // lines without anything, in a row
	maxEntries  = 3_000_000
	maxProblems = 1000
	maxOps      = 4_000_000 // entries whose nature is remembered
)

// side of the books that the other lines of an entry touch.
const (
	touchesSale = 1 << iota // 7xx, 4457x
	touchesBank             // 5xx
)

// Read reads a whole ledger. An error is fault.Invalid: "NOT_A_FEC", or beyond the limits; lines
// that cannot be read stand in Errors and leave the others alone.
func Read(r io.Reader) (*Ledger, error) {
	in := bufio.NewReaderSize(r, maxLine)
	head, _ := in.Peek(4096)
	e, bom := charset.Detect(head)
	if e == charset.UTF16LE || e == charset.UTF16BE {
		in = bufio.NewReaderSize(charset.UTF16(in, e), maxLine)
	} else if _, err := in.Discard(bom); err != nil {
		return nil, notFEC()
	}
	if bytes.IndexByte(head, 0) >= 0 && e != charset.UTF16LE && e != charset.UTF16BE {
		return nil, notFEC()
	}
	rd := &reader{in: in, enc: charset.UTF8, seed: maphash.MakeSeed(), touched: map[uint64]uint8{},
		journals: map[string]*tally{}, words: map[string]string{}, suppliers: map[string]int{}}
	if e == charset.CP1252 {
		rd.enc = charset.CP1252
	}
	first, err := rd.line()
	if err != nil {
		return nil, notFEC()
	}
	var ok bool
	if rd.lay, ok = parseHeader(charset.Line(first, rd.enc)); !ok {
		return nil, notFEC()
	}
	if err := rd.all(); err != nil {
		return nil, err
	}
	return rd.finish(), nil
}

// tally counts what the entries of a journal touch: sales or banks.
type tally struct{ sale, bank int }

type reader struct {
	in        *bufio.Reader
	enc       charset.Encoding
	lay       layout
	n         int // number of the line being read
	bytes     int64
	empty     int
	led       Ledger
	others    []Entry // 413, 416, 4191
	seed      maphash.Seed
	touched   map[uint64]uint8
	journals  map[string]*tally
	words     map[string]string // values met again and again, kept once
	suppliers map[string]int    // place by code
	cells     [columnCount][]byte
}

var errTooLong = errors.New("line too long")

// line gives the next line without its end; the bytes are valid until the next call.
func (rd *reader) line() ([]byte, error) {
	b, err := rd.in.ReadSlice('\n')
	rd.n++
	rd.bytes += int64(len(b))
	if errors.Is(err, bufio.ErrBufferFull) {
		return nil, errTooLong
	}
	if err != nil && (!errors.Is(err, io.EOF) || len(b) == 0) {
		return nil, err
	}
	return bytes.TrimRight(b, "\r\n"), nil
}

func (rd *reader) all() error {
	for {
		b, err := rd.line()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if errors.Is(err, errTooLong) {
			return fault.New(fault.Invalid, "format.line.too-long", rd.n)
		}
		if err != nil {
			return fault.New(fault.Invalid, "format.unreadable", err.Error())
		}
		if rd.bytes > maxBytes || len(rd.led.Entries)+len(rd.others) > maxEntries {
			return fault.New(fault.Invalid, "format.too-large", maxBytes>>20)
		}
		if len(bytes.TrimSpace(b)) == 0 {
			if rd.empty++; rd.empty > maxEmpty {
				return fault.New(fault.Invalid, "format.empty-lines", rd.n)
			}
			continue
		}
		rd.empty = 0
		rd.led.Lines++
		rd.one(b)
	}
}

func (rd *reader) fail(field, value, key string, args ...any) {
	if len(rd.led.Errors) < maxProblems {
		rd.led.Errors = append(rd.led.Errors, fault.Problem{Line: rd.n, Field: field, Value: cut(value), Key: key, Args: args})
	}
}

func cut(s string) string {
	if r := []rune(s); len(r) > 80 {
		return string(r[:80]) + "…"
	}
	return s
}

// one reads one line: every line tells the nature of its entry, only customer lines are kept.
func (rd *reader) one(b []byte) {
	n := rd.split(b)
	account := clean(rd.cells[colAccount])
	if n < rd.lay.at[colAccount]+1 {
		rd.fail("line", rd.text(b), "format.fec.columns", n, rd.lay.count)
		return
	}
	key := rd.entryKey()
	rd.touch(key, account)
	kind := accountKind(account)
	if kind == accountSupplier {
		rd.supplier(account)
	}
	if kind == 0 || kind == accountSupplier {
		return
	}
	if n < rd.needed() {
		rd.fail("line", rd.text(b), "format.fec.columns", n, rd.lay.count)
		return
	}
	e := Entry{Line: rd.n, key: key, Account: rd.word(account), Aux: rd.word(clean(rd.cells[colAux])),
		Journal: rd.word(clean(rd.cells[colJournal])), JournalLib: rd.word(clean(rd.cells[colJournalLib])),
		Num: rd.text(clean(rd.cells[colNum])), Ref: rd.text(clean(rd.cells[colRef])),
		Label: rd.text(clean(rd.cells[colLabel])), Letter: rd.word(clean(rd.cells[colLetter]))}
	if e.Name = rd.word(clean(rd.cells[colAuxLib])); e.Name == "" {
		e.Name = rd.word(clean(rd.cells[colAccountLib]))
	}
	if !rd.dates(&e) || !rd.amounts(&e) {
		return
	}
	if kind == accountReceivable {
		rd.led.Entries = append(rd.led.Entries, e)
	} else {
		rd.others = append(rd.others, e)
	}
}

// maxSuppliers bounds the suppliers whose balances are kept.
const maxSuppliers = 100_000

// supplier adds a line to the balance of a supplier. A line of it that cannot be read is no fault of the customers'
// side: it is left out.
func (rd *reader) supplier(account []byte) {
	e := Entry{}
	before := len(rd.led.Errors)
	if !rd.amounts(&e) {
		rd.led.Errors = rd.led.Errors[:before]
		return
	}
	code := rd.word(clean(rd.cells[colAux]))
	if code == "" {
		code = rd.word(account)
	}
	i, known := rd.suppliers[code]
	if !known {
		if len(rd.led.Suppliers) >= maxSuppliers {
			return
		}
		name := rd.word(clean(rd.cells[colAuxLib]))
		if name == "" {
			name = rd.word(clean(rd.cells[colAccountLib]))
		}
		i = len(rd.led.Suppliers)
		rd.suppliers[code] = i
		rd.led.Suppliers = append(rd.led.Suppliers, Supplier{Code: code, Name: name})
	}
	rd.led.Suppliers[i].Owed += e.Credit - e.Debit
}

// needed is how many columns a line must have: up to the last that is used and that real files
// do not cut when it is empty.
func (rd *reader) needed() int {
	last := 0
	for _, c := range []int{colDate, colAccount, colRef, colDebit, colCredit, colAmount, colSide} {
		last = max(last, rd.lay.at[c])
	}
	return last + 1
}

// split fills cells and gives the number of columns of the line.
func (rd *reader) split(b []byte) int {
	for i := range rd.cells {
		rd.cells[i] = nil
	}
	n := 0
	for rest, more := b, true; more; n++ {
		var c []byte
		c, rest, more = bytes.Cut(rest, []byte{rd.lay.sep})
		for col, at := range rd.lay.at {
			if at == n {
				rd.cells[col] = c
			}
		}
	}
	return n
}

// clean drops padding and the quotes that some exports put around texts.
func clean(b []byte) []byte {
	b = bytes.TrimSpace(b)
	if len(b) >= 2 && b[0] == '"' && b[len(b)-1] == '"' {
		b = bytes.TrimSpace(b[1 : len(b)-1])
	}
	return b
}

// text gives a value; a zero byte is in no text, and PostgreSQL keeps none that has it.
func (rd *reader) text(b []byte) string {
	if bytes.IndexByte(b, 0) >= 0 {
		b = bytes.ReplaceAll(b, []byte{0}, nil)
	}
	return charset.Line(b, rd.enc)
}

func (rd *reader) word(b []byte) string {
	if w, ok := rd.words[string(b)]; ok {
		return w
	}
	w := rd.text(b)
	if len(rd.words) < 100_000 {
		rd.words[string(b)] = w
	}
	return w
}

// entryKey names the entry of a line: journal, number, date and document. The document counts
// because some programs number every entry 0.
func (rd *reader) entryKey() uint64 {
	var h maphash.Hash
	h.SetSeed(rd.seed)
	for _, c := range []int{colJournal, colNum, colDate, colRef} {
		h.Write(rd.cells[c])
		h.WriteByte(0)
	}
	return h.Sum64()
}

func (rd *reader) touch(key uint64, account []byte) {
	var bit uint8
	switch {
	case bytes.HasPrefix(account, []byte("7")), bytes.HasPrefix(account, []byte("4457")):
		bit = touchesSale
	case bytes.HasPrefix(account, []byte("5")):
		bit = touchesBank
	default:
		return
	}
	if len(rd.touched) < maxOps || rd.touched[key] != 0 {
		rd.touched[key] |= bit
	}
	j := rd.journals[string(clean(rd.cells[colJournal]))]
	if j == nil {
		j = &tally{}
		if len(rd.journals) < 10_000 {
			rd.journals[string(clean(rd.cells[colJournal]))] = j
		}
	}
	if bit == touchesSale {
		j.sale++
	} else {
		j.bank++
	}
}

func (rd *reader) dates(e *Entry) bool {
	var ok bool
	raw := clean(rd.cells[colDate])
	if e.Date, ok = parseDate(raw); !ok || e.Date.IsZero() {
		rd.fail("issued", rd.text(raw), "format.date.impossible")
		return false
	}
	raw = clean(rd.cells[colRefDate])
	if e.RefDate, ok = parseDate(raw); !ok {
		rd.fail("issued", rd.text(raw), "format.date.impossible")
		return false
	}
	if e.RefDate.IsZero() {
		e.RefDate = e.Date
	}
	e.LetterDate, _ = parseDate(clean(rd.cells[colLetterDate]))
	return true
}

// parseDate reads AAAAMMJJ, and the ISO and French forms that some exports write; an empty date
// is none.
func parseDate(b []byte) (cal.Date, bool) {
	if len(b) == 0 {
		return 0, true
	}
	var y, m, d int
	switch {
	case len(b) == 8 && digits(b):
		y, m, d = num(b[:4]), num(b[4:6]), num(b[6:])
	case len(b) == 10 && b[4] == '-' && b[7] == '-':
		y, m, d = num(b[:4]), num(b[5:7]), num(b[8:])
	case len(b) == 10 && (b[2] == '/' || b[2] == '-') && b[5] == b[2]:
		y, m, d = num(b[6:]), num(b[3:5]), num(b[:2])
	default:
		return 0, false
	}
	if y < 1900 || y > 2199 || m < 1 || m > 12 || d < 1 {
		return 0, false
	}
	date := cal.Of(y, 1, 1).AddMonths(m - 1)
	if d > date.DaysInMonth() {
		return 0, false
	}
	return date.AddDays(d - 1), true
}

func digits(b []byte) bool {
	for _, c := range b {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// num reads digits; −1 when there is something else.
func num(b []byte) int {
	n := 0
	for _, c := range b {
		if c < '0' || c > '9' {
			return -1
		}
		n = n*10 + int(c-'0')
	}
	return n
}

// amounts fills Debit and Credit from one of the two variants; a line is one side, and a
// negative debit is a credit.
func (rd *reader) amounts(e *Entry) bool {
	var net int64
	if rd.lay.at[colDebit] >= 0 {
		d, ok1 := rd.cents(colDebit, "debit")
		c, ok2 := rd.cents(colCredit, "credit")
		if !ok1 || !ok2 {
			return false
		}
		net = d - c
	} else {
		a, ok := rd.cents(colAmount, "amount")
		if !ok {
			return false
		}
		switch side := strings.ToUpper(string(clean(rd.cells[colSide]))); side {
		case "D", "+1", "1", "+":
			net = a
		case "C", "-1", "-":
			net = -a
		default:
			rd.fail("side", side, "format.fec.side")
			return false
		}
	}
	e.Debit, e.Credit = max(net, 0), max(-net, 0)
	return true
}

func (rd *reader) cents(col int, field string) (int64, bool) {
	raw := clean(rd.cells[col])
	if len(raw) == 0 {
		return 0, true
	}
	s := strings.Map(func(r rune) rune {
		switch r {
		case ',':
			return '.'
		case ' ', '\u00a0', '\u202f', '\ufffd': // thousands, although the law has none
			return -1
		}
		return r
	}, string(raw))
	a, err := money.ParseDecimal(s, money.EUR)
	if err != nil {
		rd.fail(field, rd.text(raw), "format.amount.impossible")
		return 0, false
	}
	return a.Minor, true
}
