-- +goose Up
-- What settles a debt without being money received: a write-off, a discount taken, charges kept by
-- banks, a cent let go, a set-off. '' is money.
ALTER TABLE payment ADD COLUMN kind TEXT NOT NULL DEFAULT '';
-- Why a payment came back, or was taken back.
ALTER TABLE payment ADD COLUMN cancel_why TEXT NOT NULL DEFAULT '';
-- The bank line behind a payment or an allocation, 0 for none.
ALTER TABLE payment ADD COLUMN line BIGINT NOT NULL DEFAULT 0;
ALTER TABLE allocation ADD COLUMN line BIGINT NOT NULL DEFAULT 0;
ALTER TABLE payment ADD COLUMN back_line BIGINT NOT NULL DEFAULT 0;
CREATE INDEX payment_line ON payment (line) WHERE line <> 0;
CREATE INDEX payment_back ON payment (back_line) WHERE back_line <> 0;
CREATE INDEX allocation_line ON allocation (line) WHERE line <> 0;
-- Why a hold ended: "settled" comes back when what settled its item is taken back.
ALTER TABLE hold ADD COLUMN ended_why TEXT NOT NULL DEFAULT '';
CREATE INDEX payment_cancelled ON payment (company, cancelled_on) WHERE cancelled_on <> '';

-- What a bank says of one account over some days; opening_on is '' where it gives no balance.
CREATE TABLE bank_statement (
  id $id,
  company BIGINT NOT NULL,
  imported BIGINT NOT NULL,
  format TEXT NOT NULL,
  account TEXT NOT NULL,
  currency TEXT NOT NULL,
  number TEXT NOT NULL DEFAULT '',
  from_day TEXT NOT NULL DEFAULT '',
  to_day TEXT NOT NULL DEFAULT '',
  opening BIGINT NOT NULL DEFAULT 0,
  opening_on TEXT NOT NULL DEFAULT '',
  closing BIGINT NOT NULL DEFAULT 0,
  closing_on TEXT NOT NULL DEFAULT '',
  moved BIGINT NOT NULL DEFAULT 0,
  entries INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX bank_statement_company ON bank_statement (company, id);

-- A line of an account. entry_amount and parts say the booked movement that it is a part of. content
-- holds, for each format that said it, a digest of what it says. open: awaits an answer; settled: it is a payment
-- of the ledger; aside: no customer's.
CREATE TABLE bank_line (
  id $id,
  company BIGINT NOT NULL,
  imported BIGINT NOT NULL,
  statement BIGINT NOT NULL REFERENCES bank_statement(id),
  format TEXT NOT NULL,
  account TEXT NOT NULL,
  currency TEXT NOT NULL,
  booked TEXT NOT NULL,
  value_day TEXT NOT NULL DEFAULT '',
  entry_amount BIGINT NOT NULL,
  part INTEGER NOT NULL,
  parts INTEGER NOT NULL,
  amount BIGINT NOT NULL,
  ref TEXT NOT NULL DEFAULT '',
  content TEXT NOT NULL,
  said TEXT NOT NULL,
  payer TEXT NOT NULL DEFAULT '',
  payer_iban TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL CHECK (state IN ('open', 'settled', 'aside')),
  decided_by TEXT NOT NULL DEFAULT '',
  customer BIGINT NOT NULL DEFAULT 0,
  proposals TEXT NOT NULL DEFAULT ''
);
CREATE INDEX bank_line_day ON bank_line (company, account, booked);
CREATE INDEX bank_line_statement ON bank_line (statement);
CREATE INDEX bank_line_state ON bank_line (company, state, booked, id);
CREATE INDEX bank_line_latest ON bank_line (company, booked);
CREATE INDEX bank_line_customer ON bank_line (customer) WHERE customer <> 0;
CREATE INDEX bank_line_imported ON bank_line (imported);

-- What a search reads of a line, in letters without case or accents: narrow, in the order in which lines are shown.
CREATE TABLE bank_words (
  company BIGINT NOT NULL,
  booked TEXT NOT NULL,
  line BIGINT NOT NULL REFERENCES bank_line(id) ON DELETE CASCADE,
  amount BIGINT NOT NULL,
  words TEXT NOT NULL,
  PRIMARY KEY (company, booked, line)
) $rowless;
CREATE INDEX bank_words_line ON bank_words (line);
