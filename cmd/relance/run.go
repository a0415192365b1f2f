package main

import (
	"fmt"
	"io"

	"relance/internal/app"
	"relance/internal/ground/cal"
	"relance/internal/wire"
)

type runCmd struct {
	Date        cal.Date `placeholder:"DATE" help:"The day (default: today); stamped on decisions and sendings."`
	AllowFuture bool     `help:"Allow a day after today."`
	NoSend      bool     `help:"Decide and queue only."`
}

// runAnswer is the document of a run: the plan it carried out and what left.
type runAnswer struct {
	wire.Plan
	Void   int        `json:"void"` // waiting messages that were no longer true
	Sealed int        `json:"sealed"`
	Sent   *sentShape `json:"sending,omitempty"`
}

// sentShape is what a sending did.
type sentShape struct {
	Sent      int         `json:"sent"`
	Retried   int         `json:"retried"`
	Failed    int         `json:"failed"`
	Uncertain int         `json:"uncertain"`
	Void      int         `json:"void"`
	Closed    []wire.Gate `json:"closed"` // doors that kept everything in
}

func (c *context) sent(s *app.Sent) *sentShape {
	x := &sentShape{Sent: s.Sent, Retried: s.Retried, Failed: s.Failed, Uncertain: s.Uncertain, Void: s.Void, Closed: []wire.Gate{}}
	for _, g := range s.Closed {
		x.Closed = append(x.Closed, wire.Gate{Gate: g.Name, Why: g.Why.In(c.Lang)})
	}
	return x
}

func (s *sentShape) write(w io.Writer, c *context) {
	for _, g := range s.Closed {
		fmt.Fprintln(w, c.t("cmd.run.closed", g.Why))
	}
	if len(s.Closed) == 0 {
		fmt.Fprintln(w, c.t("cmd.run.sent", s.Sent, s.Retried, s.Failed, s.Uncertain))
	}
}

// Run is the daily run: decide, queue, send what is automatic.
func (q runCmd) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		bar := c.progress(c.t("cmd.run.deciding"))
		r, err := d.Run(c.ctx, app.RunOptions{Day: q.Date, AllowAhead: q.AllowFuture, Progress: bar.count})
		bar.done()
		if err != nil {
			return err
		}
		a := runAnswer{Plan: *c.planOf(&r.Plan), Void: r.Void, Sealed: r.Sealed}
		if !q.NoSend {
			bar := c.progress(c.t("cmd.run.sending"))
			s, err := d.SendDue(c.ctx, app.SendOptions{Day: r.Date, Progress: bar.count})
			bar.done()
			if err != nil {
				return err
			}
			a.Sent = c.sent(s)
		}
		return c.answer(a, func(w io.Writer) {
			c.writePlan(w, &a.Plan)
			if a.Sent != nil {
				a.Sent.write(w, c)
			}
		})
	})
}
