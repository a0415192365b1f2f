package camt

import (
	"strings"

	"relance/internal/domain/bank"
	"relance/internal/ground/cal"
	"relance/internal/ground/money"
)

// entry is an Ntry under way. Its transactions are read as they end; those beyond the limit are
// counted, and the entry is then one line.
type entry struct {
	rd     *reader
	st     *bank.Statement
	txs    []transaction
	priced bool // its own amount was met
	over   bool
}

// transaction takes a TxDtls out of the tree. The schemas put the entry's amount first: a statement
// whose currency is not known yet has that of the first entry.
func (p *entry) transaction(n *node) bool {
	switch {
	case n.name == "Amt" && !p.priced:
		p.priced = true
		if c := money.Currency(n.ccy); p.st.Currency == "" && c.Valid() {
			p.st.Currency = c
		}
		return false
	case n.name != "TxDtls":
		return false
	}
	p.rd.nodes = 0
	if len(p.txs) >= maxTransactions {
		p.over = true
		return true
	}
	p.txs = append(p.txs, transactionOf(n, p.st.Currency))
	return true
}

// read makes the entry; nil when it is not booked, or when a problem was noted instead.
func (p *entry) read(n *node) *bank.Entry {
	rd := p.rd
	amt := n.at("Amt")
	ccy := money.Currency(amt.currency())
	if !booked(n.at("Sts")) {
		rd.pending++
		return nil
	}
	credit, known := side(n.at("CdtDbtInd").str())
	amount, err := figure(amt, rd.st.Currency)
	switch {
	case ccy != "" && ccy != rd.st.Currency:
		rd.fail(rd.bad("amount", amt.str()+" "+string(ccy), "statement.currency", string(rd.st.Currency)))
		return nil
	case err != nil:
		rd.fail(rd.bad("amount", amt.str(), "format.amount.impossible"))
		return nil
	case !rd.st.Currency.Valid():
		rd.fail(rd.bad("amount", amt.str(), "format.currency.unknown"))
		return nil
	case !known:
		rd.fail(rd.bad("side", n.at("CdtDbtInd").str(), "bank.camt.side"))
		return nil
	}
	if !credit {
		amount = -amount
	}
	e := &bank.Entry{Amount: amount, Ref: given(n.at("AcctSvcrRef").str())}
	if !p.dates(e, n) {
		return nil
	}
	p.lines(e, n, credit)
	return e
}

// booked tells an entry that stands in the account's books: BOOK, or no status at all. PDNG, INFO and
// FUTR are announcements.
func booked(n *node) bool {
	s := first(n.at("Cd|Prtry").str(), n.str())
	return s == "" || s == "BOOK"
}

// dates: the booking date is optional in the schemas; the value date stands in for it.
func (p *entry) dates(e *bank.Entry, n *node) bool {
	on, of := n.at("BookgDt", "Dt|DtTm").str(), n.at("ValDt", "Dt|DtTm").str()
	var ok1, ok2 bool
	e.Booked, ok1 = date(on)
	e.Value, ok2 = date(of)
	e.Booked, e.Value = other(e.Booked, e.Value), other(e.Value, e.Booked)
	switch {
	case !ok1:
		p.rd.fail(p.rd.bad("date", on, "format.date.impossible"))
	case !ok2:
		p.rd.fail(p.rd.bad("date", of, "format.date.impossible"))
	case e.Booked.IsZero():
		p.rd.fail(p.rd.bad("date", "", "bank.date.missing"))
	}
	return ok1 && ok2 && !e.Booked.IsZero()
}

func other(d, instead cal.Date) cal.Date {
	if d.IsZero() {
		return instead
	}
	return d
}

// lines makes the lines of an entry of its transactions, when their amounts add up to it.
func (p *entry) lines(e *bank.Entry, n *node, credit bool) {
	c := codeOf(n.at("BkTxCd"))
	if c == (code{}) && len(p.txs) > 0 {
		c = p.txs[0].code
	}
	e.Code = c.String()
	reversal := n.at("RvslInd").str() == "true" || n.at("RvslInd").str() == "1"
	info := n.at("AddtlNtryInf").str()
	kept := charges(n.all("Chrgs"), p.st.Currency)
	if len(p.txs) == 0 {
		p.txs = []transaction{{additional: info, charges: kept, sums: [sources]money.Amount{instructed: sum(n.at("AmtDtls", "InstdAmt", "Amt"), p.st.Currency)}}}
		p.txs[0].line.Instructed = p.txs[0].sums[instructed]
	}
	one := len(p.txs) == 1 && !p.over
	amounts, fits := p.share(e.Amount, credit, kept)
	switch {
	case one && !fits:
		if p.disagrees() {
			p.rd.warn(p.rd.bad("amount", p.txs[0].own().String(), "bank.batch.single", money.Of(e.Amount, p.st.Currency)))
		}
		amounts = []int64{e.Amount}
	case p.over, !fits:
		p.rd.warn(p.rd.bad("amount", "", "bank.batch.differs", len(p.txs), money.Of(e.Amount, p.st.Currency)))
		p.txs, amounts, one = []transaction{p.merged()}, []int64{e.Amount}, true
	}
	if one {
		t := &p.txs[0]
		t.additional = joined(t.additional, info)
		if t.charges == 0 {
			t.charges = kept
		}
	}
	for i := range p.txs {
		t := &p.txs[i]
		t.line.Amount = amounts[i]
		in := amounts[i] > 0 || amounts[i] == 0 && credit
		t.finish(c, in, reversal, one, p.st)
		e.Lines = append(e.Lines, t.line)
	}
	if e.Ref == "" && one {
		e.Ref = p.txs[0].ref
	}
}

// share finds the amounts of the transactions: of the places where they may stand, the first whose
// sum is the entry's, each with the entry's sign or with its own; or more than the entry by exactly
// the charges that the file says were kept. Charges of the whole entry are shared out in proportion.
func (p *entry) share(total int64, credit bool, kept int64) ([]int64, bool) {
	for from := range sources {
		for _, own := range []bool{false, true} {
			amounts, ok := p.amounts(from, credit, own)
			if !ok {
				continue
			}
			var sum, charged int64
			for i, a := range amounts {
				sum += a
				charged += p.txs[i].charges
			}
			switch gap := sum - total; {
			case gap == 0:
				return amounts, true
			case gap == charged:
				for i := range amounts {
					amounts[i] -= p.txs[i].charges
				}
				return amounts, true
			case gap == kept:
				p.spread(amounts, kept)
				return amounts, true
			}
		}
	}
	return nil, false
}

func (p *entry) amounts(from int, credit, own bool) ([]int64, bool) {
	out := make([]int64, len(p.txs))
	for i := range p.txs {
		t := &p.txs[i]
		if t.sums[from].Currency != p.st.Currency || t.sums[from].Currency == "" {
			return nil, false
		}
		in := credit
		if own {
			var known bool
			if in, known = side(t.side); !known {
				return nil, false
			}
		}
		if out[i] = t.sums[from].Minor; !in {
			out[i] = -out[i]
		}
	}
	return out, true
}

// spread takes the charges of an entry off its transactions, in proportion.
func (p *entry) spread(amounts []int64, kept int64) {
	weights := make([]int64, len(amounts))
	for i, a := range amounts {
		weights[i] = max(a, -a)
	}
	for i, part := range money.Of(kept, p.st.Currency).Allocate(weights...) {
		amounts[i] -= part.Minor
		p.txs[i].charges += part.Minor
	}
}

// disagrees tells whether the only transaction says an amount of its own, in the account's currency,
// that is not the entry's.
func (p *entry) disagrees() bool {
	own := p.txs[0].own()
	return own.Currency == p.st.Currency && own.Minor != 0
}

// own is the amount of a transaction in the account, as far as it says it.
func (t *transaction) own() money.Amount {
	if t.sums[ofTransaction].Currency != "" {
		return t.sums[ofTransaction]
	}
	return t.sums[inDetail]
}

// merged is a batch whose parts do not add up: one line, with what all of them say.
func (p *entry) merged() transaction {
	var all transaction
	for i := range p.txs {
		if len(all.additional) > maxLineText/2 {
			break
		}
		t := &p.txs[i]
		all.additional = joined(all.additional, t.line.Structured, t.line.Text, t.additional)
	}
	return all
}

// finish settles what only the entry knows: which way the money went, who is the other party, whether
// it came back, and what was kept of it.
//
// CdtDbtInd is the true direction of every entry, of a reversal too: "if CdtDbtInd is CRDT and RvslInd
// is true, the original operation was a debit" (ISO 20022, camt.053, ReportEntry). So no sign is turned;
// but debtor and creditor keep the roles of the payment that came back or is taken back.
func (t *transaction) finish(entry code, in, reversal, one bool, st *bank.Statement) {
	l := &t.line
	c := t.code
	if c.family == "" {
		c = entry
	}
	if l.Method = string(c.method()); l.Method == "" {
		l.Method = string(t.from.method())
	}
	if l.Return == nil && (c.returned() || entry.returned()) {
		l.Return = &bank.Return{}
	}
	l.Reversal = reversal && l.Return == nil
	back := l.Return != nil || l.Reversal
	if !back {
		l.Original = ""
	}
	l.Text = joined(l.Text, t.additional)
	l.Payer, l.Ultimate = t.debtor, t.payer
	them, theirs := t.creditor, t.beneficiary
	if in == back {
		l.Payer, l.Ultimate, them, theirs = them, theirs, l.Payer, l.Ultimate
	}
	if back && (l.Payer.Name == "" && l.Payer.IBAN == "" || l.Payer.IBAN != "" && l.Payer.IBAN == st.Account) {
		l.Payer, l.Ultimate = them, theirs // a bank that turned the roles with the money
	}
	if strings.EqualFold(l.Ultimate.Name, l.Payer.Name) {
		l.Ultimate = bank.Party{}
	}
	l.Charges = t.kept(one, st.Currency)
}

// kept is what banks kept of what was sent (of money out: what they added to it). When the sender's
// order is known in the account's currency, it proves the charges or disproves them; in a batch only
// the latter, because some banks repeat the batch's total there.
func (t *transaction) kept(one bool, c money.Currency) int64 {
	sent := t.sums[instructed]
	if sent.Currency != c || sent.Minor == 0 {
		return t.charges
	}
	gap := sent.Minor - t.line.Amount
	if t.line.Amount < 0 {
		gap = -t.line.Amount - sent.Minor
	}
	if gap <= 0 || one {
		return max(gap, 0)
	}
	return t.charges
}
