package store

import (
	"context"

	"relance/internal/ground/cal"
)

// OutboxQuery says which page of the messages is wanted.
type OutboxQuery struct {
	Tab           string // approve, approved, post, registered, sent, failed, uncertain, skipped
	Day           cal.Date
	Offset, Limit int
}

// tabs are the parts of the outbox: which messages, in which order. A letter that is approved
// waits to be posted, not to be sent.
var tabs = map[string]struct{ where, order string }{
	"approve":    {`company = $1 AND state = 'proposed'` + undone, `send_on, id`},
	"approved":   {`company = $1 AND state IN ('approved', 'sending') AND channel = 'email'` + undone, `send_on, id`},
	"post":       {`company = $1 AND state = 'approved' AND channel <> 'email'` + undone, `send_on, id`},
	"registered": {`company = $1 AND sent_on <> '' AND channel = 'registered' AND post_state IN ('posted', 'presented')`, `sent_on, id`},
	"sent":       {`company = $1 AND sent_on <> '' AND state = 'sent'`, `sent_on DESC, id DESC`},
	"failed":     {`company = $1 AND state = 'failed'` + undone, `send_on, id`},
	"uncertain":  {`company = $1 AND state = 'uncertain'` + undone, `send_on, id`},
	"skipped":    {`company = $1 AND state = 'skipped'`, `send_on DESC, id DESC`},
}

// OutboxTabs lists the parts of the outbox in the order of the desk.
var OutboxTabs = []string{"approve", "approved", "post", "registered", "sent", "failed", "uncertain", "skipped"}

// OutboxPage is one page of a part of the outbox, with what the whole part sums to.
func (tx *Tx) OutboxPage(ctx context.Context, q OutboxQuery) (list []*Message, sums []Heap, err error) {
	t, ok := tabs[q.Tab]
	if !ok {
		return nil, nil, errNone
	}
	args := []any{tx.company}
	if q.Tab == "sent" && !q.Day.IsZero() {
		t.where += ` AND sent_on = $2`
		args = append(args, q.Day.String())
	}
	if sums, err = tx.heaps(ctx, t.where, args...); err != nil {
		return nil, nil, err
	}
	args = append(args, q.Limit, q.Offset)
	page := ` LIMIT $2 OFFSET $3`
	if len(args) == 4 {
		page = ` LIMIT $3 OFFSET $4`
	}
	list, err = tx.messages(ctx, `WHERE `+t.where+` ORDER BY `+t.order+page, args...)
	return list, sums, err
}

// OutboxCount counts a part of the outbox.
func (tx *Tx) OutboxCount(ctx context.Context, tab string) (n int, err error) {
	err = tx.one(ctx, `SELECT count(*) FROM message WHERE `+tabs[tab].where, []any{tx.company}, &n)
	return n, err
}
