package web

import (
	"net/url"
	"slices"

	"relance/internal/app"
	"relance/internal/domain/dunning"
	"relance/internal/domain/party"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/ground/money"
	"relance/internal/page"
)

type invoicePage struct {
	page.Frame
	*app.Why
	Items     []invoiceItem
	Open      money.Amount
	Payable   money.Amount
	Settled   bool
	Lines     []lineOf // one an instalment that is open
	Reasons   []page.Option
	Charges   *charges
	Steps     []page.Option // of the scenario: "send me this reminder"
	Invoices  []page.Option // none: the gestures are about this one
	Disputed  bool
	Kind      string
	DueSource string
	Holds     []app.Held
	Settling  []app.AccountEntry // what settles it, wholly or partly
}

// invoiceItem is an instalment with what the page says of it.
type invoiceItem struct {
	app.WhyItem
	Next     string // the next step, for people
	DaysLate int
	Passed   []passedStep
}

type passedStep struct {
	On          cal.Date
	Name, State string
	Path        string
}

// charges is what late payment has cost so far.
type charges struct {
	Penalty, Compensation money.Amount
	Total                 money.Amount
	None                  bool // the kind bears none, or is not known
}

func (v *visit) invoice() error { return v.invoicePage(v.r.PathValue("number")) }

func (v *visit) invoicePage(number string) error {
	ctx := v.r.Context()
	w, err := v.desk.Why(ctx, number, 0)
	if err != nil {
		return err
	}
	c := w.Doc.Currency
	p := invoicePage{Why: w, Payable: money.Of(w.Doc.Payable.Minor, c), Open: money.Of(0, c), Kind: string(w.Doc.Kind),
		DueSource: string(w.Doc.DueSource), Reasons: v.reasons()}
	for _, it := range w.Items {
		s, err := v.followed(it.Scenario, it.Version)
		if err != nil {
			return err
		}
		x := invoiceItem{WhyItem: it, Next: v.stepNamed(s, it.NextStep)}
		if it.Open > 0 && it.Status != "credit" {
			p.Open.Minor += it.Open
			x.DaysLate = max(0, w.Date.Sub(it.Due))
		}
		for _, a := range it.Passed {
			st := passedStep{On: a.Day, Name: v.stepNamed(s, a.Step), State: a.State}
			if a.Message != 0 {
				st.Path = messagePath(a.Message)
			}
			x.Passed = append(x.Passed, st)
		}
		if s != nil && it.Open > 0 {
			p.Lines = append(p.Lines, v.lineOf(s, &passed{lastStep(it), it.NextStep, it.Status == "held"}))
			if p.Steps == nil {
				p.Steps = v.written(s)
			}
		}
		p.Disputed = p.Disputed || it.Reason == string(dunning.HoldDispute)
		p.Items = append(p.Items, x)
	}
	p.Settled = p.Open.Minor == 0
	p.Charges = v.charges(w)
	account, err := v.desk.Account(ctx, w.Customer.Code)
	if err != nil {
		return err
	}
	p.Settling = settling(account, w.Doc.Number)
	p.Holds = slices.DeleteFunc(account.Holds, func(h app.Held) bool { return h.Item != 0 && h.Invoice != w.Doc.Number })
	for _, h := range p.Holds {
		p.Disputed = p.Disputed || h.Reason == dunning.HoldDispute && h.Invoice == w.Doc.Number
	}
	p.Frame = v.frame("/invoices", i18n.T(v.lang, "web.invoice.title", w.Doc.Number))
	return v.render("invoice", p)
}

func lastStep(it app.WhyItem) string {
	for i := len(it.Passed) - 1; i >= 0; i-- {
		if it.Passed[i].State != "pending" {
			return it.Passed[i].Step
		}
	}
	return ""
}

// followed is the scenario version an item follows; nil when it follows none.
func (v *visit) followed(name string, version int) (*dunning.Scenario, error) {
	if name == "" {
		return nil, nil
	}
	s, err := v.desk.Scenario(v.r.Context(), name, version)
	if fault.Of(err) == fault.NotFound {
		return nil, nil
	}
	return s, err
}

// written lists the steps that are messages.
func (v *visit) written(s *dunning.Scenario) (out []page.Option) {
	for i, st := range s.Steps {
		if st.Kind.IsWritten() {
			out = append(out, page.Option{Value: st.ID, Label: v.stepName(s, i)})
		}
	}
	return out
}

// charges computes interest and compensation to date; a rate that is missing shows none.
func (v *visit) charges(w *app.Why) *charges {
	if w.Doc.Kind == "credit-note" {
		return nil
	}
	k := w.Customer.EffectiveKind()
	if k == party.Unknown || k == party.Consumer || k == party.NonPro || k == party.Foreign {
		return &charges{None: true}
	}
	x, err := v.desk.Penalties(v.r.Context(), w.Doc.Number, 0)
	if err != nil {
		return nil // no figure rather than a wrong one: the command says why
	}
	r := x.Result
	return &charges{Penalty: money.Of(r.Penalty-r.PenaltyPaid, x.Currency), Compensation: money.Euros(r.Compensation), Total: money.Of(r.Total, x.Currency)}
}

// original gives the document of an invoice as it came.
func (v *visit) original() error {
	p, err := v.desk.Original(v.r.Context(), v.r.PathValue("number"))
	if err != nil {
		return err
	}
	if p.Name == "" {
		p.Name = v.r.PathValue("number")
	}
	return v.download(p)
}

type letterPage struct {
	page.Frame
	Number  string
	Step    string
	Steps   []page.Option
	Subject string
	Lacks   []string
}

// letter shows what a step would say of an invoice today; nothing is queued.
func (v *visit) letter() error {
	number, step := v.r.PathValue("number"), v.r.FormValue("step")
	w, err := v.desk.Why(v.r.Context(), number, 0)
	if err != nil {
		return err
	}
	p := letterPage{Number: number, Step: step}
	for _, it := range w.Items {
		if s, err := v.followed(it.Scenario, it.Version); err == nil && s != nil && p.Steps == nil {
			p.Steps = v.written(s)
		}
	}
	if len(p.Steps) == 0 {
		return fault.New(fault.Conflict, "app.invoice.settled", number)
	}
	if p.Step == "" {
		p.Step = p.Steps[0].Value
	}
	x, err := v.desk.Letter(v.r.Context(), number, p.Step, 0)
	if err != nil {
		return err
	}
	p.Subject, p.Lacks = x.Mail.Subject, x.Lacks
	p.Frame = v.frame("/invoices", i18n.T(v.lang, "web.letter.title", number))
	return v.render("letter", p)
}

// sendMe sends the message of a step to a mailbox of ours: the customer receives nothing.
func (v *visit) sendMe() error {
	number, step, to := v.r.PathValue("number"), v.text("step"), v.text("email")
	err := v.desk.SendMe(v.r.Context(), number, step, to)
	switch k := fault.Of(err); {
	case fault.Key(err) == "app.gate.mail-account":
		err = fault.New(fault.Conflict, "web.gate.mail-account") // the desk has a page for it, not a command
	case k == fault.Unavailable, k == fault.Forbidden:
		err = fault.New(fault.Invalid, "web.mail.refused", i18n.Error(v.lang, err)) // the server said no or is closed
	}
	if err != nil {
		return v.again(err, "send-me", v.letter)
	}
	v.done("web.done.sent-me", to)
	return v.redirect("/invoices/" + seg(number) + "/letter?step=" + url.QueryEscape(step))
}

func (v *visit) letterPDF() error {
	number, step := v.r.PathValue("number"), v.r.FormValue("step")
	x, err := v.desk.Letter(v.r.Context(), number, step, 0)
	if err != nil {
		return err
	}
	b, err := v.desk.LetterPDF(x)
	if err != nil {
		return err
	}
	return v.pdf(b, number+"-"+step+".pdf")
}

func (v *visit) letterMail() error {
	x, err := v.desk.Letter(v.r.Context(), v.r.PathValue("number"), v.r.FormValue("step"), 0)
	if err != nil {
		return err
	}
	return v.mailFrame(x.Mail.HTML)
}

// settling finds the payments and credit notes that bear the same letters as an invoice.
func settling(a *app.Account, number string) (out []app.AccountEntry) {
	letters := map[string]bool{}
	for _, e := range a.Entries {
		if e.Number == number && e.Invoice != 0 && e.Lettering != "" {
			letters[e.Lettering] = true
		}
	}
	for _, e := range a.Entries {
		if letters[e.Lettering] && e.Credit > 0 && e.Number != number {
			out = append(out, e)
		}
	}
	return out
}
