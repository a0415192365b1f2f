package app

import (
	"context"
	"slices"

	"relance/internal/domain/dunning"
	"relance/internal/domain/letter"
	"relance/internal/domain/org"
	"relance/internal/domain/party"
	"relance/internal/domain/promise"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
	"relance/internal/store"
)

// CallResult is what came of a phone call.
type CallResult string

// The results, each of which acts.
const (
	CallPromise     CallResult = "promise"      // a day and an amount
	CallDispute     CallResult = "dispute"      // the amount is contested
	CallBack        CallResult = "call-back"    // on another day
	CallNoAnswer    CallResult = "no-answer"    // tried once more
	CallWrongNumber CallResult = "wrong-number" // somebody finds the number
	CallPaid        CallResult = "already-paid" // held until it shows
	CallSpoken      CallResult = "spoken"       // nothing of the above was said
)

// CallResults lists the results in the order of the call sheet.
var CallResults = []CallResult{CallPromise, CallPaid, CallDispute, CallBack, CallNoAnswer, CallWrongNumber, CallSpoken}

// Call is a phone call as the person who made it tells it.
type Call struct {
	Task     id.Task // that asked for it, zero for none
	Customer string  // code
	Invoice  string  // that it was about; "": all that is owed
	Result   CallResult
	With     string // who was reached
	Phone    string // the number that was wrong
	On       cal.Date
	Amount   int64 // promised or contested, minor units; 0: all
	Parts    []promise.Part
	Category string // of the dispute
	Paid     PaidHow
	Why      string
	Advance  bool // the step that comes next is passed: the call stands for it
	Confirm  bool // an e-mail that confirms what was said leaves at once
}

// PaidHow is how a debtor says they have paid.
type PaidHow struct {
	Method string // transfer, cheque…
	On     cal.Date
}

// RecordCall keeps a call and does what its result says.
func (d *Desk) RecordCall(ctx context.Context, c Call) error {
	return d.update(ctx, org.VerbCollect, func(m *moment) error {
		if !slices.Contains(CallResults, c.Result) {
			return fault.New(fault.Invalid, "app.call.result", string(c.Result))
		}
		cu, err := m.calledCustomer(&c)
		if err != nil {
			return err
		}
		if err := m.LockCustomers(ctx, []id.Customer{cu.ID}); err != nil {
			return err
		}
		if err := m.actOn(&c, cu); err != nil {
			return err
		}
		if err := m.endCall(&c, cu); err != nil {
			return err
		}
		if c.Advance {
			if err := d.advance(m, cu, c.Invoice); err != nil {
				return err
			}
		}
		m.touch(cu.ID)
		if err := m.note("call", subject{customer: cu.ID}, map[string]any{"result": c.Result, "with": c.With, "invoice": c.Invoice, "on": c.On,
			"amount": c.Amount, "why": c.Why}); err != nil {
			return err
		}
		if c.Confirm {
			return m.confirmCall(&c, cu)
		}
		return nil
	})
}

func (m *moment) calledCustomer(c *Call) (party.Customer, error) {
	if c.Task != 0 {
		t, err := m.Task(m.ctx, c.Task)
		if err != nil {
			return party.Customer{}, err
		}
		if t.State != "open" {
			return party.Customer{}, fault.New(fault.Conflict, "app.call.done")
		}
		cu, err := m.Customer(m.ctx, t.Customer)
		c.Customer = cu.Code
		return cu, err
	}
	return m.customerCoded(c.Customer)
}

// actOn does what the result of a call says.
func (m *moment) actOn(c *Call, cu party.Customer) error {
	switch c.Result {
	case CallPromise:
		if c.On.IsZero() && len(c.Parts) == 0 {
			return fault.New(fault.Invalid, "app.call.on")
		}
		_, err := m.promise(Promise{Customer: cu.Code, Invoice: c.Invoice, On: c.On, Amount: c.Amount, Parts: c.Parts, Source: "call", Why: c.Why})
		return err
	case CallDispute:
		invoices := []string{c.Invoice}
		if c.Invoice == "" {
			var err error
			if invoices, err = m.overdueOf(cu.ID); err != nil {
				return err
			}
		}
		return m.onEach(invoices, func(number string) error {
			_, err := m.dispute(Dispute{Invoice: number, Amount: c.Amount, Category: c.Category, Why: c.Why})
			return err
		})
	case CallBack:
		if c.On <= m.day {
			return fault.New(fault.Invalid, "app.call.on")
		}
		_, err := m.hold(HoldDraft{Customer: cu.Code, Invoice: c.Invoice, Reason: dunning.HoldReply, Until: c.On, Why: c.Why})
		return err
	case CallPaid:
		return m.saysPaid(c, cu)
	case CallWrongNumber:
		why := i18n.T(m.lang(), "app.task.number", c.Phone)
		return m.InsertTask(m.ctx, &store.Task{Customer: cu.ID, Kind: "phone", CreatedOn: m.day, Why: why})
	}
	return nil
}

// saysPaid holds what the debtor says is paid: a cheque for the days that the post takes, a transfer for a
// week (PRODUCT.md §3 rule 6).
func (m *moment) saysPaid(c *Call, cu party.Customer) error {
	reason, until := dunning.HoldReply, m.day.AddDays(replyDays)
	if c.Paid.Method == "cheque" {
		reason, until = dunning.HoldCheque, cal.Later(m.day, c.Paid.On).AddDays(chequeDays)
	}
	_, err := m.hold(HoldDraft{Customer: cu.Code, Invoice: c.Invoice, Reason: reason, Until: until, Why: c.Why})
	return err
}

// overdueOf lists the invoices of a customer of which something is overdue.
func (m *moment) overdueOf(c id.Customer) (numbers []string, err error) {
	docs, err := m.DocsOf(m.ctx, []id.Customer{c})
	for _, d := range docs {
		for _, it := range d.Items {
			if !it.Closed && !it.Credit && it.Open > 0 && it.Due < m.day {
				numbers = appendNew(numbers, d.Number)
			}
		}
	}
	if err == nil && len(numbers) == 0 {
		err = fault.New(fault.Conflict, "app.promise.nothing")
	}
	return numbers, err
}

// endCall closes the task of a call, or keeps it for another day.
func (m *moment) endCall(c *Call, cu party.Customer) error {
	switch {
	case c.Result == CallBack:
		if c.Task != 0 {
			return m.PostponeTask(m.ctx, c.Task, c.On)
		}
		return m.InsertTask(m.ctx, &store.Task{Customer: cu.ID, Kind: string(dunning.Call), CreatedOn: m.day, StartOn: c.On, Why: c.Why,
			Invoices: oneNumber(c.Invoice)})
	case c.Result == CallNoAnswer && !c.Advance:
		if c.Task != 0 {
			return m.TryTask(m.ctx, c.Task)
		}
		return nil
	case c.Task == 0:
		return m.noteCall(c, cu)
	}
	if err := m.endTask(c.Task, c.Result != CallNoAnswer, string(c.Result)+": "+c.Why); err != nil {
		return err
	}
	return nil
}

func oneNumber(n string) []string {
	if n == "" {
		return nil
	}
	return []string{n}
}

// noteCall keeps a call that no task had asked for, so that texts know of it.
func (m *moment) noteCall(c *Call, cu party.Customer) error {
	numbers, items := oneNumber(c.Invoice), []id.Instalment(nil)
	docs, err := m.DocsOf(m.ctx, []id.Customer{cu.ID})
	if err != nil {
		return err
	}
	for _, d := range docs {
		for _, it := range d.Items {
			if !it.Closed && it.Open > 0 && !it.Credit && (c.Invoice == "" || d.Number == c.Invoice) {
				items = append(items, it.ID)
				numbers = appendNew(numbers, d.Number)
			}
		}
	}
	n, err := m.NewID(m.ctx)
	if err != nil {
		return err
	}
	t := &store.Task{ID: id.Task(n), Customer: cu.ID, Kind: string(dunning.Call), Step: "spontaneous", Items: items, Invoices: numbers, CreatedOn: m.day}
	if err := m.InsertTasks(m.ctx, []*store.Task{t}); err != nil {
		return err
	}
	return m.Tx.EndTask(m.ctx, t.ID, "done", m.day, m.actor.Name, string(c.Result)+": "+c.Why)
}

// advance passes the step that comes next for what a call was about: the call stands for it.
func (d *Desk) advance(m *moment, cu party.Customer, invoice string) error {
	s, err := d.scene(m.ctx, m.Tx, m.day)
	if err != nil {
		return err
	}
	list, err := s.decide(m.ctx, m.Tx, []id.Customer{cu.ID})
	if err != nil || len(list) == 0 {
		return err
	}
	x, q := list[0], newQueue(m, s)
	pass := func(it *dunning.Item, step string) {
		if step == "" || it.Due >= m.day || it.State.Pending != "" || invoice != "" && it.Invoice != invoice || it.Scenario == nil {
			return
		}
		q.act(x, it, step, "skipped", 0, 0)
		st := q.state(x, it.ID)
		st.State = st.State.Passed(step, m.day)
	}
	for _, w := range x.Out.Waiting {
		pass(w.Item, w.NextStep)
	}
	for _, h := range x.Out.Held {
		pass(h.Item, h.Step)
	}
	for _, msg := range x.Out.Messages {
		for _, l := range msg.Lines {
			if l.Advances {
				pass(l.Item, l.Step)
			}
		}
	}
	if err := m.InsertActions(m.ctx, q.actions); err != nil {
		return err
	}
	return q.saveStates()
}

// confirmCall writes the e-mail that confirms what was said.
func (m *moment) confirmCall(c *Call, cu party.Customer) error {
	row, err := m.sayTo(cu.ID, func(s *scene, d *Decision) (*saying, error) {
		items, currency := d.overdueItems(c.Invoice)
		if len(items) == 0 {
			return nil, fault.New(fault.Conflict, "app.promise.nothing")
		}
		o := occasion{On: m.day, With: c.With, Result: string(c.Result), Said: c.Why, Day: c.On, Amount: c.Amount}
		for _, p := range c.Parts {
			o.Parts = append(o.Parts, agreedPart{p.Due, p.Amount})
		}
		return &saying{kind: letter.CallReport, items: items, currency: currency, what: o, approved: true, by: m.actor.Name}, nil
	})
	if err == nil && row == nil {
		err = fault.New(fault.Invalid, "app.call.no-address")
	}
	return err
}

// overdueItems are the items of one currency that are owed and due: those of an invoice, or all.
func (d *Decision) overdueItems(invoice string) (items []id.Instalment, c money.Currency) {
	for i := range d.In.Items {
		it := &d.In.Items[i]
		if invoice != "" && it.Invoice != invoice || invoice == "" && it.Due >= d.In.Today {
			continue
		}
		if c == "" {
			c = it.Currency
		}
		if it.Currency == c {
			items = append(items, it.ID)
		}
	}
	return items, c
}

// CallSheet is what a person needs before and during a call.
type CallSheet struct {
	Day       cal.Date
	Task      *store.Task // that asks for the call, nil for none
	Customer  party.Customer
	Contacts  []party.Contact // those who have a number first
	Items     []dunning.Item  // overdue, oldest first
	Upcoming  int             // items not due yet
	Owed      map[money.Currency]int64
	Overdue   map[money.Currency]int64
	Contacted []Contacted // the last contacts, latest first
	Promises  []Committed
	Kept      int
	Broken    int
	Disputes  []DisputeView
	Scenario  string // that the oldest item follows
	NextStep  string
	NextOn    cal.Date
	MayMail   bool // a follow-up can be sent
}

// Contacted is a contact with the customer.
type Contacted struct {
	On      cal.Date
	Kind    string // message or call
	What    string // step of the message, result of the call
	Channel string
	By      string
	Text    string
}

// CallSheet gathers what is known of a customer before a call. task may be zero.
func (d *Desk) CallSheet(ctx context.Context, code string, task id.Task) (cs *CallSheet, err error) {
	cs = &CallSheet{Owed: map[money.Currency]int64{}, Overdue: map[money.Currency]int64{}}
	err = d.view(ctx, func(tx *store.Tx) error {
		s, err := d.scene(ctx, tx, 0)
		if err != nil {
			return err
		}
		cs.Day = s.day
		var who id.Customer
		if task != 0 {
			t, err := tx.Task(ctx, task)
			if err != nil {
				return err
			}
			cs.Task, who = &t, t.Customer
		} else {
			c, err := (&moment{Tx: tx, ctx: ctx}).customerCoded(code)
			if err != nil {
				return err
			}
			who = c.ID
		}
		list, err := s.decide(ctx, tx, []id.Customer{who})
		if err != nil {
			return err
		}
		cs.owed(list[0])
		return cs.past(ctx, d, tx, who)
	})
	return cs, err
}

// owed fills what is owed and what comes next.
func (cs *CallSheet) owed(x *Decision) {
	cs.Customer, cs.Contacts = x.Customer, slices.Clone(x.Contacts)
	slices.SortStableFunc(cs.Contacts, func(a, b party.Contact) int { return rankContact(a) - rankContact(b) })
	cs.MayMail = len(x.In.Reach.To([]party.Role{party.Accounting})) > 0
	for i := range x.In.Items {
		it := x.In.Items[i]
		cs.Owed[it.Currency] += it.Open
		if it.Due >= cs.Day {
			cs.Upcoming++
			continue
		}
		cs.Overdue[it.Currency] += it.Open
		cs.Items = append(cs.Items, it)
	}
	for _, w := range x.Out.Waiting {
		if w.NextStep != "" && !w.NextOn.IsZero() && (cs.NextOn.IsZero() || w.NextOn < cs.NextOn) {
			cs.NextStep, cs.NextOn = w.NextStep, w.NextOn
			if w.Item.Scenario != nil {
				cs.Scenario = w.Item.Scenario.Name
			}
		}
	}
}

func rankContact(c party.Contact) int {
	switch {
	case c.Phone == "":
		return 2
	case c.Role == party.Accounting || c.Role == party.Payer:
		return 0
	}
	return 1
}

// past fills what was said before.
func (cs *CallSheet) past(ctx context.Context, d *Desk, tx *store.Tx, who id.Customer) error {
	rows, err := tx.MessagesOf(ctx, []id.Customer{who})
	if err != nil {
		return err
	}
	for _, m := range rows {
		if m.State == store.Sent && !m.Trial {
			cs.Contacted = append(cs.Contacted, Contacted{On: m.SentOn, Kind: "message", What: m.Step, Channel: m.Channel, Text: m.Kind})
		}
	}
	tasks, err := tx.TasksOf(ctx, who)
	if err != nil {
		return err
	}
	for _, t := range tasks {
		if t.Kind == string(dunning.Call) && t.State == "done" {
			cs.Contacted = append(cs.Contacted, Contacted{On: t.DoneOn, Kind: "call", What: t.Result, By: t.DoneBy})
		}
	}
	slices.SortStableFunc(cs.Contacted, func(a, b Contacted) int { return int(b.On - a.On) })
	cs.Contacted = cs.Contacted[:min(len(cs.Contacted), 8)]
	kept, err := tx.CommitmentsOf(ctx, []id.Customer{who})
	if err != nil {
		return err
	}
	if cs.Promises, err = d.committed(ctx, tx, kept); err != nil {
		return err
	}
	for _, p := range cs.Promises {
		switch p.Standing.State {
		case promise.Kept:
			cs.Kept++
		case promise.Broken, promise.Partly:
			cs.Broken++
		}
	}
	open, err := tx.DisputesOf(ctx, who)
	if err != nil {
		return err
	}
	open = slices.DeleteFunc(open, func(x *store.Dispute) bool { return !x.ClosedOn.IsZero() })
	cs.Disputes, err = d.disputeViews(ctx, tx, open)
	return err
}
