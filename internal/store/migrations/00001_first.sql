-- +goose Up
-- One text for SQLite and PostgreSQL. $id is INTEGER PRIMARY KEY on SQLite (the row's own key)
-- and BIGINT PRIMARY KEY on PostgreSQL; $rowless keeps a SQLite table in its primary key alone.
-- $fk is a reference of the two narrow tables that a run fills by the hundred thousand: PostgreSQL asks
-- a question for every row to check it, which costs more than the row; SQLite checks them, and the tests
-- run on both. A CHECK of such a table is a chain of ORs: SQLite builds a table for every IN of more than two.
-- Amounts are BIGINT minor units, instants BIGINT milliseconds, days TEXT ISO with '' for none. CHECK
-- and UNIQUE hold the state machine.

-- Identifiers come in blocks: a sequence on PostgreSQL, a counted row on SQLite.
$sequence

CREATE TABLE company (
  id $id,
  code TEXT NOT NULL UNIQUE,
  profile_version BIGINT NOT NULL DEFAULT 1,
  live_on TEXT NOT NULL DEFAULT '',
  trial_to TEXT NOT NULL DEFAULT '',
  payments_on TEXT NOT NULL DEFAULT ''
);

CREATE TABLE company_profile (
  company BIGINT NOT NULL REFERENCES company(id),
  version BIGINT NOT NULL,
  name TEXT NOT NULL,
  data TEXT NOT NULL,
  PRIMARY KEY (company, version)
);

CREATE TABLE app_user (
  id $id,
  name TEXT NOT NULL,
  email TEXT NOT NULL UNIQUE,
  password TEXT NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE TABLE membership (
  company BIGINT NOT NULL REFERENCES company(id),
  app_user BIGINT NOT NULL REFERENCES app_user(id),
  role TEXT NOT NULL CHECK (role IN ('admin','manager','accountant','collector','read-only')),
  PRIMARY KEY (company, app_user)
);

CREATE TABLE session (
  token TEXT PRIMARY KEY,
  app_user BIGINT NOT NULL REFERENCES app_user(id),
  device TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);

CREATE TABLE customer (
  id $id,
  company BIGINT NOT NULL REFERENCES company(id),
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  kind TEXT NOT NULL DEFAULT 'UNKNOWN',
  kind_confirmed INTEGER NOT NULL DEFAULT 0,
  kind_proposed TEXT NOT NULL DEFAULT '',
  siren TEXT NOT NULL DEFAULT '',
  siret TEXT NOT NULL DEFAULT '',
  vat TEXT NOT NULL DEFAULT '',
  legal_name TEXT NOT NULL DEFAULT '',
  address TEXT NOT NULL DEFAULT '',
  postcode TEXT NOT NULL DEFAULT '',
  city TEXT NOT NULL DEFAULT '',
  country TEXT NOT NULL DEFAULT '',
  registered_address TEXT NOT NULL DEFAULT '',
  language TEXT NOT NULL DEFAULT '',
  scenario TEXT NOT NULL DEFAULT '',
  terms TEXT NOT NULL DEFAULT '',
  terms_confirmed INTEGER NOT NULL DEFAULT 0,
  payment_method TEXT NOT NULL DEFAULT '',
  parent TEXT NOT NULL DEFAULT '',
  payer TEXT NOT NULL DEFAULT '',
  collector TEXT NOT NULL DEFAULT '',
  salesperson TEXT NOT NULL DEFAULT '',
  credit_limit BIGINT NOT NULL DEFAULT 0,
  tags TEXT NOT NULL DEFAULT '',
  email TEXT NOT NULL DEFAULT '',
  phone TEXT NOT NULL DEFAULT '',
  service_code TEXT NOT NULL DEFAULT '',
  intercompany INTEGER NOT NULL DEFAULT 0,
  confirm_first INTEGER NOT NULL DEFAULT 0,
  imported BIGINT NOT NULL DEFAULT 0,
  next_day TEXT NOT NULL DEFAULT '',
  UNIQUE (company, code)
);
-- A run reads only the customers whose day has come.
CREATE INDEX customer_next ON customer (company, next_day, id) WHERE next_day <> '';
CREATE INDEX customer_siren ON customer (company, siren) WHERE siren <> '';
CREATE INDEX customer_vat ON customer (company, vat) WHERE vat <> '';
CREATE INDEX customer_name ON customer (company, name_key);

CREATE TABLE contact (
  id $id,
  company BIGINT NOT NULL,
  customer BIGINT NOT NULL REFERENCES customer(id),
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  email TEXT NOT NULL DEFAULT '',
  phone TEXT NOT NULL DEFAULT '',
  bad INTEGER NOT NULL DEFAULT 0,
  imported BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX contact_customer ON contact (customer);

CREATE TABLE invoice (
  id $id,
  company BIGINT NOT NULL,
  customer BIGINT NOT NULL REFERENCES customer(id),
  number TEXT NOT NULL,
  kind TEXT NOT NULL,
  issued TEXT NOT NULL DEFAULT '',
  received TEXT NOT NULL DEFAULT '',
  delivered TEXT NOT NULL DEFAULT '',
  currency TEXT NOT NULL,
  total BIGINT NOT NULL,
  prepaid BIGINT NOT NULL DEFAULT 0,
  payable BIGINT NOT NULL CHECK (payable >= 0),
  reference TEXT NOT NULL DEFAULT '',
  order_no TEXT NOT NULL DEFAULT '',
  payment_method TEXT NOT NULL DEFAULT '',
  maturity TEXT NOT NULL DEFAULT '',
  due_source TEXT NOT NULL DEFAULT '',
  pay_url TEXT NOT NULL DEFAULT '',
  tags TEXT NOT NULL DEFAULT '',
  assigned_to TEXT NOT NULL DEFAULT '',
  pay_to TEXT NOT NULL DEFAULT '',
  original TEXT NOT NULL DEFAULT '',
  file_name TEXT NOT NULL DEFAULT '',
  parts INTEGER NOT NULL DEFAULT 1,
  asserted BIGINT NOT NULL DEFAULT 0,
  imported BIGINT NOT NULL DEFAULT 0,
  known_on TEXT NOT NULL DEFAULT '',
  UNIQUE (company, number)
);
CREATE INDEX invoice_customer ON invoice (customer);
CREATE INDEX invoice_issued ON invoice (company, issued);

-- An instalment: the thing that is followed. open is the ledger's own sum, kept by every verb
-- that allocates; a test compares it with the allocations.
CREATE TABLE item (
  id $id,
  company BIGINT NOT NULL,
  customer BIGINT NOT NULL,
  invoice BIGINT NOT NULL REFERENCES invoice(id),
  seq INTEGER NOT NULL,
  due TEXT NOT NULL,
  currency TEXT NOT NULL,
  amount BIGINT NOT NULL,
  open BIGINT NOT NULL,
  sign INTEGER NOT NULL DEFAULT 1 CHECK (sign IN (1, -1)),
  closed INTEGER NOT NULL DEFAULT 0,
  paid_on TEXT NOT NULL DEFAULT '',
  UNIQUE (invoice, seq)
);
CREATE UNIQUE INDEX item_customer ON item (customer, id);

-- Where an item stands in its scenario: a narrow row of its own. It lies beside those of the same
-- customer, which a run reads and writes together.
CREATE TABLE item_state (
  customer BIGINT NOT NULL,
  item BIGINT NOT NULL,
  company BIGINT NOT NULL,
  scenario BIGINT NOT NULL DEFAULT 0,
  step TEXT NOT NULL DEFAULT '',
  passed_on TEXT NOT NULL DEFAULT '',
  sent_on TEXT NOT NULL DEFAULT '',
  pay_by TEXT NOT NULL DEFAULT '',
  level INTEGER NOT NULL DEFAULT 0,
  pending TEXT NOT NULL DEFAULT '',
  cycle INTEGER NOT NULL DEFAULT 0,
  review INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (customer, item),
  FOREIGN KEY (customer, item) $fk item(customer, id)
) $rowless;

CREATE TABLE payment (
  id $id,
  company BIGINT NOT NULL,
  customer BIGINT NOT NULL REFERENCES customer(id),
  day TEXT NOT NULL,
  amount BIGINT NOT NULL,
  currency TEXT NOT NULL,
  method TEXT NOT NULL DEFAULT '',
  reference TEXT NOT NULL DEFAULT '',
  invoice_no TEXT NOT NULL DEFAULT '',
  source TEXT NOT NULL CHECK (source IN ('identified','asserted')),
  fingerprint TEXT NOT NULL,
  rest BIGINT NOT NULL DEFAULT 0,
  imported BIGINT NOT NULL DEFAULT 0,
  cancelled_on TEXT NOT NULL DEFAULT '',
  UNIQUE (company, fingerprint)
);
CREATE INDEX payment_customer ON payment (customer);
-- rest is what a payment has not settled yet: money in the customer's favour.
CREATE INDEX payment_rest ON payment (company, currency, customer, day, rest) WHERE rest <> 0 AND cancelled_on = '';
CREATE INDEX payment_latest ON payment (company, day) WHERE source = 'identified' AND cancelled_on = '';
CREATE INDEX payment_day ON payment (company, day);

CREATE TABLE allocation (
  id $id,
  company BIGINT NOT NULL,
  customer BIGINT NOT NULL,
  payment BIGINT NOT NULL DEFAULT 0,
  credit BIGINT NOT NULL DEFAULT 0,
  item BIGINT NOT NULL REFERENCES item(id),
  amount BIGINT NOT NULL,
  day TEXT NOT NULL,
  imported BIGINT NOT NULL DEFAULT 0,
  CHECK ((payment = 0) <> (credit = 0))
);
CREATE INDEX allocation_day ON allocation (company, day);
CREATE INDEX allocation_item ON allocation (item);
CREATE INDEX allocation_customer ON allocation (customer, day);
CREATE INDEX allocation_payment ON allocation (payment) WHERE payment <> 0;
CREATE INDEX allocation_credit ON allocation (credit) WHERE credit <> 0;

CREATE TABLE hold (
  id $id,
  company BIGINT NOT NULL,
  customer BIGINT NOT NULL REFERENCES customer(id),
  item BIGINT NOT NULL DEFAULT 0,
  reason TEXT NOT NULL,
  from_day TEXT NOT NULL,
  until_day TEXT NOT NULL DEFAULT '',
  ended_on TEXT NOT NULL DEFAULT '',
  amount BIGINT NOT NULL DEFAULT 0,
  promised_on TEXT NOT NULL DEFAULT '',
  category TEXT NOT NULL DEFAULT '',
  why TEXT NOT NULL DEFAULT '',
  owner TEXT NOT NULL DEFAULT '',
  imported BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX hold_customer ON hold (customer);
CREATE INDEX hold_live ON hold (company, until_day) WHERE ended_on = '';

CREATE TABLE scenario (
  id $id,
  company BIGINT NOT NULL,
  name TEXT NOT NULL,
  version INTEGER NOT NULL,
  yaml TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  UNIQUE (company, name, version)
);

-- Which scenario a customer follows when it has no choice of its own: the first line that fits.
CREATE TABLE scenario_rule (
  company BIGINT NOT NULL,
  place INTEGER NOT NULL,
  kind TEXT NOT NULL DEFAULT '',
  country TEXT NOT NULL DEFAULT '',
  payment_method TEXT NOT NULL DEFAULT '',
  min_amount BIGINT NOT NULL DEFAULT 0,
  tag TEXT NOT NULL DEFAULT '',
  scenario TEXT NOT NULL,
  PRIMARY KEY (company, place)
);

-- The outbox. inputs is everything the bytes are made of.
CREATE TABLE message (
  id $id,
  company BIGINT NOT NULL,
  customer BIGINT NOT NULL REFERENCES customer(id),
  copy_of BIGINT NOT NULL DEFAULT 0,
  account BIGINT NOT NULL DEFAULT 0,
  channel TEXT NOT NULL CHECK (channel = 'email' OR channel = 'letter' OR channel = 'registered'),
  scenario BIGINT NOT NULL,
  step TEXT NOT NULL,
  kind TEXT NOT NULL,
  level INTEGER NOT NULL,
  language TEXT NOT NULL,
  currency TEXT NOT NULL,
  automation TEXT NOT NULL,
  needs_second INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL CHECK (state = 'proposed' OR state = 'approved' OR state = 'sending' OR state = 'sent' OR state = 'failed' OR state = 'uncertain' OR state = 'skipped' OR state = 'cancelled'),
  decided_on TEXT NOT NULL,
  send_on TEXT NOT NULL,
  open BIGINT NOT NULL,
  total BIGINT NOT NULL,
  recipients TEXT NOT NULL DEFAULT '',
  subject TEXT NOT NULL DEFAULT '',
  body TEXT NOT NULL DEFAULT '',
  inputs TEXT NOT NULL,
  approved_by TEXT NOT NULL DEFAULT '',
  second_by TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL DEFAULT '',
  attempts INTEGER NOT NULL DEFAULT 0,
  next_try BIGINT NOT NULL DEFAULT 0,
  claimed_by TEXT NOT NULL DEFAULT '',
  claimed_until BIGINT NOT NULL DEFAULT 0,
  sent_on TEXT NOT NULL DEFAULT '',
  sent_at BIGINT NOT NULL DEFAULT 0,
  reply TEXT NOT NULL DEFAULT '',
  sha256 TEXT NOT NULL DEFAULT '',
  post_state TEXT NOT NULL DEFAULT '' CHECK (post_state = '' OR post_state = 'to-post' OR post_state = 'posted' OR post_state = 'presented' OR post_state = 'delivered' OR post_state = 'refused' OR post_state = 'unclaimed' OR post_state = 'unknown-address'),
  post_number TEXT NOT NULL DEFAULT '',
  post_on TEXT NOT NULL DEFAULT '',
  effective_on TEXT NOT NULL DEFAULT '',
  proof TEXT NOT NULL DEFAULT '',
  trial INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX message_queue ON message (company, account, next_try, id) WHERE state = 'approved';
CREATE INDEX message_open ON message (company, state, send_on, id) WHERE state IN ('proposed','approved','sending','failed','uncertain');
CREATE INDEX message_claimed ON message (claimed_until) WHERE state = 'sending';
CREATE INDEX message_customer ON message (customer, send_on);
CREATE INDEX message_sent ON message (company, sent_on, id) WHERE sent_on <> '';

-- (item, step, cycle) of a scenario happens once, whatever the version (rule 9). The customer of an
-- item never changes; it comes first so that what a run writes lies together.
CREATE TABLE action (
  customer BIGINT NOT NULL,
  item BIGINT NOT NULL,
  scenario TEXT NOT NULL,
  step TEXT NOT NULL,
  cycle INTEGER NOT NULL,
  company BIGINT NOT NULL,
  message BIGINT NOT NULL DEFAULT 0,
  task BIGINT NOT NULL DEFAULT 0,
  state TEXT NOT NULL CHECK (state = 'pending' OR state = 'sent' OR state = 'skipped' OR state = 'dropped' OR state = 'task' OR state = 'entry'),
  day TEXT NOT NULL,
  level INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (customer, item, scenario, step, cycle),
  FOREIGN KEY (customer, item) $fk item(customer, id)
) $rowless;
CREATE INDEX action_message ON action (message) WHERE message <> 0;

CREATE TABLE task (
  id $id,
  company BIGINT NOT NULL,
  customer BIGINT NOT NULL REFERENCES customer(id),
  kind TEXT NOT NULL,
  step TEXT NOT NULL DEFAULT '',
  items TEXT NOT NULL DEFAULT '',
  invoices TEXT NOT NULL DEFAULT '',
  why TEXT NOT NULL DEFAULT '',
  created_on TEXT NOT NULL,
  expires_on TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL CHECK (state = 'open' OR state = 'done' OR state = 'not-done'),
  done_on TEXT NOT NULL DEFAULT '',
  done_by TEXT NOT NULL DEFAULT '',
  result TEXT NOT NULL DEFAULT ''
);
CREATE INDEX task_open ON task (company, created_on, id) WHERE state = 'open';
CREATE INDEX task_customer ON task (customer);
CREATE INDEX task_expires ON task (company, expires_on) WHERE state = 'open' AND expires_on <> '';
-- One open "qualify" or "find an address" a customer, however many runs ask for it.
CREATE UNIQUE INDEX task_once ON task (customer, kind) WHERE state = 'open' AND step = '';

CREATE TABLE import_file (
  id $id,
  company BIGINT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  snapshot INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL CHECK (state IN ('running','done','undone')),
  report TEXT NOT NULL DEFAULT ''
);
CREATE INDEX import_file_company ON import_file (company, id);

-- What a row was before an import changed it, so that the whole import can be undone.
CREATE TABLE import_before (
  imported BIGINT NOT NULL REFERENCES import_file(id),
  entity TEXT NOT NULL,
  id BIGINT NOT NULL,
  data TEXT NOT NULL,
  PRIMARY KEY (imported, entity, id)
);

CREATE TABLE setting (
  company BIGINT NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (company, name)
);

CREATE TABLE mail_account (
  id $id,
  company BIGINT NOT NULL,
  name TEXT NOT NULL,
  data TEXT NOT NULL,
  UNIQUE (company, name)
);

CREATE TABLE journal (
  id $id,
  company BIGINT NOT NULL,
  seq BIGINT NOT NULL DEFAULT 0,
  at BIGINT NOT NULL,
  day TEXT NOT NULL,
  actor TEXT NOT NULL,
  kind TEXT NOT NULL,
  customer BIGINT NOT NULL DEFAULT 0,
  invoice BIGINT NOT NULL DEFAULT 0,
  message BIGINT NOT NULL DEFAULT 0,
  body TEXT NOT NULL DEFAULT '',
  digest TEXT NOT NULL,
  writer BIGINT NOT NULL DEFAULT 0,
  prev TEXT NOT NULL DEFAULT '',
  hash TEXT NOT NULL DEFAULT ''
);
CREATE INDEX journal_unsealed ON journal (company, id) WHERE seq = 0;
CREATE UNIQUE INDEX journal_chain ON journal (company, seq) WHERE seq > 0;
CREATE INDEX journal_customer ON journal (customer, id) WHERE customer <> 0;
CREATE INDEX journal_invoice ON journal (invoice, id) WHERE invoice <> 0;

CREATE TABLE job (
  id $id,
  kind TEXT NOT NULL,
  args TEXT NOT NULL,
  unique_key TEXT NOT NULL DEFAULT '',
  run_at BIGINT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL CHECK (state IN ('ready','running','dead')),
  lease_until BIGINT NOT NULL DEFAULT 0,
  error TEXT NOT NULL DEFAULT ''
);
CREATE INDEX job_ready ON job (run_at, id) WHERE state = 'ready';
CREATE UNIQUE INDEX job_once ON job (unique_key) WHERE unique_key <> '' AND state = 'ready';
