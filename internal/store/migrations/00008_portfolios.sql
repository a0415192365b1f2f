-- +goose Up
-- Somebody may be bound to the customers of some collectors, as the files name them: they see no other.
ALTER TABLE membership ADD COLUMN bound INTEGER NOT NULL DEFAULT 0;

CREATE TABLE portfolio (
  company BIGINT NOT NULL REFERENCES company(id),
  app_user BIGINT NOT NULL REFERENCES app_user(id),
  collector TEXT NOT NULL CHECK (collector <> ''),
  PRIMARY KEY (company, app_user, collector)
);
CREATE INDEX customer_collector ON customer (company, collector) WHERE collector <> '';
