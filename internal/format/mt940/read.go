package mt940

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"regexp"
	"strings"

	"relance/internal/domain/bank"
	"relance/internal/format/charset"
	"relance/internal/ground/fault"
	"relance/internal/ground/ident"
	"relance/internal/ground/money"
)

// Limits of a file. A message's line has 65 characters and a movement some ten lines.
const (
	maxBytes      = 4 << 30
	maxLine       = 64 << 10
	maxField      = 16 << 10 // characters kept of one field
	maxStray      = 1000     // lines before the first field
	maxEntries    = 10_000_000
	maxStatements = 200_000
	maxProblems   = 1000
	maxInfos      = 50 // fields 86 of one movement
)

// Read reads every message of a file. The error is fault.Invalid when the file holds no message or goes
// beyond the limits, else what take said.
func Read(r io.Reader, take bank.Take) ([]*bank.Statement, error) {
	in := bufio.NewReaderSize(r, maxLine)
	head, _ := in.Peek(4096) // what cannot be read shows again below
	e, bom := charset.Detect(head)
	switch e {
	case charset.UTF16LE, charset.UTF16BE:
		in, e = bufio.NewReaderSize(charset.UTF16(in, e), maxLine), charset.UTF8
	default:
		_, _ = in.Discard(bom) // peeked: cannot fail
	}
	rd := &reader{in: in, enc: e, take: take}
	err := rd.lines()
	if err == nil {
		err = rd.message("")
	}
	if err == nil && !rd.any {
		err = fault.New(fault.Invalid, "statement.mt940.not")
	}
	if err == nil && len(rd.orphans) > 0 {
		rd.out = append(rd.out, &bank.Statement{Errors: rd.orphans, Currency: money.EUR})
	}
	return rd.out, err
}

// reader is the state of a file.
type reader struct {
	in    *bufio.Reader
	enc   charset.Encoding
	take  bank.Take
	no    int // line being read
	bytes int64

	tag  string // field under way, "" between messages
	text strings.Builder
	at   int // its line
	any  bool

	out      []*bank.Statement
	st       *bank.Statement // of the message under way, nil before its opening balance
	begun    bool            // a message is under way: 20 or 25 was met
	account  string
	id       string
	rabobank bool // the dialect in which 61 names who paid
	middle   bool // the last closing balance was intermediate
	orphans  []fault.Problem
	problems int
	entries  int

	entry *bank.Entry
	line  bank.Line
	info  info
	lost  bool // the movement before was refused, and its information with it
}

var tagged = regexp.MustCompile(`^:([0-9]{2}[A-Z]?|NS|940):`)

// lines walks the file and hands over each whole field.
func (rd *reader) lines() error {
	for {
		text, err := rd.next()
		if errors.Is(err, io.EOF) {
			return rd.field("", "")
		}
		if err != nil {
			return err
		}
		if strings.HasPrefix(text, "{") { // blocks of SWIFT: {1:…}{2:…}{4:
			if err := rd.field("", ""); err != nil {
				return err
			}
			i := strings.Index(text, "{4:")
			if i < 0 {
				continue
			}
			text = text[i+3:]
		}
		m := tagged.FindStringSubmatch(text)
		switch {
		case m != nil:
			err = rd.field(m[1], text[len(m[0]):])
		case ends(text):
			if err = rd.field("", ""); err == nil {
				err = rd.message("")
			}
		case rd.tag == "":
			if !rd.any && rd.no > maxStray {
				return fault.New(fault.Invalid, "statement.mt940.not")
			}
		case rd.text.Len()+len(text) < maxField:
			rd.text.WriteByte('\n')
			rd.text.WriteString(text)
		}
		if err != nil {
			return err
		}
	}
}

// ends tells the line behind a message: "-", "-}{5:…", ING's "-XXX".
func ends(text string) bool {
	t := strings.TrimSpace(text)
	return t == "-" || t == "-XXX" || strings.HasPrefix(t, "-}")
}

// next gives a line of text without its end.
func (rd *reader) next() (string, error) {
	b, err := rd.in.ReadSlice('\n')
	rd.no++
	rd.bytes += int64(len(b))
	switch {
	case errors.Is(err, bufio.ErrBufferFull):
		return "", fault.New(fault.Invalid, "format.line.too-long", rd.no)
	case errors.Is(err, io.EOF) && len(b) == 0:
		return "", io.EOF
	case err != nil && !errors.Is(err, io.EOF):
		return "", fault.New(fault.Invalid, "format.unreadable", err.Error())
	case rd.bytes > maxBytes:
		return "", fault.New(fault.Invalid, "format.too-large", maxBytes>>20)
	}
	b = bytes.TrimRight(b, "\r\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r < ' ': // the marks around a transmission, zeros
			return -1
		case r == '\u00ad': // a hyphen that no one sees, in the days of ING
			return '-'
		}
		return r
	}, charset.Line(b, rd.enc)), nil
}

// field does what the field under way says and begins another.
func (rd *reader) field(tag, text string) error {
	was, value, at := rd.tag, rd.text.String(), rd.at
	rd.tag, rd.at = tag, rd.no
	rd.text.Reset()
	rd.text.WriteString(text)
	switch was {
	case "20":
		return rd.message(value)
	case "25", "25P":
		rd.account, rd.begun, rd.any = accountOf(value), true, true
	case "28", "28C":
		rd.id, rd.any = strings.TrimSpace(value), true
	case "60", "60F", "60M":
		return rd.opening(at, value, was == "60M")
	case "61":
		return rd.movement(at, value)
	case "62", "62F", "62M":
		return rd.closing(at, value, was == "62M")
	case "64", "65", "90C", "90D":
		return rd.flush()
	case "86":
		rd.explain(value)
	case "NS":
		if rd.entry != nil {
			rd.info.nonSwift(value)
		}
	case "940":
		rd.rabobank = true
	}
	return nil
}

// message ends the message under way and begins another with its reference.
func (rd *reader) message(reference string) error {
	if err := rd.flush(); err != nil {
		return err
	}
	if rd.tag == "" && reference == "" { // between messages
		rd.begun = false
	} else {
		rd.begun, rd.any = true, true
	}
	rd.st, rd.account, rd.id, rd.lost = nil, "", "", false
	rd.rabobank = rd.rabobank || strings.HasPrefix(reference, "940A")
	return nil
}

// accountOf is an IBAN where field 25 holds one, alone, with the bank before it or the currency behind
// it; else the bank's numbers.
func accountOf(text string) string {
	text = strings.TrimSpace(strings.ReplaceAll(text, "\n", ""))
	bare := text
	if n := len(text); n > 5 && money.Currency(text[n-3:]).Valid() {
		bare = strings.TrimSpace(text[:n-3])
	}
	parts := strings.Split(text, "/")
	for _, v := range []string{text, bare, parts[len(parts)-1]} {
		if f := ident.IBAN(v); f.Valid() {
			return f.Value
		}
	}
	return cut(strings.Join(strings.Fields(strings.ReplaceAll(bare, "/", " ")), " "))
}

// opening begins a statement, or goes on with the one before.
func (rd *reader) opening(at int, text string, middle bool) error {
	if err := rd.flush(); err != nil {
		return err
	}
	b, c, key := balance(text)
	if c == "" {
		c = money.EUR
	}
	if n := len(rd.out); middle && rd.middle && n > 0 && rd.out[n-1].Account == rd.account && rd.out[n-1].Currency == c {
		rd.st, rd.middle = rd.out[n-1], false
		if last := rd.st.Closing; last != nil && key == "" && last.Amount != b.Amount {
			rd.warn(at, "balance", text, "statement.mt940.chain", money.Of(last.Amount, c))
		}
		return nil
	}
	if err := rd.begin(c); err != nil {
		return err
	}
	if key != "" {
		rd.fail(at, "balance", text, key, cut(text))
		return nil
	}
	rd.st.Opening, rd.st.From = b, b.On
	return nil
}

func (rd *reader) begin(c money.Currency) error {
	if len(rd.out) >= maxStatements {
		return fault.New(fault.Invalid, "statement.many", maxStatements)
	}
	rd.any, rd.middle = true, false
	rd.st = &bank.Statement{Account: rd.account, Currency: c, ID: rd.id, Errors: rd.orphans}
	rd.orphans = nil
	rd.out = append(rd.out, rd.st)
	return nil
}

// closing notes the balance after the movements of a message; a later one of a chain replaces it.
func (rd *reader) closing(at int, text string, middle bool) error {
	if err := rd.flush(); err != nil {
		return err
	}
	b, c, key := balance(text)
	if rd.st == nil {
		if c == "" {
			c = money.EUR
		}
		if err := rd.begin(c); err != nil {
			return err
		}
	}
	switch {
	case key != "":
		rd.fail(at, "balance", text, key, cut(text))
	case c != "" && c != rd.st.Currency:
		rd.fail(at, "balance", text, "statement.currency", string(rd.st.Currency))
	default:
		rd.st.Closing, rd.st.To, rd.middle = b, b.On, middle
	}
	return nil
}

// balance reads a side, a day, a currency that some banks leave out, an amount.
func balance(text string) (b *bank.Balance, c money.Currency, key string) {
	text = strings.TrimSpace(text)
	if len(text) < 8 || text[0] != 'C' && text[0] != 'D' {
		return nil, "", "amount.unreadable"
	}
	on, _, key := day(text[1:7])
	if key != "" {
		return nil, "", key
	}
	rest := text[7:]
	if len(rest) > 3 && money.Currency(rest[:3]).Valid() {
		c, rest = money.Currency(rest[:3]), rest[3:]
	}
	minor, key := amount(rest, c)
	if text[0] == 'D' {
		minor = -minor
	}
	return &bank.Balance{On: on, Amount: minor}, c, key
}

func (rd *reader) fail(at int, field, value, key string, args ...any) {
	if rd.problems++; rd.problems > maxProblems {
		return
	}
	p := fault.Problem{Line: at, Field: field, Value: cut(value), Key: key, Args: args}
	switch {
	case rd.st != nil:
		rd.st.Errors = append(rd.st.Errors, p)
	case len(rd.out) > 0:
		last := rd.out[len(rd.out)-1]
		last.Errors = append(last.Errors, p)
	default:
		rd.orphans = append(rd.orphans, p)
	}
}

func (rd *reader) warn(at int, field, value, key string, args ...any) {
	if rd.problems++; rd.problems <= maxProblems && rd.st != nil {
		rd.st.Warnings = append(rd.st.Warnings, fault.Problem{Line: at, Field: field, Value: cut(value), Key: key, Args: args})
	}
}

func cut(s string) string {
	if r := []rune(s); len(r) > 80 {
		return string(r[:80]) + "…"
	}
	return s
}
