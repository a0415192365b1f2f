package app

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"relance/internal/domain/org"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/ground/watch"
	"relance/internal/store"
)

// post is one sending.
type post struct {
	*Desk
	options  SendOptions
	worker   string
	since    time.Time // it began
	company  org.Company
	day      cal.Date
	accounts []openAccount
	lines    map[int64][]*mailLine // open connections by account
	witness  *witness
	kept     atomic.Int64 // the instant, in milliseconds, at which what this worker holds was last told to be alive
	sent     *Sent
	batch    int       // how many messages are claimed together
	claimed  int       // of the last batch, void ones included
	busy     bool      // other workers hold every connection of an account that has messages waiting
	again    time.Time // an account's allowance is spent until then
	handled  int
}

// mailLine is a connection and the renderer of the worker that holds it.
type mailLine struct {
	conn     MailConn
	renderer *renderer
	down     error   // why the server could not be reached in this batch
	last     *parcel // handed over, and what came of it not yet written down
}

// lastWord is how long a message that is being handed over may go on once the caller has given up: cut, it would be
// uncertain.
const lastWord = 20 * time.Second

// begin opens what a sending works with; stop lets go of it.
func (p *post) begin(ctx context.Context) (stop func()) {
	p.lines = map[int64][]*mailLine{}
	p.witness = newWitness(p)
	p.kept.Store(p.now().UnixMilli())
	ctx = context.WithoutCancel(ctx) // what is in hand is finished, and told, whoever gives up
	beats, end := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() { p.beat(beats) })
	wg.Go(func() { p.witness.run(ctx) })
	return func() {
		end()
		close(p.witness.said)
		wg.Wait()
		p.hangUp()
		var ids []id.MailAccount
		for _, a := range p.accounts {
			ids = append(ids, id.MailAccount(a.id))
		}
		// Not kept, the connections count as held until the lease ends: no more than that.
		_ = p.store.Update(ctx, p.company.ID, func(tx *store.Tx) error { return tx.FreeLines(ctx, p.worker, ids...) })
	}
}

// beat tells, four times a lease, that this worker lives: what it holds stays its own however slow the server is.
func (p *post) beat(ctx context.Context) {
	t := time.NewTicker(p.pace.Lease / 4)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		at := p.now()
		if err := p.store.Update(ctx, p.company.ID, func(tx *store.Tx) error { return tx.KeepClaims(ctx, p.worker, at.Add(p.pace.Lease)) }); err == nil {
			p.kept.Store(at.UnixMilli())
		}
	}
}

// late tells that another worker may soon take what this one holds: it hands nothing over any more.
func (p *post) late() bool {
	return p.now().UnixMilli() > p.kept.Load()+(p.pace.Lease*3/4).Milliseconds()
}

// deliver hands a batch over, on as many connections as were lent, and records what came of it together.
func (p *post) deliver(ctx context.Context, batch []*parcel) (err error) {
	ctx, work := watch.Begin(ctx, watch.Batch, watch.Num("company", p.company.ID), watch.Num("messages", len(batch)))
	before := *p.sent
	defer func() {
		work.Note(watch.Num("sent", p.sent.Sent-before.Sent), watch.Num("retried", p.sent.Retried-before.Retried),
			watch.Num("failed", p.sent.Failed-before.Failed), watch.Num("uncertain", p.sent.Uncertain-before.Uncertain))
		work.End(err)
	}()
	byAccount := map[int][]*parcel{}
	for _, x := range batch {
		n := p.accountOf(x.row)
		byAccount[n] = append(byAccount[n], x)
	}
	var wg sync.WaitGroup
	for n, list := range byAccount {
		wg.Go(func() { p.drain(ctx, &p.accounts[n], p.connected(&p.accounts[n], len(list)), list) })
	}
	wg.Wait()
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

// connected is the connections of an account that this worker may use for so many messages.
func (p *post) connected(a *openAccount, messages int) []*mailLine {
	for len(p.lines[a.id]) < a.lent {
		p.lines[a.id] = append(p.lines[a.id], &mailLine{renderer: p.renderer(p.company)})
	}
	for _, l := range p.lines[a.id][a.lent:] { // fewer than before
		l.hangUp()
	}
	return p.lines[a.id][:min(a.lent, messages)]
}

func (p *post) drain(ctx context.Context, a *openAccount, lines []*mailLine, list []*parcel) {
	jobs := make(chan *parcel)
	var wg sync.WaitGroup
	for _, l := range lines {
		l.down, l.last = nil, nil
		wg.Go(func() {
			for x := range jobs {
				p.one(ctx, a, l, x)
			}
		})
	}
	for _, x := range list {
		jobs <- x
	}
	close(jobs)
	wg.Wait()
}

// one renders and hands over one message, unless this worker is asked to stop before.
func (p *post) one(ctx context.Context, a *openAccount, l *mailLine, x *parcel) {
	if ctx.Err() == nil {
		p.hand(ctx, a, l, x)
	}
	if x.cut = ctx.Err() != nil && !x.handed && !x.lost; x.cut {
		x.keep()
	}
}

func (p *post) hand(ctx context.Context, a *openAccount, l *mailLine, x *parcel) {
	if p.late() {
		x.keep()
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
	held, err := p.witness.tell(l.last, x)
	if err != nil {
		x.keep()
		return
	}
	if l.last = x; !held {
		x.lost = true
		return
	}
	if p.late() { // the machine slept while that was written
		x.keep()
		return
	}
	last, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer context.AfterFunc(ctx, func() { time.AfterFunc(lastWord, cancel) })()
	defer cancel()
	x.handed = true
	if x.reply, x.err = l.conn.Send(last, a.From, to, msg); x.err != nil && fault.Key(x.err) != "smtp.refused" {
		l.hangUp() // its state is not known any more
	}
}

// keep leaves a message for another time: the server has heard nothing of it.
func (x *parcel) keep() { x.err, x.unsent = fault.New(fault.Unavailable, "smtp.temporary"), true }

func (l *mailLine) hangUp() {
	if l.conn != nil {
		_ = l.conn.Close() // everything was answered already
		l.conn = nil
	}
}

func (p *post) hangUp() {
	for _, ls := range p.lines {
		for _, l := range ls {
			l.hangUp()
		}
	}
}

// record keeps the outcomes of a batch: it does not give up because the caller has, nor because one
// of its messages was moved meanwhile (taken for abandoned, taken back by going live): that one
// stands as it was left, the others are recorded.
func (p *post) record(ctx context.Context, batch []*parcel) error {
	ctx = context.WithoutCancel(ctx)
	ids, before := make([]id.Message, 0, len(batch)), make([]store.Message, len(batch))
	for i, x := range batch {
		before[i] = *x.row
		if !x.lost {
			ids = append(ids, x.row.ID)
		}
	}
	err := retry(ctx, func() error {
		return p.update(ctx, org.VerbCollect, func(m *moment) error {
			m.day = p.day
			r := newRecorder(m)
			r.worker, r.pace = p.worker, p.pace
			var err error
			if r.claims, err = m.ClaimsOf(ctx, ids); err != nil {
				return err
			}
			for i, x := range batch {
				if *x.row = before[i]; x.lost {
					continue
				}
				if err := r.outcome(x); err != nil && !errors.Is(err, store.ErrMoved) {
					return err
				}
			}
			if err := m.EndHandovers(ctx, ids); err != nil {
				return err
			}
			return r.close()
		})
	})
	if err != nil {
		return err
	}
	for _, x := range batch {
		switch {
		case x.lost:
		case x.row.State == store.Sent:
			p.sent.Sent++
		case x.row.State == store.Approved:
			p.sent.Retried++
		case x.row.State == store.Uncertain:
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

// recover takes over the messages whose worker went away while it held them: what it had not handed over yet waits
// again, what the server took is sent, and what nobody knows of is shown as uncertain.
func (p *post) recover(ctx context.Context) error {
	return retry(ctx, func() error {
		return p.update(ctx, org.VerbCollect, func(m *moment) error {
			list, err := m.Abandoned(ctx, m.at)
			if err != nil || len(list) == 0 {
				return err
			}
			ids := make([]id.Message, len(list))
			for i, row := range list {
				ids[i] = row.ID
			}
			known, err := m.Handovers(ctx, ids)
			if err != nil {
				return err
			}
			r := newRecorder(m)
			r.claims = map[id.Message]store.Claimed{} // Abandoned has locked them
			p.sent.Uncertain = 0
			for _, row := range list {
				h, handed := known[row.ID]
				if m.day = p.day; handed {
					m.day = h.Day
				}
				row.SHA256 = h.SHA256
				switch {
				case !handed || h.Outcome == store.NotTaken:
					err = m.waitAgain(row)
				case h.Outcome == store.Taken:
					row.Reply, row.SentAt = h.Reply, h.At
					err = r.left(row)
				default:
					err = m.uncertain(row, i18n.T(m.lang(), "app.send.abandoned"))
					p.sent.Uncertain++
				}
				if err != nil {
					return err
				}
			}
			m.day = p.day
			if err := m.EndHandovers(ctx, ids); err != nil {
				return err
			}
			return r.close()
		})
	})
}

// waitAgain puts back a message that its worker did not hand over.
func (m *moment) waitAgain(row *store.Message) error {
	row.State, row.NextTry, row.SHA256 = store.Approved, m.at.UnixMilli(), ""
	row.Attempts--
	return m.UpdateMessage(m.ctx, row, store.Sending)
}

// uncertain marks a message that may have left: a person settles it.
func (m *moment) uncertain(row *store.Message, reason string) error {
	row.State, row.Reason = store.Uncertain, reason
	if err := m.UpdateMessage(m.ctx, row, store.Sending); err != nil {
		return err
	}
	return m.note("message.uncertain", subject{customer: row.Customer, message: row.ID}, map[string]any{"step": row.Step})
}
