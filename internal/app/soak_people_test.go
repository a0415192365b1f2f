package app

import (
	"context"
	"slices"
	"time"

	"relance/internal/domain/dunning"
	"relance/internal/domain/org"
	"relance/internal/domain/party"
	"relance/internal/domain/promise"
	mail "relance/internal/format/mime"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/store"
)

// stands notes holds that were set on an invoice ("": on all that the customer owes), sure until a day (zero: until ended).
func (l *life) stands(holds []store.Hold, o *owing, customer string, until cal.Date) {
	for _, h := range holds {
		x := &span{customer: customer, reason: h.Reason, from: l.today, until: until}
		if o != nil {
			x.number = o.number
		}
		l.book.spans[h.ID] = x
	}
}

// held stops the reminders of an invoice or of a customer for a reason.
func (l *life) held() {
	o := l.some(anyBill)
	if o == nil {
		return
	}
	reasons := []dunning.HoldReason{dunning.HoldPause, dunning.HoldCheque, dunning.HoldDocument, dunning.HoldCreditAwaited, dunning.HoldDirectDebit}
	h := HoldDraft{Customer: o.customer, Reason: reasons[l.r.IntN(len(reasons))], Until: l.today.AddDays(l.r.IntN(15)), Why: "vu"}
	on := o
	if l.r.IntN(3) > 0 {
		h.Invoice = o.number
	} else {
		on = nil
	}
	if holds, err := l.desk.AddHold(l.ctx, h); l.allowed(err) {
		l.say("  hold %s on %s %s until %s", h.Reason, o.customer, h.Invoice, h.Until)
		l.stands(holds, on, o.customer, h.Until)
	}
}

// promised notes that a customer promises to pay; some do.
func (l *life) promised() {
	o := l.some(anyBill)
	if o == nil {
		return
	}
	p := Promise{Invoice: o.number, Customer: o.customer, On: l.today.AddDays(1 + l.r.IntN(12))}
	if holds, err := l.desk.AddPromise(l.ctx, p); l.allowed(err) {
		l.say("  %s promises to pay %s on %s", o.customer, o.number, p.On)
		l.stands(holds, o, o.customer, p.On)
	}
}

// planned agrees on a plan of payments.
func (l *life) planned() {
	o := l.some(func(o *owing) bool { return l.book.sure(o) && o.amount-o.paid > 20_000 })
	if o == nil {
		return
	}
	open, first := o.amount-o.paid, l.today.AddDays(2+l.r.IntN(10))
	p := Promise{Invoice: o.number, Plan: true, Accelerate: l.r.IntN(2) == 0, Parts: []promise.Part{{Due: first, Amount: open / 2}, {Due: first.AddDays(14), Amount: open - open/2}}}
	if holds, err := l.desk.AddPromise(l.ctx, p); l.allowed(err) {
		l.say("  a plan for %s from %s", o.number, first)
		l.stands(holds, o, o.customer, first)
	}
}

// cancelledPromise takes a promise or a plan back.
func (l *life) cancelledPromise() {
	list, err := l.desk.Commitments(l.ctx, promise.Running, 0, 20)
	l.must(err)
	if len(list) == 0 {
		return
	}
	c := list[l.r.IntN(len(list))]
	if !l.allowed(l.desk.CancelCommitment(l.ctx, c.ID, "non")) {
		return
	}
	l.say("  the %s of %v is cancelled", c.Kind, c.Invoices)
	for n, s := range l.book.spans {
		if slices.Contains(c.Invoices, s.number) && (s.reason == dunning.HoldPromise || s.reason == dunning.HoldPlan) {
			delete(l.book.spans, n)
		}
	}
}

// disputed lets a customer contest an invoice, all of it or a part.
func (l *life) disputed() {
	o := l.some(func(o *owing) bool { return o.contested == 0 })
	if o == nil {
		return
	}
	x := Dispute{Invoice: o.number, Category: "price", Amount: int64(l.r.IntN(2)) * ((o.amount - o.paid) / 3), Tell: l.r.IntN(2) == 0}
	holds, err := l.desk.OpenDispute(l.ctx, x)
	if !l.allowed(err) {
		return
	}
	l.say("  %s of %s is contested", euros(x.Amount), o.number)
	l.sum.disputes++
	if o.contested = x.Amount; x.Amount == 0 {
		o.contested = o.amount
		l.stands(holds, o, o.customer, 0)
	}
}

// undisputed closes a dispute.
func (l *life) undisputed() {
	list, err := l.desk.Disputes(l.ctx, 0, 20)
	l.must(err)
	if len(list) == 0 {
		return
	}
	number := list[l.r.IntN(len(list))].Invoice
	if _, err := l.desk.CloseDispute(l.ctx, number, Ending{Outcome: "refused", Cause: "unfounded"}); !l.allowed(err) {
		return
	}
	l.say("  the dispute of %s is closed", number)
	if o := l.book.bills[number]; o != nil {
		o.contested = 0
	}
	for n, s := range l.book.spans {
		if s.number == number && s.reason == dunning.HoldDispute {
			delete(l.book.spans, n)
		}
	}
}

// released ends a hold.
func (l *life) released() {
	list, err := l.desk.Holds(l.ctx)
	l.must(err)
	if len(list) == 0 {
		return
	}
	h := list[l.r.IntN(len(list))]
	if !l.allowed(l.desk.EndHold(l.ctx, h.ID)) {
		return
	}
	l.say("  the hold %d (%s) is ended", h.ID, h.Reason)
	if o := l.book.bills[h.Invoice]; o != nil && h.Reason == dunning.HoldDispute {
		o.contested = 0
	}
	for n, s := range l.book.spans { // an invoice of two instalments has two holds: the book is sure of neither any more
		if n == h.ID || h.Invoice != "" && s.number == h.Invoice && s.reason == h.Reason {
			delete(l.book.spans, n)
		}
	}
	if h.Reason == dunning.HoldInsolvency {
		delete(l.book.frozen, h.CustomerCode)
	}
}

// called records a phone call.
func (l *life) called() {
	o := l.some(anyBill)
	if o == nil {
		return
	}
	c := Call{Customer: o.customer, Invoice: o.number, Advance: l.r.IntN(2) == 0, Confirm: l.r.IntN(2) == 0,
		Result: []CallResult{CallBack, CallNoAnswer, CallWrongNumber, CallSpoken}[l.r.IntN(4)], On: l.today.AddDays(3)}
	if l.allowed(l.desk.RecordCall(l.ctx, c)) {
		l.say("  %s is called about %s: %s", o.customer, o.number, c.Result)
	}
}

// insolvent opens an insolvency, now and then.
func (l *life) insolvent() {
	if l.r.IntN(8) > 0 || len(l.book.frozen) > len(l.who)/6 {
		return
	}
	code := l.who[l.r.IntN(len(l.who))]
	x := Insolvency{Customer: code, Kind: insolvencyKinds[l.r.IntN(3)], Judgment: l.today.AddDays(-l.r.IntN(5))}
	if l.allowed(l.desk.OpenInsolvency(l.ctx, x)) {
		l.say("  %s is insolvent since %s", code, x.Judgment)
		l.book.frozen[code] = x.Judgment
	}
}

// edited changes a customer: an address is lost, found, an e-mail is another one.
func (l *life) edited() {
	code := l.who[l.r.IntN(len(l.who))]
	e := CustomerEdit{Name: "Client " + code, Email: l.address(code), Language: []string{"fr", "en", ""}[l.r.IntN(3)],
		Address: party.Address{Lines: "1 rue Haute", Postcode: "75001", City: "Paris", Country: "FR"}}
	if _, frozen := l.book.frozen[code]; frozen {
		return
	}
	switch l.r.IntN(8) {
	case 0:
		e.Email = ""
	case 1:
		e.Address = party.Address{}
	case 2:
		e.Email, e.Address = "", party.Address{}
	}
	if l.allowed(l.desk.EditCustomer(l.ctx, code, e)) {
		l.say("  %s is reached at %q, %q", code, e.Email, e.Address.Lines)
	}
}

// scenarioMoved lets a customer follow another scenario.
func (l *life) scenarioMoved() {
	code, name := l.who[l.r.IntN(len(l.who))], []string{"standard", "short", "personal", "key-account", ""}[l.r.IntN(5)]
	if l.r.IntN(3) == 0 && l.allowed(l.desk.AssignScenario(l.ctx, code, name)) {
		l.say("  %s follows %q", code, name)
	}
}

// decide runs the day: what plan shows is what the run does, and once it is done nothing is left to decide.
func (l *life) decide() {
	l.t.Helper()
	p, err := l.desk.Plan(l.ctx, 0)
	l.must(err)
	before := l.sum.faults
	var run *Run
	l.must(l.insist("run", func(ctx context.Context) (err error) {
		run, err = l.desk.Run(ctx, RunOptions{})
		return err
	}))
	if plan, done := told(p.Drafts), told(run.Drafts); plan != done && l.sum.faults == before {
		l.t.Errorf("the plan:\n%s\nthe run:\n%s", plan, done)
	}
	if p, err = l.desk.Plan(l.ctx, 0); err != nil || len(p.Drafts) > 0 {
		l.t.Errorf("after the run: %s, %v", told(p.Drafts), err)
	}
	for _, x := range run.Drafts {
		l.say("  decided: %s", told([]*Draft{x}))
	}
}

// approvals lets a person see to what was decided: approve, skip, edit, put off, take back, leave.
func (l *life) approvals() {
	list, err := l.desk.Outbox(l.ctx, store.Proposed, store.Approved)
	l.must(err)
	for _, q := range list {
		one, what := []id.Message{q.ID}, l.r.IntN(12)
		switch {
		case what < 5 && q.State == store.Proposed:
			_, err = l.desk.Approve(l.ctx, one)
		case what == 5:
			err = l.desk.Skip(l.ctx, one, "vu avec le client")
		case what == 6:
			err = l.desk.Edit(l.ctx, q.ID, Words{Subject: "À propos de vos factures", Body: "Bonjour,\n\n{{invoices}}\n\n{{payment}}"})
		case what == 7:
			err = l.desk.Postpone(l.ctx, q.ID, l.today.AddDays(1+l.r.IntN(6)))
		case what == 8 && q.State == store.Approved:
			err = l.desk.Unapprove(l.ctx, one)
		default:
			continue
		}
		if l.allowed(err) {
			l.say("  message %d (%s to %s): %d", q.ID, q.Step, q.CustomerCode, what)
		}
	}
}

// leave sends, on a server that has its days.
func (l *life) leave() {
	l.t.Helper()
	bad := l.post.bad
	if l.post.down = l.r.IntN(10) == 0; l.post.down {
		l.say("  the mail server is down")
	}
	var out *Sent
	send := func(ctx context.Context) (err error) {
		out, err = l.desk.SendDue(ctx, SendOptions{})
		return err
	}
	faults := l.sum.faults
	l.must(l.insist("send", send))
	if l.sum.faults > faults && len(l.ids(store.Sending)) > 0 {
		// PostgreSQL may hold what the one that gave up had locked until it has seen that nobody is there: the next minute finds it.
		time.Sleep(time.Second)
		l.must(send(l.ctx))
	}
	l.post.down = false
	l.sum.faults += l.post.bad - bad
	l.mailsTrue()
	if len(out.Closed) == 0 && out.Again == 0 && l.todayThere() == l.today { // set back, it is before the end of every lease
		if stuck := l.ids(store.Sending); len(stuck) > 0 {
			l.t.Errorf("%v are still being sent", stuck)
		}
	}
}

// people see to what machines cannot: uncertain and failed messages, letters to post, tasks.
func (l *life) people() {
	list, err := l.desk.Outbox(l.ctx, store.Uncertain, store.Failed)
	l.must(err)
	for _, q := range list {
		if l.r.IntN(3) == 0 {
			continue // tomorrow
		}
		switch {
		case q.State == store.Uncertain:
			left := l.post.took[l.mailID(q.ID)] > 0
			l.must(l.desk.Settle(l.ctx, q.ID, left))
			l.say("  message %d did leave: %v", q.ID, left)
		case l.r.IntN(3) == 0:
			l.allowed(l.desk.Skip(l.ctx, []id.Message{q.ID}, "refusé"))
		default:
			l.allowed(l.desk.Settle(l.ctx, q.ID, false))
		}
	}
	letters, err := l.desk.ToPost(l.ctx)
	l.must(err)
	for _, q := range letters {
		if q.State != store.Approved || l.r.IntN(2) == 0 {
			continue
		}
		if l.allowed(l.desk.ConfirmPosted(l.ctx, []id.Message{q.ID}, map[id.Message]string{q.ID: "1A 123 456 7890 1"})) {
			l.sum.letters++
			l.say("  letter %d (%s to %s) is posted", q.ID, q.Step, q.CustomerCode)
		}
	}
	tasks, err := l.desk.Tasks(l.ctx)
	l.must(err)
	for _, t := range tasks {
		switch {
		case l.r.IntN(3) > 0:
		case t.Kind == string(dunning.Handover):
			l.allowed(l.desk.Decide(l.ctx, t.ID, []string{"litigate", "go-on"}[l.r.IntN(2)], "vu"))
		default:
			l.allowed(l.desk.EndTask(l.ctx, t.ID, l.r.IntN(4) > 0, "vu"))
		}
	}
}

// goAway lets a worker claim mails and never be heard of again: before it handed anything over, while it did, or after the
// server had answered.
func (l *life) goAway() {
	if l.r.IntN(4) > 0 {
		return
	}
	defer l.mailsTrue()
	p := &post{Desk: l.desk, sent: &Sent{}, worker: "gone", batch: 2}
	l.must(p.open(l.ctx))
	if len(p.sent.Closed) > 0 {
		return
	}
	list, err := p.claim(l.ctx)
	l.must(err)
	if len(list) == 0 {
		return
	}
	l.sum.faults++
	stage := l.r.IntN(4)
	l.say("  a worker goes away with %d messages (%d)", len(list), stage)
	if stage == 0 {
		return
	}
	l.must(l.desk.update(l.ctx, org.VerbCollect, func(m *moment) error {
		var hand []store.Handover
		for _, x := range list {
			hand = append(hand, store.Handover{Message: x.row.ID, Day: m.day, At: l.at.UnixMilli(), SHA256: "abc"})
		}
		if _, err := m.HandOver(l.ctx, "gone", hand); err != nil || stage == 1 {
			return err
		}
		for i, x := range list {
			if hand[i].Outcome = store.NotTaken; stage == 3 {
				hand[i].Outcome, hand[i].Reply = store.Taken, "250 ok"
				l.post.takes(taken{x.row.Recipients, mail.Message{MessageID: l.mailID(x.row.ID)}})
			}
		}
		return m.Answered(l.ctx, "gone", hand)
	}))
}

// mailID is the Message-ID of a message of this company.
func (l *life) mailID(n id.Message) string {
	c, err := l.desk.Company(l.ctx)
	l.must(err)
	list, err := l.desk.MailAccounts(l.ctx)
	l.must(err)
	if len(list) == 0 {
		l.must(fault.New(fault.NotFound, "app.no-mail-account"))
	}
	return mailID(c, n, hostOf(list[0].From))
}
