package web

import (
	"slices"
	"strconv"
	"strings"

	"relance/internal/app"
	"relance/internal/domain/dispute"
	"relance/internal/domain/dunning"
	"relance/internal/domain/promise"
	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
	"relance/internal/page"
)

type callPage struct {
	page.Frame
	*app.CallSheet
	Phones     []dial
	Sums       []balance
	Script     []string
	Invoices   []page.Option
	Results    []callResult
	Categories []page.Option
	Methods    []page.Option
	Next       string // the step that comes next, as people name it
	Past       []pastContact
}

// dial is a number to call.
type dial struct{ Name, Role, Number string }

// callResult is what may come of a call, and the form that notes it.
type callResult struct {
	app.CallResult
	Form, Icon string
}

// pastContact is a contact in words.
type pastContact struct {
	On               cal.Date
	Icon, What, Note string
}

var callIcons = map[app.CallResult]string{app.CallPromise: "clock", app.CallPaid: "money", app.CallDispute: "scale", app.CallBack: "phone", app.CallNoAnswer: "undo",
	app.CallWrongNumber: "warn", app.CallSpoken: "reply"}

func (v *visit) call() error { return v.callPage(v.r.PathValue("code"), v.r.URL.Query().Get("task")) }

func (v *visit) callPage(code, task string) error {
	n := int64(0)
	if task != "" {
		var err error
		if n, err = parseID(task); err != nil {
			return err
		}
	}
	cs, err := v.desk.CallSheet(v.r.Context(), code, id.Task(n))
	if err != nil {
		return err
	}
	p := callPage{CallSheet: cs, Phones: v.phones(cs), Categories: v.categories(), Methods: v.methods()}
	for _, r := range app.CallResults {
		p.Results = append(p.Results, callResult{r, "call-" + string(r), callIcons[r]})
	}
	for c, owed := range cs.Owed {
		p.Sums = append(p.Sums, balance{c, owed, cs.Overdue[c]})
	}
	slices.SortFunc(p.Sums, func(a, b balance) int { return strings.Compare(string(a.Currency), string(b.Currency)) })
	var follows *dunning.Scenario
	for i := range cs.Items {
		it := &cs.Items[i]
		if follows == nil {
			follows = it.Scenario
		}
		if !slices.ContainsFunc(p.Invoices, func(o page.Option) bool { return o.Value == it.Invoice }) {
			p.Invoices = append(p.Invoices, page.Option{Value: it.Invoice, Label: it.Invoice + " · " + i18n.Amount(v.lang, money.Of(it.Open, it.Currency))})
		}
	}
	if cs.NextStep != "" {
		p.Next = v.stepNamed(follows, cs.NextStep)
	}
	for _, x := range cs.Contacted {
		p.Past = append(p.Past, v.pastContact(x, follows))
	}
	p.Frame = v.frame("/customers", i18n.T(v.lang, "web.call.title", cs.Customer.Name))
	p.Script = v.script(&p)
	return v.render("call", p)
}

// phones lists the numbers, those of the people who pay first.
func (v *visit) phones(cs *app.CallSheet) (list []dial) {
	for _, k := range cs.Contacts {
		if k.Phone != "" {
			list = append(list, dial{k.Name, i18n.T(v.lang, "web.role."+string(k.Role)), k.Phone})
		}
	}
	if s := cs.Customer.Phone; s != "" && !slices.ContainsFunc(list, func(x dial) bool { return x.Number == s }) {
		list = append(list, dial{cs.Customer.Name, i18n.T(v.lang, "web.call.switchboard"), s})
	}
	return list
}

// pastContact says a contact in words: a message by its step, a call by its result.
func (v *visit) pastContact(x app.Contacted, follows *dunning.Scenario) pastContact {
	if x.Kind == "message" {
		p := pastContact{On: x.On, Icon: icons[x.Channel], Note: i18n.T(v.lang, "web.channel."+x.Channel)}
		if p.What = v.stepNamed(follows, x.What); x.Text != string(dunning.Reminder) {
			p.What = i18n.T(v.lang, "web.kindof."+x.Text)
		}
		return p
	}
	p := pastContact{On: x.On, Icon: "phone", What: i18n.T(v.lang, "web.call.made"), Note: join(x.What, x.By)}
	if result, note, _ := strings.Cut(x.What, ":"); i18n.Has("web.call.result." + result) {
		p.What, p.Note = i18n.T(v.lang, "web.call.result."+result), join(strings.TrimSpace(note), x.By)
	}
	return p
}

// script is what to say, in plain words. It tells nothing that the desk does not know: letters by their date,
// promises that were made, disputes that stand apart.
func (v *visit) script(p *callPage) (out []string) {
	say := func(key string, args ...any) { out = append(out, i18n.T(v.lang, "web.script."+key, args...)) }
	if len(p.Items) == 0 {
		say("nothing")
		return out
	}
	level, oldest := 0, p.Items[0]
	sums := map[money.Currency]int64{}
	for _, it := range p.Items {
		level = max(level, it.State.Level)
		sums[it.Currency] += it.Open
		if it.Due < oldest.Due {
			oldest = it
		}
	}
	say("hello", p.User, p.Company)
	say("about", len(p.Items), money.Of(sums[oldest.Currency], oldest.Currency), oldest.Invoice, i18n.Int(v.lang, p.Day.Sub(oldest.Due)))
	for _, x := range p.Contacted {
		if x.Kind == "message" {
			say("wrote", x.On)
			break
		}
	}
	for _, k := range p.Promises {
		if s := k.Standing.State; s == promise.Broken || s == promise.Partly {
			say("promised", k.Parts[0].Due)
			break
		}
	}
	for _, d := range p.Disputes {
		say("dispute", d.Invoice)
	}
	switch {
	case level <= 1:
		say("early")
	case level == 2:
		say("middle")
	default:
		say("late")
	}
	say("date")
	return out
}

// categories are what a dispute may be about.
func (v *visit) categories() []page.Option {
	out := make([]page.Option, len(dispute.Categories))
	for i, c := range dispute.Categories {
		out[i] = page.Option{Value: c.Code, Label: i18n.T(v.lang, "web.category."+c.Code)}
	}
	return out
}

// methods are how money comes.
func (v *visit) methods() []page.Option {
	var out []page.Option
	for _, m := range []string{"transfer", "cheque", "bill", "direct-debit", "card", "cash"} {
		out = append(out, page.Option{Value: m, Label: i18n.T(v.lang, "web.method."+m)})
	}
	return out
}

// recordCall notes what came of a call.
func (v *visit) recordCall() error {
	code, task := v.r.PathValue("code"), v.text("task")
	if err := v.noteCall(code, task); err != nil {
		form := app.CallResult(v.text("result"))
		if !slices.Contains(app.CallResults, form) {
			form = app.CallSpoken
		}
		return v.again(err, "call-"+string(form), func() error { return v.callPage(code, task) })
	}
	v.done("web.done.call")
	return v.redirect("/customers/" + seg(code))
}

func (v *visit) noteCall(code, task string) error {
	c := app.Call{Customer: code, Invoice: v.text("invoice"), Result: app.CallResult(v.text("result")), With: v.text("with"), Phone: v.text("phone"),
		Category: v.text("category"), Why: v.text("why"), Advance: v.text("advance") != "", Confirm: v.text("confirm") != ""}
	if task != "" {
		n, err := strconv.ParseInt(task, 10, 64)
		if err != nil {
			return err
		}
		c.Task = id.Task(n)
	}
	var err error
	if c.On, err = v.day("on", c.Result == app.CallPromise || c.Result == app.CallBack); err != nil {
		return err
	}
	in, err := v.currencyOf(c.Invoice)
	if err != nil {
		return err
	}
	if c.Amount, err = v.amount("amount", in); err != nil {
		return err
	}
	if c.Result == app.CallPaid {
		c.Paid = app.PaidHow{Method: v.text("method"), On: c.On}
		c.On = 0
	}
	return v.desk.RecordCall(v.r.Context(), c)
}
