package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"relance/internal/domain/dunning"
	"relance/internal/domain/letter"
	"relance/internal/domain/org"
	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/ground/ident"
	"relance/internal/ground/money"
	"relance/internal/store"
)

// Draft is a message decided and written, not yet queued.
type Draft struct {
	Decision *Decision
	Message  *dunning.Message
	Row      *store.Message
	in       *inputs
	lacks    []string
	gates    []Gate // that are closed to it alone
}

// Charges are the money of a draft, in minor units of its currency but for Compensation (euros).
type Charges struct {
	Penalties, Compensation   int64 // claimed, in the total (compensation apart in another currency)
	MentionedInterest         int64 // told, outside the total
	MentionedCompensation     int64
	Open, Deducted, Total     int64
	CompensationOutsideTotals bool
}

// Charges sums what the draft claims.
func (dr *Draft) Charges() Charges {
	c := Charges{Open: dr.Row.Open, Total: dr.Row.Total}
	for _, x := range dr.in.Deductions {
		c.Deducted += x.Amount
	}
	if i := dr.in.Interest; i != nil {
		if i.Claim == letter.Claimed {
			c.Penalties = i.Amount
		} else {
			c.MentionedInterest = i.Amount
		}
	}
	if f := dr.in.Fixed; f != nil {
		if f.Claim == letter.Claimed {
			c.Compensation, c.CompensationOutsideTotals = f.Amount, dr.Row.Currency != money.EUR
		} else {
			c.MentionedCompensation = f.Amount
		}
	}
	return c
}

// write makes the drafts of decisions: every figure, name and date that a text may say, read
// once for all of them.
func (s *scene) write(ctx context.Context, tx *store.Tx, list []*Decision) ([]*Draft, error) {
	var who []id.Customer
	var claimed []id.Instalment
	for _, d := range list {
		if len(d.Out.Messages) == 0 {
			continue
		}
		who = append(who, d.Customer.ID)
		for _, m := range d.Out.Messages {
			pen, _ := dunning.Claims(m.Scenario.Steps[m.Step], d.In.Customer.Kind)
			for _, l := range m.Lines {
				if pen != dunning.ClaimNone && l.Item.Paid > 0 {
					claimed = append(claimed, l.Item.ID)
				}
			}
		}
	}
	if len(who) == 0 {
		return nil, nil
	}
	past, err := tx.Histories(ctx, s.day, who)
	if err != nil {
		return nil, err
	}
	settled, err := s.settlements(ctx, tx, claimed)
	if err != nil {
		return nil, err
	}
	var out []*Draft
	for _, d := range list {
		h := past[d.Customer.ID]
		if h == nil {
			h = &store.History{}
		}
		for i := range d.Out.Messages {
			dr, err := s.draft(d, &d.Out.Messages[i], h, settled)
			if err != nil {
				return nil, err
			}
			out = append(out, dr)
		}
	}
	return out, nil
}

// draft writes one message.
func (s *scene) draft(d *Decision, m *dunning.Message, h *store.History, settled settlements) (*Draft, error) {
	st := m.Scenario.Steps[m.Step]
	in := &inputs{Date: s.day, Profile: s.company.ProfileVersion, PayBy: m.PayBy, PayTo: m.PayTo, Mail: m.To, CC: m.CC,
		To: s.recipient(d, m, st), Insistent: m.Scenario.Name == "short" && m.Level >= 2}
	for _, c := range m.Also {
		in.Also = append(in.Also, string(c))
	}
	in.Lines, in.Upcoming, in.Memo = d.lines(m.Lines), d.lines(m.Upcoming), d.lines(m.Memo)
	if m.Joins {
		in.JoinsOn = joins(m, in.Lines, d.In.Written, s.day)
	}
	s.credits(d, m, in)
	if err := s.charge(d, m, st, in, settled); err != nil {
		return nil, err
	}
	d.recall(h, in)
	in.Reference, in.PayURL = s.reference(d, in.Lines)
	if in.PayURL == "" {
		in.PayURL = s.company.Profile.PayURL
	}
	for _, l := range m.Lines {
		if li := d.items[l.Item.ID]; li != nil && li.AssignedTo != "" {
			in.Assignee = li.AssignedTo
		}
	}
	row := s.row(d, m, st, in)
	in.Attach = d.attachments(st, m, in, i18n.Lang(row.Language))
	msg := in.message(row, s.company.Profile)
	text := letter.For(st.Template, &msg)
	in.Text, in.Words = text.Name(), wordsOf(text)
	dr := &Draft{Decision: d, Message: m, Row: row, in: in}
	if s.waits(row.Kind, m.Automation) {
		dr.gates = append(dr.gates, s.paymentsGate())
	}
	if in.Missing != "" {
		dr.lacks = append(dr.lacks, "app.rate-missing")
		if row.Automation == string(dunning.Auto) {
			row.Automation, m.Automation = string(dunning.Confirm), dunning.Confirm
		}
	}
	if st.Kind == dunning.FormalNotice {
		t, problems := text.Template()
		if len(problems) > 0 {
			return nil, problems[0]
		}
		dr.lacks = append(dr.lacks, letter.CheckNotice(msg, t)...)
	}
	return dr, nil
}

// row is the message as the outbox keeps it, without its identifier and inputs.
func (s *scene) row(d *Decision, m *dunning.Message, st dunning.Step, in *inputs) *store.Message {
	total := m.Open
	for _, x := range in.Deductions {
		total -= x.Amount
	}
	if in.Interest != nil && in.Interest.Claim == letter.Claimed {
		total += in.Interest.Amount
	}
	if in.Fixed != nil && in.Fixed.Claim == letter.Claimed && m.Currency == money.EUR {
		total += in.Fixed.Amount
	}
	lang := d.In.Customer.Language
	if l, ok := i18n.Match(m.Scenario.Language); ok && m.Scenario.Language != "" {
		lang = l
	}
	return &store.Message{Customer: d.Customer.ID, Channel: string(m.Channel), Scenario: s.catalog.idOf[m.Scenario], Step: st.ID,
		Kind: string(st.Kind), Level: m.Level, Language: string(lang), Currency: m.Currency, Automation: string(m.Automation),
		NeedsSecond: m.NeedsSecond, DecidedOn: s.day, SendOn: s.day, Open: m.Open, Total: total, Recipients: m.To,
		Trial: !s.company.IsLive()}
}

func (d *Decision) lines(list []dunning.Line) []line {
	out := make([]line, 0, len(list))
	for _, l := range list {
		it := l.Item
		x := line{Item: it.ID, Number: it.Invoice, Issued: it.Issued, Due: it.Due, Amount: it.Amount, Open: l.Open,
			Disputed: l.Disputed, Level: l.Level, Advances: l.Advances, Step: l.Step, Skips: l.Skips}
		if li := d.items[it.ID]; li != nil {
			x.Invoice, x.Kind, x.Reference, x.Order = li.InvoiceID, li.Kind, li.Reference, li.Order
			if li.Parts > 1 {
				x.Seq, x.Of = it.Instalment, li.Parts
			}
		}
		out = append(out, x)
	}
	return out
}

// joins marks the new items of a message that joins a firmer one, and gives that one's day.
func joins(m *dunning.Message, ls []line, written []dunning.Written, today cal.Date) (on cal.Date) {
	top := 0
	for _, w := range written {
		if w.Level > top || w.Level == top && w.On > on {
			if w.Level > 0 && w.On < today {
				top, on = w.Level, w.On
			}
		}
	}
	for i := range ls {
		ls[i].Joins = ls[i].Advances && m.Lines[i].Item.State.Level == 0
	}
	return on
}

// credits lists what is deducted, the oldest first, up to what the decision took.
func (s *scene) credits(d *Decision, m *dunning.Message, in *inputs) {
	rest := m.Deducted
	for _, c := range d.In.Credits {
		if c.Currency != m.Currency || rest <= 0 || !c.On.IsZero() && c.On > s.day {
			continue
		}
		n := min(c.Amount, rest)
		rest -= n
		in.Deductions = append(in.Deductions, deduction{Number: c.Label, On: c.On, Amount: n, IsPayment: c.IsPayment})
	}
}

// recipient is whom the message addresses: for a formal notice the legal entity at its registered
// office (rule 15), else the customer for the attention of the contact who has the role.
func (s *scene) recipient(d *Decision, m *dunning.Message, st dunning.Step) recipient {
	c := &d.Customer
	r := recipient{Name: c.Name, Code: c.Code, Kind: c.EffectiveKind(), SIRET: c.SIRET, Service: c.ServiceCode}
	a := c.Address
	if st.Kind == dunning.FormalNotice || m.Channel == dunning.Registered {
		a = c.NoticeAddress()
	}
	if c.LegalName != "" {
		r.Name = c.LegalName
	}
	for _, role := range st.To {
		for _, k := range d.Contacts {
			if k.Role == role && k.Name != "" && r.Attention == "" {
				r.Attention, r.Role = k.Name, k.Role
			}
		}
	}
	r.Lines, r.Postcode, r.City, r.Country = a.Lines, a.Postcode, a.City, a.Country
	return r
}

// recall says what the journal holds and a text may cite (PRODUCT.md §4.3).
func (d *Decision) recall(h *store.History, in *inputs) {
	asked := make(map[id.Instalment]bool, len(in.Lines))
	for _, l := range in.Lines {
		asked[l.Item] = true
	}
	about := func(items []id.Instalment) bool {
		return slices.ContainsFunc(items, func(n id.Instalment) bool { return asked[n] })
	}
	last := cal.Date(0)
	for _, e := range h.Earlier {
		if !about(e.Items) {
			continue // about other invoices: not a reminder of these
		}
		in.Earlier = append(in.Earlier, earlier{ID: e.ID, On: e.On, Kind: letter.Kind(e.Kind), Level: e.Level, Channel: e.Channel,
			Registered: e.PostNumber, SHA256: e.SHA256})
		last = cal.Later(last, e.On)
	}
	if n := len(in.Earlier); n > maxEarlier {
		in.Earlier = in.Earlier[n-maxEarlier:]
	}
	f := &in.Facts
	for _, c := range h.Calls {
		if c.On >= last && about(c.Items) {
			f.Called, f.CallOn = true, c.On
		}
	}
	for _, x := range h.Holds {
		switch {
		case x.Reason == dunning.HoldReply:
			f.Replied = f.Replied || x.From >= last
		case x.Reason == dunning.HoldPromise && (x.Item == 0 || about([]id.Instalment{x.Item})) && (x.From >= last || x.PromisedOn >= last):
			f.Promised, f.PromiseOn, f.PromiseAmount = true, x.PromisedOn, x.Amount
		}
	}
	for i := range in.Lines {
		li := d.items[in.Lines[i].Item]
		if li != nil && li.Paid > 0 && !li.LastPaymentOn.IsZero() && li.LastPaymentOn >= last {
			f.Paid += li.Paid
			f.PaidOn = cal.Later(f.PaidOn, li.LastPaymentOn)
		}
	}
}

// maxEarlier bounds how many earlier messages one message knows of.
const maxEarlier = 12

// reference is what a payment should carry: the creditor reference (ISO 11649) of the invoice,
// or of the customer when there are several.
func (s *scene) reference(d *Decision, ls []line) (ref, payURL string) {
	numbers := map[string]bool{}
	for _, l := range ls {
		numbers[l.Number] = true
		if li := d.items[l.Item]; li != nil && payURL == "" {
			payURL = li.PayURL
		}
	}
	if len(numbers) != 1 {
		payURL = ""
	}
	text := d.Customer.Code
	if len(numbers) == 1 {
		text = ls[0].Number
	}
	if ref, err := ident.MakeCreditorReference(text); err == nil {
		return ref, payURL
	}
	return text, payURL
}

// attachments lists what travels with the message.
func (d *Decision) attachments(st dunning.Step, m *dunning.Message, in *inputs, lang i18n.Lang) (out []attached) {
	for _, a := range st.Attach {
		switch a {
		case dunning.AttachInvoices:
			seen := map[string]bool{}
			for _, l := range m.Lines {
				li := d.items[l.Item.ID]
				if li == nil || li.Original == "" || seen[li.Original] {
					continue
				}
				seen[li.Original] = true
				out = append(out, attached{Name: fileName(li), SHA256: li.Original})
			}
		case dunning.AttachEarlierReminders:
			for _, e := range in.Earlier {
				if e.Kind == letter.Reminder && e.ID != 0 {
					out = append(out, attached{Name: i18n.T(lang, "app.attach.earlier", e.On.String()) + ".pdf", Earlier: e.ID})
				}
			}
		case dunning.AttachStatement:
			out = append(out, attached{Name: i18n.T(lang, "app.attach.statement", in.Date.String()) + ".pdf", Statement: true})
		}
	}
	return out
}

// fileName is how an original is called when it travels.
func fileName(li *store.LedgerItem) string {
	name := path.Base(strings.ReplaceAll(li.FileName, `\`, "/"))
	if name == "." || name == "/" {
		return safeName(li.Item.Invoice) + ".pdf"
	}
	return name
}

func safeName(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) || r < ' ' {
			return '-'
		}
		return r
	}, s)
}

// words remembers the digest of each shipped text, and which were already kept among the files.
var words struct {
	sync.Mutex
	sum  map[string]string // text name and language → SHA-256
	text map[string]string // SHA-256 → source, not kept yet
}

func wordsOf(t letter.Text) string {
	words.Lock()
	defer words.Unlock()
	if words.sum == nil {
		words.sum, words.text = map[string]string{}, map[string]string{}
	}
	key := t.Name() + "." + string(t.Lang)
	if s, ok := words.sum[key]; ok && words.text[s] == t.Source {
		return s
	}
	h := sha256.Sum256([]byte(t.Source))
	s := hex.EncodeToString(h[:])
	words.sum[key], words.text[s] = s, t.Source
	return s
}

// seal gives the draft its identifier and its inputs as they are kept.
func (dr *Draft) seal(ctx context.Context, tx *store.Tx) error {
	n, err := tx.NewID(ctx)
	if err != nil {
		return err
	}
	dr.Row.ID = id.Message(n)
	b, err := json.Marshal(dr.in)
	dr.Row.Inputs = string(b)
	return err
}

// mailID is the deterministic Message-ID of a message: the same bytes at each preview and retry.
func mailID(c org.Company, m id.Message, host string) string {
	return strconv.FormatInt(int64(c.ID), 36) + "." + strconv.FormatInt(int64(m), 36) + ".relance@" + host
}

// Attachments names what travels with the draft.
func (dr *Draft) Attachments() (names []string) {
	for _, a := range dr.in.Attach {
		names = append(names, a.Name)
	}
	return names
}

// Lacks lists what a formal notice misses before it may be approved (law-fr.md §5.2), as message
// keys; nothing for another message.
func (dr *Draft) Lacks() []string { return dr.lacks }
