-- +goose Up
-- What a debtor has committed to: a promise, or a plan of several dates. owed is what the items owed when
-- it was made: what is paid since is what it is judged by.
CREATE TABLE commitment (
  id $id,
  company BIGINT NOT NULL,
  customer BIGINT NOT NULL REFERENCES customer(id),
  kind TEXT NOT NULL CHECK (kind IN ('promise', 'plan')),
  state TEXT NOT NULL CHECK (state IN ('running', 'kept', 'partly', 'broken', 'cancelled')),
  made_on TEXT NOT NULL,
  source TEXT NOT NULL DEFAULT '',
  currency TEXT NOT NULL,
  owed BIGINT NOT NULL,
  items TEXT NOT NULL,
  accelerate INTEGER NOT NULL DEFAULT 0,
  waive INTEGER NOT NULL DEFAULT 0,
  why TEXT NOT NULL DEFAULT '',
  owner TEXT NOT NULL DEFAULT '',
  closed_on TEXT NOT NULL DEFAULT '',
  signed_on TEXT NOT NULL DEFAULT '',
  signed TEXT NOT NULL DEFAULT ''
);
CREATE INDEX commitment_customer ON commitment (customer);
CREATE INDEX commitment_running ON commitment (company, customer) WHERE state = 'running';

CREATE TABLE commitment_part (
  commitment BIGINT NOT NULL REFERENCES commitment(id),
  seq INTEGER NOT NULL,
  company BIGINT NOT NULL,
  due TEXT NOT NULL,
  amount BIGINT NOT NULL,
  noticed_on TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (commitment, seq)
);

ALTER TABLE hold ADD COLUMN commitment BIGINT NOT NULL DEFAULT 0;
ALTER TABLE hold ADD COLUMN dispute BIGINT NOT NULL DEFAULT 0;
CREATE INDEX hold_commitment ON hold (commitment) WHERE commitment <> 0;
CREATE INDEX hold_dispute ON hold (dispute) WHERE dispute <> 0;

-- A contested amount: who settles it, until when, and whose fault it was in the end.
CREATE TABLE dispute (
  id $id,
  company BIGINT NOT NULL,
  customer BIGINT NOT NULL REFERENCES customer(id),
  invoice BIGINT NOT NULL,
  category TEXT NOT NULL,
  cause TEXT NOT NULL DEFAULT '',
  amount BIGINT NOT NULL DEFAULT 0,
  opened_on TEXT NOT NULL,
  answer_by TEXT NOT NULL DEFAULT '',
  closed_on TEXT NOT NULL DEFAULT '',
  outcome TEXT NOT NULL DEFAULT '',
  why TEXT NOT NULL DEFAULT '',
  owner TEXT NOT NULL DEFAULT '',
  opened_by TEXT NOT NULL DEFAULT ''
);
CREATE INDEX dispute_customer ON dispute (customer);
CREATE INDEX dispute_open ON dispute (company, answer_by, id) WHERE closed_on = '';
CREATE INDEX dispute_opened ON dispute (company, opened_on);

-- A question to a colleague, who answers by a signed link and needs no account.
CREATE TABLE question (
  id $id,
  company BIGINT NOT NULL,
  dispute BIGINT NOT NULL REFERENCES dispute(id),
  asked_on TEXT NOT NULL,
  asked_by TEXT NOT NULL,
  name TEXT NOT NULL,
  email TEXT NOT NULL DEFAULT '',
  question TEXT NOT NULL,
  token TEXT NOT NULL UNIQUE,
  expires_on TEXT NOT NULL,
  answered_on TEXT NOT NULL DEFAULT '',
  answer TEXT NOT NULL DEFAULT '',
  agrees TEXT NOT NULL DEFAULT ''
);
CREATE INDEX question_dispute ON question (dispute);

-- What became of the interest and compensation of an invoice: claimed by a debit note, or waived with a reason.
CREATE TABLE charge (
  id $id,
  company BIGINT NOT NULL,
  customer BIGINT NOT NULL,
  invoice BIGINT NOT NULL REFERENCES invoice(id),
  state TEXT NOT NULL CHECK (state IN ('claimed', 'waived')),
  day TEXT NOT NULL,
  penalty BIGINT NOT NULL DEFAULT 0,
  compensation BIGINT NOT NULL DEFAULT 0,
  until_day TEXT NOT NULL,
  debit_note BIGINT NOT NULL DEFAULT 0,
  why TEXT NOT NULL DEFAULT '',
  actor TEXT NOT NULL DEFAULT ''
);
CREATE INDEX charge_invoice ON charge (invoice);
CREATE INDEX charge_company ON charge (company, day);

-- A call that was agreed for a later day is not to be made before it.
ALTER TABLE task ADD COLUMN start_on TEXT NOT NULL DEFAULT '';
-- How often nobody answered.
ALTER TABLE task ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;

-- What an automatic message waits for before it leaves by itself: 'payments' known up to a recent day.
ALTER TABLE message ADD COLUMN waits_for TEXT NOT NULL DEFAULT '';
-- Who gave the first of two approvals: two people of one name are two people.
ALTER TABLE message ADD COLUMN approved_user BIGINT NOT NULL DEFAULT 0;
CREATE INDEX message_waits ON message (company, id) WHERE waits_for <> '' AND state = 'proposed';
