package app

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"slices"
	"strings"

	"relance/internal/domain/bank"
	"relance/internal/format/statement"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/ground/ident"
	"relance/internal/ground/money"
	"relance/internal/store"
)

// BankFigures is what a bank file adds to the report.
type BankFigures struct {
	Statements []BankStatement
	Lines      int // in the file
	Fresh      int // not known from another statement
}

// BankStatement is a statement of a file.
type BankStatement struct {
	bank.Statement
	Break   int64 // opening + movements − closing
	Checked bool  // both balances are given
}

// bankImport is the part of a file import that only statements need.
type bankImport struct {
	*fileImport
	row     *store.BankStatement // of the statement under way
	of      *bank.Statement
	batch   []*movement
	claimed map[id.Line]bool            // known lines that an entry of this file has met
	days    map[dayOn][]*store.BankLine // what other files told of them
	below   map[id.Import]bool
	keys    map[string]string
	iban    string // the company's own account
}

// movement is one entry on its way into the ledger.
type movement struct {
	bank.Entry
	digest string
}

// takeBank takes a bank's file: each movement once, whatever other file said it before.
func (fi *fileImport) takeBank() error {
	b := &bankImport{fileImport: fi, claimed: map[id.Line]bool{}, days: map[dayOn][]*store.BankLine{}}
	fi.rep.Bank = &BankFigures{}
	all, err := fi.readBank(b.take)
	if err != nil {
		return err
	}
	if err := b.flush(); err != nil {
		return err
	}
	for _, s := range all {
		fi.rep.warn(s.Warnings...)
		fi.rep.fail(s.Errors...)
		fi.rep.Rejected += len(s.Errors)
		x := BankStatement{Statement: *s}
		if x.Break, x.Checked = s.Break(); x.Break != 0 {
			fi.rep.warn(fault.Problem{Field: "balance", Value: s.ID, Key: "import.bank.break", Args: []any{accountName(s.Account),
				money.Of(x.Break, s.Currency)}})
		}
		fi.rep.Bank.Statements = append(fi.rep.Bank.Statements, x)
	}
	return b.close()
}

// take receives one entry.
func (b *bankImport) take(s *bank.Statement, e *bank.Entry) error {
	if b.of != s {
		if err := b.close(); err != nil {
			return err
		}
		b.of = s
	}
	b.rep.Read++
	b.advance(int64(len(e.Lines)) * 100)
	one := *e
	one.Lines = slices.Clone(e.Lines)
	b.batch = append(b.batch, &movement{Entry: one, digest: digestOf(&one)})
	if len(b.batch) >= together/4 {
		return b.flush()
	}
	return nil
}

// close ends the statement under way with what its last record said.
func (b *bankImport) close() error {
	if b.of == nil {
		return nil
	}
	if err := b.flush(); err != nil {
		return err
	}
	row := b.row
	b.row = nil
	if row == nil {
		return nil
	}
	row.Statement = *b.of
	row.Account = b.account(b.of)
	return b.step(func(m *moment) error {
		if err := m.SetBankStatement(m.ctx, row); err != nil {
			return err
		}
		return m.ForgetSameStatement(m.ctx, row.ID)
	})
}

// account is the key of an account, the same whatever format names it. A table that names none speaks of
// the account on the company's letterhead.
func (b *bankImport) account(s *bank.Statement) string {
	if a := accountKey(s.Account); a != "" {
		return a
	}
	return accountKey(b.iban)
}

// accountKey is an account as it is compared: capitals and figures only.
func accountKey(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		case r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
			return r
		}
		return -1
	}, s)
}

// accountName is an account as people read it.
func accountName(s string) string {
	if f := ident.IBAN(s); f.Valid() {
		return f.Formatted
	}
	return s
}

// digestOf says an entry in short: what the bank tells of it, beside its day and amount.
func digestOf(e *bank.Entry) string {
	h := sha256.New()
	for _, l := range e.Lines {
		for _, part := range []string{l.Text, l.Structured, l.EndToEnd, l.Payer.Name, l.Payer.IBAN} {
			h.Write([]byte(store.NameKey(part) + "\x00"))
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// flush writes a batch: what is known is completed, what is new is added.
func (b *bankImport) flush() error {
	if len(b.batch) == 0 {
		return nil
	}
	batch := b.batch
	b.batch = nil
	return b.step(func(m *moment) error {
		b.iban = m.company.Profile.IBAN
		if b.row == nil {
			b.row = &store.BankStatement{Imported: b.fileImport.row.ID, Format: b.rep.Format, Statement: *b.of}
			b.row.Account = b.account(b.of)
			if err := m.InsertBankStatement(m.ctx, b.row); err != nil {
				return err
			}
		}
		fresh, err := b.known(m, b.row.Account, batch)
		if err != nil {
			return err
		}
		var lines []*store.BankLine
		for _, mv := range fresh {
			lines = append(lines, b.lines(mv)...)
		}
		for _, mv := range batch {
			b.digest(b.row.Account, mv.Booked.String(), money.Of(mv.Amount, b.of.Currency).String(), mv.digest)
			b.rep.Bank.Lines += len(mv.Lines)
		}
		b.rep.Created += len(fresh)
		b.rep.Unchanged += len(batch) - len(fresh)
		b.rep.Bank.Fresh += len(lines)
		if err := m.InsertBankLines(m.ctx, lines); err != nil {
			return err
		}
		return b.keepBefore(m)
	})
}

// lines are the rows of a movement.
func (b *bankImport) lines(mv *movement) []*store.BankLine {
	out := make([]*store.BankLine, len(mv.Lines))
	for i, l := range mv.Lines {
		x := &store.BankLine{Imported: b.fileImport.row.ID, Statement: b.row.ID, Format: b.rep.Format, Account: b.row.Account,
			Currency: b.of.Currency, Booked: mv.Booked, Value: mv.Value, EntryAmount: mv.Amount, Part: i + 1, Parts: len(mv.Lines),
			Ref: mv.Ref, Content: telling{b.rep.Format, mv.digest, refKey(mv.Ref)}.String(), Line: l, State: store.LineOpen}
		x.Payer.IBAN = accountKey(x.Payer.IBAN)
		if l.Amount == 0 || l.Amount < 0 && l.Return == nil && !l.Reversal {
			x.State, x.DecidedBy = store.LineAside, byItself // money out is no customer's payment
		}
		out[i] = x
	}
	return out
}

// byItself marks what was decided without a person.
const byItself = "auto"

// known meets the movements of a batch with those of the same account, day and amount that other
// statements told, and gives those that nobody told. The same format tells a movement in the same words,
// or by the same reference; another format in its own, so that there the order of equals decides.
func (b *bankImport) known(m *moment, account string, batch []*movement) (fresh []*movement, err error) {
	rows, err := b.told(m, account, batch)
	if err != nil {
		return nil, err
	}
	at := map[moved][]toldLine{}
	for _, l := range rows {
		if l.Part == 1 && l.Imported != b.fileImport.row.ID && l.Currency == b.of.Currency && !b.claimed[l.ID] {
			k := moved{l.Booked, l.EntryAmount}
			at[k] = append(at[k], toldLine{l, tellings(l)})
		}
	}
	met := make([]*store.BankLine, len(batch))
	for _, same := range []func(*movement, *toldLine) bool{b.sameRef, b.sameWords, b.likeWords, b.otherFormat} {
		for i, mv := range batch {
			if met[i] != nil {
				continue
			}
			here := at[moved{mv.Booked, mv.Amount}]
			for j := range here {
				if l := &here[j]; !b.claimed[l.ID] && same(mv, l) {
					met[i], b.claimed[l.ID] = l.BankLine, true
					break
				}
			}
		}
	}
	for i, mv := range batch {
		if met[i] == nil {
			fresh = append(fresh, mv)
			continue
		}
		b.standsOn(met[i].Imported)
		detail, err := b.complete(m, met[i], mv, rows)
		if err != nil {
			return nil, err
		}
		if detail {
			fresh = append(fresh, mv)
		}
	}
	return fresh, nil
}

// told reads what other files told of the days of a batch: each day once a file, however many movements it has.
func (b *bankImport) told(m *moment, account string, batch []*movement) (rows []*store.BankLine, err error) {
	var days, fresh []cal.Date
	for _, mv := range batch {
		if slices.Contains(days, mv.Booked) {
			continue
		}
		days = append(days, mv.Booked)
		if _, read := b.days[dayOn{account, mv.Booked}]; !read {
			fresh = append(fresh, mv.Booked)
		}
	}
	more, err := m.BankLinesOn(m.ctx, account, fresh, b.fileImport.row.ID)
	if err != nil {
		return nil, err
	}
	for _, d := range fresh {
		b.days[dayOn{account, d}] = nil
	}
	for _, l := range more {
		b.days[dayOn{account, l.Booked}] = append(b.days[dayOn{account, l.Booked}], l)
	}
	for _, d := range days {
		rows = append(rows, b.days[dayOn{account, d}]...)
	}
	return rows, nil
}

// dayOn is a day of an account.
type dayOn struct {
	account string
	day     cal.Date
}

// moved is what two tellings of one movement always share.
type moved struct {
	day    cal.Date
	amount int64
}

// sameRef tells whether any file told a line under the movement's reference.
func (b *bankImport) sameRef(mv *movement, l *toldLine) bool {
	if mv.Ref == "" {
		return false
	}
	if mv.Ref == l.Ref {
		return true
	}
	ref := refKey(mv.Ref)
	return slices.ContainsFunc(l.by, func(t telling) bool { return t.ref == ref })
}

func (b *bankImport) sameWords(mv *movement, l *toldLine) bool {
	t, told := l.toldBy(b.rep.Format)
	return told && t.digest == mv.digest && (mv.Ref == "" || t.ref == "" || t.ref == refKey(mv.Ref))
}

// likeWords tells whether a line of other formats names the same payer or says the same.
func (b *bankImport) likeWords(mv *movement, l *toldLine) bool {
	if len(mv.Lines) != 1 || !b.otherFormat(mv, l) {
		return false
	}
	said := &mv.Lines[0]
	mine, theirs := b.key(said.Text), b.key(l.Text)
	return said.Payer.IBAN != "" && accountKey(said.Payer.IBAN) == l.Payer.IBAN ||
		mine != "" && theirs != "" && (strings.Contains(mine, theirs) || strings.Contains(theirs, mine))
}

// key is a text as it is compared; thousands of movements of one amount are each compared with one another.
func (b *bankImport) key(text string) string {
	if b.keys == nil || len(b.keys) > 4*together {
		b.keys = map[string]string{}
	}
	k, ok := b.keys[text]
	if !ok {
		k = store.NameKey(text)
		b.keys[text] = k
	}
	return k
}

func (b *bankImport) otherFormat(_ *movement, l *toldLine) bool {
	_, told := l.toldBy(b.rep.Format)
	return !told
}

// telling is how a format told a line: a digest of its words and the bank's reference in that format. Each
// format has references of its own.
type telling struct{ format, digest, ref string }

func (t telling) String() string { return t.format + ":" + t.digest + ":" + t.ref }

// refKey is a reference as a telling keeps it.
func refKey(ref string) string { return strings.Join(strings.Fields(ref), "_") }

func tellings(l *store.BankLine) (list []telling) {
	for _, c := range strings.Fields(l.Content) {
		f, rest, _ := strings.Cut(c, ":")
		d, ref, _ := strings.Cut(rest, ":")
		list = append(list, telling{f, d, ref})
	}
	return list
}

// toldLine is a known line with how files have told it.
type toldLine struct {
	*store.BankLine
	by []telling
}

// toldBy is how a format told a line.
func (l *toldLine) toldBy(format string) (t telling, told bool) {
	for _, t := range l.by {
		if t.format == format {
			return t, true
		}
	}
	return t, false
}

// standsOn notes that this file tells a movement that an earlier one brought: the earlier one cannot be undone
// while this one stands, or what this one tells would be lost.
func (b *bankImport) standsOn(n id.Import) {
	if b.below == nil {
		b.below = map[id.Import]bool{}
	}
	if !b.below[n] {
		b.below[n] = true
		b.remember("import", int64(n), nil)
	}
}

// complete adds to a known movement what another file says of it. It tells whether the new telling
// takes the old one's place: the payments of a batch, for its bare total.
func (b *bankImport) complete(m *moment, l *store.BankLine, mv *movement, rows []*store.BankLine) (detail bool, err error) {
	if l.Parts == 1 && len(mv.Lines) > 1 {
		if l.State == store.LineSettled && l.DecidedBy != byItself {
			return false, nil // a person has said what the total is
		}
		b.remember("bank_total", int64(l.ID), l)
		if err := m.unmatch([]*store.BankLine{l}); err != nil {
			return false, err
		}
		return true, m.DeleteBankLines(m.ctx, []id.Line{l.ID})
	}
	if _, told := (&toldLine{l, tellings(l)}).toldBy(b.rep.Format); told || l.Parts != len(mv.Lines) {
		return false, nil
	}
	at := slices.Index(rows, l) // the lines of a movement follow one another
	for i, said := range mv.Lines {
		if at+i >= len(rows) || rows[at+i].Part != i+1 || rows[at+i].Amount != said.Amount {
			break
		}
		b.remember("bank_line", int64(rows[at+i].ID), rows[at+i])
		completeLine(rows[at+i], &said, b.rep.Format, mv)
		if err := m.CompleteBankLine(m.ctx, rows[at+i]); err != nil {
			return false, err
		}
	}
	return false, nil
}

// completeLine fills what a known line lacks and adds the other words, in an order that does not depend on
// which file came first.
func completeLine(x *store.BankLine, said *bank.Line, format string, mv *movement) {
	fill := func(to *string, v string) {
		if len(v) > len(*to) || len(v) == len(*to) && v < *to { // the fuller word
			*to = v
		}
	}
	texts := []string{x.Text}
	if !strings.Contains(store.NameKey(x.Text), store.NameKey(said.Text)) {
		texts = append(texts, said.Text)
	}
	if strings.Contains(store.NameKey(said.Text), store.NameKey(x.Text)) {
		texts = []string{said.Text}
	}
	slices.Sort(texts)
	x.Text = strings.Join(texts, "\n")
	fill(&x.Structured, said.Structured)
	fill(&x.EndToEnd, said.EndToEnd)
	fill(&x.Payer.Name, said.Payer.Name)
	fill(&x.Payer.IBAN, accountKey(said.Payer.IBAN))
	fill(&x.Ultimate.Name, said.Ultimate.Name)
	fill(&x.Method, said.Method)
	if x.Ref == "" || mv.Ref != "" && mv.Ref < x.Ref {
		x.Ref = mv.Ref
	}
	if x.Return == nil {
		x.Return = said.Return
	}
	x.Charges = max(x.Charges, said.Charges)
	formats := append(strings.Fields(x.Content), telling{format, mv.digest, refKey(mv.Ref)}.String())
	slices.Sort(formats)
	x.Content = strings.Join(formats, " ")
	if format < x.Format {
		x.Format = format
	}
}

// lookBank tells the format of a bank's file.
func (fi *fileImport) lookBank(head []byte) error {
	if k := fi.o.Kind; k != ImportBank && k != ImportAuto && k != "" {
		return fault.New(fault.Invalid, "import.kind", string(fi.slot), string(k))
	}
	f := statement.Detect(head)
	if f == statement.Unknown {
		return fault.New(fault.Invalid, "bank.format.unknown", fi.file.Name)
	}
	fi.rep.Kind, fi.rep.Format, fi.rank = ImportBank, string(f), rankBank
	return nil
}

// readBank reads the entries of the file, whatever its format.
func (fi *fileImport) readBank(take bank.Take) ([]*bank.Statement, error) {
	if fi.sheet != nil {
		return fi.sheet.ReadBank(&fi.mean, take)
	}
	return statement.Read(statement.Format(fi.rep.Format), io.NewSectionReader(fi.src, 0, fi.file.Size), take)
}
