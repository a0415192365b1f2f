package web

import (
	"encoding/json"
	"slices"
	"strings"

	"relance/internal/app"
	"relance/internal/domain/bill"
	"relance/internal/domain/journal"
	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/ground/money"
)

// event is one thing that passed with a customer.
type event struct {
	On     cal.Date
	Side   string // ours (what we said), us (what we did), theirs, money
	Icon   string
	Title  string
	Detail string
	Path   string
	Amount money.Amount
	In     bool // money that came in
}

// maxEvents is how many the page shows before "all of them".
const maxEvents = 60

// story tells what passed with a customer, the newest first: what we sent on one side, what they
// did on the other, money in the margin.
func (v *visit) story(a *app.Account) []event {
	var out []event
	for _, m := range a.Messages {
		if m.SentOn.IsZero() || m.State != "sent" {
			continue
		}
		e := event{On: m.SentOn, Side: "ours", Icon: icons[m.Channel], Title: v.messageName(m.Kind, m.Level), Path: messagePath(m.ID),
			Detail: i18n.T(v.lang, "web.channel."+m.Channel), Amount: money.Of(m.Total, m.Currency)}
		if len(m.Mail) > 0 && m.Channel == "email" {
			e.Detail += " · " + strings.Join(m.Mail, ", ")
		}
		if m.Trial {
			e.Detail += " · " + i18n.T(v.lang, "web.trial.mark")
		}
		out = append(out, e)
	}
	for _, e := range a.Entries {
		out = append(out, v.entryEvent(e))
	}
	for _, j := range a.Journal {
		if e, ok := v.journalEvent(j); ok {
			out = append(out, e)
		}
	}
	slices.SortStableFunc(out, func(x, y event) int { return int(y.On - x.On) })
	return out
}

// icons of channels.
var icons = map[string]string{"email": "mail", "letter": "letter", "registered": "registered", "phone": "phone"}

func (v *visit) entryEvent(e app.AccountEntry) event {
	x := event{On: e.Date, Side: "us", Icon: "invoice", Amount: money.Of(e.Debit, e.Currency)}
	switch e.Kind {
	case "payment":
		x.Side, x.Icon, x.In, x.Amount = "theirs money", "money", true, money.Of(e.Credit, e.Currency)
		x.Title, x.Detail = i18n.T(v.lang, "web.story.payment"), e.Number
		if key := "web.method." + e.Number; i18n.Has(key) {
			x.Detail = i18n.T(v.lang, key)
		}
		return x
	case string(bill.CreditNote):
		x.Title, x.In, x.Amount = i18n.T(v.lang, "web.story.credit", e.Number), true, money.Of(e.Credit, e.Currency)
	default:
		x.Title = i18n.T(v.lang, "web.story.invoice", e.Number)
		x.Detail = i18n.T(v.lang, "web.story.due", i18n.DateShort(v.lang, e.Due))
	}
	x.Path = "/invoices/" + seg(e.Number)
	return x
}

// told is what the story reads in a fact of the journal.
type told struct {
	Reason     string `json:"reason"`
	Invoice    string `json:"invoice"`
	Why        string `json:"why"`
	Answer     string `json:"answer"`
	On         string `json:"on"`
	PromisedOn string `json:"promised_on"`
	Kind       string `json:"kind"`
	State      string `json:"state"`
	Result     string `json:"result"`
	Until      string `json:"until"`
	Decision   string `json:"decision"`
	Absent     string `json:"absent_from"`
	With       string `json:"with"`
	Number     string `json:"number"`
	Outcome    string `json:"outcome"`
	Amount     int64  `json:"amount"`
	Currency   string `json:"currency"`
}

// journalEvent tells a fact of the journal that no message and no entry tells.
func (v *visit) journalEvent(j journal.Entry) (event, bool) {
	var b told
	if j.Body != "" && json.Unmarshal([]byte(j.Body), &b) != nil {
		return event{}, false
	}
	t := func(key string, args ...any) string { return i18n.T(v.lang, key, args...) }
	e := event{On: j.Day, Side: "us", Icon: "user", Detail: join(b.Why, j.Actor)}
	switch j.Kind {
	case "customer.answered":
		e.Side, e.Icon, e.Title = "theirs", "reply", t("web.answer."+b.Answer)
		if d, err := cal.Parse(b.On); err == nil {
			e.Title = t("web.story.answer.on", e.Title, d)
		}
	case "hold.set":
		e.Icon, e.Title = "pause", t("web.story.held", t("web.hold."+b.Reason))
		if d, err := cal.Parse(b.PromisedOn); err == nil {
			e.Side, e.Icon, e.Title = "theirs", "clock", t("web.story.promise", d)
		}
		e.Detail = join(b.Invoice, e.Detail)
	case "hold.ended":
		e.Icon, e.Title = "right", t("web.story.resumed", t("web.hold."+b.Reason))
	case "customer.qualified":
		e.Icon, e.Title = "tag", t("web.story.qualified", t("web.kind."+b.Kind))
	case "message.skipped":
		e.Icon, e.Title, e.Detail = "undo", t("web.story.skipped"), join(b.Reason, j.Actor)
	case "task.ended":
		if b.Kind == "call" && strings.Contains(b.Result, ":") {
			return e, false // the call itself is told
		}
		e.Icon, e.Title, e.Detail = "task", t("web.story.task."+doneWord(b.State), t("web.task."+b.Kind)), join(b.Result, j.Actor)
	case "letter.state":
		e.Side, e.Icon, e.Title = "theirs", "registered", t("web.post."+b.State)
	case "review.decided":
		e.Icon, e.Title = "scale", t("web.decide."+b.Decision)
	case "invoice.absent":
		e.Icon, e.Title, e.Detail = "check", t("web.story.absent", b.Invoice), b.Absent
	default:
		return v.moneyEvent(j, b, e)
	}
	return e, true
}

// moneyEvent tells a fact of money, of a call, of what was promised or contested.
func (v *visit) moneyEvent(j journal.Entry, b told, e event) (event, bool) {
	t := func(key string, args ...any) string { return i18n.T(v.lang, key, args...) }
	switch j.Kind {
	case "call":
		e.Side, e.Icon, e.Title, e.Detail = "theirs", "phone", t("web.story.call", t("web.call.result."+b.Result)), join(b.With, b.Why, j.Actor)
	case "payment.returned":
		e.Side, e.Icon, e.Title, e.Detail = "theirs", "warn", t("web.bank.came-back"), b.Reason
		e.Amount = money.Of(-b.Amount, money.Currency(b.Currency))
	case "payment.cancelled":
		e.Icon, e.Title = "undo", t("web.story.payment.cancelled")
	case "refund":
		e.Icon, e.Title, e.Amount = "money", t("web.story.refund", b.Number), money.Of(b.Amount, money.Currency(b.Currency))
	case "dispute.closed":
		e.Icon, e.Title = "scale", t("web.story.dispute.closed", b.Invoice)
		if b.Outcome != "" {
			e.Detail = join(t("web.outcome."+b.Outcome), e.Detail)
		}
	case "commitment.kept", "commitment.broken", "commitment.partly", "commitment.cancelled":
		e.Icon, e.Title = "clock", t("web.story.commitment", t("web.promise.state."+strings.TrimPrefix(string(j.Kind), "commitment.")))
	default:
		return e, false
	}
	return e, true
}

func doneWord(state string) string {
	if state == "done" {
		return state
	}
	return "not-done"
}

func join(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " · ")
}

// messageName is what a message is for people: Relance 2, Mise en demeure.
func (v *visit) messageName(kind string, level int) string {
	if kind == "reminder" {
		return i18n.T(v.lang, "web.kindof.reminder", level)
	}
	return i18n.T(v.lang, "web.kindof."+kind)
}
