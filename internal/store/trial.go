package store

import (
	"context"
)

// ForgetTrial takes back the steps that were only sent to the company's own mailbox: no debtor has
// seen them, so their items stand where they stood, and what waits is decided again. It says how
// many messages had left in trial.
func (tx *Tx) ForgetTrial(ctx context.Context) (n int, err error) {
	if err := tx.one(ctx, `SELECT count(*) FROM message WHERE company = $1 AND trial = 1 AND state = 'sent'`, []any{tx.company}, &n); err != nil {
		return 0, err
	}
	for _, q := range []string{
		// The items go back to the start of their scenario, but keep what they had before the trial:
		// an entry step, a skip, a task done.
		`DELETE FROM action WHERE company = $1 AND message IN (SELECT id FROM message WHERE company = $1 AND trial = 1)`,
		`UPDATE message SET state = 'cancelled', reason = 'trial' WHERE company = $1 AND trial = 1
			AND state IN ('sent', 'proposed', 'approved', 'sending', 'failed', 'uncertain')`,
		`UPDATE message SET sent_on = '', post_state = '' WHERE company = $1 AND trial = 1`,
		`UPDATE item_state SET pending = '', pay_by = '',
			sent_on = coalesce((SELECT max(a.day) FROM action a WHERE a.customer = item_state.customer AND a.item = item_state.item
				AND a.cycle = item_state.cycle AND a.state IN ('entry', 'sent')), ''),
			step = coalesce((SELECT a.step FROM action a WHERE a.customer = item_state.customer AND a.item = item_state.item
				AND a.cycle = item_state.cycle ORDER BY a.day DESC, a.level DESC LIMIT 1), ''),
			passed_on = coalesce((SELECT a.day FROM action a WHERE a.customer = item_state.customer AND a.item = item_state.item
				AND a.cycle = item_state.cycle ORDER BY a.day DESC, a.level DESC LIMIT 1), ''),
			level = coalesce((SELECT max(a.level) FROM action a WHERE a.customer = item_state.customer AND a.item = item_state.item
				AND a.cycle = item_state.cycle AND a.state IN ('entry', 'sent')), 0)
			WHERE company = $1`,
		`UPDATE item_state SET scenario = 0 WHERE company = $1 AND step = ''`,
	} {
		if _, err := tx.exec(ctx, q, tx.company); err != nil {
			return 0, err
		}
	}
	return n, nil
}
