-- +goose Up
-- The credit insurance of a customer: what is covered, how long a debt may be extended, and by when an overdue debt
-- must be declared.
CREATE TABLE insurance (
  customer BIGINT PRIMARY KEY REFERENCES customer(id),
  company BIGINT NOT NULL,
  insurer TEXT NOT NULL DEFAULT '',
  policy TEXT NOT NULL DEFAULT '',
  cover BIGINT NOT NULL DEFAULT 0,
  currency TEXT NOT NULL DEFAULT 'EUR',
  extension_days INTEGER NOT NULL DEFAULT 0,
  declare_days INTEGER NOT NULL DEFAULT 0,
  ends_on TEXT NOT NULL DEFAULT ''
);

-- What was declared to an insurer, or in an insolvency.
CREATE TABLE declaration (
  id $id,
  company BIGINT NOT NULL,
  customer BIGINT NOT NULL REFERENCES customer(id),
  item BIGINT NOT NULL DEFAULT 0,
  kind TEXT NOT NULL CHECK (kind IN ('insurance', 'insolvency')),
  day TEXT NOT NULL,
  actor TEXT NOT NULL DEFAULT ''
);
CREATE INDEX declaration_customer ON declaration (customer);

-- An insolvency of a customer: the judgment freezes what was born before it; the claim is declared within the
-- delays that run from its publication.
CREATE TABLE insolvency (
  id $id,
  company BIGINT NOT NULL,
  customer BIGINT NOT NULL REFERENCES customer(id),
  kind TEXT NOT NULL CHECK (kind IN ('sauvegarde', 'redressement', 'liquidation')),
  judgment TEXT NOT NULL,
  published TEXT NOT NULL DEFAULT '',
  court TEXT NOT NULL DEFAULT '',
  mandatary TEXT NOT NULL DEFAULT '',
  administrator TEXT NOT NULL DEFAULT '',
  declare_by TEXT NOT NULL DEFAULT '',
  relief_by TEXT NOT NULL DEFAULT '',
  reclaim_by TEXT NOT NULL DEFAULT '',
  declared_on TEXT NOT NULL DEFAULT '',
  closed_on TEXT NOT NULL DEFAULT ''
);
CREATE INDEX insolvency_customer ON insolvency (customer);

-- What the company owes a customer as a supplier, as its ledger told it.
CREATE TABLE supplier (
  customer BIGINT NOT NULL REFERENCES customer(id),
  company BIGINT NOT NULL,
  currency TEXT NOT NULL,
  owed BIGINT NOT NULL,
  day TEXT NOT NULL,
  imported BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (customer, currency)
);

-- The end of a hold of which somebody was told by a task.
ALTER TABLE hold ADD COLUMN told INTEGER NOT NULL DEFAULT 0;

-- What was paid late: where money is found.
CREATE INDEX item_late ON item (company, due, invoice) WHERE open = 0 AND sign = 1 AND closed = 0 AND paid_on > due;
