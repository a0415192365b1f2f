package app

import (
	"context"
	"time"

	"relance/internal/domain/org"
	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/store"
)

// Sent is what a sending did with the approved e-mails.
type Sent struct {
	Sent, Retried, Failed, Uncertain, Void, Kept int
	Closed                                       []Gate // doors that kept everything in, or what was left when they closed

	More  bool          // its time was over before everything had left
	Again time.Duration // how long the rest has to wait, 0 when it need not
}

// SendOptions bends a sending.
type SendOptions struct {
	Day      cal.Date      // stamped on the sendings; zero is today
	Limit    int           // at most so many messages; 0: all
	For      time.Duration // begin no batch after so long; 0: as long as it takes
	Progress func(done int)
}

// How a sending works: messages are claimed in batches, as many as leave in a small part of a turn, and a mail that the
// server refuses for now is tried again later, less and less often.
const (
	smallBatch  = 8
	largeBatch  = 200
	maxAttempts = 8
)

// Pace is how long what a worker took is its own when nothing is heard of it, and how soon a mail that was refused for
// now is tried again the first time.
type Pace struct {
	Lease time.Duration // 0: defaultLease
	Retry time.Duration // 0: defaultRetry
	Turn  time.Duration // that one company sends for before others have theirs; 0: defaultTurn
}

const (
	defaultLease = 2 * time.Minute
	defaultRetry = time.Minute
	defaultTurn  = 20 * time.Second
)

func (p Pace) withDefaults() Pace {
	if p.Lease <= 0 {
		p.Lease = defaultLease
	}
	if p.Retry <= 0 {
		p.Retry = defaultRetry
	}
	if p.Turn <= 0 {
		p.Turn = defaultTurn
	}
	return p
}

// backOff is the wait before the next attempt: 1, 4, 16 … times the first one, at most 480 times.
func (p Pace) backOff(attempts int) time.Duration {
	return min(p.Retry<<(2*min(max(attempts-1, 0), 6)), 480*p.Retry)
}

// SendDue hands over every approved e-mail whose time has come (PRODUCT.md §3 rules 8 and 9): claimed in a transaction
// that checks the gates again, sent outside any transaction, the outcome recorded after. What is about to be handed over
// is written down before, and what the server answered before anything else is handed over on that connection: a message
// that was cut between the server's acceptance and the record becomes "uncertain", for a person to settle, and no other.
func (d *Desk) SendDue(ctx context.Context, o SendOptions) (*Sent, error) {
	if err := d.may(org.VerbCollect); err != nil {
		return nil, err
	}
	out := &Sent{}
	p := &post{Desk: d, options: o, sent: out, worker: d.newWorker(), since: d.now(), batch: smallBatch}
	if err := p.open(ctx); err != nil || len(out.Closed) > 0 {
		return out, err
	}
	if err := p.recover(ctx); err != nil {
		return out, err
	}
	stop := p.begin(ctx)
	err := p.sendAll(ctx)
	stop()
	if err != nil {
		return out, err
	}
	_, err = d.Seal(ctx)
	return out, err
}

// sendAll works batch by batch until nothing is left, a door closes or the time given is over.
func (p *post) sendAll(ctx context.Context) error {
	for p.options.Limit == 0 || p.handled < p.options.Limit {
		if p.handled > 0 && p.shut() { // a long sending stops where its window ends
			p.close("window", i18n.Say("app.gate.window"))
			return nil
		}
		if p.options.For > 0 && p.now().Sub(p.since) >= p.options.For {
			p.sent.More = true
			return nil
		}
		batch, err := p.claim(ctx)
		switch {
		case err != nil:
			return err
		case len(batch) > 0:
			begun := p.now()
			if err := p.deliver(ctx, batch); err != nil {
				return err
			}
			p.learn(len(batch), p.now().Sub(begun))
		case p.claimed > 0: // the whole batch was void
		case !p.again.IsZero():
			if ok, err := p.rest(ctx); !ok {
				return err
			}
		default:
			if p.busy && p.handled == 0 {
				p.close("busy", i18n.Say("app.gate.busy"))
			}
			return nil
		}
	}
	return nil
}

// learn makes the next batch as large as leaves in an eighth of a turn: whoever waits for this company's turn to end does
// not wait for a slow server.
func (p *post) learn(sent int, took time.Duration) {
	switch part := p.pace.Turn / 8; {
	case took > 2*part:
		p.batch = max(p.batch/2, smallBatch)
	case took < part/2 && sent >= p.batch:
		p.batch = min(p.batch*2, largeBatch)
	}
}

// rest waits until the account may send more, when there is time for it.
func (p *post) rest(ctx context.Context) (ok bool, err error) {
	wait := p.again.Sub(p.now())
	if p.options.For > 0 && p.now().Add(wait).Sub(p.since) >= p.options.For {
		p.sent.More, p.sent.Again = true, max(wait, 0)
		return false, nil
	}
	select {
	case <-ctx.Done():
		return false, ctx.Err()
	case <-time.After(wait):
		return true, nil
	}
}

// open looks at the doors that are the same for every message.
func (p *post) open(ctx context.Context) error {
	return p.view(ctx, func(tx *store.Tx) error {
		s, err := p.scene(ctx, tx, p.options.Day)
		if err != nil {
			return err
		}
		p.company, p.day = s.company, s.day
		if p.accounts, err = accounts(ctx, tx); err != nil {
			return err
		}
		if len(p.accounts) == 0 {
			p.close("mail-account", i18n.Say("app.gate.mail-account"))
		}
		if !s.company.IsLive() && s.company.TrialTo == "" {
			p.close("trial", i18n.Say("app.gate.trial-mailbox"))
		}
		if s.company.IsLive() && !inWindow(s.company, p.now(), p.day) {
			p.close("window", i18n.Say("app.gate.window"))
		}
		if p.options.Day.IsZero() {
			return p.clockIsRight(ctx, tx)
		}
		return nil
	})
}

// clockBehind is how far two machines' clocks may differ.
const clockBehind = 15 * time.Minute

// clockIsRight closes the door when facts were written after now: by a clock that was set back, what was paid since is not
// known yet, and would be asked for.
func (p *post) clockIsRight(ctx context.Context, tx *store.Tx) error {
	last, err := tx.Journal(ctx, 1)
	if err == nil && len(last) > 0 && last[0].At.Sub(p.now()) > clockBehind {
		p.close("clock", i18n.Say("app.gate.clock", dayOf(p.company, last[0].At)))
	}
	return err
}

func (p *post) close(name string, why i18n.Said) {
	p.sent.Closed = append(p.sent.Closed, Gate{name, why})
}

// inWindow tells whether a company's mail of a day may leave at an instant: a working day, inside the company's hours. A
// day that is not today is taken at its noon: somebody asked for that day.
func inWindow(c org.Company, now time.Time, day cal.Date) bool {
	if !c.Profile.Calendar.IsWorkingDay(day) {
		return false
	}
	if now = now.In(c.Profile.Location()); dayOf(c, now) != day {
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
	return nextDay || !inWindow(p.company, p.now(), p.day)
}
