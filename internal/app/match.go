package app

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"relance/internal/domain/bank"
	"relance/internal/domain/cash"
	"relance/internal/domain/org"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
	"relance/internal/store"
)

// Matched is what a matching did with the lines that no person had decided.
type Matched struct {
	Lines    int // looked at
	Applied  int // settle invoices, without a person
	Credited int // put to the credit of a customer, who alone is certain
	Proposed int // await a person, with proposals
	Unknown  int // await a person, with none
	Taken    int // applied before, and no longer sure now: taken back
	Returned int // payments that came back
}

// maxPasses bounds how often lines teach one another who pays from which account, and how often they are matched anew for
// the room that one matching made.
const maxPasses = 4

// matchTogether is how many lines change in one transaction.
const matchTogether = 200

// Match looks again at every bank line that awaits an answer.
func (d *Desk) Match(ctx context.Context) (r Matched, err error) {
	defer fault.Wrap(&err, "match")
	if err := d.may(org.VerbImport); err != nil {
		return r, err
	}
	mt := &matching{step: func(fn func(m *moment) error) error { return d.update(ctx, org.VerbImport, fn) }}
	if err := mt.run(nil); err != nil {
		return r, err
	}
	return mt.done, nil
}

// matching decides the lines that no person has decided: those that are open, and those applied without a
// person to the customers whom a fact has touched. They are decided from scratch, in the order of their
// days, so that the ledger does not depend on which file came first; only what differs is written.
type matching struct {
	step    func(func(m *moment) error) error
	lines   []*store.BankLine
	rivals  []*store.BankLine // applied before, and contended for by what is new
	pays    map[id.Line][]*store.Payment
	allocs  map[id.Line][]*store.Allocation
	debtors []bank.Debtor
	learned []store.Learned
	open    []bank.Open
	known   []bank.Known
	own     map[string]bool // the company's own accounts
	rules   bank.Rules
	decided map[id.Line]verdict
	final   map[id.Line]verdict // the last of each line, whatever pass it was
	changed map[id.Customer]bool
	room    map[id.Customer]bool // whose invoices a line that has been decided already may pay now
	done    Matched
}

// verdict is what becomes of a line.
type verdict struct {
	state     string
	proposal  *bank.Proposal // applied, nil for none
	customer  id.Customer
	proposals []bank.Proposal
}

// run matches, again as long as what came back, was taken back, did not fit any more or was settled by a payment that had
// waited leaves an invoice, or none, to another line: the same file told again finds nothing to change.
func (mt *matching) run(touched []id.Customer) error {
	mt.changed, mt.final = map[id.Customer]bool{}, map[id.Line]verdict{}
	for pass := 1; ; pass++ {
		mt.rivals, mt.room = nil, map[id.Customer]bool{}
		if err := mt.once(touched); err != nil {
			return err
		}
		if len(mt.room) == 0 || pass == maxPasses {
			mt.count()
			return nil
		}
		touched = slices.Sorted(maps.Keys(mt.room))
	}
}

func (mt *matching) once(touched []id.Customer) error {
	mt.decided = map[id.Line]verdict{}
	if err := mt.step(func(m *moment) error { return mt.gather(m, touched) }); err != nil {
		return err
	}
	if len(mt.lines) == 0 {
		return mt.step(mt.settleWaiting)
	}
	mt.decide()
	if err := mt.widen(touched); err != nil {
		return err
	}
	lines := slices.DeleteFunc(slices.Clone(mt.lines), mt.stands)
	for len(lines) > 0 {
		n := min(len(lines), matchTogether)
		if err := mt.step(func(m *moment) error { return mt.apply(m, lines[:n]) }); err != nil {
			return err
		}
		lines = lines[n:]
	}
	if err := mt.step(mt.settleWaiting); err != nil {
		return err
	}
	return mt.comeBack()
}

// gather reads the lines to decide and what they may settle.
func (mt *matching) gather(m *moment, touched []id.Customer) (err error) {
	if mt.lines, err = m.OpenLines(m.ctx, 0, 0); err != nil {
		return err
	}
	if len(touched) > 0 {
		auto, err := m.AutoLinesOf(m.ctx, touched)
		if err != nil {
			return err
		}
		mt.lines = append(mt.lines, auto...)
	}
	mt.lines = append(mt.lines, mt.rivals...)
	if mt.lines, err = withoutReturned(m, mt.lines); err != nil {
		return err
	}
	if len(mt.lines) == 0 {
		return nil
	}
	slices.SortFunc(mt.lines, inBankOrder)
	ids := make([]id.Line, len(mt.lines))
	from, to := mt.lines[0].Booked, mt.lines[len(mt.lines)-1].Booked
	for i, l := range mt.lines {
		ids[i] = l.ID
	}
	if err := mt.applied(m, ids); err != nil {
		return err
	}
	if mt.debtors, err = m.Debtors(m.ctx); err != nil {
		return err
	}
	if mt.learned, err = m.LearnedFrom(m.ctx); err != nil {
		return err
	}
	known, err := m.KnownPayments(m.ctx, from.AddDays(-knownWithin), to.AddDays(knownWithin))
	if err != nil {
		return err
	}
	mt.known = append(mt.known, known...)
	if mt.own, err = ownAccounts(m); err != nil {
		return err
	}
	mt.rules = bankRules(m.company)
	return mt.owed(m)
}

// readings are what an open line may pay by the ledger as it is now.
func (m *moment) readings(n id.Line) ([]bank.Proposal, error) {
	mt := &matching{}
	if err := mt.gather(m, nil); err != nil {
		return nil, err
	}
	mt.decide()
	return mt.decided[n].proposals, nil
}

// withoutReturned leaves out the lines whose payment has come back since: that is a fact of its own, which no
// matching undoes.
func withoutReturned(m *moment, lines []*store.BankLine) ([]*store.BankLine, error) {
	ids := make([]id.Line, len(lines))
	for i, l := range lines {
		ids[i] = l.ID
	}
	pays, _, err := m.OfLines(m.ctx, ids)
	back := map[id.Line]bool{}
	for _, p := range pays {
		if !p.CancelledOn.IsZero() {
			back[p.Line] = true
		}
	}
	return slices.DeleteFunc(lines, func(l *store.BankLine) bool { return back[l.ID] }), err
}

// knownWithin is how many days a bank's date may differ from that of the same payment in another file.
const knownWithin = 15

// inBankOrder is one order of lines, whichever file they came from.
func inBankOrder(a, b *store.BankLine) int {
	return cmp.Or(cmp.Compare(a.Booked, b.Booked), cmp.Compare(a.Account, b.Account), cmp.Compare(a.Amount, b.Amount),
		strings.Compare(store.NameKey(a.Text), store.NameKey(b.Text)), strings.Compare(a.EndToEnd, b.EndToEnd), cmp.Compare(a.Part, b.Part),
		strings.Compare(store.NameKey(a.Payer.Name), store.NameKey(b.Payer.Name)), strings.Compare(a.Payer.IBAN, b.Payer.IBAN),
		strings.Compare(a.Ref, b.Ref), cmp.Compare(a.ID, b.ID)) // never as they stand: two alike would take turns
}

// applied reads what the lines settle today.
func (mt *matching) applied(m *moment, ids []id.Line) error {
	pays, allocs, err := m.OfLines(m.ctx, ids)
	if err != nil {
		return err
	}
	mt.pays, mt.allocs, mt.known = map[id.Line][]*store.Payment{}, map[id.Line][]*store.Allocation{}, nil
	for _, p := range pays {
		mt.pays[p.Line] = append(mt.pays[p.Line], p)
		if !bornOf(p) { // free to be recognised again
			mt.known = append(mt.known, bank.Known{Payment: p.ID, Customer: p.Customer, Date: p.Date, Currency: p.Amount.Currency,
				Amount: p.Amount.Minor, Method: p.Method, Reference: p.Reference})
		}
	}
	for _, a := range allocs {
		mt.allocs[a.Line] = append(mt.allocs[a.Line], a)
	}
	return nil
}

// bornOf tells whether a payment exists because of its bank line alone.
func bornOf(p *store.Payment) bool { return strings.HasPrefix(p.Fingerprint, lineMark) }

const lineMark = "line:"

// owed reads what the lines may settle: what is open, with what the lines under decision settle of it.
func (mt *matching) owed(m *moment) (err error) {
	back := map[id.Instalment]int64{}
	credit := map[id.Invoice]int64{}
	var items []id.Instalment
	for _, list := range mt.allocs {
		for _, a := range list {
			back[a.Item] += a.Amount
			items = append(items, a.Item)
			if a.Credit != 0 {
				credit[a.Credit] += a.Amount
			}
		}
	}
	for n := range credit {
		docs, err := m.Docs(m.ctx, []id.Invoice{n})
		if err != nil {
			return err
		}
		items = append(items, itemsOfDocs(docs)...)
	}
	if mt.open, err = m.OpenToMatch(m.ctx, items); err != nil {
		return err
	}
	for i := range mt.open {
		o := &mt.open[i]
		o.Rest += back[o.Item]
		if n := credit[o.Invoice]; n != 0 {
			o.Rest -= n
		}
	}
	if err := mt.asserted(m); err != nil {
		return err
	}
	return mt.reserve(m)
}

// ownAccounts are the accounts whose statements came in, and the one on the letterhead.
func ownAccounts(m *moment) (map[string]bool, error) {
	list, err := m.BankAccounts(m.ctx)
	own := map[string]bool{}
	for _, a := range append(list, accountKey(m.company.Profile.IBAN)) {
		if a != "" {
			own[a] = true
		}
	}
	return own, err
}

// bankRules are the rules of matching of a company.
func bankRules(c org.Company) bank.Rules {
	return bank.Rules{Tolerance: 1, MaxCharges: 3500, DiscountBP: c.Profile.DiscountBP, DiscountDays: c.Profile.DiscountDays}
}

// decide matches the lines in their order, again until no line teaches another one anything.
func (mt *matching) decide() {
	mine := map[id.Line]bool{}
	for _, l := range mt.lines {
		mine[l.ID] = true
	}
	taught := map[id.Line]verdict{}
	for pass := 0; ; pass++ {
		book := bank.NewBook(mt.rules, mt.taught(mine, taught), mt.open, mt.known)
		now := map[id.Line]verdict{}
		for _, l := range mt.lines {
			v := mt.verdict(book, l)
			now[l.ID] = v
			if v.proposal != nil {
				book.Apply(*v.proposal)
			}
		}
		mt.decided = now
		if pass+1 >= maxPasses || teachesNothing(taught, now) {
			return
		}
		taught = now
	}
}

func teachesNothing(was, is map[id.Line]verdict) bool {
	for n, v := range is {
		if w := was[n]; w.customer != v.customer || (w.proposal == nil) != (v.proposal == nil) {
			return false
		}
	}
	return true
}

// verdict decides one line.
func (mt *matching) verdict(book *bank.Book, l *store.BankLine) verdict {
	if l.Amount <= 0 {
		return verdict{state: store.LineOpen, proposals: l.Proposals} // what came back is for returns to say
	}
	reopened := l.State == store.LineOpen && l.DecidedBy != "" // by a person, who decides it
	if mt.own[l.Payer.IBAN] && !reopened {
		return verdict{state: store.LineAside} // from one of our accounts to another
	}
	v := book.Match(l.Booked, l.Currency, &l.Line)
	out := verdict{state: store.LineOpen, proposals: v.Proposals}
	if len(v.Proposals) == 0 || !v.Sure && !v.Customer || reopened {
		return out
	}
	p := v.Proposals[0]
	out.state, out.proposal, out.customer, out.proposals = store.LineSettled, &p, p.Customer, v.Proposals[:1]
	return out
}

// stands tells whether the ledger already holds what was decided of a line.
func (mt *matching) stands(l *store.BankLine) bool {
	v := mt.decided[l.ID]
	if mt.final[l.ID] = v; l.State == store.LineSettled && v.proposal == nil {
		mt.done.Taken++
	}
	if v.state != l.State {
		return false
	}
	if v.proposal == nil {
		return sameProposals(v.proposals, l.Proposals)
	}
	return v.customer == l.Customer && sameGifts(*v.proposal, mt.pays[l.ID], mt.allocs[l.ID])
}

func sameProposals(a, b []bank.Proposal) bool {
	x, errA := json.Marshal(a)
	y, errB := json.Marshal(b)
	return errA == nil && errB == nil && (string(x) == string(y) || len(a) == 0 && len(b) == 0)
}

// count says what became of the lines, each once.
func (mt *matching) count() {
	mt.done.Lines = len(mt.final)
	for _, v := range mt.final {
		switch {
		case v.proposal != nil && (len(v.proposal.Parts) > 0 || v.proposal.Same != 0):
			mt.done.Applied++
		case v.proposal != nil:
			mt.done.Credited++
		case v.state == store.LineAside:
		case len(v.proposals) > 0:
			mt.done.Proposed++
		default:
			mt.done.Unknown++
		}
	}
}

// sameGifts tells whether what a line settles today is what a proposal says.
func sameGifts(p bank.Proposal, pays []*store.Payment, allocs []*store.Allocation) bool {
	if p.Same != 0 {
		return len(pays) == 1 && pays[0].ID == p.Same
	}
	want := map[id.Instalment]int64{}
	for _, x := range p.Parts {
		if x.Settles() > 0 {
			want[x.Item] += x.Settles()
		}
	}
	rest := int64(0)
	for _, x := range pays {
		if !bornOf(x) {
			return false
		}
		if x.Kind == cash.Money {
			rest += x.Amount.Minor
		}
	}
	for _, a := range allocs {
		want[a.Item] -= a.Amount
		for _, x := range pays {
			if x.ID == a.Payment && x.Kind == cash.Money {
				rest -= a.Amount
			}
		}
	}
	for _, n := range want {
		if n != 0 {
			return false
		}
	}
	return rest == p.Rest && len(pays) > 0
}

// apply writes what was decided of some lines. A line whose invoice somebody else settled meanwhile stays
// open: the next pass finds it.
func (mt *matching) apply(m *moment, lines []*store.BankLine) error {
	var back []*store.BankLine
	for _, l := range lines {
		if l.State == store.LineSettled {
			back = append(back, l)
			mt.room[l.Customer] = true
		}
	}
	if err := m.unmatch(back); err != nil {
		return err
	}
	for _, l := range lines {
		v := mt.decided[l.ID]
		if l.State, l.Customer, l.Proposals = v.state, v.customer, v.proposals; v.state != store.LineOpen {
			l.DecidedBy = byItself
		}
	}
	left, err := mt.applyPlain(m, lines)
	if err != nil {
		return err
	}
	for _, l := range left {
		v := mt.decided[l.ID]
		if v.proposal == nil {
			continue
		}
		fits, err := m.fits(l, *v.proposal)
		if err != nil {
			return err
		}
		if !fits {
			l.State, l.Customer, l.DecidedBy = store.LineOpen, 0, ""
			mt.room[v.proposal.Customer] = true
			continue
		}
		if err := m.settleLine(l, *v.proposal); err != nil {
			return err
		}
	}
	for c := range m.touched {
		mt.changed[c] = true
	}
	return m.SetBankLines(m.ctx, lines)
}

// day of a line's payment: when the bank booked it (law-fr.md §2.2).
func dayOfLine(l *store.BankLine) cal.Date { return l.Booked }

// methodOfLine is how a line's money came.
func methodOfLine(l *store.BankLine) cash.Method {
	if l.Method == "" {
		return cash.Transfer
	}
	return cash.Method(l.Method)
}

// moneyOf is an amount in the line's currency.
func moneyOf(l *store.BankLine, n int64) money.Amount { return money.Of(n, l.Currency) }
