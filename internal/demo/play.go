package demo

import (
	"context"
	"fmt"
	"time"

	"relance/internal/app"
	"relance/internal/domain/dispute"
	"relance/internal/domain/party"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
)

// NextDay lets a day pass: invoices are issued, money comes in, the daily run decides. In the past
// that is played before the curtain, the collector approves what is asked, posts the letters and
// makes the calls; afterwards the person who watches does.
func (s *Stage) NextDay(ctx context.Context, past bool) error {
	s.Clock.NextDay()
	day, err := s.Desk.Today(ctx)
	if err != nil {
		return err
	}
	if list := s.bills[day]; len(list) > 0 {
		files, err := s.papers(list)
		if err != nil {
			return err
		}
		if err := s.take(ctx, app.ImportInvoices, files...); err != nil {
			return err
		}
	}
	if err := s.receive(ctx, day); err != nil {
		return err
	}
	if day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
		return nil
	}
	if err := s.quarrel(ctx, day); err != nil {
		return err
	}
	if _, err := s.Desk.Run(ctx, app.RunOptions{Brief: true}); err != nil {
		return err
	}
	if past {
		if err := s.answer(ctx, day); err != nil {
			return err
		}
		if err := s.collect(ctx, day); err != nil {
			return err
		}
	}
	_, err = s.Desk.SendDue(ctx, app.SendOptions{})
	return err
}

// quarrel lets customers contest invoices, half of them in part.
func (s *Stage) quarrel(ctx context.Context, day cal.Date) error {
	for i, number := range s.argue[day] {
		x := app.Dispute{Invoice: number, Category: dispute.Categories[s.random.IntN(len(dispute.Categories))].Code,
			Why: "Le client conteste la quantité livrée."}
		if i%2 == 1 {
			x.Amount, x.Why = 60_00, "Remise convenue et non déduite."
		}
		if _, err := s.Desk.OpenDispute(ctx, x); err != nil && fault.Key(err) != "app.invoice.settled" {
			return err
		}
	}
	return nil
}

// collect is a collector's day: messages approved, letters posted, calls made, promises noted. The
// last days are left to the person who watches.
func (s *Stage) collect(ctx context.Context, day cal.Date) error {
	if s.leaves(day) {
		return nil
	}
	if _, _, err := s.Desk.ApproveAll(ctx); err != nil {
		return err
	}
	if _, _, err := s.Desk.ApproveAll(ctx); err != nil { // the second look, above the ceiling
		return err
	}
	if err := s.mail(ctx, day); err != nil {
		return err
	}
	tasks, err := s.Desk.Tasks(ctx)
	if err != nil {
		return err
	}
	for _, t := range tasks {
		if err := s.attend(ctx, day, t); err != nil {
			return err
		}
	}
	return nil
}

// leaves tells whether a day is one of the last, whose work is left on the desk.
func (s *Stage) leaves(day cal.Date) bool { return day > s.curtain().AddDays(-6) }

// curtain is the day on which the person begins to watch.
func (s *Stage) curtain() cal.Date { return s.began.AddDays(history) }

// mail posts the letters that wait, on days when registered letters may go.
func (s *Stage) mail(ctx context.Context, day cal.Date) error {
	list, err := s.Desk.ToPost(ctx)
	if err != nil || day.Weekday() == time.Friday {
		return err
	}
	numbers := map[id.Message]string{}
	for _, q := range list {
		if q.State != app.Approved {
			continue
		}
		numbers[q.ID] = fmt.Sprintf("1A %03d %03d %04d %d", 200+s.random.IntN(700), s.random.IntN(1000), s.random.IntN(10000), s.random.IntN(10))
		if err := s.Desk.ConfirmPosted(ctx, []id.Message{q.ID}, numbers); err != nil && fault.Of(err) != fault.Conflict {
			return err
		}
	}
	return nil
}

// attend does a task as a collector would.
func (s *Stage) attend(ctx context.Context, day cal.Date, t app.ToDo) error {
	switch t.Kind {
	case "qualify":
		return s.Desk.Qualify(ctx, t.Customer.Code, party.Pro)
	case "handover":
		return s.Desk.Decide(ctx, t.ID, "litigate", "dossier transmis")
	case "call":
		if s.random.IntN(4) == 0 && len(t.Invoices) > 0 {
			on := day.AddDays(4 + s.random.IntN(8))
			if _, err := s.Desk.AddPromise(ctx, app.Promise{Invoice: t.Invoices[0], On: on, Why: "Promis au téléphone."}); err != nil && fault.Key(err) != "app.invoice.settled" {
				return err
			}
		}
		return s.Desk.EndTask(ctx, t.ID, s.random.IntN(5) > 0, "Échange avec la comptabilité.")
	}
	return s.Desk.EndTask(ctx, t.ID, true, "fait")
}
