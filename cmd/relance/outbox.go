package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"relance/internal/app"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
)

// outboxCmd groups the approval queue and the messages under way.
type outboxCmd struct {
	List     outboxList     `cmd:"" default:"withargs" help:"What waits, is under way or failed."`
	Show     outboxShow     `cmd:"" help:"One message exactly as it will be received."`
	Approve  outboxApprove  `cmd:"" help:"Let messages go."`
	Skip     outboxSkip     `cmd:"" help:"Pass messages over, with a reason."`
	Edit     outboxEdit     `cmd:"" help:"Change the words of one message."`
	Postpone outboxPostpone `cmd:"" help:"Keep one message back until a day."`
	Send     outboxSend     `cmd:"" help:"Hand over what is approved."`
	Settle   outboxSettle   `cmd:"" help:"Say whether an uncertain message left."`
	Print    outboxPrint    `cmd:"" help:"One PDF of the letters to post, and their print list."`
	Posted   outboxPosted   `cmd:"" help:"Confirm that printed letters were posted today."`
	Letter   outboxLetter   `cmd:"" help:"What became of a registered letter."`
}

type outboxList struct {
	State []string `placeholder:"STATE,…" help:"proposed, approved, sending, sent, failed, uncertain, skipped, cancelled."`
}

// queuedShape is a message of the outbox as scripts read it.
type queuedShape struct {
	ID           id.Message `json:"id"`
	State        string     `json:"state"`
	Customer     string     `json:"customer"`
	CustomerName string     `json:"customer_name"`
	Channel      string     `json:"channel"`
	Step         string     `json:"step"`
	Kind         string     `json:"kind"`
	Level        int        `json:"level"`
	Automation   string     `json:"automation"`
	NeedsSecond  bool       `json:"needs_second"`
	ApprovedBy   string     `json:"approved_by,omitempty"`
	SecondBy     string     `json:"second_by,omitempty"`
	DecidedOn    cal.Date   `json:"decided_on"`
	SendOn       cal.Date   `json:"send_on"`
	SentOn       cal.Date   `json:"sent_on,omitzero"`
	Recipients   []string   `json:"recipients"`
	CC           []string   `json:"cc,omitempty"`
	Invoices     []string   `json:"invoices"`
	Currency     string     `json:"currency"`
	Open         int64      `json:"open"`
	Total        int64      `json:"total"`
	Trial        bool       `json:"trial"`
	Attempts     int        `json:"attempts,omitzero"`
	Reason       string     `json:"reason,omitempty"`
	Reply        string     `json:"reply,omitempty"`
	SHA256       string     `json:"sha256,omitempty"`
	PostState    string     `json:"post_state,omitempty"`
	PostNumber   string     `json:"post_number,omitempty"`
	PostOn       cal.Date   `json:"post_on,omitzero"`
	EffectiveOn  cal.Date   `json:"effective_on,omitzero"`
	Attachments  []string   `json:"attachments,omitempty"`
}

func queuedOf(q *app.Queued) queuedShape {
	m := q.Message
	return queuedShape{ID: m.ID, State: m.State, Customer: q.CustomerCode, CustomerName: q.CustomerName, Channel: m.Channel, Step: m.Step,
		Kind: m.Kind, Level: m.Level, Automation: m.Automation, NeedsSecond: m.NeedsSecond, ApprovedBy: m.ApprovedBy, SecondBy: m.SecondBy,
		DecidedOn: m.DecidedOn, SendOn: m.SendOn, SentOn: m.SentOn, Recipients: append([]string{}, q.Mail...), CC: q.CC,
		Invoices: append([]string{}, q.Invoices...), Currency: string(m.Currency), Open: m.Open, Total: m.Total, Trial: m.Trial,
		Attempts: m.Attempts, Reason: m.Reason, Reply: m.Reply, SHA256: m.SHA256, PostState: m.PostState, PostNumber: m.PostNumber,
		PostOn: m.PostOn, EffectiveOn: m.EffectiveOn, Attachments: q.Attachments}
}

// Run lists the outbox.
func (q outboxList) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		list, err := d.Outbox(c.ctx, q.State...)
		if err != nil {
			return err
		}
		return c.answerQueue(list)
	})
}

func (c *context) answerQueue(list []*app.Queued) error {
	doc := struct {
		Messages []queuedShape `json:"messages"`
	}{[]queuedShape{}}
	for _, x := range list {
		doc.Messages = append(doc.Messages, queuedOf(x))
	}
	return c.answer(doc, func(w io.Writer) {
		if len(list) == 0 {
			fmt.Fprintln(w, c.t("cmd.outbox.empty"))
			return
		}
		t := tabwriter.NewWriter(w, 2, 8, 2, ' ', 0)
		for _, m := range doc.Messages {
			fmt.Fprintf(t, "%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", m.ID, c.t("cmd.state."+m.State), m.Customer, nameBeside(m.Customer, m.CustomerName), m.Step,
				c.t("cmd.channel."+m.Channel), i18n.Amount(c.Lang, money.Of(m.Total, money.Currency(m.Currency))), m.Reason)
		}
		_ = t.Flush() // w answers for itself
	})
}

type outboxShow struct {
	ID     id.Message `arg:"" help:"Number of the message."`
	Output string     `short:"o" placeholder:"FILE" help:"Write the letter (PDF) or the mail's HTML to a file."`
}

// Run shows a message.
func (q outboxShow) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		p, err := d.Preview(c.ctx, q.ID)
		if err != nil {
			return err
		}
		if q.Output != "" {
			data := p.PDF
			if p.Mail != nil {
				data = []byte(p.Mail.HTML)
			}
			if err := os.WriteFile(q.Output, data, 0o600); err != nil {
				return err
			}
		}
		doc := struct {
			queuedShape
			Subject  string    `json:"subject,omitempty"`
			Text     string    `json:"text,omitempty"`
			HTML     string    `json:"html,omitempty"`
			Editable app.Words `json:"editable"`
			Problems []string  `json:"problems,omitempty"`
		}{queuedShape: queuedOf(&p.Queued), Editable: p.Editable}
		if p.Mail != nil {
			doc.Subject, doc.Text, doc.HTML = p.Mail.Subject, p.Mail.Text, p.Mail.HTML
		}
		for _, x := range p.Problems {
			doc.Problems = append(doc.Problems, c.t(x))
		}
		return c.answer(doc, func(w io.Writer) {
			if p.Mail == nil {
				fmt.Fprintln(w, c.t("cmd.outbox.letter", len(p.PDF)))
				return
			}
			fmt.Fprintf(w, "%s\n\n%s\n", p.Mail.Subject, p.Mail.Text)
		})
	})
}

type outboxApprove struct {
	IDs []id.Message `arg:"" optional:"" name:"id" help:"Messages."`
	All bool         `help:"Every proposed message."`
}

// Run approves.
func (q outboxApprove) Run(c *context) error {
	if q.All == (len(q.IDs) > 0) {
		return usage(fault.New(fault.Invalid, "cmd.outbox.which"))
	}
	return c.withDesk(false, func(d *app.Desk) (err error) {
		doc := struct {
			Approved int      `json:"approved"`
			Problems []string `json:"problems"`
		}{Problems: []string{}}
		if q.All {
			var problems []error
			doc.Approved, problems, err = d.ApproveAll(c.ctx)
			for _, p := range problems {
				doc.Problems = append(doc.Problems, i18n.Error(c.Lang, p))
			}
		} else {
			doc.Approved, err = d.Approve(c.ctx, q.IDs)
		}
		if err != nil {
			return err
		}
		return c.answer(doc, func(w io.Writer) {
			fmt.Fprintln(w, c.t("cmd.outbox.approved", doc.Approved))
			for _, p := range doc.Problems {
				fmt.Fprintln(c.errOut, p)
			}
		})
	})
}

type outboxSkip struct {
	IDs    []id.Message `arg:"" name:"id" help:"Messages."`
	Reason string       `required:"" help:"Why."`
	dated
}

// Run skips.
func (q outboxSkip) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		if err := d.On(q.Date).Skip(c.ctx, q.IDs, q.Reason); err != nil {
			return err
		}
		return c.done("cmd.outbox.skipped", len(q.IDs))
	})
}

// done answers a verb that has nothing more to say.
func (c *context) done(key string, args ...any) error {
	return c.answer(map[string]any{"done": true}, func(w io.Writer) { fmt.Fprintln(w, c.t(key, args...)) })
}

type outboxEdit struct {
	ID      id.Message `arg:"" help:"Number of the message."`
	Subject string     `help:"New subject."`
	Body    string     `placeholder:"FILE" help:"File with the new text (Markdown); - for the standard input."`
}

// Run edits.
func (q outboxEdit) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		p, err := d.Preview(c.ctx, q.ID)
		if err != nil {
			return err
		}
		w := p.Editable
		if q.Subject != "" {
			w.Subject = q.Subject
		}
		if q.Body != "" {
			b, err := c.readText(q.Body)
			if err != nil {
				return err
			}
			w.Body = b
		}
		if err := d.Edit(c.ctx, q.ID, w); err != nil {
			return err
		}
		return c.done("cmd.outbox.edited")
	})
}

// readText reads a small text file, or the standard input for "-".
func (c *context) readText(name string) (string, error) {
	in := c.in
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return "", err
		}
		defer f.Close()
		in = f
	}
	b, err := io.ReadAll(io.LimitReader(in, 1<<20))
	return string(b), err
}

type outboxPostpone struct {
	ID    id.Message `arg:"" help:"Number of the message."`
	Until cal.Date   `required:"" placeholder:"DATE" help:"The day on which it may leave."`
}

// Run postpones.
func (q outboxPostpone) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		if err := d.Postpone(c.ctx, q.ID, q.Until); err != nil {
			return err
		}
		return c.done("cmd.outbox.postponed", q.Until)
	})
}

type outboxSend struct {
	Date  cal.Date `placeholder:"DATE" help:"The day stamped on the sendings (default: today)."`
	Limit int      `placeholder:"N" help:"At most so many messages."`
}

// Run sends.
func (q outboxSend) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		bar := c.progress(c.t("cmd.run.sending"))
		s, err := d.SendDue(c.ctx, app.SendOptions{Day: q.Date, Limit: q.Limit, Progress: bar.count})
		bar.done()
		if err != nil {
			return err
		}
		a := c.sent(s)
		return c.answer(a, func(w io.Writer) { a.write(w, c) })
	})
}

type outboxSettle struct {
	ID   id.Message `arg:"" help:"Number of the message."`
	Left bool       `negatable:"" required:"" help:"It left; --no-left sends it again."`
}

// Run settles an uncertain message.
func (q outboxSettle) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		if err := d.Settle(c.ctx, q.ID, q.Left); err != nil {
			return err
		}
		return c.done("cmd.outbox.settled")
	})
}

type outboxPrint struct {
	IDs    []id.Message `arg:"" optional:"" name:"id" help:"Letters (default: all that wait)."`
	Output string       `short:"o" required:"" placeholder:"FILE" help:"The PDF."`
	dated
}

// Run prints the batch and answers the print list.
func (q outboxPrint) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		list, err := d.ToPost(c.ctx)
		if err != nil {
			return err
		}
		if len(q.IDs) > 0 {
			chosen := map[id.Message]bool{}
			for _, n := range q.IDs {
				chosen[n] = true
			}
			list = keep(list, func(x *app.Queued) bool { return chosen[x.ID] })
		}
		list = keep(list, func(x *app.Queued) bool { return x.State == "approved" })
		if len(list) == 0 {
			return errors.New(c.t("cmd.outbox.no-letters"))
		}
		var ids []id.Message
		for _, x := range list {
			ids = append(ids, x.ID)
		}
		pdf, err := d.On(q.Date).Print(c.ctx, ids)
		if err != nil {
			return err
		}
		if err := os.WriteFile(q.Output, pdf, 0o600); err != nil {
			return err
		}
		return c.answerQueue(list)
	})
}

func keep[T any](list []T, ok func(T) bool) (out []T) {
	for _, x := range list {
		if ok(x) {
			out = append(out, x)
		}
	}
	return out
}

type outboxPosted struct {
	IDs     []id.Message          `arg:"" name:"id" help:"Letters."`
	Numbers map[id.Message]string `name:"number" placeholder:"ID=NUMBER" help:"Number of a registered letter."`
	dated
}

// Run confirms the posting: only now are the letters sent.
func (q outboxPosted) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		if err := d.On(q.Date).ConfirmPosted(c.ctx, q.IDs, q.Numbers); err != nil {
			return err
		}
		return c.done("cmd.outbox.posted", len(q.IDs))
	})
}

type outboxLetter struct {
	ID    id.Message `arg:"" help:"Number of the letter."`
	State string     `arg:"" enum:"presented,delivered,refused,unclaimed,unknown-address" help:"${enum}"`
	On    cal.Date   `placeholder:"DATE" help:"The day it happened (default: today)."`
	Proof string     `placeholder:"FILE" help:"Scan of the receipt or the envelope."`
}

// Run records what became of a registered letter.
func (q outboxLetter) Run(c *context) error {
	var proof []byte
	if q.Proof != "" {
		b, err := os.ReadFile(q.Proof)
		if err != nil {
			return err
		}
		proof = b
	}
	return c.withDesk(false, func(d *app.Desk) error {
		if err := d.SetPostState(c.ctx, q.ID, q.State, q.On, proof); err != nil {
			return err
		}
		return c.done("cmd.outbox.letter-state", c.t("cmd.post."+q.State))
	})
}

type goLiveCmd struct {
	Yes bool `help:"Go live; without it the command only shows what would leave."`
}

// Run ends trial mode.
func (q goLiveCmd) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		l, err := d.GoLive(c.ctx, q.Yes)
		if err != nil {
			return err
		}
		if l.Done {
			return c.answer(map[string]any{"live": true, "trials": l.Trials}, func(w io.Writer) { fmt.Fprintln(w, c.t("cmd.live.done")) })
		}
		doc := c.planOf(l.Plan)
		b, err := json.Marshal(doc)
		if err != nil {
			return err
		}
		out := map[string]any{}
		if err := json.Unmarshal(b, &out); err != nil {
			return err
		}
		out["live"] = false
		return c.answer(out, func(w io.Writer) {
			fmt.Fprintln(w, c.t("cmd.live.would", len(doc.Messages), strings.Join(c.sums(doc.Messages), " + ")))
			c.writePlan(w, doc)
		})
	})
}
