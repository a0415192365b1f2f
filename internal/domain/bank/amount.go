package bank

import (
	"slices"

	"relance/internal/ground/cal"
	"relance/internal/ground/id"
)

// need is what must be known of the customer for an explanation of the amount to be sure.
type need uint8

const (
	needNothing  need = iota
	needAgreeing      // evidence of the customer that agrees
	needCertain       // the customer beyond doubt
	needPerson        // never sure
)

// deal is one way in which an amount settles items.
type deal struct {
	parts []Part
	rest  int64
	why   []why
	need  need
	first int32 // place of the oldest item
}

func (m *matching) rest(i int32) int64 { return m.b.open[i].Rest }

func (m *matching) total(items []int32) (n int64) {
	for _, i := range items {
		n += m.rest(i)
	}
	return n
}

// part is what is paid of an item.
func (m *matching) part(i int32, paid int64) Part {
	o := &m.b.open[i]
	return Part{Item: o.Item, Customer: o.Customer, Paid: paid}
}

// whole pays items to the end.
func (m *matching) whole(items []int32, rest int64, n need, reasons ...why) deal {
	d := deal{rest: rest, why: reasons, need: n, first: slices.Min(items)}
	for _, i := range items {
		d.parts = append(d.parts, m.part(i, m.rest(i)))
	}
	return d
}

// explainNamed says how the amount settles the items that are named; others are what their customers owe besides.
func (m *matching) explainNamed(items, others []int32) (list []deal) {
	t := m.total(items)
	if len(items) == 0 || t <= 0 {
		return nil
	}
	if d, ok := m.fully(items, t); ok {
		return []deal{d}
	}
	list = append(list, m.discounted(items, needNothing)...)
	list = append(list, m.instalments(items)...)
	list = append(list, m.net(items, others, t)...)
	if m.amount < t {
		return append(append(list, m.charged(items, t, needNothing)...), m.partly(items, others))
	}
	return append(list, m.over(items, others, t)...)
}

// fully settles all the items exactly, or but for the tolerance.
func (m *matching) fully(items []int32, t int64) (deal, bool) {
	key := "bank.reason.amount"
	if len(items) > 1 {
		key = "bank.reason.amount.sum"
	}
	switch diff := t - m.amount; {
	case diff == 0:
		return m.whole(items, 0, needNothing, because(weightExact, key)), true
	case diff < 0 && -diff <= m.b.rules.Tolerance:
		return m.whole(items, -diff, needNothing, because(weightCent, "bank.reason.amount.cent")), true
	case diff > 0 && diff <= m.b.rules.Tolerance:
		d := m.whole(items, 0, needNothing, because(weightCent, "bank.reason.amount.cent"))
		if p := largest(d.parts); p.Paid > diff {
			p.Paid, p.Rounded = p.Paid-diff, diff
			return d, true
		}
	}
	return deal{}, false
}

func largest(parts []Part) *Part {
	best := 0
	for i := range parts {
		if parts[i].Paid > parts[best].Paid {
			best = i
		}
	}
	return &parts[best]
}

// discountOf is the discount of an item for early payment, half up; late tells that its days are over.
func (m *matching) discountOf(i int32) (n int64, late bool) {
	o := &m.b.open[i]
	bp := int64(min(m.b.rules.DiscountBP, 5000))
	if bp <= 0 || o.Rest <= 0 || o.Rest != o.Amount || o.Issued.IsZero() {
		return 0, false
	}
	return o.Rest/10000*bp + (o.Rest%10000*bp+5000)/10000, m.on > o.Issued.AddDays(m.b.rules.DiscountDays)
}

// discounts are those of items, whether the amount is what they leave, and whether one is taken too late.
func (m *matching) discounts(items []int32) (off []int64, taken, late bool) {
	sum := int64(0)
	for _, i := range items {
		d, after := m.discountOf(i)
		off, late = append(off, d), late || after
		sum += d
	}
	diff := m.total(items) - sum - m.amount
	return off, sum > 0 && diff <= m.b.rules.Tolerance && -diff <= m.b.rules.Tolerance, late
}

// discounted settles the items less the discount that the terms grant.
func (m *matching) discounted(items []int32, n need) []deal {
	off, taken, late := m.discounts(items)
	if !taken || late {
		return nil
	}
	d := m.whole(items, 0, n)
	short := m.total(items) - m.amount
	for k := range d.parts {
		take := min(off[k], short)
		short -= take
		d.parts[k].Paid -= take
		d.parts[k].Discount = take
	}
	if short > 0 {
		p := largest(d.parts)
		p.Paid -= short
		p.Rounded += short
	}
	d.why = []why{because(weightDiscount, "bank.reason.discount")}
	return []deal{d}
}

// instalments settles one instalment of the only invoice, the first ones, or the first of each.
func (m *matching) instalments(items []int32) []deal {
	reason := because(weightExact, "bank.reason.amount.instalment")
	var firsts []int32
	seen := map[int32]bool{}
	for _, i := range items {
		if d := m.b.docOf[i]; !seen[d] {
			seen[d] = true
			firsts = append(firsts, i)
		}
	}
	if len(firsts) == len(items) {
		return nil
	}
	if len(firsts) > 1 {
		if m.total(firsts) == m.amount {
			return []deal{m.whole(firsts, 0, needNothing, reason)}
		}
		return nil
	}
	sum := int64(0)
	for k, i := range items {
		if sum += m.rest(i); sum == m.amount && k+1 < len(items) {
			return []deal{m.whole(items[:k+1], 0, needNothing, reason)}
		}
	}
	for _, i := range items {
		if m.rest(i) == m.amount {
			return []deal{m.whole([]int32{i}, 0, needNothing, reason)}
		}
	}
	return nil
}

// net settles the items less credit notes of the same customers: all of them, one, or two.
func (m *matching) net(items, others []int32, t int64) (list []deal) {
	var notes []int32
	for _, i := range others {
		if m.rest(i) < 0 && len(notes) < maxTogether {
			notes = append(notes, i)
		}
	}
	if len(notes) == 0 || t <= m.amount {
		return nil
	}
	try := func(set []int32) {
		if t+m.total(set) == m.amount && len(list) < maxFound {
			all := append(slices.Clone(items), set...)
			slices.Sort(all)
			list = append(list, m.whole(all, 0, needCertain, because(weightNet, "bank.reason.credits")))
		}
	}
	for _, n := range notes {
		try([]int32{n})
	}
	for i := range notes {
		for j := i + 1; j < len(notes); j++ {
			try([]int32{notes[i], notes[j]})
		}
	}
	if len(notes) > 2 {
		try(notes)
	}
	return list
}

// charged settles the items less what banks kept. Within the euro payments area a transfer arrives whole
// (regulation 260/2012), so that there a person says, unless the bank tells.
func (m *matching) charged(items []int32, t int64, n need) []deal {
	short := t - m.amount
	if short <= 0 || short > m.b.rules.MaxCharges || m.amount < t/2 {
		return nil
	}
	told := m.line.Charges > 0 && short <= m.line.Charges+m.b.rules.Tolerance ||
		m.line.Instructed.Currency == m.cur && m.line.Instructed.Minor == t
	d := m.whole(items, 0, n)
	p := largest(d.parts)
	if p.Paid <= short {
		return nil
	}
	p.Paid, p.Charges = p.Paid-short, short
	switch {
	case told:
		d.why = []why{because(weightCharges, "bank.reason.charges")}
	case isForeign(m.line, m.cur):
		d.why, d.need = []why{because(weightCharges, "bank.reason.charges.foreign")}, max(n, needAgreeing)
	default:
		d.why, d.need = []why{because(weightMaybe, "bank.reason.charges.maybe")}, needPerson
	}
	return []deal{d}
}

// partly lets the amount settle a part of the items, the oldest first (C. civ. 1342-10). One invoice and a customer
// who agrees may be sure, unless the amount is that of another invoice.
func (m *matching) partly(items, others []int32) deal {
	d := deal{why: []why{because(weightPart, "bank.reason.amount.part")}, need: needAgreeing, first: slices.Min(items)}
	left := m.amount
	for _, i := range items {
		if m.rest(i) < 0 {
			left -= m.rest(i)
		}
	}
	for _, i := range items {
		switch paid := min(left, m.rest(i)); {
		case m.rest(i) < 0:
			d.parts = append(d.parts, m.part(i, m.rest(i)))
		case paid > 0:
			left -= paid
			d.parts = append(d.parts, m.part(i, paid))
		}
	}
	if _, taken, late := m.discounts(items); taken && late {
		d.why = append(d.why, because(0, "bank.reason.discount.late"))
	}
	one := !slices.ContainsFunc(items, func(i int32) bool { return m.b.docOf[i] != m.b.docOf[items[0]] })
	if !one || slices.ContainsFunc(others, func(i int32) bool { return m.rest(i) == m.amount }) {
		d.why[0].weight, d.need = weightMaybe, needPerson
	}
	return d
}

// over settles the items and leaves the rest to the customer, unless other items explain it: then a person says.
func (m *matching) over(items, others []int32, t int64) (list []deal) {
	more := m.amount - t
	for _, i := range others {
		if m.rest(i) == more && len(list) < 2 {
			all := append(slices.Clone(items), i)
			slices.Sort(all)
			list = append(list, m.whole(all, 0, needPerson, because(weightSeveral, "bank.reason.amount.several")))
		}
	}
	if len(list) == 0 {
		for _, set := range combos(m.nearest(others), m.rest, more) {
			all := append(slices.Clone(items), set...)
			slices.Sort(all)
			list = append(list, m.whole(all, 0, needPerson, because(weightSeveral, "bank.reason.amount.several")))
		}
		list = list[:min(len(list), 2)]
	}
	n := needCertain
	if len(list) > 0 {
		n = needPerson
	}
	return append(list, m.whole(items, more, n, because(weightOver, "bank.reason.amount.over")))
}

// explainCustomer says which of a customer's items the amount settles, when nothing names them.
func (m *matching) explainCustomer(items []int32) (list []deal) {
	if len(items) == 0 {
		return nil
	}
	for _, i := range items {
		if m.rest(i) == m.amount && len(list) < maxFound {
			list = append(list, m.whole([]int32{i}, 0, needCertain, because(weightExact, "bank.reason.amount")))
		}
	}
	if len(items) > 1 && len(items) < maxItems && m.total(items) == m.amount {
		list = append(list, m.whole(items, 0, needCertain, because(weightExact, "bank.reason.amount.balance")))
	} else if late := m.overdue(items); len(late) > 1 && m.total(late) == m.amount {
		list = append(list, m.whole(late, 0, needCertain, because(weightExact, "bank.reason.amount.overdue")))
	}
	for _, set := range combos(m.nearest(items), m.rest, m.amount) {
		d := m.whole(set, 0, needPerson, because(weightSeveral, "bank.reason.amount.several"))
		if len(set) <= 3 || len(list) == 0 {
			list = append(list, d)
		}
	}
	list = distinct(list)
	if len(list) > 1 {
		for i := range list {
			list[i].need = needPerson // one amount, several explanations
		}
	}
	if len(list) > 0 {
		return list
	}
	return m.nearly(items)
}

// nearly explains the amount by one item less a discount, charges or the tolerance, or by the whole balance so.
func (m *matching) nearly(items []int32) (list []deal) {
	try := func(set []int32) {
		t := m.total(set)
		if d, ok := m.fully(set, t); ok {
			d.need = needCertain
			list = append(list, d)
			return
		}
		if off := m.discounted(set, needCertain); len(off) > 0 {
			list = append(list, off...)
			return
		}
		list = append(list, m.charged(set, t, needCertain)...)
	}
	for _, i := range items {
		if m.rest(i) > 0 && len(list) < maxFound {
			try([]int32{i})
		}
	}
	if len(items) > 1 {
		try(items)
	}
	return list
}

// overdue are the items due before the day, and the credit notes.
func (m *matching) overdue(items []int32) (late []int32) {
	for _, i := range items {
		if m.b.open[i].Due < m.on || m.rest(i) < 0 {
			late = append(late, i)
		}
	}
	return late
}

// nearest are the items due nearest to the day, in the order of the items.
func (m *matching) nearest(items []int32) []int32 {
	if len(items) <= maxTogether {
		return items
	}
	hi, _ := slices.BinarySearchFunc(items, m.on, func(i int32, on cal.Date) int { return m.b.open[i].Due.Sub(on) })
	lo := hi
	for hi-lo < maxTogether {
		switch {
		case lo == 0:
			hi++
		case hi == len(items) || m.on.Sub(m.b.open[items[lo-1]].Due) <= m.b.open[items[hi]].Due.Sub(m.on):
			lo--
		default:
			hi++
		}
	}
	return items[lo:hi]
}

// distinct drops deals that settle the same.
func distinct(list []deal) (out []deal) {
	for _, d := range list {
		if !slices.ContainsFunc(out, func(o deal) bool { return sameParts(o.parts, d.parts) }) {
			out = append(out, d)
		}
	}
	return out
}

func sameParts(a, b []Part) bool {
	return slices.EqualFunc(a, b, func(x, y Part) bool { return x.Item == y.Item && x.Settles() == y.Settles() })
}

// sound tells whether a deal may be booked: no customer's credit notes pay for another's invoices.
func (d *deal) sound() bool {
	sums := map[id.Customer]int64{}
	for _, p := range d.parts {
		sums[p.Customer] += p.Paid
	}
	for _, p := range d.parts {
		if p.Paid < 0 && sums[p.Customer] <= 0 {
			return false
		}
	}
	return true
}
