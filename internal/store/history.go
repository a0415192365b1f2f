package store

import (
	"context"
	"slices"

	"relance/internal/ground/cal"
	"relance/internal/ground/id"
)

// History is what passed between us and a customer, as far as a text may cite it
// (PRODUCT.md §4.3).
type History struct {
	Earlier []Earlier
	Calls   []Call
	Holds   []Hold
}

// Earlier is a message that left before; without identifier, one that an imported ledger asserts.
type Earlier struct {
	ID         id.Message
	On         cal.Date
	Kind       string
	Level      int
	Channel    string
	PostNumber string
	SHA256     string          // the bytes that left
	Items      []id.Instalment // that it moved
}

// Call is a call that was made.
type Call struct {
	On     cal.Date
	Result string
	Items  []id.Instalment // it was about
}

// add adds an earlier message about an item: the rows of one message make one.
func (h *History) add(e Earlier, item id.Instalment) {
	n := len(h.Earlier) - 1
	if n < 0 || h.Earlier[n].ID != e.ID || h.Earlier[n].On != e.On {
		h.Earlier = append(h.Earlier, e)
		n++
	}
	last := &h.Earlier[n]
	last.Level = max(last.Level, e.Level)
	if item != 0 {
		last.Items = append(last.Items, item)
	}
}

// Histories reads what passed with customers up to a day.
func (tx *Tx) Histories(ctx context.Context, today cal.Date, ids []id.Customer) (map[id.Customer]*History, error) {
	out := make(map[id.Customer]*History, len(ids))
	at := func(c id.Customer) *History {
		h := out[c]
		if h == nil {
			h = &History{}
			out[c] = h
		}
		return h
	}
	who := ints(tx, ids)
	for _, read := range []func(context.Context, cal.Date, any, func(id.Customer) *History) error{tx.earlierSent, tx.earlierAsserted, tx.earlierCalls} {
		if err := read(ctx, today, who, at); err != nil {
			return nil, err
		}
	}
	for _, h := range out {
		slices.SortStableFunc(h.Earlier, func(a, b Earlier) int { return int(a.On - b.On) })
	}
	holds, err := tx.holds(ctx, `WHERE +company = $1 AND `+tx.among("customer", 2)+` AND reason IN ('promise', 'reply') AND from_day <= $3
		ORDER BY customer, id`, tx.company, who, today.String())
	for _, h := range holds {
		at(h.Customer).Holds = append(at(h.Customer).Holds, h)
	}
	return out, err
}

func (tx *Tx) earlierSent(ctx context.Context, today cal.Date, who any, at func(id.Customer) *History) error {
	return tx.each(ctx, `SELECT m.customer, m.id, m.sent_on, m.kind, m.level, m.channel, m.post_number, m.sha256, coalesce(a.item, 0)
		FROM message m LEFT JOIN action a ON a.message = m.id AND a.message <> 0 AND a.state = 'sent' WHERE +m.company = $1 AND `+
		tx.among("m.customer", 2)+` AND m.sent_on <> '' AND m.sent_on <= $3 AND m.state = 'sent' AND m.copy_of = 0
		ORDER BY m.customer, m.sent_on, m.id`, []any{tx.company, who, today.String()}, func(scan func(...any) error) error {
		var c id.Customer
		var e Earlier
		var item id.Instalment
		if err := scan(&c, &e.ID, on(&e.On), &e.Kind, &e.Level, &e.Channel, &e.PostNumber, &e.SHA256, &item); err != nil {
			return err
		}
		at(c).add(e, item)
		return nil
	})
}

// earlierAsserted reads the reminders that an imported ledger says were sent: no bytes of them are
// known.
func (tx *Tx) earlierAsserted(ctx context.Context, today cal.Date, who any, at func(id.Customer) *History) error {
	return tx.each(ctx, `SELECT customer, day, level, item FROM action WHERE +company = $1 AND `+tx.among("customer", 2)+`
		AND state = 'entry' AND level > 0 AND day <= $3 ORDER BY customer, day, level`,
		[]any{tx.company, who, today.String()}, func(scan func(...any) error) error {
			var c id.Customer
			var item id.Instalment
			e := Earlier{Kind: "reminder"}
			err := scan(&c, on(&e.On), &e.Level, &item)
			at(c).add(e, item)
			return err
		})
}

func (tx *Tx) earlierCalls(ctx context.Context, today cal.Date, who any, at func(id.Customer) *History) error {
	return tx.each(ctx, `SELECT customer, done_on, result, items FROM task WHERE +company = $1 AND `+tx.among("customer", 2)+`
		AND kind = 'call' AND state = 'done' AND done_on <= $3 ORDER BY customer, done_on, id`,
		[]any{tx.company, who, today.String()}, func(scan func(...any) error) error {
			var c id.Customer
			var call Call
			var items string
			if err := scan(&c, on(&call.On), &call.Result, &items); err != nil {
				return err
			}
			var err error
			call.Items, err = itemsOf(items)
			h := at(c)
			h.Calls = append(h.Calls, call)
			return err
		})
}

// FactDays lists, for each day after from and up to to, the customers of whom something recorded
// happens on that day: an invoice issued, money received, a hold that begins or has ended.
func (tx *Tx) FactDays(ctx context.Context, from, to cal.Date) (map[cal.Date][]id.Customer, error) {
	out := map[cal.Date][]id.Customer{}
	err := tx.each(ctx, `SELECT day, customer FROM (
		SELECT issued AS day, customer FROM invoice WHERE company = $1 AND issued > $2 AND issued <= $3
		UNION SELECT day, customer FROM payment WHERE company = $1 AND day > $2 AND day <= $3
		UNION SELECT cancelled_on, customer FROM payment WHERE company = $1 AND cancelled_on > $2 AND cancelled_on <= $3 AND cancelled_on <> ''
		UNION SELECT day, customer FROM allocation WHERE company = $1 AND day > $2 AND day <= $3
		UNION SELECT from_day, customer FROM hold WHERE company = $1 AND from_day > $2 AND from_day <= $3
		UNION SELECT ended_on, customer FROM hold WHERE company = $1 AND ended_on > $2 AND ended_on <= $3) AS facts
		ORDER BY day, customer`, []any{tx.company, from.String(), to.String()}, func(scan func(...any) error) error {
		var d cal.Date
		var c id.Customer
		err := scan(on(&d), &c)
		out[d] = append(out[d], c)
		return err
	})
	return out, err
}

// NextFacts is, for each of these customers, the first day after one on which something recorded
// happens: what FactDays lists, where a run of an earlier day cannot see it yet.
func (tx *Tx) NextFacts(ctx context.Context, after cal.Date, ids []id.Customer) (map[id.Customer]cal.Date, error) {
	out := map[id.Customer]cal.Date{}
	among := tx.among("customer", 3)
	err := tx.each(ctx, `SELECT customer, min(day) FROM (
		SELECT customer, issued AS day FROM invoice WHERE +company = $1 AND issued > $2 AND `+among+`
		UNION ALL SELECT customer, day FROM payment WHERE +company = $1 AND day > $2 AND `+among+`
		UNION ALL SELECT customer, cancelled_on FROM payment WHERE +company = $1 AND cancelled_on > $2 AND `+among+`
		UNION ALL SELECT customer, day FROM allocation WHERE +company = $1 AND day > $2 AND `+among+`
		UNION ALL SELECT customer, from_day FROM hold WHERE +company = $1 AND from_day > $2 AND `+among+`
		UNION ALL SELECT customer, ended_on FROM hold WHERE +company = $1 AND ended_on > $2 AND `+among+`) AS facts
		GROUP BY customer`, []any{tx.company, after.String(), ints(tx, ids)}, func(scan func(...any) error) error {
		var d cal.Date
		var c id.Customer
		err := scan(&c, on(&d))
		out[c] = d
		return err
	})
	return out, err
}

// Threads lists the e-mails that left to customers, the last ones, for the References of the next.
func (tx *Tx) Threads(ctx context.Context, ids []id.Customer) (map[id.Customer][]id.Message, error) {
	out := map[id.Customer][]id.Message{}
	err := tx.each(ctx, `SELECT customer, id FROM message WHERE +company = $1 AND `+tx.among("customer", 2)+`
		AND channel = 'email' AND state = 'sent' ORDER BY customer, sent_at, id`, []any{tx.company, ints(tx, ids)},
		func(scan func(...any) error) error {
			var c id.Customer
			var m id.Message
			err := scan(&c, &m)
			out[c] = append(out[c], m)
			return err
		})
	return out, err
}

// NoticeEffect is the first day on which a formal notice that claims an invoice took effect, zero
// when none has.
func (tx *Tx) NoticeEffect(ctx context.Context, doc id.Invoice) (d cal.Date, err error) {
	err = tx.one(ctx, `SELECT coalesce(min(m.effective_on), '') FROM message m JOIN action a ON a.message = m.id
		JOIN item i ON i.id = a.item AND i.customer = a.customer WHERE m.company = $1 AND i.invoice = $2 AND m.kind = 'formal-notice' AND m.effective_on <> ''`,
		[]any{tx.company, doc}, on(&d))
	return d, err
}

// Notice is a formal notice that left, with the items it demands.
type Notice struct {
	Message  id.Message
	Customer id.Customer
	SentOn   cal.Date
	Items    []id.Instalment
}

// NoticesOn lists the formal notices that left, demand one of these items, and were not closed by a letter since.
func (tx *Tx) NoticesOn(ctx context.Context, items []id.Instalment) (list []*Notice, err error) {
	err = tx.each(ctx, `SELECT m.id, m.customer, m.sent_on, b.item FROM message m JOIN action b ON b.message = m.id AND b.state = 'sent'
		WHERE m.company = $1 AND m.kind = 'formal-notice' AND m.state = 'sent' AND m.id IN (SELECT a.message FROM action a
		JOIN item i ON i.id = a.item AND i.customer = a.customer WHERE a.message <> 0 AND `+tx.among("i.id", 2)+`)
		AND NOT EXISTS (SELECT 1 FROM message c WHERE c.customer = m.customer AND c.kind = 'closing' AND c.decided_on >= m.sent_on
			AND c.state NOT IN ('cancelled', 'skipped')) ORDER BY m.id, b.item`, []any{tx.company, ints(tx, items)},
		func(scan func(...any) error) error {
			n := &Notice{}
			var item id.Instalment
			if err := scan(&n.Message, &n.Customer, on(&n.SentOn), &item); err != nil {
				return err
			}
			if k := len(list); k > 0 && list[k-1].Message == n.Message {
				n = list[k-1]
			} else {
				list = append(list, n)
			}
			n.Items = append(n.Items, item)
			return nil
		})
	return list, err
}

// SaidSince tells whether a message of a kind was written to a customer since a day, and not taken back.
func (tx *Tx) SaidSince(ctx context.Context, c id.Customer, kind string, since cal.Date) (bool, error) {
	var n int
	err := tx.one(ctx, `SELECT count(*) FROM message WHERE company = $1 AND customer = $2 AND kind = $3 AND decided_on >= $4
		AND state NOT IN ('cancelled', 'skipped')`, []any{tx.company, c, kind, since.String()}, &n)
	return n > 0, err
}
