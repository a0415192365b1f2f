package app

import (
	"relance/internal/domain/letter"
	"relance/internal/domain/promise"
	"relance/internal/ground/cal"
	"relance/internal/store"
)

// noticeDays is how many working days before a date of a plan its courtesy notice leaves.
const noticeDays = 3

// noticeDay is the day of the courtesy notice of a date, working days before it.
func (s *scene) noticeDay(due cal.Date) cal.Date {
	d, c := due, s.company.Profile.Calendar
	for left := noticeDays; left > 0; {
		if d--; c.IsWorkingDay(d) {
			left--
		}
	}
	return d
}

// nextNotice is the first day on which a date of a plan that runs is to be told, zero for none.
func (s *scene) nextNotice(c *store.Commitment, st promise.Standing) (on cal.Date) {
	if c.Kind != "plan" {
		return 0
	}
	for i, p := range c.Parts {
		day := s.noticeDay(p.Due)
		if day <= s.day { // agreed too late for it, or on a day when nothing leaves
			day = s.company.Profile.Calendar.NextWorkingDay(s.day + 1)
		}
		if p.NoticedOn.IsZero() && st.Parts[i].State == promise.Running && day < p.Due && (on.IsZero() || day < on) {
			on = day
		}
	}
	return on
}

// notices are the courtesy notices that leave on the day, before the dates of plans.
func (s *scene) notices(list []*Decision) (drafts []*Draft) {
	if !s.company.Profile.Calendar.IsWorkingDay(s.day) {
		return nil
	}
	for _, d := range list {
		for _, c := range d.ledger.Running {
			st := d.standings[c.ID]
			if c.Kind != "plan" || st.State != promise.Running {
				continue
			}
			for i, p := range c.Parts {
				if !p.NoticedOn.IsZero() || st.Parts[i].State != promise.Running || s.day < s.noticeDay(p.Due) || s.day >= p.Due {
					continue
				}
				x := saying{kind: letter.PlanNotice, currency: c.Currency, approved: true, by: "scenario",
					what: occasion{Plan: c.ID, Seq: p.Seq, Day: p.Due, Amount: p.Amount - st.Parts[i].Paid}}
				for k := i + 1; k < len(c.Parts); k++ {
					x.what.Parts = append(x.what.Parts, agreedPart{c.Parts[k].Due, c.Parts[k].Amount})
				}
				if dr := s.draftOf(d, x); dr != nil {
					drafts = append(drafts, dr)
				}
				break // one date at a time
			}
		}
	}
	return drafts
}
