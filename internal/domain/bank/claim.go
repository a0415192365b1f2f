package bank

import "slices"

// claimNamed reads the line by the invoices that it names: all of them; those of each customer; and those
// that are named most surely.
func (m *matching) claimNamed() {
	strong := m.strong()
	if len(strong) == 0 {
		return
	}
	sets, ambiguous := m.alternatives(strong)
	for _, set := range sets {
		if m.claimSet(set, strong, ambiguous) {
			continue
		}
		for _, part := range m.parted(set) {
			m.claimSet(part, strong, ambiguous)
		}
	}
}

// strong are the mentions that name an invoice by themselves.
func (m *matching) strong() (list []mention) {
	for _, x := range m.mentions {
		if !x.order && x.weight > weightFeeble {
			list = append(list, x)
		}
	}
	return list
}

// maxAlternatives bounds the invoices that one number may mean.
const maxAlternatives = 3

// alternatives are the sets of invoices that the mentions may mean: one, unless a number means several invoices and
// the customer does not decide.
func (m *matching) alternatives(strong []mention) (sets [][]mention, ambiguous bool) {
	var first, choice []mention
	for i, x := range strong {
		at := slices.IndexFunc(strong, func(o mention) bool { return o.sameWords(&x) && !o.also })
		if at == i || x.also {
			first = append(first, x)
			continue
		}
		if len(choice) == 0 {
			choice = append(choice, strong[at])
		}
		if choice[0].sameWords(&x) && len(choice) < maxAlternatives {
			choice = append(choice, x)
		}
	}
	if len(choice) == 0 {
		return [][]mention{first}, false
	}
	ours := slices.DeleteFunc(slices.Clone(choice), func(x mention) bool { return m.payer(m.b.docs[x.doc].debtor) == nil })
	if len(ours) > 0 {
		choice = ours
	}
	for _, x := range choice {
		set := slices.DeleteFunc(slices.Clone(first), func(o mention) bool { return o.sameWords(&x) })
		sets = append(sets, append(set, x))
	}
	return sets, len(choice) > 1
}

// payer is the likeliest suspect who may pay what a debtor owes, nil for none of whom enough is known.
func (m *matching) payer(debtor int32) *suspect {
	for i := range m.who.list {
		if s := &m.who.list[i]; s.weight() >= agreeingWho && m.b.paysFor(s.debtor, debtor) {
			return s
		}
	}
	return nil
}

// parted cuts a set that the amount does not explain: by customer, and to what is named most surely.
func (m *matching) parted(set []mention) (sets [][]mention) {
	var debtors []int32
	best := 0
	for _, x := range set {
		if d := m.b.docs[x.doc].debtor; !slices.Contains(debtors, d) {
			debtors = append(debtors, d)
		}
		best = max(best, x.weight)
	}
	if len(debtors) > 1 {
		for _, d := range debtors {
			sets = append(sets, slices.DeleteFunc(slices.Clone(set), func(x mention) bool { return m.b.docs[x.doc].debtor != d }))
		}
	}
	surest := slices.DeleteFunc(slices.Clone(set), func(x mention) bool { return x.weight < best })
	if len(surest) < len(set) && len(debtors) == 1 {
		sets = append(sets, surest)
	}
	if len(debtors) == 1 && len(set) > 1 && len(set) <= maxTogether {
		for _, x := range set {
			sets = append(sets, []mention{x})
		}
	}
	return sets
}

// claimSet reads the line as paying a set of named invoices, and tells whether the amount says so too.
func (m *matching) claimSet(set, strong []mention, ambiguous bool) (agreed bool) {
	items, owners := m.itemsNamed(set)
	if len(items) == 0 {
		return false
	}
	weakest, strongestLeft := 100, 0
	for _, x := range strong {
		if slices.ContainsFunc(set, func(o mention) bool { return o.doc == x.doc }) {
			weakest = min(weakest, x.weight)
		} else if !slices.ContainsFunc(set, func(o mention) bool { return o.sameWords(&x) }) {
			strongestLeft = max(strongestLeft, x.weight)
		}
	}
	c, agreeing, certain := m.claimOf(owners)
	c.why = append(citing(m, set, weakest), c.why...)
	c.may = c.may && !ambiguous && strongestLeft+15 <= weakest && (agreeing || !m.ordered(set))
	for _, d := range m.explainNamed(items, m.besides(items)) {
		if strongestLeft > 0 && d.why[0].weight < weightCharges {
			continue // a piece of what is named counts only if the amount is its own
		}
		one := c
		switch d.need {
		case needAgreeing:
			one.may = c.may && agreeing
		case needCertain:
			one.may = c.may && certain
		case needPerson:
			one.may = false
		}
		m.claim(one, d)
		agreed = agreed || d.why[0].weight >= weightCharges
	}
	return agreed
}

// ordered tells whether the words that name an invoice are another invoice's order number as well.
func (m *matching) ordered(set []mention) bool {
	return slices.ContainsFunc(m.mentions, func(x mention) bool {
		return x.order && slices.ContainsFunc(set, func(o mention) bool { return o.doc != x.doc && o.sameWords(&x) })
	})
}

// itemsNamed are the items of a set of invoices, by due date, and who owes them.
func (m *matching) itemsNamed(set []mention) (items, owners []int32) {
	for _, x := range set {
		items = append(items, m.itemsOf(x.doc)...)
		if d := m.b.docs[x.doc].debtor; !slices.Contains(owners, d) {
			owners = append(owners, d)
		}
	}
	slices.Sort(items)
	return slices.Compact(items), owners
}

// citing gives the reasons of a set: the weight of the chain is that of its weakest link.
func citing(m *matching, set []mention, weight int) (list []why) {
	for i, x := range set {
		w := because(0, x.key, m.b.docs[x.doc].number)
		if x.order {
			w.Args = []any{m.b.docs[x.doc].order, m.b.docs[x.doc].number}
		}
		if i == 0 {
			w.weight = weight
		}
		list = append(list, w)
	}
	return list
}

// claimOf begins a reading for what some customers owe: who paid, and what speaks against it.
func (m *matching) claimOf(owners []int32) (c claim, agreeing, certain bool) {
	c.may = true
	var who *suspect
	for i := range m.who.list {
		if s := &m.who.list[i]; !slices.ContainsFunc(owners, func(o int32) bool { return !m.b.paysFor(s.debtor, o) }) {
			who = s
			break
		}
	}
	switch {
	case who != nil:
		c.Customer = m.b.idOf(who.debtor)
		c.why = who.reasons()
		if owner := owners[0]; owner != who.debtor {
			c.why = append(c.why, because(0, "bank.reason.group", m.b.title(owner)))
		}
		agreeing, certain = who.weight() >= agreeingWho, m.who.certain(who)
	case len(owners) == 1:
		c.Customer = m.b.idOf(owners[0])
	default:
		if p, ok := m.b.common(owners); ok {
			c.Customer = m.b.idOf(p)
			c.why = append(c.why, because(0, "bank.reason.group", m.b.title(owners[len(owners)-1])))
		} else {
			c.may = false
			c.why = append(c.why, because(0, "bank.reason.customers"))
		}
	}
	for _, o := range owners {
		rival := m.who.against(o)
		if rival == nil {
			continue
		}
		w := weightDoubt
		if rival.weight() >= rivalWho {
			w = weightAnother
		}
		c.may = false
		c.why = append(c.why, because(w, "bank.reason.conflict", m.b.title(rival.debtor)))
		break
	}
	c.certain = certain
	return c, agreeing, certain
}

// common finds who pays for all of some debtors: one of them, or the payer or parent of one.
func (b *Book) common(owners []int32) (int32, bool) {
	for _, o := range owners {
		d := &b.debtors[o]
		for _, up := range []int32{o, b.indexOf(d.Payer), b.indexOf(d.Parent)} {
			if up >= 0 && !slices.ContainsFunc(owners, func(x int32) bool { return !b.paysFor(up, x) }) {
				return up, true
			}
		}
	}
	return 0, false
}

// claimFeeble reads short numbers, numbers that look like something else, and the ends of numbers: they count
// only with the customer and the amount agreeing.
func (m *matching) claimFeeble() {
	if m.settled() {
		return
	}
	for k := range m.who.list {
		s := &m.who.list[k]
		if s.weight() < agreeingWho || k >= maxAsked {
			break
		}
		feeble := m.feeble(s)
		if m.claimEnds(append(m.strong(), feeble...), feeble) || len(feeble) < 2 || len(feeble) > maxTogether {
			continue
		}
		for i := range feeble {
			if feeble[i].labelled {
				m.claimEnds(append(m.strong(), feeble[i]), feeble[i:i+1])
			}
		}
	}
}

// feeble are the mentions of what a suspect may pay that prove nothing by themselves.
func (m *matching) feeble(s *suspect) (list []mention) {
	for _, x := range append(slices.Clone(m.mentions), m.tails(s)...) {
		if !x.order && x.weight <= weightFeeble && m.b.paysFor(s.debtor, m.b.docs[x.doc].debtor) &&
			!slices.ContainsFunc(m.mentions, func(o mention) bool { return o.doc == x.doc && !o.order && o.weight > weightFeeble }) {
			list = append(list, x)
		}
	}
	return list
}

// claimEnds reads the line as paying a set that feeble mentions complete, if the amount says so.
func (m *matching) claimEnds(set, feeble []mention) (agreed bool) {
	if len(feeble) == 0 {
		return true
	}
	items, owners := m.itemsNamed(set)
	c, _, certain := m.claimOf(owners)
	c.why = append(citing(m, set, weightFeeble), c.why...)
	c.may = c.may && certain && (len(feeble) > 1 || feeble[0].labelled)
	for _, d := range m.explainNamed(items, nil) {
		if d.why[0].weight >= weightCent {
			m.claim(c, d)
			agreed = true
		}
	}
	return agreed
}

// maxAsked is how many of the likeliest customers a line is read for.
const maxAsked = 4

// claimOrders reads the customer's own order numbers: one invoice of the order, or all of them.
func (m *matching) claimOrders() {
	var set []mention
	for _, x := range m.mentions {
		if x.order {
			set = append(set, x)
		}
	}
	if len(set) == 0 || len(set) > maxListed {
		return
	}
	tries := make([][]mention, 0, len(set)+1)
	for i := range set {
		tries = append(tries, set[i:i+1])
	}
	if len(set) > 1 {
		tries = append(tries, set)
	}
	for _, one := range tries {
		items, owners := m.itemsNamed(one)
		c, _, certain := m.claimOf(owners)
		c.why = append(citing(m, one, one[0].weight), c.why...)
		c.may = c.may && certain && len(m.strong()) == 0
		if d, ok := m.fully(items, m.total(items)); ok && m.total(items) > 0 {
			m.claim(c, d)
		}
	}
}

// claimCustomers reads the line by who paid and the amount alone, and as a credit of who paid when nothing explains it.
func (m *matching) claimCustomers() {
	if m.settled() {
		return
	}
	for k := range m.who.list {
		if s := &m.who.list[k]; k < maxAsked {
			m.claimCustomer(s)
		}
	}
}

// settled tells whether what is named agrees with all else: nothing more is sought.
func (m *matching) settled() bool {
	return slices.ContainsFunc(m.claims, func(c claim) bool { return c.may && c.explained && c.Rest == 0 && c.weight() >= m.b.rules.Sure })
}

func (m *matching) claimCustomer(s *suspect) {
	certain := m.who.certain(s)
	c := claim{why: s.reasons(), certain: certain}
	c.Customer = m.b.idOf(s.debtor)
	own := m.owedBy(s.debtor)
	deals := m.explainCustomer(own)
	group := m.group(s.debtor)
	if len(group) > 0 {
		all := append(slices.Clone(own), group...)
		slices.Sort(all)
		for _, d := range m.explainCustomer(all) {
			if !slices.ContainsFunc(deals, func(o deal) bool { return sameParts(o.parts, d.parts) }) {
				d.need = needPerson // who pays for others must say for whom
				deals = append(deals, d)
				for i := range deals {
					deals[i].need = needPerson
				}
			}
		}
	}
	explained := false
	for _, d := range deals {
		if s.weight() < agreeingWho && d.why[0].weight != weightExact {
			continue
		}
		one := c
		if p := d.parts[len(d.parts)-1]; p.Customer != c.Customer {
			one.why = append(slices.Clone(c.why), because(0, "bank.reason.group", m.b.title(m.b.indexOf(p.Customer))))
		}
		one.may = certain && d.need <= needCertain && len(m.strangers) == 0 && len(m.strong()) == 0
		if len(m.strangers) > 0 {
			one.why = append(slices.Clone(one.why), because(weightDoubt, "bank.reason.stranger", m.strangers[0]))
		}
		m.claim(one, d)
		explained = true
	}
	if !explained && s.weight() >= agreeingWho && !slices.ContainsFunc(m.claims, func(o claim) bool { return o.explained && o.Customer == c.Customer }) {
		c.account, c.Rest = true, m.amount
		c.why = append(c.why, because(0, "bank.reason.account"))
		if len(m.strangers) > 0 {
			c.why = append(c.why, because(0, "bank.reason.stranger", m.strangers[0]))
		}
		m.claims = append(m.claims, c)
	}
}

// group are the items of those for whom a debtor pays.
func (m *matching) group(debtor int32) (items []int32) {
	for _, p := range m.b.payees[debtor] {
		if items = append(items, m.owedBy(p)...); len(items) > maxItems {
			return nil
		}
	}
	return items
}

// maxLonely is how many items of one amount a person is asked to choose from.
const maxLonely = 5

// claimLonely reads a line of which nothing is known but the amount.
func (m *matching) claimLonely() {
	if len(m.claims) > 0 {
		return
	}
	var found []int32
	for _, i := range m.b.totals.find(byTotal.int(m.amount).end()) {
		if o := &m.b.open[i]; o.Rest == m.amount && o.Currency == m.cur && o.Issued <= m.on {
			if found = append(found, i); len(found) > maxLonely {
				return
			}
		}
	}
	for _, i := range found {
		c, _, _ := m.claimOf([]int32{m.b.docs[m.b.docOf[i]].debtor})
		c.may = false
		m.claim(c, m.whole([]int32{i}, 0, needPerson, because(weightLonely, "bank.reason.amount.only")))
	}
}
