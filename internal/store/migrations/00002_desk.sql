-- +goose Up
-- What is open by due date: the desk lists it, the oldest first; aged receivables are summed from
-- this index alone.
CREATE INDEX item_open ON item (company, due, currency, sign, customer, open) WHERE open <> 0;
