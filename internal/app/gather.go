package app

import (
	"context"
	"maps"
	"slices"

	"relance/internal/domain/dunning"
	"relance/internal/domain/org"
	"relance/internal/domain/party"
	"relance/internal/domain/promise"
	"relance/internal/domain/rate"
	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
	"relance/internal/store"
)

// scene is what every decision of one company on one day shares.
type scene struct {
	company org.Company
	day     cal.Date
	catalog *catalog
	rates   *rate.Table
	known   cal.Date // payments are known up to this day; zero when no source was ever given
}

func (a *App) scene(ctx context.Context, tx *store.Tx, day cal.Date) (*scene, error) {
	c, err := company(ctx, tx)
	if err != nil {
		return nil, err
	}
	if day.IsZero() {
		day = dayOf(c, a.now())
	}
	cat, err := a.catalog(ctx, tx, c.Profile.Scenario)
	if err != nil {
		return nil, err
	}
	known, err := moneyKnown(ctx, tx, c)
	return &scene{company: c, day: day, catalog: cat, rates: rate.Legal(), known: known}, err
}

// moneyKnown is the day up to which payments are known: the last payment or bank entry, or what a person states.
func moneyKnown(ctx context.Context, tx *store.Tx, c org.Company) (cal.Date, error) {
	last, err := tx.MoneyKnownOn(ctx)
	return cal.Later(last, c.PaymentsOn), err
}

// Decision is what one day decides about one customer, with what it knew.
type Decision struct {
	Customer party.Customer
	Contacts []party.Contact
	In       dunning.Input
	Out      dunning.Outcome

	ledger *store.Ledger
	items  map[id.Instalment]*store.LedgerItem
	place  map[id.Instalment]int // of each item in In.Items
	after  []dunning.Item        // the items once a simulation imagined the outcome
	stale  []*store.Message      // waiting messages that no longer hold: made void before the decision
	ages   cal.Date              // the next day on which a message that still waits may be too old

	standings map[id.Plan]promise.Standing // of the commitments that run
	wake      cal.Date                     // the next day on which one of them may change
	cheques   []id.Hold                    // holds whose cheque never came, asked about by this decision
}

// gather reads customers as they stand on a day and what waits to leave to them.
func (s *scene) gather(ctx context.Context, tx *store.Tx, ids []id.Customer) ([]*Decision, error) {
	ledgers, err := tx.Ledgers(ctx, s.day, ids)
	if err != nil {
		return nil, err
	}
	list := make([]*Decision, len(ledgers))
	for i, l := range ledgers {
		list[i] = s.open(l)
	}
	return list, nil
}

// open makes a ledger the input of a decision.
func (s *scene) open(l *store.Ledger) *Decision {
	d := &Decision{Customer: l.Customer, Contacts: l.Contacts, ledger: l, items: make(map[id.Instalment]*store.LedgerItem, len(l.Items)),
		place: make(map[id.Instalment]int, len(l.Items))}
	c := &d.Customer
	kind := c.EffectiveKind()
	name := s.catalog.nameFor(c, l.Owed()[money.EUR])
	in := dunning.Input{Today: s.day, Calendar: s.company.Profile.Calendar, Credits: l.Credits, Written: l.Written, Reach: reach(l),
		Customer: dunning.Customer{ID: c.ID, Code: c.Code, Name: c.Name, Kind: kind, Language: language(s.company, c),
			ConfirmFirst: c.ConfirmFirst, TermsConfirmed: c.TermsConfirmed}}
	in.Items = make([]dunning.Item, len(l.Items))
	for i := range l.Items {
		li := &l.Items[i]
		li.Scenario = s.catalog.followed(name, li.Follows)
		if kind.IsPublic() && s.rates != nil {
			li.LegalDelay = s.rates.PublicDelay(kind, rate.PublicReceipt(li.Received, li.Issued))
		}
		in.Items[i] = li.Item
		d.items[li.ID], d.place[li.ID] = li, i
		if li.AssignedTo != "" {
			// Chased only with a mandate to collect (PRODUCT.md §4.4).
			in.Holds = append(in.Holds, dunning.Hold{Item: li.ID, Reason: dunning.HoldAssigned, Why: li.AssignedTo})
		}
	}
	if c.Intercompany {
		in.Holds = append(in.Holds, dunning.Hold{Reason: dunning.HoldIntercompany})
	}
	d.In = in
	s.commit(d, l)
	s.insured(d, l)
	s.lostCheques(d, l)
	return d
}

// decide gathers and plans: the one path of preview, run, simulation and "why" (DESIGN.md, rule 2).
func (s *scene) decide(ctx context.Context, tx *store.Tx, ids []id.Customer) ([]*Decision, error) {
	list, err := s.gather(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	if err := s.review(ctx, tx, list); err != nil {
		return nil, err
	}
	if err := resume(ctx, tx, list); err != nil {
		return nil, err
	}
	for _, d := range list {
		d.Out = dunning.Plan(d.In)
	}
	return list, s.askOnce(ctx, tx, list)
}

// resume finds the items that have left a scenario for another one, and what they had done of the one they follow now.
func resume(ctx context.Context, tx *store.Tx, list []*Decision) error {
	moved := map[id.Instalment]*dunning.Item{}
	for _, d := range list {
		for i := range d.In.Items {
			if it := &d.In.Items[i]; it.State.Step != "" && it.Scenario != nil && it.Scenario.Find(it.State.Step) < 0 {
				moved[it.ID] = it
			}
		}
	}
	if len(moved) == 0 {
		return nil
	}
	taken, err := tx.ActionsOn(ctx, slices.Sorted(maps.Keys(moved)))
	for _, a := range taken {
		if it := moved[a.Item]; a.Scenario == it.Scenario.Name && a.Cycle == it.State.Cycle {
			it.Resume(a.Step)
		}
	}
	return err
}

// language is the language of a customer's messages.
func language(c org.Company, cu *party.Customer) i18n.Lang {
	if cu.Language != "" {
		return cu.Language
	}
	if l, ok := i18n.Match(c.Profile.Language); ok {
		return l
	}
	return i18n.FR
}

func reach(l *store.Ledger) dunning.Reach {
	r := dunning.Reach{Own: l.Customer.Email, Postal: l.Customer.Address.IsComplete(),
		Notice: l.Customer.NoticeAddress().IsComplete(), Phone: true}
	if l.Administrator != "" {
		// What is born after an opening judgment is asked from the administrator (PRODUCT.md §3 rule 6).
		r.Own = l.Administrator
		return r
	}
	for _, c := range l.Contacts {
		if c.Email == "" {
			continue
		}
		if c.Bad {
			if c.Email == r.Own {
				r.Own = ""
			}
			continue
		}
		if r.Email == nil {
			r.Email = map[party.Role][]string{}
		}
		r.Email[c.Role] = append(r.Email[c.Role], c.Email)
	}
	return r
}
