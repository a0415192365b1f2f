package store_test

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"relance/internal/domain/org"
	"relance/internal/ground/cal"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
	"relance/internal/store"
	"relance/internal/store/storetest"
)

// filling is a ledger of 3,000 customers of one company: a key chooses much, the company nothing.
var filling = []string{
	`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
		INSERT INTO customer (id, company, code, name, name_key, next_day) SELECT i, 1, 'C' || i, 'N' || i, 'n' || i,
		CASE WHEN i % 50 = 0 THEN '2026-11-23' ELSE '2027-01-01' END FROM n`,
	`INSERT INTO contact (id, company, customer, name, role) SELECT id, 1, id, 'n', 'accounting' FROM customer`,
	`INSERT INTO invoice (id, company, customer, number, kind, issued, currency, total, payable) SELECT id, 1, id, 'F' || id, 'invoice',
		'2026-10-01', 'EUR', 100, 100 FROM customer`,
	`INSERT INTO invoice (id, company, customer, number, kind, issued, currency, total, payable) SELECT 3000 + id, 1, id, 'G' || id, 'invoice',
		'2025-10-01', 'EUR', 100, 100 FROM customer`,
	`INSERT INTO item (id, company, customer, invoice, seq, due, currency, amount, open, paid_on) SELECT id, 1, customer, id, 1, '2026-11-01', 'EUR', 100,
		CASE WHEN id > 3000 THEN 0 ELSE 100 END, CASE WHEN id > 3000 THEN '2025-11-01' ELSE '' END FROM invoice`,
	`INSERT INTO item_state (customer, item, company, step) SELECT customer, id, 1, 'r1' FROM item`,
	`INSERT INTO payment (id, company, customer, day, amount, currency, source, fingerprint) SELECT id, 1, customer, '2025-11-01', 100, 'EUR',
		'identified', 'P' || id FROM item WHERE open = 0`,
	`INSERT INTO allocation (id, company, customer, payment, item, amount, day) SELECT id, 1, customer, id, id, 100, '2025-11-01' FROM item WHERE open = 0`,
	`INSERT INTO message (id, company, customer, channel, scenario, step, kind, level, language, currency, automation, state, decided_on, send_on,
		open, total, inputs, sent_on) SELECT id, 1, id, 'email', 1, 'r1', 'reminder', 1, 'fr', 'EUR', 'auto',
		CASE WHEN id % 50 = 0 THEN 'approved' ELSE 'sent' END, '2026-11-01', '2026-11-01', 100, 100, '{}',
		CASE WHEN id % 50 = 0 THEN '' ELSE '2026-11-01' END FROM customer`,
	`INSERT INTO action (customer, item, scenario, step, cycle, company, message, state, day, level) SELECT customer, id, 'standard', 'r1', 0, 1,
		CASE WHEN id <= 3000 THEN id ELSE 0 END, 'sent', '2026-11-01', 1 FROM item`,
	`INSERT INTO task (id, company, customer, kind, created_on, state) SELECT id, 1, id, 'call', '2026-11-01', 'done' FROM customer`,
	`INSERT INTO bank_statement (id, company, imported, format, account, currency) VALUES (1, 1, 0, 'camt', 'FR76', 'EUR')`,
	`INSERT INTO bank_line (id, company, imported, statement, format, account, currency, booked, entry_amount, part, parts, amount, content, said, state, customer)
		SELECT id, 1, 0, 1, 'camt', 'FR76', 'EUR', '2026-11-01', 100, 1, 1, 100, '', '{}', CASE WHEN id % 50 = 0 THEN 'open' ELSE 'settled' END, id FROM customer`,
	`INSERT INTO bank_words (company, booked, line, amount, words) SELECT 1, booked, id, amount, 'facture f' || id FROM bank_line`,
	`INSERT INTO hold (id, company, customer, reason, from_day) SELECT id, 1, id, 'dispute', '2026-11-01' FROM customer WHERE id % 10 = 0`,
}

// whole is a walk over a table and not over an index of it.
var whole = map[store.Dialect]*regexp.Regexp{
	store.SQLite:   regexp.MustCompile(`(?m)^SCAN (?:customer|contact|invoice|item|item_state|payment|allocation|message|action|task|hold|journal|[a-w])\b(?: AS \w+)?$`),
	store.Postgres: regexp.MustCompile(`Seq Scan on \w+`),
}

// TestHotQuestionsGoByIndex holds the ways of what a run, an import, a sender and the desk ask again
// and again: a lost index makes them functions of the whole ledger (PRODUCT.md §9).
func TestHotQuestionsGoByIndex(t *testing.T) {
	storetest.Each(t, func(t *testing.T, url string) {
		db := storetest.Open(t, url)
		fill(t, db)
		askAll(t, db)
	})
}

// hot is a question that is asked all day.
type hot struct {
	name string
	ask  func(tx *store.Tx) error
	by   []string // indexes that must serve
}

func hotQuestions() []hot {
	ctx, day := context.Background(), cal.MustParse("2026-11-23")
	who, items := []id.Customer{50, 100, 150}, []id.Instalment{50, 100, 3150}
	return []hot{
		{"due", func(tx *store.Tx) error { _, _, err := tx.Due(ctx, day, store.Place{}, 400); return err }, []string{"customer_next"}},
		{"ledgers", func(tx *store.Tx) error { _, err := tx.Ledgers(ctx, day, who); return err },
			[]string{"item_customer", `item_state_pkey|PRIMARY KEY \(customer=\? AND item=`, "allocation_customer", "payment_customer|payment_rest", "message_customer", "hold_customer", "contact_customer"}},
		{"histories", func(tx *store.Tx) error { _, err := tx.Histories(ctx, day, who); return err },
			[]string{"message_customer", `action_pkey|PRIMARY KEY \(customer=`, "task_customer", "hold_customer"}},
		{"waiting", func(tx *store.Tx) error { _, err := tx.WaitingOf(ctx, who); return err }, []string{"message_customer"}},
		{"claim", func(tx *store.Tx) error {
			_, err := tx.Claim(ctx, "w", []id.MailAccount{0, 1}, time.UnixMilli(1), time.Minute, day, 10)
			return err
		}, []string{"message_queue"}},
		{"states", func(tx *store.Tx) error { _, err := tx.States(ctx, items); return err }, []string{`item_state_pkey|PRIMARY KEY \(customer=\? AND item=`}},
		{"steps of items", func(tx *store.Tx) error { _, err := tx.ActionsOn(ctx, items); return err }, []string{`action_pkey|PRIMARY KEY \(customer=\? AND item=`}},
		{"steps of messages", func(tx *store.Tx) error { _, err := tx.ActionsOfMessages(ctx, []id.Message{50, 51}); return err }, []string{"action_message"}},
		{"messages that left", func(tx *store.Tx) error { return tx.SetActions(ctx, []id.Message{50, 51}, "sent", day) }, []string{"action_message"}},
		{"a message that is void", func(tx *store.Tx) error { return tx.DeleteActions(ctx, 50) }, []string{"action_message"}},
		{"what a worker hands over", func(tx *store.Tx) error {
			_, err := tx.HandOver(ctx, "w", []store.Handover{{Message: 50}})
			return err
		}, nil},
		{"what a worker holds", func(tx *store.Tx) error { return tx.KeepClaims(ctx, "w", time.UnixMilli(2)) }, []string{"message_claimed|message_open"}},
		{"what was abandoned", func(tx *store.Tx) error { _, err := tx.Abandoned(ctx, time.UnixMilli(1)); return err }, []string{"message_claimed"}},
		{"claims of messages", func(tx *store.Tx) error { _, err := tx.ClaimsOf(ctx, []id.Message{50, 51}); return err }, nil},
		{"what waits to leave", func(tx *store.Tx) error {
			_, err := tx.HasWaiting(ctx, []id.MailAccount{0}, time.UnixMilli(1), day)
			return err
		}, []string{"message_queue|message_open"}},
		{"invoices by number", func(tx *store.Tx) error { _, err := tx.DocsByNumber(ctx, []string{"F1", "G2"}); return err }, []string{"invoice_company_number|sqlite_autoindex_invoice_1"}},
		{"customers by code", func(tx *store.Tx) error { _, err := tx.CustomersByCode(ctx, []string{"C1", "C2"}); return err }, []string{"customer_company_code|sqlite_autoindex_customer_1"}},
		{"customers by name", func(tx *store.Tx) error { _, err := tx.CustomersByName(ctx, []string{"N1"}); return err }, []string{"customer_name"}},
		{"payments by fingerprint", func(tx *store.Tx) error { _, err := tx.PaymentsByFingerprint(ctx, []string{"P1"}); return err },
			[]string{"payment_company_fingerprint|sqlite_autoindex_payment_1"}},
		{"what settles items", func(tx *store.Tx) error { _, err := tx.AllocationsOn(ctx, items); return err }, []string{"allocation_item"}},
		{"aged totals", func(tx *store.Tx) error { _, err := tx.AgingTotals(ctx, day); return err }, []string{"item_open", "payment_rest"}},
		{"aged page", func(tx *store.Tx) error { _, err := tx.AgingPage(ctx, day, money.EUR, 0, 50); return err }, []string{"item_open", "payment_rest"}},
		{"messages in a state", func(tx *store.Tx) error { _, err := tx.MessagesIn(ctx, 50, store.Approved); return err }, []string{"message_open"}},
		{"what is to approve", func(tx *store.Tx) error { _, err := tx.OutboxCount(ctx, "approve"); return err }, []string{"message_open"}},
		{"what is to approve, a page", func(tx *store.Tx) error { return outboxPage(ctx, tx, "approve") }, []string{"message_open"}},
		{"what is approved", func(tx *store.Tx) error { return outboxPage(ctx, tx, "approved") }, []string{"message_open"}},
		{"what is to post", func(tx *store.Tx) error { return outboxPage(ctx, tx, "post") }, []string{"message_open"}},
		{"what is on its way, registered", func(tx *store.Tx) error { return outboxPage(ctx, tx, "registered") }, []string{"message_registered"}},
		{"what was sent", func(tx *store.Tx) error { return outboxPage(ctx, tx, "sent") }, []string{"message_sent"}},
		{"what failed", func(tx *store.Tx) error { return outboxPage(ctx, tx, "failed") }, []string{"message_open"}},
		{"what is uncertain", func(tx *store.Tx) error { return outboxPage(ctx, tx, "uncertain") }, []string{"message_open"}},
		{"what was skipped", func(tx *store.Tx) error { return outboxPage(ctx, tx, "skipped") }, []string{"message_skipped"}},
		{"heaps", func(tx *store.Tx) error { _, err := tx.HeapsIn(ctx, store.Proposed); return err }, []string{"message_open"}},
		{"heaps of a day", func(tx *store.Tx) error { _, err := tx.HeapsSentOn(ctx, day); return err }, []string{"message_sent"}},
		{"all that is to approve", func(tx *store.Tx) error { _, err := tx.ProposedIDs(ctx); return err }, []string{"message_open"}},
		{"tasks of a day", func(tx *store.Tx) error { _, err := tx.TasksPage(ctx, day, 0, 50); return err }, []string{"task_open"}},
		{"holds by reason", func(tx *store.Tx) error { _, err := tx.HoldReasons(ctx, day); return err }, nil},
		{"lines that await an answer", func(tx *store.Tx) error { _, err := tx.OpenLines(ctx, 0, 50); return err }, []string{"bank_line_state"}},
		{"latest lines", func(tx *store.Tx) error { _, err := tx.BankLines(ctx, "", 0, 50); return err }, []string{"bank_line_latest"}},
		{"lines that a word finds", func(tx *store.Tx) error {
			_, err := tx.FindBankLines(ctx, store.LineQuery{Search: "facture f12", Limit: 50})
			return err
		}, []string{`bank_words_pkey|PRIMARY KEY \(company=`, "bank_line_customer", "allocation_item|allocation_line"}},
		{"latest payment", func(tx *store.Tx) error { _, err := tx.MoneyKnownOn(ctx); return err }, []string{"payment_latest"}},
		{"expired tasks", func(tx *store.Tx) error { _, err := tx.HasExpiredTasks(ctx, day); return err }, []string{"task_expires"}},
		{"the chain", func(tx *store.Tx) error { _, err := tx.Chain(ctx, 0, 10); return err }, []string{"journal_chain"}},
		{"journal of a customer", func(tx *store.Tx) error { _, err := tx.JournalOf(ctx, 50); return err }, []string{"journal_customer"}},
	}
}

func outboxPage(ctx context.Context, tx *store.Tx, tab string) error {
	_, _, err := tx.OutboxPage(ctx, store.OutboxQuery{Tab: tab, Limit: 50})
	return err
}

func askAll(t *testing.T, db *store.Store) {
	for _, q := range hotQuestions() {
		t.Run(q.name, func(t *testing.T) {
			ways := explained(t, db, q.ask)
			if m := whole[db.Dialect()].FindString(ways); m != "" {
				t.Errorf("reads a whole table: %s\n%s", m, ways)
			}
			for _, index := range q.by {
				if !regexp.MustCompile(`(?:USING|Scan)[^\n]*\b(?:` + index + `)`).MatchString(ways) {
					t.Errorf("does not go by %s:\n%s", index, ways)
				}
			}
		})
	}
}

var errLooked = errors.New("looked")

func explained(t *testing.T, db *store.Store, ask func(tx *store.Tx) error) string {
	t.Helper()
	var ways []string
	err := db.Update(context.Background(), 1, func(tx *store.Tx) (err error) {
		if ways, err = store.Explain(context.Background(), tx, ask); err != nil {
			return err
		}
		return errLooked // nothing of it is kept
	})
	if !errors.Is(err, errLooked) {
		t.Fatal(err)
	}
	return strings.Join(ways, "\n")
}

// fill puts the ledger into an empty database, whose first company has number 1.
func fill(t *testing.T, db *store.Store) {
	t.Helper()
	ctx := context.Background()
	c := org.Company{Code: "A", Profile: org.Profile{Name: "A"}}
	if err := db.Update(ctx, 0, func(tx *store.Tx) error { return tx.InsertCompany(ctx, &c) }); err != nil {
		t.Fatal(err)
	}
	if c.ID != 1 {
		t.Fatalf("the company is %d", c.ID)
	}
	if err := db.Update(ctx, c.ID, func(tx *store.Tx) error {
		for _, q := range filling {
			if err := store.Run(ctx, tx, q); err != nil {
				return err
			}
		}
		return tx.Refresh(ctx)
	}); err != nil {
		t.Fatal(err)
	}
}
