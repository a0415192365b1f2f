package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"relance/internal/domain/dunning"
	"relance/internal/domain/org"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/ground/watch"
	"relance/internal/store"
)

// Sent is what a sending did with the approved e-mails.
type Sent struct {
	Sent, Retried, Failed, Uncertain, Void, Kept int
	Closed                                       []Gate // doors that kept everything in, or what was left when they closed
}

// SendOptions bends a sending.
type SendOptions struct {
	Day      cal.Date // stamped on the sendings; zero is today
	Limit    int      // at most so many messages; 0: all
	Progress func(done int)
}

// How a sending works: messages are claimed in batches for a lease, and a mail that the server
// refuses for now is tried again later, less and less often.
const (
	claimBatch  = 200
	lease       = 10 * time.Minute
	margin      = 2 * time.Minute // longer than one handing over may last
	maxAttempts = 8
)

// backOff is the wait before the next attempt: 1, 4, 16 … minutes, at most 8 hours.
func backOff(attempts int) time.Duration {
	return min(time.Minute<<(2*min(max(attempts-1, 0), 6)), 8*time.Hour)
}

var workers atomic.Int64

// SendDue hands over every approved e-mail whose time has come (PRODUCT.md §3 rules 8 and 9):
// claimed in a transaction that checks the gates again, sent outside any transaction, the outcome
// recorded after. A message cut between the server's acceptance and the record becomes
// "uncertain", for a person to settle.
func (d *Desk) SendDue(ctx context.Context, o SendOptions) (*Sent, error) {
	if err := d.may(org.VerbCollect); err != nil {
		return nil, err
	}
	out := &Sent{}
	p := &post{Desk: d, options: o, sent: out, worker: fmt.Sprintf("%d.%d", os.Getpid(), workers.Add(1))}
	if err := p.open(ctx); err != nil || len(out.Closed) > 0 {
		return out, err
	}
	defer p.hangUp()
	if err := p.recover(ctx); err != nil {
		return out, err
	}
	for o.Limit == 0 || p.handled < o.Limit {
		if p.handled > 0 && p.shut() { // a long sending stops where its window ends
			p.close("window", i18n.Say("app.gate.window"))
			break
		}
		batch, err := p.claim(ctx)
		if err != nil {
			return out, err
		}
		if len(batch) == 0 {
			if p.claimed == 0 {
				break
			}
			continue // the whole batch was void
		}
		if err := p.deliver(ctx, batch); err != nil {
			return out, err
		}
	}
	_, err := d.Seal(ctx)
	return out, err
}

// post is one sending.
type post struct {
	*Desk
	options  SendOptions
	worker   string
	company  org.Company
	day      cal.Date
	accounts []openAccount
	lines    map[int64][]*mailLine // open connections by account
	sent     *Sent
	claimed  int // of the last batch, void ones included
	handled  int
}

// mailLine is a connection and the renderer of the worker that holds it.
type mailLine struct {
	conn     MailConn
	renderer *renderer
	down     error // why the server could not be reached in this batch
}

// open looks at the doors that are the same for every message.
func (p *post) open(ctx context.Context) error {
	return p.view(ctx, func(tx *store.Tx) error {
		s, err := p.scene(ctx, tx, p.options.Day)
		if err != nil {
			return err
		}
		p.company, p.day = s.company, s.day
		p.lines = map[int64][]*mailLine{}
		if p.accounts, err = accounts(ctx, tx); err != nil {
			return err
		}
		if len(p.accounts) == 0 {
			p.close("mail-account", i18n.Say("app.gate.mail-account"))
		}
		if !s.company.IsLive() && s.company.TrialTo == "" {
			p.close("trial", i18n.Say("app.gate.trial-mailbox"))
		}
		if s.company.IsLive() && !p.inWindow(s.company) {
			p.close("window", i18n.Say("app.gate.window"))
		}
		return nil
	})
}

func (p *post) close(name string, why i18n.Said) {
	p.sent.Closed = append(p.sent.Closed, Gate{name, why})
}

// inWindow tells whether mail may leave: a working day, inside the company's hours. A day that is
// not today is taken at its noon: somebody asked for that day.
func (p *post) inWindow(c org.Company) bool {
	if !c.Profile.Calendar.IsWorkingDay(p.day) {
		return false
	}
	now := p.now().In(c.Profile.Location())
	if dayOf(c, now) != p.day {
		return true
	}
	from, to := c.Profile.Window()
	at := now.Hour()*60 + now.Minute()
	return at >= from && at < to
}

// shut tells whether the window has closed since the sending began.
func (p *post) shut() bool {
	if !p.company.IsLive() {
		return false
	}
	nextDay := p.options.Day.IsZero() && dayOf(p.company, p.now()) != p.day
	return nextDay || !p.inWindow(p.company)
}

// recover shows as uncertain the messages whose worker went away while it held them.
func (p *post) recover(ctx context.Context) error {
	return p.update(ctx, org.VerbCollect, func(m *moment) error {
		m.day = p.day
		list, err := m.Abandoned(ctx, m.at)
		if err != nil {
			return err
		}
		for _, row := range list {
			if err := m.uncertain(row, i18n.T(m.lang(), "app.send.abandoned")); err != nil {
				return err
			}
			p.sent.Uncertain++
		}
		return nil
	})
}

// uncertain marks a message that may have left: a person settles it.
func (m *moment) uncertain(row *store.Message, reason string) error {
	row.State, row.Reason = store.Uncertain, reason
	if err := m.UpdateMessage(m.ctx, row, store.Sending); err != nil {
		return err
	}
	return m.note("message.uncertain", subject{customer: row.Customer, message: row.ID}, map[string]any{"step": row.Step})
}

// parcel is a claimed message with what its bytes need besides its inputs.
type parcel struct {
	row    *store.Message
	thread []id.Message
	at     time.Time
	reply  string
	sha    string
	err    error
	unsent bool // the server was not reached: this was no attempt
}

// claim takes a batch for this worker. In the same transaction each message is checked against the
// ledger as it stands: one that is no longer true is made void and its customer planned again; one
// decided on an earlier day is dated and computed anew.
func (p *post) claim(ctx context.Context) (batch []*parcel, err error) {
	err = retry(ctx, func() error {
		batch = nil
		return p.update(ctx, org.VerbCollect, func(m *moment) error {
			m.day = p.day
			limit := claimBatch
			if p.options.Limit > 0 {
				limit = min(limit, p.options.Limit-p.handled)
			}
			rows, err := m.Claim(ctx, p.worker, m.at, lease, p.day, limit)
			p.claimed = len(rows)
			if err != nil || len(rows) == 0 {
				return err
			}
			batch, err = p.check(m, rows)
			return err
		})
	})
	return batch, err
}

func (p *post) check(m *moment, rows []*store.Message) ([]*parcel, error) {
	s, err := p.scene(m.ctx, m.Tx, p.day)
	if err != nil {
		return nil, err
	}
	var who []id.Customer
	for _, r := range rows {
		who = append(who, r.Customer)
	}
	decisions, err := s.gather(m.ctx, m.Tx, who)
	if err != nil {
		return nil, err
	}
	at := map[id.Customer]*Decision{}
	for _, d := range decisions {
		at[d.Customer.ID] = d
	}
	threads, err := m.Threads(m.ctx, who)
	if err != nil {
		return nil, err
	}
	q := newQueue(m, s)
	var out []*parcel
	for _, row := range rows {
		ok, err := p.still(q, at[row.Customer], row)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, &parcel{row: row, thread: tail(threads[row.Customer], 8), at: m.at})
		}
	}
	return out, q.saveStates()
}

func tail(list []id.Message, n int) []id.Message { return list[max(0, len(list)-n):] }

// still checks one claimed message and brings it to the day it leaves.
func (p *post) still(q *queue, d *Decision, row *store.Message) (bool, error) {
	in, err := readInputs(row)
	if err != nil {
		return false, err
	}
	if why := d.untrue(row, in); why != "" { // a copy of a posted letter too: not after payment
		p.sent.Void++
		q.touch(row.Customer)
		return false, q.void(d, row)
	}
	if repeats(row) {
		return true, nil
	}
	if kept, err := p.keptBack(q, d, row); kept || err != nil {
		return false, err
	}
	trial := !q.company.IsLive()
	if in.Date == p.day && row.Trial == trial {
		return true, nil
	}
	row.Trial = trial
	if err := q.redate(d, row, in); err != nil {
		return false, err
	}
	return true, q.KeepInputs(q.ctx, row)
}

// keptBack keeps a claimed message that is still true and may not leave today: payments are not known up to a recent
// day and no person has approved it, or the customer was written to too lately.
func (p *post) keptBack(q *queue, d *Decision, row *store.Message) (bool, error) {
	if row.Scenario == 0 || row.CopyOf != 0 {
		return false, nil
	}
	if row.ApprovedBy == "scenario" && q.scene.waits(row.Kind, dunning.Automation(row.Automation)) {
		row.State, row.ApprovedBy, row.WaitsFor = store.Proposed, "", waitsForPayments
		p.sent.Kept++
		if err := q.UpdateMessage(q.ctx, row, store.Sending); err != nil {
			return true, err
		}
		return true, q.note("message.waits", subject{customer: row.Customer, message: row.ID}, map[string]any{"for": waitsForPayments})
	}
	gap := 0
	if s := q.scene.catalog.byID[row.Scenario]; s != nil {
		gap = s.ContactGap
	}
	from := d.nextContact(row, gap, p.day)
	if from.IsZero() {
		return false, nil
	}
	row.State, row.SendOn = store.Approved, from
	row.Attempts--
	p.sent.Kept++
	if err := q.UpdateMessage(q.ctx, row, store.Sending); err != nil {
		return true, err
	}
	return true, q.note("message.waits", subject{customer: row.Customer, message: row.ID}, map[string]any{"for": "contact", "until": from})
}

// deliver hands a batch over, on as many connections as the account allows, and records what came
// of it in groups.
func (p *post) deliver(ctx context.Context, batch []*parcel) (err error) {
	ctx, work := watch.Begin(ctx, watch.Batch, watch.Num("company", p.company.ID), watch.Num("messages", len(batch)))
	before := *p.sent
	defer func() {
		work.Note(watch.Num("sent", p.sent.Sent-before.Sent), watch.Num("retried", p.sent.Retried-before.Retried),
			watch.Num("failed", p.sent.Failed-before.Failed), watch.Num("uncertain", p.sent.Uncertain-before.Uncertain))
		work.End(err)
	}()
	byAccount := map[int64][]*parcel{}
	for _, x := range batch {
		n := p.accountOf(x.row)
		byAccount[p.accounts[n].id] = append(byAccount[p.accounts[n].id], x)
	}
	for i := range p.accounts {
		list := byAccount[p.accounts[i].id]
		if len(list) == 0 {
			continue
		}
		p.drain(ctx, &p.accounts[i], list)
	}
	return p.record(ctx, batch)
}

// accountOf is the account of a message: the one it was given, else the first.
func (p *post) accountOf(row *store.Message) int {
	for i := range p.accounts {
		if id.MailAccount(p.accounts[i].id) == row.Account {
			return i
		}
	}
	return 0
}

func (p *post) drain(ctx context.Context, a *openAccount, list []*parcel) {
	want := a.Connections
	if want == 0 {
		want = 2
	}
	want = min(want, len(list))
	for len(p.lines[a.id]) < want {
		p.lines[a.id] = append(p.lines[a.id], &mailLine{renderer: p.renderer(p.company)})
	}
	jobs := make(chan *parcel)
	var wg sync.WaitGroup
	for _, l := range p.lines[a.id][:want] {
		l.down = nil
		wg.Add(1)
		go func() {
			defer wg.Done()
			for x := range jobs {
				p.one(ctx, a, l, x)
			}
		}()
	}
	for _, x := range list {
		jobs <- x
	}
	close(jobs)
	wg.Wait()
}

// one renders and hands over one message.
func (p *post) one(ctx context.Context, a *openAccount, l *mailLine, x *parcel) {
	if p.now().After(x.at.Add(lease - margin)) {
		// Another worker may soon take these for abandoned: what was not handed over is given back.
		x.err, x.unsent = fault.New(fault.Unavailable, "smtp.temporary"), true
		return
	}
	_, work := watch.Begin(ctx, watch.Render)
	msg, to, err := l.renderer.email(ctx, x.row, a, x.thread, x.at)
	work.End(err)
	if err != nil {
		x.err = err
		return
	}
	x.sha = digest(msg)
	if l.conn == nil && l.down == nil {
		s, err := p.server(a.keptAccount)
		if err == nil {
			l.conn, err = p.mail.Dial(ctx, s)
		}
		l.down = err
	}
	if l.down != nil {
		x.err, x.unsent = l.down, true
		return
	}
	if x.reply, x.err = l.conn.Send(ctx, a.From, to, msg); x.err != nil && fault.Key(x.err) != "smtp.refused" {
		_ = l.conn.Close() // its state is not known any more
		l.conn = nil
	}
}

func (p *post) hangUp() {
	for _, ls := range p.lines {
		for _, l := range ls {
			if l.conn != nil {
				_ = l.conn.Close() // everything was answered already
			}
		}
	}
}

// record keeps the outcomes of a batch: it does not give up because the caller has, nor because one
// of its messages was moved meanwhile (taken for abandoned, taken back by going live): that one
// stands as it was left, the others are recorded.
func (p *post) record(ctx context.Context, batch []*parcel) error {
	ctx = context.WithoutCancel(ctx)
	err := retry(ctx, func() error {
		return p.update(ctx, org.VerbCollect, func(m *moment) error {
			m.day = p.day
			r := newRecorder(m)
			r.worker = p.worker
			for _, x := range batch {
				if err := r.outcome(x); err != nil && !errors.Is(err, store.ErrMoved) {
					return err
				}
			}
			return r.close()
		})
	})
	if err != nil {
		return err
	}
	for _, x := range batch {
		switch x.row.State {
		case store.Sent:
			p.sent.Sent++
		case store.Approved:
			p.sent.Retried++
		case store.Uncertain:
			p.sent.Uncertain++
		default:
			p.sent.Failed++
		}
	}
	p.handled += len(batch)
	if p.options.Progress != nil {
		p.options.Progress(p.handled)
	}
	return nil
}
